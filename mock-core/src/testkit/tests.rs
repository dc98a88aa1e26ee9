//! The answers of the ready-made mocks, and the answers that the assertions accept.

use std::panic::catch_unwind;

use futures::FutureExt as _;
use serde_json::json;

use super::*;
use crate::builder::{auth, connection, rate_limit};
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::provider::Provider;
use crate::chat::request::Request;

fn ask(llm: &MockProvider) -> Result<Response, ProviderError> {
    let answer = llm.answer(Request::new("test-model")).now_or_never();
    answer.expect("no time is in it")
}

fn read(llm: &MockProvider) -> Collected {
    let stream = llm.answer_stream(Request::new("test-model")).now_or_never();
    let stream = stream.expect("no time is in it").expect("a stream");
    collect(stream).now_or_never().expect("no time is in it")
}

fn text(text: &str) -> Result<StreamEvent, ProviderError> {
    Ok(StreamEvent::Text(text.to_owned()))
}

fn finish() -> Result<StreamEvent, ProviderError> {
    Ok(StreamEvent::Finish {
        reason: Some(FinishReason::Stop),
        usage: Some(Usage::new(1, 1)),
    })
}

fn failure() -> Result<StreamEvent, ProviderError> {
    Err(ProviderError::new(ErrorKind::Connection))
}

/// What the assertion says of these; it must not hold.
fn complaint(assertion: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(assertion).expect_err("the assertion fails");
    let message = panic.downcast::<String>().expect("a message");
    let (first, _) = message.split_once('\n').expect("what it is about follows");
    first.to_owned()
}

#[test]
fn a_ready_mock_may_be_left_unasked_or_asked_again() {
    for successes in [0, 1, 3] {
        for llm in [
            simple_mock("Hi."),
            streaming_mock(["Hi", "."], Duration::ZERO),
            tool_calling_mock("Hi.", [("search", ())]),
            failing_mock(connection(), 1),
            failing_mock(connection(), 5),
        ] {
            for _ in 0..successes {
                let _ = ask(&llm);
            }
            assert_eq!(llm.verify(), Ok(()), "asked {successes} times");
        }
    }
}

#[test]
fn a_failing_mock_fails_for_ever_after_its_successes() {
    let llm = failing_mock(rate_limit(), 2);
    let answers: Vec<_> = (0..4).map(|_| ask(&llm)).collect();
    for (answer, number) in answers.iter().zip(1..3) {
        let response = answer.as_ref().expect("a success");
        assert_eq!(response.text(), format!("Success call {number}"));
    }
    for answer in &answers[2..] {
        let error = answer.as_ref().expect_err("a failure");
        assert_eq!(error.kind, ErrorKind::RateLimit);
    }
}

#[test]
fn a_failing_mock_without_successes_fails_at_once() {
    let error = ask(&failing_mock(connection(), 0)).expect_err("a failure");
    assert_eq!(error.kind, ErrorKind::Connection);
}

#[test]
#[should_panic(expected = "its `auth` says when to try again")]
fn a_failing_mock_fails_as_can_be_played() {
    failing_mock(auth().retry_after(Duration::ZERO), 0);
}

#[test]
fn a_tool_calling_mock_makes_all_its_calls() {
    let calls = [("search", json!({"n": 1})), ("fetch", json!({"n": 2}))];
    let response = ask(&tool_calling_mock("Looking.", calls)).expect("an answer");
    let names: Vec<_> = response.tool_calls().map(|call| &*call.name).collect();
    assert_eq!(
        (&*response.text(), &*names),
        ("Looking.", &["search", "fetch"][..])
    );
}

#[test]
fn the_id_of_a_tool_call_depends_only_on_the_name_and_the_arguments() {
    let call = |tool: &str, query: &str| test_tool_call(tool, &json!({ "query": query })).id;
    assert_eq!(call("search", "rust"), "call_e857b8cd");
    assert_ne!(call("search", "rust"), call("search", "rest"));
    assert_ne!(call("search", "rust"), call("fetch", "rust"));
}

#[test]
fn a_collected_stream_keeps_its_pieces_and_its_answer() {
    let answer = read(&streaming_mock(["Hel", "lo"], Duration::ZERO));
    assert_eq!(answer.pieces(), ["Hel", "lo"]);
    assert_eq!(answer.error(), None);
    assert_eq!(answer.items.len(), 3);
    assert_eq!(answer.response.text(), "Hello");
    assert_eq!(answer.response.model, "test-model");
    assert_ne!(answer.response.id, "");
    assert_valid_response(&answer.response);
    assert_valid_stream(&answer.items);
}

#[test]
fn a_collected_stream_keeps_what_came_before_a_failure() {
    let llm = MockProvider::script([stream(["Hel", "lo"]).cut_after(1)]);
    let answer = read(&llm);
    assert_eq!(answer.pieces(), ["Hel"]);
    let error = answer.error().expect("the stream is cut");
    assert_eq!(error.kind, ErrorKind::Connection);
    assert_eq!(answer.response.finish_reason, None);
}

#[test]
fn any_stream_of_events_is_collected() {
    let llm = streaming_mock(["Hel", "lo"], Duration::ZERO);
    let stream = Provider::stream(&llm, Request::new("test-model")).now_or_never();
    let stream = stream.expect("no time is in it").expect("a stream");
    let boxed = collect(stream).now_or_never().expect("no time is in it");
    assert_eq!(boxed.response.text(), "Hello");
    assert_eq!(
        (&*boxed.response.id, &*boxed.response.model),
        ("", ""),
        "they are on no event"
    );
    assert_eq!(boxed.items, read(&llm).items);
    assert_valid_response(&boxed.response);

    let items = [text("Hel"), failure()];
    // The stream may borrow.
    let borrowing = futures::stream::iter(items.iter().cloned());
    let iter = collect(pin!(borrowing)).now_or_never();
    assert_eq!(iter.map(|iter| iter.items), Some(items.to_vec()));
}

#[test]
fn a_response_with_tool_calls_only_is_valid() {
    let response = ask(&tool_calling_mock("", [("search", ())])).expect("an answer");
    assert_eq!(response.text(), "");
    assert_valid_response(&response);
}

#[test]
fn an_invalid_response_is_reported_with_what_it_lacks() {
    let valid = ask(&simple_mock("Hi.")).expect("an answer");
    assert_valid_response(&valid);
    for (spoil, problem) in [
        (
            (|response| response.message.role = Role::User) as fn(&mut Response),
            "its role is `user`, not `assistant`",
        ),
        (
            |response| response.message = Message::assistant(""),
            "it has no text, no refusal and no tool call",
        ),
        (
            |response| response.finish_reason = None,
            "it has no finish reason: it broke off",
        ),
        (|response| response.usage = None, "it has no usage"),
    ] {
        let mut response = valid.clone();
        spoil(&mut response);
        let complaint = complaint(|| assert_valid_response(&response));
        assert_eq!(complaint, format!("not a valid response: {problem}"));
    }
}

#[test]
fn an_invalid_stream_is_reported_with_the_wrong_item() {
    assert_valid_stream(&[text("a"), finish()]);
    for (items, problem) in [
        (vec![], "it is empty"),
        (
            vec![text("a"), text("b")],
            "none of its 2 items is the finish",
        ),
        (
            vec![text("a"), finish(), finish()],
            "item 3 of 3, a finish, comes after the finish",
        ),
        (
            vec![finish(), text("a")],
            "item 2 of 2, a text, comes after the finish",
        ),
        (
            vec![text("a"), failure(), finish()],
            "item 3 of 3, a finish, comes after the failure",
        ),
        (
            vec![text("a"), failure()],
            "item 2 of 2 is a failure (connection): the connection failed",
        ),
    ] {
        let complaint = complaint(|| assert_valid_stream(&items));
        assert_eq!(complaint, format!("not a valid stream: {problem}"));
    }
}
