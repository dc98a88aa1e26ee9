use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use super::play::{Playback, Split};
use super::{Claim, Engine};
use crate::error::{ErrorKind, ProviderError};
use crate::journal::Outcome;
use crate::report;
use crate::request::Request;

/// A call on its way to the beginning of its answer. Nothing has happened until it is first polled.
pub(super) enum Opening {
    Unpolled(Arc<Engine>, Request),
    Waiting(Begun, Pin<Box<Sleep>>),
    Done,
}

/// A call that has claimed its turn.
pub(super) struct Begun {
    pub(super) playback: Playback,
    /// When its answer begins.
    pub(super) begins: Instant,
}

impl Opening {
    /// Claims a turn at the first poll, then waits until the answer begins, and for as long after that as `takes` says.
    pub(super) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        split: Split,
        takes: fn(&Begun) -> Duration,
    ) -> Poll<Result<Begun, ProviderError>> {
        let (begun, mut sleep) = match std::mem::replace(self, Opening::Done) {
            Opening::Unpolled(engine, request) => {
                let mut begun = Begun::claim(&engine, request, split)?;
                let due = begun.begins + takes(&begun);
                if !begun.is_later(due) {
                    return Poll::Ready(begun.or_failure());
                }
                (begun, Box::pin(tokio::time::sleep_until(due)))
            }
            Opening::Waiting(begun, sleep) => (begun, sleep),
            Opening::Done => panic!("an answer was polled after it was complete"),
        };
        match sleep.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(begun.or_failure()),
            Poll::Pending => {
                *self = Opening::Waiting(begun, sleep);
                Poll::Pending
            }
        }
    }
}

impl Begun {
    fn claim(engine: &Arc<Engine>, request: Request, split: Split) -> Result<Begun, ProviderError> {
        let Claim {
            mut ticket,
            decision,
        } = engine.claim(request, split == Split::Words);
        let decision = decision?;
        let turn = &engine.scenario.turns[decision.turn];
        let latency = engine.latency(ticket.call().number());
        if !(latency + turn.ttft + turn.every).is_zero() && Handle::try_current().is_err() {
            let mut error = ProviderError::new(ErrorKind::Unsupported);
            error.message = report::NO_RUNTIME.to_owned();
            ticket.end(Outcome::Failed(error.clone()));
            return Err(error);
        }
        Ok(Begun {
            begins: ticket.start + latency,
            playback: Playback::new(ticket, decision, split),
        })
    }

    /// Whether `due` is after the call came, so that there may be something to wait for.
    pub(super) fn is_later(&mut self, due: Instant) -> bool {
        let ticket = &mut self.playback.ticket;
        ticket.waited |= due > ticket.start;
        due > ticket.start
    }

    /// The failure, where the turn answers with nothing else.
    fn or_failure(mut self) -> Result<Begun, ProviderError> {
        match self.playback.failure() {
            None => Ok(self),
            Some(error) => {
                self.playback.ticket.end(Outcome::Failed(error.clone()));
                Err(error)
            }
        }
    }
}
