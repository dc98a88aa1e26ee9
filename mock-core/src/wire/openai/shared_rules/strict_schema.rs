//! The schemas that a model keeps to: of a strict function, and of a strict answer.

use super::function;
use super::schema_context::{context_of, context_of_found};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Violation, found, is_object, is_of_type};

/// The guide to structured outputs.
pub(in crate::wire) const STRICT: &str =
    "https://platform.openai.com/docs/guides/structured-outputs";

/// Keywords that a strict schema may not have.
const NOT_PERMITTED: [&str; 20] = [
    "allOf",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "maxProperties",
    "minContains",
    "minProperties",
    "not",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// The formats of texts that a strict schema may have.
const FORMATS: [&str; 9] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "time",
    "uuid",
];

/// A violation at `at` that says where in the parameters of a strict function the first schema is for which `is_such` holds.
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

/// A violation at `at` that says what `find` finds first in the parameters of a strict function, and where.
pub(in crate::wire) fn found_in_function(
    function: &BorrowedValue<'_>,
    find: fn(&BorrowedValue<'_>) -> Option<String>,
    at: &str,
) -> Option<Violation> {
    let is_strict = function.is_set("strict");
    let parameters = function.field("parameters").filter(|_| is_strict)?;
    let context = context_of_found(function.str("name")?, parameters, &find);
    found(context, at)
}

/// The schema of an answer, if it is strict.
fn of_answer<'a, 't>(described: &'a BorrowedValue<'t>) -> Option<&'a BorrowedValue<'t>> {
    described
        .field("schema")
        .filter(|_| described.is_set("strict"))
}

/// A violation at `at` that says where in the schema of a strict answer the first one is for which `is_such` holds.
pub(in crate::wire) fn answer_with(
    described: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
    at: &str,
) -> Option<Violation> {
    let schema = of_answer(described)?;
    found(context_of(described.str("name")?, schema, is_such), at)
}

/// A violation at `at` that says what `find` finds first in the schema of a strict answer, and where.
pub(in crate::wire) fn found_in_answer(
    described: &BorrowedValue<'_>,
    find: fn(&BorrowedValue<'_>) -> Option<String>,
    at: &str,
) -> Option<Violation> {
    let schema = of_answer(described)?;
    let context = context_of_found(described.str("name")?, schema, &find);
    found(context, at)
}

/// A violation at `at` with the name of the schema of a strict answer, if it describes another value than an object.
pub(in crate::wire) fn answer_is_no_object(
    described: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let is_object = is_object(of_answer(described)?);
    found(described.str("name").filter(|_| !is_object), at)
}

/// The keyword of a schema that may not be in a strict one, in quotes.
pub(in crate::wire) fn keyword_not_permitted(schema: &BorrowedValue<'_>) -> Option<String> {
    let keyword = NOT_PERMITTED.find(&|keyword| schema.get(keyword).is_some())?;
    Some(format!("'{keyword}'"))
}

/// The format of a text that may not be in a strict schema, in quotes.
pub(in crate::wire) fn format_not_valid(schema: &BorrowedValue<'_>) -> Option<String> {
    let format = schema.str("format")?;
    let is_text = is_of_type(schema, "string") && !FORMATS.contains(&format);
    is_text.then(|| format!("'{format}'"))
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
            Rule {
                    id: "strict_schema_open",
                    scope: RuleScope::Provider,
                    sources: &[
                        strict_schema::STRICT,
                        "lastmile-ai/openai-agents-mcp#2",
                        "camel-ai/camel#2231",
                        "bytedance/trae-agent#173",
                    ],
                    words: "Invalid schema for function {}, 'additionalProperties' is required to be supplied and to be false.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, is_open, at)
                },
                },
            Rule {
                    id: "strict_schema_required",
                    scope: RuleScope::Provider,
                    sources: &[
                        strict_schema::STRICT,
                        "ai-dynamo/frontend-crates#209",
                        "kevinwatt/mysql-mcp#5",
                    ],
                    words: "Invalid schema for function {}, 'required' is required to be supplied and to be an array including every key in properties.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"], "additionalProperties": false}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, lacks_required, at)
                },
                },
            Rule {
                    id: "strict_schema_extra_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "akitaonrails/ai-memory#628"],
                    words: "Invalid schema for function {}, 'required' is required to be supplied and to be an array including every key in properties. Extra required key supplied.",
                    help: "leave out what is not in `properties`",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "required": ["at"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::function_with($function(tool)?, strict_schema::requires_unknown, at)
                },
                },
            Rule {
                    id: "strict_schema_keyword",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "makenotion/notion-mcp-server#102", "openai/openai-node#2602"],
                    words: "Invalid schema for function {} is not permitted.",
                    help: "",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"oneOf": [{"type": "string"}]}}, "required": ["at"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"anyOf": [{"type": "string"}]}}, "required": ["at"], "additionalProperties": false}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::found_in_function($function(tool)?, strict_schema::keyword_not_permitted, at)
                },
                },
            Rule {
                    id: "strict_schema_format",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "cyanheads/git-mcp-server#47"],
                    words: "Invalid schema for function {} is not a valid format.",
                    help: "",
                    rejected: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string", "format": "uri"}}, "required": ["at"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string", "format": "date"}}, "required": ["at"], "additionalProperties": false}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    strict_schema::found_in_function($function(tool)?, strict_schema::format_not_valid, at)
                },
                },
        ]
    };
}
pub(in crate::wire) use strict_function_rules;

/// The rules of the schema of a strict answer. `$example` is a macro that writes a request with these fields of the description, `$described`
/// returns the description, and `$at` is the path that OpenAI names for a wrong schema.
macro_rules! strict_answer_rules {
    ($example:ident, $described:expr, $at:literal) => {
        &[
            Rule {
                    id: "json_schema_object",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT],
                    words: "Invalid schema for response_format '{}': schema must be a JSON Schema of 'type: \"object\"'.",
                    help: "put the list into a property of an object",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "array", "items": {"type": "string"}}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                    check: |body| strict_schema::answer_is_no_object($described(body)?, $at),
                },
            Rule {
                    id: "json_schema_open",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "agentscope-ai/agentscope-java#2548"],
                    words: "Invalid schema for response_format {}, 'additionalProperties' is required to be supplied and to be false.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "additionalProperties": false}"#),
                    check: |body| strict_schema::answer_with($described(body)?, is_open, $at),
                },
            Rule {
                    id: "json_schema_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "vercel/ai#6484", "sherifkozman/the-llm-council#9"],
                    words: "Invalid schema for response_format {}, 'required' is required to be supplied and to be an array including every key in properties.",
                    help: "in each object of a strict schema",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": false}"#),
                    check: |body| strict_schema::answer_with($described(body)?, lacks_required, $at),
                },
            Rule {
                    id: "json_schema_extra_required",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "akitaonrails/ai-memory#628"],
                    words: "Invalid schema for response_format {}, 'required' is required to be supplied and to be an array including every key in properties. Extra required key supplied.",
                    help: "leave out what is not in `properties`",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "required": ["a"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}"#),
                    check: |body| strict_schema::answer_with($described(body)?, strict_schema::requires_unknown, $at),
                },
            Rule {
                    id: "json_schema_keyword",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "openai/openai-agents-python#1884", "openai/openai-node#2602"],
                    words: "Invalid schema for response_format {} is not permitted.",
                    help: "",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"oneOf": [{"type": "string"}]}}, "required": ["a"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"anyOf": [{"type": "string"}]}}, "required": ["a"], "additionalProperties": false}"#),
                    check: |body| strict_schema::found_in_answer($described(body)?, strict_schema::keyword_not_permitted, $at),
                },
            Rule {
                    id: "json_schema_format",
                    scope: RuleScope::Provider,
                    sources: &[strict_schema::STRICT, "cyanheads/git-mcp-server#47"],
                    words: "Invalid schema for response_format {} is not a valid format.",
                    help: "",
                    rejected: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string", "format": "uri"}}, "required": ["a"], "additionalProperties": false}"#),
                    accepted: $example!(r#""name": "answer", "strict": true, "schema": {"type": "object", "properties": {"a": {"type": "string", "format": "date"}}, "required": ["a"], "additionalProperties": false}"#),
                    check: |body| strict_schema::found_in_answer($described(body)?, strict_schema::format_not_valid, $at),
                },
        ]
    };
}
pub(in crate::wire) use strict_answer_rules;
