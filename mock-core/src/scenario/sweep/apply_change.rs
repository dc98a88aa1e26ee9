//! Scenarios with a change.

use std::ops::Range;

use super::{Change, ChangeKind};
use crate::scenario::{List, Matcher, Otherwise, Scenario, Turn, TurnIndex};
use crate::search::Search;

impl Change {
    /// Returns the scenario with this change.
    pub(crate) fn applied(&self, scenario: &Scenario) -> Scenario {
        let mut changed = scenario.clone();
        let turns = self.turns.iter().cloned();
        match self.at {
            TurnIndex::Script(at) => put(changed.turns.to_mut(), self.range(at), turns),
            TurnIndex::Lane { lane, turn } => {
                let lane = &mut changed.lanes.to_mut()[lane];
                put(lane.turns.to_mut(), self.range(turn), turns);
            }
            TurnIndex::Rule(at) if self.replaces => {
                put(changed.rules.to_mut(), self.range(at), turns);
            }
            TurnIndex::Otherwise if self.replaces => {
                for turn in turns {
                    changed.otherwise = Otherwise::Turn(turn);
                }
            }
            TurnIndex::Rule(_) | TurnIndex::Otherwise => changed.turns.to_mut().extend(turns),
        }
        if let TurnIndex::Rule(rule) = self.at
            && !self.replaces
            && self.turns.any(&|turn| turn.name.is_some())
        {
            // The faulty answer, which comes first, takes over the name.
            changed.rules.to_mut()[rule].name = None;
        }
        match self.kind {
            ChangeKind::Delivery => changed,
            _ => relaxed(changed),
        }
    }

    /// Returns what another mock of the test plays, if it is not its scenario.
    pub(crate) fn beside(&self, scenario: &Scenario) -> Option<Scenario> {
        (self.kind != ChangeKind::Delivery).then(|| relaxed(scenario.clone()))
    }

    pub(crate) fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// Returns the range that the turns of the change replace, for a turn at this index.
    fn range(&self, at: usize) -> Range<usize> {
        at..at + usize::from(self.replaces)
    }
}

fn put(list: &mut Vec<Turn>, at: Range<usize>, turns: impl Iterator<Item = Turn>) {
    list.splice(at, turns);
}

/// Makes every turn optional, since code that gives up goes on with something else, and expects nothing of all calls.
fn relaxed(mut scenario: Scenario) -> Scenario {
    scenario.expect = List::default();
    let optional = |turn: &mut Turn| turn.count.min = 0;
    scenario.allow.unused_turns = true;
    scenario.turns.to_mut().iter_mut().for_each(optional);
    for lane in scenario.lanes.to_mut() {
        lane.turns.to_mut().iter_mut().for_each(optional);
    }
    scenario
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
