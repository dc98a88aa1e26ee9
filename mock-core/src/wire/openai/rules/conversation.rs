//! Calls and their results.

use crate::conversation::Mistake;
use crate::wire::rules::{Holds, MistakeChecks, Rule, Violation};

pub(super) const RULES: MistakeChecks = &[
    (
        Rule {
            id: "tool_message_without_call",
            holds: Holds::Everywhere,
            sources: &["miurla/morphic#136", "smarter-sh/smarter#264"],
            words: "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
            help: "there is no call `{}` in the message right before",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        },
        |mistake| match mistake {
            Mistake::Unasked { message, call } => Some(Violation::new(
                format!("messages[{message}].tool_call_id"),
                *call,
            )),
            _ => None,
        },
    ),
    (
        Rule {
            id: "tool_message_repeated",
            holds: Holds::Everywhere,
            sources: &["agno-agi/agno#5116", "fatwang2/search2ai#30"],
            words: "Invalid parameter: Duplicate value for 'tool_call_id' of '{}'.",
            help: "a call has a single result; `{}` has more than one",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "tool", "tool_call_id": "c1", "content": "y"}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        },
        |mistake| match mistake {
            Mistake::AnsweredTwice { message, call } => Some(Violation::new(
                format!("messages[{message}].tool_call_id"),
                *call,
            )),
            _ => None,
        },
    ),
    (
        Rule {
            id: "tool_call_without_message",
            holds: Holds::Everywhere,
            sources: &["aliasrobotics/cai#111", "langgenius/dify#32222"],
            words: "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: {}",
            help: "send a tool message for each: `{}`",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "user", "content": "go on"}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "user", "content": "go on"}]}"#,
        },
        |mistake| match mistake {
            Mistake::Unanswered { message, calls } => Some(Violation::new(
                format!("messages[{message}].tool_calls"),
                calls.join("`, `"),
            )),
            _ => None,
        },
    ),
];
