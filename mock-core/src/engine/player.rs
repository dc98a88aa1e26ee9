use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::time::{Instant, Sleep};

use super::play::{Playback, Step};
use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::journal::Outcome;
use crate::response::Response;

/// Plays an answer on the clock, and writes down how it ended.
pub(super) struct Player {
    playback: Playback,
    /// When the answer begins. Everything in it is due at a fixed time after that.
    pub(super) begins: Instant,
    /// What happens next, where it is not due yet.
    next: Option<(Instant, Step)>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Player {
    pub(super) fn new(playback: Playback, begins: Instant) -> Self {
        Player {
            playback,
            begins,
            next: None,
            sleep: None,
        }
    }

    /// Whether `due` is after the call came, so that there may be something to wait for.
    pub(super) fn is_later(&self, due: Instant) -> bool {
        due > self.playback.ticket.start
    }

    /// Notes that control goes back to the caller, and time may go by.
    pub(super) fn leave_first_poll(&mut self) {
        self.playback.ticket.in_first_poll = false;
    }

    /// The failure, where the turn fails before anything else.
    pub(super) fn or_failure(mut self: Box<Self>) -> Result<Box<Self>, ProviderError> {
        match self.playback.failure() {
            None => Ok(self),
            Some(error) => {
                self.end(Outcome::Failed(error.clone()));
                Err(error)
            }
        }
    }

    /// An answer that says nothing yet.
    pub(super) fn response(&self) -> Response {
        self.playback.response()
    }

    /// The next event, as soon as it is due.
    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<StreamEvent, ProviderError>>> {
        let (due, step) = match self.next.take() {
            Some(next) => next,
            None => match self.playback.next() {
                Some((offset, step)) => (self.begins + offset, step),
                None => return Poll::Ready(None),
            },
        };
        if matches!(step, Step::Stall) || self.poll_due(due, cx).is_pending() {
            self.next = Some((due, step));
            self.leave_first_poll();
            return Poll::Pending;
        }
        Poll::Ready(match step {
            Step::Event(event) => {
                match event {
                    StreamEvent::Finish { .. } => self.end(Outcome::Completed),
                    _ => self.playback.deliver(),
                }
                Some(Ok(event))
            }
            Step::Error(error) => {
                self.end(Outcome::Failed(error.clone()));
                Some(Err(error))
            }
            Step::End => {
                self.end(Outcome::Truncated);
                None
            }
            Step::Stall => None,
        })
    }

    fn poll_due(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        if self.is_later(due) && due > Instant::now() {
            let sleep = match &mut self.sleep {
                Some(sleep) => {
                    if sleep.deadline() != due {
                        sleep.as_mut().reset(due);
                    }
                    sleep
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(due))),
            };
            ready!(sleep.as_mut().poll(cx));
        }
        Poll::Ready(())
    }

    fn end(&mut self, outcome: Outcome) {
        self.playback.ticket.end(outcome);
    }
}
