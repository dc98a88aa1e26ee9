//! A mock as a [`Provider`].

use std::pin::Pin;

use super::MockProvider;
use crate::chat::capabilities::Capabilities;
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::provider::{BoxEventStream, Provider};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::{EmbeddingFuture, EventStreamFuture, ResponseFuture};

/// The methods are written as `async_trait` expands them. In an `async` block of each, the compiler would prove anew for its lifetimes that all
/// types of the engine are `Send`, which takes a tenth of the time that it needs for this crate.
impl Provider for MockProvider {
    fn chat<'a, 'b>(&'a self, request: Request) -> BoxFuture<'b, Response>
    where
        'a: 'b,
        Self: 'b,
    {
        boxed(self.answer(request))
    }

    fn stream<'a, 'b>(&'a self, request: Request) -> BoxFuture<'b, BoxEventStream>
    where
        'a: 'b,
        Self: 'b,
    {
        boxed_stream(self.answer_stream(request))
    }

    fn embed<'a, 'b>(&'a self, request: EmbeddingRequest) -> BoxFuture<'b, EmbeddingResponse>
    where
        'a: 'b,
        Self: 'b,
    {
        boxed_embedding(self.answer_embedding(request))
    }

    fn name(&self) -> &str {
        self.scenario().provider_name()
    }

    fn capabilities(&self) -> Capabilities {
        self.scenario().capabilities
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ProviderError>> + Send + 'a>>;

fn boxed(answer: ResponseFuture) -> BoxFuture<'static, Response> {
    Box::pin(answer)
}

fn boxed_stream(answer: EventStreamFuture) -> BoxFuture<'static, BoxEventStream> {
    Box::pin(async { Ok(Box::pin(answer.await?) as BoxEventStream) })
}

fn boxed_embedding(answer: EmbeddingFuture) -> BoxFuture<'static, EmbeddingResponse> {
    Box::pin(answer)
}
