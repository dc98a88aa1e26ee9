//! Calls that no turn answers, with the reason.

use std::any::Any;
use std::sync::atomic::Ordering;

use super::incoming_request::IncomingRequest;
use super::instances::ScriptAssignment;
use super::running_call::CallGuard;
use super::{Engine, EngineState};
use crate::chat::conversation::{Mistake, mistake};
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::journal::calls::Outcome;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{BrokenConversation, Mismatch, TurnMismatch};
use crate::report;
use crate::runtime::thread_signals;
use crate::scenario::Capabilities;

/// Why a request is not answered by a turn.
pub(super) enum NoTurn {
    /// No turn answers it, or no turn answered an earlier call: this mismatch froze the script or its instance.
    Mismatch(Box<Mismatch>),
    /// The mock rejects it before it tries any turn.
    Failed(Box<ProviderError>),
    /// The test that made the mock has ended.
    Ended(&'static str),
    /// A closure of the scenario panicked.
    Panicked(Box<dyn Any + Send>),
}

impl EngineState {
    /// Returns the mismatch that froze the script of a request. Each instance is frozen on its own.
    fn frozen_by(&self, assignment: Option<&ScriptAssignment>) -> Option<&Mismatch> {
        match assignment {
            None => self.mismatch.as_deref(),
            Some(assignment) => self.instances.get(assignment.slot)?.mismatch.as_deref(),
        }
    }
}

impl Engine {
    /// Decides about a request before any turn is tried.
    pub(super) fn no_turn_before_matching(
        &self,
        state: &EngineState,
        assignment: Option<&ScriptAssignment>,
        incoming: IncomingRequest<'_>,
    ) -> Option<NoTurn> {
        if let Some(test) = state.ended {
            return Some(NoTurn::Ended(test));
        }
        if let Some(failure) = &state.outage {
            let error = failure.error(&self.scenario, &|_| "".into());
            return Some(NoTurn::Failed(Box::new(error)));
        }
        if let Some((param, problem)) = incoming.embedding.and_then(EmbeddingRequest::problem) {
            let mut error = self.scenario.error(ErrorKind::BadRequest, problem);
            error.param = Some(param.into());
            return Some(NoTurn::Failed(Box::new(error)));
        }
        if let Some(mismatch) = state.frozen_by(assignment) {
            return Some(NoTurn::Mismatch(Box::new(mismatch.clone())));
        }
        if self.scenario.capabilities != Capabilities::ALL
            && let Some(message) = self.rejects(incoming.request, incoming.streamed)
        {
            let error = self.scenario.error(ErrorKind::Unsupported, message);
            return Some(NoTurn::Failed(Box::new(error)));
        }
        let model = &incoming.request.model;
        if !self.scenario.has_model(model) {
            let message =
                report::unknown_model(self.scenario.profile, model, &self.scenario.model_names());
            let error = self.scenario.error(ErrorKind::NotFound, message);
            return Some(NoTurn::Failed(Box::new(error)));
        }
        let limit = self.scenario.latency.timeout_over?;
        (self.latency(state.journal.len() + 1) > limit).then(|| {
            let message = report::over_the_limit(limit);
            NoTurn::Failed(Box::new(self.scenario.error(ErrorKind::Timeout, message)))
        })
    }

    /// Returns the mistake in the calls and results of a request, unless the scenario allows it.
    #[inline]
    pub(crate) fn mistake(&self, request: &Request) -> Option<Box<Mistake>> {
        match self.scenario.allow.broken_conversations {
            true => None,
            false => mistake(&request.messages),
        }
    }

    /// Rejects the next call, whose request has this mistake. The test fails, and the script continues.
    #[cold]
    pub(super) fn broken(&self, state: &mut EngineState, mistake: Mistake) -> NoTurn {
        if let Some(test) = state.ended {
            return NoTurn::Ended(test);
        }
        let mut error = mistake.error(self.scenario.profile);
        error.provider = Some(self.scenario.provider_name().to_owned().into());
        let call = state.journal.len() + 1;
        self.note_broken(state, Some(call), mistake);
        NoTurn::Failed(Box::new(error))
    }

    pub(super) fn note_broken(
        &self,
        state: &mut EngineState,
        call: Option<usize>,
        mistake: Mistake,
    ) {
        state.broken.get_or_insert_with(|| BrokenConversation {
            call,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            mistake,
        });
    }

    /// Returns why the mock's capabilities exclude the request, if they do.
    fn rejects(&self, request: &Request, streamed: bool) -> Option<String> {
        let capabilities = self.scenario.capabilities;
        match (capabilities.streaming, capabilities.tools) {
            (false, _) if streamed => Some(report::lacks("streaming")),
            (_, false) if !request.tools.is_empty() => Some(report::lacks("tools")),
            _ => None,
        }
    }

    /// Freezes the script or its instance: no turn answers the next call.
    #[cold]
    pub(super) fn freeze(
        &self,
        state: &mut EngineState,
        assignment: Option<&ScriptAssignment>,
        misses: Vec<TurnMismatch>,
    ) -> NoTurn {
        let is_per = self.scenario.per.is_some();
        let script = assignment.map(|assignment| {
            let instances = &state.instances;
            instances.script_id(&assignment.located, assignment.slot, is_per)
        });
        let mismatch = Box::new(Mismatch {
            call: state.journal.len() + 1,
            order: self.problems.fetch_add(1, Ordering::Relaxed),
            script: script.unwrap_or(ScriptId::SCRIPT),
            no_script: assignment.and_then(ScriptAssignment::no_script),
            misses,
        });
        state.mismatch.get_or_insert_with(|| mismatch.clone());
        NoTurn::Mismatch(mismatch)
    }

    /// Ends a call that no turn answers.
    #[cold]
    pub(super) fn no_turn_answers(&self, mut guard: CallGuard, no_turn: NoTurn) -> ProviderError {
        let error = match no_turn {
            // Of the call that did not fit, which may be an earlier one: the script is frozen since then.
            NoTurn::Mismatch(mismatch) => {
                let problem = report::unscripted(
                    &self.label,
                    &self.scenario,
                    &mismatch,
                    guard.earlier(mismatch.call),
                );
                let call = guard.call().number();
                self.unscripted(report::frozen(&self.scenario, &mismatch, call, problem))
            }
            NoTurn::Ended(test) => {
                self.unscripted(thread_signals::call_after_the_end(&self.label, test))
            }
            NoTurn::Failed(error) => *error,
            NoTurn::Panicked(panic) => guard.panicked(panic),
        };
        guard.end(Outcome::Failed(error.clone()));
        error
    }

    fn unscripted(&self, message: String) -> ProviderError {
        self.scenario.error(ErrorKind::Unscripted, message)
    }
}
