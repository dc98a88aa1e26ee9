//! The format of the answer.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    Body, BodyChecks, Rule, RuleScope, any_schema, broken, found_if, is_object, lacks_required,
};
use crate::wire::tool_names::is_tool_name;

/// The guide to structured outputs.
pub(super) const STRICT: &str = "https://platform.openai.com/docs/guides/structured-outputs";

/// The longest name that a schema may have.
const LONGEST_NAME: usize = 64;

/// `response_format.json_schema`, if the answer is to have such a schema.
fn json_schema<'t>(body: &'t Body<'_>) -> Option<&'t BorrowedValue<'t>> {
    let format = body.field("response_format")?;
    format
        .field("json_schema")
        .filter(|_| is_json_schema(format))
}

fn is_json_schema(format: &BorrowedValue<'_>) -> bool {
    format.str("type") == Some("json_schema")
}

fn strict_schema<'t>(body: &'t Body<'_>) -> Option<&'t BorrowedValue<'t>> {
    let schema = json_schema(body)?;
    schema.field("schema").filter(|_| schema.is_set("strict"))
}

pub(super) fn is_open(schema: &BorrowedValue<'_>) -> bool {
    is_object(schema)
        && !matches!(
            schema.get("additionalProperties"),
            Some(BorrowedValue::Bool(false))
        )
}

fn says_json(text: Option<&str>) -> bool {
    text.is_some_and(|text| {
        let mut words = text.as_bytes().windows(4);
        words.any(|word| word.eq_ignore_ascii_case(b"json"))
    })
}

pub(super) const RULES: BodyChecks = &[
    (
        Rule {
            id: "response_format_type",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "Invalid value: '{}'. Supported values are: 'json_object', 'json_schema', and 'text'.",
            help: "",
            rejected: r#"{"response_format": {"type": "json"}}"#,
            accepted: r#"{"response_format": {"type": "text"}}"#,
        },
        |body| {
            let format = body.field("response_format")?;
            let kind = format.as_text().or(format.str("type"));
            let known = ["json_object", "json_schema", "text"];
            found_if(kind, |kind| !known.contains(kind), "response_format.type")
        },
    ),
    (
        Rule {
            id: "json_object_without_json",
            scope: RuleScope::Provider,
            sources: &[API, STRICT],
            words: "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            help: "",
            rejected: r#"{"response_format": {"type": "json_object"}}"#,
            accepted: r#"{"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Answer in JSON."}]}"#,
        },
        |body| {
            let is_object = body.field("response_format")?.str("type") == Some("json_object");
            let mut messages = body.list("messages").iter();
            let says = messages.any(|message| {
                let mut parts = message.list("content").iter();
                says_json(message.str("content")) || parts.any(|part| says_json(part.str("text")))
            });
            broken(is_object && !says, "messages")
        },
    ),
    (
        Rule {
            id: "json_schema_missing",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "Missing required parameter: '{at}'.",
            help: "",
            rejected: r#"{"response_format": {"type": "json_schema"}}"#,
            accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        },
        |body| {
            let format = body.field("response_format")?;
            broken(
                is_json_schema(format) && !format.has("json_schema"),
                "response_format.json_schema",
            )
        },
    ),
    (
        Rule {
            id: "json_schema_name_missing",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "Missing required parameter: '{at}'.",
            help: "",
            rejected: r#"{"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}}"#,
            accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        },
        |body| {
            broken(
                !json_schema(body)?.has("name"),
                "response_format.json_schema.name",
            )
        },
    ),
    (
        Rule {
            id: "json_schema_name_pattern",
            scope: RuleScope::Provider,
            sources: &[API, "pydantic/pydantic-ai#2271", "neuron-core/neuron-ai#32"],
            words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
            help: "of at most 64 characters",
            rejected: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "my answer", "schema": {}}}}"#,
            accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "my_answer", "schema": {}}}}"#,
        },
        |body| {
            let name = json_schema(body)?.str("name");
            broken(
                name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME)),
                "response_format.json_schema.name",
            )
        },
    ),
    (
        Rule {
            id: "json_schema_open",
            scope: RuleScope::Provider,
            sources: &[STRICT, "agentscope-ai/agentscope-java#2548"],
            words: "Invalid schema for response_format: 'additionalProperties' is required to be supplied and to be false.",
            help: "in each object of a strict schema",
            rejected: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {"type": "object", "properties": {}}}}}"#,
            accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "additionalProperties": false}}}}"#,
        },
        |body| broken(any_schema(strict_schema(body)?, is_open), "response_format"),
    ),
    (
        Rule {
            id: "json_schema_required",
            scope: RuleScope::Provider,
            sources: &[STRICT, "vercel/ai#6484", "sherifkozman/the-llm-council#9"],
            words: "Invalid schema for response_format: 'required' is required to be supplied and to be an array including every key in properties.",
            help: "in each object of a strict schema",
            rejected: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}}}}"#,
            accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}}}}"#,
        },
        |body| {
            broken(
                any_schema(strict_schema(body)?, lacks_required),
                "response_format",
            )
        },
    ),
];
