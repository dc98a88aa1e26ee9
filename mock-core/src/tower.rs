//! A mock is a `tower::Service<Request>`, so that layers can be tested on it. Feature `tower`.

use std::task::{Context, Poll};

use tower_service::Service;

use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::ResponseFuture;
use crate::mock::MockProvider;

/// Always ready; each call is answered as by [`MockProvider::answer`].
impl Service<Request> for MockProvider {
    type Response = Response;
    type Error = ProviderError;
    type Future = ResponseFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ProviderError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> ResponseFuture {
        self.answer(request)
    }
}
