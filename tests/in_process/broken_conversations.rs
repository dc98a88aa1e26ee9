//! S31: conversations whose tool calls and results do not fit together.

use mock_core::builder::*;
use mock_core::scenario::{Profile, Scenario};
use mock_core::{
    Allow, Call, Capabilities, ErrorKind, Message, MockProvider, ProviderError, Request, Role,
    ToolCall, mock_provider, provider_test,
};

use crate::helpers::{after_tool, ask, assert_says, llm, report, say};

/// A conversation that ends with calls of `look`, by these ids.
fn with_calls(ids: &[&str]) -> Request {
    let calls = ids.iter().map(|id| ToolCall::new(*id, "look", "{}"));
    ask("compare").with_message(Message::assistant("").with_tool_calls(calls))
}

/// Each kind of broken conversation, and its report.
fn broken() -> Vec<(Request, &'static str)> {
    let result = |id: &str| Message::tool(id, "x");
    vec![
        (with_calls(&["call_1"]), "`call_1` of `look` has no result"),
        (
            with_calls(&["call_1", "call_2"]).with_message(result("call_2")),
            "`call_1` of `look` has no result",
        ),
        (
            with_calls(&["call_1"])
                .user("Well?")
                .with_message(result("call_1")),
            "its result comes too late, in messages[3]",
        ),
        (
            with_calls(&["call_1"]).with_messages([result("call_1"), result("call_1")]),
            "`call_1` of `look` has two results",
        ),
        (
            ask("compare").with_message(result("call_1")),
            "the result of `call_1` has no call; was the history trimmed?",
        ),
        (
            with_calls(&["call_1"]).with_messages([result("call_1"), result("call_2")]),
            "messages[3] is a result of `call_2`; the calls before it: `call_1` of `look`",
        ),
    ]
}

async fn rejected(llm: &MockProvider, request: Request) -> ProviderError {
    let answer = llm.answer(request).await;
    answer.expect_err("the conversation is broken")
}

#[tokio::test]
async fn s31_a_broken_conversation_gets_the_400_of_the_provider() {
    for (profile, code) in [
        (Profile::Openai, Some("invalid_request_error")),
        (Profile::Anthropic, Some("invalid_request_error")),
        (Profile::Gemini, Some("INVALID_ARGUMENT")),
        (Profile::Plain, None),
    ] {
        for (request, _) in broken() {
            let llm = MockProvider::new(script([reply("Hi.")]).profile(profile));
            let error = rejected(&llm, request).await;
            assert_eq!(
                (error.kind, error.status),
                (ErrorKind::BadRequest, Some(400))
            );
            assert_eq!((error.code.as_deref(), error.is_retryable()), (code, false));
            assert_eq!(error.provider.as_deref(), Some(profile.name()));
            assert_says(&error.message, &["`call_"]);
            assert!(llm.verify().is_err());
        }
    }
}

#[tokio::test]
async fn s31_verify_reports_a_broken_conversation() {
    for (request, told) in broken() {
        let llm = MockProvider::script([reply("Hi.").times(0..=1)]);
        rejected(&llm, request).await;
        let report = llm.verify().expect_err("it is a problem").to_string();
        let report = report.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_says(&report, &["call 1 has a broken conversation", told]);
        assert_says(&report, &["`allow = [broken_conversations]`"]);
    }
}

#[test]
fn s31_a_broken_conversation_fails_the_test() {
    let report = report(|test| {
        let llm = llm(test, [reply("Hi.")]);
        test.drive(std::pin::pin!(async {
            let _ = llm.answer(with_calls(&["call_1"])).await;
            say(&llm, "hello").await;
        }));
    });
    assert_says(&report, &["mock `llm`: call 1 has a broken conversation"]);
}

#[tokio::test]
async fn s31_a_broken_conversation_claims_no_turn_and_the_script_goes_on() {
    let llm = MockProvider::script([on(user("hello")).reply("Hi."), reply("Bye.")]);
    rejected(&llm, with_calls(&["call_1"])).await;
    assert_eq!(say(&llm, "hello").await, "Hi.");
    assert!(llm.answer_stream(with_calls(&["call_2"])).await.is_err());
    assert_eq!(say(&llm, "bye").await, "Bye.");
    let turns: Vec<_> = llm.calls().iter().map(Call::turn).collect();
    assert_eq!(turns, [None, Some(0), None, Some(1)]);
    assert_eq!(
        llm.calls()[0].error().map(|error| error.kind),
        Some(ErrorKind::BadRequest)
    );
    let report = llm.verify().expect_err("it is a problem").to_string();
    assert_says(&report, &["call 1 has a broken conversation"]);
}

#[tokio::test]
async fn s31_the_first_problem_is_reported() {
    let llm = MockProvider::script([on(user("hello")).reply("Hi.")]);
    assert!(llm.answer(ask("good morning")).await.is_err());
    let error = rejected(&llm, with_calls(&["call_1"])).await;
    assert_eq!(error.kind, ErrorKind::BadRequest);
    let report = llm.verify().expect_err("there are problems").to_string();
    assert_says(&report, &["call 1 does not fit turn 1"]);

    llm.reset();
    rejected(&llm, with_calls(&["call_1"])).await;
    assert!(llm.answer(ask("good morning")).await.is_err());
    let report = llm.verify().expect_err("there are problems").to_string();
    assert_says(&report, &["call 1 has a broken conversation"]);
    llm.reset();
    assert_eq!(say(&llm, "hello").await, "Hi.");
}

#[tokio::test]
async fn s31_a_reset_forgets_a_broken_conversation_and_a_rewind_does_not() {
    let llm = MockProvider::script([reply("Hi.")]);
    rejected(&llm, with_calls(&["call_1"])).await;
    llm.rewind();
    say(&llm, "hello").await;
    assert!(llm.verify().is_err());
    llm.reset();
    say(&llm, "hello").await;
    assert!(llm.verify().is_ok());
}

#[tokio::test]
async fn s31_a_conversation_is_checked_before_anything_else() {
    let scenario = script([reply("Hi.").times(0..=1)]).capabilities(Capabilities::NONE);
    let llm = MockProvider::new(scenario);
    llm.outage(overloaded());
    let error = llm.answer_stream(with_calls(&["call_1"])).await;
    let error = error.expect_err("the conversation is broken");
    assert_eq!(error.kind, ErrorKind::BadRequest);
    assert_eq!(
        rejected(&llm, ask("hello")).await.kind,
        ErrorKind::Overloaded
    );
    assert!(llm.verify().is_err());
}

fn allowing(turns: impl IntoIterator<Item = mock_core::scenario::Turn>) -> Scenario {
    script(turns).allow(Allow::NONE.with_broken_conversations())
}

#[provider_test]
async fn s31_broken_conversations_are_answered_where_they_are_allowed() {
    for (request, _) in broken() {
        let llm = MockProvider::new(allowing([reply("Hi.")]));
        let answer = llm.answer(request).await.expect("an answer");
        assert_eq!(answer.text(), "Hi.");
    }
}

mock_provider!(Careless, allow = [broken_conversations], reply("Hi."),);

#[provider_test]
async fn s31_a_declared_mock_allows_broken_conversations(llm: Careless) {
    assert!(llm.scenario().allow.broken_conversations);
    assert!(llm.answer(with_calls(&["call_1"])).await.is_ok());
}

#[provider_test]
async fn s31_calls_and_results_that_are_only_texts_are_not_checked(
    #[mock(reply("Hi.").times(2))] llm: MockProvider,
) {
    let texts = ask("compare")
        .with_message(Message::assistant("I call look."))
        .user("Result of look: x");
    assert!(llm.answer(texts).await.is_ok());
    let parts = vec![mock_core::Part::Text("x".into())];
    let texts = ask("compare").with_message(Message::new(Role::Tool, parts));
    assert!(llm.answer(texts).await.is_ok());
}

#[provider_test]
async fn s31_results_without_ids_are_those_of_their_tools() {
    let turns = [on(tool_result("look")).reply("{look.at}, {read.at}")];
    let llm = MockProvider::script(turns);
    let calls = ["look", "read"].map(|tool| ToolCall::new("", tool, "{}"));
    let request = ask("compare")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool_named("read", r#"{"at": "Rome"}"#))
        .with_message(Message::tool_named("look", r#"{"at": "Paris"}"#));
    let answer = llm.answer(request).await.expect("an answer");
    assert_eq!(answer.text(), "Paris, Rome");
}

#[provider_test]
async fn s31_ids_may_come_again_in_a_later_turn() {
    let turns = [on(tool_result("read")).reply("{look.at}, {read.at}")];
    let llm = MockProvider::script(turns);
    let first = after_tool(ask("compare"), "call_0", "look", r#"{"at": "Paris"}"#);
    let second = after_tool(first, "call_0", "read", r#"{"at": "Rome"}"#);
    let answer = llm.answer(second).await.expect("an answer");
    assert_eq!(answer.text(), "Paris, Rome");
}
