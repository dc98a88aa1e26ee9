//! JSON as the answer, and the description of its schema, which Chat Completions has in `response_format.json_schema`, and Responses in `text.format`.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::tool_names::is_tool_name;

/// The longest name that a schema may have.
const LONGEST_NAME: usize = 64;

/// Whether the description of a schema has a name that OpenAI does not take.
pub(in crate::wire) fn has_wrong_name(described: &BorrowedValue<'_>) -> bool {
    let name = described.str("name");
    name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME))
}

/// Whether a text has the word JSON, in any case.
pub(in crate::wire) fn has_json(text: &str) -> bool {
    let mut words = text.as_bytes().windows(4);
    words.any(|word| word.eq_ignore_ascii_case(b"json"))
}

/// Whether a message has the word JSON in one of its texts.
pub(in crate::wire) fn says_json(message: &BorrowedValue<'_>) -> bool {
    let in_text = |text: Option<&str>| text.is_some_and(has_json);
    let in_part = |part: &BorrowedValue<'_>| in_text(part.str("text"));
    in_text(message.str("content")) || message.list("content").any(&in_part)
}

/// The rules of the description of an answer's schema. `$api` is the reference of the wire, `$example` a macro that writes a request with
/// these fields of the description, `$described` returns the description, and `$at` is its path.
macro_rules! json_schema_rules {
    ($api:expr, $example:ident, $described:expr, $at:literal) => {
        &[
            Rule {
                    id: "json_schema_name_missing",
                    scope: RuleScope::Provider,
                    sources: &[$api, "jamesrochabrun/SwiftOpenAI#151"],
                    words: "Missing required parameter: '{at}'.",
                    help: "",
                    rejected: $example!(r#""schema": {}"#),
                    accepted: $example!(r#""name": "answer", "schema": {}"#),
                    check: |body| broken(!$described(body)?.has("name"), concat!($at, ".name")),
                },
            Rule {
                    id: "json_schema_name_pattern",
                    scope: RuleScope::Provider,
                    sources: &[$api, "pydantic/pydantic-ai#2271", "neuron-core/neuron-ai#32"],
                    words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                    help: "of at most 64 characters",
                    rejected: $example!(r#""name": "my answer", "schema": {}"#),
                    accepted: $example!(r#""name": "my_answer", "schema": {}"#),
                    check: |body| broken(json_schema::has_wrong_name($described(body)?), concat!($at, ".name")),
                },
        ]
    };
}
pub(in crate::wire) use json_schema_rules;
