//! The schemas that a model keeps to: of a strict function, and of a strict answer.

use super::function;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Violation, is_object};

/// The guide to structured outputs.
pub(in crate::wire) const STRICT: &str =
    "https://platform.openai.com/docs/guides/structured-outputs";

/// A violation at `at` with the name of the function, if it is strict and the schema of its parameters, or one within it, is such.
pub(in crate::wire) fn function_with(
    function: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
    at: &str,
) -> Option<Violation> {
    match function.is_set("strict") {
        true => function::parameters_with(function, is_such, at),
        false => None,
    }
}

/// The schema of an answer, if it is strict.
pub(in crate::wire) fn of_answer<'a, 't>(
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

/// Whether the `required` of a schema has a key that is not in its `properties`.
pub(in crate::wire) fn requires_unknown(schema: &BorrowedValue<'_>) -> bool {
    let is_unknown = |key: &BorrowedValue<'_>| {
        let key = key.as_text().unwrap_or_default();
        let properties = schema.field("properties");
        !properties.is_some_and(|properties| properties.has(key))
    };
    schema.list("required").any(&is_unknown)
}

/// The rules of each strict function. `$example` is a macro that writes a request with a function of these fields, `$function` returns the
/// description of the function within a tool, and `$at` is its path there.
macro_rules! strict_function_rules {
    ($example:ident, $function:expr, $at:literal) => {
        &[
            (
                Rule {
                    id: "strict_schema_open",
                    scope: RuleScope::Provider,
                    sources: &[
                        strict_schema::STRICT,
                        "lastmile-ai/openai-agents-mcp#2",
                        "camel-ai/camel#2231",
                        "bytedance/trae-agent#173",
                    ],
                    words: "Invalid schema for function '{}': 'additionalProperties' is required to be supplied and to be false.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                },
                |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, is_open, at)
                },
            ),
            (
                Rule {
                    id: "strict_schema_required",
                    scope: RuleScope::Provider,
                    sources: &[
                        strict_schema::STRICT,
                        "ai-dynamo/frontend-crates#209",
                        "kevinwatt/mysql-mcp#5",
                    ],
                    words: "Invalid schema for function '{}': 'required' is required to be supplied and to be an array including every key in properties.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"], "additionalProperties": false}"#),
                },
                |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, lacks_required, at)
                },
            ),
            (
                Rule {
                    id: "strict_schema_extra_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "akitaonrails/ai-memory#628"],
                    words: "Invalid schema for function '{}': 'required' is required to be supplied and to be an array including every key in properties. Extra required key supplied.",
                    help: "leave out what is not in `properties`",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "required": ["at"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}"#),
                },
                |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, strict_schema::requires_unknown, at)
                },
            ),
        ]
    };
}
pub(in crate::wire) use strict_function_rules;

/// The rules of the schema of a strict answer. `$example` is a macro that writes a request with these fields of the description, `$described`
/// returns the description, and `$at` is the path that OpenAI names for a wrong schema.
macro_rules! strict_answer_rules {
    ($example:ident, $described:expr, $at:literal) => {
        &[
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
                    let schema = strict_schema::of_answer($described(body)?)?;
                    broken(strict_schema::is_no_object(schema), $at)
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
                    let schema = strict_schema::of_answer($described(body)?)?;
                    broken(any_schema(schema, is_open), $at)
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
                    let schema = strict_schema::of_answer($described(body)?)?;
                    broken(any_schema(schema, lacks_required), $at)
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
                    let schema = strict_schema::of_answer($described(body)?)?;
                    broken(any_schema(schema, strict_schema::requires_unknown), $at)
                },
            ),
        ]
    };
}
pub(in crate::wire) use strict_answer_rules;
