//! Whether each tool call has its result, and each result its call.

use crate::message::{Message, Role, ToolCall, ToolResult};

/// What is wrong with the tool calls of a conversation.
#[derive(Debug, PartialEq)]
pub(super) enum Mistake<'a> {
    /// A result that no call right before it asks for.
    Unasked {
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
pub(super) fn mistake(messages: &[Message]) -> Option<Mistake<'_>> {
    let mut caller = 0;
    let mut open: Vec<&str> = Vec::new();
    for (index, message) in messages.iter().enumerate() {
        if message.role == Role::Tool {
            for ToolResult { call_id, .. } in message.tool_results() {
                match open.iter().position(|open| open == call_id) {
                    Some(position) => drop(open.remove(position)),
                    None => {
                        return Some(Mistake::Unasked {
                            message: index,
                            call: call_id,
                        });
                    }
                }
            }
            continue;
        }
        if !open.is_empty() {
            break;
        }
        caller = index;
        let calls = message.tool_calls();
        open = calls.map(|ToolCall { id, .. }| id.as_str()).collect();
    }
    (!open.is_empty()).then_some(Mistake::Unanswered {
        message: caller,
        calls: open,
    })
}

/// Whether a tool's name is made of ASCII letters, digits, `_` and `-`, and is not longer than `longest`.
pub(super) fn is_tool_name(name: &str, longest: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=longest).contains(&name.len()) && name.bytes().all(fits)
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
        assert_eq!(mistake(&twice), unasked(2, "a"));
    }

    #[test]
    fn a_tool_has_a_name_of_few_letters() {
        assert!(is_tool_name("get-weather_2", 64));
        assert!(!is_tool_name("", 64));
        assert!(!is_tool_name("a.b", 64));
        assert!(!is_tool_name("abc", 2));
    }
}
