//! Runs a `#[provider_test]`: the clock, the mocks, the verdict.

mod argument_traits;
mod deadlock;
mod draw_test_page;
mod end_hanging_test;
mod finished;
mod known_threads;
mod return_type;
mod run;
#[cfg(feature = "sweep")]
mod run_each_seed;
mod run_expectation;
#[cfg(feature = "sweep")]
mod run_failure;
#[cfg(feature = "sweep")]
mod sweep;
mod test;
mod test_clock;
mod test_folder;
mod test_runtime;
mod test_seed_and_journal;
mod test_spec;

pub use argument_traits::{DeclaredMock, FromMock, FromTest};
pub use return_type::TestOutcome;
#[cfg(feature = "sweep")]
pub use run_each_seed::{Seeds, run_seeds};
#[cfg(feature = "sweep")]
pub use sweep::{Sweep, run_sweep};
pub use test::Test;
pub use test_clock::{HeldClock, TestClock};
pub use test_folder::TestDir;
pub use test_seed_and_journal::{TestJournal, TestSeed};
pub use test_spec::{Clock, Flavor, Network, TaskPanics, TestSpec};

pub use crate::runtime::foreign_io::Foreign;

use std::fs;
use std::panic::resume_unwind;
use std::path::PathBuf;

use crate::report;
use crate::runtime::panic_messages;
use crate::runtime::test_context::{RunOptions, TestContext};
use finished::{Cause, Finished, Unfinished};
use run::run_on_own_thread;

/// Runs a test and verifies its mocks at the end.
///
/// # Panics
/// If the test fails. A test that should panic and did not returns instead, so that libtest reports it.
#[track_caller]
pub fn run(spec: &TestSpec) {
    panic_messages::install_hook();
    let running = run::context(spec, RunOptions::default());
    let failure = failure(run_on_own_thread(spec, &running));
    match failure {
        Some(failure) if spec.should_panic => eprintln!("{failure}"),
        Some(failure) => panic!("{failure}"),
        None => {}
    }
}

/// Returns why a test fails whose body did not panic, if it does.
///
/// # Panics
/// As the body did.
fn failure(ended: Result<Finished, Unfinished>) -> Option<String> {
    match ended {
        Ok(finished) => {
            let cause = finished.cause();
            if cause.is_none() {
                remove(&finished.folders);
            }
            finished.failure(cause)
        }
        Err(Unfinished {
            stuck,
            verdicts,
            task_panics,
            notes,
        }) => {
            let failure = report::stuck(stuck, &verdicts, &task_panics);
            Some(report::with_notes(failure, &notes))
        }
    }
}

/// Removes the folders of a test that passes. What a task or another process still writes into stays.
fn remove(folders: &[PathBuf]) {
    for folder in folders {
        if let Err(error) = fs::remove_dir_all(folder) {
            eprintln!("{}", report::folder_stays(folder, &error));
        }
    }
}

impl Finished {
    /// Ends what the test records.
    #[cfg(feature = "record")]
    fn end_recordings(&mut self, running: &TestContext) {
        let passes = self.cause().is_none();
        for ending in running.endings() {
            match ending.end(passes) {
                Ok(note) => self.notes.extend(note),
                Err(error) if passes => {
                    self.unwritten.get_or_insert(error);
                }
                Err(error) => self.notes.push(error),
            }
        }
    }

    #[cfg(not(feature = "record"))]
    fn end_recordings(&mut self, _: &TestContext) {}

    /// Returns why a test whose body did not panic fails, if it does.
    ///
    /// # Panics
    /// As the body did.
    fn failure(self, cause: Option<Cause>) -> Option<String> {
        let should_panic = self.expectation.wants_panic();
        let report = self.report.filter(|_| !should_panic);
        let calls = self.calls.filter(|_| !should_panic);
        let others = [self.denied, self.unwritten];
        let failure = match (self.body, self.error) {
            // libtest expects a panic: without one it fails the test.
            (Err(_), _) if should_panic && cause.is_some() => None,
            (Err(panic), _) => {
                let message = report::panic_message(&*panic);
                let rest = report.and_then(|report| report::after_a_panic(&report, &message));
                let calls = calls.map(|calls| format!("\n{calls}"));
                let mut texts = Vec::from_iter(rest.or(calls));
                for other in others {
                    texts.extend(other);
                }
                for text in &texts {
                    eprintln!("{text}");
                }
                if !should_panic && !self.notes.is_empty() {
                    eprintln!("{}", report::with_notes(String::new(), &self.notes));
                }
                resume_unwind(panic)
            }
            (Ok(()), Some(error)) => Some(report::body_error(&error, report.as_ref())),
            (Ok(()), None) => report.as_ref().map(report::failed),
        };
        let mut failure = Vec::from_iter(failure);
        failure.extend(calls);
        for other in others {
            failure.extend(other);
        }
        (!failure.is_empty()).then(|| report::with_notes(failure.join("\n\n"), &self.notes))
    }
}
