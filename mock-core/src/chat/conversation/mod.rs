//! Which result answers which tool call, and whether every call has its result.
//!
//! Providers refuse a conversation in which a call has no result right after it, or a result has no call right before it. A call and its
//! result pair by the call's id. Some traits have no ids: a call without an id goes by the name of its tool, and so does a result whose
//! message has a name. Results with neither pair with the calls without an id, in order.

mod mistake;
mod refusal;

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::chat::message::{Message, Part, Role, ToolCall, ToolResult};

pub(crate) use mistake::{Mistake, mistake};
#[cfg(feature = "server")]
pub(crate) use refusal::{ANTHROPIC, GEMINI, OPENAI, RESPONSES};

/// A tool's result, and where it is.
struct Given<'a> {
    /// The index of its message.
    message: usize,
    /// The name of its tool, if its message has one.
    tool: Option<&'a str>,
    result: &'a ToolResult,
}

impl Given<'_> {
    /// Whether it may be the result of this call.
    fn answers(&self, call: &ToolCall) -> bool {
        match (self.result.call_id.as_str(), self.tool) {
            ("", Some(tool)) => call.name == tool,
            ("", None) => call.id.is_empty(),
            (id, _) => id == key(call),
        }
    }
}

/// What results name a call by.
fn key(call: &ToolCall) -> &str {
    match call.id.as_str() {
        "" => &call.name,
        id => id,
    }
}

/// One step of a conversation.
enum Step<'a> {
    Result(Given<'a>),
    /// Anything else: it may hold calls, and the results after it are theirs.
    Other {
        /// The index of the message.
        message: usize,
        parts: &'a [Part],
    },
}

/// Walks through messages as the wires read them: of a message of the user, the results are tool messages, and the rest is the user's.
#[inline]
fn walk<'a, B>(
    messages: &'a [Message],
    mut visit: impl FnMut(Step<'a>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    for (index, message) in messages.iter().enumerate() {
        let given = |tool, result| {
            Step::Result(Given {
                message: index,
                tool,
                result,
            })
        };
        let other = |parts| Step::Other {
            message: index,
            parts,
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
                        part => visit(other(std::slice::from_ref(part)))?,
                    }
                }
            }
            _ => {
                // No wire has such results: they are read where they stand, before the calls of the message.
                for result in message.tool_results() {
                    visit(given(None, result))?;
                }
                visit(other(&message.parts))?;
            }
        }
    }
    ControlFlow::Continue(())
}

/// Whether every call has its result right after it, and the results are in the order of the calls. This holds for most conversations, and
/// is found without an allocation.
fn is_in_order(messages: &[Message]) -> bool {
    let mut open: &[Part] = &[];
    let walked = walk(messages, |step| {
        let call = next_call(&mut open);
        let is_fine = match step {
            Step::Result(given) => call.is_some_and(|call| given.answers(call)),
            Step::Other { parts, .. } => {
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

/// Calls of one message, and the results right after it.
#[derive(Default)]
struct Group<'a> {
    /// The index of the message that holds the calls.
    caller: usize,
    calls: Vec<&'a ToolCall>,
    results: Vec<Given<'a>>,
}

impl<'a> Group<'a> {
    fn new(caller: usize, mut parts: &'a [Part]) -> Self {
        let mut calls = Vec::new();
        while let Some(call) = next_call(&mut parts) {
            calls.push(call);
        }
        Group {
            caller,
            calls,
            results: Vec::new(),
        }
    }

    fn position(&self, result: &ToolResult) -> Option<usize> {
        let mut results = self.results.iter();
        results.position(|given| std::ptr::eq(given.result, result))
    }

    /// For each result, the index of its call. A client may send a hundred thousand calls, and their results in any order.
    fn pair(&self) -> Vec<Option<usize>> {
        let mut paired = vec![None; self.results.len()];
        let mut is_open = vec![true; self.calls.len()];
        // An id leaves no choice, so results with one come first.
        let mut open = Open::new(&self.calls, &is_open, key);
        for (given, call) in self.results.iter().zip(&mut paired) {
            if !given.result.call_id.is_empty() {
                *call = open.close(&given.result.call_id, &mut is_open);
            }
        }
        let mut open = Open::new(&self.calls, &is_open, |call| &call.name);
        let unnamed = |given: &Given<'_>| given.result.call_id.is_empty();
        for (given, call) in self.results.iter().zip(&mut paired) {
            if let Some(tool) = given.tool.filter(|_| unnamed(given)) {
                *call = open.close(tool, &mut is_open);
            }
        }
        let mut left =
            (0..self.calls.len()).filter(|call| is_open[*call] && self.calls[*call].id.is_empty());
        for (given, call) in self.results.iter().zip(&mut paired) {
            if given.tool.is_none() && unnamed(given) {
                *call = left.next();
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

/// The results in the messages from the index `since` on, each with the name of its tool, the oldest first.
fn results_since(messages: &[Message], since: usize) -> Vec<(Option<&str>, &ToolResult)> {
    let mut results = Vec::new();
    for (at, message) in messages.iter().enumerate().skip(since) {
        for result in message.tool_results() {
            results.push((tool_at(messages, at, result), result));
        }
    }
    results
}

/// The results of a tool in the whole conversation, the oldest first.
pub(crate) fn results_of<'a>(
    messages: &'a [Message],
    tool: &str,
) -> impl Iterator<Item = &'a ToolResult> + use<'a> {
    let mut results = results_since(messages, 0);
    results.retain(|(of, _)| *of == Some(tool));
    results.into_iter().map(|(_, result)| result)
}

/// The results since the last message of the assistant, each with the name of its tool, the oldest first.
pub(crate) fn latest_results(messages: &[Message]) -> Vec<(Option<&str>, &ToolResult)> {
    results_since(messages, since_the_assistant(messages))
}

/// The result of a tool: the newest in the conversation, or, with an index, the one of the tool's call with this index in the last message of
/// the assistant. Results since then that have no call come after those that have one, in order.
pub(crate) fn result_of<'a>(
    messages: &'a [Message],
    tool: &str,
    index: Option<u32>,
) -> Option<&'a ToolResult> {
    let Some(index) = index else {
        return newest_result_of(messages, tool);
    };
    let since = since_the_assistant(messages);
    let calls = match since.checked_sub(1) {
        Some(caller) => &*messages[caller].parts,
        None => &[],
    };
    let mut group = Group::new(0, calls);
    let _ = walk(&messages[since..], |step| {
        if let Step::Result(given) = step {
            group.results.push(given);
        }
        ControlFlow::<()>::Continue(())
    });
    let of_calls = group.pair();
    let result_of_call = |call: usize| {
        let at = of_calls.iter().position(|of| *of == Some(call))?;
        Some(group.results[at].result)
    };
    let mut all = Vec::new();
    for (index, call) in group.calls.iter().enumerate() {
        if call.name == tool {
            all.push(result_of_call(index));
        }
    }
    for (given, of) in group.results.iter().zip(&of_calls) {
        if of.is_none() && given.tool == Some(tool) {
            all.push(Some(given.result));
        }
    }
    *all.get(usize::try_from(index).ok()?)?
}

fn newest_result_of<'a>(messages: &'a [Message], tool: &str) -> Option<&'a ToolResult> {
    for (at, message) in messages.iter().enumerate().rev() {
        for result in message.tool_results().rev() {
            if tool_at(messages, at, result) == Some(tool) {
                return Some(result);
            }
        }
    }
    None
}

/// The index of the first message after the last one of the assistant.
pub(crate) fn since_the_assistant(messages: &[Message]) -> usize {
    let last = messages
        .iter()
        .rposition(|message| message.role == Role::Assistant);
    last.map_or(0, |last| last + 1)
}

/// The name of the tool that returned `result`, which is in `message`, one of `messages`.
pub(crate) fn tool_of<'a>(
    messages: &'a [Message],
    message: &Message,
    result: &'a ToolResult,
) -> Option<&'a str> {
    let at = messages.iter().position(|one| std::ptr::eq(one, message))?;
    tool_at(messages, at, result)
}

/// The name of the tool that returned `result`, which is in the message at the index `at`.
///
/// Ids may come again in later turns: the call is the nearest one before the result.
fn tool_at<'a>(messages: &'a [Message], at: usize, result: &'a ToolResult) -> Option<&'a str> {
    let message = &messages[at];
    let named = match message.role {
        Role::Tool => message.name.as_deref(),
        _ => None,
    };
    match (result.call_id.as_str(), named) {
        ("", Some(tool)) => Some(tool),
        ("", None) => tool_in_order(&messages[..=at], result),
        (id, named) => {
            let mut before = messages[..at].iter().rev();
            let call = before.find_map(|message| message.tool_calls().find(|call| key(call) == id));
            call.map(|call| call.name.as_str()).or(named)
        }
    }
}

/// The name of the tool that returned a result without an id and a name.
fn tool_in_order<'a>(messages: &'a [Message], result: &ToolResult) -> Option<&'a str> {
    let mut group = Group::default();
    let _ = walk(messages, |step| {
        match step {
            Step::Result(given) => group.results.push(given),
            Step::Other { .. } if group.position(result).is_some() => {
                return ControlFlow::Break(());
            }
            Step::Other { message, parts } => group = Group::new(message, parts),
        }
        ControlFlow::Continue(())
    });
    let index = group.position(result)?;
    let call = group.pair()[index]?;
    Some(&group.calls[call].name)
}

#[cfg(test)]
mod tests;
