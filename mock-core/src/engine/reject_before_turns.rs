//! What rejects a call before any turn is tried: the end of the test, an outage, a frozen script, the capabilities, the models, the time
//! limit, and the mistakes of its conversation.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::call_without_turn::NoTurn;
use super::incoming_request::IncomingRequest;
use super::select_lane_and_instance::ScriptAssignment;
use super::{Engine, EngineState};
use crate::chat::conversation::{Mistake, ResultPlace, mistake};
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::journal::verdict::BrokenConversation;
use crate::report;
use crate::scenario::{Capabilities, Profile};

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
            return failed(failure.error(&self.scenario, &|_| "".into()));
        }
        if let Some((param, problem)) = incoming.embedding.and_then(EmbeddingRequest::problem) {
            let error = self.scenario.error(ErrorKind::BadRequest, problem);
            return failed(error.with_param(param));
        }
        if let Some(mismatch) = state.frozen_by(assignment) {
            return Some(NoTurn::Mismatch(Arc::clone(mismatch)));
        }
        let (kind, message) = self.rejects(state, incoming)?;
        failed(self.scenario.error(kind, message))
    }

    /// Returns why the capabilities, the models or the time limit of the mock exclude a request, if they do.
    #[inline]
    fn rejects(
        &self,
        state: &EngineState,
        incoming: IncomingRequest<'_>,
    ) -> Option<(ErrorKind, String)> {
        let (scenario, request) = (&self.scenario, incoming.request);
        let Capabilities { streaming, tools } = scenario.capabilities;
        if incoming.streamed && !streaming {
            return Some((ErrorKind::Unsupported, report::lacks("streaming")));
        }
        if !request.tools.is_empty() && !tools {
            return Some((ErrorKind::Unsupported, report::lacks("tools")));
        }
        let model = &request.model;
        if !scenario.has_model(model) {
            let message = report::unknown_model(scenario.profile, model, &scenario.model_names());
            return Some((ErrorKind::NotFound, message));
        }
        let limit = scenario.latency.timeout_over?;
        let is_over = self.latency(state.journal.len() + 1) > limit;
        is_over.then(|| (ErrorKind::Timeout, report::over_the_limit(limit)))
    }

    /// Returns the mistake in the calls and results of a request, unless the scenario allows it. `wire` is the provider whose wire the request
    /// is on.
    #[inline]
    pub(crate) fn mistake(&self, request: &Request, wire: Profile) -> Option<Box<Mistake>> {
        let place = ResultPlace::allowed_by(wire, self.scenario.profile);
        match self.scenario.allow.broken_conversations {
            true => None,
            false => mistake(&request.messages, place),
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
        state
            .problems
            .broken
            .get_or_insert_with(|| BrokenConversation {
                call,
                order: self.problems.fetch_add(1, Ordering::Relaxed),
                mistake,
            });
    }
}

fn failed(error: ProviderError) -> Option<NoTurn> {
    Some(NoTurn::Failed(Box::new(error)))
}
