//! What Azure OpenAI says of its content filters, in answers and in errors:
//! <https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter>.

use serde_json::{Value, json};

use crate::wire::write::constant;

/// The results for a prompt that passes all filters.
pub(super) fn prompt_filter_results() -> Value {
    let mut results = passed_all_filters();
    results["jailbreak"] = constant(r#"{"detected": false, "filtered": false}"#);
    json!([{ "prompt_index": 0, "content_filter_results": results }])
}

/// The results for a text that passes all filters.
pub(super) fn passed_all_filters() -> Value {
    constant(
        r#"{
            "hate": {"filtered": false, "severity": "safe"},
            "self_harm": {"filtered": false, "severity": "safe"},
            "sexual": {"filtered": false, "severity": "safe"},
            "violence": {"filtered": false, "severity": "safe"}
        }"#,
    )
}

/// The filter that rejected a prompt, in the error.
pub(super) fn policy_violation() -> Value {
    constant(
        r#"{
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {
                "hate": {"filtered": false, "severity": "safe"},
                "jailbreak": {"detected": false, "filtered": false},
                "self_harm": {"filtered": false, "severity": "safe"},
                "sexual": {"filtered": false, "severity": "safe"},
                "violence": {"filtered": true, "severity": "medium"}
            }
        }"#,
    )
}
