//! Why a recorder cannot record or replay: [`RecordError`].

use std::fmt;
use std::path::{Path, PathBuf};

use crate::environment_variables::EnvironmentError;
#[cfg(not(feature = "record"))]
use crate::environment_variables::RECORD;

/// Why a [`Recorder`](crate::Recorder) cannot record or replay: what is wrong, where, and what to do.
///
/// ```
/// use mock_core::{RecordProblem, Recorder};
///
/// let recorder = Recorder::new("tests/cassettes/missing.yaml")?;
/// let error = recorder.serve("https://api.openai.com").unwrap_err();
/// assert_eq!(error.problem(), RecordProblem::Missing);
/// assert!(error.to_string().contains("MOCK_CORE_RECORD=record cargo test"));
/// # Ok::<(), mock_core::RecordError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct RecordError {
    problem: RecordProblem,
    message: String,
    kept: Option<PathBuf>,
}

/// The reason why a [`Recorder`](crate::Recorder) cannot record or replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordProblem {
    /// The environment variable `MOCK_CORE_RECORD` has an unknown value.
    Mode,
    /// `MOCK_CORE_RECORD` asks for a recording, and the feature `record` is off.
    Feature,
    /// There is no recording to replay.
    Missing,
    /// The recording cannot be read.
    Unreadable,
    /// The environment variable with the API key is not set, and a request must be passed on.
    Key,
    /// The base URL of the provider cannot be used.
    Upstream,
    /// Another recorder records the same file.
    Busy,
    /// The recorder already serves or wraps something.
    Used,
    /// The server does not start.
    Server,
    /// Nothing was recorded.
    Empty,
    /// An exchange is not complete, so the file was not written.
    Broken,
    /// The file cannot be written.
    Unwritable,
}

impl RecordError {
    pub(super) fn new(problem: RecordProblem, message: impl Into<String>) -> Self {
        RecordError {
            problem,
            message: message.into(),
            kept: None,
        }
    }

    /// The same, with where the recording is now.
    #[cfg(feature = "record")]
    pub(super) fn kept(mut self, kept: PathBuf) -> Self {
        self.kept = Some(kept);
        self
    }

    /// Returns the kind of the problem.
    pub fn problem(&self) -> RecordProblem {
        self.problem
    }

    /// Returns the file that holds what was recorded, if it could not be written where it belongs.
    pub fn recording(&self) -> Option<&Path> {
        self.kept.as_deref()
    }

    #[cfg(not(feature = "record"))]
    pub(super) fn no_feature(command: &str) -> Self {
        RecordError::new(
            RecordProblem::Feature,
            format!(
                "`{RECORD}` asks for a recording, which needs the feature `record` of mock-core: run `{command}`"
            ),
        )
    }
}

impl From<EnvironmentError> for RecordError {
    fn from(error: EnvironmentError) -> Self {
        RecordError::new(RecordProblem::Mode, error.to_string())
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.kept {
            Some(kept) => write!(
                f,
                "; what was recorded is in {}: move it where it belongs, or record it again",
                kept.display()
            ),
            None => Ok(()),
        }
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for RecordError {}
