//! What a player does for a server alone.

use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(feature = "record")]
use tokio::time::Instant;

use super::Player;
use crate::chat::error::ProviderError;
use crate::chat::finish_and_usage::Usage;
use crate::chat::response::Response;
use crate::engine::Ids;
#[cfg(feature = "record")]
use crate::engine::closure_response::chat_only;
use crate::engine::playback::Step;
#[cfg(feature = "record")]
use crate::journal::calls::Outcome;
#[cfg(feature = "record")]
use crate::scenario::TurnIndex;
use crate::scenario::{Str, Turn};

impl Player {
    /// Makes ids as the provider does, from now on.
    pub(crate) fn set_ids(&mut self, ids: Ids) {
        self.playback.ids = Some(ids);
    }

    /// Returns the turn that is played.
    pub(crate) fn turn(&self) -> &Turn {
        self.playback.turn()
    }

    /// Returns the recorded body of the turn that is played, if it is not a text.
    #[cfg(feature = "cassette")]
    pub(crate) fn recorded_bytes(&self) -> Option<Vec<u8>> {
        self.turn().replay.exchange()?.binary.clone()
    }

    /// Whether the call is answered by `otherwise`.
    #[cfg(feature = "record")]
    pub(crate) fn is_otherwise(&self) -> bool {
        self.playback.chosen.turn == TurnIndex::Otherwise
    }

    /// Records that the caller has received a part of an answer that is made elsewhere.
    #[cfg(feature = "record")]
    pub(crate) fn deliver_from_elsewhere(&mut self) {
        self.leave_first_poll();
        self.playback.deliver(Some(Instant::now()));
    }

    /// Records the end of an answer that was made elsewhere, and what it says, if that can be read.
    #[cfg(feature = "record")]
    pub(crate) fn end_elsewhere(&mut self, answer: Option<Response>, outcome: Outcome) {
        self.leave_first_poll();
        if let Some(answer) = answer {
            self.playback.set_response(Ok(chat_only(answer.verbatim())));
        }
        self.end(outcome);
    }

    /// When the call started.
    pub(crate) fn started_at(&self) -> Duration {
        self.playback.guard.call().started_at()
    }

    /// Returns whether it waits for a timer.
    pub(crate) fn waits_for_time(&self) -> bool {
        self.sleep.as_ref().is_some_and(|sleep| !sleep.is_elapsed())
    }

    /// Returns the usage of the answer so far; `None` if it has none.
    pub(crate) fn usage(&self) -> Option<Usage> {
        self.playback.usage_now()
    }

    /// Returns the whole answer as soon as it has its finish, whatever comes after that.
    pub(crate) fn poll_answer_to_finish(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, ProviderError>> {
        self.poll_whole(cx, true)
    }

    /// Returns the answer up to the place where it broke off.
    pub(crate) fn take_received(&mut self) -> Response {
        match self.received.take() {
            Some(response) => *response,
            None => self.response(),
        }
    }

    /// Returns the next frame of a raw answer as soon as it is due.
    pub(crate) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Str, ProviderError>>> {
        self.poll_due_step(cx, |player, step| match step {
            Step::Frame(frame) => {
                player.playback.deliver(player.came_at);
                Some(Ok(frame))
            }
            last => player.end_with(last),
        })
    }
}
