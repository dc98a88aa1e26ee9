//! The parameters of a request that `/api/chat` and `/api/generate` share.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, broken, found};

/// How much a model may think.
const LEVELS: [&str; 4] = ["high", "medium", "low", "max"];

/// Rules of the fields that every answer of a model has.
pub(in crate::wire::ollama) const RULES: &[Rule] = &[
    Rule {
        id: "model_missing",
        scope: RuleScope::Everywhere,
        sources: &["pepperoni21/ollama-rs#120", "langchain-ai/langchain#20354"],
        words: "model is required",
        help: "",
        rejected: r#"{"model": null}"#,
        accepted: r#"{"model": "qwen3:4b"}"#,
        check: |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    },
    Rule {
        id: "top_logprobs_range",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "top_logprobs must be between 0 and 20",
        help: "",
        rejected: r#"{"top_logprobs": 21}"#,
        accepted: r#"{"top_logprobs": 20}"#,
        check: |body| {
            let count = body.number("top_logprobs");
            let is_outside = count.is_some_and(|count| !(0.0..=20.0).contains(&count));
            broken(is_outside, "top_logprobs")
        },
    },
    Rule {
        id: "format_unknown",
        scope: RuleScope::Everywhere,
        sources: &[
            "ollama/ollama#8126",
            "jakubburkiewicz/node-red-contrib-ollama#22",
        ],
        words: "invalid format: {}; expected \"json\" or a valid JSON Schema object",
        help: "",
        rejected: r#"{"format": "xml"}"#,
        accepted: r#"{"format": "json"}"#,
        check: |body| {
            let format = body.field("format")?;
            let is_known = match format {
                BorrowedValue::Text(word) => matches!(&**word, "" | "json"),
                format => matches!(format, BorrowedValue::Object(_)),
            };
            // Serializing a tree cannot fail.
            let written = serde_json::to_string(format).unwrap_or_default();
            found(Some(written).filter(|_| !is_known), "format")
        },
    },
    Rule {
        id: "think_level",
        scope: RuleScope::Everywhere,
        sources: &["ollama/ollama#17837", "ollama/ollama#17859"],
        words: "invalid think value: \"{}\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)",
        help: "",
        rejected: r#"{"think": "true"}"#,
        accepted: r#"{"think": true}"#,
        check: |body| {
            let level = body.str("think").filter(|level| !LEVELS.contains(level));
            found(level, "think")
        },
    },
    Rule {
        id: "think_type",
        scope: RuleScope::Everywhere,
        sources: &["ollama/ollama#12533"],
        words: "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)",
        help: "",
        rejected: r#"{"think": 1}"#,
        accepted: r#"{"think": "low"}"#,
        check: |body| {
            let is_right = |think: &BorrowedValue<'_>| {
                matches!(think, BorrowedValue::Bool(_) | BorrowedValue::Text(_))
            };
            broken(
                body.field("think").is_some_and(|think| !is_right(think)),
                "think",
            )
        },
    },
];
