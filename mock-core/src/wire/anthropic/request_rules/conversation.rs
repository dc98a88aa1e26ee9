//! Tool calls and their results.

use crate::chat::conversation::ANTHROPIC;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{BodyChecks, Rule, RuleScope, Violation, repeated, texts_of};

/// The rule of the ids of calls.
pub(super) const IDS: BodyChecks = &[(
    Rule {
        id: "tool_use_ids_unique",
        scope: RuleScope::Provider,
        sources: &["vectorize-io/hindsight#4250", "trycua/cua#524"],
        words: "messages: `tool_use` ids must be unique",
        help: "there are two calls `{}`",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t2", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t2", "content": "x"}]}]}"#,
    },
    |body| {
        let mut ids = Vec::new();
        for message in body.list("messages") {
            let is_call = |block: &&BorrowedValue<'_>| block.str("type") == Some("tool_use");
            let calls = message.list("content").iter().filter(is_call);
            ids.extend(texts_of("id", calls));
        }
        let id = repeated(ids);
        id.map(|id| Violation::new("messages", id))
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
