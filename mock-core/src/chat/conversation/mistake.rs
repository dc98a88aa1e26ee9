//! Mistakes in the tool calls of a conversation.

use std::fmt;
use std::ops::ControlFlow;

use super::{Group, Step, is_in_order, key, walk};
use crate::chat::message::{Message, Part, ToolCall};
use crate::search::Search;

/// A mistake in the tool calls of a conversation. `message` is the index of a message in the request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mistake {
    /// A result without a call right before it.
    Unasked { message: usize, result: Named },
    /// A second result of one call.
    AnsweredTwice { message: usize, call: Named },
    /// Calls without results right after them.
    Unanswered {
        message: usize,
        calls: Vec<Named>,
        /// The message with a result of the first one, where that comes too late.
        late: Option<usize>,
    },
}

/// The id and name by which a call is known; empty if unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The id, or the tool's name where there is none.
    pub(super) fn key(&self) -> &str {
        match self.id.as_str() {
            "" => &self.tool,
            id => id,
        }
    }
}

/// As reports name it: `` `call_1` of `look` ``.
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
pub(crate) fn mistake(messages: &[Message]) -> Option<Box<Mistake>> {
    // Most conversations have neither calls nor results, and every call of the mock comes through here.
    let is_paired = |part: &Part| matches!(part, Part::ToolCall(_) | Part::ToolResult(_));
    let has_pairs = messages.any(&|message| message.parts.any(&is_paired));
    match has_pairs {
        true => mistake_of_pairs(messages),
        false => None,
    }
}

#[inline(never)]
fn mistake_of_pairs(messages: &[Message]) -> Option<Box<Mistake>> {
    match is_in_order(messages) {
        true => None,
        false => find_mistake(messages).map(Box::new),
    }
}

#[cold]
fn find_mistake(messages: &[Message]) -> Option<Mistake> {
    let mut group = Group::default();
    let mut mistake = None;
    let walked = walk(messages, &mut |step| {
        match step {
            Step::Result(given) => group.results.push(given),
            Step::Other { message, parts } => {
                let whole = std::mem::replace(&mut group, Group::new(message, parts));
                mistake = whole.mistake(messages);
                if mistake.is_some() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    });
    match walked {
        ControlFlow::Break(()) => mistake,
        ControlFlow::Continue(()) => group.mistake(messages),
    }
}

impl Group<'_> {
    fn mistake(&self, messages: &[Message]) -> Option<Mistake> {
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
        Some(Mistake::Unanswered {
            message: self.caller,
            calls,
            late: late_result(messages, self.caller, self.calls[first]),
        })
    }
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
