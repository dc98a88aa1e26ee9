//! A call that has not been polled yet, and the claim of its turn.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::claim_turn::ClaimedTurn;
use super::playback::Playback;
use super::playback::single_text::one_text;
use super::player::{Player, later};
use super::running_call::CallGuard;
use super::{Engine, Mode, Origin};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::journal::calls::Outcome;
use crate::report;
use crate::scenario::TurnIndex;

/// A call before its answer begins, or before it ends. Nothing happens until it is first polled.
pub(super) struct PendingCall<R> {
    /// The request, until the first poll.
    pub(super) unpolled: Option<(Arc<Engine>, R)>,
    /// The answer, while it is awaited.
    pub(super) player: Option<Box<Player>>,
}

impl<R> PendingCall<R> {
    #[inline]
    pub(super) fn new(engine: Arc<Engine>, request: R) -> Self {
        PendingCall {
            unpolled: Some((engine, request)),
            player: None,
        }
    }

    /// Takes the answer that is awaited. It is put back if it has to wait.
    ///
    /// # Panics
    /// If it is complete.
    pub(super) fn take_player(&mut self) -> Box<Player> {
        match self.player.take() {
            Some(player) => player,
            None => panic!("an answer was polled after it was complete"),
        }
    }
}

/// Records a request that nobody awaited.
impl<R> Drop for PendingCall<R> {
    #[inline]
    fn drop(&mut self) {
        if let Some((engine, _)) = &self.unpolled {
            engine.note_unpolled();
        }
    }
}

/// A call that has claimed its turn, before the turn is played.
pub(crate) struct ClaimedCall {
    guard: CallGuard,
    chosen: ClaimedTurn,
    streamed: bool,
    begins: Instant,
}

impl ClaimedCall {
    /// Answers at once, if the answer is one text. A player is large, and most answers need none.
    #[inline]
    pub(super) fn one_text(&mut self) -> Option<Response> {
        if self.begins != self.guard.start {
            return None;
        }
        let response = one_text(&self.guard, &self.chosen)?;
        self.guard.end(Outcome::Completed);
        Some(response)
    }

    /// Plays the turn.
    #[inline]
    pub(crate) fn play(self) -> Player {
        Player::new(
            Playback::new(self.guard, self.chosen, self.streamed),
            self.begins,
        )
    }

    /// Like [`play`](Self::play), in a box: some answers are boxed anyway.
    #[inline(never)]
    pub(crate) fn play_boxed(self) -> Box<Player> {
        Box::new(self.play())
    }
}

/// Claims a turn.
pub(super) fn claim(
    engine: Arc<Engine>,
    request: Request,
    mode: Mode,
) -> Result<ClaimedCall, ProviderError> {
    claim_telling(engine, request, mode, Origin::InProcess, None)
}

/// Claims a turn, and returns the number of the call even if no turn answers.
pub(crate) fn claim_telling(
    engine: Arc<Engine>,
    request: Request,
    mode: Mode,
    origin: Origin,
    tell: Option<&mut dyn FnMut(usize)>,
) -> Result<ClaimedCall, ProviderError> {
    let streamed = matches!(mode, Mode::Streamed);
    let is_served = !matches!(origin, Origin::InProcess);
    let (mut guard, chosen) = engine.claim(request, mode, origin, tell)?;
    if guard.engine.expects_stable_prompts() && !is_served {
        let error = guard.unsupported(report::NO_PROMPT.to_owned());
        guard.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    // Most scenarios take no time: skipping the check of the turn saves 1.5 % of a call.
    let begins = match guard.engine.summary.takes_time {
        true => begins(&mut guard, chosen.turn)?,
        false => guard.start,
    };
    Ok(ClaimedCall {
        guard,
        chosen,
        streamed,
        begins,
    })
}

/// Returns when an answer begins, after the latency.
#[cold]
fn begins(guard: &mut CallGuard, turn: TurnIndex) -> Result<Instant, ProviderError> {
    let latency = guard.latency();
    let takes_time = !latency.is_zero() || guard.scenario().turn(turn).takes_time();
    if takes_time && Handle::try_current().is_err() {
        let error = guard.unsupported(report::NO_RUNTIME.to_owned());
        guard.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    Ok(later(guard.start, latency))
}
