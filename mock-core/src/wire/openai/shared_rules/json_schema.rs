//! JSON as the answer, and its schema, which Chat Completions has in `response_format.json_schema`, and Responses in `text.format`.

use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::is_object;
use crate::wire::tool_names::is_tool_name;

/// The longest name that a schema may have.
const LONGEST_NAME: usize = 64;

/// Whether the description of a schema has a name that OpenAI does not take.
pub(in crate::wire) fn has_wrong_name(described: &BorrowedValue<'_>) -> bool {
    let name = described.str("name");
    name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME))
}

/// The schema, if it is strict.
pub(in crate::wire) fn strict_schema<'a, 't>(
    described: &'a BorrowedValue<'t>,
) -> Option<&'a BorrowedValue<'t>> {
    described
        .field("schema")
        .filter(|_| described.is_set("strict"))
}

/// Whether a schema says another type than an object.
pub(in crate::wire) fn is_no_object(schema: &BorrowedValue<'_>) -> bool {
    schema.has("type") && !is_object(schema)
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

/// The rules of the schema of the answer. `$api` is the reference of the wire, `$example` a macro that writes a request with these fields
/// of the description, `$described` returns the description, `$at` is its path, and `$schema_at` the path that OpenAI names for a wrong schema.
macro_rules! json_schema_rules {
    ($api:expr, $example:ident, $described:expr, $at:literal, $schema_at:literal) => {
        &[
            (
                Rule {
                    id: "json_schema_name_missing",
                    scope: RuleScope::Provider,
                    sources: &[$api, "jamesrochabrun/SwiftOpenAI#151"],
                    words: "Missing required parameter: '{at}'.",
                    help: "",
                    rejected: $example!(r#""schema": {}"#),
                    accepted: $example!(r#""name": "answer", "schema": {}"#),
                },
                |body| broken(!$described(body)?.has("name"), concat!($at, ".name")),
            ),
            (
                Rule {
                    id: "json_schema_name_pattern",
                    scope: RuleScope::Provider,
                    sources: &[$api, "pydantic/pydantic-ai#2271", "neuron-core/neuron-ai#32"],
                    words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                    help: "of at most 64 characters",
                    rejected: $example!(r#""name": "my answer", "schema": {}"#),
                    accepted: $example!(r#""name": "my_answer", "schema": {}"#),
                },
                |body| broken(json_schema::has_wrong_name($described(body)?), concat!($at, ".name")),
            ),
            (
                Rule {
                    id: "json_schema_object",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT],
                    words: "Invalid schema for response_format: schema must be a JSON Schema of 'type: \"object\"'.",
                    help: "put the list into a property of an object",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "array", "items": {"type": "string"}}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                },
                |body| {
                    let schema = json_schema::strict_schema($described(body)?)?;
                    broken(json_schema::is_no_object(schema), $schema_at)
                },
            ),
            (
                Rule {
                    id: "json_schema_open",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "agentscope-ai/agentscope-java#2548"],
                    words: "Invalid schema for response_format: 'additionalProperties' is required to be supplied and to be false.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                },
                |body| {
                    let schema = json_schema::strict_schema($described(body)?)?;
                    broken(any_schema(schema, crate::wire::request_rules::is_open), $schema_at)
                },
            ),
            (
                Rule {
                    id: "json_schema_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "vercel/ai#6484", "sherifkozman/the-llm-council#9"],
                    words: "Invalid schema for response_format: 'required' is required to be supplied and to be an array including every key in properties.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}"#),
                },
                |body| {
                    let schema = json_schema::strict_schema($described(body)?)?;
                    broken(any_schema(schema, lacks_required), $schema_at)
                },
            ),
            (
                Rule {
                    id: "json_schema_extra_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "akitaonrails/ai-memory#628"],
                    words: "Invalid schema for response_format: 'required' is required to be supplied and to be an array including every key in properties. Extra required key supplied.",
                    help: "leave out what is not in `properties`",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "required": ["a"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}"#),
                },
                |body| {
                    let schema = json_schema::strict_schema($described(body)?)?;
                    broken(any_schema(schema, strict_schema::requires_unknown), $schema_at)
                },
            ),
        ]
    };
}
pub(in crate::wire) use json_schema_rules;
