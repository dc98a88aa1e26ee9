//! Regular expressions, as the macro and as the builder make them.

use crate::helpers::*;

mock_provider!(
    Matches,
    script = [
        on(user(regex(r"(?i)in (?<city>\w+)"))).reply("{city}"),
        on(
            any_user_message(regex("a|b")),
            not(system(regex("x"))),
            model(regex("^gpt"))
        )
        .reply("y"),
    ],
    rules = match request {
        user(regex(r"(?<number>\d+)")) => reply("{number} {city}"),
    },
);

fn built() -> Scenario {
    script([
        on(user(regex(r"(?i)in (?<city>\w+)"))).reply("{city}"),
        on([
            any_user_message(regex("a|b")),
            not(system(regex("x"))),
            model(regex("^gpt")),
        ])
        .reply("y"),
    ])
    .rules([on(user(regex(r"(?<number>\d+)"))).reply("{number} {city}")])
}

#[test]
fn regular_expressions_stand_in_place_of_texts() {
    let text = String::from("z");
    let made = mock_provider!(on(user(regex("z+"))).reply(text));
    assert_eq!(
        Played::by(Matches::new().handle()),
        built().named("Matches")
    );
    assert_eq!(
        Played::by(made),
        script([on(user(regex("z+"))).reply(verbatim("z"))])
    );
}

#[provider_test]
async fn their_groups_are_captures(llm: Matches) -> Result<(), mock_core::ProviderError> {
    let ask = async |text: &str| llm.answer(Request::new("gpt-4o").user(text)).await;
    assert_eq!(ask("IN Paris.").await?.text(), "Paris");
    assert_eq!(ask("a b").await?.text(), "y");
    assert_eq!(ask("42 c").await?.text(), "42 Paris");
    Ok(())
}

/// It is a regular expression, and the macro cannot tell what becomes of it.
#[provider_test]
#[should_panic(expected = "of the turn at tests/grammar/regexes.rs:")]
async fn one_that_is_too_large_is_named(
    #[mock(on(user(regex(r"\w{1000}{1000}"))).reply("x"))] llm: &MockProvider,
) {
    let _ = llm.answer(Request::new("gpt-4o").user("x")).await;
}
