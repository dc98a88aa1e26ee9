use std::sync::Arc;

use tokio::runtime::Handle;

use super::play::Playback;
use super::player::{Player, later};
use super::ticket::Ticket;
use super::{Chosen, Engine};
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
    let (_, claimed) = engine.claim(request, streamed);
    let (ticket, chosen) = claimed?;
    begin(ticket, chosen, streamed)
}

/// Claims a turn, and tells the number of the call.
#[cfg(feature = "server")]
pub(super) fn claim_numbered(
    engine: Arc<Engine>,
    request: Request,
    streamed: bool,
) -> (usize, Result<Player, ProviderError>) {
    let (number, claimed) = engine.claim(request, streamed);
    let begun = claimed.and_then(|(ticket, chosen)| begin(ticket, chosen, streamed));
    (number, begun)
}

#[inline]
fn begin(mut ticket: Ticket, chosen: Chosen, streamed: bool) -> Result<Player, ProviderError> {
    let latency = ticket.latency();
    let turn = ticket.scenario().turn(chosen.turn);
    if (!latency.is_zero() || turn.takes_time()) && Handle::try_current().is_err() {
        let error = ticket.unsupported(report::NO_RUNTIME.to_owned());
        ticket.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let begins = later(ticket.start, latency);
    let playback = Playback::new(ticket, chosen, streamed);
    Ok(Player::new(playback, begins))
}
