use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::time::Sleep;

use super::play::Playback;
use super::player::{Player, later};
use super::{Claim, Engine};
use crate::error::ProviderError;
use crate::journal::Outcome;
use crate::report;
use crate::request::Request;

/// A call on its way to the beginning of its answer. Nothing has happened until it is first polled.
pub(super) enum Opening {
    Unpolled(Arc<Engine>, Request),
    Waiting(Box<Player>, Pin<Box<Sleep>>),
    Done,
}

impl Opening {
    /// Claims a turn at the first poll, then waits until the answer begins.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        streamed: bool,
    ) -> Poll<Result<Box<Player>, ProviderError>> {
        let (mut player, mut sleep) = match std::mem::replace(self, Opening::Done) {
            Opening::Unpolled(engine, request) => {
                let player = claim(&engine, request, streamed)?;
                if !player.is_later(player.begins) {
                    return Poll::Ready(player.or_failure());
                }
                let sleep = tokio::time::sleep_until(player.begins);
                (player, Box::pin(sleep))
            }
            Opening::Waiting(player, sleep) => (player, sleep),
            Opening::Done => panic!("an answer was polled after it was complete"),
        };
        match sleep.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(player.or_failure()),
            Poll::Pending => {
                player.leave_first_poll();
                *self = Opening::Waiting(player, sleep);
                Poll::Pending
            }
        }
    }
}

fn claim(
    engine: &Arc<Engine>,
    request: Request,
    streamed: bool,
) -> Result<Box<Player>, ProviderError> {
    let Claim {
        mut ticket,
        decision,
    } = engine.claim(request, streamed);
    let decision = decision?;
    let latency = engine.latency(ticket.call().number());
    let turn = &engine.scenario.turns[decision.turn];
    if (!latency.is_zero() || turn.takes_time()) && Handle::try_current().is_err() {
        let error = ticket.unsupported(report::NO_RUNTIME.to_owned());
        ticket.end(Outcome::Failed(error.clone()));
        return Err(error);
    }
    let begins = later(ticket.start, latency);
    let playback = Playback::new(ticket, decision, streamed);
    Ok(Box::new(Player::new(playback, begins)))
}
