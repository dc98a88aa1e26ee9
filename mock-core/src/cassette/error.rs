//! Why a file of recorded exchanges cannot be read or written: [`CassetteError`].

use std::fmt;
use std::path::Path;

/// Why a cassette cannot be read or written: the file, the line, what is wrong, and what to do.
///
/// ```
/// use mock_core::cassette::{Cassette, CassetteProblem};
///
/// let error = Cassette::parse("when:\n  path: /v1/models\n").unwrap_err();
/// assert_eq!(error.problem(), CassetteProblem::Truncated);
/// assert_eq!(error.line(), Some(1));
/// assert!(error.to_string().contains("has no `then`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CassetteError {
    file: Option<String>,
    line: Option<usize>,
    problem: CassetteProblem,
    message: String,
    remedy: &'static str,
}

/// What is wrong with a cassette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CassetteProblem {
    /// The file cannot be opened, read or written.
    Io,
    /// It is longer than [`MAX_BYTES`](super::MAX_BYTES).
    Huge,
    /// It holds bytes that no text has.
    Binary,
    /// It is not UTF-8.
    Encoding,
    /// It is not YAML.
    Syntax,
    /// It ends before an exchange is whole.
    Truncated,
    /// Its values are within one another too deeply.
    Nested,
    /// It uses an alias of YAML. A few of them can stand for gigabytes.
    Alias,
    /// It is of another version of the format.
    Version,
    /// It is YAML, but not of recorded exchanges.
    Shape,
}

impl CassetteError {
    pub(super) fn new(
        problem: CassetteProblem,
        line: Option<usize>,
        message: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        CassetteError {
            file: None,
            line,
            problem,
            message: message.into(),
            remedy,
        }
    }

    /// The same, in this file.
    pub(super) fn in_file(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }

    /// Returns the file; `None` if the cassette is not in one.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Returns the line, from 1; `None` if the whole file is wrong.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// Returns what kind of problem it is.
    pub fn problem(&self) -> CassetteProblem {
        self.problem
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("the cassette");
        match self.line {
            Some(line) => write!(f, "{file}:{line}: ")?,
            None => write!(f, "{file}: ")?,
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

impl std::error::Error for CassetteError {}
