//! What a scenario has in any of its turns, so that no call has to look for it.

use std::time::Duration;

use crate::scenario::{Delay, Matcher, Per, Scenario};
use crate::search::Search;

/// Facts about all turns of a scenario.
#[derive(Default)]
pub(super) struct ScenarioSummary {
    /// Whether a matcher is a closure, which must not run under the lock.
    pub(super) has_closures: bool,
    /// Whether a turn is answered by a closure.
    pub(super) responds: bool,
    /// Whether a turn answers with embeddings, so that each turn answers only requests of its kind.
    pub(super) has_embedding_turns: bool,
    /// Whether there are lanes, or instances of the script.
    pub(super) has_instances: bool,
    /// Whether an answer may take time.
    pub(super) takes_time: bool,
    /// Whether the instance of a request is found by its conversation.
    pub(super) tells_conversations: bool,
    /// Whether the scenario expects `prompt_prefix_stable`.
    pub(super) expects_stable_prompts: bool,
    /// Whether a text has variables. To look for them in each call would take 1.5 % of its time.
    pub(super) has_templates: bool,
}

impl ScenarioSummary {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let mut summary = ScenarioSummary {
            has_embedding_turns: scenario.has_embeddings(),
            has_instances: scenario.has_instances(),
            takes_time: scenario.latency.delay != Delay::Fixed(Duration::ZERO),
            tells_conversations: matches!(scenario.per, Some(Per::Conversation)),
            expects_stable_prompts: scenario.expects_stable_prompts(),
            ..ScenarioSummary::default()
        };
        for &(_, turn) in &scenario.all_turns() {
            summary.takes_time |= turn.takes_time();
            summary.has_closures |= turn.matchers.any(&Matcher::has_closure);
            summary.responds |= turn.responds();
            summary.has_templates |= turn.has_templates();
        }
        summary
    }
}
