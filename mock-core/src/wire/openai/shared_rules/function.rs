//! The description of a function, which Chat Completions has within `function`, and Responses beside the `type`.

use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{Violation, any_schema};
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

/// A violation at `at` with the name of the function, if the schema of its parameters, or one within it, is such.
pub(in crate::wire) fn parameters_with(
    function: &BorrowedValue<'_>,
    is_such: fn(&BorrowedValue<'_>) -> bool,
    at: &str,
) -> Option<Violation> {
    let is_broken = any_schema(function.field("parameters")?, is_such);
    let name = function.str("name").filter(|_| is_broken)?;
    Some(Violation::new(at, name))
}

/// A violation at `at` with the name of the function, if it takes another value than an object.
pub(in crate::wire) fn takes_no_object(
    function: &BorrowedValue<'_>,
    at: &str,
) -> Option<Violation> {
    let is_right = match function.field("parameters")? {
        schema @ BorrowedValue::Object(_) => schema.str("type").is_none_or(|kind| kind == "object"),
        _ => false,
    };
    let name = function.str("name").filter(|_| !is_right)?;
    Some(Violation::new(at, name))
}

/// The rules of each function. `$api` is the reference of the wire, `$example` a macro that writes a request with a function of these
/// fields, `$function` returns the description of the function within a tool, and `$at` is its path there.
macro_rules! function_rules {
    ($api:expr, $example:ident, $function:expr, $at:literal) => {
        &[
            (
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
                },
                |tool| broken(function::has_wrong_name($function(tool)?), concat!($at, "name")),
            ),
            (
                Rule {
                    id: "tool_schema_object",
                    scope: RuleScope::Provider,
                    sources: &["alibaba/spring-ai-alibaba#4576", "ComposioHQ/composio#1829"],
                    words: "Invalid schema for function '{}': schema must be a JSON Schema of 'type: \"object\"'.",
                    help: "a tool takes an object",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "string"}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {}}"#),
                },
                |tool| function::takes_no_object($function(tool)?, concat!($at, "parameters")),
            ),
            (
                Rule {
                    id: "tool_schema_items",
                    scope: RuleScope::Provider,
                    sources: &[
                        "PrefectHQ/fastmcp#2464",
                        "yangtaihong59/siyuan-plugins-mcp-sisyphus#13",
                    ],
                    words: "Invalid schema for function '{}': array schema missing items.",
                    help: "",
                    rejected: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array"}}}"#),
                    accepted: $example!(r#""name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array", "items": {"type": "string"}}}}"#),
                },
                |tool| {
                    let at = concat!($at, "parameters");
                    function::parameters_with($function(tool)?, function::lacks_items, at)
                },
            ),
        ]
    };
}
pub(in crate::wire) use function_rules;
