//! The format of the answer.

use super::API;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::json_schema::{
    self, has_json, json_schema_rules, says_json,
};
use crate::wire::openai::shared_rules::strict_schema::{self, STRICT, strict_answer_rules};
use crate::wire::openai::shared_rules::values::{UNKNOWN_VERBOSITY, VERBOSITIES, unknown};
use crate::wire::request_rules::{Rule, RuleScope, broken, found_if, is_open, lacks_required};

fn format<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    body.field("text")?.field("format")
}

/// `text.format`, if the answer is to have a schema.
fn json_schema<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    format(body).filter(|format| format.str("type") == Some("json_schema"))
}

/// Writes a request whose `text.format` has these fields.
macro_rules! described {
    ($fields:literal) => {
        concat!(
            r#"{"text": {"format": {"type": "json_schema", "#,
            $fields,
            "}}}"
        )
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "format_type",
        scope: RuleScope::Provider,
        sources: &[API, "epuerta9/deep-research-py#19"],
        words: "Invalid value: '{}'. Supported values are: 'json_object', 'json_schema', and 'text'.",
        help: "",
        rejected: r#"{"text": {"format": {"type": "json"}}}"#,
        accepted: r#"{"text": {"format": {"type": "text"}}}"#,
        check: |body| {
            let known = ["grammar", "json_object", "json_schema", "python", "text"];
            let kind = format(body)?.str("type");
            found_if(kind, |kind| !known.contains(kind), "text.format.type")
        },
    },
    Rule {
        id: "json_object_without_json",
        scope: RuleScope::Provider,
        sources: &[API, STRICT],
        words: "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
        help: "",
        rejected: r#"{"text": {"format": {"type": "json_object"}}}"#,
        accepted: r#"{"text": {"format": {"type": "json_object"}}, "input": "Answer in JSON."}"#,
        check: |body| {
            let is_object = format(body)?.str("type") == Some("json_object");
            // The earlier conversation or the stored prompt may contain the word, too.
            let others = ["previous_response_id", "prompt"];
            let is_whole = !others.any(&|field| body.has(field));
            let texts = [body.str("input"), body.str("instructions")];
            let says =
                texts.any(&|text| text.is_some_and(has_json)) || body.list("input").any(&says_json);
            broken(is_object && is_whole && !says, "input")
        },
    },
    Rule {
        id: "json_schema_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "write the schema beside the `type` and the `name`",
        rejected: r#"{"text": {"format": {"type": "json_schema", "name": "answer"}}}"#,
        accepted: r#"{"text": {"format": {"type": "json_schema", "name": "answer", "schema": {}}}}"#,
        check: |body| {
            let described = json_schema(body)?;
            broken(
                described.has("name") && !described.has("schema"),
                "text.format.schema",
            )
        },
    },
    Rule {
        id: "verbosity_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: UNKNOWN_VERBOSITY,
        help: "",
        rejected: r#"{"text": {"verbosity": "loud"}}"#,
        accepted: r#"{"text": {"verbosity": "low"}}"#,
        check: |body| {
            let verbosity = body.field("text")?.str("verbosity");
            unknown(verbosity, &VERBOSITIES, "text.verbosity")
        },
    },
];

pub(super) const JSON_SCHEMA: &[Rule] =
    json_schema_rules!(API, described, json_schema, "text.format");

pub(super) const STRICT_SCHEMA: &[Rule] =
    strict_answer_rules!(described, json_schema, "text.format.schema");
