//! S9: latency, before each answer: of one length, growing, or over the limit of its `timeout_over`.

use futures::TryStreamExt as _;
use futures::future::join_all;
use mock_core::builder::*;
use mock_core::{Call, ErrorKind, MockProvider, Outcome, ProviderError, provider_test};
use tokio::time::Instant;

use crate::helpers::{any_calls, ask, say, took};

#[provider_test]
async fn s09_a_growing_latency_grows_by_a_share_of_the_first() {
    let took = took(any_calls().latency(growing(ms(100), 0.10)), 4).await;
    assert_eq!(took, [100, 110, 120, 130].map(|millis| Some(ms(millis))));
}

#[provider_test]
async fn a_call_whose_latency_is_over_the_limit_times_out_at_once_and_claims_no_turn() {
    let latency = growing(ms(100), 0.5).timeout_over(ms(150));
    let turns = [reply("one"), reply("two"), reply("three").times(0..=1)];
    let scenario = script(turns).latency(latency);
    let llm = MockProvider::new(scenario);
    assert_eq!(
        (say(&llm, "1").await, say(&llm, "2").await),
        ("one".into(), "two".into())
    );
    let start = Instant::now();
    let error = llm.answer(ask("3")).await.expect_err("200 ms is too long");
    assert_eq!(
        (error.kind, &*error.message),
        (ErrorKind::Timeout, "the request timed out after 150ms")
    );
    assert!(error.is_retryable());
    let error = llm.answer_stream(ask("4")).await.expect_err("and 250 ms");
    assert_eq!((error.kind, start.elapsed()), (ErrorKind::Timeout, ms(0)));

    let turns: Vec<_> = llm.calls().iter().map(Call::turn).collect();
    assert_eq!(turns, [Some(0), Some(1), None, None]);
    assert_eq!(llm.calls()[3].outcome(), Some(&Outcome::Failed(error)));
    assert_eq!(llm.verify(), Ok(()), "a time-out does not fail the test");
    llm.reset();
    for answer in ["one", "two"] {
        assert_eq!(say(&llm, "again").await, answer);
    }
    assert_eq!(llm.calls()[1].ended_at(), Some(ms(250 + 100 + 150)));
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
async fn s09_calls_at_the_same_time_do_not_wait_for_each_other(
    #[mock(latency = 100ms, script = [reply("Hi.").times(3)])] llm: MockProvider,
) {
    let start = Instant::now();
    join_all((0..3).map(|_| say(&llm, "hello"))).await;
    assert_eq!(start.elapsed(), ms(100));
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
