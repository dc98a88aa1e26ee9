//! Why a turn did not answer a request.

use super::text::wrap;

/// Why a turn did not answer.
pub(super) struct Why {
    /// For the first line of a report.
    pub(super) brief: String,
    /// For the lines that show the turn.
    pub(super) lines: Vec<String>,
}

impl Why {
    pub(super) fn new(brief: String, full: &str, width: usize) -> Why {
        Why {
            brief,
            lines: wrap(full, width, 2),
        }
    }

    pub(super) fn both(reason: String, width: usize) -> Why {
        let lines = wrap(&reason, width, 2);
        Why {
            brief: reason,
            lines,
        }
    }

    /// The same with more lines below.
    pub(super) fn and(mut self, lines: impl IntoIterator<Item = String>) -> Why {
        self.lines.extend(lines);
        self
    }
}
