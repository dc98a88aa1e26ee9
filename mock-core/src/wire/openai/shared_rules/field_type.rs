//! The types of the fields of a request, and OpenAI's words for them.

use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{FieldType, Violation, WrongType, wrong_type};

/// The fields that Chat Completions and Responses share.
const SHARED: [(FieldType, &[&str]); 7] = [
    (
        FieldType::Text,
        &[
            "prompt_cache_key",
            "safety_identifier",
            "service_tier",
            "user",
        ],
    ),
    (FieldType::Number, &["top_p"]),
    (FieldType::Integer, &["top_logprobs"]),
    (FieldType::Flag, &["parallel_tool_calls", "store"]),
    (FieldType::Object, &["stream_options"]),
    (FieldType::Texts, &["metadata"]),
    (FieldType::TextOrObject, &["tool_choice"]),
];

/// OpenAI's words for a field of another type.
pub(in crate::wire) const WRONG_TYPE: &str = "Invalid type for '{at}': expected {} instead.";

/// The source of these messages.
macro_rules! sources_of_wrong_type {
    ($api:expr) => {
        &[
            $api,
            "argilla-io/distilabel#1048",
            "Jeffser/Alpaca#904",
            "nhaouari/obsidian-textgenerator-plugin#331",
        ]
    };
}
pub(in crate::wire) use sources_of_wrong_type;

/// A violation at the first field that has another type: of the fields of both wires, or of `own`.
pub(in crate::wire) fn field_of_wrong_type(
    body: &BorrowedValue<'_>,
    own: &[(FieldType, &[&str])],
) -> Option<Violation> {
    let wrong = wrong_type(body, &SHARED).or_else(|| wrong_type(body, own))?;
    let WrongType {
        at,
        expected,
        value,
    } = wrong;
    let found = format!("{}, but got {}", expected_name(expected), found_name(value));
    Some(Violation::new(at, found))
}

fn expected_name(expected: FieldType) -> &'static str {
    match expected {
        FieldType::Text => "a string",
        FieldType::Number => "a decimal number",
        FieldType::Integer => "an integer",
        FieldType::Flag => "a boolean",
        FieldType::List => "an array",
        FieldType::Object | FieldType::Texts => "an object",
        FieldType::TextOrList => "one of a string or an array",
        FieldType::TextOrObject => "one of a string or an object",
    }
}

fn found_name(value: &BorrowedValue<'_>) -> &'static str {
    match value {
        BorrowedValue::Null => "null",
        BorrowedValue::Bool(_) => "a boolean",
        BorrowedValue::Number(number) => match number.is_f64() {
            true => "a decimal number",
            false => "an integer",
        },
        BorrowedValue::Text(_) => "a string",
        BorrowedValue::List(_) => "an array",
        BorrowedValue::Object(_) => "an object",
    }
}
