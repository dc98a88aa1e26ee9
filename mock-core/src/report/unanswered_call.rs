//! A call that no turn answers, and another turn that would have answered it.

use super::matcher_input::MatcherInput;
use super::matcher_mismatch::all_hold;
use crate::journal::calls::Call;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, Verdict};
use crate::scenario::{Kind, Matcher, Scenario, Turn, TurnIndex};
use crate::search::Search;

pub(super) struct UnansweredCall<'v> {
    pub(super) scenario: &'v Scenario,
    pub(super) mismatch: &'v Mismatch,
    pub(super) request: MatcherInput<'v>,
    /// Another turn that would have answered it.
    pub(super) other: Option<Other>,
}

/// Another turn that would have answered a call.
#[derive(Clone, Copy)]
pub(super) enum Other {
    /// A later turn of the script.
    Later(TurnIndex),
    /// An earlier turn, which is used up.
    Earlier(TurnIndex),
    /// A turn of another lane.
    InLane(TurnIndex),
}

impl<'v> UnansweredCall<'v> {
    pub(super) fn new(scenario: &'v Scenario, mismatch: &'v Mismatch, call: &'v Call) -> Self {
        let request = MatcherInput::from_call(call);
        UnansweredCall {
            scenario,
            mismatch,
            request,
            other: match mismatch.no_script {
                Some(_) => None,
                None => other_turn(scenario, mismatch, request),
            },
        }
    }
}

fn other_turn(
    scenario: &Scenario,
    mismatch: &Mismatch,
    request: MatcherInput<'_>,
) -> Option<Other> {
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
fn would_answer(turn: &Turn, request: MatcherInput<'_>) -> bool {
    #[cfg(feature = "cassette")]
    if let Some(exchange) = turn.replay.exchange() {
        return exchange.is_for(request.head, &request, request.is_embedding);
    }
    let of_last = |matcher: &&Matcher| matches!(matcher, Matcher::User(_) | Matcher::ToolResult(_));
    is_of_kind(turn, request.is_embedding)
        && turn.conjuncts().any(&of_last)
        && all_hold(&turn.matchers, request)
}

/// Whether a turn answers requests for embeddings, or those for chat answers.
pub(super) fn is_of_kind(turn: &Turn, is_embedding: bool) -> bool {
    turn.kind()
        .is_none_or(|kind: Kind| kind.is_embedding() == is_embedding)
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
