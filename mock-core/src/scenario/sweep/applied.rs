//! Scenarios with a change.

use super::{Change, Sort};
use crate::scenario::{List, Matcher, Otherwise, Scenario, Turn, TurnIndex};

impl Change {
    /// Returns the scenario with this change.
    pub(crate) fn applied(&self, scenario: &Scenario) -> Scenario {
        let mut changed = scenario.clone();
        if self.sort == Sort::Delivery {
            if let Some(turn) = turn_mut(&mut changed, self.at) {
                *turn = self.turn.clone();
            }
            return changed;
        }
        relaxed(&mut changed);
        let turn = self.turn.clone();
        match self.at {
            TurnIndex::Script(at) => changed.turns.to_mut().insert(at, turn),
            TurnIndex::Lane { lane, turn: at } => {
                changed.lanes.to_mut()[lane].turns.to_mut().insert(at, turn);
            }
            TurnIndex::Rule(_) | TurnIndex::Otherwise => changed.turns.to_mut().push(turn),
        }
        changed
    }
}

/// Makes every turn optional, since code that gives up goes on with something else, and expects nothing of all calls.
pub(crate) fn relaxed(scenario: &mut Scenario) {
    scenario.expect = List::default();
    let optional = |turn: &mut Turn| turn.count.min = 0;
    scenario.allow.unused_turns = true;
    scenario.turns.to_mut().iter_mut().for_each(optional);
    for lane in scenario.lanes.to_mut() {
        lane.turns.to_mut().iter_mut().for_each(optional);
    }
}

fn turn_mut(scenario: &mut Scenario, index: TurnIndex) -> Option<&mut Turn> {
    match index {
        TurnIndex::Script(turn) => scenario.turns.to_mut().get_mut(turn),
        TurnIndex::Lane { lane, turn } => {
            let lane = scenario.lanes.to_mut().get_mut(lane)?;
            lane.turns.to_mut().get_mut(turn)
        }
        TurnIndex::Rule(rule) => scenario.rules.to_mut().get_mut(rule),
        TurnIndex::Otherwise => match &mut scenario.otherwise {
            Otherwise::Turn(turn) => Some(turn),
            _ => None,
        },
    }
}

/// Returns the matchers of a turn before the one at this index. In place of a rule a turn of a script answers, which is asked before all
/// rules: so none of the rules before it may match. `None` if there is a script already, whose turns the change would come between.
pub(super) fn matchers_before(
    scenario: &Scenario,
    (at, turn): (TurnIndex, &Turn),
) -> Option<Vec<Matcher>> {
    let before = match at {
        TurnIndex::Script(_) | TurnIndex::Lane { .. } => return Some(turn.matchers.to_vec()),
        _ if !scenario.turns.is_empty() || !scenario.lanes.is_empty() => return None,
        TurnIndex::Rule(rule) => &scenario.rules[..rule],
        TurnIndex::Otherwise => &scenario.rules[..],
    };
    let mut matchers = Vec::new();
    for rule in before {
        let of_rule = match &*rule.matchers {
            [] => return None,
            [matcher] => vec![matcher.clone()],
            several => vec![Matcher::AllOf(several.to_vec().into())],
        };
        matchers.push(Matcher::Not(of_rule.into()));
    }
    matchers.extend_from_slice(&turn.matchers);
    Some(matchers)
}
