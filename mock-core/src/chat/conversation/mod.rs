//! Which result answers which tool call, and whether every call has its result.
//!
//! Providers refuse a conversation in which a call has no result right after it, or a result has no call right before it. A call and its
//! result pair by the call's id. Some traits have no ids: a call without an id goes by the name of its tool, and so does a result whose
//! message has a name. Results with neither pair with the calls without an id, in order.

mod mistake;
mod refusal;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::chat::message::{Message, Part, Role, ToolCall, ToolResult};

pub(crate) use mistake::{Mistake, mistake};
#[cfg(feature = "server")]
pub(crate) use refusal::{ANTHROPIC, OPENAI, RESPONSES};

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
        Group {
            caller,
            calls: std::iter::from_fn(|| next_call(&mut parts)).collect(),
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
        let keys = self.calls.iter().map(|call| key(call));
        let mut open = Open(keys.zip(0..).collect());
        // An id leaves no choice, so results with one come first.
        for (given, call) in self.results.iter().zip(&mut paired) {
            if !given.result.call_id.is_empty() {
                *call = open.close(&given.result.call_id);
            }
        }
        let left = open.0.into_iter().map(|(_, call)| call);
        let mut open = Open(left.map(|call| (&*self.calls[call].name, call)).collect());
        let unnamed = |given: &Given<'_>| given.result.call_id.is_empty();
        for (given, call) in self.results.iter().zip(&mut paired) {
            if let Some(tool) = given.tool.filter(|_| unnamed(given)) {
                *call = open.close(tool);
            }
        }
        let left = open.0.into_iter().map(|(_, call)| call);
        let left: BTreeSet<_> = left
            .filter(|call| self.calls[*call].id.is_empty())
            .collect();
        let mut left = left.into_iter();
        for (given, call) in self.results.iter().zip(&mut paired) {
            if given.tool.is_none() && unnamed(given) {
                *call = left.next();
            }
        }
        paired
    }
}

/// Calls without results: what each goes by, and its index.
struct Open<'a>(BTreeSet<(&'a str, usize)>);

impl<'a> Open<'a> {
    /// Takes out the first call that goes by this.
    fn close(&mut self, name: &'a str) -> Option<usize> {
        let first = self.0.range((name, 0)..).next().copied()?;
        (first.0 == name && self.0.remove(&first)).then_some(first.1)
    }
}

/// Every result in the conversation with the name of its tool, the newest first.
pub(crate) fn results(messages: &[Message]) -> impl Iterator<Item = (Option<&str>, &ToolResult)> {
    (0..messages.len()).rev().flat_map(move |at| {
        let results = messages[at].tool_results().rev();
        results.map(move |result| (tool_at(messages, at, result), result))
    })
}

/// The results since the last message of the assistant, each with the name of its tool, the oldest first.
pub(crate) fn latest_results(
    messages: &[Message],
) -> impl Iterator<Item = (Option<&str>, &ToolResult)> {
    (since_the_assistant(messages)..messages.len()).flat_map(move |at| {
        let results = messages[at].tool_results();
        results.map(move |result| (tool_at(messages, at, result), result))
    })
}

/// The result of a tool: the newest in the conversation, or, with an index, the one of the tool's call with this index in the last message of
/// the assistant. Results since then that have no call come after those that have one, in order.
pub(crate) fn result_of<'a>(
    messages: &'a [Message],
    tool: &str,
    index: Option<u32>,
) -> Option<&'a ToolResult> {
    let Some(index) = index else {
        let mut newest = results(messages);
        return newest.find_map(|(of, result)| (of == Some(tool)).then_some(result));
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
    let calls = group.calls.iter().enumerate();
    let calls = calls.filter(|(_, call)| call.name == tool);
    let without_call = group
        .results
        .iter()
        .zip(&of_calls)
        .filter_map(|(given, of)| {
            let is_of_tool = of.is_none() && given.tool == Some(tool);
            is_of_tool.then_some(Some(given.result))
        });
    let mut all = calls
        .map(|(call, _)| result_of_call(call))
        .chain(without_call);
    all.nth(usize::try_from(index).ok()?)?
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
            let before = messages[..at].iter().rev();
            let mut calls = before.flat_map(Message::tool_calls);
            let call = calls.find(|call| key(call) == id);
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
