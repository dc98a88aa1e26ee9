//! Which result answers which tool call, and whether every call has its result.
//!
//! Most providers reject a conversation in which a call has no result right after it, or a result has no call right before it. OpenAI's
//! Responses take the result at any place. A call and its result pair by the call's id. Some traits have no ids: a call without an id goes by the name of its tool, and so does a result whose
//! message has a name. Results with neither pair with the calls without an id, in order.

mod mistake;
mod provider_message;
mod result_place;
mod results;

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::chat::message::{Message, Part, Role, ToolCall, ToolResult};

pub(crate) use mistake::{Before, Mistake, Named, mistake};
#[cfg(feature = "gemini")]
pub(crate) use provider_message::GEMINI;
#[cfg(feature = "server")]
pub(crate) use provider_message::{ANTHROPIC, OPENAI, RESPONSES};
pub(crate) use result_place::ResultPlace;
pub(crate) use results::{
    NamedResult, ToolNames, latest_results, result_of, results_of, since_the_assistant,
};

/// A tool's result, and where it is.
struct Given<'a> {
    /// The index of its message.
    message: usize,
    /// The name of its tool, if its message has one.
    tool: Option<&'a str>,
    result: &'a ToolResult,
}

impl Given<'_> {
    /// Whether this result can belong to a call.
    fn answers(&self, call: &ToolCall) -> bool {
        match (self.result.call_id.as_str(), self.tool) {
            ("", Some(tool)) => call.name == tool,
            ("", None) => call.id.is_empty(),
            (id, _) => id == key(call),
        }
    }
}

/// How results refer to their call.
fn key(call: &ToolCall) -> &str {
    match call.id.as_str() {
        "" => &call.name,
        id => id,
    }
}

/// A step of a conversation.
enum Step<'a> {
    Result(Given<'a>),
    /// Anything else: it may hold calls, and the results after it are theirs.
    Other(&'a [Part]),
}

/// Walks through messages as the wires read them: of a message of the user, the results are tool messages, and the rest is the user's.
fn walk<'a>(
    messages: &'a [Message],
    visit: &mut dyn FnMut(Step<'a>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    for (index, message) in messages.iter().enumerate() {
        let given = |tool, result| {
            Step::Result(Given {
                message: index,
                tool,
                result,
            })
        };
        match message.role {
            Role::Tool => {
                for result in message.tool_results() {
                    visit(given(message.name.as_deref(), result))?;
                }
            }
            Role::User if !message.parts.is_empty() => {
                for part in &message.parts {
                    match part {
                        Part::ToolResult(result) => visit(given(None, result))?,
                        // It belongs to the part before it.
                        Part::Extra(_) => {}
                        part => visit(Step::Other(std::slice::from_ref(part)))?,
                    }
                }
            }
            _ => {
                // No wire has such results: they are read where they stand, before the calls of the message.
                for result in message.tool_results() {
                    visit(given(None, result))?;
                }
                visit(Step::Other(&message.parts))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Whether every call has its result right after it, and the results are in the order of the calls. This holds for most conversations, and
/// is found without an allocation.
fn is_in_order(messages: &[Message]) -> bool {
    let mut open: &[Part] = &[];
    let walked = walk(messages, &mut |step| {
        let call = next_call(&mut open);
        let is_fine = match step {
            Step::Result(given) => call.is_some_and(|call| given.answers(call)),
            Step::Other(parts) => {
                open = parts;
                call.is_none()
            }
        };
        match is_fine {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    walked.is_continue() && next_call(&mut open).is_none()
}

/// Takes the next call, and what is before it, off the parts.
fn next_call<'a>(parts: &mut &'a [Part]) -> Option<&'a ToolCall> {
    while let Some((first, rest)) = parts.split_first() {
        *parts = rest;
        if let Part::ToolCall(call) = first {
            return Some(call);
        }
    }
    None
}

/// Calls, and the results that may be theirs: of one message and right after it, or of a whole conversation.
#[derive(Default)]
struct Group<'a> {
    calls: Vec<&'a ToolCall>,
    results: Vec<Given<'a>>,
}

impl<'a> Group<'a> {
    fn new(parts: &'a [Part]) -> Self {
        let mut group = Group::default();
        group.add_calls(parts);
        group
    }

    fn add_calls(&mut self, mut parts: &'a [Part]) {
        while let Some(call) = next_call(&mut parts) {
            self.calls.push(call);
        }
    }

    /// For each result, the index of its call. A client may send a hundred thousand calls, and their results in any order.
    fn pair(&self) -> Vec<Option<usize>> {
        let mut paired = vec![None; self.results.len()];
        let mut is_open = vec![true; self.calls.len()];
        // An id leaves no choice, so results with one come first.
        let mut open = Open::new(&self.calls, &is_open, key);
        for (index, given) in self.results.iter().enumerate() {
            if !given.result.call_id.is_empty() {
                paired[index] = open.close(&given.result.call_id, &mut is_open);
            }
        }
        let mut open = Open::new(&self.calls, &is_open, |call| &call.name);
        let unnamed = |given: &Given<'_>| given.result.call_id.is_empty();
        for (index, given) in self.results.iter().enumerate() {
            if let Some(tool) = given.tool.filter(|_| unnamed(given)) {
                paired[index] = open.close(tool, &mut is_open);
            }
        }
        let mut left =
            (0..self.calls.len()).filter(|call| is_open[*call] && self.calls[*call].id.is_empty());
        for (index, given) in self.results.iter().enumerate() {
            if given.tool.is_none() && unnamed(given) {
                paired[index] = left.next();
            }
        }
        paired
    }
}

/// Calls without results, by what they go by.
struct Open<'a> {
    /// The index of the first call of each name.
    first: HashMap<&'a str, usize>,
    /// For each call, the index of the next one of its name.
    next: Vec<Option<usize>>,
}

impl<'a> Open<'a> {
    fn new(calls: &[&'a ToolCall], is_open: &[bool], name: fn(&ToolCall) -> &str) -> Self {
        let (mut first, mut next) = (HashMap::new(), vec![None; calls.len()]);
        for (index, call) in calls.iter().enumerate().rev() {
            if is_open[index] {
                next[index] = first.insert(name(call), index);
            }
        }
        Open { first, next }
    }

    /// Takes out the first call that goes by this.
    fn close(&mut self, name: &str, is_open: &mut [bool]) -> Option<usize> {
        let first = self.first.get_mut(name)?;
        let call = *first;
        match self.next[call] {
            Some(next) => *first = next,
            None => drop(self.first.remove(name)),
        }
        is_open[call] = false;
        Some(call)
    }
}

#[cfg(test)]
mod tests;
