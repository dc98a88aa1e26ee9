//! Runs a `#[provider_test]`: the clock, the mocks, the verdict.

mod arguments;
mod clock;
mod outcome;
mod spec;
mod test;
mod thread;

pub use arguments::TestSeed;
pub use clock::{HeldClock, TestClock};
pub use outcome::TestOutcome;
pub use spec::{Clock, Flavor, TestSpec};
pub use test::{DeclaredMock, FromMock, FromTest, Test};

use std::panic::resume_unwind;

use crate::report;
use thread::{Finished, run_on_own_thread};

/// Runs a test, and verifies its mocks at its end.
///
/// # Panics
/// If the test fails.
#[track_caller]
pub fn run(spec: &'static TestSpec) {
    let Finished {
        body,
        error,
        report,
    } = match run_on_own_thread(spec) {
        Ok(finished) => finished,
        Err(stuck) => panic!("{}", report::stuck(spec.guard, &stuck)),
    };
    let report = report.filter(|_| !spec.should_panic);
    match (body, error, report) {
        (Err(panic), _, report) => {
            let message = report::panic_message(&*panic);
            if let Some(report) = report.filter(|report| !report.is_told_in(&message)) {
                eprintln!("{}", report::after_a_panic(&report));
            }
            resume_unwind(panic)
        }
        (Ok(()), Some(error), report) => panic!("{}", report::body_error(&error, report.as_ref())),
        (Ok(()), None, Some(report)) => panic!("{}", report::failed(&report)),
        (Ok(()), None, None) => {}
    }
}
