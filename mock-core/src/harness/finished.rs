//! How the run of a test ended: [`Finished`] and [`Unfinished`].

use std::any::Any;
use std::path::PathBuf;
use std::time::Duration;

use super::run_expectation::RunExpectation;
use crate::journal::verdict::{TaskPanic, Verdict};
use crate::report::{Report, Stuck};

/// Why a run fails: the first of these that is so.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cause {
    /// The body panicked.
    Panic,
    /// The body did not panic, as it should.
    NoPanic,
    /// A connection was opened that the test may not open.
    Denied,
    /// The time-out expired.
    Late,
    /// The mocks report a problem.
    Report,
    /// The body returned an error.
    Error,
    /// A file could not be written.
    Unwritten,
}

/// A test that has ended.
pub(super) struct Finished {
    pub(super) expectation: RunExpectation,
    /// Whether the body returned, or its panic.
    pub(super) body: Result<(), Box<dyn Any + Send>>,
    /// The location of the body's panic, if it panicked.
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
    /// The calls of the mocks, as a text, if the test fails and they have no problem.
    pub(super) calls: Option<String>,
    /// Notes about anything that may have misled the test.
    pub(super) notes: Vec<String>,
    /// The connections to other machines that the test may not open, as a text.
    pub(super) denied: Option<String>,
    /// Why a file of it could not be written: its page, or its recording.
    pub(super) unwritten: Option<String>,
    /// The folders of the test.
    pub(super) folders: Vec<PathBuf>,
}

impl Finished {
    /// Why the test fails, if it does, as far as is known: libtest may want the panic to say something else.
    pub(super) fn cause(&self) -> Option<Cause> {
        let expectation = self.expectation;
        let counts_report = expectation.counts_report(self.has_task_panic);
        let should_panic = expectation.wants_panic();
        let is_body_error = self.error.is_some() && !should_panic;
        let causes = [
            (self.body.is_err() && !should_panic, Cause::Panic),
            (self.body.is_ok() && should_panic, Cause::NoPanic),
            (self.denied.is_some(), Cause::Denied),
            (is_body_error && self.is_late, Cause::Late),
            (counts_report && self.report.is_some(), Cause::Report),
            (is_body_error && expectation.counts_error(), Cause::Error),
            (self.unwritten.is_some(), Cause::Unwritten),
        ];
        for (is_so, cause) in &causes {
            if *is_so {
                return Some(*cause);
            }
        }
        None
    }
}

/// A test that does not end.
pub(super) struct Unfinished {
    pub(super) stuck: Stuck,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) task_panics: Vec<TaskPanic>,
    pub(super) notes: Vec<String>,
}
