//! What a run must do to pass: a run of a sweep with a fault may return an error, but must not panic.

use super::TestSpec;
use crate::runtime::test_context::TestContext;
use crate::scenario::sweep::ChangeKind;

/// The conditions that a run has to meet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum RunExpectation {
    /// All that is expected of the test as it is written.
    All,
    /// The body panics. What the mocks report does not count.
    Panics,
    /// As [`All`](RunExpectation::All), but the body may return an error.
    Answers,
    /// As [`Answers`](RunExpectation::Answers), and the script may not know how to go on.
    OnlyNoPanic,
}

impl RunExpectation {
    /// Returns the conditions for a run that has ended.
    pub(super) fn new(spec: &TestSpec, running: &TestContext) -> RunExpectation {
        match running.variant() {
            _ if spec.should_panic => RunExpectation::Panics,
            Some(variant) => match variant.change.kind() {
                ChangeKind::Fault => RunExpectation::Answers,
                ChangeKind::OtherContent => RunExpectation::OnlyNoPanic,
                ChangeKind::Delivery => RunExpectation::All,
            },
            None if running.has_chance_faults() => RunExpectation::Answers,
            None => RunExpectation::All,
        }
    }

    /// Whether the body has to panic.
    pub(super) fn wants_panic(self) -> bool {
        self == RunExpectation::Panics
    }

    /// Whether an error that the body returns fails the run.
    pub(super) fn counts_error(self) -> bool {
        self == RunExpectation::All
    }

    /// Whether a problem of a mock fails the run. `has_task_panic`: whether it is the panic of a task.
    pub(super) fn counts_report(self, has_task_panic: bool) -> bool {
        match self {
            RunExpectation::All | RunExpectation::Answers => true,
            RunExpectation::OnlyNoPanic => has_task_panic,
            RunExpectation::Panics => false,
        }
    }
}
