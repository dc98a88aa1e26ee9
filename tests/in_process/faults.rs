//! S8, S10, S11: cuts, errors, malformed answers, early ends and stalls within an answer. For those behind its content see
//! `fault_positions.rs`.

use std::future::ready;
use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::scenario::{After, Turn};
use mock_core::{
    ErrorKind, MockProvider, Outcome, ProviderError, Response, StreamEvent, provider_test,
};
use tokio::time::{Instant, timeout};

use crate::helpers::ask;

/// What a streamed answer says before its failure or its end, and the kind of the failure.
async fn told(turn: Turn) -> (Vec<StreamEvent>, Option<ErrorKind>) {
    let llm = MockProvider::script([turn]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => told.push(event),
            Err(error) => return (told, Some(error.kind)),
        }
    }
    (told, None)
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<StreamEvent> {
    texts.map(|text| StreamEvent::Text(text.into())).into()
}

#[provider_test]
async fn s08_a_failure_after_the_first_event_is_the_last_item_for_ever() {
    let llm = MockProvider::script([stream(["a", "b", "c"]).cut_after(1)]);
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");

    let first = events.next().await.and_then(Result::ok);
    assert_eq!(first, Some(StreamEvent::Text("a".into())));
    let error = events.next().await.and_then(Result::err);
    let error = error.expect("the connection is lost");
    assert_eq!(error.kind, ErrorKind::Connection);
    for _ in 0..3 {
        assert_eq!(events.next().await, None);
    }
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Failed(error)));
}

#[provider_test]
async fn s08_an_answer_that_breaks_off_before_it_begins_is_the_err_of_the_await() {
    for (turn, kind) in [
        (stream(["a"]).cut_after(0), ErrorKind::Connection),
        (stream(["a"]).malformed_after(0), ErrorKind::InvalidResponse),
        (stream(["a"]).error_after(0, quota()), ErrorKind::Quota),
    ] {
        let llm = MockProvider::script([turn]);
        let error = llm.answer_stream(ask("hello")).await;
        assert_eq!(error.expect_err("it breaks off").kind, kind);
    }
}

#[provider_test]
async fn s10_pieces_of_text_are_counted() {
    let turn = stream(["a", "b", "c", "d"]).cut_after(2);
    let cut = Some(ErrorKind::Connection);
    assert_eq!(told(turn).await, (texts(["a", "b"]), cut));
}

#[test]
fn s10_a_fault_beyond_the_end_fails_the_test_where_the_error_is_swallowed() {
    let report = crate::helpers::report(|test| {
        let llm = crate::helpers::llm(test, [reply("{user}").cut_after(9)]);
        test.drive(std::pin::pin!(async {
            let _ = llm.answer(ask("only two")).await;
        }));
    });
    crate::helpers::assert_says(&report, &["`llm`", "call 1", "2 deltas, not 9"]);
}

#[provider_test]
async fn s10_the_words_of_a_reply_are_counted() {
    let turn = reply("one two three").cut_after(2);
    let cut = Some(ErrorKind::Connection);
    assert_eq!(told(turn).await, (texts(["one ", "two "]), cut));
}

#[provider_test]
async fn s10_pieces_of_arguments_are_counted_and_the_start_of_a_call_is_not() {
    let turn = reply("One.").call("get_time", ()).call("get_weather", ());
    let (events, failure) = told(turn.cut_after(2)).await;
    let names: Vec<_> = events.iter().map(StreamEvent::name).collect();
    assert_eq!(names, ["text", "tool call", "tool call arguments"]);
    assert_eq!(failure, Some(ErrorKind::Connection));
}

#[provider_test]
async fn s10_after_all_is_before_the_finish() {
    let turn = stream(["a", "b"]).cut_after(After::All);
    let cut = Some(ErrorKind::Connection);
    assert_eq!(told(turn).await, (texts(["a", "b"]), cut));
}

#[provider_test]
async fn s10_a_time_counts_from_the_beginning_of_the_answer() {
    let llm = MockProvider::new(
        script([stream(["a", "b", "c"]).every(ms(100)).cut_after(ms(150))]).latency(ms(1_000)),
    );
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut times = Vec::new();
    while let Some(event) = events.next().await {
        times.push((event.is_ok(), start.elapsed()));
    }
    assert_eq!(
        times,
        [(true, ms(1_000)), (true, ms(1_100)), (false, ms(1_150))]
    );
}

/// What a call that is not streamed says of a turn.
async fn answered(turn: Turn) -> Result<Response, ProviderError> {
    let llm = MockProvider::script([turn]);
    llm.answer(ask("hello")).await
}

#[provider_test]
async fn s11_a_cut_is_a_connection_that_fails() {
    let error = answered(stream(["a", "b"]).cut_after(1)).await;
    assert_eq!(error.expect_err("it is cut").kind, ErrorKind::Connection);
}

#[provider_test]
async fn s11_an_error_is_that_error() {
    let failure = overloaded().retry_after(secs(2)).message("Not now.");
    let error = answered(stream(["a", "b"]).error_after(1, failure)).await;
    let error = error.expect_err("it fails");
    assert_eq!(
        (error.kind, error.retry_after),
        (ErrorKind::Overloaded, Some(secs(2)))
    );
    assert_eq!(error.message, "Not now.");
}

#[provider_test]
async fn s11_a_malformed_answer_is_an_invalid_response() {
    let error = answered(stream(["a", "b"]).malformed_after(1)).await;
    let error = error.expect_err("it cannot be read");
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
}

#[provider_test]
async fn s11_an_end_is_the_text_so_far_without_a_finish_reason() {
    let llm = MockProvider::script([stream(["a", "b", "c"]).end_after(2).times(2)]);
    let response = llm.answer(ask("hello")).await.expect("it just ends");
    assert_eq!((&*response.text(), &response.finish_reason), ("ab", &None));

    let events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let events: Vec<_> = events.filter_map(|event| ready(event.ok())).collect().await;
    assert_eq!(events, texts(["a", "b"]));
    for call in llm.calls().iter() {
        assert_eq!(call.outcome(), Some(&Outcome::Truncated));
    }
}

#[provider_test]
async fn s11_a_stall_is_waited_for_without_end() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let llm = MockProvider::script([stream(["a", "b"]).stall_after(1).times(2)]);
    assert!(timeout(DAY, llm.answer(ask("hello"))).await.is_err());

    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(events.next().await.is_some());
    assert!(timeout(DAY, events.next()).await.is_err());
}
