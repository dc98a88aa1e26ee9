//! [`Provider`]: a provider trait for those who have none of their own.

use async_trait::async_trait;
use futures_core::stream::BoxStream;

use crate::chat::capabilities::Capabilities;
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;

/// The events of a streamed answer, as [`Provider::stream`] returns them.
pub type BoxEventStream = BoxStream<'static, Result<StreamEvent, ProviderError>>;

/// A provider of language models.
///
/// If your project has such a trait, keep it: implement it for a newtype around [`MockProvider`](crate::MockProvider). If it has none, you can
/// use this one. Every mock implements it.
///
/// ```
/// use async_trait::async_trait;
/// use mock_core::{BoxEventStream, MockProvider, Provider, ProviderError, Request, Response, builder::*};
///
/// /// A provider that asks another one again after a failure.
/// struct Retry<P>(P);
///
/// #[async_trait]
/// impl<P: Provider> Provider for Retry<P> {
///     async fn chat(&self, request: Request) -> Result<Response, ProviderError> {
///         match self.0.chat(request.clone()).await {
///             Err(error) if error.is_retryable() => self.0.chat(request).await,
///             answer => answer,
///         }
///     }
///
///     async fn stream(&self, request: Request) -> Result<BoxEventStream, ProviderError> {
///         self.0.stream(request).await
///     }
///
///     fn name(&self) -> &str {
///         self.0.name()
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), ProviderError> {
/// let llm = Retry(MockProvider::script([fail(overloaded()), reply("Hi.")]));
/// assert_eq!(llm.chat(Request::new("gpt-4o").user("Hello")).await?.text(), "Hi.");
/// # Ok(()) }
/// ```
#[async_trait]
pub trait Provider: Send + Sync {
    /// Answers a request.
    async fn chat(&self, request: Request) -> Result<Response, ProviderError>;

    /// Answers a request with a stream of events. The last one is the finish event.
    async fn stream(&self, request: Request) -> Result<BoxEventStream, ProviderError>;

    /// Returns the embeddings of texts. By default a provider has none: an error of the kind [`Unsupported`](ErrorKind::Unsupported).
    async fn embed(&self, _request: EmbeddingRequest) -> Result<EmbeddingResponse, ProviderError> {
        let mut error = ProviderError::new(ErrorKind::Unsupported);
        error.message = format!("the provider `{}` has no embeddings", self.name());
        Err(error)
    }

    /// Returns the provider's name.
    fn name(&self) -> &str;

    /// Returns what it supports: everything by default.
    fn capabilities(&self) -> Capabilities {
        Capabilities::ALL
    }
}
