//! Rules, `otherwise` and lanes, as the macro and as the builder make them.

use crate::helpers::*;

mock_provider!(
    Rules,
    script = [on(user("I am {name}")).reply("Hello, {name}.")],
    rules = match request {
        user("a {x}") | any_user_message("b {x}") => reply("{x} {name}").named(first),
        system("s") if request.temperature.is_some() => stream(["a", "b"]).every(20ms),
        not(model("gpt-4*")) => fail(not_found),
        all_of(tool_result(t), has_tool(t)) => call(t { a: 1 }),
        _ if request.messages.is_empty() => refusal("No."),
        _ => reply("x").cut_after(1),
    },
);

fn rule(matchers: Vec<Matcher>, turn: Turn) -> Turn {
    Turn {
        matchers: matchers.into(),
        ..turn
    }
}

fn built() -> Scenario {
    script([on(user("I am {name}")).reply("Hello, {name}.")]).rules([
        rule(
            vec![any_of([user("a {x}"), any_user_message("b {x}")])],
            reply("{x} {name}").named("first"),
        ),
        rule(
            vec![system("s"), any_closure()],
            stream(["a", "b"]).every(ms(20)),
        ),
        rule(vec![not(model("gpt-4*"))], fail(not_found())),
        rule(
            vec![all_of([tool_result("t"), has_tool("t")])],
            call("t", [("a", 1)]),
        ),
        rule(vec![any_closure()], refusal("No.")),
        reply("x").cut_after(1),
    ])
}

#[test]
fn rules_are_what_the_builder_makes() {
    let (limit, number) = (0, 1);
    let made = mock_provider!(
        script = [on(user("I am {name}")).reply("Hello, {name}.")],
        rules = match request {
            user("a {x}") | any_user_message("b {x}") => reply("{x} {name}").named(first),
            system("s") if request.temperature.is_some() => stream(["a", "b"]).every(20ms),
            not(model("gpt-4*")) => fail(not_found),
            all_of(tool_result(t), has_tool(t)) => call(t { a: number }),
            _ if request.messages.len() == limit => refusal("No."),
            _ => reply("x").cut_after(1),
        },
    );
    let scenario = Played::by(Rules::new().handle());
    assert_eq!(scenario, built().named("Rules"));
    // The value in the arguments is a piece of its own.
    let arguments = |scenario: &Scenario| format!("{:?}", scenario.rules[3].actions);
    assert!(arguments(&Played::by(made)).contains("\"1\""));

    let source = match &scenario.rules[1].matchers[1] {
        Matcher::When(when) => when.source.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(source, "|request| request.temperature.is_some()");
}

#[provider_test]
async fn rules_answer(rules: Rules) -> Result<(), mock_core::ProviderError> {
    let ask = async |text: &str| rules.answer(Request::new("gpt-4o").user(text)).await;
    assert_eq!(ask("I am Ada.").await?.text(), "Hello, Ada.");
    assert_eq!(ask("a rose").await?.text(), "rose Ada");
    assert_eq!(ask("a tree").await?.text(), "tree Ada");
    let cut = ask("else").await.expect_err("it is cut");
    assert_eq!(cut.kind, mock_core::ErrorKind::Connection);
    Ok(())
}

#[test]
fn otherwise() {
    mock_provider!(Otherwise, otherwise = reply("one").ttft(5ms));
    let text = String::from("else");
    let made = mock_provider!(otherwise = reply(text));
    let built = || script([]);
    assert_eq!(
        Played::by(Otherwise::new().handle()),
        built()
            .named("Otherwise")
            .otherwise(reply("one").ttft(ms(5)))
    );
    assert_eq!(
        Played::by(made),
        built().otherwise(reply("else".to_owned()))
    );
}

#[provider_test]
async fn guards_match_patterns() -> Result<(), mock_core::ProviderError> {
    let mock = mock_provider!(
        rules = match request {
            _ if let Some(warm) = request.temperature
                && warm > 0.5 =>
                reply("warm"),
            _ if let Some(_) = request.temperature => reply("cold"),
        },
        otherwise = reply("none")
    );
    let request = || Request::new("gpt-4o").user("x");
    for (request, text) in [
        (request().with_temperature(0.7), "warm"),
        (request().with_temperature(0.2), "cold"),
        (request(), "none"),
    ] {
        assert_eq!(mock.answer(request).await?.text(), text);
    }
    Ok(())
}

/// A rule that cannot answer leaves the request to the next one.
#[provider_test]
async fn a_turn_after_an_action_without_a_value_answers() -> Result<(), mock_core::ProviderError> {
    let without = mock_provider!(
        rules = match request {
            _ => reply("{find.temp}"),
        },
        otherwise = reply("none")
    );
    let ask = async |mock: &MockProvider, text: &str| {
        let answer = mock.answer(Request::new("gpt-4o").user(text)).await?;
        Ok(answer.text().into_owned())
    };
    assert_eq!(ask(&without, "x").await?, "none");

    let waits = mock_provider!(
        script = [on(user("a")).reply("x"), reply("y").forever()],
        rules = match request {
            user("b") => reply("z"),
        },
    );
    for (text, answer) in [("b", "z"), ("a", "x"), ("b", "y")] {
        assert_eq!(ask(&waits, text).await?, answer);
    }

    let goes_on = mock_provider!(
        on(user("a")).reply("x").forever(),
        on(user("b")).reply("y"),
        on(user("a")).reply("z"),
    );
    for (text, answer) in [("a", "x"), ("a", "x"), ("b", "y"), ("a", "z")] {
        assert_eq!(ask(&goes_on, text).await?, answer);
    }
    Ok(())
}
