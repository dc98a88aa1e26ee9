//! The conversation up to the failure, with a line for each call.

use super::formatting::{count, moment, one_line, short_place, shorten, shorten_left, time};
use super::lanes_and_instances::call_of;
use super::message_summary::request_summary;
use super::turn::{actions, stalls, stalls_behind_its_finish, title, waits_at};
use super::{WIDTH, why_frozen};
use crate::chat::error_kind::ErrorKind;
use crate::hide_secrets;
use crate::journal::calls::{Call, Outcome};
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::{RejectedRequest, Verdict};
use crate::scenario::{Setting, Turn};

/// The maximum and the minimum number of characters to show of a request.
const ASKED: usize = 52;
const LEAST: usize = 16;

/// A call in one line: what was asked, when, and how it was answered.
pub(super) fn line(verdict: &Verdict, call: &Call) -> String {
    let request = match request_summary(call.request(), call.is_embedding()) {
        Some(request) => request,
        None => match call.head.as_deref().filter(|head| !head.asks_model) {
            Some(head) => hide_secrets::hide(&head.line()).into_owned(),
            None => "an empty request".to_owned(),
        },
    };
    let answered = answered(verdict, call);
    let notes = [
        not_streamed(verdict, call),
        without_usage(verdict, call),
        &kept_alive(verdict, call),
    ]
    .concat();
    let head = match verdict.calls.retried_by(call) {
        Some(failed) => format!("{} (repeats call {})", head(call), failed.number()),
        None => head(call),
    };
    let line = |request: &str| format!("  {head}: {request} -> {answered}");
    let mut request = shorten(&request, ASKED);
    let place = recorded_place(verdict, call);
    let excess = |request: &str, end: &str| {
        let length = line(request).chars().count() + end.chars().count();
        length.saturating_sub(WIDTH)
    };
    let end = place.as_ref().map_or(notes.clone(), |place| {
        // If the line is too long, cut the folders of the path before the user's text.
        let full = format!("{notes} at {place}");
        let room = place
            .chars()
            .count()
            .saturating_sub(excess(&request, &full));
        let place = shorten_left(place, room.max(file_length(place)));
        format!("{notes} at {place}")
    });
    if call.answered_by().is_none() || place.is_some() {
        // Without a turn, the line ends with our own explanation, which is not cut. The path of a recorded exchange is not cut either.
        let room = request
            .chars()
            .count()
            .saturating_sub(excess(&request, &end));
        request = shorten(&request, room.max(LEAST));
    }
    shorten(&line(&request), WIDTH.saturating_sub(end.chars().count())) + &end
}

/// How long a place is without its folders, with an ellipsis in place of them.
fn file_length(place: &str) -> usize {
    let file = place.rfind(['/', '\\']).map_or(place, |at| &place[at..]);
    file.chars().count() + 1
}

/// The place of the recorded exchange that answered a call, if one did.
fn recorded_place(verdict: &Verdict, call: &Call) -> Option<String> {
    let scenario = &verdict.scenario;
    let turn = scenario.turn(call.answered_by()?);
    let is_complete_replay =
        turn.is_replayed() && matches!(call.outcome(), Some(Outcome::Completed));
    is_complete_replay.then(|| short_place(scenario.place_of(turn)))
}

/// A request that did not become a call, in one line: its contents, its time, and the reason.
pub(crate) fn request(request: &RejectedRequest) -> String {
    let at = moment(request.at);
    let came = match request.head.as_str() {
        "" => format!("connection at {at}"),
        head => format!("request at {at}: {}", shorten(&one_line(head), 52)),
    };
    let answered = match request.status {
        Some(status) => status.to_string(),
        None => "no answer".to_owned(),
    };
    let problem = one_line(&request.problem);
    shorten(&format!("  {came} -> {answered}: {problem}"), WIDTH)
}

/// `call 2 at 20ms`, `call 2 of conversation 1 at 20ms`; if it took time, to when.
fn head(call: &Call) -> String {
    let begin = moment(call.started_at());
    let number = call_of(call);
    match call.ended_at().map(moment) {
        Some(end) if end != begin => format!("{number} at {begin}..{end}"),
        _ => format!("{number} at {begin}"),
    }
}

/// Returns the earlier call that froze the script of this one, if there is one.
fn frozen_by(verdict: &Verdict, call: &Call) -> Option<usize> {
    let is_unscripted = |earlier: &Call| {
        let error = earlier.error();
        earlier.script == call.script
            && earlier.answered_by().is_none()
            && error.is_some_and(|error| error.kind == ErrorKind::Unscripted)
    };
    let number = match verdict.scenario.has_instances() {
        false => verdict.problems.mismatch.as_ref()?.call,
        // Such a call belongs to no script.
        true if call.script == ScriptId::SCRIPT => return None,
        true => verdict.calls.find(&is_unscripted)?.number(),
    };
    (number < call.number()).then_some(number)
}

/// How often an answer was kept alive while it said nothing, if it was: `, 3 keep-alives`.
fn kept_alive(verdict: &Verdict, call: &Call) -> String {
    let mut keepalives = verdict.keepalives.iter();
    let of_call = keepalives.find(|(number, _)| *number == call.number());
    match of_call {
        None | Some((_, 0)) => String::new(),
        Some((_, times)) => format!(", {}", count(*times, "keep-alive")),
    }
}

/// Says that a call asked for a whole answer, where its turn has words that only a stream shows.
fn not_streamed(verdict: &Verdict, call: &Call) -> &'static str {
    let Some(turn) = call.answered_by() else {
        return "";
    };
    let is_for_streams = verdict.scenario.turn(turn).is_for_streams();
    match is_for_streams && !call.is_streamed() && call.outcome().is_some() {
        true => ", not streamed",
        false => "",
    }
}

/// Says that the usage which the scenario sets was not sent, because the request did not ask for it.
fn without_usage(verdict: &Verdict, call: &Call) -> &'static str {
    let is_left_out = verdict.without_usage.contains(&call.number());
    let Some(turn) = call.answered_by().filter(|_| is_left_out) else {
        return "";
    };
    let scenario = &verdict.scenario;
    match (&scenario.turn(turn).usage, &scenario.usage) {
        (Setting::Value(_), _) | (Setting::Unset, Setting::Value(_)) => ", without `include_usage`",
        _ => "",
    }
}

fn answered(verdict: &Verdict, call: &Call) -> String {
    let scenario = &verdict.scenario;
    let of_call = call.answered_by().map(|index| scenario.turn(index));
    let turn = match call.answered_by() {
        Some(index) => title(scenario, index),
        None if scenario.is_recorded() && !scenario.lanes.is_empty() => "no exchange".to_owned(),
        None => "no turn".to_owned(),
    };
    let how = match (call.outcome(), of_call) {
        (None, _) => going_on(verdict, call, of_call),
        (Some(Outcome::Completed), Some(of_call)) if !of_call.is_replayed() => {
            format!(": {}", actions(of_call))
        }
        // The line already ends with the place of the exchange.
        (Some(Outcome::Completed), _) => String::new(),
        (Some(Outcome::Failed(error)), None) if error.kind == ErrorKind::Unscripted => {
            match frozen_by(verdict, call) {
                Some(by) => format!(": {}", why_frozen(scenario, call.script, by)),
                None => String::new(),
            }
        }
        (Some(Outcome::Failed(error)), _) => match error.retry_after {
            Some(wait) if of_call.is_some() => {
                format!(": {}, retry after {}", error.kind, time(wait))
            }
            // A call without a turn failed because of an outage.
            _ => format!(": {}", error.kind),
        },
        (Some(Outcome::Truncated), _) => ", ended without its finish".to_owned(),
        (Some(Outcome::Cancelled), _) => match call.is_streamed() {
            true => ", dropped before its first event".to_owned(),
            false => ", dropped before its answer".to_owned(),
        },
        (Some(Outcome::DroppedAfter(events)), _) => {
            format!(", dropped after {}", count(*events, "event"))
        }
        (Some(Outcome::Panicked(_)), _) => return "a closure panicked".to_owned(),
    };
    turn + &how
}

/// The thing that a call in flight waits for.
fn going_on(verdict: &Verdict, call: &Call, of_call: Option<&Turn>) -> String {
    let after = match call.events() {
        0 => String::new(),
        events => format!(" after {}", count(events, "event")),
    };
    let is_at_stall = call.events() == 0 || of_call.is_some_and(stalls_behind_its_finish);
    match (waits_at(verdict, call), of_call.and_then(stalls)) {
        (Some(word), _) => format!(", waits at `.{word}`{after}"),
        (None, Some(stalls)) if is_at_stall => format!(", {stalls}, still going on"),
        (None, _) => format!(", still going on{after}"),
    }
}
