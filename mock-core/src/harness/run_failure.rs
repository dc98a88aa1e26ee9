//! Why one of several runs of a test fails.

use std::time::Duration;

use super::finished::{Cause, Finished, Unfinished};
use super::remove;
use crate::report;
use crate::search::DIGIT;

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
            return Some(failure_from_text(&text));
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
                ..failure_from_text(&text)
            });
        }
        Cause::Late => {
            return Some(RunFailure {
                key: "late".to_owned(),
                ..failure_from_text(&finished.error.unwrap_or_default())
            });
        }
        Cause::Denied => finished.denied,
        Cause::Report => finished.report.map(|report| report.to_string()),
        Cause::Error => finished.error,
        Cause::Unwritten => finished.unwritten,
        // The macro rejects such a test with several runs.
        Cause::NoPanic => None,
    };
    Some(failure_from_text(&text.unwrap_or_default()))
}

fn failure_from_text(text: &str) -> RunFailure {
    let lines: Vec<_> = text.lines().map(str::to_owned).collect();
    // The headline may be wrapped.
    let headline = lines.iter().take_while(|line| !line.is_empty());
    let headline: Vec<_> = headline.map(String::as_str).collect();
    let key = without_call_numbers(&headline.join(" "));
    RunFailure { key, lines }
}

/// The same failure comes at another call if there are fewer faults before it.
fn without_call_numbers(line: &str) -> String {
    let mut parts = line.split("call ");
    let mut key = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        key += "call ";
        key += part.trim_start_matches(DIGIT);
    }
    key
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::super::run_expectation::RunExpectation;
    use super::*;
    use crate::report::Report;

    const ALL: [RunExpectation; 4] = [
        RunExpectation::All,
        RunExpectation::Panics,
        RunExpectation::Answers,
        RunExpectation::OnlyNoPanic,
    ];

    /// A run in which those of these things went wrong that are set in `bits`.
    fn finished(expectation: RunExpectation, bits: u32) -> Finished {
        let is_set = |bit: u32| bits & (1 << bit) != 0;
        let text = |bit| is_set(bit).then(|| "wrong".to_owned());
        Finished {
            expectation,
            body: match is_set(0) {
                true => Err(Box::new("wrong")),
                false => Ok(()),
            },
            panic_place: None,
            error: text(1).filter(|_| !is_set(0)),
            is_late: is_set(1) && is_set(2),
            has_task_panic: is_set(3) && is_set(4),
            elapsed: Duration::ZERO,
            report: is_set(3).then(|| Report::from_problem("wrong")),
            calls: None,
            notes: Vec::new(),
            denied: text(5),
            unwritten: text(6),
            folders: Vec::new(),
        }
    }

    #[test]
    fn the_page_and_the_recording_of_a_run_follow_its_verdict() {
        for expectation in ALL {
            for bits in 0..1 << 7 {
                let finished = || finished(expectation, bits);
                let cause = finished().cause();
                let failed = match expectation {
                    RunExpectation::All => {
                        let failure = catch_unwind(AssertUnwindSafe(|| finished().failure(cause)));
                        failure.is_err() || failure.is_ok_and(|failure| failure.is_some())
                    }
                    // libtest fails a test with `#[should_panic]` that does not panic.
                    RunExpectation::Panics => {
                        catch_unwind(AssertUnwindSafe(|| finished().failure(cause))).is_ok()
                    }
                    RunExpectation::Answers | RunExpectation::OnlyNoPanic => {
                        failure_of(Ok(finished())).is_some()
                    }
                };
                assert_eq!(
                    failed,
                    cause.is_some(),
                    "{expectation:?} {bits:07b} {cause:?}"
                );
            }
        }
    }

    #[test]
    fn failures_at_other_calls_are_the_same_failure() {
        let key = |mock: &str, call: usize, turn: usize| {
            let text =
                format!("mock `{mock}`: call {call} is one too many: turn {turn} was the last");
            failure_from_text(&text).key
        };
        assert_eq!(key("llm", 6, 1), key("llm", 14, 1));
        assert_ne!(key("llm", 6, 1), key("llm", 6, 2));
        assert_ne!(key("llm", 6, 1), key("other", 6, 1));
        let wrapped = [
            "call 9 does not fit\nturn 1\n\n  more",
            "call 14 does not\nfit turn 1\n\n  else",
        ];
        let [one, other] = wrapped.map(|text| failure_from_text(text).key);
        assert_eq!(one, other);
    }

    #[test]
    fn a_run_fails_if_it_does_not_meet_its_expectation() {
        // The expectations are in the order of `ALL`.
        for (bits, fails) in [
            (0b000_0000, [false, true, false, false]),
            (0b000_0001, [true, false, true, true]),
            (0b000_0010, [true, true, false, false]),
            (0b000_0110, [true, true, true, true]),
            (0b000_1000, [true, true, true, false]),
            (0b001_1000, [true, true, true, true]),
            (0b010_0000, [true, true, true, true]),
            (0b010_0001, [true, true, true, true]),
            (0b100_0000, [true, true, true, true]),
            (0b100_0001, [true, true, true, true]),
        ] {
            let causes = ALL.map(|expectation| finished(expectation, bits).cause());
            assert_eq!(causes.map(|cause| cause.is_some()), fails, "{bits:07b}");
        }
    }
}
