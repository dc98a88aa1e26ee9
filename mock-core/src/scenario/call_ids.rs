//! The ids that a scenario gives its tool calls: no two calls have the same one.

use super::check::ScenarioError;
use super::{Action, Otherwise, Scenario, ScriptedCall, Str, Text, Turn, TurnIndex, Variable};

impl Scenario {
    /// Checks that no turn gives a tool call an id that another call has too.
    pub(super) fn check_call_ids(&self) -> Result<(), ScenarioError> {
        let mut fixed: Vec<&Str> = Vec::new();
        for &(index, turn) in &self.all_turns() {
            let answers_again = self.may_answer_again(index, turn);
            let ids = turn.call_ids();
            for (position, id) in ids.iter().enumerate() {
                let (problem, remedy) = match id {
                    Text::Verbatim(id) if id.is_empty() => (
                        "the id of its tool call is empty".to_owned(),
                        "write one, or remove `.id(..)`",
                    ),
                    id if answers_again && !names_the_call(id) => (
                        format!(
                            "it may answer more than once, each time with the call id \"{id}\""
                        ),
                        "write the number of the call into the id, as in `.id(\"call_{call}\")`",
                    ),
                    id if ids[..position].contains(id) => (
                        format!("two of its tool calls have the id \"{id}\""),
                        "give each an id of its own",
                    ),
                    Text::Verbatim(id) if fixed.contains(&id) => (
                        format!("its tool call has the id \"{id}\", as one of an earlier turn"),
                        "give each an id of its own",
                    ),
                    Text::Verbatim(id) => {
                        fixed.push(id);
                        continue;
                    }
                    Text::Template(_) => continue,
                };
                return Err(self.error_in((index, turn), (problem, remedy)));
            }
        }
        Ok(())
    }

    /// Whether the turn at this place may answer more than one request.
    fn may_answer_again(&self, index: TurnIndex, turn: &Turn) -> bool {
        let is_last = match index {
            TurnIndex::Rule(_) | TurnIndex::Otherwise => return true,
            TurnIndex::Script(index) => index + 1 == self.turns.len(),
            TurnIndex::Lane { lane, turn } => turn + 1 == self.lanes[lane].turns.len(),
        };
        let goes_on = match self.otherwise {
            Otherwise::Cycle => true,
            Otherwise::RepeatLast => is_last,
            _ => false,
        };
        // Each instance plays the turn again.
        goes_on || self.per.is_some() || turn.count.max > 1
    }
}

impl Turn {
    /// The ids that it gives its tool calls.
    pub(crate) fn call_ids(&self) -> Vec<&Text> {
        let mut ids = Vec::new();
        for action in self.actions.iter() {
            if let Action::Call(ScriptedCall { id: Some(id), .. }) = action {
                ids.push(id);
            }
        }
        ids
    }
}

/// Whether the id contains the number of the call, so that it is different for each call.
pub(super) fn names_the_call(id: &Text) -> bool {
    let mut variables = Vec::new();
    id.add_variables(&mut variables);
    variables.contains(&&Variable::Call)
}
