//! The part of a mock that all of its handles share. The last handle verifies the mock, unless a test does.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};

use crate::engine::Engine;
use crate::report::{self, Report, RunningTasks};
use crate::runtime::panic_messages;

pub(super) struct Handle {
    pub(super) engine: Arc<Engine>,
    /// The thread that made the mock, if the last handle verifies it because no test does.
    pub(super) alone: Option<ThreadId>,
    /// The last report of `verify`, which the last handle does not repeat.
    pub(super) verified: Mutex<Option<Report>>,
}

thread_local! {
    static IS_VERIFYING: Cell<bool> = const { Cell::new(true) };
}

/// Drops something that may hold the last handle of a mock. The mock is not verified: an error says more than that nobody called it.
#[cfg_attr(not(any(feature = "server", feature = "cassette")), allow(dead_code))]
pub(crate) fn drop_unverified<T>(value: T) {
    // Dropping the value may panic, so `Restored` resets the flag.
    let _restored = Restored(IS_VERIFYING.replace(false));
    drop(value);
}

/// Sets back whether mocks are verified.
struct Restored(bool);

impl Drop for Restored {
    fn drop(&mut self) {
        IS_VERIFYING.set(self.0);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !IS_VERIFYING.get() {
            return;
        }
        let Some(made_on) = self.alone else {
            return;
        };
        let verified = self
            .verified
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let report = Report::from_verdicts(&[self.engine.verdict()], RunningTasks::NONE);
        let Some(mut report) = report.filter(|report| verified.as_ref() != Some(report)) else {
            return;
        };
        // Tokio catches a panic in a task, so the report says that the test may pass.
        if tokio::task::try_id().is_some() {
            report.note_drop_in_task();
        } else if thread::current().id() != made_on {
            report.note_drop_on_thread();
        }
        if thread::panicking() {
            if let Some(rest) = report::while_panicking(&report, &panic_messages::last_message()) {
                eprintln!("{rest}");
            }
        } else {
            // The panic's location is this line, which does not help. So the report begins with the location of the mock.
            panic!("{report}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;
    use crate::MockProvider;
    use crate::builder::reply;

    struct Panics;

    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("at the end");
        }
    }

    #[test]
    fn mocks_are_verified_again_after_something_unverified_panicked() {
        let unused = || MockProvider::script([reply("Hi.")]);
        drop_unverified(unused());
        assert!(catch_unwind(|| drop_unverified(Panics)).is_err());
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(unused())));
        assert!(dropped.is_err(), "it is verified");
    }
}
