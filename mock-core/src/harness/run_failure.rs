//! Why one of several runs of a test fails.

use std::time::Duration;

use super::finished::{Cause, Finished, Unfinished};
use super::remove;
use crate::report;

/// The time that a run may take on the test's clock beyond the plain run, if the test sets no time-out.
pub(super) const PATIENCE: Duration = Duration::from_secs(60 * 60);

/// Why a run failed: a key that distinguishes it from other failures, and lines about it.
pub(super) struct RunFailure {
    pub(super) key: String,
    pub(super) lines: Vec<String>,
}

/// Returns why a run fails, if it does.
pub(super) fn failure_of(ended: Result<Finished, Unfinished>) -> Option<RunFailure> {
    let finished = match ended {
        Ok(finished) => finished,
        Err(unfinished) => {
            let text = report::stuck(
                unfinished.stuck,
                &unfinished.verdicts,
                &unfinished.task_panics,
            );
            return Some(of_text(&text));
        }
    };
    let Some(cause) = finished.cause() else {
        remove(&finished.folders);
        return None;
    };
    let text = match cause {
        Cause::Panic => {
            let place = finished.panic_place.unwrap_or_default();
            let message = finished
                .body
                .err()
                .map(|panic| report::panic_message(&*panic));
            let text = report::panicked(&place, &message.unwrap_or_default());
            return Some(RunFailure {
                key: place,
                ..of_text(&text)
            });
        }
        Cause::Late => {
            return Some(RunFailure {
                key: "late".to_owned(),
                ..of_text(&finished.error.unwrap_or_default())
            });
        }
        Cause::Denied => finished.denied,
        Cause::Report => finished.report.map(|report| report.to_string()),
        Cause::Error => finished.error,
        Cause::Unwritten => finished.unwritten,
        // The macro refuses such a test with several runs.
        Cause::NoPanic => None,
    };
    Some(of_text(&text.unwrap_or_default()))
}

fn of_text(text: &str) -> RunFailure {
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let key = lines.first().cloned().unwrap_or_default();
    RunFailure { key, lines }
}
