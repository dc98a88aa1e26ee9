//! S34: the places of faults: within an answer, after its content, after its finish event, after its end mark.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::{After, Turn};
use mock_core::{ErrorKind, FinishReason, MockProvider, Outcome, provider_test};
use tokio::time::timeout;

use crate::helpers::{ask, panic_of};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The names of the events of a stream, and how it ends: `None` if it does, else the kind of its failure, or silence.
async fn told(llm: &MockProvider) -> (Vec<&'static str>, &'static str) {
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut names = Vec::new();
    loop {
        match timeout(DAY, events.next()).await {
            Err(_) => return (names, "silence"),
            Ok(None) => return (names, "end"),
            Ok(Some(Err(error))) => return (names, error.kind.as_str()),
            Ok(Some(Ok(event))) => names.push(event.name()),
        }
    }
}

/// A turn of two deltas.
fn two() -> Turn {
    stream(["Hel", "lo"])
}

#[provider_test]
async fn s34_each_fault_has_its_place_in_a_stream() {
    let (none, one) = (&[][..], &["text"][..]);
    let (all, finish) = (&["text", "text"][..], &["text", "text", "finish"][..]);
    for (turn, events, end, outcome) in [
        (two().end_after(1), one, "end", "Truncated"),
        (two().end_after(After::All), all, "end", "Truncated"),
        (two().end_after(After::Finish), finish, "end", "Completed"),
        (two().stall_after(0), none, "silence", "Cancelled"),
        (
            two().stall_after(After::All),
            all,
            "silence",
            "DroppedAfter(2)",
        ),
        (
            two().stall_after(After::Finish),
            finish,
            "silence",
            "Completed",
        ),
        (
            two().stall_after(After::Done),
            finish,
            "silence",
            "Completed",
        ),
        (two().cut_after(After::All), all, "connection", "Failed"),
        (
            two().cut_after(After::Finish),
            finish,
            "connection",
            "Failed",
        ),
        (
            two().malformed_after(After::Finish),
            finish,
            "invalid_response",
            "Failed",
        ),
        (
            two().error_after(After::Finish, overloaded()),
            finish,
            "overloaded",
            "Failed",
        ),
    ] {
        let what = format!("{:?}", turn.fault);
        let llm = MockProvider::script([turn]);
        assert_eq!(told(&llm).await, (events.to_vec(), end), "{what}");
        let ended = format!("{:?}", llm.calls()[0].outcome().expect("it is dropped"));
        assert!(ended.starts_with(outcome), "{what}: {ended}");
    }
}

#[provider_test]
async fn s34_a_fault_after_the_finish_comes_at_the_time_of_the_finish() {
    let turn = two().every(ms(20)).cut_after(After::Finish);
    let llm = MockProvider::script([turn]);
    let start = tokio::time::Instant::now();
    assert_eq!(told(&llm).await.1, "connection");
    assert_eq!(start.elapsed(), ms(20));
    let message = match llm.calls()[0].outcome() {
        Some(Outcome::Failed(error)) => error.message.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(message, "the connection was lost after its finish");
}

#[provider_test]
async fn s34_a_caller_that_drops_the_stream_at_its_finish_has_the_whole_answer() {
    let llm = MockProvider::script([two().cut_after(After::Finish)]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    for _ in 0..3 {
        assert!(events.next().await.is_some_and(|event| event.is_ok()));
    }
    assert_eq!(llm.calls()[0].outcome(), None, "something comes behind it");
    drop(events);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));
}

#[provider_test]
async fn s34_an_answer_that_is_not_streamed_is_whole_or_breaks_off() {
    let end = two().end_after(After::Finish);
    let llm = MockProvider::script([end]);
    let whole = llm.answer(ask("hello")).await.expect("it is whole");
    let reason = (&*whole.text(), &whole.finish_reason);
    assert_eq!(reason, ("Hello", &Some(FinishReason::Stop)));
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));

    for (turn, kind) in [
        (two().cut_after(After::Finish), ErrorKind::Connection),
        (
            two().malformed_after(After::Finish),
            ErrorKind::InvalidResponse,
        ),
        (two().error_after(After::Finish, quota()), ErrorKind::Quota),
    ] {
        for turn in [turn.clone(), turn.every(ms(5))] {
            let llm = MockProvider::script([turn]);
            let error = llm.answer(ask("hello")).await.expect_err("it breaks off");
            assert_eq!(error.kind, kind);
            assert!(matches!(llm.calls()[0].outcome(), Some(Outcome::Failed(_))));
        }
    }
    for after in [After::Finish, After::Done] {
        for turn in [
            two().stall_after(after),
            two().every(ms(5)).stall_after(after),
        ] {
            let llm = MockProvider::script([turn]);
            assert!(timeout(DAY, llm.answer(ask("hello"))).await.is_err());
            assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
        }
    }
}

#[provider_test]
async fn s34_a_driven_answer_breaks_off_after_its_finish() {
    for (after, end) in [(After::Finish, "connection"), (After::All, "connection")] {
        let llm = MockProvider::script([driven("live").cut_after(after)]);
        let live = llm.driver("live");
        live.text("Hi.");
        live.finish_with(FinishReason::Length);
        let (events, ended) = told(&llm).await;
        assert_eq!(ended, end);
        assert_eq!(events.contains(&"finish"), after == After::Finish);
    }
}

#[provider_test]
async fn s34_the_answer_of_a_closure_breaks_off_after_its_finish() {
    let turn = respond_with(|_| mock_core::Response::from(mock_core::Message::assistant("Hi.")))
        .stall_after(After::Done);
    let llm = MockProvider::script([turn]);
    assert_eq!(told(&llm).await, (vec!["text", "finish"], "silence"));
}

#[test]
fn s34_the_builder_names_the_turn_whose_end_cannot_be() {
    for (turn, problem) in [
        (two().end_after(After::Done), "write `finish` for `done`"),
        (two().cut_after(After::Done), "write `finish` for `done`"),
        (
            two().malformed_after(After::Done),
            "write `finish` for `done`",
        ),
        (
            two().error_after(After::Done, overloaded()),
            "write `finish` for `done`",
        ),
        (hang().stall_after(After::Done), "never comes to its finish"),
        (two().finish(None).end_after(1), "remove `.finish(..)`"),
        (fail(quota()).finish(None), "it has no end"),
        (two().keepalive(ms(0)), "a keep-alive every 0 s"),
        (two().keepalive_with(ms(1), ""), "its keep-alive is empty"),
        (
            two().keepalive_with(ms(1), "busy"),
            "`busy`, which is not a line",
        ),
        (two().keepalive_with(ms(1), ": a\n\n: b"), "an empty line"),
        (fail(quota()).keepalive(ms(1)), "no stream to keep alive"),
        (fail(quota()).flush(each()), "streams nothing"),
    ] {
        let turns = [reply("a"), turn];
        let message = panic_of(|| drop(MockProvider::script(turns))).expect("it is rejected");
        assert!(message.contains(problem), "{message}");
        assert!(message.contains("turn 2"), "{message}");
    }
    for fine in [
        two().finish(None).end_after(After::Finish),
        two().keepalive_with(ms(1), "event: ping\ndata: {}"),
        two().stall_after(After::Done),
    ] {
        assert!(script([fine]).check().is_ok());
    }
}
