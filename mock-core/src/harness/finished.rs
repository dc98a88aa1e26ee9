//! How the run of a test ended: [`Finished`] and [`Unfinished`].

use std::any::Any;
use std::path::PathBuf;
use std::time::Duration;

use crate::journal::verdict::{TaskPanic, Verdict};
use crate::report::{Report, Stuck};

/// A test that has ended.
pub(super) struct Finished {
    /// Whether the body returned, or its panic.
    pub(super) body: Result<(), Box<dyn Any + Send>>,
    /// Where the body panicked, if it did.
    pub(super) panic_place: Option<String>,
    /// The error that the body returned.
    pub(super) error: Option<String>,
    /// Whether the error is that the time-out expired.
    pub(super) is_late: bool,
    /// Whether a task panicked whose panic fails the test.
    pub(super) has_task_panic: bool,
    /// How far the test's clock advanced.
    pub(super) elapsed: Duration,
    /// The report of the mocks, made before the remaining tasks were dropped.
    pub(super) report: Option<Report>,
    /// Notes about anything that may have misled the test.
    pub(super) notes: Vec<String>,
    /// The connections to other machines that the test may not open, as a text.
    pub(super) denied: Option<String>,
    /// Why a file of it could not be written: its page, or its recording.
    pub(super) unwritten: Option<String>,
    /// The folders of the test.
    pub(super) folders: Vec<PathBuf>,
}

/// A test that does not end.
pub(super) struct Unfinished {
    pub(super) stuck: Stuck,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) task_panics: Vec<TaskPanic>,
    pub(super) notes: Vec<String>,
}
