//! The lanes and instances of a mock, in words.

use super::formatting::{exact, joined, literal, shorten};
use super::matcher_mismatch::{header_and_path, why};
use super::mismatch_reason::MismatchReason;
use super::turn::{matcher, matchers};
use crate::chat::message::Role;
use crate::engine::select_lane_and_instance::captured_of_instance;
use crate::hide_secrets;
use crate::journal::calls::Call;
use crate::journal::script_id::ScriptId;
use crate::journal::verdict::Verdict;
use crate::scenario::{Lane, Per, Scenario};

/// The longest that the name of an instance is.
const NAME: usize = 30;

/// The name of a call's instance: `conversation 2`, ``model `small` ``, ``id `7` ``.
pub(super) fn instance(call: &Call) -> Option<String> {
    let number = call.instance()?;
    Some(match call.scenario.per.as_ref()? {
        Per::Conversation => format!("conversation {number}"),
        Per::Model => format!("model {}", exact(&call.request().model, NAME)),
        Per::Header(name) => {
            let head = call.head.as_deref();
            let value = head.and_then(|head| head.values(name).next());
            let hidden = hide_secrets::hide_header(name, value.unwrap_or_default());
            format!("{name} {}", exact(&hidden, NAME))
        }
        Per::Matcher(_) => {
            let captured = captured_of_instance(&call.scenario, call);
            let captured = joined(&captured, ", ", |(name, value)| {
                format!("{name} {}", exact(&hide_secrets::hide(value), NAME))
            });
            shorten(&captured, 2 * NAME)
        }
    })
}

/// `call 7`, or `call 7 of conversation 2`.
pub(crate) fn call_of(call: &Call) -> String {
    let number = call.number();
    match instance(call) {
        Some(instance) => format!("call {number} of {instance}"),
        None => format!("call {number}"),
    }
}

/// Returns the last call of a script.
pub(super) fn last_call(verdict: &Verdict, script: ScriptId) -> Option<&Call> {
    verdict.calls.find_last(&|call| call.script == script)
}

/// Returns ` of lane 2`, or nothing if there are no lanes.
pub(super) fn of_lane(lane: Option<usize>) -> String {
    lane.map_or(String::new(), |lane| format!(" of lane {}", lane + 1))
}

/// The pattern of a lane, as it is written in a scenario.
pub(super) fn pattern(lane: &Lane) -> String {
    match &lane.matchers[..] {
        [] => "_".to_owned(),
        all => matchers(all),
    }
}

/// Says of a call that it began a conversation, where its request shows that it was meant to go on with one.
pub(super) fn began_in_the_middle(verdict: &Verdict, call: &Call) -> Option<String> {
    if !matches!(verdict.scenario.per, Some(Per::Conversation)) || !goes_on(call) {
        return None;
    }
    let instance = call.instance()?;
    let first = verdict.calls.find(&|first| first.script == call.script)?;
    (first.number() == call.number()).then(|| {
        format!(
            "call {} goes on with no conversation that the mock knows, so it began conversation {instance}. If its history was changed or \
             trimmed, tell conversations by a key: {KEY}",
            call.number(),
        )
    })
}

/// The same of the first such call.
pub(super) fn first_in_the_middle(verdict: &Verdict) -> Option<String> {
    // Instances are numbered in the order of their first calls, so a higher number is a new instance.
    let mut last = None;
    for call in &verdict.calls {
        if call.instance() > last {
            last = call.instance();
            if goes_on(call) {
                return began_in_the_middle(verdict, call);
            }
        }
    }
    None
}

/// Whether the request has an answer in it.
fn goes_on(call: &Call) -> bool {
    let mut is_at_the_end = true;
    for message in call.request().messages.iter().rev() {
        let is_answer = message.role == Role::Assistant;
        // An assistant message at the end is an answer that the model continues.
        is_at_the_end &= is_answer;
        if is_answer && !is_at_the_end {
            return true;
        }
    }
    false
}

/// Why the request of a call has nothing to tell an instance by.
pub(super) fn no_instance(call: &Call) -> Option<MismatchReason> {
    match call.scenario.per.as_ref()? {
        Per::Matcher(matcher) => Some(why(matcher, call)),
        Per::Header(name) => Some(header_and_path::header(name, call.head.as_deref())),
        Per::Conversation | Per::Model => None,
    }
}

/// Keys of instances that can replace the messages.
const KEY: &str = "`per = header(\"x-session\")`";

/// The key of instances, as it is written in a scenario.
pub(super) fn per(scenario: &Scenario) -> String {
    match &scenario.per {
        None => String::new(),
        Some(Per::Conversation) => "conversation".to_owned(),
        Some(Per::Model) => "model".to_owned(),
        Some(Per::Header(name)) => format!("header({})", literal(name)),
        Some(Per::Matcher(of)) => matcher(of),
    }
}
