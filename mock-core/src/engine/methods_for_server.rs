//! What the engine does for a server alone. In the other direction, it calls the trait in `server_trait.rs`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::incoming_request::IncomingRequest;
use super::select_lane_and_instance::ScriptAssignment;
use super::select_turn::select;
use super::{Engine, EventStream, Server};
use crate::chat::conversation::Mistake;
use crate::chat::error::ProviderError;
use crate::chat::message::Part;
use crate::chat::request::Request;
use crate::journal::verdict::Unserved;
use crate::scenario::request_head::RequestHead;

impl Engine {
    /// Returns the mock's random seed.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Returns the time since the beginning of the test.
    pub(crate) fn elapsed(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// Records that the error of a call is sent within its answer, where a wire has no place for `retry_after`.
    pub(crate) fn hide_wait(&self, call: usize) {
        let journal = Arc::clone(&self.lock().journal);
        if let Some(call) = journal.get(call - 1) {
            call.end.hide_wait();
        }
    }

    /// Returns whether the answer with the tool call of this id has reasoning.
    pub(crate) fn has_reasoned_before(&self, call_id: &str) -> bool {
        let calls = self.calls();
        let mut answers = calls.iter().rev().filter_map(|call| call.response());
        let answer = answers.find(|answer| answer.tool_calls().any(|call| call.id == call_id));
        answer.is_some_and(|answer| {
            let mut parts = answer.message.parts.iter();
            parts.any(|part| matches!(part, Part::Reasoning(_)))
        })
    }

    /// Registers a server that answers with this mock.
    pub(crate) fn serve(&self, server: Arc<dyn Server>) {
        let mut state = self.lock();
        state.servers.push(server);
        state.unserved = None;
    }

    /// Records why a server does not start.
    pub(crate) fn note_unserved(&self, unserved: Unserved) {
        self.lock().unserved = Some(unserved);
    }

    /// Returns whether the mock answers a request for another endpoint with this head: by one of its lanes or a rule.
    pub(crate) fn answers_path(&self, head: &RequestHead) -> bool {
        let incoming = IncomingRequest {
            request: &Request::default(),
            head: Some(head),
            is_served: true,
            streamed: false,
            embedding: None,
        };
        let mut assignment =
            (self.summary.has_instances).then(|| ScriptAssignment::new(&self.scenario, incoming));
        // A lane for the path takes the request, even if it has no turn left. If a closure panics, the call reports it.
        let is_decided =
            |assignment: &ScriptAssignment| assignment.panic.is_some() || assignment.lane.is_some();
        if assignment.as_deref().is_some_and(is_decided) {
            return true;
        }
        let state = self.lock();
        if let Some(assignment) = &mut assignment {
            assignment.slot = state.instances.find(assignment);
        }
        let assignment = assignment.as_deref();
        let (cursor, captures) = state.progress(assignment);
        let captures = captures.clone();
        let call = state.journal.len() + 1;
        drop(state);
        let context = self.match_context(assignment, &captures, incoming, call);
        let selection = catch_unwind(AssertUnwindSafe(|| select(&context, cursor)));
        !matches!(selection, Ok(Err(_)))
    }

    /// Returns the error for a request that does not become a call, because there are as many as the mock may get.
    pub(crate) fn over_limit(&self) -> Option<Box<ProviderError>> {
        self.rejects_over_limit(&mut self.lock())
    }

    /// Records that a request over the wire has this mistake, and so does not become a call. The test fails, unless the mock allows unused
    /// turns: then the test may want to see the rejection.
    pub(crate) fn note_broken_request(&self, mistake: Mistake) {
        if !self.scenario.allow.unused_turns && !self.are_turns_optional() {
            self.note_broken(&mut self.lock(), None, mistake);
        }
    }
}

impl EventStream {
    /// Returns whether it waits for a timer.
    pub(crate) fn waits_for_time(&self) -> bool {
        self.0.waits_for_time()
    }
}
