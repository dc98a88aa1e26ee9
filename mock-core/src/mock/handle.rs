//! The part of a mock that all of its handles share. The last handle verifies the mock, unless a test does.

use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::Engine;
use crate::report::{self, Report};
use crate::runtime::panic_messages;

pub(super) struct Handle {
    pub(super) engine: Arc<Engine>,
    /// Whether the last handle verifies the mock, because no test does.
    pub(super) alone: bool,
    /// The last report of `verify`, which the last handle does not repeat.
    pub(super) told: Mutex<Option<Report>>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        if !self.alone {
            return;
        }
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
            // The place of this panic is this line. The report begins with that of the mock.
            Some(report) => panic!("{report}"),
            None => {}
        }
    }
}
