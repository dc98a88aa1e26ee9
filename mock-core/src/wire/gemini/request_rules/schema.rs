//! The schemas of functions and of answers, which are a part of JSON schema.

use super::tool::declarations;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Rule, RuleScope, Violation, find_schema, is_of_type};

/// Keywords of JSON schema that the provider's schemas do not have.
const UNKNOWN: [&str; 24] = [
    "$comment",
    "$defs",
    "$id",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "const",
    "contains",
    "definitions",
    "dependentRequired",
    "else",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "if",
    "multipleOf",
    "not",
    "oneOf",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedProperties",
    "uniqueItems",
];

/// A mistake in a schema: the field, and the mistake.
type Found = (String, String);

/// The first schema of the body in which `find` finds something.
fn first(
    body: &BorrowedValue<'_>,
    find: &dyn Fn(&BorrowedValue<'_>) -> Option<Found>,
) -> Option<Violation> {
    let within = |schema: &BorrowedValue<'_>, place: String| {
        let (path, (field, found)) = find_schema(schema, find)?;
        let mut place = place + &written(&path);
        if !field.is_empty() {
            place = format!("{place}.{field}");
        }
        Some(Violation::new(place, found))
    };
    for (tool, at, function) in declarations(body) {
        for field in ["parameters", "response"] {
            let place = format!("tools[{tool}].function_declarations[{at}].{field}");
            let violation = within(function.field(field).unwrap_or(&NOTHING), place);
            if violation.is_some() {
                return violation;
            }
        }
    }
    let schema = body.field("generationConfig")?.field("responseSchema")?;
    within(schema, "generation_config.response_schema".to_owned())
}

const NOTHING: BorrowedValue<'static> = BorrowedValue::Null;

/// The path to a schema within another, as the provider writes it: `.properties[city].items`.
fn written(path: &[String]) -> String {
    let mut written = String::new();
    let mut words = path.iter();
    while let Some(keyword) = words.next() {
        written.push('.');
        match keyword.as_str() {
            "items" => written.push_str("items"),
            "anyOf" => written.push_str("any_of"),
            other => written.push_str(other),
        }
        if keyword != "items"
            && let Some(name) = words.next()
        {
            written.push_str(&format!("[{name}]"));
        }
    }
    written
}

/// Whether a schema says that its values are of this type, in lower case or in upper case.
fn is_of(schema: &BorrowedValue<'_>, name: &str) -> bool {
    is_of_type(schema, name) || is_of_type(schema, &name.to_ascii_uppercase())
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "schema_keyword",
        scope: RuleScope::Provider,
        sources: &[
            "janhq/jan#5927",
            "QwenLM/qwen-code#1186",
            "zed-industries/zed#44875",
            "felinics/Memoh#620",
            "decolua/9router#3743",
        ],
        words: "Invalid JSON payload received. Unknown name \"{}\" at '{at}': Cannot find field.",
        help: "send a JSON schema as `parametersJsonSchema` or `responseJsonSchema`",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {}, "additionalProperties": false}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parametersJsonSchema": {"type": "object", "properties": {}, "additionalProperties": false}}]}]}"#,
        check: |body| {
            first(body, &|schema| {
                let keyword = UNKNOWN.find(&|keyword| schema.get(keyword).is_some())?;
                Some((String::new(), (*keyword).to_owned()))
            })
        },
    },
    Rule {
        id: "schema_type_list",
        scope: RuleScope::Provider,
        sources: &["zed-industries/zed#53919"],
        words: "Invalid JSON payload received. Unknown name \"type\" at '{at}': Proto field is not repeating, cannot start list.",
        help: "write one type, and `nullable`",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": ["string", "null"]}}}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string", "nullable": true}}}}]}]}"#,
        check: |body| {
            first(body, &|schema| match schema.get("type") {
                Some(BorrowedValue::List(_)) => Some((String::new(), String::new())),
                _ => None,
            })
        },
    },
    Rule {
        id: "schema_items",
        scope: RuleScope::Provider,
        sources: &["cline/cline#7926"],
        words: "* GenerateContentRequest.{at}: missing field.",
        help: "",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array"}}}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array", "items": {"type": "string"}}}}}]}]}"#,
        check: |body| {
            first(body, &|schema| {
                let lacks_items = is_of(schema, "array") && !schema.has("items");
                lacks_items.then(|| ("items".to_owned(), String::new()))
            })
        },
    },
    Rule {
        id: "schema_required",
        scope: RuleScope::Provider,
        sources: &["iBUHub/AIStudioToAPI#154"],
        words: "* GenerateContentRequest.{at}: property is not defined",
        help: "`properties` has no `{}`",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["place"]}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}}]}]}"#,
        check: |body| {
            first(body, &|schema| {
                let properties = schema.field("properties");
                for (at, name) in schema.list("required").iter().enumerate() {
                    let name = name.as_text()?;
                    if !properties.is_some_and(|properties| properties.has(name)) {
                        return Some((format!("required[{at}]"), name.to_owned()));
                    }
                }
                None
            })
        },
    },
    Rule {
        id: "schema_enum_value",
        scope: RuleScope::Provider,
        sources: &["microsoft/azure-devops-mcp#145"],
        words: "Invalid value at '{at}' (TYPE_STRING), {}",
        help: "an enum has texts",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string", "enum": [1]}}}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "string", "enum": ["1"]}}}}]}]}"#,
        check: |body| {
            first(body, &|schema| {
                let values = schema.list("enum");
                let at = values.position(&|value| value.as_text().is_none())?;
                let value = match &values[at] {
                    BorrowedValue::Number(number) => number.to_string(),
                    BorrowedValue::Bool(value) => value.to_string(),
                    _ => "null".to_owned(),
                };
                Some((format!("enum[{at}]"), value))
            })
        },
    },
    Rule {
        id: "schema_enum_type",
        scope: RuleScope::Provider,
        sources: &["lbjlaq/Antigravity-Manager#2041", "decolua/9router#359"],
        words: "* GenerateContentRequest.{at}: only allowed for STRING type",
        help: "",
        rejected: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "integer", "enum": ["1"]}}}}]}]}"#,
        accepted: r#"{"tools": [{"functionDeclarations": [{"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "STRING", "enum": ["1"]}}}}]}]}"#,
        check: |body| {
            first(body, &|schema| {
                let is_wrong = !schema.list("enum").is_empty() && !is_of(schema, "string");
                is_wrong.then(|| ("enum".to_owned(), String::new()))
            })
        },
    },
];
