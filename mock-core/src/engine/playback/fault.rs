//! The place at which an answer breaks off.

use std::time::Duration;

use super::{Playback, Step};
use crate::chat::error_kind::ErrorKind;
use crate::report;
use crate::scenario::{After, Fault, FaultKind};

impl Playback {
    /// Returns the time from the answer's beginning at which it breaks off, if that is fixed.
    pub(in crate::engine) fn breaks_off_at(&self) -> Option<Duration> {
        match self.turn().fault.as_ref()?.after {
            After::Time(time) => Some(time),
            _ => None,
        }
    }

    /// Breaks off at this time, whatever would follow.
    pub(in crate::engine) fn break_off_at(&mut self, time: Duration) -> Option<Step> {
        let step = self.break_off(self.turn().fault.as_ref()?);
        self.at = time;
        Some(self.last(step))
    }

    /// Returns the turn's fault if it is due now. `all` is whether all content was sent.
    #[inline]
    pub(super) fn fault_due(&mut self, all: bool) -> Option<Step> {
        match self.faulty {
            true => self.known_fault_due(all),
            false => None,
        }
    }

    /// Records that the finish event was sent. If only `end_after(finish)` follows, the answer ends here.
    pub(super) fn note_finish(&mut self) {
        self.finished = true;
        self.breaks_behind = self.faulty
            && self.turn().fault.as_ref().is_some_and(|fault| {
                fault.after.is_behind_the_finish() && fault.kind != FaultKind::End
            });
    }

    /// Returns whether nothing more comes, not even a fault.
    #[inline]
    pub(in crate::engine) fn is_over(&self) -> bool {
        self.finished && !self.breaks_behind
    }

    /// Returns the fault after the finish event, if there is one.
    #[inline]
    pub(super) fn fault_behind_the_finish(&mut self) -> Option<Step> {
        match std::mem::take(&mut self.breaks_behind) {
            true => Some(self.break_off(self.turn().fault.as_ref()?)),
            false => None,
        }
    }

    #[cold]
    fn known_fault_due(&mut self, all: bool) -> Option<Step> {
        let fault = self.turn().fault.as_ref()?;
        let (last, next) = self.due;
        let at = match fault.after {
            After::Deltas(deltas) if self.deltas >= deltas => last,
            After::Deltas(deltas) if all => {
                let message = report::fault_beyond_the_end(deltas, self.deltas);
                let error = self.guard.unsupported(message);
                self.at = last;
                return Some(self.last(Step::error(error)));
            }
            After::All if all => last,
            After::Time(time) if all || next > time => time,
            _ => return None,
        };
        let step = self.break_off(fault);
        self.at = at;
        Some(self.last(step))
    }

    pub(super) fn break_off(&self, fault: &Fault) -> Step {
        let error = |kind, message: String| Step::error(self.guard.scenario().error(kind, message));
        match &fault.kind {
            FaultKind::Cut => error(ErrorKind::Connection, report::cut(&self.so_far())),
            FaultKind::Malformed => error(
                ErrorKind::InvalidResponse,
                report::malformed(&self.so_far()),
            ),
            FaultKind::Error(failure) => Step::error(self.error(failure)),
            FaultKind::End => Step::End,
            FaultKind::Stall => Step::Stall,
        }
    }
    /// Returns the answer up to the fault.
    fn so_far(&self) -> String {
        match self.finished {
            true => "its finish".to_owned(),
            false => report::count(self.deltas as usize, "delta"),
        }
    }
}
