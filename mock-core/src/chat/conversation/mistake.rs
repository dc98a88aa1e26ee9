//! Mistakes in the tool calls of a conversation.

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;

use super::ResultPlace;
use super::pair_calls_and_results::{Given, Group, key};
use super::walk_messages::{Step, is_in_order, walk};
use crate::chat::message::{Message, Part, Role, ToolCall};
use crate::search::Search;

/// A mistake in the tool calls of a conversation. `message` is the index of a message in the request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mistake {
    /// A result without a call.
    Unasked {
        message: usize,
        result: Named,
        place: ResultPlace,
        before: Before,
    },
    /// A second result of one call.
    AnsweredTwice { message: usize, call: Named },
    /// Calls without results.
    Unanswered {
        message: usize,
        calls: Vec<Named>,
        place: ResultPlace,
        /// The message with a result of the first one, where that comes too late.
        late: Option<usize>,
        /// The author of the next message, where that has no result.
        next: Option<Role>,
    },
}

/// The messages before a result without a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Before {
    /// Other calls.
    Calls(Vec<Named>),
    /// The assistant's message with this index, which has no calls.
    Assistant(usize),
    /// No message that could have had the call.
    Other,
}

/// The id and name by which a call is known; empty if unknown.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) tool: String,
}

impl Named {
    fn new(call: &ToolCall) -> Self {
        Named {
            id: call.id.clone(),
            tool: call.name.clone(),
        }
    }

    /// Whether it has neither.
    pub(crate) fn is_unknown(&self) -> bool {
        self.id.is_empty() && self.tool.is_empty()
    }

    /// The id, or the tool's name where there is none.
    pub(super) fn key(&self) -> &str {
        match self.id.as_str() {
            "" => &self.tool,
            id => id,
        }
    }
}

/// The call in reports: `` `call_1` of `look` ``.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.id.as_str(), self.tool.as_str()) {
            ("", "") => f.write_str("a call"),
            ("", name) | (name, "") => write!(f, "`{name}`"),
            (id, tool) => write!(f, "`{id}` of `{tool}`"),
        }
    }
}

/// The first mistake in a conversation.
#[inline]
pub(crate) fn mistake(messages: &[Message], place: ResultPlace) -> Option<Box<Mistake>> {
    // Return early: most conversations have neither calls nor results, and every call of the mock runs this.
    let is_paired = |part: &Part| matches!(part, Part::ToolCall(_) | Part::ToolResult(_));
    let has_pairs = messages.any(&|message| message.parts.any(&is_paired));
    match has_pairs {
        true => mistake_of_pairs(messages, place),
        false => None,
    }
}

#[inline(never)]
fn mistake_of_pairs(messages: &[Message], place: ResultPlace) -> Option<Box<Mistake>> {
    if is_in_order(messages) {
        return None;
    }
    let mistake = match place {
        ResultPlace::RightAfterCall | ResultPlace::RightAfterTurn => find_mistake(messages, place),
        ResultPlace::Anywhere => whole(messages).mistake(messages, place),
    };
    mistake.map(Box::new)
}

/// All calls and results of a conversation, except the results of calls that have no name here.
#[cold]
fn whole(messages: &[Message]) -> Group<'_> {
    let mut whole = Group::default();
    // A set would be compiled beside the maps of numbers that there are.
    let mut others = HashMap::new();
    let _ = walk(messages, &mut |step| {
        match step {
            Step::Result(given) => whole.results.push(given),
            Step::Other(_, parts) => {
                whole.add_calls(parts);
                for part in parts {
                    if let Some(id) = id_of_other_call(part) {
                        others.insert(id, 0_usize);
                    }
                }
            }
        }
        ControlFlow::Continue(())
    });
    let is_of_other = |given: &Given<'_>| others.contains_key(given.result.call_id.as_str());
    whole.results.retain(|given| !is_of_other(given));
    whole
}

/// The id of a call of a provider's own tool, as of a search for tools.
fn id_of_other_call(part: &Part) -> Option<&str> {
    let Part::Other(item) = part else { return None };
    item.get("call_id")?.as_str()
}

#[cold]
fn find_mistake(messages: &[Message], place: ResultPlace) -> Option<Mistake> {
    let mut group = Group::default();
    let mut mistake = None;
    let walked = walk(messages, &mut |step| {
        match step {
            Step::Result(given) => group.results.push(given),
            Step::Other(Role::Assistant, parts)
                if place == ResultPlace::RightAfterTurn && group.results.is_empty() =>
            {
                group.add_calls(parts);
            }
            Step::Other(_, parts) => {
                let last = std::mem::replace(&mut group, Group::new(parts));
                mistake = last.mistake(messages, place);
                if mistake.is_some() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    match walked {
        ControlFlow::Break(()) => mistake,
        ControlFlow::Continue(()) => group.mistake(messages, place),
    }
}

impl Group<'_> {
    fn mistake(&self, messages: &[Message], place: ResultPlace) -> Option<Mistake> {
        let paired = self.pair();
        if let Some(unpaired) = paired.position(&Option::is_none) {
            let given = &self.results[unpaired];
            let message = given.message;
            let answered = self.calls.find(&|call| given.answers(call));
            return Some(match answered {
                Some(call) => Mistake::AnsweredTwice {
                    message,
                    call: Named::new(call),
                },
                None => Mistake::Unasked {
                    message,
                    result: Named {
                        id: given.result.call_id.clone(),
                        tool: given.tool.unwrap_or_default().to_owned(),
                    },
                    place,
                    before: self.before(messages, message),
                },
            });
        }
        let mut is_answered = vec![false; self.calls.len()];
        for &call in paired.iter().flatten() {
            is_answered[call] = true;
        }
        let first = is_answered.position(&|is_answered| !is_answered)?;
        let mut calls = Vec::new();
        for (index, call) in self.calls.iter().enumerate() {
            if !is_answered[index] {
                calls.push(Named::new(call));
            }
        }
        let caller = caller_of(messages, self.calls[first]);
        let next = messages.get(caller + 1);
        let is_joined =
            |next: &&Message| place == ResultPlace::RightAfterTurn && next.role == Role::Assistant;
        let has_no_result = |next: &&Message| next.tool_results().next().is_none();
        Some(Mistake::Unanswered {
            message: caller,
            calls,
            place,
            late: late_result(messages, caller, self.calls[first]),
            next: next
                .filter(|next| has_no_result(next) && !is_joined(next))
                .map(|next| next.role),
        })
    }

    /// The parts before this result, which has no call, in its message.
    fn before(&self, messages: &[Message], message: usize) -> Before {
        if !self.calls.is_empty() {
            let mut calls = Vec::new();
            for call in &self.calls {
                calls.push(Named::new(call));
            }
            return Before::Calls(calls);
        }
        let is_other = |message: &Message| message.role != Role::Tool;
        match messages[..message].iter().rposition(is_other) {
            Some(index) if messages[index].role == Role::Assistant => Before::Assistant(index),
            _ => Before::Other,
        }
    }
}

/// The index of the message that holds this call.
fn caller_of(messages: &[Message], call: &ToolCall) -> usize {
    let holds = |message: &Message| message.tool_calls().any(|held| std::ptr::eq(held, call));
    messages.position(&holds).unwrap_or_default()
}

/// The first message after the one at `caller` with a result that names this call, before another call of that name.
fn late_result(messages: &[Message], caller: usize, call: &ToolCall) -> Option<usize> {
    for (index, message) in messages.iter().enumerate().skip(caller + 1) {
        for result in message.tool_results() {
            if result.call_id == key(call) {
                return Some(index);
            }
        }
        for other in message.tool_calls() {
            if key(other) == key(call) {
                return None;
            }
        }
    }
    None
}
