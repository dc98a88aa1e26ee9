//! The results of a conversation, each with the name of its tool.

use std::collections::HashMap;
use std::ops::ControlFlow;

use serde_json::Value;

use super::pair_calls_and_results::{Given, Group, key, next_call};
use super::walk_messages::{Step, walk};
use crate::chat::message::{Message, Part, Role, ToolResult};
use crate::sort_and_group::Groups;

/// A result, and the name of its tool if it is known.
pub(crate) type NamedResult<'a> = (Option<&'a str>, &'a ToolResult);

/// Returns the results in the messages from the index `since` on, the oldest first.
///
/// A result belongs to the call that it pairs with. If its message does not follow that call, it belongs to the nearest earlier call of its
/// id, since ids may come again in later turns.
pub(super) fn results_since(messages: &[Message], since: usize) -> Vec<NamedResult<'_>> {
    // Start one message earlier, at the message with the calls.
    let from = since.saturating_sub(1);
    in_order(messages, from, since).unwrap_or_else(|| in_any_order(messages, from, since))
}

/// Returns the results if each is that of the next call. This holds for most conversations, and takes no index.
fn in_order(messages: &[Message], from: usize, since: usize) -> Option<Vec<NamedResult<'_>>> {
    let mut results = Vec::new();
    let mut open: &[Part] = &[];
    let walked = walk(&messages[from..], &mut |step| {
        match step {
            Step::Other(_, parts) => open = parts,
            Step::Result(given) if from + given.message < since => {}
            Step::Result(given) => match next_call(&mut open) {
                Some(call) if given.answers(call) => {
                    results.push((Some(call.name.as_str()), given.result));
                }
                _ => return ControlFlow::Break(()),
            },
        }
        ControlFlow::Continue(())
    });
    walked.is_continue().then_some(results)
}

#[cold]
fn in_any_order(messages: &[Message], from: usize, since: usize) -> Vec<NamedResult<'_>> {
    let mut found = Found::default();
    let mut group = Group::default();
    let _ = walk(&messages[from..], &mut |step| {
        match step {
            Step::Result(given) if from + given.message < since => {}
            Step::Result(given) => group.results.push(Given {
                message: from + given.message,
                ..given
            }),
            Step::Other(_, parts) => {
                found.add(std::mem::replace(&mut group, Group::new(parts)));
            }
        }
        ControlFlow::Continue(())
    });
    found.add(group);
    found.look_up(messages);
    found.results
}

#[derive(Default)]
struct Found<'a> {
    results: Vec<NamedResult<'a>>,
    /// The results that pair with no call: the index of each, and of its message.
    unpaired: Vec<(usize, usize)>,
}

impl<'a> Found<'a> {
    fn add(&mut self, group: Group<'a>) {
        let paired = group.pair();
        for (index, given) in group.results.iter().enumerate() {
            let tool = match (given.result.call_id.as_str(), given.tool, paired[index]) {
                ("", Some(tool), _) => Some(tool),
                (_, _, Some(call)) => Some(group.calls[call].name.as_str()),
                ("", None, None) => None,
                (_, named, None) => {
                    self.unpaired.push((self.results.len(), given.message));
                    named
                }
            };
            self.results.push((tool, given.result));
        }
    }

    /// Looks the results up that pair with no call.
    fn look_up(&mut self, messages: &'a [Message]) {
        let mut unpaired = self.unpaired.iter().peekable();
        // The index of the newest message with a call of each id.
        let mut callers = HashMap::new();
        for (at, message) in messages.iter().enumerate() {
            while let Some((index, _)) = unpaired.next_if(|(_, of)| *of == at) {
                let (tool, result) = &mut self.results[*index];
                if let Some(caller) = callers.get(result.call_id.as_str()) {
                    *tool = called(&messages[*caller], &result.call_id);
                }
            }
            if unpaired.peek().is_none() {
                return;
            }
            for part in &message.parts {
                if let Part::ToolCall(call) = part {
                    callers.insert(key(call), at);
                }
            }
        }
    }
}

/// The tool of the first call of a message with this id.
fn called<'a>(message: &'a Message, id: &str) -> Option<&'a str> {
    for part in &message.parts {
        if let Part::ToolCall(call) = part
            && key(call) == id
        {
            return Some(&call.name);
        }
    }
    None
}

/// Returns the results of a tool in the whole conversation, the oldest first.
pub(crate) fn results_of<'a>(messages: &'a [Message], tool: &str) -> Vec<&'a ToolResult> {
    let mut results = Vec::new();
    for &(of, result) in &results_since(messages, 0) {
        if of == Some(tool) {
            results.push(result);
        }
    }
    results
}

/// Returns the results since the last message of the assistant, the oldest first.
pub(crate) fn latest_results(messages: &[Message]) -> Vec<NamedResult<'_>> {
    results_since(messages, since_the_assistant(messages))
}

/// Returns the field at a path, as in `user.name` or `cities.0`, of the JSON value of a result.
pub(crate) fn field_at<'v>(result: &'v Value, path: &str) -> Option<&'v Value> {
    let mut value = result;
    for key in path.split('.') {
        value = match value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => value.get(key)?,
        };
    }
    Some(value)
}

/// Returns the result of a tool: the newest in the conversation, or, with an index, the one of the tool's call with this index in the last
/// message of the assistant, to which messages of the assistant right before it count. Results since then that have no call come after those that have one, in order.
pub(crate) fn result_of<'a>(
    messages: &'a [Message],
    tool: &str,
    index: Option<u32>,
) -> Option<&'a ToolResult> {
    let Some(index) = index else {
        return newest_result_of(messages, tool);
    };
    let since = since_the_assistant(messages);
    let is_other = |message: &Message| message.role != Role::Assistant;
    let before = messages[..since].iter().rposition(is_other);
    let mut group = Group::default();
    for caller in &messages[before.map_or(0, |before| before + 1)..since] {
        group.add_calls(&caller.parts);
    }
    let _ = walk(&messages[since..], &mut |step| {
        if let Step::Result(given) = step {
            group.results.push(given);
        }
        ControlFlow::Continue(())
    });
    let of_calls = group.pair();
    let mut of_call: Vec<Option<usize>> = vec![None; group.calls.len()];
    for (at, call) in of_calls.iter().enumerate() {
        if let Some(call) = call {
            of_call[*call] = Some(at);
        }
    }
    let mut of_tool = Vec::new();
    for (at, call) in group.calls.iter().enumerate() {
        if call.name == tool {
            of_tool.push(of_call[at].map(|at| group.results[at].result));
        }
    }
    for (at, given) in group.results.iter().enumerate() {
        if of_calls[at].is_none() && given.tool == Some(tool) {
            of_tool.push(Some(given.result));
        }
    }
    of_tool.get(usize::try_from(index).ok()?).copied()?
}

fn newest_result_of<'a>(messages: &'a [Message], tool: &str) -> Option<&'a ToolResult> {
    let newest = |mut results: Vec<NamedResult<'a>>| {
        while let Some((of, result)) = results.pop() {
            if of == Some(tool) {
                return Some(result);
            }
        }
        None
    };
    // Look at the latest results first: the result is usually one of them.
    newest(latest_results(messages)).or_else(|| newest(results_since(messages, 0)))
}

/// The index of the first message after the last one of the assistant.
pub(crate) fn since_the_assistant(messages: &[Message]) -> usize {
    let last = messages
        .iter()
        .rposition(|message| message.role == Role::Assistant);
    last.map_or(0, |last| last + 1)
}

/// The names of the tools of all results of a conversation.
pub(crate) struct ToolNames<'a> {
    results: Vec<NamedResult<'a>>,
    /// The indices of the results, each in a group of its own.
    by_address: Groups,
}

impl<'a> ToolNames<'a> {
    pub(crate) fn new(messages: &'a [Message]) -> Self {
        let results = results_since(messages, 0);
        let mut indices = Vec::with_capacity(results.len());
        for (index, (_, result)) in results.iter().enumerate() {
            indices.push((address(result), index));
        }
        let by_address = Groups::new(indices);
        ToolNames {
            results,
            by_address,
        }
    }

    /// Returns the name of the tool of a result, which is one of the conversation's.
    pub(crate) fn tool_of(&self, result: &ToolResult) -> Option<&'a str> {
        let index = self.by_address.first_from(address(result), 0)?;
        self.results[index].0
    }

    /// Whether this message of the conversation has a result of the tool.
    pub(crate) fn has_result_of(&self, tool: &str, message: &Message) -> bool {
        for result in message.tool_results() {
            if self.tool_of(result) == Some(tool) {
                return true;
            }
        }
        false
    }
}

fn address(result: &ToolResult) -> u64 {
    std::ptr::from_ref(result).addr() as u64
}
