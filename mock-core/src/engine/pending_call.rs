use std::sync::Arc;

use tokio::runtime::Handle;

use super::play::Playback;
use super::player::{Player, later};
use super::{Engine, Mode, Origin};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::journal::calls::Outcome;
use crate::report;

/// A call before its answer begins, or before it ends. Nothing happens until it is first polled.
pub(super) enum PendingCall<R> {
    Unpolled(Arc<Engine>, R),
    Waiting(Box<Player>),
    Done,
}

impl<R> PendingCall<R> {
    /// The current state. It is put back if it has to wait.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, PendingCall::Done)
    }

    /// Records a request that nobody awaited, if this is one.
    #[inline]
    pub(super) fn note_unpolled(&self) {
        if let PendingCall::Unpolled(engine, _) = self {
            engine.note_unpolled();
        }
    }
}

/// The panic message for polling a completed answer.
pub(super) fn polled_again() -> ! {
    panic!("an answer was polled after it was complete")
}

/// Claims a turn.
pub(super) fn claim(
    engine: Arc<Engine>,
    request: Request,
    mode: Mode,
) -> Result<Player, ProviderError> {
    claim_telling(engine, request, mode, Origin::InProcess, |_| {})
}

/// Claims a turn, and returns the number of the call even if no turn answers.
pub(crate) fn claim_telling(
    engine: Arc<Engine>,
    request: Request,
    mode: Mode,
    origin: Origin,
    tell: impl FnOnce(usize),
) -> Result<Player, ProviderError> {
    let streamed = matches!(mode, Mode::Streamed);
    let is_served = !matches!(origin, Origin::InProcess);
    let (mut guard, chosen) = engine.claim(request, mode, origin, tell)?;
    if guard.engine.expects_stable_prompts() && !is_served {
        let error = guard.unsupported(report::NO_PROMPT.to_owned());
        guard.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let latency = guard.latency();
    let turn = guard.scenario().turn(chosen.turn);
    if (!latency.is_zero() || turn.takes_time()) && Handle::try_current().is_err() {
        let error = guard.unsupported(report::NO_RUNTIME.to_owned());
        guard.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let begins = later(guard.start, latency);
    Ok(Player::new(Playback::new(guard, chosen, streamed), begins))
}
