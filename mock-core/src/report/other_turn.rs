//! Another turn that would have answered a request.

use super::asked::Asked;
use super::unmatched::holds;
use crate::journal::calls::Call;
use crate::journal::verdict::{Mismatch, Verdict};
use crate::scenario::{Matcher, Scenario, Turn, TurnIndex};

#[derive(Debug, PartialEq)]
pub(super) enum Other {
    /// One that comes later.
    Later(usize),
    /// One that came before, and is used up.
    Earlier(usize),
}

pub(super) fn other_turn(
    scenario: &Scenario,
    mismatch: &Mismatch,
    request: Asked<'_>,
) -> Option<Other> {
    let turns = || scenario.turns.iter().enumerate();
    let asked = |index| {
        let index = TurnIndex::Script(index);
        mismatch.misses.iter().any(|miss| miss.turn == index)
    };
    let first = match mismatch.misses.first().map(|miss| miss.turn) {
        Some(TurnIndex::Script(index)) => index,
        _ => scenario.turns.len(),
    };
    let later =
        turns().find(|(index, turn)| *index > first && !asked(*index) && fits(turn, request));
    let earlier = || turns().rfind(|(index, turn)| *index < first && fits(turn, request));
    later
        .map(|(index, _)| Other::Later(index))
        .or_else(|| Some(Other::Earlier(earlier()?.0)))
}

/// Whether the turn is certain to be meant for this request: one of its matchers looks at the last message. Closures of the user
/// are not called.
pub(super) fn fits(turn: &Turn, request: Asked<'_>) -> bool {
    let of_last = |matcher: &Matcher| matches!(matcher, Matcher::User(_) | Matcher::ToolResult(_));
    turn.conjuncts().any(of_last)
        && turn
            .matchers
            .iter()
            .all(|matcher| holds(matcher, request) == Some(true))
}

/// How often each turn has answered since the beginning of the script.
pub(super) fn uses(verdict: &Verdict) -> Vec<u32> {
    let mut uses = vec![0; verdict.scenario.turns.len()];
    let calls = verdict.calls.iter().skip(verdict.rewound);
    for turn in calls.filter_map(Call::turn) {
        uses[turn] += 1;
    }
    uses
}
