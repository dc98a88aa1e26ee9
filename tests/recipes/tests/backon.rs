//! `backon`: its waits between tries are exact on the paused clock.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use mock_core::builder::{ms, secs};
use mock_core::{ErrorKind, MockProvider, ProviderError, Request, provider_test};

/// Asks up to three times more: after 1 s, 2 s and 4 s, or after the time that the provider names.
async fn ask(llm: &MockProvider) -> Result<String, ProviderError> {
    let request = || llm.answer(Request::new("gpt-4o").user("hello"));
    let answer = request
        .retry(ExponentialBuilder::default().with_max_times(3))
        .when(ProviderError::is_retryable)
        .adjust(|error, wait| wait.map(|wait| error.retry_after.unwrap_or(wait)))
        .await?;
    Ok(answer.text().into_owned())
}

fn starts(llm: &MockProvider) -> Vec<Duration> {
    llm.calls().iter().map(|call| call.started_at()).collect()
}

#[provider_test]
async fn it_waits_longer_after_each_failure(
    #[mock(latency = 250ms, script = [fail(overloaded).times(2), reply("Hi.")])] llm: MockProvider,
) {
    assert_eq!(ask(&llm).await.as_deref(), Ok("Hi."));
    assert_eq!(starts(&llm), [ms(0), ms(1_250), ms(3_500)]);
}

#[provider_test]
async fn it_waits_as_long_as_the_provider_says(
    #[mock(fail(rate_limit { retry_after: 7500ms }), reply("Hi."))] llm: MockProvider,
) {
    assert_eq!(ask(&llm).await.as_deref(), Ok("Hi."));
    assert_eq!(starts(&llm), [ms(0), ms(7_500)]);
    llm.assert_waited_retry_after();
}

#[provider_test]
async fn it_gives_up_after_the_fourth_failure(
    #[mock(fail(overloaded).times(4))] llm: MockProvider,
) {
    let error = ask(&llm).await.expect_err("it gives up");
    assert_eq!(error.kind, ErrorKind::Overloaded);
    assert_eq!(starts(&llm), [secs(0), secs(1), secs(3), secs(7)]);
}

#[provider_test]
async fn it_does_not_repeat_what_cannot_succeed(#[mock(fail(auth))] llm: MockProvider) {
    let error = ask(&llm).await.expect_err("the key is wrong");
    assert_eq!(error.kind, ErrorKind::Auth);
    assert_eq!(starts(&llm), [secs(0)]);
}
