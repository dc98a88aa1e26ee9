use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use super::Engine;
use super::play::Playback;
use super::player::{Player, later};
use crate::error::ProviderError;
use crate::journal::Outcome;
use crate::report;
use crate::request::Request;

/// A call on its way to the beginning of its answer. Nothing has happened until it is first polled.
pub(super) enum Opening {
    Unpolled(Arc<Engine>, Request),
    Waiting(Box<Player>),
    Done,
}

impl Opening {
    /// Claims a turn at the first poll, then waits until the answer begins.
    #[inline]
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        streamed: bool,
    ) -> Poll<Result<Box<Player>, ProviderError>> {
        let mut player = match std::mem::replace(self, Opening::Done) {
            Opening::Unpolled(engine, request) => claim(engine, request, streamed)?,
            Opening::Waiting(player) => player,
            Opening::Done => panic!("an answer was polled after it was complete"),
        };
        match player.poll_beginning(cx) {
            Poll::Ready(begun) => Poll::Ready(begun.map(|()| player)),
            Poll::Pending => {
                *self = Opening::Waiting(player);
                Poll::Pending
            }
        }
    }
}

fn claim(
    engine: Arc<Engine>,
    request: Request,
    streamed: bool,
) -> Result<Box<Player>, ProviderError> {
    let (mut ticket, chosen) = engine.claim(request, streamed)?;
    let latency = ticket.latency();
    let turn = &ticket.scenario().turns[chosen.turn];
    if (!latency.is_zero() || turn.takes_time()) && Handle::try_current().is_err() {
        let error = ticket.unsupported(report::NO_RUNTIME.to_owned());
        ticket.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let begins = later(ticket.start, latency);
    let playback = Playback::new(ticket, chosen, streamed);
    Ok(Box::new(Player::new(playback, begins)))
}
