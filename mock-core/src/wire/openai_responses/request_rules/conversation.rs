//! Tool calls and their results.

use crate::chat::conversation::RESPONSES;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "function_call_output_without_call",
        scope: RuleScope::Everywhere,
        sources: &["continuedev/continue#10092", "microsoft/vscode#320060"],
        words: RESPONSES.unasked,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}]}"#,
        check: ELSEWHERE,
    },
    Rule {
        id: "function_call_without_output",
        scope: RuleScope::Everywhere,
        sources: &["openai/codex#93", "symgraph/GhidrAssist#78"],
        words: RESPONSES.unanswered,
        help: "",
        rejected: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"role": "user", "content": "go on"}]}"#,
        accepted: r#"{"input": [{"role": "user", "content": "hi"}, {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}, {"type": "function_call_output", "call_id": "c1", "output": "x"}, {"role": "user", "content": "go on"}]}"#,
        check: ELSEWHERE,
    },
];
