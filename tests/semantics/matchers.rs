//! What a request must be: S4 and S5 of the matchers beside `user` and `tool_result`, and of what tools return.

use futures::FutureExt as _;
use mock_core::builder::*;
use mock_core::scenario::Scenario;
use mock_core::{ErrorKind, Message, MockProvider, ProviderError, Request, provider_test};

use crate::helpers::{after_tool, ask, assert_says, say};

fn mock(scenario: Scenario) -> MockProvider {
    MockProvider::new(scenario)
}

/// Whether a turn with this matcher answers this request.
async fn holds(matcher: mock_core::scenario::Matcher, request: &Request) -> bool {
    let llm = mock(
        script([])
            .rules([on(matcher).reply("yes")])
            .otherwise(reply("no")),
    );
    let answer = llm.answer(request.clone()).await.expect("one of the two");
    answer.text() == "yes"
}

#[provider_test]
async fn s04_said_is_of_any_message_of_the_user() {
    let request = ask("first")
        .with_message(Message::assistant("well"))
        .user("second");
    assert!(holds(said("first"), &request).await);
    assert!(holds(said("second"), &request).await);
    assert!(!holds(said("well"), &request).await);
    let after = after_tool(request, "call_1", "get_time", "noon");
    assert!(holds(said("first"), &after).await);
    assert!(!holds(said("noon"), &after).await);
}

#[provider_test]
async fn s05_of_several_messages_said_captures_from_the_newest() {
    let llm = mock(script([on(said("in {city}")).reply("{city}")]));
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
async fn s04_what_an_alternative_that_fails_has_captured_is_forgotten() {
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

#[test]
fn s40_all_of_tells_of_the_result_that_does_not_fit() {
    let both = all_of([tool_result("get_weather"), user("hello")]);
    let tools = weather().tools.into_owned();
    let llm = mock(script([]).rules([on(both).reply("Oh.")]).tools(tools));
    assert_eq!(refused(&llm, "warm").kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["does not fit rule 1", "it is not JSON"]);
}

#[provider_test]
async fn s04_not_holds_if_its_matcher_does_not() {
    let request = ask("in Rome");
    assert!(holds(not(user("Oslo")), &request).await);
    assert!(!holds(not(user("Rome")), &request).await);
    assert!(holds(not(not(user("Rome"))), &request).await);
    assert!(!holds(not(any_of([user("x"), when(|_| true)])), &request).await);
}

/// A mock whose tool returns a temperature, and which reads it.
fn weather() -> Scenario {
    let tool = tool("get_weather").returns(object([("temp", number())]));
    script([on(tool_result("get_weather")).reply("{get_weather.temp} °C")]).tools([tool])
}

fn returned(result: &str) -> Request {
    after_tool(ask("warm?"), "call_1", "get_weather", result)
}

/// The error of a call with this result, which takes no time.
fn refused(llm: &MockProvider, result: &str) -> ProviderError {
    let answer = llm.answer(returned(result)).now_or_never();
    answer.expect("no time is in it").expect_err("a miss")
}

#[provider_test]
async fn s04_a_result_that_fits_what_its_tool_returns_is_taken() {
    let llm = mock(weather());
    let answer = llm.answer(returned(r#"{"temp": 18, "more": 1}"#)).await;
    assert_eq!(answer.expect("it fits").text(), "18 °C");
}

#[test]
fn s04_a_result_that_does_not_fit_what_its_tool_returns_is_a_miss() {
    for (result, reason) in [
        (r#"{"temp": "warm"}"#, "`temp` is not a number"),
        (r#"{"heat": 18}"#, "`temp` is missing"),
        ("warm", "it is not JSON"),
        ("[18]", "it is not an object"),
    ] {
        for scenario in [
            weather(),
            script([])
                .tools(weather().tools.into_owned())
                .rules(weather().turns.into_owned()),
        ] {
            let llm = mock(scenario);
            let error = refused(&llm, result);
            assert_eq!(error.kind, ErrorKind::Unscripted);
            let report = llm.verify().expect_err("a miss").to_string();
            assert_says(&report, &["get_weather", reason]);
        }
    }
}

#[provider_test]
async fn s04_a_result_that_is_an_error_need_not_fit() {
    let mut request = returned("no such city");
    for part in request
        .messages
        .iter_mut()
        .flat_map(|message| &mut message.parts)
    {
        if let mock_core::Part::ToolResult(result) = part {
            result.is_error = true;
        }
    }
    let tools = weather().tools.into_owned();
    let llm = mock(script([on(tool_result("get_weather")).reply("Oh.")]).tools(tools));
    assert_eq!(
        llm.answer(request).await.expect("it is taken").text(),
        "Oh."
    );
}

#[test]
fn s04_a_result_that_does_not_fit_is_not_absent() {
    let tools = weather().tools.into_owned();
    let absent = on(not(tool_result("get_weather"))).reply("no result");
    let llm = mock(script([absent]).tools(tools));
    let error = refused(&llm, "warm");
    assert_eq!(error.kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["it is not JSON"]);
}

#[test]
fn s04_any_of_tells_of_the_result_that_does_not_fit() {
    let either = any_of([tool_result("get_weather"), user("hello")]);
    let tools = weather().tools.into_owned();
    let llm = mock(script([]).rules([on(either).reply("Oh.")]).tools(tools));
    assert_eq!(refused(&llm, "warm").kind, ErrorKind::Unscripted);
    let report = llm.verify().expect_err("a miss").to_string();
    assert_says(&report, &["does not fit rule 1", "it is not JSON"]);
}
