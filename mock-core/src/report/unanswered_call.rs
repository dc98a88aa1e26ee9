//! A call that no turn answers, and another turn that would have answered it.

use super::matcher_mismatch::all_hold;
use crate::journal::calls::Call;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{Mismatch, Verdict};
use crate::scenario::{Kind, Matcher, Scenario, Turn, TurnIndex};
use crate::search::Search;

pub(super) struct UnansweredCall<'v> {
    pub(super) scenario: &'v Scenario,
    pub(super) mismatch: &'v Mismatch,
    pub(super) call: &'v Call,
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
    pub(super) fn new(mismatch: &'v Mismatch, call: &'v Call) -> Self {
        UnansweredCall {
            scenario: &call.scenario,
            mismatch,
            call,
            other: match mismatch.no_script {
                Some(_) => None,
                None => other_turn(mismatch, call),
            },
        }
    }
}

fn other_turn(mismatch: &Mismatch, call: &Call) -> Option<Other> {
    let scenario = &call.scenario;
    let lane = mismatch.script.lane();
    let index = |turn| TurnIndex::scripted(lane, turn);
    let turns = scenario.turns_of(lane);
    let was_tried = |turn| {
        let turn = index(turn);
        mismatch.misses.any(&|miss| miss.turn == turn)
    };
    let first = mismatch.misses.first();
    let first = first.and_then(|miss| miss.turn.in_script());
    let first = first.unwrap_or(turns.len());
    let mut earlier = None;
    for (at, turn) in turns.iter().enumerate() {
        if at == first || !would_answer(turn, call) {
            continue;
        }
        if at < first {
            earlier = Some(Other::Earlier(index(at)));
        } else if !was_tried(at) {
            return Some(Other::Later(index(at)));
        }
    }
    earlier.or_else(|| in_another_lane(lane, call))
}

fn in_another_lane(tried_lane: Option<usize>, call: &Call) -> Option<Other> {
    for (lane, of) in call.scenario.lanes.iter().enumerate() {
        let fitting = || of.turns.position(&|turn| would_answer(turn, call));
        if Some(lane) != tried_lane
            && let Some(turn) = fitting()
        {
            return Some(Other::InLane(TurnIndex::Lane { lane, turn }));
        }
    }
    None
}

/// Whether the turn is certain to be meant for this request: one of its matchers looks at the last message. Closures of the user
/// are not called.
fn would_answer(turn: &Turn, call: &Call) -> bool {
    #[cfg(feature = "cassette")]
    if let Some(exchange) = turn.replay.exchange() {
        return exchange.is_for(call.head.as_deref(), call.request(), call.is_embedding());
    }
    let of_last = |matcher: &&Matcher| matches!(matcher, Matcher::User(_) | Matcher::ToolResult(_));
    turn.conjuncts().any(&of_last) && fits(turn, call)
}

/// Whether a call is certain to fit a turn.
pub(super) fn fits(turn: &Turn, call: &Call) -> bool {
    let is_of_kind = |kind: Kind| kind.is_embedding() == call.is_embedding();
    turn.kind().is_none_or(is_of_kind) && all_hold(&turn.matchers, call)
}

/// How often each turn of a script has answered since its beginning.
pub(super) fn uses(verdict: &Verdict, script: ScriptId) -> Vec<u32> {
    let mut uses = vec![0; verdict.scenario.turns_of(script.lane()).len()];
    for call in &verdict.calls {
        if let Some(turn) = call.used_turn()
            && call.number() > verdict.rewound
            && call.script == script
        {
            uses[turn] += 1;
        }
    }
    uses
}
