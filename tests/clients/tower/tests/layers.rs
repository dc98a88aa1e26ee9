//! Tower's retry, time-out and rate limit on mocks, on virtual time.

use std::time::Duration;

use mock_core::builder::{ms, secs};
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, provider_test};
use tokio::time::Instant;
use tower::{BoxError, Service as _, ServiceExt as _};
use tower_on_mocks::{Limits, client};

const LIMITS: Limits = Limits {
    per_second: 2,
    retries: 2,
    timeout: Duration::from_secs(10),
};

fn request() -> Request {
    Request::new("gpt-4o").user("hello")
}

fn starts(llm: &MockProvider) -> Vec<Duration> {
    llm.calls().iter().map(|call| call.started_at()).collect()
}

fn kind(error: &BoxError) -> Option<ErrorKind> {
    Some(error.downcast_ref::<ProviderError>()?.kind)
}

#[provider_test]
async fn retry_waits_as_long_as_the_provider_says(
    #[mock(fail(rate_limit { retry_after: 2500ms }).times(2), reply("Hi."))] llm: MockProvider,
) {
    let response = client(llm.clone(), LIMITS).oneshot(request()).await;

    assert_eq!(response.expect("an answer").text(), "Hi.");
    assert_eq!(starts(&llm), [ms(0), ms(2_500), ms(5_000)]);
    llm.assert_waited_retry_after();
}

#[provider_test]
async fn retry_waits_a_second_if_the_provider_says_nothing(
    #[mock(latency = 250ms, script = [fail(overloaded).times(2), reply("Hi.")])] llm: MockProvider,
) {
    let response = client(llm.clone(), LIMITS).oneshot(request()).await;

    assert_eq!(response.expect("an answer").text(), "Hi.");
    assert_eq!(starts(&llm), [ms(0), ms(1_250), ms(2_500)]);
}

#[provider_test]
async fn retry_gives_up(#[mock(fail(overloaded).times(3))] llm: MockProvider) {
    let error = client(llm.clone(), LIMITS).oneshot(request()).await;

    assert_eq!(
        kind(&error.expect_err("a failure")),
        Some(ErrorKind::Overloaded)
    );
    assert_eq!(starts(&llm), [secs(0), secs(1), secs(2)]);
}

#[provider_test]
async fn an_error_that_is_not_retryable_is_not_retried(#[mock(fail(auth))] llm: MockProvider) {
    let error = client(llm.clone(), LIMITS).oneshot(request()).await;

    assert_eq!(kind(&error.expect_err("a failure")), Some(ErrorKind::Auth));
    assert_eq!(starts(&llm), [secs(0)]);
}

#[provider_test]
async fn a_slow_answer_is_given_up(#[mock(reply("Hi.").ttft(60s))] llm: MockProvider) {
    let start = Instant::now();
    let error = client(llm.clone(), LIMITS).oneshot(request()).await;

    let error = error.expect_err("it takes too long");
    assert!(error.is::<tower::timeout::error::Elapsed>(), "{error}");
    assert_eq!(start.elapsed(), LIMITS.timeout);
    assert_eq!(llm.calls()[0].ended_at(), Some(LIMITS.timeout));
}

#[provider_test]
async fn the_rate_is_limited(#[mock(reply("Hi.").times(5))] llm: MockProvider) {
    let mut client = client(llm.clone(), LIMITS);
    for _ in 0..5 {
        let ready = client.ready().await.expect("a mock is always ready");
        ready.call(request()).await.expect("an answer");
    }

    let seconds: Vec<_> = llm
        .calls()
        .iter()
        .map(|call| call.started_at().as_secs())
        .collect();
    assert_eq!(seconds, [0, 0, 1, 1, 2]);
}
