//! The types of the `options` of a request, on `/api/chat` and `/api/generate`.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation};

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
    body: &BorrowedValue<'_>,
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

pub(in crate::wire::ollama) const RULES: &[Rule] = &[
    Rule {
        id: "option_integer",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "option \"{}\" must be of type integer",
        help: "",
        rejected: r#"{"options": {"num_ctx": "4096"}}"#,
        accepted: r#"{"options": {"num_ctx": 4096}}"#,
        check: |body| {
            option_unlike(body, &INTEGERS, |option| {
                matches!(option, BorrowedValue::Number(_))
            })
        },
    },
    Rule {
        id: "option_float",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "option \"{}\" must be of type float32",
        help: "",
        rejected: r#"{"options": {"top_p": "0.9"}}"#,
        accepted: r#"{"options": {"top_p": 0.9}}"#,
        check: |body| {
            option_unlike(body, &FLOATS, |option| {
                matches!(option, BorrowedValue::Number(_))
            })
        },
    },
    Rule {
        id: "option_stop",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "option \"{}\" must be of type array",
        help: "",
        rejected: r#"{"options": {"stop": "x"}}"#,
        accepted: r#"{"options": {"stop": ["x"]}}"#,
        check: |body| {
            option_unlike(body, &["stop"], |option| {
                matches!(option, BorrowedValue::List(_))
            })
        },
    },
];
