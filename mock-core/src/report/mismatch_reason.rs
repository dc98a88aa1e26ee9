//! The reason of a mismatch, as a report shows it: in a few words, and in full. A turn's is in `turn_mismatch.rs`, a matcher's in
//! `matcher_mismatch.rs`.

use super::formatting::wrap;

/// Why a matcher or a turn does not match a request.
pub(super) struct MismatchReason {
    /// For the first line of a report.
    pub(super) brief: String,
    /// For the lines that show the turn.
    pub(super) lines: Vec<String>,
}

impl MismatchReason {
    pub(super) fn new(brief: String, full: &str, width: usize) -> MismatchReason {
        MismatchReason {
            brief,
            lines: wrap(full, width, 2),
        }
    }

    pub(super) fn from_text(reason: String, width: usize) -> MismatchReason {
        let lines = wrap(&reason, width, 2);
        MismatchReason {
            brief: reason,
            lines,
        }
    }

    /// Adds lines below.
    pub(super) fn and(mut self, lines: impl IntoIterator<Item = String>) -> MismatchReason {
        self.lines.extend(lines);
        self
    }
}
