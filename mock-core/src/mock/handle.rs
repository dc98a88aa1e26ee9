//! The part of a mock that all of its handles share. The last handle verifies the mock, unless a test does.

use std::panic::Location;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::Engine;
use crate::report::{self, Report};
use crate::runtime::panic_messages;

pub(super) struct Handle {
    pub(super) engine: Arc<Engine>,
    /// Where the mock was made, if the last handle verifies it because no test does.
    pub(super) alone: Option<&'static Location<'static>>,
    /// The last report of `verify`, which the last handle does not repeat.
    pub(super) told: Mutex<Option<Report>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        let Some(made_at) = self.alone else {
            return;
        };
        let told = self.told.get_mut().unwrap_or_else(PoisonError::into_inner);
        let report = Report::from_verdicts(&[self.engine.verdict()], 0);
        match report.filter(|report| told.as_ref() != Some(report)) {
            Some(report) if std::thread::panicking() => {
                if let Some(rest) =
                    report::while_panicking(&report, &panic_messages::last_message())
                {
                    eprintln!("{rest}");
                }
            }
            // Nobody knows the line that drops it.
            Some(report) => panic_messages::panic_at(made_at, report.to_string()),
            None => {}
        }
    }
}
