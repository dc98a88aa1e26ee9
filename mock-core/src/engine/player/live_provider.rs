//! The events of a provider that is recorded, as they come.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::time::Instant;

use super::Player;
use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::provider::{BoxEventStream, Provider};
use crate::engine::closure_response::ClosureResponse;
use crate::engine::playback::Step;
use crate::scenario::{Action, Responder};

/// The stream of a provider. The mutexes only make the player `Sync`; nobody locks them.
pub(in crate::engine) enum Live {
    Opening(Mutex<Opening>),
    Open(Mutex<BoxEventStream>),
    Embedding(Mutex<Embedding>),
}

type Embedding = Pin<Box<dyn Future<Output = Result<EmbeddingResponse, ProviderError>> + Send>>;

type Opening = Pin<Box<dyn Future<Output = Result<BoxEventStream, ProviderError>> + Send>>;

impl Player {
    /// Whether the answer is a stream of a real provider.
    pub(in crate::engine) fn asks_for_a_stream(&self) -> bool {
        self.playback.is_streamed() && self.provider().is_some()
    }

    /// Whether the answer is embeddings of a real provider.
    pub(in crate::engine) fn asks_for_embeddings(&self) -> bool {
        self.playback.guard.call().is_embedding() && self.provider().is_some()
    }

    /// Waits until the vectors are there, or the provider fails.
    pub(in crate::engine) fn poll_live_embedding(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.live.is_none()
            && let (Some(provider), Some(request)) =
                (self.provider(), self.playback.guard.call().embedding())
        {
            let (provider, request) = (Arc::clone(provider), request.clone());
            let embedding = async move { provider.embed(request).await };
            self.live = Some(Live::Embedding(Mutex::new(Box::pin(embedding))));
        }
        let Some(Live::Embedding(embedding)) = &mut self.live else {
            return Poll::Ready(());
        };
        let embedding = embedding.get_mut().unwrap_or_else(PoisonError::into_inner);
        let polled = embedding.as_mut().poll(cx);
        self.leave_first_poll();
        let answer = ready!(polled);
        self.live = None;
        let answer = answer.map(EmbeddingResponse::into_response);
        self.playback.set_response(answer);
        self.go_on(Instant::now());
        Poll::Ready(())
    }

    fn provider(&self) -> Option<&Arc<dyn Provider>> {
        let responder = self.playback.turn().async_responder();
        responder.and_then(Responder::provider)
    }

    /// Waits until the stream begins, or the provider fails.
    pub(in crate::engine) fn poll_live(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.live.is_none()
            && let Some(provider) = self.provider()
        {
            let provider = Arc::clone(provider);
            let request = self.playback.guard.call().request().clone();
            let opening = async move { provider.stream(request).await };
            self.live = Some(Live::Opening(Mutex::new(Box::pin(opening))));
        }
        let Some(Live::Opening(opening)) = &mut self.live else {
            return Poll::Ready(());
        };
        let opening = opening.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Poll::Ready(opened) = opening.as_mut().poll(cx) else {
            self.leave_first_poll();
            return Poll::Pending;
        };
        self.leave_first_poll();
        self.live = None;
        match opened {
            Ok(stream) => {
                let mut turn = self.playback.turn().clone();
                turn.actions = vec![Action::Driven("the provider".into())].into();
                self.playback.chosen.closure_response =
                    Some(Arc::new(ClosureResponse::from_turn(turn)));
                self.playback.awaits = false;
                self.live = Some(Live::Open(Mutex::new(stream)));
            }
            Err(error) => self.playback.set_response(Err(error)),
        }
        self.go_on(Instant::now());
        Poll::Ready(())
    }

    /// Returns what happens next in the stream of a provider, if there is one.
    pub(super) fn poll_live_event(&mut self, cx: &mut Context<'_>) -> Option<Poll<Option<Step>>> {
        let Some(Live::Open(stream)) = &mut self.live else {
            return None;
        };
        let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
        let polled = stream.as_mut().poll_next(cx);
        self.leave_first_poll();
        Some(polled.map(|event| {
            self.go_on(Instant::now());
            Some(match event {
                Some(Ok(event)) => self.playback.driven(event),
                Some(Err(error)) => {
                    self.playback.end_driven(true);
                    Step::error(error)
                }
                None => self.playback.end_live(),
            })
        }))
    }
}
