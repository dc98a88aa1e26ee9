//! The parameters of a request that `/api/chat` and `/api/generate` share.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Body, BodyChecks, Rule, RuleScope, Violation, broken, found};

/// How much a model may think.
const LEVELS: [&str; 4] = ["high", "medium", "low", "max"];

/// The options that are whole numbers, and the numbers.
const INTEGERS: [&str; 9] = [
    "num_ctx",
    "num_batch",
    "num_gpu",
    "num_keep",
    "num_predict",
    "num_thread",
    "repeat_last_n",
    "seed",
    "top_k",
];
const FLOATS: [&str; 7] = [
    "frequency_penalty",
    "min_p",
    "presence_penalty",
    "repeat_penalty",
    "temperature",
    "top_p",
    "typical_p",
];

/// The first of these options that is there and not such.
fn option_unlike(
    body: &Body<'_>,
    names: &[&'static str],
    is_such: fn(&BorrowedValue<'_>) -> bool,
) -> Option<Violation> {
    let options = body.field("options")?;
    let mut names = names.iter();
    let name = names.find(|name| {
        let option = options.field(name);
        option.is_some_and(|option| !is_such(option))
    })?;
    Some(Violation::new(format!("options.{name}"), *name))
}

/// Rules of the fields that every answer of a model has.
pub(in crate::wire::ollama) const RULES: BodyChecks = &[
    (
        Rule {
            id: "model_missing",
            scope: RuleScope::Everywhere,
            sources: &["pepperoni21/ollama-rs#120", "langchain-ai/langchain#20354"],
            words: "model is required",
            help: "",
            rejected: r#"{"model": null}"#,
            accepted: r#"{"model": "qwen3:4b"}"#,
        },
        |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
    ),
    (
        Rule {
            id: "top_logprobs_range",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "top_logprobs must be between 0 and 20",
            help: "",
            rejected: r#"{"top_logprobs": 21}"#,
            accepted: r#"{"top_logprobs": 20}"#,
        },
        |body| {
            let count = body.number("top_logprobs");
            let is_outside = count.is_some_and(|count| !(0.0..=20.0).contains(&count));
            broken(is_outside, "top_logprobs")
        },
    ),
    (
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
        },
        |body| {
            let format = body.field("format")?;
            let is_known = match format {
                BorrowedValue::Text(word) => matches!(&**word, "" | "json"),
                format => matches!(format, BorrowedValue::Object(_)),
            };
            // Any tree can be written.
            let written = serde_json::to_string(format).unwrap_or_default();
            found(Some(written).filter(|_| !is_known), "format")
        },
    ),
    (
        Rule {
            id: "think_level",
            scope: RuleScope::Everywhere,
            sources: &["ollama/ollama#17837", "ollama/ollama#17859"],
            words: "invalid think value: \"{}\" (must be \"high\", \"medium\", \"low\", \"max\", true, or false)",
            help: "",
            rejected: r#"{"think": "true"}"#,
            accepted: r#"{"think": true}"#,
        },
        |body| {
            let level = body.str("think").filter(|level| !LEVELS.contains(level));
            found(level, "think")
        },
    ),
    (
        Rule {
            id: "think_type",
            scope: RuleScope::Everywhere,
            sources: &["ollama/ollama#12533"],
            words: "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)",
            help: "",
            rejected: r#"{"think": 1}"#,
            accepted: r#"{"think": "low"}"#,
        },
        |body| {
            let is_right = |think: &BorrowedValue<'_>| {
                matches!(think, BorrowedValue::Bool(_) | BorrowedValue::Text(_))
            };
            broken(
                body.field("think").is_some_and(|think| !is_right(think)),
                "think",
            )
        },
    ),
    (
        Rule {
            id: "option_integer",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "option \"{}\" must be of type integer",
            help: "",
            rejected: r#"{"options": {"num_ctx": "4096"}}"#,
            accepted: r#"{"options": {"num_ctx": 4096}}"#,
        },
        |body| {
            option_unlike(body, &INTEGERS, |option| {
                matches!(option, BorrowedValue::Number(_))
            })
        },
    ),
    (
        Rule {
            id: "option_float",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "option \"{}\" must be of type float32",
            help: "",
            rejected: r#"{"options": {"top_p": "0.9"}}"#,
            accepted: r#"{"options": {"top_p": 0.9}}"#,
        },
        |body| {
            option_unlike(body, &FLOATS, |option| {
                matches!(option, BorrowedValue::Number(_))
            })
        },
    ),
    (
        Rule {
            id: "option_stop",
            scope: RuleScope::Everywhere,
            sources: &[API],
            words: "option \"{}\" must be of type array",
            help: "",
            rejected: r#"{"options": {"stop": "x"}}"#,
            accepted: r#"{"options": {"stop": ["x"]}}"#,
        },
        |body| {
            option_unlike(body, &["stop"], |option| {
                matches!(option, BorrowedValue::List(_))
            })
        },
    ),
];
