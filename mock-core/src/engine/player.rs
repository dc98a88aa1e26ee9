//! Plays an answer on the clock.

#[cfg(feature = "record")]
mod live_provider;
mod methods_for_server;

use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};

use super::draw_chaos::Interleaving;
use super::playback::{Playback, Step};
use super::{DriverMessage, WaitPoint};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::response::Response;
use crate::journal::calls::Outcome;
use crate::report;
use crate::runtime::thread_signals;
use crate::scenario::{ClosureFuture, Str};

/// Plays an answer on the clock, and records its outcome.
pub(crate) struct Player {
    pub(super) playback: Playback,
    /// When the answer begins. Each of its events is due at a fixed time after that.
    pub(super) begins: Instant,
    /// Whether `begins` is the time at which the call started, so that no wait is needed.
    at_once: bool,
    /// The next step, if it is not due yet.
    pub(super) next: Option<Step>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// When the last step that takes time came.
    came_at: Option<Instant>,
    /// Whether the next step waits for the test: at a gate, or for a driver.
    waits: bool,
    /// The answer so far, if the caller waits for the whole answer.
    pub(super) received: Option<Box<Response>>,
    /// How it goes on among others, where a seed decides that.
    interleaving: Option<Box<Interleaving>>,
    /// The future of an async closure while it is awaited. The mutex only makes the answer `Sync`; nobody locks it.
    pub(super) response: Option<Mutex<ClosureFuture>>,
    /// The stream of a provider that is recorded.
    #[cfg(feature = "record")]
    pub(super) live: Option<live_provider::Live>,
}

impl Player {
    #[inline]
    pub(super) fn new(playback: Playback, begins: Instant) -> Self {
        let chaos = playback.engine().chaos.as_ref();
        let interleaving = chaos.map(|chaos| chaos.interleaving(playback.guard.call().number()));
        Player {
            at_once: begins == playback.guard.start && interleaving.is_none(),
            interleaving,
            playback,
            begins,
            next: None,
            sleep: None,
            came_at: None,
            waits: false,
            received: None,
            response: None,
            #[cfg(feature = "record")]
            live: None,
        }
    }

    /// Records that control returns to the caller, so that time may pass.
    pub(crate) fn leave_first_poll(&mut self) {
        self.playback.guard.in_first_poll = false;
    }

    /// Waits until the answer begins. It fails if the turn fails before its first event.
    #[inline]
    pub(crate) fn poll_beginning(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), ProviderError>> {
        let begins = match self.at_once {
            true => Ok(()),
            false => ready!(self.poll_due(self.begins, cx)),
        };
        if self.playback.awaits
            && begins.is_ok()
            && let Some(broken) = ready!(self.poll_response(cx))
        {
            return Poll::Ready(broken);
        }
        if begins.is_ok() && !self.playback.may_fail_first {
            return Poll::Ready(Ok(()));
        }
        let failure = begins.err().or_else(|| self.playback.failure());
        Poll::Ready(match failure {
            None if self.playback.fails_after_waiting() => match ready!(self.poll_next(cx)) {
                Some(Err(error)) => Err(error),
                // A failure is the whole answer.
                _ => Ok(()),
            },
            None => Ok(()),
            Some(error) => {
                self.end(Outcome::Failed(error.clone()));
                Err(error)
            }
        })
    }

    /// Returns an empty answer.
    #[inline]
    pub(crate) fn response(&self) -> Response {
        self.playback.response()
    }

    /// Returns the headers that the turn or its closure sets.
    pub(crate) fn headers(&self) -> Vec<(Str, Str)> {
        self.playback.headers()
    }

    /// Returns the whole answer as soon as all of it is due, unless it breaks off.
    pub(crate) fn poll_answer(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Response, ProviderError>> {
        self.poll_whole(cx, false)
    }

    #[inline]
    fn poll_whole(
        &mut self,
        cx: &mut Context<'_>,
        to_finish: bool,
    ) -> Poll<Result<Response, ProviderError>> {
        let mut response = match self.received.take() {
            Some(response) => *response,
            None => {
                ready!(self.poll_beginning(cx))?;
                self.response()
            }
        };
        if self.receives_all_at_once(&mut response, to_finish) {
            return Poll::Ready(Ok(response));
        }
        loop {
            match self.poll_next(cx) {
                Poll::Ready(Some(Err(error))) => {
                    self.received = Some(Box::new(response));
                    return Poll::Ready(Err(error));
                }
                Poll::Ready(Some(Ok(event))) => {
                    let is_last = matches!(event, StreamEvent::Finish { .. });
                    response.push(event);
                    // Most answers end with their finish: skipping one more step saves 3 % of a call.
                    if is_last && (to_finish || self.playback.is_over()) {
                        return Poll::Ready(Ok(response));
                    }
                }
                Poll::Ready(None) => return Poll::Ready(Ok(response)),
                Poll::Pending => {
                    self.received = Some(Box::new(response));
                    return Poll::Pending;
                }
            }
        }
    }

    /// Plays the steps that take no time, which is all of most answers. Bypassing `poll_next` saves 4 % of a call.
    #[inline]
    fn receives_all_at_once(&mut self, response: &mut Response, to_finish: bool) -> bool {
        while self.at_once && self.next.is_none() {
            match self.playback.next() {
                Some(Step::Event(event)) if self.playback.at().is_zero() => {
                    let is_last = matches!(event, StreamEvent::Finish { .. });
                    response.push(event);
                    if is_last && self.playback.is_over() {
                        self.end(Outcome::Completed);
                        return true;
                    }
                    if is_last && to_finish {
                        return true;
                    }
                }
                step => {
                    self.next = step;
                    return false;
                }
            }
        }
        false
    }

    /// Returns the next event as soon as it is due.
    #[inline]
    pub(crate) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<StreamEvent, ProviderError>>> {
        self.poll_due_step(cx, |player, step| match step {
            Step::Event(event) => {
                match event {
                    StreamEvent::Finish { .. } if player.playback.is_over() => {
                        player.end(Outcome::Completed);
                    }
                    StreamEvent::Finish { .. } => player.playback.deliver_finish(),
                    _ => player.playback.deliver(player.came_at),
                }
                Some(Ok(event))
            }
            last => player.end_with(last),
        })
    }

    /// Records the outcome if this step is the last.
    #[cold]
    fn end_with<T>(&mut self, step: Step) -> Option<Result<T, ProviderError>> {
        match step {
            Step::Error(error) => {
                self.end(Outcome::Failed(ProviderError::clone(&error)));
                Some(Err(*error))
            }
            Step::End => {
                self.end(Outcome::Truncated);
                None
            }
            Step::Sent => {
                self.end(match self.playback.error_of_raw_answer() {
                    Some(error) => Outcome::Failed(error),
                    None => Outcome::Completed,
                });
                None
            }
            // Not reached: waits and stalls are over before this, and an answer does not mix events and frames.
            Step::Stall | Step::WaitAt(_) | Step::Event(_) | Step::Frame(_) => None,
        }
    }

    /// Calls `take` with the next step as soon as it is due. A step is large, and passing it on avoids a move.
    #[inline(always)]
    fn poll_due_step<T>(
        &mut self,
        cx: &mut Context<'_>,
        take: impl FnOnce(&mut Self, Step) -> Option<T>,
    ) -> Poll<Option<T>> {
        let mut step = loop {
            let step = match self.next {
                None => self.playback.next(),
                Some(_) => self.next.take(),
            };
            match step {
                None => return Poll::Ready(None),
                Some(Step::WaitAt(hold)) => {
                    if let Some(step) = ready!(self.poll_wait_point(hold, cx)) {
                        break step;
                    }
                }
                Some(step) => break step,
            }
        };
        if !self.is_due_at_once(&step) {
            match self.poll_step(&step, cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => step = Step::error(error),
                Poll::Pending => {
                    self.next = Some(step);
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(take(self, step))
    }

    /// Waits for the test at a gate or a driver; `None` if the step does not depend on the test.
    #[cold]
    fn poll_wait_point(&mut self, hold: WaitPoint, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        #[cfg(feature = "record")]
        if let Some(step) = self.poll_live_event(cx) {
            if step.is_pending() {
                self.next = Some(Step::WaitAt(hold));
            }
            return step;
        }
        let call = self.playback.guard.call().number();
        let taken = self.playback.engine().gates.poll(&hold, call, cx);
        self.waits = taken.is_pending();
        let Poll::Ready((since, message)) = taken else {
            self.next = Some(Step::WaitAt(hold));
            self.leave_first_poll();
            return self.poll_break(cx);
        };
        let step = match message {
            DriverMessage::Event(event) => Some(self.playback.driven(event)),
            DriverMessage::Finish(reason) => Some(self.playback.finish_driven(reason)),
            DriverMessage::Error(error) => {
                self.playback.end_driven(true);
                Some(Step::error(error))
            }
            DriverMessage::Done => {
                if let WaitPoint::Driven(_) = hold {
                    self.playback.end_driven(false);
                }
                None
            }
        };
        self.go_on(since);
        Poll::Ready(match self.playback.breaks_off_at() {
            Some(time) if time < self.playback.at() => self.playback.break_off_at(time),
            _ => step,
        })
    }

    /// Breaks off at the turn's fixed time, even while the test holds the answer back.
    pub(super) fn poll_break(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        let Some(time) = self.playback.breaks_off_at() else {
            return Poll::Pending;
        };
        let due = ready!(self.poll_due(later(self.begins, time), cx));
        self.leave_hold();
        Poll::Ready(match due {
            Ok(()) => self.playback.break_off_at(time),
            Err(error) => Some(Step::error(error)),
        })
    }

    /// Delays everything that follows, because the test held the answer back until `since`.
    pub(super) fn go_on(&mut self, since: Instant) {
        // Another thread, with another clock, may have taken the time.
        let since = since.min(Instant::now());
        let due = later(self.begins, self.playback.at());
        self.playback.hold(since.saturating_duration_since(due));
    }

    /// Stops waiting for the test.
    #[cold]
    fn leave_hold(&mut self) {
        if let Some(Step::WaitAt(hold)) = self.next.take() {
            let call = self.playback.guard.call().number();
            self.playback.engine().gates.leave(&hold, call);
        }
        self.waits = false;
    }

    /// Returns whether a step takes no time, as most do. Not reading the clock saves a tenth of a chunk.
    fn is_due_at_once(&self, step: &Step) -> bool {
        self.playback.at().is_zero() && self.at_once && !matches!(step, Step::Stall)
    }

    /// Waits for the current step.
    fn poll_step(&mut self, step: &Step, cx: &mut Context<'_>) -> Poll<Result<(), ProviderError>> {
        if let Step::Stall = step {
            self.leave_first_poll();
            return Poll::Pending;
        }
        self.poll_due(later(self.begins, self.playback.at()), cx)
    }

    /// Waits until `due`, if there is a runtime.
    pub(super) fn poll_due(
        &mut self,
        due: Instant,
        cx: &mut Context<'_>,
    ) -> Poll<Result<(), ProviderError>> {
        let now = Instant::now();
        if due > now {
            let sleep = match &mut self.sleep {
                Some(sleep) => {
                    if sleep.deadline() != due {
                        sleep.as_mut().reset(due);
                    }
                    sleep
                }
                None if Handle::try_current().is_err() => {
                    let message = report::NO_RUNTIME.to_owned();
                    return Poll::Ready(Err(self.playback.guard.unsupported(message)));
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(due))),
            };
            self.playback.guard.in_first_poll = false;
            if sleep.as_mut().poll(cx).is_pending() {
                thread_signals::note_wait(due);
                return Poll::Pending;
            }
        }
        if let Some(interleaving) = &mut self.interleaving
            && interleaving.poll(cx).is_pending()
        {
            self.playback.guard.in_first_poll = false;
            return Poll::Pending;
        }
        self.came_at = Some(now.max(due));
        Poll::Ready(Ok(()))
    }

    pub(super) fn end(&mut self, outcome: Outcome) {
        self.playback.keep_in_journal();
        self.playback.guard.end(outcome);
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        if self.waits {
            self.leave_hold();
        }
        self.playback.keep_in_journal();
    }
}

/// Returns `start` plus this time. A time that overflows becomes thirty years.
#[inline]
pub(crate) fn later(start: Instant, time: Duration) -> Instant {
    const LONG: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    if time.is_zero() {
        return start;
    }
    start.checked_add(time).unwrap_or_else(|| start + LONG)
}
