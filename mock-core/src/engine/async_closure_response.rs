//! The answer of an async closure. The closure runs when the answer begins, and the answer waits for it as at a gate.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::time::Instant;

use super::closure_response::{AnswerWithVectors, ClosureResponse, chat_only};
use super::playback::{Playback, Step};
use super::player::Player;
use crate::chat::error::ProviderError;
use crate::journal::calls::Outcome;
use crate::scenario::ClosureFuture;

impl Player {
    /// Waits for the closure. If the turn breaks off before that, returns how the answer begins then.
    #[cold]
    pub(super) fn poll_response(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(), ProviderError>>> {
        #[cfg(feature = "record")]
        if self.asks_for_embeddings() {
            ready!(self.poll_live_embedding(cx));
            return Poll::Ready(None);
        }
        #[cfg(feature = "record")]
        if self.asks_for_a_stream() {
            ready!(self.poll_live(cx));
            return Poll::Ready(None);
        }
        let response = match &mut self.response {
            Some(response) => response,
            none => none.insert(Mutex::new(self.playback.ask_for_response())),
        };
        let response = response.get_mut().unwrap_or_else(PoisonError::into_inner);
        let guard = &self.playback.guard;
        if let Poll::Ready(answer) = guard.ask(|| response.as_mut().poll(cx)) {
            self.response = None;
            self.playback.set_response(answer.map(chat_only));
            self.go_on(Instant::now());
            return Poll::Ready(None);
        }
        self.leave_first_poll();
        let step = ready!(self.poll_break(cx));
        self.response = None;
        self.playback.awaits = false;
        Poll::Ready(Some(match step {
            Some(Step::Error(error)) => {
                self.end(Outcome::Failed(ProviderError::clone(&error)));
                Err(*error)
            }
            step => {
                self.next = step;
                Ok(())
            }
        }))
    }
}

impl Playback {
    /// Calls the turn's async closure. The future that it returns has not been polled yet.
    fn ask_for_response(&self) -> ClosureFuture {
        let responder = self.turn().async_responder();
        let request = self.guard.call().request().clone();
        let future = responder.and_then(|responder| self.guard.ask(|| responder.start(request)));
        // There is always a future here: only a turn with an async closure is asked.
        future.unwrap_or_else(|| Box::pin(std::future::pending()))
    }

    /// Continues with the answer of the closure, or of a provider.
    pub(super) fn set_response(&mut self, answer: Result<AnswerWithVectors, ProviderError>) {
        let turn = self.guard.scenario().turn(self.chosen.turn);
        let response = ClosureResponse::new(turn, answer, &self.guard);
        self.chosen.closure_response = Some(Arc::new(response));
        self.awaits = false;
    }
}
