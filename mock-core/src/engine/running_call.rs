//! A call in progress: [`CallGuard`] records how it ends, even if it is dropped.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::time::Instant;

use super::Engine;
use super::rng::CallRng;
use crate::chat::error::ProviderError;
use crate::journal::calls::{Call, Entry, Journal, Outcome};
use crate::scenario::Scenario;
#[cfg(feature = "tracing")]
use crate::telemetry::CallSpan;

/// A call in progress that is in the journal. If it is dropped before its end, the caller gave it up.
pub(crate) struct CallGuard {
    pub(super) engine: Arc<Engine>,
    journal: Arc<Journal>,
    entry: Entry,
    /// When the call started.
    pub(crate) start: Instant,
    /// Whether the poll that started the call is still running, so that no time has passed.
    pub(crate) in_first_poll: bool,
    ended: bool,
    /// Whether the caller has received the finish event. A fault may still follow.
    has_finish: bool,
    #[cfg(feature = "tracing")]
    span: CallSpan,
}

impl CallGuard {
    pub(crate) fn new(
        engine: Arc<Engine>,
        journal: Arc<Journal>,
        entry: Entry,
        start: Instant,
    ) -> Self {
        CallGuard {
            engine,
            journal,
            entry,
            start,
            in_first_poll: true,
            ended: false,
            has_finish: false,
            #[cfg(feature = "tracing")]
            span: CallSpan::none(),
        }
    }

    /// Opens a span for the call.
    #[cfg(feature = "tracing")]
    pub(super) fn traced(mut self) -> Self {
        self.span = CallSpan::new(self.call(), self.scenario());
        self
    }

    pub(crate) fn scenario(&self) -> &Scenario {
        &self.engine.scenario
    }

    /// Returns the latency of the call.
    pub(crate) fn latency(&self) -> Duration {
        self.engine.latency(self.call().number())
    }

    /// Returns the random draws of the call.
    pub(super) fn rng(&self) -> CallRng {
        self.engine.rng(self.call().number())
    }

    pub(crate) fn call(&self) -> &Call {
        self.entry.call()
    }

    /// Returns the call with this number, which is this one or an earlier one.
    pub(crate) fn earlier(&self, number: usize) -> &Call {
        self.journal.get(number - 1).unwrap_or_else(|| self.call())
    }

    /// Returns the error for a call that asks for something unsupported, and fails the test.
    pub(crate) fn unsupported(&self, message: String) -> ProviderError {
        self.engine.unsupported(self.call().number(), message)
    }

    /// Runs a closure of the scenario. If it panics, the panic is the outcome of the call, and continues.
    pub(super) fn ask<T>(&self, closure: impl FnOnce() -> T) -> T {
        catch_unwind(AssertUnwindSafe(closure)).unwrap_or_else(|panic| self.panicked(panic))
    }

    /// Records the panic of a closure as the outcome of the call, and continues the panic.
    #[cold]
    pub(super) fn panicked(&self, panic: Box<dyn Any + Send>) -> ! {
        let message = self.engine.note_panic(self.call().number(), &*panic);
        self.write(Outcome::Panicked(message));
        resume_unwind(panic)
    }

    /// Records that the caller received an event, and when, if the answer takes time.
    pub(crate) fn deliver(&self, at: Option<Instant>) {
        let call = self.call();
        if let Some(at) = at {
            let after = at.saturating_duration_since(self.start);
            call.event_times.push(call.started_at.saturating_add(after));
        }
        let _before = call.events.fetch_add(1, Ordering::Relaxed);
        #[cfg(feature = "tracing")]
        self.span.event(_before + 1);
    }

    /// Records that the caller received the finish event, and that a fault follows.
    pub(crate) fn deliver_finish(&mut self) {
        self.has_finish = true;
    }

    /// Records the outcome of the call.
    #[inline]
    pub(crate) fn end(&mut self, outcome: Outcome) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.engine.ended();
        if self.engine.summary.tells_conversations {
            let call = self.entry.call();
            self.engine.note_end(&self.journal, call, &outcome);
        }
        self.write(outcome);
    }

    #[inline]
    fn write(&self, outcome: Outcome) {
        let call = self.call();
        let took = match self.in_first_poll {
            true => Duration::ZERO,
            false => Instant::now().saturating_duration_since(self.start),
        };
        let at = call.started_at.saturating_add(took);
        #[cfg(feature = "tracing")]
        let is_first = call.ended_at().is_none();
        call.end.set(at, outcome, self.journal.len());
        #[cfg(feature = "tracing")]
        if is_first {
            self.span.end(call);
        }
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        if !self.ended {
            self.end(match self.call().events() {
                _ if self.has_finish => Outcome::Completed,
                0 => Outcome::Cancelled,
                events => Outcome::DroppedAfter(events),
            });
        }
    }
}
