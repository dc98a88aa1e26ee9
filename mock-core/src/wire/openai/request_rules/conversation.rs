//! Tool calls and their results.

use crate::chat::conversation::OPENAI;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "tool_message_without_call",
        scope: RuleScope::Everywhere,
        sources: &["miurla/morphic#136", "smarter-sh/smarter#264"],
        words: OPENAI.unasked,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        check: ELSEWHERE,
    },
    Rule {
        id: "tool_message_repeated",
        scope: RuleScope::Everywhere,
        sources: &["agno-agi/agno#5116", "fatwang2/search2ai#30"],
        words: OPENAI.answered_twice,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "tool", "tool_call_id": "c1", "content": "y"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}]}"#,
        check: ELSEWHERE,
    },
    Rule {
        id: "tool_call_without_message",
        scope: RuleScope::Everywhere,
        sources: &["aliasrobotics/cai#111", "langgenius/dify#32222"],
        words: OPENAI.unanswered,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "x"}, {"role": "user", "content": "go on"}]}"#,
        check: ELSEWHERE,
    },
];
