//! Calls and their results.

use crate::conversation::Mistake;
use crate::wire::rules::{Holds, MistakeChecks, Rule, Violation};

fn quoted(ids: &[&str]) -> String {
    format!("`{}`", ids.join("`, `"))
}

pub(super) const RULES: MistakeChecks = &[
    (
        Rule {
            id: "tool_result_without_call",
            holds: Holds::Everywhere,
            sources: &["tghamm/Anthropic.SDK#184", "anthropics/claude-code#13460"],
            words: "messages: unexpected `tool_use_id` found in `tool_result` blocks: {}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
            help: "",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        },
        |mistake| match mistake {
            Mistake::Unasked { call, .. } => Some(Violation::new("messages", quoted(&[call]))),
            _ => None,
        },
    ),
    (
        Rule {
            id: "tool_result_repeated",
            holds: Holds::Everywhere,
            sources: &["QwenLM/qwen-code#8163"],
            words: "messages: each tool_use must have a single result. Found multiple `tool_result` blocks with id: {}",
            help: "",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "y"}]}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        },
        |mistake| match mistake {
            Mistake::AnsweredTwice { call, .. } => {
                Some(Violation::new("messages", quoted(&[call])))
            }
            _ => None,
        },
    ),
    (
        Rule {
            id: "tool_use_without_result",
            holds: Holds::Everywhere,
            sources: &[
                "anthropics/claude-code#7929",
                "anthropics/anthropic-sdk-typescript#653",
            ],
            words: "messages: `tool_use` ids were found without `tool_result` blocks immediately after: {}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
            help: "",
            refused: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": "go on"}]}"#,
            accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "text", "text": "go on"}]}]}"#,
        },
        |mistake| match mistake {
            Mistake::Unanswered { calls, .. } => Some(Violation::new("messages", quoted(calls))),
            _ => None,
        },
    ),
];
