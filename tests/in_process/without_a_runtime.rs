//! S24: turns that work without a tokio runtime, and turns that need one.

use futures::future::{FutureExt as _, TryFutureExt as _};
use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider};

use crate::helpers::ask;

#[test]
fn s24_a_turn_with_time_in_it_says_that_it_needs_a_runtime() {
    for scenario in [
        script([reply("Hi.")]).latency(ms(1)),
        script([reply("Hi.")]).latency(ms(1)..ms(2)),
        script([reply("Hi.").ttft(ms(1))]),
        script([reply("Hi.").every(ms(1))]),
    ] {
        let llm = MockProvider::new(scenario.clone());
        let answer = llm.answer(ask("hello")).now_or_never();
        let error = answer.expect("it is rejected at once");
        let error = error.expect_err("there is no runtime");
        assert_eq!(error.kind, ErrorKind::Unsupported, "{scenario:?}");
        assert!(error.message.contains("tokio runtime"), "{}", error.message);
        let report = llm.verify().expect_err("it fails the test too").to_string();
        crate::helpers::assert_says(&report, &["call 1", "tokio"]);

        let llm = MockProvider::new(scenario.clone());
        let stream = llm.answer_stream(ask("hello")).now_or_never();
        let error = stream.expect("it is rejected at once");
        let error = error.expect_err("there is no runtime");
        assert_eq!(error.kind, ErrorKind::Unsupported, "{scenario:?}");
        assert!(llm.verify().is_err());
    }
}

#[test]
fn s24_a_stream_that_leaves_its_runtime_says_so() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("the runtime starts");
    let llm = MockProvider::script([stream(["a", "b"]).every(secs(60))]);
    let mut events = runtime
        .block_on(llm.answer_stream(ask("hello")))
        .expect("a stream");
    let first = events.next().now_or_never();
    assert!(matches!(first, Some(Some(Ok(_)))), "{first:?}");
    let second = events.next().now_or_never().flatten();
    let error = second.expect("an error").expect_err("there is no runtime");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(llm.verify().is_err());
}

#[test]
fn s24_a_turn_without_time_needs_no_runtime() {
    let llm = MockProvider::script([reply("Hi."), stream(["H", "o"])]);
    let response = llm.answer(ask("hello")).now_or_never();
    let response = response.expect("no time is in it");
    assert_eq!(response.expect("a reply").text(), "Hi.");

    let events = llm.answer_stream(ask("hello")).try_flatten_stream();
    let events: Option<Result<Vec<_>, _>> = events.try_collect().now_or_never();
    let events = events.expect("no time is in it");
    assert_eq!(events.expect("a stream").len(), 3);
}
