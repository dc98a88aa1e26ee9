//! Tool calls and their results.

use std::collections::HashSet;

use crate::chat::conversation::ANTHROPIC;
use crate::wire::request_rules::{BodyChecks, Rule, RuleScope, Violation};

/// The rule of the ids of calls.
pub(super) const IDS: BodyChecks = &[(
    Rule {
        id: "tool_use_ids_unique",
        scope: RuleScope::Provider,
        sources: &["vectorize-io/hindsight#4250", "trycua/cua#524"],
        words: "{at}: `tool_use` ids must be unique",
        help: "there are two calls `{}` in this turn",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t2", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t2", "content": "x"}]}]}"#,
    },
    |body| {
        // The provider joins consecutive messages of the model, so compare the ids in all of them. Later turns may use an id again.
        let mut ids = HashSet::new();
        for (at, message) in body.list("messages").iter().enumerate() {
            if message.str("role") != Some("assistant") {
                ids.clear();
            }
            for (block, content) in message.list("content").iter().enumerate() {
                let is_call = content.str("type") == Some("tool_use");
                let id = content.str("id").filter(|_| is_call);
                if let Some(id) = id.filter(|id| !ids.insert(*id)) {
                    return Some(Violation::new(format!("messages.{at}.content.{block}"), id));
                }
            }
        }
        None
    },
)];

/// The rules of calls and results, which the mock's engine applies.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "tool_result_without_call",
        scope: RuleScope::Everywhere,
        sources: &["tghamm/Anthropic.SDK#184", "anthropics/claude-code#13460"],
        words: ANTHROPIC.unasked,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes?"}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
    },
    Rule {
        id: "tool_result_repeated",
        scope: RuleScope::Everywhere,
        sources: &["QwenLM/qwen-code#8163"],
        words: ANTHROPIC.answered_twice,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "y"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
    },
    Rule {
        id: "tool_use_without_result",
        scope: RuleScope::Everywhere,
        sources: &[
            "anthropics/claude-code#7929",
            "anthropics/anthropic-sdk-typescript#653",
        ],
        words: ANTHROPIC.unanswered,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "text", "text": "go on"}]}]}"#,
    },
];
