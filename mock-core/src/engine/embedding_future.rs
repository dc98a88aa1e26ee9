//! Answers to requests for embeddings.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::pending_call::{PendingCall, claim};
use super::playback::Playback;
use super::player::Player;
use super::vector_of_text::{DIMENSIONS, text_vector};
use super::{Engine, Mode};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::response::Response;

/// A future of the answer to a request for embeddings, returned by
/// [`MockProvider::answer_embedding`](crate::MockProvider::answer_embedding).
///
/// The first poll makes the call. If you drop the future before that, nothing has happened.
#[must_use = "a call counts only once it is awaited"]
pub struct EmbeddingFuture(PendingCall<EmbeddingRequest>);

impl EmbeddingFuture {
    pub(crate) fn new(engine: Arc<Engine>, request: EmbeddingRequest) -> Self {
        EmbeddingFuture(PendingCall::new(engine, request))
    }
}

/// # Panics
/// If polled again after it completed.
impl Future for EmbeddingFuture {
    type Output = Result<EmbeddingResponse, ProviderError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut player = match self.0.unpolled.take() {
            Some((engine, request)) => {
                let chat = request.as_request();
                let mode = Mode::Embedding(Box::new(request));
                claim(engine, chat, mode)?.play_boxed()
            }
            None => self.0.take_player(),
        };
        let answer = player.poll_embedding(cx);
        if answer.is_pending() {
            self.0.player = Some(player);
        }
        answer
    }
}

impl fmt::Debug for EmbeddingFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddingFuture").finish_non_exhaustive()
    }
}

impl Player {
    /// The vectors, as soon as they are due.
    pub(crate) fn poll_embedding(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<EmbeddingResponse, ProviderError>> {
        let response = ready!(self.poll_answer(cx));
        Poll::Ready(response.map(|response| self.playback.embedding(response)))
    }
}

impl Playback {
    /// The vectors of the turn, with what the answer says otherwise.
    fn embedding(&self, response: Response) -> EmbeddingResponse {
        let embedding = self.guard.call().embedding();
        let vectors = embedding.map(|request| self.vectors(request));
        EmbeddingResponse {
            model: response.model,
            embeddings: vectors.unwrap_or_default(),
            usage: response.usage,
            metadata: response.metadata,
            headers: response.headers,
        }
    }

    /// A vector for each input: the turn's own in order, or its only one for all. Those of a raw answer stay as they are.
    pub(super) fn vectors(&self, request: &EmbeddingRequest) -> Vec<Vec<f32>> {
        let own = self.turn().embeddings();
        let mut vectors = Vec::new();
        if self.is_verbatim() {
            for vector in own.iter().flatten() {
                vectors.push(vector.to_vec());
            }
            return vectors;
        }
        if own.is_empty() {
            return vectors;
        }
        let dimensions = request.dimensions.unwrap_or(DIMENSIONS);
        for (index, input) in request.inputs.iter().enumerate() {
            vectors.push(match own[index % own.len()] {
                Some(vector) => vector.to_vec(),
                None => text_vector(&input.text(), dimensions),
            });
        }
        vectors
    }
}
