//! Retries with `backon`: after a failure that may pass, up to three times, and as late as the provider says.
//!
//! ```text
//! cargo run --example retries
//! ```
//!
//! The clock is paused, as it is in the tests below: each wait is exact, and takes no time. A retry crate that waits through tokio works in
//! the same way. Turn off jitter, or give it a seed.

use backon::{ExponentialBuilder, Retryable as _};
use mock_core::{MockProvider, ProviderError, Request, mock_provider};

mock_provider!(
    Busy = openai("gpt-4o"),
    latency = 250ms,
    script = [
        fail(overloaded),
        fail(rate_limit {
            retry_after: 7500ms
        }),
        reply("I am back."),
    ],
);

/// Code under test: it asks up to three times more, after 1 s, 2 s and 4 s, or after the time that the provider names.
async fn ask(llm: &MockProvider) -> Result<String, ProviderError> {
    let request = || llm.answer(Request::new("gpt-4o").user("Are you there?"));
    let answer = request
        .retry(ExponentialBuilder::default().with_max_times(3))
        .when(ProviderError::is_retryable)
        .adjust(|error, wait| wait.map(|wait| error.retry_after.unwrap_or(wait)))
        .await?;
    Ok(answer.text().into_owned())
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() -> Result<(), ProviderError> {
    let llm = Busy::new();
    let answer = ask(&llm).await?;
    println!("{answer}");
    print!("{}", llm.timings());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mock_core::builder::{ms, secs};
    use mock_core::{ErrorKind, provider_test};

    use super::*;

    /// When each try started.
    fn starts(llm: &MockProvider) -> Vec<Duration> {
        llm.calls().iter().map(|call| call.started_at()).collect()
    }

    #[provider_test]
    async fn it_waits_a_second_and_then_as_long_as_the_provider_says(
        llm: Busy,
    ) -> Result<(), ProviderError> {
        assert_eq!(ask(&llm).await?, "I am back.");

        assert_eq!(starts(&llm), [ms(0), ms(1_250), ms(9_000)]);
        llm.assert_waited_retry_after();
        Ok(())
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

    #[provider_test(sweep = fail)]
    async fn no_failure_passes_for_an_answer(
        #[mock(reply("I am back."))] llm: MockProvider,
    ) -> Result<(), ProviderError> {
        assert_eq!(ask(&llm).await?, "I am back.");
        Ok(())
    }
}
