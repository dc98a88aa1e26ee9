//! Tool calls and their results.

use crate::chat::conversation::GEMINI;
use crate::wire::request_rules::{ELSEWHERE, Rule, RuleScope};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "function_response_without_call",
        scope: RuleScope::Everywhere,
        sources: &["langchain-ai/langchain#27799", "BerriAI/litellm#26755"],
        words: GEMINI.unasked,
        help: "",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"text": "yes?"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        check: ELSEWHERE,
    },
    Rule {
        id: "function_call_without_response",
        scope: RuleScope::Everywhere,
        sources: &["google-gemini/gemini-cli#4504", "microsoft/vscode#299295"],
        words: GEMINI.unanswered,
        help: "",
        rejected: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}, {"functionCall": {"name": "find", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}, {"functionCall": {"name": "find", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "find", "response": {"output": "y"}}}, {"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        check: ELSEWHERE,
    },
];
