//! Whether each tool call has its result, and each result its call.

use std::collections::BTreeSet;

use crate::message::{Message, Role, ToolCall, ToolResult};

/// What is wrong with the tool calls of a conversation.
#[derive(Debug, PartialEq)]
pub(crate) enum Mistake<'a> {
    /// A result that no call right before it asks for.
    Unasked {
        /// Which message holds it.
        message: usize,
        call: &'a str,
    },
    /// A second result of one call.
    AnsweredTwice {
        /// Which message holds it.
        message: usize,
        call: &'a str,
    },
    /// Calls without results right after.
    Unanswered {
        /// Which message holds them.
        message: usize,
        calls: Vec<&'a str>,
    },
}

/// The first mistake in a conversation.
pub(crate) fn mistake(messages: &[Message]) -> Option<Mistake<'_>> {
    let mut caller = 0;
    let mut open = Open::default();
    for (index, message) in messages.iter().enumerate() {
        if message.role == Role::Tool {
            for ToolResult { call_id, .. } in message.tool_results() {
                if open.close(call_id) {
                    continue;
                }
                let has_call = messages[caller]
                    .tool_calls()
                    .any(|call| call.id == *call_id);
                return Some(match has_call {
                    true => Mistake::AnsweredTwice {
                        message: index,
                        call: call_id,
                    },
                    false => Mistake::Unasked {
                        message: index,
                        call: call_id,
                    },
                });
            }
            continue;
        }
        if !open.0.is_empty() {
            break;
        }
        caller = index;
        open = Open::of(message);
    }
    (!open.0.is_empty()).then(|| Mistake::Unanswered {
        message: caller,
        calls: open.in_order(),
    })
}

/// The ids of calls without results, each with its place among the calls: a client may send a hundred thousand, and their results in
/// any order.
#[derive(Default)]
struct Open<'a>(BTreeSet<(&'a str, usize)>);

impl<'a> Open<'a> {
    fn of(message: &'a Message) -> Self {
        let ids = message.tool_calls().map(|ToolCall { id, .. }| id.as_str());
        let mut open = Open::default();
        // To collect none costs more than to insert none, and most messages have none.
        open.0.extend(ids.zip(0..));
        open
    }

    /// Takes out the first call of this id, and says whether there is one.
    fn close(&mut self, id: &'a str) -> bool {
        let first = self.0.range((id, 0)..).next().copied();
        first.is_some_and(|first| first.0 == id && self.0.remove(&first))
    }

    fn in_order(self) -> Vec<&'a str> {
        let mut calls: Vec<_> = self.0.into_iter().collect();
        calls.sort_unstable_by_key(|(_, place)| *place);
        calls.into_iter().map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(ids: &[&str]) -> Message {
        let calls = ids.iter().map(|id| ToolCall::new(*id, "get_time", "{}"));
        Message::assistant("").with_tool_calls(calls)
    }

    #[test]
    fn each_call_has_its_result_right_after() {
        let good = [
            Message::user("?"),
            calls(&["a", "b"]),
            Message::tool("b", ""),
            Message::tool("a", ""),
            calls(&["c"]),
            Message::tool("c", ""),
            Message::user("!"),
        ];
        assert_eq!(mistake(&good), None);
        assert_eq!(mistake(&[]), None);
        let unanswered = |message, calls| Some(Mistake::Unanswered { message, calls });
        assert_eq!(mistake(&good[..3]), unanswered(1, vec!["a"]));
        assert_eq!(mistake(&good[..5]), unanswered(4, vec!["c"]));
        let late = [calls(&["a"]), Message::user("?"), Message::tool("a", "")];
        assert_eq!(mistake(&late), unanswered(0, vec!["a"]));
    }

    #[test]
    fn each_result_has_its_call_right_before() {
        let unasked = |message, call| Some(Mistake::Unasked { message, call });
        let alone = [Message::user("?"), Message::tool("a", "")];
        assert_eq!(mistake(&alone), unasked(1, "a"));
        let twice = [
            calls(&["a"]),
            Message::tool("a", ""),
            Message::tool("a", ""),
        ];
        let (message, call) = (2, "a");
        let again = Some(Mistake::AnsweredTwice { message, call });
        assert_eq!(mistake(&twice), again);
    }

    #[test]
    fn of_calls_with_the_same_id_each_needs_a_result() {
        let results = |count| vec![Message::tool("a", ""); count];
        let conversation = |count| [vec![calls(&["a", "b", "a"])], results(count)].concat();
        let unanswered = |calls| Some(Mistake::Unanswered { message: 0, calls });
        assert_eq!(mistake(&conversation(0)), unanswered(vec!["a", "b", "a"]));
        assert_eq!(mistake(&conversation(1)), unanswered(vec!["b", "a"]));
        assert_eq!(mistake(&conversation(2)), unanswered(vec!["b"]));
        let (message, call) = (3, "a");
        let again = Some(Mistake::AnsweredTwice { message, call });
        assert_eq!(mistake(&conversation(3)), again);
    }

    /// Minutes go by where each result is compared with each call.
    #[test]
    fn a_hundred_thousand_calls_may_have_their_results_in_any_order() {
        let ids: Vec<_> = (0..100_000).map(|n| format!("call_{n}")).collect();
        let ids: Vec<_> = ids.iter().map(String::as_str).collect();
        let results = ids.iter().rev().map(|id| Message::tool(*id, ""));
        let conversation: Vec<_> = [calls(&ids)].into_iter().chain(results).collect();
        assert_eq!(mistake(&conversation), None);
        let last = conversation.len() - 1;
        let (message, calls) = (0, vec!["call_0"]);
        let unanswered = Some(Mistake::Unanswered { message, calls });
        assert_eq!(mistake(&conversation[..last]), unanswered);
    }
}
