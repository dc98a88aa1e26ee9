//! Tool calls and their results.

use std::collections::HashMap;

use crate::chat::conversation::ANTHROPIC;
use crate::wire::request_rules::{ELSEWHERE, Piece, Rule, RuleScope, Violation};

/// The rule of the ids of calls.
pub(super) const IDS: &[Rule] = &[Rule {
    id: "tool_use_ids_unique",
    scope: RuleScope::Provider,
    sources: &["vectorize-io/hindsight#4250", "trycua/cua#524"],
    words: "{at}: `tool_use` ids must be unique",
    help: "there are two calls `{}` in this turn",
    rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
    accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}, {"type": "tool_use", "id": "t2", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t2", "content": "x"}]}]}"#,
    check: |body| {
        // The provider joins consecutive messages of the model, so compare the ids in all of them. Later turns may use an id again.
        let mut ids = HashMap::new();
        for (at, message) in body.list("messages").iter().enumerate() {
            if message.str("role") != Some("assistant") {
                ids.clear();
            }
            for (block, content) in message.list("content").iter().enumerate() {
                let is_call = content.str("type") == Some("tool_use");
                let id = content.str("id").filter(|_| is_call);
                if let Some(id) = id.filter(|id| ids.insert(*id, at).is_some()) {
                    return Some(Violation::new(format!("messages.{at}.content.{block}"), id));
                }
            }
        }
        None
    },
}];

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
        check: ELSEWHERE,
    },
    Rule {
        id: "tool_result_repeated",
        scope: RuleScope::Everywhere,
        sources: &["QwenLM/qwen-code#8163"],
        words: ANTHROPIC.answered_twice,
        help: "",
        rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}, {"type": "tool_result", "tool_use_id": "t1", "content": "y"}]}]}"#,
        accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "look", "input": {}}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "x"}]}]}"#,
        check: ELSEWHERE,
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
        check: ELSEWHERE,
    },
];

/// The first result of a tool of the provider that comes before each use of the tool.
fn result_without_use(body: &Piece<'_>) -> Option<Violation> {
    let mut used = Vec::new();
    for (message, content) in body.list("messages").iter().enumerate() {
        for (at, part) in content.list("content").iter().enumerate() {
            let kind = part.str("type").unwrap_or_default();
            if kind == "server_tool_use" {
                used.extend(part.str("id"));
            }
            // The tools of an MCP server have other blocks.
            let is_result = kind.ends_with("_tool_result") && kind != "mcp_tool_result";
            let id = part.str("tool_use_id").filter(|_| is_result);
            if let Some(id) = id.filter(|id| !used.contains(id)) {
                let found = format!("`{kind}` blocks: {id}. Each `{kind}`");
                let at = format!("messages.{message}.content.{at}");
                return Some(Violation::new(at, found));
            }
        }
    }
    None
}

/// The results of the tools that the provider runs itself.
pub(super) const SERVER_TOOLS: &[Rule] = &[Rule {
    id: "server_tool_result_without_use",
    scope: RuleScope::Provider,
    sources: &[
        "anthropics/claude-code#84783",
        "anthropics/claude-code#89348",
    ],
    words: "{at}: unexpected `tool_use_id` found in {} block must have a corresponding `server_tool_use` block before it.",
    help: "send back the messages of the assistant whole",
    rejected: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}]}, {"role": "user", "content": "go on"}]}"#,
    accepted: r#"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": [{"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}, {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}]}, {"role": "user", "content": "go on"}]}"#,
    check: result_without_use,
}];
