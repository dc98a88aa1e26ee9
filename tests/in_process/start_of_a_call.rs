//! S3, S7: a call begins at its first poll, which assigns its number, its turn and its captures.

use futures::future::FutureExt as _;
use mock_core::builder::*;
use mock_core::{Call, MockProvider, ProviderError, provider_test};
use tokio::time::{Instant, sleep};

use crate::helpers::{ask, say};

#[provider_test]
async fn s03_a_future_that_is_never_polled_is_not_a_call(
    #[mock(reply("first"))] llm: MockProvider,
) {
    drop(llm.answer(ask("never sent")));
    drop(llm.answer_stream(ask("never sent")));

    assert!(llm.calls().is_empty());
    assert_eq!(say(&llm, "sent").await, "first");
}

#[provider_test]
async fn s03_a_future_that_was_polled_once_is_a_call(
    #[mock(latency = 1s, script = [reply("first"), reply("second")])] llm: MockProvider,
) {
    assert!(llm.answer(ask("sent")).now_or_never().is_none());
    assert!(llm.answer_stream(ask("sent")).now_or_never().is_none());

    let turns: Vec<_> = llm.calls().iter().map(Call::turn).collect();
    assert_eq!(turns, [Some(0), Some(1)]);
}

#[provider_test]
async fn s07_number_and_turn_go_to_the_future_that_is_polled_first(
    #[mock(reply("{user} is call {call}"), reply("{user}, call {call}"))] llm: MockProvider,
) -> Result<(), ProviderError> {
    let made_first = llm.answer(ask("one"));
    let made_second = llm.answer(ask("other"));

    assert_eq!(made_second.await?.text(), "other is call 1");
    assert_eq!(made_first.await?.text(), "one, call 2");
    Ok(())
}

#[provider_test]
async fn s07_captures_go_with_the_first_poll(
    #[mock(
        latency = 1s,
        script = [on(user("in {city}")).reply("{city}"), reply("{city} again")],
    )]
    llm: MockProvider,
) {
    let mut paris = llm.answer(ask("in Paris"));
    assert!((&mut paris).now_or_never().is_none());

    assert_eq!(say(&llm, "where?").await, "Paris again");
    assert_eq!(paris.await.expect("a reply").text(), "Paris");
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
