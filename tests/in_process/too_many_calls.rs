//! S33: the limit of the calls of a mock, and of their messages.

use mock_core::builder::*;
use mock_core::scenario::TurnIndex;
use mock_core::{ErrorKind, Message, MockProvider, ProblemKind, Report, Request};

use crate::helpers::{any_calls, ask, assert_says, say};

/// Asks until the mock does not answer, and returns the number of answers.
async fn ask_on(llm: &MockProvider) -> usize {
    let mut answers = 0;
    while llm.answer(ask("hello")).await.is_ok() {
        answers += 1;
    }
    answers
}

fn report(llm: &MockProvider) -> Report {
    llm.verify().expect_err("there are too many calls")
}

/// An agent's conversation grows with each call, so the requests grow faster than the calls.
#[tokio::test]
async fn s33_an_agent_whose_tool_calls_never_end_gets_an_error_after_2_000_000_messages() {
    let scenario = script([reply("Hello.")]).otherwise(call("look", serde_json::json!({})));
    let llm = MockProvider::new(scenario);
    let mut request = ask("weather?");
    let mut messages = 0;
    let error = loop {
        messages += request.messages.len();
        match llm.answer(request.clone()).await {
            Ok(response) => {
                let ids: Vec<_> = response
                    .message
                    .tool_calls()
                    .map(|it| it.id.clone())
                    .collect();
                request.messages.push(response.message);
                let results = ids.into_iter().map(|id| Message::tool(id, "sunny"));
                request.messages.extend(results);
            }
            Err(error) => break error,
        }
    };
    messages -= request.messages.len();
    assert_eq!(error.kind, ErrorKind::Unscripted);
    assert!(!error.is_retryable());
    let calls = llm.calls().len();
    let before = messages - llm.calls()[calls - 1].request().messages.len();
    assert!(before < 2_000_000 && messages >= 2_000_000, "{messages}");

    let report = report(&llm);
    assert_eq!(error.message, report.headline());
    let says = format!(
        "more than 2000000 messages in {calls} calls, {} of them answered by `otherwise`",
        calls - 1
    );
    assert_says(report.headline(), &[&says, "a loop?"]);
    assert_says(&report.to_string(), &[&format!("`max_calls = {calls}0`")]);
    let [problem] = report.problems() else {
        panic!("{report}");
    };
    assert_eq!(problem.kind(), ProblemKind::TooManyCalls);
    assert_eq!(problem.turn(), Some(TurnIndex::Otherwise));
}

/// A request with so many messages that four of them are as many as a mock takes.
fn long_request() -> Request {
    let mut request = ask("hello");
    request.messages = vec![Message::user("hello"); 500_000];
    request
}

#[tokio::test]
async fn s33_max_calls_replaces_the_limit_of_messages() {
    for (scenario, limit) in [(any_calls(), 4), (any_calls().max_calls(5), 5)] {
        let llm = MockProvider::new(scenario);
        while llm.answer(long_request()).await.is_ok() {}
        assert_eq!(llm.calls().len(), limit);
        llm.reset();
        llm.answer(long_request())
            .await
            .expect("it is the first again");
    }
}

#[tokio::test]
async fn s33_many_short_calls_are_not_a_loop() {
    let llm = MockProvider::new(any_calls());
    for _ in 0..20_000 {
        say(&llm, "hello").await;
    }
    assert!(llm.verify().is_ok());
}

#[tokio::test]
async fn s33_the_help_lets_only_a_turn_end_that_does_not() {
    for (turn, has_help) in [(reply("a").forever(), true), (reply("a"), false)] {
        let llm = MockProvider::new(script([turn]).max_calls(1));
        assert_eq!(ask_on(&llm).await, 1);
        let _ = llm.answer(ask("hello")).await;
        let report = report(&llm).to_string();
        assert_says(&report, &["more than 1 call, 1 of them answered by turn 1"]);
        assert_eq!(report.contains("`.times(1)`"), has_help, "{report}");
    }
}

#[tokio::test]
async fn s33_calls_over_the_limit_are_not_kept() {
    let llm = MockProvider::new(any_calls().max_calls(3));
    assert_eq!(ask_on(&llm).await, 3);
    for _ in 0..100 {
        let _ = llm.answer(ask("hello")).await;
        let _ = llm.answer_stream(ask("hello")).await;
        let _ = llm
            .answer_embedding(mock_core::EmbeddingRequest::new("small").with_input("a"))
            .await;
    }
    assert_eq!(llm.calls().len(), 3);
    assert_says(report(&llm).headline(), &["more than 3 calls"]);
}

#[tokio::test]
async fn s33_after_a_reset_the_calls_count_from_zero_and_after_a_rewind_they_go_on() {
    let llm = MockProvider::new(any_calls().max_calls(3));
    assert_eq!(ask_on(&llm).await, 3);
    llm.rewind();
    assert_eq!(ask_on(&llm).await, 0);
    assert!(llm.verify().is_err());
    llm.reset();
    assert!(llm.verify().is_ok());
    assert_eq!(ask_on(&llm).await, 3);
    assert!(llm.verify().is_err());
}

/// The first problem of a mock is the one that the report explains.
#[tokio::test]
async fn s33_retries_of_a_mismatch_end_too_and_the_report_is_that_of_the_mismatch() {
    let llm = MockProvider::new(script([on(user("hi")).reply("Hi.")]).max_calls(3));
    for _ in 0..10 {
        llm.answer(ask("hello")).await.expect_err("it does not fit");
    }
    assert_eq!(llm.calls().len(), 3);
    assert_says(report(&llm).headline(), &["call 1 does not fit turn 1"]);
}

#[tokio::test]
async fn s33_if_no_turn_answered_the_report_says_so() {
    let llm = MockProvider::new(any_calls().models(["o3"]).max_calls(3));
    for _ in 0..4 {
        llm.answer(ask("hello")).await.expect_err("another model");
    }
    assert_says(
        report(&llm).headline(),
        &["more than 3 calls, none of them answered by a turn"],
    );
}

#[test]
fn s33_a_limit_that_the_script_or_an_expectation_exceeds_is_an_error() {
    for (scenario, says) in [
        (any_calls().max_calls(0), "it gets at most 0 calls"),
        (
            script([reply("a"), reply("b")]).max_calls(1),
            "it gets at most 1 call, and the script requires 2",
        ),
        (
            any_calls().max_calls(3).expect([expect::calls(4..)]),
            "the mock gets at most 3 calls",
        ),
    ] {
        let error = scenario.check().expect_err("no run can meet it");
        assert_says(&error.to_string(), &[says]);
    }
}
