//! A provider whose answers are recorded in process: [`RecordedProvider`].

use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use async_trait::async_trait;
use futures_core::Stream;
use mock_cassette::Interaction;
use tokio::runtime::Handle;
use tokio::time::Instant;

use super::in_process_exchange::{Answered, Question, exchange};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::provider::{BoxEventStream, Provider};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::record::tape::{Take, Tape};

/// A provider whose answers are recorded. Nobody need wait for an answer: it is recorded to its end.
pub(super) struct RecordedProvider<P> {
    provider: Arc<P>,
    tape: Arc<Tape>,
}

impl<P: Provider + 'static> RecordedProvider<P> {
    pub(super) fn new(provider: P, tape: Arc<Tape>) -> Self {
        RecordedProvider {
            provider: Arc::new(provider),
            tape,
        }
    }

    /// # Errors
    /// If an API key is not set, so that the provider cannot be asked.
    fn begin(&self, question: Question) -> Result<ExchangeInProgress, ProviderError> {
        let name = self.provider.name();
        let take = self.tape.begin(Interaction::new("request to", name));
        let take = take.permit().map_err(|problem| {
            let mut error = ProviderError::new(ErrorKind::Auth);
            error.message = problem;
            error
        })?;
        Ok(ExchangeInProgress {
            take: Some(take),
            provider: name.to_owned(),
            question,
        })
    }
}

/// An exchange in progress.
struct ExchangeInProgress {
    /// `None` once it is over.
    take: Option<Take>,
    provider: String,
    question: Question,
}

impl ExchangeInProgress {
    fn end(&mut self, answered: &Answered) {
        let Some(take) = self.take.take() else {
            return;
        };
        match exchange(&self.provider, &self.question, answered) {
            Ok(interaction) => take.end_with(interaction),
            Err(problem) => take.fail(problem),
        }
    }
}

#[async_trait]
impl<P: Provider + 'static> Provider for RecordedProvider<P> {
    async fn chat(&self, request: Request) -> Result<Response, ProviderError> {
        let mut exchange = self.begin(Question::Chat(request.clone()))?;
        let provider = Arc::clone(&self.provider);
        let task = tokio::spawn(async move {
            let answer = provider.chat(request).await;
            exchange.end(&match &answer {
                Ok(response) => Answered::Whole(Box::new(response.clone())),
                Err(error) => Answered::Failed(error.clone()),
            });
            answer
        });
        task.await
            .unwrap_or_else(|error| resume_unwind(error.into_panic()))
    }

    async fn stream(&self, request: Request) -> Result<BoxEventStream, ProviderError> {
        let mut exchange = self.begin(Question::Chat(request.clone()))?;
        let began = Instant::now();
        let provider = Arc::clone(&self.provider);
        let task = tokio::spawn(async move {
            match provider.stream(request).await {
                Ok(stream) => Ok(RecordedStream(Some(RecordedStreamInProgress {
                    stream,
                    exchange,
                    began,
                    events: Vec::new(),
                }))),
                Err(error) => {
                    exchange.end(&Answered::Failed(error.clone()));
                    Err(error)
                }
            }
        });
        let stream = task
            .await
            .unwrap_or_else(|error| resume_unwind(error.into_panic()))?;
        Ok(Box::pin(stream))
    }

    async fn embed(&self, request: EmbeddingRequest) -> Result<EmbeddingResponse, ProviderError> {
        let mut exchange = self.begin(Question::Embeddings(request.clone()))?;
        let provider = Arc::clone(&self.provider);
        let task = tokio::spawn(async move {
            let answer = provider.embed(request).await;
            exchange.end(&match &answer {
                Ok(response) => Answered::Embedded(Box::new(response.clone())),
                Err(error) => Answered::Failed(error.clone()),
            });
            answer
        });
        task.await
            .unwrap_or_else(|error| resume_unwind(error.into_panic()))
    }

    fn name(&self) -> &str {
        self.provider.name()
    }
}

/// The events of an answer that is recorded.
struct RecordedStream(Option<RecordedStreamInProgress>);

struct RecordedStreamInProgress {
    stream: BoxEventStream,
    exchange: ExchangeInProgress,
    began: Instant,
    events: Vec<(std::time::Duration, StreamEvent)>,
}

impl RecordedStreamInProgress {
    /// Returns the next event, and whether it is the last.
    fn poll_event(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<(Option<Result<StreamEvent, ProviderError>>, bool)> {
        let event = ready!(self.stream.as_mut().poll_next(cx));
        let is_last = match &event {
            Some(Ok(event)) => {
                self.events.push((self.began.elapsed(), event.clone()));
                matches!(event, StreamEvent::Finish { .. })
            }
            Some(Err(error)) => {
                self.fail(format!("the stream failed: {error}"));
                true
            }
            None => {
                self.fail("the stream ended without its finish event".to_owned());
                true
            }
        };
        if is_last {
            let events = std::mem::take(&mut self.events);
            self.exchange.end(&Answered::Streamed(events));
        }
        Poll::Ready((event, is_last))
    }

    fn fail(&mut self, problem: String) {
        if let Some(take) = self.exchange.take.take() {
            take.fail(problem);
        }
    }
}

impl Stream for RecordedStream {
    type Item = Result<StreamEvent, ProviderError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(coming) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let (event, is_last) = ready!(coming.poll_event(cx));
        if is_last {
            self.0 = None;
        }
        Poll::Ready(event)
    }
}

impl Drop for RecordedStream {
    fn drop(&mut self) {
        if let Some(mut coming) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move {
                while !std::future::poll_fn(|cx| coming.poll_event(cx)).await.1 {}
            });
        }
    }
}
