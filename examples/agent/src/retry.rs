//! Retries with back-off.

use std::time::Duration;

use crate::llm::LlmError;

/// How often, and how patiently, a failed request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in total. There is always a first one, so 0 means the same as 1.
    pub attempts: u32,
    /// The wait after the first attempt, doubled after each one that follows.
    pub base: Duration,
    /// The longest wait, unless the provider asks for a longer one.
    pub max: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_millis(500),
            max: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Calls `call` until it succeeds, fails with an error that is not
    /// retryable, or has been attempted often enough, and returns what it
    /// returned last.
    ///
    /// `on_retry` hears of each error that is retried, and the wait before the
    /// next attempt.
    pub async fn run<T, F>(
        &self,
        mut on_retry: impl FnMut(&LlmError, Duration),
        mut call: impl FnMut() -> F,
    ) -> Result<T, LlmError>
    where
        F: Future<Output = Result<T, LlmError>>,
    {
        for retry in 0..self.attempts.saturating_sub(1) {
            match call().await {
                Err(error) if error.is_retryable() => {
                    let wait = error.retry_after().unwrap_or_else(|| self.backoff(retry));
                    on_retry(&error, wait);
                    tokio::time::sleep(wait).await;
                }
                result => return result,
            }
        }
        call().await
    }

    fn backoff(&self, retry: u32) -> Duration {
        let factor = 2u32.saturating_pow(retry);
        self.base.saturating_mul(factor).min(self.max)
    }
}
