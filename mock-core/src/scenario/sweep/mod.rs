//! Every way in which the provider can go wrong in a scenario, one at a time: the variants of a sweep.

#[cfg(feature = "sweep")]
mod apply_change;
#[cfg(all(test, feature = "sweep"))]
mod tests;
#[cfg(feature = "sweep")]
mod variations;
#[cfg(not(feature = "sweep"))]
mod without_change;

#[cfg(feature = "sweep")]
use super::{Scenario, Turn, TurnIndex};

#[cfg(not(feature = "sweep"))]
pub(crate) use without_change::Change;

/// A sort of change in a sweep.
#[cfg(feature = "sweep")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SweepFault {
    /// The turn fails before its answer, with each kind of failure.
    Fail,
    /// The connection is lost, at each place of the answer.
    Cut,
    /// The answer ends without its finish, after each place.
    End,
    /// Nothing more comes after each place.
    Stall,
    /// A failure is reported after each place.
    Error,
    /// Something unreadable comes after each place.
    Malformed,
    /// The answer has no content, and a finish reason that says so.
    Finish,
    /// The content stops, and keep-alives go on. Only over the wire.
    Keepalive,
    /// Tools are called with empty arguments, or without any.
    Arguments,
    /// The whole answer comes in other pieces.
    Pieces,
}

#[cfg(feature = "sweep")]
impl SweepFault {
    /// All of them.
    pub const ALL: &'static [SweepFault] = &[
        SweepFault::Fail,
        SweepFault::Cut,
        SweepFault::End,
        SweepFault::Stall,
        SweepFault::Error,
        SweepFault::Malformed,
        SweepFault::Finish,
        SweepFault::Keepalive,
        SweepFault::Arguments,
        SweepFault::Pieces,
    ];
}

/// How the calls that a turn answered were made in the plain run.
#[cfg(feature = "sweep")]
#[derive(Clone, Copy, Default)]
pub(crate) struct PlainRunCalls {
    /// How many there were.
    pub(crate) calls: usize,
    /// Whether a call was streamed.
    pub(crate) is_streamed: bool,
    /// Whether the call came over the wire.
    pub(crate) is_served: bool,
}

/// A deviation from the scenario.
#[cfg(feature = "sweep")]
#[derive(Clone)]
pub(crate) struct Change {
    /// The turn that it is about.
    pub(crate) at: TurnIndex,
    /// The turn that answers before that turn, or in place of it.
    pub(crate) turns: Vec<Turn>,
    /// Whether these turns replace the original turn. Otherwise they come before it.
    pub(crate) replaces: bool,
    pub(crate) kind: ChangeKind,
}

/// The effect of a change on its scenario, and the expectation of the test.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ChangeKind {
    /// A faulty answer comes before an answer of the turn, which follows if it is asked again.
    Fault,
    /// Like [`Fault`](ChangeKind::Fault), but the answer is complete and differs from the one that the script continues from.
    OtherContent,
    /// The same content comes in another way. The test passes as it does without the change.
    Delivery,
}

#[cfg(feature = "sweep")]
impl Scenario {
    /// Returns every change that can be played, for the turns that have been asked.
    pub(crate) fn changes(
        &self,
        faults: &[SweepFault],
        plain_run_of: &dyn Fn(TurnIndex) -> Option<PlainRunCalls>,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        for &(at, turn) in &self.all_turns() {
            if let Some(plain_run) = plain_run_of(at) {
                for fault in faults {
                    variations::add(self, (at, turn), *fault, plain_run, &mut changes);
                }
            }
        }
        changes.retain(|change| change.applied(self).check().is_ok());
        changes
    }
}
