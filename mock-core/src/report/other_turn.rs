//! Another turn that would have answered a request.

use super::matcher_input::MatcherInput;
use super::matcher_mismatch::holds;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, Verdict};
use crate::scenario::{Kind, Matcher, Scenario, Turn, TurnIndex};
use crate::search::Search;

#[derive(Debug, PartialEq)]
pub(super) enum Other {
    /// A later turn of the script.
    Later(TurnIndex),
    /// An earlier turn, which is used up.
    Earlier(TurnIndex),
    /// A turn of another lane.
    InLane(TurnIndex),
}

pub(super) fn other_turn(
    scenario: &Scenario,
    mismatch: &Mismatch,
    request: MatcherInput<'_>,
) -> Option<Other> {
    if mismatch.no_script.is_some() {
        return None;
    }
    let lane = mismatch.script.lane();
    let index = |turn| TurnIndex::scripted(lane, turn);
    let turns = scenario.turns_of(lane);
    let asked = |turn| {
        let turn = index(turn);
        mismatch.misses.any(&|miss| miss.turn == turn)
    };
    let first = mismatch.misses.first();
    let first = first.and_then(|miss| miss.turn.in_script());
    let first = first.unwrap_or(turns.len());
    let mut earlier = None;
    for (at, turn) in turns.iter().enumerate() {
        if at == first || !would_answer(turn, request) {
            continue;
        }
        if at < first {
            earlier = Some(Other::Earlier(index(at)));
        } else if !asked(at) {
            return Some(Other::Later(index(at)));
        }
    }
    earlier.or_else(|| in_another_lane(scenario, lane, request))
}

fn in_another_lane(
    scenario: &Scenario,
    asked: Option<usize>,
    request: MatcherInput<'_>,
) -> Option<Other> {
    for (lane, of) in scenario.lanes.iter().enumerate() {
        let fitting = || of.turns.position(&|turn| would_answer(turn, request));
        if Some(lane) != asked
            && let Some(turn) = fitting()
        {
            return Some(Other::InLane(TurnIndex::Lane { lane, turn }));
        }
    }
    None
}

/// Whether the turn is certain to be meant for this request: one of its matchers looks at the last message. Closures of the user
/// are not called.
pub(super) fn would_answer(turn: &Turn, request: MatcherInput<'_>) -> bool {
    let of_last = |matcher: &&Matcher| matches!(matcher, Matcher::User(_) | Matcher::ToolResult(_));
    #[cfg(feature = "cassette")]
    if let Some(exchange) = turn.replay.exchange() {
        return exchange.is_for(request.head, &request, request.is_embedding);
    }
    let is_of_kind = |kind: Kind| kind.is_embedding() == request.is_embedding;
    turn.kind().is_none_or(is_of_kind)
        && turn.conjuncts().any(&of_last)
        && turn
            .matchers
            .all(&|matcher| holds(matcher, request) == Some(true))
}

/// How often each turn of a script has answered since its beginning.
pub(super) fn uses(verdict: &Verdict, script: ScriptId) -> Vec<u32> {
    let mut uses = vec![0; verdict.scenario.turns_of(script.lane()).len()];
    for (index, call) in verdict.calls.iter().enumerate() {
        if let Some(turn) = call.used_turn()
            && index >= verdict.rewound
            && call.script == script
        {
            uses[turn] += 1;
        }
    }
    uses
}
