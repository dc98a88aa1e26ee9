//! Calls that no turn answers, with the reason: [`NoTurn`]. A mismatch freezes the script.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::running_call::CallGuard;
use super::select_lane_and_instance::ScriptAssignment;
use super::{Engine, EngineState};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::journal::calls::Outcome;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, TurnMismatch};
use crate::report;
use crate::runtime::thread_signals;

/// Why a request is not answered by a turn.
pub(super) enum NoTurn {
    /// No turn answers it, or no turn answered an earlier call: this mismatch froze the script or its instance.
    Mismatch(Arc<Mismatch>),
    /// The mock rejects it before it tries any turn.
    Failed(Box<ProviderError>),
    /// There are too many calls. It does not become one.
    TooMany(Box<ProviderError>),
    /// The test that made the mock has ended.
    Ended(&'static str),
    /// A closure of the scenario panicked.
    Panicked(Box<dyn Any + Send>),
}

impl EngineState {
    /// Returns the mismatch that froze the script of a request. Each instance is frozen on its own.
    pub(super) fn frozen_by(
        &self,
        assignment: Option<&ScriptAssignment>,
    ) -> Option<&Arc<Mismatch>> {
        match assignment {
            None => self.problems.mismatch.as_ref(),
            Some(assignment) => self.instances.get(assignment.slot)?.mismatch.as_ref(),
        }
    }
}

impl Engine {
    /// Freezes the script or its instance: no turn answers the next call.
    #[cold]
    pub(super) fn freeze(
        &self,
        state: &mut EngineState,
        assignment: Option<&ScriptAssignment>,
        misses: Vec<TurnMismatch>,
    ) -> NoTurn {
        let is_per = self.scenario.per.is_some();
        let script = assignment.map(|assignment| state.instances.script_id(assignment, is_per));
        let mismatch = Arc::new(Mismatch {
            call: state.journal.len() + 1,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            script: script.unwrap_or(ScriptId::SCRIPT),
            no_script: assignment.and_then(ScriptAssignment::no_script),
            misses,
        });
        let first = &mut state.problems.mismatch;
        if first.is_none() {
            *first = Some(Arc::clone(&mismatch));
        }
        NoTurn::Mismatch(mismatch)
    }

    /// Ends a call that no turn answers.
    #[cold]
    pub(super) fn no_turn_answers(&self, mut guard: CallGuard, no_turn: NoTurn) -> ProviderError {
        let error = match no_turn {
            // The mismatch may be that of an earlier call, which froze the script.
            NoTurn::Mismatch(mismatch) => {
                let earlier = guard.earlier(mismatch.call);
                let problem = report::unscripted(&self.label, &mismatch, earlier);
                let call = guard.call().number();
                self.unscripted(report::frozen(&self.scenario, &mismatch, call, problem))
            }
            NoTurn::Ended(test) => {
                self.unscripted(thread_signals::call_after_the_end(&self.label, test))
            }
            NoTurn::Failed(error) | NoTurn::TooMany(error) => *error,
            NoTurn::Panicked(panic) => guard.panicked(panic),
        };
        guard.end(Outcome::Failed(error.clone()));
        error
    }

    pub(super) fn unscripted(&self, message: String) -> ProviderError {
        self.scenario.error(ErrorKind::Unscripted, message)
    }
}
