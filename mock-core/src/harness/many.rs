//! Why one of several runs of a test fails.

use std::time::Duration;

use super::finished::{Finished, Unfinished};
use super::remove;
use crate::report;

/// The time that a run may take on the test's clock beyond the plain run, if the test sets no time-out.
pub(super) const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// What is expected of a run. None of them panics or waits for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// All that is expected of the test as it is written.
    All,
    /// The same, but the body may return an error.
    Answers,
    /// The same, and the script may not know how to go on.
    OnlyPanics,
}

/// Why a run failed: what tells it apart from other failures, and lines about it.
pub(super) struct Failure {
    pub(super) key: String,
    pub(super) lines: Vec<String>,
}

/// Returns why a run fails, if it does.
pub(super) fn failure_of(ended: Result<Finished, Unfinished>, held: Held) -> Option<Failure> {
    let of_text = |text: &str| {
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let key = lines.first().cloned().unwrap_or_default();
        Some(Failure { key, lines })
    };
    let finished = match ended {
        Ok(finished) => finished,
        Err(unfinished) => {
            let text = report::stuck(
                unfinished.stuck,
                &unfinished.verdicts,
                &unfinished.task_panics,
            );
            return of_text(&text);
        }
    };
    if let Err(panic) = &finished.body {
        let place = finished.panic_place.unwrap_or_default();
        let text = report::panicked(&place, &report::panic_message(&**panic));
        return Some(Failure {
            key: place,
            ..of_text(&text)?
        });
    }
    if let Some(denied) = &finished.denied {
        return of_text(denied);
    }
    let is_held = held != Held::OnlyPanics || finished.has_task_panic;
    match (finished.error, finished.report) {
        (Some(error), _) if finished.is_late => Some(Failure {
            key: "late".to_owned(),
            ..of_text(&error)?
        }),
        (_, Some(report)) if is_held => of_text(&report.to_string()),
        (Some(error), None) if held == Held::All => of_text(&error),
        _ => {
            remove(&finished.folders);
            None
        }
    }
}
