//! Calls and their results.

use crate::chat::conversation::GEMINI;
use crate::wire::rules::{Holds, Rule};

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "function_response_without_call",
        holds: Holds::Everywhere,
        sources: &["langchain-ai/langchain#27799", "BerriAI/litellm#26755"],
        words: GEMINI.unasked,
        help: "",
        refused: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"text": "yes?"}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
    },
    Rule {
        id: "function_call_without_response",
        holds: Holds::Everywhere,
        sources: &["google-gemini/gemini-cli#4504", "microsoft/vscode#299295"],
        words: GEMINI.unanswered,
        help: "",
        refused: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}, {"functionCall": {"name": "find", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
        accepted: r#"{"contents": [{"role": "user", "parts": [{"text": "hi"}]}, {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}, {"functionCall": {"name": "find", "args": {}}}]}, {"role": "user", "parts": [{"functionResponse": {"name": "find", "response": {"output": "y"}}}, {"functionResponse": {"name": "look", "response": {"output": "x"}}}]}]}"#,
    },
];
