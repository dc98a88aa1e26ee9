use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use super::Said;
use super::play::{Playback, Step};
use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::journal::Outcome;
use crate::report;
use crate::response::Response;

/// Plays an answer on the clock, and writes down how it ended.
pub(super) struct Player {
    playback: Playback,
    /// When the answer begins. Everything in it is due at a fixed time after that.
    begins: Instant,
    /// Whether that is when the call came.
    at_once: bool,
    /// What happens next, where it is not due yet.
    next: Option<Step>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whether it waits for the test, at what is next.
    waits: bool,
    /// What the answer has said so far, where the whole of it is waited for.
    heard: Option<Box<Response>>,
}

impl Player {
    pub(super) fn new(playback: Playback, begins: Instant) -> Self {
        Player {
            at_once: begins == playback.ticket.start,
            playback,
            begins,
            next: None,
            sleep: None,
            waits: false,
            heard: None,
        }
    }

    /// Notes that control goes back to the caller, and time may go by.
    pub(super) fn leave_first_poll(&mut self) {
        self.playback.ticket.in_first_poll = false;
    }

    /// Waits until the answer begins; it fails where the turn fails before anything else.
    #[inline]
    pub(super) fn poll_beginning(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), ProviderError>> {
        let begins = match self.at_once {
            true => Ok(()),
            false => ready!(self.poll_due(self.begins, cx)),
        };
        let failure = begins.err().or_else(|| self.playback.failure());
        Poll::Ready(match failure {
            None => Ok(()),
            Some(error) => {
                self.end(Outcome::Failed(error.clone()));
                Err(error)
            }
        })
    }

    /// An answer that says nothing yet.
    pub(super) fn response(&self) -> Response {
        self.playback.response()
    }

    /// The whole answer, as soon as all of it is due.
    pub(super) fn poll_answer(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, ProviderError>> {
        let mut response = match self.heard.take() {
            Some(response) => *response,
            None => {
                ready!(self.poll_beginning(cx))?;
                self.response()
            }
        };
        loop {
            match self.poll_next(cx) {
                Poll::Ready(Some(event)) => {
                    response.push(event?);
                    // Nothing comes after the finish: not to ask for it saves 3 % of a call.
                    if response.finish_reason.is_some() {
                        return Poll::Ready(Ok(response));
                    }
                }
                Poll::Ready(None) => return Poll::Ready(Ok(response)),
                Poll::Pending => {
                    self.heard = Some(Box::new(response));
                    return Poll::Pending;
                }
            }
        }
    }

    /// The next event, as soon as it is due.
    #[inline]
    pub(super) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<StreamEvent, ProviderError>>> {
        let mut step = loop {
            let step = match self.next {
                None => self.playback.next(),
                Some(_) => self.next.take(),
            };
            match step {
                None => return Poll::Ready(None),
                Some(cue @ (Step::Gate(_) | Step::Driven(_))) => {
                    if let Some(step) = ready!(self.poll_cue(cue, cx)) {
                        break step;
                    }
                }
                Some(step) => break step,
            }
        };
        if !self.is_due_at_once(&step) {
            match self.poll_step(&step, cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => step = Step::Error(error),
                Poll::Pending => {
                    self.next = Some(step);
                    return Poll::Pending;
                }
            }
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
            // They have been waited for above, a stall for ever.
            Step::Stall | Step::Gate(_) | Step::Driven(_) => None,
        })
    }

    /// Waits where the test holds the answer back; `None` if the test has nothing to say there.
    fn poll_cue(&mut self, cue: Step, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        let cues = &self.playback.engine().cues;
        let mut waits = self.waits;
        let said = match &cue {
            Step::Gate(gate) => cues.poll_gate(gate, &mut waits, cx).map(|()| None),
            Step::Driven(driver) => cues.poll_said(driver, &mut waits, cx).map(Some),
            _ => return Poll::Ready(Some(cue)),
        };
        self.waits = waits;
        let Poll::Ready(said) = said else {
            self.next = Some(cue);
            self.leave_first_poll();
            return Poll::Pending;
        };
        self.go_on();
        Poll::Ready(match said {
            None => None,
            Some(Said::Event(event)) => Some(Step::Event(self.playback.driven(event))),
            Some(Said::Error(error)) => {
                self.playback.end_driven(true);
                Some(Step::Error(error))
            }
            Some(Said::Done) => {
                self.playback.end_driven(false);
                None
            }
        })
    }

    /// What was due before comes only now: what follows keeps its distance.
    fn go_on(&mut self) {
        let offset = self.playback.at();
        let now = Instant::now();
        if now > later(self.begins, offset) {
            self.begins = now.checked_sub(offset).unwrap_or(now);
            self.at_once = false;
        }
    }

    /// Whether a step takes no time at all, as most do: to ask no clock saves a tenth of a chunk.
    fn is_due_at_once(&self, step: &Step) -> bool {
        self.playback.at().is_zero() && self.at_once && !matches!(step, Step::Stall)
    }

    /// Waits for the step that was made last.
    fn poll_step(&mut self, step: &Step, cx: &mut Context<'_>) -> Poll<Result<(), ProviderError>> {
        if let Step::Stall = step {
            self.leave_first_poll();
            return Poll::Pending;
        }
        self.poll_due(later(self.begins, self.playback.at()), cx)
    }

    /// Waits until `due`, where there is a runtime to wait in.
    fn poll_due(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<Result<(), ProviderError>> {
        if due > Instant::now() {
            let sleep = match &mut self.sleep {
                Some(sleep) => {
                    if sleep.deadline() != due {
                        sleep.as_mut().reset(due);
                    }
                    sleep
                }
                None if Handle::try_current().is_err() => {
                    let message = report::NO_RUNTIME.to_owned();
                    return Poll::Ready(Err(self.playback.ticket.unsupported(message)));
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(due))),
            };
            self.playback.ticket.in_first_poll = false;
            ready!(sleep.as_mut().poll(cx));
        }
        Poll::Ready(Ok(()))
    }

    fn end(&mut self, outcome: Outcome) {
        self.playback.ticket.end(outcome);
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        if self.waits
            && let Some(step) = &self.next
        {
            let cues = &self.playback.engine().cues;
            match step {
                Step::Gate(gate) => cues.leave_gate(gate),
                Step::Driven(driver) => cues.leave_driver(driver),
                _ => {}
            }
        }
    }
}

/// So long after `start`; a time too long to be told is thirty years, which is long enough.
#[inline]
pub(super) fn later(start: Instant, time: Duration) -> Instant {
    const LONG: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    if time.is_zero() {
        return start;
    }
    start.checked_add(time).unwrap_or_else(|| start + LONG)
}
