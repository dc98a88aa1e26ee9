//! The reason of a mismatch, as a report shows it: in a few words, and in full. A turn's is in `turn_mismatch.rs`, a matcher's in
//! `matcher_mismatch.rs`.

use std::fmt;

use super::formatting::wrap;
use super::{INDENT, WIDTH};

/// Why a matcher or a turn does not match a request.
pub(super) struct MismatchReason {
    /// For the first line of a report.
    pub(super) brief: String,
    /// For the lines that show the turn.
    pub(super) lines: Vec<String>,
}

impl MismatchReason {
    pub(super) fn new(brief: fmt::Arguments<'_>, full: fmt::Arguments<'_>) -> MismatchReason {
        MismatchReason {
            brief: brief.to_string(),
            lines: wrap(&full.to_string(), WIDTH - INDENT, 2),
        }
    }

    pub(super) fn from_text(reason: fmt::Arguments<'_>) -> MismatchReason {
        MismatchReason::new(reason, reason)
    }

    /// Adds lines below.
    pub(super) fn and(mut self, mut lines: Vec<String>) -> MismatchReason {
        self.lines.append(&mut lines);
        self
    }
}
