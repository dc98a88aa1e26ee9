//! When each piece of an answer is due: its pace, and the times for which a test or a pause holds it back.

use std::time::Duration;

use super::Playback;
use crate::chat::count_tokens::characters;
use crate::chat::event::StreamEvent;
use crate::scenario::Pace;

impl Playback {
    /// The time of the next step, from the answer's beginning.
    pub(in crate::engine) fn at(&self) -> Duration {
        self.at
    }

    /// Counts an event, if it is a delta.
    #[inline]
    pub(super) fn count(&mut self, event: &StreamEvent) {
        if !event.is_delta() {
            return;
        }
        self.deltas += 1;
        self.due.0 = self.due.1;
        if self.pace != Pace::NONE {
            self.due.1 = self.next_due(|| event.characters());
        }
    }

    /// Counts a raw frame.
    pub(super) fn count_frame(&mut self, frame: &str) {
        self.deltas += 1;
        self.due.0 = self.due.1;
        if self.pace != Pace::NONE {
            self.due.1 = self.next_due(|| characters(frame));
        }
    }

    /// Returns when the delta after this one is due.
    fn next_due(&mut self, characters: impl FnOnce() -> u64) -> Duration {
        match self.pace {
            Pace::Every(gap) => self.first.saturating_add(gap.saturating_mul(self.deltas)),
            Pace::TokensPerSecond(rate) => {
                self.content += characters();
                let seconds = self.content as f64 / 4.0 / rate;
                let gone = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
                self.first.saturating_add(gone)
            }
        }
    }

    /// Records that the test or a pause delayed the answer by this time. Everything after it is delayed too.
    pub(in crate::engine) fn hold(&mut self, time: Duration) {
        self.first = self.first.saturating_add(time);
        self.due.0 = self.due.0.saturating_add(time);
        self.due.1 = self.due.1.saturating_add(time);
        self.at = self.at.saturating_add(time);
    }
}
