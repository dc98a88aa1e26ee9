//! The description of a function, which Chat Completions has within `function`, and Responses beside the `type`.

use super::schema_context::context_of;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Violation, any_schema, found, is_object};
use crate::wire::tool_names::is_tool_name;

/// The longest name that a tool may have.
pub(in crate::wire) const LONGEST_NAME: usize = 64;

pub(in crate::wire) fn lacks_items(schema: &BorrowedValue<'_>) -> bool {
    schema.str("type") == Some("array") && !schema.has("items") && !schema.has("prefixItems")
}

/// Whether a function has a name that OpenAI does not take.
pub(in crate::wire) fn has_wrong_name(function: &BorrowedValue<'_>) -> bool {
    let name = function.str("name");
    name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME))
}

/// A violation at `at` that says where in the parameters of the function the first schema is for which `is_such` holds.
pub(in crate::wire) fn parameters_with(
    function: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
    at: &str,
) -> Option<Violation> {
    let parameters = function.field("parameters")?;
    found(context_of(function.str("name")?, parameters, is_such), at)
}

/// A violation at `at` with the name of the function, if its parameters have a keyword that may only be within them.
pub(in crate::wire) fn composes_parameters(
    function: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let parameters = function.field("parameters")?;
    let composing = ["oneOf", "anyOf", "allOf", "enum", "not"];
    let is_composed = composing.any(&|keyword| parameters.get(keyword).is_some());
    found(function.str("name").filter(|_| is_composed), at)
}

/// A violation at `at` with the name of the function, if its parameters are an object that says nothing of its properties.
pub(in crate::wire) fn lacks_properties(
    function: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let parameters = function.field("parameters")?;
    let lacks = is_object(parameters) && !parameters.has("properties");
    found(function.str("name").filter(|_| lacks), at)
}

/// A violation at `at` with the name of the function, if the properties of a schema are a list, as PHP writes an empty object.
pub(in crate::wire) fn lists_properties(
    function: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let parameters = function.field("parameters")?;
    let is_list = |schema: &BorrowedValue<'_>| {
        matches!(schema.get("properties"), Some(BorrowedValue::List(_)))
    };
    let lists = any_schema(parameters, is_list);
    found(function.str("name").filter(|_| lists), at)
}

/// A violation at `at` with the name of the function, if it takes another value than an object.
pub(in crate::wire) fn takes_no_object(
    function: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let is_right = match function.field("parameters")? {
        schema @ BorrowedValue::Object(fields) => {
            fields.is_empty() || schema.str("type") == Some("object")
        }
        _ => false,
    };
    found(function.str("name").filter(|_| !is_right), at)
}

/// The rules of each function. `$api` is the reference of the wire, `$example` a macro that writes a request with a function of these
/// fields, `$function` returns the description of the function within a tool, and `$at` is its path there.
macro_rules! function_rules {
    ($api:expr, $example:ident, $function:expr, $at:literal) => {
        &[
            Rule {
                    id: "tool_name_pattern",
                    scope: RuleScope::Provider,
                    sources: &[
                        $api,
                        "xinnan-tech/xiaozhi-esp32-server#1466",
                        "langgenius/dify#22867",
                        "openai/openai-dotnet#441",
                    ],
                    words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
                    help: "of at most 64 characters",
                    rejected: $example!(r#""name": "look.up""#),
                    accepted: $example!(r#""name": "look_up""#),
                    check: |tool| broken(function::has_wrong_name($function(tool)?), concat!($at, "name")),
                },
            Rule {
                    id: "tool_schema_composed",
                    scope: RuleScope::Provider,
                    sources: &[
                        "nspady/google-calendar-mcp#39",
                        "langchain-ai/langchainjs#9804",
                        "goruck/home-generative-agent#545",
                    ],
                    words: "Invalid schema for function '{}': schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
                    help: "put it into a property",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {}, "oneOf": [{"required": []}]}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {"at": {"oneOf": [{"type": "string"}]}}}"#),
                    check: |tool| function::composes_parameters($function(tool)?, concat!($at, "parameters")),
                },
            Rule {
                    id: "tool_schema_object",
                    scope: RuleScope::Provider,
                    sources: &[
                        "alibaba/spring-ai-alibaba#4576",
                        "ComposioHQ/composio#1829",
                        "chatanywhere/GPT_API_free#403",
                    ],
                    words: "Invalid schema for function '{}': schema must be a JSON Schema of 'type: \"object\"'.",
                    help: "a tool takes an object",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "string"}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {}}"#),
                    check: |tool| function::takes_no_object($function(tool)?, concat!($at, "parameters")),
                },
            Rule {
                    id: "tool_schema_properties",
                    scope: RuleScope::Provider,
                    sources: &[
                        "langchain-ai/langchain-mcp-adapters#137",
                        "inboxapi/cli#106",
                        "everruns/everruns#984",
                    ],
                    words: "Invalid schema for function '{}': In context=(), object schema missing properties.",
                    help: "give it `properties`, even if there are none",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "object"}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {}}"#),
                    check: |tool| function::lacks_properties($function(tool)?, concat!($at, "parameters")),
                },
            Rule {
                    id: "tool_schema_properties_list",
                    scope: RuleScope::Provider,
                    sources: &["maltekuhr/laravel-gpt#8", "FoundationAgents/OpenManus#1162"],
                    words: "Invalid schema for function '{}': [] is not of type 'object'.",
                    help: "`properties` is an object, also an empty one",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "object", "properties": []}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {}}"#),
                    check: |tool| function::lists_properties($function(tool)?, concat!($at, "parameters")),
                },
            Rule {
                    id: "tool_schema_items",
                    scope: RuleScope::Provider,
                    sources: &[
                        "PrefectHQ/fastmcp#2464",
                        "yangtaihong59/siyuan-plugins-mcp-sisyphus#13",
                    ],
                    words: "Invalid schema for function {}, array schema missing items.",
                    help: "",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array"}}}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array", "items": {"type": "string"}}}}"#),
                    check: |tool| {
                    let at = concat!($at, "parameters");
                    function::parameters_with($function(tool)?, function::lacks_items, at)
                },
                },
        ]
    };
}
pub(in crate::wire) use function_rules;
