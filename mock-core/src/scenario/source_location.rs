//! Where a scenario or a turn is declared: [`SourceLocation`].

use std::fmt;

/// A place in a source file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceLocation {
    /// The file; `None` if it is the scenario's own, or unknown.
    pub file: Option<&'static str>,
    /// The line, from 1; 0 if unknown.
    pub line: u32,
}

impl SourceLocation {
    /// No place that is known.
    pub const UNKNOWN: SourceLocation = SourceLocation {
        file: None,
        line: 0,
    };

    /// A line of the scenario's file.
    pub const fn line(line: u32) -> SourceLocation {
        SourceLocation { file: None, line }
    }

    /// The same, in the file of `whole` if it names none.
    pub(crate) fn or_in(self, whole: SourceLocation) -> SourceLocation {
        SourceLocation {
            file: self.file.or(whole.file),
            line: self.line,
        }
    }

    #[track_caller]
    pub(crate) fn caller() -> SourceLocation {
        let location = std::panic::Location::caller();
        SourceLocation {
            file: Some(location.file()),
            line: location.line(),
        }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.unwrap_or("?"), self.line)
    }
}
