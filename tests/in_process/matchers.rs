//! S4, S5, S40: the matchers, and what they capture. Those of tool results are in `tool_results.rs`.

use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{Message, MockProvider, Part, Request, Role, provider_test};

use crate::helpers::{after_tool, ask, say};

fn mock(scenario: Scenario) -> MockProvider {
    MockProvider::new(scenario)
}

/// Whether a turn with this matcher answers this request.
pub(crate) async fn holds(matcher: mock_core::scenario::Matcher, request: &Request) -> bool {
    let llm = mock(
        script([])
            .rules([on(matcher).reply("yes")])
            .otherwise(reply("no")),
    );
    let answer = llm.answer(request.clone()).await.expect("one of the two");
    answer.text() == "yes"
}

#[provider_test]
async fn s04_user_looks_for_its_text_anywhere_in_the_message() {
    assert!(holds(user("weather"), &ask("What is the weather today?")).await);
    assert!(!holds(user("weather"), &ask("What time is it?")).await);
}

#[provider_test]
async fn s04_user_is_case_sensitive() {
    assert!(!holds(user("Weather"), &ask("the weather")).await);
    assert!(holds(user("Weather"), &ask("the Weather")).await);
}

#[provider_test]
async fn s04_user_takes_all_runs_of_white_space_as_equal() {
    assert!(holds(user("the  weather"), &ask("the\n\t weather")).await);
    assert!(!holds(user("the weather"), &ask("theweather")).await);
}

#[provider_test]
async fn s04_user_takes_a_star_for_any_text() {
    assert!(holds(user("weather*Paris"), &ask("the weather, please, of Paris")).await);
    assert!(holds(user("weather*Paris"), &ask("weatherParis")).await);
    assert!(!holds(user("weather*Paris"), &ask("Paris weather")).await);
}

#[provider_test]
async fn s04_user_asks_of_the_last_message_only() {
    let request = ask("first").with_message(Message::assistant("Yes?"));
    assert!(!holds(user("first"), &request).await);
    assert!(!holds(user("first"), &request.clone().user("second")).await);
    assert!(holds(user("second"), &request.user("second")).await);
}

#[provider_test]
async fn s04_user_does_not_count_instructions_as_the_last_message() {
    let developer = Message::new(Role::Developer, vec![Part::Text("Be brief.".into())]);
    assert!(holds(user("hello"), &ask("hello").system("Be kind.")).await);
    assert!(holds(user("hello"), &ask("hello").with_message(developer)).await);
    assert!(!holds(user("kind"), &ask("hello").system("Be kind.")).await);
}

#[provider_test]
async fn s04_said_is_of_any_message_of_the_user() {
    let request = ask("first")
        .with_message(Message::assistant("well"))
        .user("second");
    assert!(holds(any_user_message("first"), &request).await);
    assert!(holds(any_user_message("second"), &request).await);
    assert!(!holds(any_user_message("well"), &request).await);
    let after = after_tool(request, "call_1", "get_time", "noon");
    assert!(holds(any_user_message("first"), &after).await);
    assert!(!holds(any_user_message("noon"), &after).await);
}

#[provider_test]
async fn s05_of_several_messages_said_captures_from_the_newest() {
    let llm = mock(script([on(any_user_message("in {city}")).reply("{city}")]));
    let request = ask("in Rome").user("in Oslo").user("thanks");
    let answer = llm.answer(request).await.expect("a reply");
    assert_eq!(answer.text(), "Oslo");
}

#[provider_test]
async fn s04_system_is_of_the_instructions() {
    let request = ask("Be brief.").system("Be kind.");
    assert!(holds(system("kind"), &request).await);
    assert!(!holds(system("brief"), &request).await);
    let developer = mock_core::Role::Developer;
    let parts = vec![mock_core::Part::Text("Be exact.".into())];
    let request = request.with_message(Message::new(developer, parts));
    assert!(holds(system("exact"), &request).await);
}

#[provider_test]
async fn s04_model_is_of_the_whole_name() {
    let request = Request::new("gpt-4o-mini").user("hello");
    for (pattern, expected) in [
        ("gpt-4o-mini", true),
        ("gpt-4*", true),
        ("*mini", true),
        ("gpt-4o", false),
        ("mini", false),
        ("GPT-4*", false),
    ] {
        assert_eq!(holds(model(pattern), &request).await, expected, "{pattern}");
    }
    let llm = mock(script([on(model("gpt-{version:rest}")).reply("{version}")]));
    let answer = llm.answer(request).await.expect("a reply");
    assert_eq!(answer.text(), "4o-mini");
}

#[provider_test]
async fn s04_has_tool_is_of_the_tools_offered() {
    let request = ask("time?").with_tools([tool("get_time").definition()]);
    assert!(holds(has_tool("get_time"), &request).await);
    assert!(!holds(has_tool("get_weather"), &request).await);
}

#[provider_test]
async fn s04_any_of_holds_if_one_does_and_captures_from_the_first() {
    let request = ask("in Rome, at noon");
    assert!(holds(any_of([user("never"), user("Rome")]), &request).await);
    assert!(!holds(any_of([user("never"), user("nor")]), &request).await);
    let matcher = any_of([user("at {x}"), user("in {x}")]);
    let llm = mock(script([on(matcher).reply("{x}")]));
    assert_eq!(say(&llm, "in Rome, at noon").await, "noon");
}

#[provider_test]
async fn s04_the_captures_of_an_alternative_that_fails_are_forgotten() {
    let both = any_of([not(user("in {x}")), user("at {x}")]);
    let llm = mock(script([on(both).reply("{x}")]));
    assert_eq!(say(&llm, "in Rome at noon").await, "noon");
}

#[provider_test]
async fn s40_all_of_holds_if_each_does_and_keeps_what_each_captures() {
    let request = ask("in Rome, at noon").system("Be brief.");
    for (matchers, expected) in [
        ([user("Rome"), system("brief")], true),
        ([user("Rome"), system("kind")], false),
        ([user("Oslo"), system("brief")], false),
    ] {
        let all = || all_of(matchers.clone());
        assert_eq!(holds(all(), &request).await, expected, "{matchers:?}");
        assert_eq!(holds(all_of([all()]), &request).await, expected);
        assert_eq!(
            holds(any_of([user("never"), all()]), &request).await,
            expected
        );
        assert_eq!(holds(not(all()), &request).await, !expected);
    }
    let both = all_of([user("in {city:word}"), user("at {time:word}")]);
    let llm = mock(script([on(both).reply("{city} {time}")]));
    assert_eq!(say(&llm, "in Rome, at noon").await, "Rome noon");
}

#[provider_test]
async fn s40_an_all_of_that_does_not_hold_captures_nothing() {
    let neither = all_of([user("in {x:word}"), user("never")]);
    let llm = mock(script([on(any_of([neither, user("at {x}")])).reply("{x}")]));
    assert_eq!(say(&llm, "in Rome at noon").await, "noon");
    // What was captured before it, in the same turn, stays.
    let neither = all_of([user("in {y:word}"), user("never")]);
    let turn = on([user("in {x:word}"), any_of([neither, user("at {y}")])]);
    let llm = mock(script([turn.reply("{x} {y}")]));
    assert_eq!(say(&llm, "in Rome at noon").await, "Rome noon");
}

#[provider_test]
async fn s04_not_holds_if_its_matcher_does_not() {
    let request = ask("in Rome");
    assert!(holds(not(user("Oslo")), &request).await);
    assert!(!holds(not(user("Rome")), &request).await);
    assert!(holds(not(not(user("Rome"))), &request).await);
    assert!(!holds(not(any_of([user("x"), when(|_| true)])), &request).await);
}
