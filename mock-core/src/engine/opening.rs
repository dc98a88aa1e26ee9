use std::sync::Arc;

use tokio::runtime::Handle;

use super::Engine;
use super::play::Playback;
use super::player::{Player, later};
use crate::error::ProviderError;
use crate::journal::Outcome;
use crate::report;
use crate::request::Request;

/// A call on its way to the beginning of its answer, or to its end. Nothing has happened until it is first polled.
pub(super) enum Opening {
    Unpolled(Arc<Engine>, Request),
    Waiting(Box<Player>),
    Done,
}

impl Opening {
    /// What is to be done now. What must wait afterwards is put back.
    pub(super) fn take(&mut self) -> Opening {
        std::mem::replace(self, Opening::Done)
    }

    /// Notes a request that nobody awaited, where this is one.
    #[inline]
    pub(super) fn note_unpolled(&self) {
        if let Opening::Unpolled(engine, _) = self {
            engine.note_unpolled();
        }
    }
}

/// What it is to poll an answer that was complete.
pub(super) fn polled_again() -> ! {
    panic!("an answer was polled after it was complete")
}

/// Claims a turn.
pub(super) fn claim(
    engine: Arc<Engine>,
    request: Request,
    streamed: bool,
) -> Result<Player, ProviderError> {
    claim_telling(engine, request, streamed, |_| {})
}

/// Claims a turn, and tells the number of the call, also where no turn answers.
pub(crate) fn claim_telling(
    engine: Arc<Engine>,
    request: Request,
    streamed: bool,
    tell: impl FnOnce(usize),
) -> Result<Player, ProviderError> {
    let (mut ticket, chosen) = engine.claim(request, streamed, tell)?;
    let latency = ticket.latency();
    let turn = ticket.scenario().turn(chosen.turn);
    if (!latency.is_zero() || turn.takes_time()) && Handle::try_current().is_err() {
        let error = ticket.unsupported(report::NO_RUNTIME.to_owned());
        ticket.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let begins = later(ticket.start, latency);
    Ok(Player::new(Playback::new(ticket, chosen, streamed), begins))
}
