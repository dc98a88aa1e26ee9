//! A client made of tower's own layers: it limits its rate, retries what may succeed later, and gives up what takes too long.
//!
//! It takes any service of requests to a model: a real client in production, a mock in tests.

use std::time::Duration;

use mock_core::{ProviderError, Request, Response};
use tokio::time::Sleep;
use tower::retry::Policy;
use tower::{BoxError, Service, ServiceBuilder};

/// How the client behaves.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many requests it sends within a second.
    pub per_second: u64,
    /// How often it tries again.
    pub retries: usize,
    /// How long one try may take.
    pub timeout: Duration,
}

/// The client: tower's rate limit around its retry around its time-out around `service`.
pub fn client<S>(
    service: S,
    limits: Limits,
) -> impl Service<Request, Response = Response, Error = BoxError>
where
    S: Service<Request, Response = Response, Error = ProviderError> + Clone,
{
    ServiceBuilder::new()
        .rate_limit(limits.per_second, Duration::from_secs(1))
        .retry(RetryAfter {
            left: limits.retries,
        })
        .timeout(limits.timeout)
        .service(service)
}

/// Tries again after the time that the provider names, or after one second.
#[derive(Debug, Clone, Copy)]
pub struct RetryAfter {
    left: usize,
}

impl Policy<Request, Response, BoxError> for RetryAfter {
    type Future = Sleep;

    fn retry(&mut self, _: &mut Request, result: &mut Result<Response, BoxError>) -> Option<Sleep> {
        let error = result.as_ref().err()?.downcast_ref::<ProviderError>()?;
        if !error.is_retryable() {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        let wait = error.retry_after.unwrap_or(Duration::from_secs(1));
        Some(tokio::time::sleep(wait))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}
