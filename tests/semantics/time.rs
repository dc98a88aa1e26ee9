//! When things happen: S9, S24.

use std::time::Duration;

use futures::future::{FutureExt as _, TryFutureExt as _, join_all};
use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{ErrorKind, MockProvider, ProviderError, StreamEvent, provider_test};
use tokio::time::{Instant, sleep};

use crate::{ask, say};

/// The texts of a stream, and its end as an empty one, each with the time at which it came.
async fn told(llm: &MockProvider, pause: Duration) -> Vec<(String, Duration)> {
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        let text = match event.expect("no failure is in it") {
            StreamEvent::Text(text) => text,
            _ => String::new(),
        };
        told.push((text, start.elapsed()));
        sleep(pause).await;
    }
    told
}

/// What [`told`] returns, with times in milliseconds.
fn at<const N: usize>(events: [(&str, u64); N]) -> Vec<(String, Duration)> {
    events
        .map(|(text, millis)| (text.to_owned(), ms(millis)))
        .into()
}

#[provider_test]
async fn s09_time_is_latency_then_time_to_first_token_then_gaps(
    #[mock(latency = 100ms, script = [stream(["a", "b", "c"]).ttft(300ms).every(20ms)])]
    llm: MockProvider,
) {
    let told = told(&llm, ms(0)).await;
    assert_eq!(told, at([("a", 400), ("b", 420), ("c", 440), ("", 440)]));
}

#[provider_test]
async fn s09_a_stream_is_there_after_the_latency_before_its_first_token(
    #[mock(latency = 100ms, script = [stream(["a"]).ttft(300ms)])] llm: MockProvider,
) -> Result<(), ProviderError> {
    let start = Instant::now();
    let events = llm.answer_stream(ask("hello")).await?;
    assert_eq!(start.elapsed(), ms(100));
    let _: Vec<_> = events.try_collect().await?;
    assert_eq!(start.elapsed(), ms(400));
    Ok(())
}

#[provider_test]
async fn s09_the_first_token_may_be_a_tool_call(
    #[mock(call(get_weather { city: "Paris" }).ttft(300ms))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await?;
    let first = events.next().await.transpose()?;
    assert!(
        matches!(first, Some(StreamEvent::ToolCallStart { .. })),
        "{first:?}"
    );
    assert_eq!(start.elapsed(), ms(300));
    Ok(())
}

#[provider_test]
async fn s09_an_answer_that_is_not_streamed_takes_as_long_as_its_stream(
    #[mock(latency = 100ms, script = [stream(["a", "b", "c"]).ttft(300ms).every(20ms)])]
    llm: MockProvider,
) {
    let start = Instant::now();
    assert_eq!(say(&llm, "hello").await, "abc");
    assert_eq!(start.elapsed(), ms(440));
}

#[provider_test]
async fn s09_a_streamed_reply_has_a_gap_after_each_word(
    #[mock(reply("one two three").every(20ms))] llm: MockProvider,
) {
    let told = told(&llm, ms(0)).await;
    let expected = [("one ", 0), ("two ", 20), ("three", 40), ("", 40)];
    assert_eq!(told, at(expected));
}

#[provider_test]
async fn s09_events_are_due_at_absolute_times_so_that_rounding_does_not_add_up() {
    // Each sleep is rounded up to a millisecond: one after the other, they would take twice as long.
    let ticks = "tick ".repeat(101);
    let llm = MockProvider::script([reply(ticks).every(Duration::from_micros(500))]);
    let told = told(&llm, ms(0)).await;
    assert_eq!(told.len(), 102);
    assert_eq!(told[101].1, ms(50));
}

#[provider_test]
async fn s09_a_consumer_that_takes_its_time_within_the_gaps_delays_nothing(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) {
    let told = told(&llm, ms(15)).await;
    assert_eq!(told, at([("a", 0), ("b", 20), ("c", 40), ("", 55)]));
}

#[provider_test]
async fn s09_a_slow_consumer_finds_a_burst(
    #[mock(stream(["a", "b", "c", "d", "e"]).every(100ms))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let start = Instant::now();
    let mut events = llm.answer_stream(ask("hello")).await?;
    events.next().await;
    sleep(ms(350)).await;

    let mut times = Vec::new();
    while let Some(event) = events.next().await {
        event?;
        times.push(start.elapsed());
    }
    assert_eq!(times, [350, 350, 350, 400, 400].map(ms));
    Ok(())
}

#[provider_test]
async fn s09_calls_at_the_same_time_do_not_wait_for_each_other(
    #[mock(latency = 100ms, script = [reply("Hi.").times(3)])] llm: MockProvider,
) {
    let start = Instant::now();
    join_all((0..3).map(|_| say(&llm, "hello"))).await;
    assert_eq!(start.elapsed(), ms(100));
}

#[provider_test]
async fn s09_a_call_begins_when_it_is_first_polled_not_when_it_is_made(
    #[mock(latency = 100ms, script = [reply("Hi.")])] llm: MockProvider,
) -> Result<(), ProviderError> {
    let start = Instant::now();
    let answer = llm.answer(ask("hello"));
    sleep(ms(500)).await;
    answer.await?;
    assert_eq!(start.elapsed(), ms(600));
    assert_eq!(llm.calls()[0].started_at(), ms(500));
    Ok(())
}

#[provider_test]
async fn s09_a_failure_comes_after_the_latency(
    #[mock(latency = 100ms, script = [fail(server_error), fail(server_error)])] llm: MockProvider,
) {
    let start = Instant::now();
    llm.answer(ask("hello")).await.expect_err("it fails");
    assert_eq!(start.elapsed(), ms(100));
    llm.answer_stream(ask("hello")).await.expect_err("it fails");
    assert_eq!(start.elapsed(), ms(200));
}

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
        let error = answer.expect("it is refused at once");
        let error = error.expect_err("there is no runtime");
        assert_eq!(error.kind, ErrorKind::Unsupported, "{scenario:?}");
        assert!(error.message.contains("tokio runtime"), "{}", error.message);
        let report = llm.verify().expect_err("it fails the test too").to_string();
        crate::assert_says(&report, &["call 1", "tokio"]);

        let llm = MockProvider::new(scenario.clone());
        let stream = llm.answer_stream(ask("hello")).now_or_never();
        let error = stream.expect("it is refused at once");
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

#[provider_test]
async fn s09_a_time_too_long_to_be_told_is_waited_for(
    #[mock(reply("never").ttft(Duration::MAX).every(Duration::MAX).times(2))] llm: MockProvider,
) {
    let waited = tokio::time::timeout(secs(60 * 60), llm.answer(ask("hello"))).await;
    assert!(waited.is_err());
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(tokio::time::timeout(secs(60), events.next()).await.is_err());
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

#[provider_test]
async fn s09_a_pause_delays_all_that_follows_it_in_the_answer(
    #[mock(reply("One moment, ").split(whole).ttft(300ms).every(20ms).pause(2s).reply("please.").pause(1s))]
    llm: MockProvider,
) {
    let told = told(&llm, ms(0)).await;
    let expected = [("One moment, ", 300), ("please.", 2_320), ("", 3_320)];
    assert_eq!(told, at(expected));
}

#[provider_test]
async fn s09_a_pause_continues_the_text_of_an_answer_that_is_not_streamed(
    #[mock(pause(1s).reply("One ").pause(2s).reply("two."))] llm: MockProvider,
) {
    let start = Instant::now();
    let response = llm.answer(ask("hello")).await.expect("an answer");
    assert_eq!(response.message.parts.len(), 1);
    assert_eq!(response.text(), "One two.");
    assert_eq!(start.elapsed(), ms(3_000));
}

#[provider_test]
async fn s10_a_fault_at_a_fixed_time_comes_within_a_pause(
    #[mock(
        reply("a").pause(2s).reply("b").error_after(500ms, overloaded),
        reply("a").pause(2s).reply("b").error_after(1, overloaded),
        reply("a").pause(2s).reply("b").error_after(2, overloaded)
    )]
    llm: MockProvider,
) {
    for (texts, due) in [(1, 500), (1, 0), (2, 2_000)] {
        let start = Instant::now();
        let stream = llm.answer_stream(ask("hello")).await.expect("a stream");
        let events: Vec<_> = stream.collect().await;
        assert_eq!(events.len(), texts + 1);
        let error = events[texts].as_ref().expect_err("it breaks off");
        assert_eq!(error.kind, ErrorKind::Overloaded);
        assert_eq!(start.elapsed(), ms(due));
    }
}

#[test]
fn a_pause_alone_is_not_an_answer() {
    let problem = |turn| script([turn]).check().expect_err("a problem").to_string();
    assert!(problem(pause(secs(2))).contains("it answers with nothing"));
    let llm = MockProvider::script([reply("a").pause(secs(2)).reply("b")]);
    let report = llm.verify().expect_err("a turn is left").to_string();
    assert!(
        report.contains(r#"reply("a").pause(2s).reply("b")"#),
        "{report}"
    );
}

/// The times of the events of the first call, in milliseconds.
fn event_times(llm: &MockProvider) -> Vec<u128> {
    let times = llm.calls()[0].event_times();
    times.iter().map(Duration::as_millis).collect()
}

#[provider_test]
async fn s09_a_call_knows_when_each_of_its_events_came(
    #[mock(latency = 100ms, script = [stream(["a", "b", "c"]).ttft(300ms).every(20ms)])]
    llm: MockProvider,
) {
    sleep(ms(50)).await;
    told(&llm, ms(0)).await;
    assert_eq!(event_times(&llm), [450, 470, 490]);
}

#[provider_test]
async fn s09_an_event_comes_when_its_caller_reads_it(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) {
    told(&llm, ms(50)).await;
    assert_eq!(event_times(&llm), [0, 50, 100]);
}

#[provider_test]
async fn s09_events_without_delay_come_when_the_call_starts(
    #[mock(stream(["a", "b", "c"]))] llm: MockProvider,
) {
    sleep(ms(7)).await;
    told(&llm, ms(50)).await;
    assert_eq!(event_times(&llm), [7, 7, 7]);
}

#[provider_test]
async fn s09_only_received_events_have_times(
    #[mock(stream(["a", "b", "c"]).every(20ms), reply("d").ttft(5ms))] llm: MockProvider,
) {
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let _ = events.next().await;
    assert_eq!(event_times(&llm), [0]);
    let _ = events.next().await;
    drop(events);
    assert_eq!(event_times(&llm), [0, 20]);
    let _ = llm.answer(ask("hello")).await;
    assert!(llm.calls()[1].event_times().is_empty());
}

#[provider_test]
async fn s09_the_time_at_a_gate_counts_before_what_is_behind_it(
    #[mock(stream(["a"]).gate("door").stream(["b"]).cut_after(30s))] llm: MockProvider,
) {
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    let _ = events.next().await;
    let (_, next) = tokio::join!(
        async {
            sleep(ms(40)).await;
            llm.gate("door").open();
        },
        events.next(),
    );
    assert!(next.is_some());
    assert_eq!(event_times(&llm), [0, 40]);
}
