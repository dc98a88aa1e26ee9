//! S12: a client drops its call or its stream before the end.

use futures::{StreamExt as _, TryStreamExt as _};
use mock_core::builder::*;
use mock_core::{MockProvider, Outcome, ProviderError, provider_test};
use tokio::time::timeout;

use crate::helpers::{ask, say};

#[provider_test]
async fn s12_a_call_given_up_before_its_answer_is_cancelled_and_its_turn_used(
    #[mock(latency = 1s, script = [reply("first"), reply("second")])] llm: MockProvider,
) {
    let given_up = timeout(ms(100), llm.answer(ask("hello"))).await;
    assert!(given_up.is_err());

    assert_eq!(say(&llm, "hello").await, "second");
    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::Cancelled));
    assert_eq!(
        (calls[0].turn(), calls[0].ended_at()),
        (Some(0), Some(ms(100)))
    );
}

#[provider_test]
async fn s12_a_stream_dropped_before_its_first_event_is_cancelled(
    #[mock(stream(["a", "b"]).ttft(1s))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let mut events = llm.answer_stream(ask("hello")).await?;
    assert!(timeout(ms(100), events.next()).await.is_err());
    assert_eq!(llm.calls()[0].outcome(), None);
    drop(events);

    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
    Ok(())
}

#[provider_test]
async fn s12_a_stream_dropped_on_the_way_says_after_how_many_events(
    #[mock(stream(["a", "b", "c"]).every(20ms))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("hello")).await?;
    let read: Vec<_> = events.take(2).try_collect().await?;
    assert_eq!(read.len(), 2);

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::DroppedAfter(2)));
    assert_eq!(calls[0].ended_at(), Some(ms(20)));
    Ok(())
}

#[provider_test]
async fn s12_a_stream_dropped_after_its_finish_is_complete(
    #[mock(stream(["a", "b"]))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let events = llm.answer_stream(ask("hello")).await?;
    let read: Vec<_> = events.take(3).try_collect().await?;
    assert_eq!(read.len(), 3);
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Completed));
    Ok(())
}

#[provider_test]
async fn s12_an_answer_that_is_not_streamed_is_cancelled_however_much_of_it_there_was(
    #[mock(stream(["a", "b", "c"]).every(100ms))] llm: MockProvider,
) {
    let given_up = timeout(ms(150), llm.answer(ask("hello"))).await;
    assert!(given_up.is_err());
    assert_eq!(llm.calls()[0].outcome(), Some(&Outcome::Cancelled));
}

#[provider_test]
async fn s12_a_stream_that_stalled_ends_when_it_is_dropped() -> Result<(), ProviderError> {
    let llm = MockProvider::script([stream(["a", "b"]).stall_after(1)]);
    let mut events = llm.answer_stream(ask("hello")).await?;
    events.next().await;
    assert!(timeout(secs(5), events.next()).await.is_err());
    drop(events);

    let calls = llm.calls();
    assert_eq!(calls[0].outcome(), Some(&Outcome::DroppedAfter(1)));
    assert_eq!(calls[0].ended_at(), Some(secs(5)));
    Ok(())
}
