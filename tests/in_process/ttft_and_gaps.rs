//! S9: when the events of an answer are due: `ttft`, the time to its first token, and `every`, the gaps between events.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, ProviderError, StreamEvent, provider_test};
use tokio::time::{Instant, sleep};

use crate::helpers::{ask, say};
use crate::helpers::{at, events_with_times};

#[provider_test]
async fn s09_time_is_latency_then_time_to_first_token_then_gaps(
    #[mock(latency = 100ms, script = [stream(["a", "b", "c"]).ttft(300ms).every(20ms)])]
    llm: MockProvider,
) {
    let told = events_with_times(&llm, ms(0)).await;
    assert_eq!(told, at([("a", 400), ("b", 420), ("c", 440), ("", 440)]));
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
    let told = events_with_times(&llm, ms(0)).await;
    let expected = [("one ", 0), ("two ", 20), ("three", 40), ("", 40)];
    assert_eq!(told, at(expected));
}

#[provider_test]
async fn s09_events_are_due_at_absolute_times_so_that_rounding_does_not_add_up() {
    // Each sleep is rounded up to a millisecond: one after the other, they would take twice as long.
    let ticks = "tick ".repeat(101);
    let llm = MockProvider::script([reply(ticks).every(Duration::from_micros(500))]);
    let told = events_with_times(&llm, ms(0)).await;
    assert_eq!(told.len(), 102);
    assert_eq!(told[101].1, ms(50));
}

#[provider_test]
async fn s09_a_consumer_that_takes_its_time_within_the_gaps_delays_nothing(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) {
    let told = events_with_times(&llm, ms(15)).await;
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
async fn s09_a_time_that_is_too_long_to_print_is_waited_for(
    #[mock(reply("never").ttft(Duration::MAX).every(Duration::MAX).times(2))] llm: MockProvider,
) {
    let waited = tokio::time::timeout(secs(60 * 60), llm.answer(ask("hello"))).await;
    assert!(waited.is_err());
    let mut events = llm.answer_stream(ask("hello")).await.expect("a stream");
    assert!(tokio::time::timeout(secs(60), events.next()).await.is_err());
}
