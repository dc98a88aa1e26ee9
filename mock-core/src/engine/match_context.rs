//! A request beside the scenario and its progress, as turns and matchers see it: [`MatchContext`].

use std::cell::OnceCell;

use super::captures::{Captures, NO_CAPTURES};
use crate::chat::conversation::NamedResult;
use crate::chat::embedding::EmbeddingRequest;
use crate::chat::request::Request;
use crate::scenario::request_head::RequestHead;
use crate::scenario::{Scenario, Str, Turn};

/// A request, with everything that the choice depends on.
pub(crate) struct MatchContext<'a> {
    pub(crate) scenario: &'a Scenario,
    /// The lane of the request, if the mock has lanes.
    pub(crate) lane: Option<usize>,
    /// The turns of the request's script.
    pub(crate) turns: &'a [Turn],
    /// Whether each of them may be left out, whatever its minimum.
    pub(crate) are_turns_optional: bool,
    /// The captures from choosing the script.
    pub(crate) located: &'a [(Str, String)],
    /// Whether `otherwise` may answer the request.
    pub(crate) may_use_otherwise: bool,
    /// Earlier captures.
    pub(crate) captures: &'a Captures,
    pub(crate) request: &'a Request,
    /// The head of the HTTP request; `None` in process, and if no matcher needs it.
    pub(crate) head: Option<&'a RequestHead>,
    /// The request for embeddings; `None` if it asks for a chat answer.
    pub(crate) embedding: Option<&'a EmbeddingRequest>,
    /// Whether the scenario has turns with embeddings, so that each turn answers only requests of its kind.
    pub(crate) has_embedding_turns: bool,
    /// The number of the call.
    pub(crate) call: usize,
    /// Whether a text of the scenario has variables.
    pub(crate) has_templates: bool,
    /// The latest results of the request, once a matcher asks for them.
    pub(crate) latest_results: OnceCell<Vec<NamedResult<'a>>>,
}

impl<'a> MatchContext<'a> {
    /// A request that has no script, for matchers that are asked outside of a decision.
    pub(super) fn without_script(
        scenario: &'a Scenario,
        request: &'a Request,
        head: Option<&'a RequestHead>,
    ) -> Self {
        MatchContext {
            scenario,
            lane: None,
            turns: &[],
            are_turns_optional: false,
            located: &[],
            may_use_otherwise: false,
            captures: &NO_CAPTURES,
            request,
            head,
            embedding: None,
            has_embedding_turns: false,
            call: 0,
            has_templates: false,
            latest_results: OnceCell::new(),
        }
    }
    /// Returns whether the request is for an endpoint of a model. In process all requests are.
    pub(super) fn asks_model(&self) -> bool {
        self.head.is_none_or(|head| head.asks_model)
    }

    /// Whether a rule or a lane may answer the request. If the path is not one of a wire, only those that name paths may.
    pub(super) fn may_answer(&self, names_paths: bool) -> bool {
        names_paths || self.asks_model()
    }
}
