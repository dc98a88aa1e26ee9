//! Why a file of recorded exchanges cannot be read or written: [`CassetteError`].

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

/// Why a cassette cannot be read or written: the file, the place in it, what is wrong, and what to do.
///
/// ```
/// use mock_core::cassette::{Cassette, CassetteProblem};
///
/// let error = Cassette::parse("when:\n  path: /v1/models\n").unwrap_err();
/// assert_eq!(error.problem(), CassetteProblem::Truncated);
/// assert_eq!(error.at().map(|at| (at.line, at.column)), Some((1, 1)));
/// assert!(error.to_string().contains("has no `then`"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CassetteError {
    file: Option<String>,
    at: Option<Mark>,
    problem: CassetteProblem,
    message: String,
    remedy: Cow<'static, str>,
}

/// A place in the text of a cassette. `Display` writes `line:column`.
///
/// ```
/// use mock_core::cassette::Mark;
///
/// assert_eq!(Mark::new(3, 7).to_string(), "3:7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Mark {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Mark {
    /// Creates a place from its line and its column, which both begin at 1.
    pub const fn new(line: usize, column: usize) -> Self {
        Mark { line, column }
    }

    /// The place behind the last character of a text.
    pub(crate) fn end_of(text: &str) -> Self {
        let lines = text.lines().count().max(1);
        let last = text.lines().next_back().unwrap_or_default();
        Mark::new(lines, last.chars().count() + 1)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// What is wrong with a cassette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CassetteProblem {
    /// The file cannot be opened, read or written.
    Io,
    /// The file is longer than [`MAX_BYTES`](crate::MAX_BYTES).
    Huge,
    /// The file is binary.
    Binary,
    /// The file is not UTF-8.
    Encoding,
    /// The file is not YAML.
    Syntax,
    /// The file ends in the middle of an exchange.
    Truncated,
    /// Its values are within one another too deeply.
    Nested,
    /// The file uses an alias of YAML. A few aliases can stand for gigabytes.
    Alias,
    /// The file has another version of the format.
    Version,
    /// The file is YAML, but does not contain recorded exchanges.
    Shape,
    /// A key is misspelt: it is one that is missing, with one letter more, fewer or different, or with two letters swapped.
    MisspeltKey,
}

impl CassetteError {
    pub(crate) fn new(
        problem: CassetteProblem,
        at: Option<Mark>,
        message: impl Into<String>,
        remedy: impl Into<Cow<'static, str>>,
    ) -> Self {
        CassetteError {
            file: None,
            at,
            problem,
            message: message.into(),
            remedy: remedy.into(),
        }
    }

    /// Adds the file to the error.
    pub(crate) fn in_file(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }

    /// Returns the file; `None` if the cassette is not in one.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Returns the place in the file; `None` if the whole file is wrong.
    pub fn at(&self) -> Option<Mark> {
        self.at
    }

    /// Returns the line, from 1; `None` if the whole file is wrong.
    pub fn line(&self) -> Option<usize> {
        self.at.map(|at| at.line)
    }

    /// Returns what is wrong, without the file and the remedy.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns what to do.
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    /// Returns what kind of problem it is.
    pub fn problem(&self) -> CassetteProblem {
        self.problem
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.as_deref().unwrap_or("the cassette");
        match self.at {
            Some(at) => write!(f, "{file}:{at}: ")?,
            None => write!(f, "{file}: ")?,
        }
        write!(f, "{}; {}", self.message, self.remedy)
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for CassetteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for CassetteError {}
