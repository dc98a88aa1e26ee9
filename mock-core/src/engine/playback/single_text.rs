//! The fast path for an answer that is one text, as most are.

use super::default_finish_and_usage::{finish_reason_of, usage_of};
use super::model;
use super::numbered_ids::numbered;
use crate::chat::count_tokens::characters;
use crate::chat::message::Part;
use crate::chat::response::Response;
use crate::engine::claim_turn::ClaimedTurn;
use crate::engine::running_call::CallGuard;
use crate::scenario::{Action, Pace};

/// Returns the answer to a call that is not streamed, if it is one text without variables, time and faults. A player would take 5 % more of
/// a call.
#[inline]
pub(in crate::engine) fn one_text(guard: &CallGuard, chosen: &ClaimedTurn) -> Option<Response> {
    let scenario = guard.scenario();
    let turn = scenario.turn(chosen.turn);
    let [Action::Reply(text)] = &turn.actions[..] else {
        return None;
    };
    let is_plain = chosen.closure_response.is_none()
        && chosen.values.is_empty()
        && guard.engine.chaos.is_none()
        && scenario.metadata.is_none()
        && turn.headers.is_empty()
        && turn.fault.is_none()
        && turn.pace == Pace::NONE
        && turn.ttft.is_zero();
    if !is_plain {
        return None;
    }
    let call = guard.call();
    let id = numbered(scenario.profile.response_prefix(), call.number());
    let mut response = Response::new(id, model(scenario, call.request()));
    let text = text.render(&|variable| chosen.values.get(variable));
    response.usage = usage_of(guard, turn, characters(&text));
    if !text.is_empty() {
        response.message.parts = vec![Part::Text(text)];
    }
    response.finish_reason = finish_reason_of(turn, 0);
    Some(response)
}
