//! The tools of a request.

use super::API;
use crate::search::{CharTest, Search, consists_of};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    Rule, RuleScope, Violation, any_schema, broken, find_schema, found_if, is_of_type, is_open,
    optional_properties, repeated, texts_of,
};
use crate::wire::tool_names::{OF_NAME, is_tool_name};

/// The guide to structured outputs.
const STRICT: &str = "https://platform.claude.com/docs/en/build-with-claude/structured-outputs";

/// The longest name that a tool may have.
const LONGEST_NAME: usize = 128;

/// How many properties of all strict schemas may be optional.
const MOST_OPTIONAL: usize = 24;

/// Whether a tool is defined by the client, and not by the provider.
fn is_custom(tool: &BorrowedValue<'_>) -> bool {
    matches!(tool.str("type"), None | Some("custom"))
}

/// The schema of the answer, if one is asked for.
fn answer_schema<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    body.field("output_config")?
        .field("format")?
        .field("schema")
}

const NOT_SUPPORTED: &str = "{at}: For {} not supported";

/// Keywords that a strict schema of a type may not have.
const CONSTRAINTS: [(&str, &[&str]); 4] = [
    ("array", &["maxItems", "uniqueItems"]),
    ("integer", &NUMBER_CONSTRAINTS),
    ("number", &NUMBER_CONSTRAINTS),
    ("string", &["maxLength", "minLength"]),
];

const NUMBER_CONSTRAINTS: [&str; 5] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maximum",
    "minimum",
    "multipleOf",
];

/// The constraints of a schema that a strict one may not have, in Anthropic's words.
fn constraint(schema: &BorrowedValue<'_>) -> Option<String> {
    let (kind, keywords) = CONSTRAINTS.find(&|(kind, _)| is_of_type(schema, kind))?;
    let mut found = Vec::new();
    for keyword in *keywords {
        if schema.get(keyword).is_some() {
            found.push(*keyword);
        }
    }
    let is_few = schema.number("minItems").is_some_and(|least| least > 1.0);
    match found.as_slice() {
        [] if is_few => Some(format!(
            "'{kind}' type, 'minItems' values other than 0 or 1 are"
        )),
        [] => None,
        [one] => Some(format!("'{kind}' type, property '{one}' is")),
        several => Some(format!(
            "'{kind}' type, properties {} are",
            several.join(", ")
        )),
    }
}

/// Rules of the whole list, and of the schema of the answer.
pub(super) const LIST: &[Rule] = &[
    Rule {
        id: "tool_names_unique",
        scope: RuleScope::Provider,
        sources: &[
            "danny-avila/LibreChat#13162",
            "anthropics/claude-code#10687",
        ],
        words: "tools: Tool names must be unique.",
        help: "there are two tools `{}`",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}, {"name": "look", "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}, {"name": "look2", "input_schema": {"type": "object"}}]}"#,
        check: |body| {
            let name = repeated(texts_of("name", body.list("tools")));
            name.map(|name| Violation::new("tools", name))
        },
    },
    Rule {
        id: "strict_optional_properties",
        scope: RuleScope::Provider,
        sources: &[STRICT, "alphaXiv/agents#51"],
        words: "Schemas contains too many optional parameters ({}), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: 24).",
        help: "",
        rejected: r#"{"tools": [{"name": "look", "strict": true, "input_schema": {"type": "object", "additionalProperties": false, "properties": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {}, "i": {}, "j": {}, "k": {}, "l": {}, "m": {}, "n": {}, "o": {}, "p": {}, "q": {}, "r": {}, "s": {}, "t": {}, "u": {}, "v": {}, "w": {}, "x": {}, "y": {}}}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "strict": true, "input_schema": {"type": "object", "additionalProperties": false, "properties": {"a": {}, "b": {}, "c": {}, "d": {}, "e": {}, "f": {}, "g": {}, "h": {}, "i": {}, "j": {}, "k": {}, "l": {}, "m": {}, "n": {}, "o": {}, "p": {}, "q": {}, "r": {}, "s": {}, "t": {}, "u": {}, "v": {}, "w": {}, "x": {}}}}]}"#,
        check: |body| {
            let mut optional = answer_schema(body).map_or(0, optional_properties);
            for tool in body.list("tools") {
                if let Some(schema) = tool.field("input_schema").filter(|_| tool.is_set("strict")) {
                    optional += optional_properties(schema);
                }
            }
            found_if(
                Some(optional),
                |optional| *optional > MOST_OPTIONAL,
                "tools",
            )
        },
    },
    Rule {
        id: "answer_schema_open",
        scope: RuleScope::Provider,
        sources: &[STRICT, "veryfront/veryfront-code#3918"],
        words: "{at}: For 'object' type, 'additionalProperties' must be explicitly set to false",
        help: "",
        rejected: r#"{"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}}}}}"#,
        accepted: r#"{"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {}, "additionalProperties": false}}}}"#,
        check: |body| {
            let schema = answer_schema(body)?;
            broken(any_schema(schema, is_open), "output_config.format.schema")
        },
    },
    Rule {
        id: "answer_schema_constraint",
        scope: RuleScope::Provider,
        sources: &[
            STRICT,
            "agentjido/req_llm#302",
            "sherifkozman/the-llm-council#55",
            "ghostlobster/memorize-everything#93",
        ],
        words: NOT_SUPPORTED,
        help: "say it in a `description`",
        rejected: r#"{"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}, "required": ["age"], "additionalProperties": false}}}}"#,
        accepted: r#"{"output_config": {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"age": {"type": "integer"}, "names": {"type": "array", "minItems": 1, "items": {"type": "string"}}}, "required": ["age", "names"], "additionalProperties": false}}}}"#,
        check: |body| {
            let (_, constraint) = find_schema(answer_schema(body)?, &constraint)?;
            Some(Violation::new("output_config.format.schema", constraint))
        },
    },
];

/// Rules of each tool.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "tool_name_pattern",
        scope: RuleScope::Provider,
        sources: &["BerriAI/litellm#26788", "anthropics/claude-code#96152"],
        words: "{at}: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
        help: "",
        rejected: r#"{"tools": [{"name": "look.up", "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tools": [{"name": "look_up", "input_schema": {"type": "object"}}]}"#,
        check: |tool| {
            let name = tool.str("name").filter(|_| is_custom(tool));
            broken(
                name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME)),
                "custom.name",
            )
        },
    },
    Rule {
        id: "tool_schema_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Field required",
        help: "",
        rejected: r#"{"tools": [{"name": "look"}]}"#,
        accepted: r#"{"tools": [{"name": "web_search", "type": "web_search_20250305"}]}"#,
        check: |tool| {
            broken(
                is_custom(tool) && !tool.has("input_schema"),
                "custom.input_schema",
            )
        },
    },
    Rule {
        id: "tool_schema_composed",
        scope: RuleScope::Provider,
        sources: &["anthropics/claude-code#5319", "redhat-et/ripwire#48"],
        words: "{at}: input_schema does not support oneOf, allOf, or anyOf at the top level",
        help: "put it into a property",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "anyOf": [{"required": ["at"]}]}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "properties": {"at": {"anyOf": [{"type": "string"}]}}}}]}"#,
        check: |tool| {
            let schema = tool.field("input_schema").filter(|_| is_custom(tool))?;
            let composing = ["oneOf", "allOf", "anyOf"];
            let is_composed = composing.any(&|keyword| schema.get(keyword).is_some());
            broken(is_composed, "custom.input_schema")
        },
    },
    Rule {
        id: "tool_property_pattern",
        scope: RuleScope::Provider,
        sources: &[
            "n8n-io/n8n#30590",
            "ComposioHQ/composio#3500",
            "decocms/studio#6874",
        ],
        words: "{at}: Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
        help: "",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "properties": {"filter[at]": {"type": "string"}}}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "properties": {"filter.at": {"type": "object", "properties": {"a b": {"type": "string"}}}}}}]}"#,
        check: |tool| {
            let schema = tool.field("input_schema").filter(|_| is_custom(tool))?;
            let is_key = |key: &str| {
                let is_in_key: CharTest = |c| OF_NAME(c) || c == '.';
                (1..=64).contains(&key.len()) && consists_of(key, is_in_key)
            };
            let mut keys = schema.field("properties")?.entries();
            broken(
                keys.any(|(key, _)| !is_key(key)),
                "custom.input_schema.properties",
            )
        },
    },
    Rule {
        id: "tool_schema_type_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Field required",
        help: "a tool takes an object",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"properties": {}}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "properties": {}}}]}"#,
        check: |tool| {
            let schema = tool.field("input_schema").filter(|_| is_custom(tool))?;
            let is_schema = matches!(schema, BorrowedValue::Object(_));
            broken(is_schema && !schema.has("type"), "custom.input_schema.type")
        },
    },
    Rule {
        id: "tool_schema_object",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "{at}: Input should be 'object'",
        help: "a tool takes an object",
        rejected: r#"{"tools": [{"name": "look", "input_schema": {"type": "string"}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object"}}]}"#,
        check: |tool| {
            let schema = tool.field("input_schema").filter(|_| is_custom(tool))?;
            let is_right = match schema {
                BorrowedValue::Object(_) => schema.str("type").is_none_or(|kind| kind == "object"),
                _ => false,
            };
            broken(!is_right, "custom.input_schema.type")
        },
    },
    Rule {
        id: "strict_schema_open",
        scope: RuleScope::Provider,
        sources: &[STRICT, "vercel/ai#20681"],
        words: "{at}: For 'object' type, 'additionalProperties' must be explicitly set to false",
        help: "",
        rejected: r#"{"tools": [{"name": "look", "strict": true, "input_schema": {"type": "object"}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "strict": true, "input_schema": {"type": "object", "additionalProperties": false}}]}"#,
        check: |tool| {
            let schema = tool
                .field("input_schema")
                .filter(|_| tool.is_set("strict"))?;
            broken(any_schema(schema, is_open), "custom")
        },
    },
    Rule {
        id: "strict_schema_constraint",
        scope: RuleScope::Provider,
        sources: &[STRICT, "laravel/ai#715"],
        words: NOT_SUPPORTED,
        help: "say it in a `description`",
        rejected: r#"{"tools": [{"name": "look", "strict": true, "input_schema": {"type": "object", "properties": {"at": {"type": "string", "minLength": 1}}, "required": ["at"], "additionalProperties": false}}]}"#,
        accepted: r#"{"tools": [{"name": "look", "input_schema": {"type": "object", "properties": {"at": {"type": "string", "minLength": 1}}}}]}"#,
        check: |tool| {
            let is_strict = tool.is_set("strict");
            let schema = tool.field("input_schema").filter(|_| is_strict)?;
            let (_, constraint) = find_schema(schema, &constraint)?;
            Some(Violation::new("custom", constraint))
        },
    },
];
