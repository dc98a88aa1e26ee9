//! Fields of other APIs, which Gemini does not know.

use crate::search::Search;
use crate::wire::request_rules::{Rule, RuleScope, Violation};

/// Fields of other providers' APIs.
const FOREIGN: [&str; 17] = [
    "frequency_penalty",
    "input",
    "instructions",
    "max_completion_tokens",
    "max_tokens",
    "messages",
    "n",
    "presence_penalty",
    "reasoning",
    "response_format",
    "stop",
    "stream",
    "system",
    "temperature",
    "tool_choice",
    "top_k",
    "top_p",
];

pub(super) const RULES: &[Rule] = &[Rule {
    id: "unknown_field",
    scope: RuleScope::Provider,
    sources: &["MinLL/SkyrimNet-GamePlugin#77", "gera2ld/ai.nvim#13"],
    words: "Invalid JSON payload received. Unknown name \"{at}\": Cannot find field.",
    help: "this is a field of another API",
    rejected: r#"{"max_tokens": 100}"#,
    accepted: r#"{"generationConfig": {"maxOutputTokens": 100}}"#,
    check: |body| {
        let field = FOREIGN.find(&|field| body.has(field))?;
        Some(Violation::new(*field, ""))
    },
}];
