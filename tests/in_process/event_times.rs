//! S9: the times of the events of a call, as the journal has them.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::*;
use mock_core::{MockProvider, provider_test};
use tokio::time::sleep;

use crate::helpers::ask;
use crate::helpers::events_with_times;

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
    events_with_times(&llm, ms(0)).await;
    assert_eq!(event_times(&llm), [450, 470, 490]);
}

#[provider_test]
async fn s09_an_event_comes_when_its_caller_reads_it(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) {
    events_with_times(&llm, ms(50)).await;
    assert_eq!(event_times(&llm), [0, 50, 100]);
}

#[provider_test]
async fn s09_events_without_delay_come_when_the_call_starts(
    #[mock(stream(["a", "b", "c"]))] llm: MockProvider,
) {
    sleep(ms(7)).await;
    events_with_times(&llm, ms(50)).await;
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
async fn s09_the_time_at_a_gate_counts_before_what_is_after_it(
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
