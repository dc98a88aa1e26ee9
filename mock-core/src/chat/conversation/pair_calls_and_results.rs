//! Pairs results with their calls: by the call's id, by the name of the tool, or in order.

use std::collections::HashMap;

use crate::chat::message::{Part, ToolCall, ToolResult};

/// A tool's result, and where it is.
pub(super) struct Given<'a> {
    /// The index of its message.
    pub(super) message: usize,
    /// The name of its tool, if its message has one.
    pub(super) tool: Option<&'a str>,
    pub(super) result: &'a ToolResult,
}

impl Given<'_> {
    /// Whether this result can belong to a call.
    pub(super) fn answers(&self, call: &ToolCall) -> bool {
        match (self.result.call_id.as_str(), self.tool) {
            ("", Some(tool)) => call.name == tool,
            ("", None) => call.id.is_empty(),
            (id, _) => id == key(call),
        }
    }
}

/// How results refer to their call.
pub(super) fn key(call: &ToolCall) -> &str {
    match call.id.as_str() {
        "" => &call.name,
        id => id,
    }
}

/// Takes the next call, and what is before it, off the parts.
pub(super) fn next_call<'a>(parts: &mut &'a [Part]) -> Option<&'a ToolCall> {
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
pub(super) struct Group<'a> {
    pub(super) calls: Vec<&'a ToolCall>,
    pub(super) results: Vec<Given<'a>>,
}

impl<'a> Group<'a> {
    pub(super) fn new(parts: &'a [Part]) -> Self {
        let mut group = Group::default();
        group.add_calls(parts);
        group
    }

    pub(super) fn add_calls(&mut self, mut parts: &'a [Part]) {
        while let Some(call) = next_call(&mut parts) {
            self.calls.push(call);
        }
    }

    /// For each result, the index of its call. A client may send a hundred thousand calls, and their results in any order.
    pub(super) fn pair(&self) -> Vec<Option<usize>> {
        let mut paired = vec![None; self.results.len()];
        let mut is_open = vec![true; self.calls.len()];
        // Pair results with an id first, since an id determines the call.
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
