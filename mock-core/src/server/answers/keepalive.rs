//! Keep-alives, which a streamed answer sends while it has nothing else to send.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

use crate::engine::player::later;
use crate::runtime::thread_signals;
use crate::scenario;
use crate::server::exchange::Exchange;

/// The maximum time for which an answer is kept alive without content. No client waits longer than a day.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Decides when a keep-alive is due.
pub(in crate::server) struct Keepalive {
    frame: String,
    every: Duration,
    sleep: Pin<Box<Sleep>>,
    /// The time since which only keep-alives were sent.
    silent_since: Instant,
    /// Counts the keep-alives of the exchange.
    exchange: Arc<Exchange>,
}

impl Keepalive {
    /// The keep-alives of a turn, the first of them after one interval from now; `None` on a wire that has none. `frame` is the wire's own.
    pub(super) fn new(
        turn: &scenario::Keepalive,
        frame: Option<&str>,
        exchange: &Arc<Exchange>,
    ) -> Option<Self> {
        let frame = match (&turn.text, frame) {
            (_, None) => return None,
            (Some(text), _) => format!("{}\n\n", text.trim_end()),
            (None, Some(frame)) => frame.to_owned(),
        };
        let now = Instant::now();
        Some(Keepalive {
            frame,
            every: turn.every,
            sleep: Box::pin(tokio::time::sleep_until(later(now, turn.every))),
            silent_since: now,
            exchange: Arc::clone(exchange),
        })
    }

    /// Records that content was written.
    pub(super) fn note_content(&mut self) {
        self.silent_since = Instant::now();
        self.restart();
    }

    /// Records that the frames before the content were written. A keep-alive that is due stays due: it is why the head was sent.
    pub(super) fn note_opening(&mut self, cx: &mut Context<'_>) {
        if self.poll_due(cx).is_pending() {
            self.note_content();
        }
    }

    /// Waits until a keep-alive is due. It stays due until it is taken.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.silent_since.elapsed() >= LONGEST {
            self.exchange.set_endlessly_silent();
            thread_signals::note_only_keepalives();
            return Poll::Pending;
        }
        self.sleep.as_mut().poll(cx)
    }

    /// Returns the frame of the next keep-alive, as soon as it is due.
    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<&str> {
        ready!(self.poll_due(cx));
        self.restart();
        self.exchange.add_keepalive();
        Poll::Ready(&self.frame)
    }

    fn restart(&mut self) {
        let next = later(Instant::now(), self.every);
        self.sleep.as_mut().reset(next);
    }
}
