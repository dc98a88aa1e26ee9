//! The format of the answer.

use super::API;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::json_schema::{self, json_schema_rules, says_json};
use crate::wire::openai::shared_rules::strict_schema::{self, STRICT, strict_answer_rules};
use crate::wire::request_rules::{Rule, RuleScope, broken, found_if, is_open, lacks_required};

/// `response_format.json_schema`, if the answer is to have such a schema.
fn json_schema<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    let format = body.field("response_format")?;
    format
        .field("json_schema")
        .filter(|_| is_json_schema(format))
}

fn is_json_schema(format: &BorrowedValue<'_>) -> bool {
    format.str("type") == Some("json_schema")
}

/// Writes a request whose `response_format.json_schema` has these fields.
macro_rules! described {
    ($fields:literal) => {
        concat!(
            r#"{"response_format": {"type": "json_schema", "json_schema": {"#,
            $fields,
            "}}}"
        )
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "response_format_type",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        help: "",
        rejected: r#"{"response_format": {"type": "json"}}"#,
        accepted: r#"{"response_format": {"type": "text"}}"#,
        check: |body| {
            let format = body.field("response_format")?;
            let kind = format.as_text().or(format.str("type"));
            let known = ["json_object", "json_schema", "text"];
            found_if(kind, |kind| !known.contains(kind), "response_format.type")
        },
    },
    Rule {
        id: "json_object_without_json",
        scope: RuleScope::Provider,
        sources: &[API, STRICT],
        words: "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        help: "",
        rejected: r#"{"response_format": {"type": "json_object"}}"#,
        accepted: r#"{"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Answer in JSON."}]}"#,
        check: |body| {
            let is_object = body.field("response_format")?.str("type") == Some("json_object");
            let says = body.list("messages").any(&says_json);
            broken(is_object && !says, "messages")
        },
    },
    Rule {
        id: "json_schema_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "",
        rejected: r#"{"response_format": {"type": "json_schema"}}"#,
        accepted: r#"{"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {}}}}"#,
        check: |body| {
            let format = body.field("response_format")?;
            broken(
                is_json_schema(format) && !format.has("json_schema"),
                "response_format.json_schema",
            )
        },
    },
];

pub(super) const JSON_SCHEMA: &[Rule] =
    json_schema_rules!(API, described, json_schema, "response_format.json_schema");

pub(super) const STRICT_SCHEMA: &[Rule] =
    strict_answer_rules!(described, json_schema, "response_format");
