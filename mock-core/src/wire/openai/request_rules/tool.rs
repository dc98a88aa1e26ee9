//! The tools of a request.

use super::API;
use super::format::{STRICT, is_open};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::request_rules::{
    BodyChecks, Rule, RuleScope, ToolChecks, Violation, any_schema, broken, found_if,
    lacks_required,
};
use crate::wire::tool_names::is_tool_name;

/// The longest name that a tool may have.
pub(super) const LONGEST_NAME: usize = 64;

/// How many tools there may be.
const MOST_TOOLS: usize = 128;

/// Writes an example four times.
macro_rules! four {
    ($($example:tt)*) => { concat!($($example)*, $($example)*, $($example)*, $($example)*) };
}

/// Thirty-two tools, with a comma after each.
macro_rules! thirty_two_tools {
    () => { four!(four!(r#"{"type": "function", "function": {"name": "look"}}, {"type": "function", "function": {"name": "look"}}, "#)) };
}

fn lacks_items(schema: &BorrowedValue<'_>) -> bool {
    schema.str("type") == Some("array") && !schema.has("items") && !schema.has("prefixItems")
}

fn named_tool<'t>(choice: &'t BorrowedValue<'_>) -> Option<&'t str> {
    choice.field("function")?.str("name")
}

/// Rules of the whole list.
pub(super) const LIST: BodyChecks = &[
    (
        Rule {
            id: "tools_empty",
            scope: RuleScope::Provider,
            sources: &["0xPlaygrounds/rig#1003", "vllm-project/vllm#39780"],
            words: "[] is too short - '{at}'",
            help: "leave `tools` out",
            rejected: r#"{"tools": []}"#,
            accepted: "{}",
        },
        |body| broken(body.is_empty_list("tools"), "tools"),
    ),
    (
        Rule {
            id: "tools_count",
            scope: RuleScope::Provider,
            sources: &[API, "zed-industries/zed#32946"],
            words: "Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length {} instead.",
            help: "",
            rejected: concat!(
                r#"{"tools": ["#,
                four!(thirty_two_tools!()),
                r#"{"type": "function", "function": {"name": "look"}}]}"#
            ),
            accepted: concat!(
                r#"{"tools": ["#,
                thirty_two_tools!(),
                thirty_two_tools!(),
                thirty_two_tools!(),
                r#"{"type": "function", "function": {"name": "look"}}]}"#
            ),
        },
        |body| {
            found_if(
                Some(body.list("tools").len()),
                |tools| *tools > MOST_TOOLS,
                "tools",
            )
        },
    ),
    (
        Rule {
            id: "tool_choice_without_tools",
            scope: RuleScope::Provider,
            sources: &["dapr/dapr-agents#248", "writer/writer-framework#1013"],
            words: "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
            help: "",
            rejected: r#"{"tool_choice": "auto"}"#,
            accepted: r#"{"tool_choice": "auto", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        },
        |body| {
            broken(
                body.has("tool_choice") && body.list("tools").is_empty(),
                "tool_choice",
            )
        },
    ),
    (
        Rule {
            id: "tool_choice_value",
            scope: RuleScope::Provider,
            sources: &[API],
            words: "Invalid value: '{}'. Supported values are: 'none', 'auto', and 'required'.",
            help: "or an object of the type `function`, `allowed_tools` or `custom`",
            rejected: r#"{"tool_choice": {"type": "any"}, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
            accepted: r#"{"tool_choice": "required", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        },
        |body| {
            let choice = body.field("tool_choice")?;
            let (value, known) = match choice.as_text() {
                Some(text) => (text, ["none", "auto", "required"]),
                None => (choice.str("type")?, ["function", "allowed_tools", "custom"]),
            };
            found_if(Some(value), |value| !known.contains(value), "tool_choice")
        },
    ),
    (
        Rule {
            id: "tool_choice_unknown",
            scope: RuleScope::Provider,
            sources: &["CherryHQ/cherry-studio#11138", "vllm-project/vllm#40399"],
            words: "Tool choice '{}' not found in 'tools' parameter.",
            help: "",
            rejected: r#"{"tool_choice": {"type": "function", "function": {"name": "look"}}, "tools": [{"type": "function", "function": {"name": "listen"}}]}"#,
            accepted: r#"{"tool_choice": {"type": "function", "function": {"name": "look"}}, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        },
        |body| {
            let name = body.field("tool_choice").and_then(named_tool);
            let is_unknown = |name: &&str| {
                let mut tools = body.list("tools").iter();
                !tools.any(|tool| named_tool(tool) == Some(name))
            };
            found_if(name, is_unknown, "tool_choice")
        },
    ),
    (
        Rule {
            id: "parallel_tool_calls_without_tools",
            scope: RuleScope::Provider,
            sources: &["openai/swarm#30", "openai/openai-openapi#287"],
            words: "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
            help: "",
            rejected: r#"{"parallel_tool_calls": false}"#,
            accepted: r#"{"parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        },
        |body| {
            broken(
                body.has("parallel_tool_calls") && body.list("tools").is_empty(),
                "parallel_tool_calls",
            )
        },
    ),
    (
        Rule {
            id: "function_call_without_functions",
            scope: RuleScope::Provider,
            sources: &["Azure-Samples/azure-search-openai-demo#1175"],
            words: "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
            help: "",
            rejected: r#"{"function_call": "auto"}"#,
            accepted: r#"{"function_call": "auto", "functions": [{"name": "look"}]}"#,
        },
        |body| {
            broken(
                body.has("function_call") && body.list("functions").is_empty(),
                "function_call",
            )
        },
    ),
];

/// Rules of each tool.
pub(super) const RULES: ToolChecks = &[
    (
        Rule {
            id: "tool_name_pattern",
            scope: RuleScope::Provider,
            sources: &[
                API,
                "xinnan-tech/xiaozhi-esp32-server#1466",
                "langgenius/dify#22867",
            ],
            words: "Invalid '{at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
            help: "of at most 64 characters",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look.up"}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "function": {"name": "look_up"}}]}"#,
        },
        |tool| {
            let name = tool.field("function")?.str("name");
            broken(
                name.is_some_and(|name| !is_tool_name(name, LONGEST_NAME)),
                "function.name",
            )
        },
    ),
    (
        Rule {
            id: "tool_schema_object",
            scope: RuleScope::Provider,
            sources: &["alibaba/spring-ai-alibaba#4576", "ComposioHQ/composio#1829"],
            words: "Invalid schema for function '{}': schema must be a JSON Schema of 'type: \"object\"'.",
            help: "a tool takes an object",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "string"}}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}]}"#,
        },
        |tool| {
            let function = tool.field("function")?;
            let is_right = match function.field("parameters")? {
                schema @ BorrowedValue::Object(_) => {
                    schema.str("type").is_none_or(|kind| kind == "object")
                }
                _ => false,
            };
            let name = function.str("name").filter(|_| !is_right)?;
            Some(Violation::new("function.parameters", name))
        },
    ),
    (
        Rule {
            id: "tool_schema_items",
            scope: RuleScope::Provider,
            sources: &["PrefectHQ/fastmcp#2464"],
            words: "Invalid schema for function '{}': array schema missing items.",
            help: "",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array"}}}}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {"at": {"type": "array", "items": {"type": "string"}}}}}}]}"#,
        },
        |tool| {
            let function = tool.field("function")?;
            let lacks = any_schema(function.field("parameters")?, lacks_items);
            let name = function.str("name").filter(|_| lacks)?;
            Some(Violation::new("function.parameters", name))
        },
    ),
    (
        Rule {
            id: "strict_schema_open",
            scope: RuleScope::Provider,
            sources: &[
                STRICT,
                "lastmile-ai/openai-agents-mcp#2",
                "camel-ai/camel#2231",
            ],
            words: "Invalid schema for function '{}': 'additionalProperties' is required to be supplied and to be false.",
            help: "in each object of a strict schema",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look", "strict": true, "parameters": {"type": "object", "properties": {}}}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "function": {"name": "look", "strict": true, "parameters": {"type": "object", "properties": {}, "additionalProperties": false}}}]}"#,
        },
        |tool| {
            let function = tool
                .field("function")
                .filter(|function| function.is_set("strict"))?;
            let is_broken = any_schema(function.field("parameters")?, is_open);
            let name = function.str("name").filter(|_| is_broken)?;
            Some(Violation::new("function.parameters", name))
        },
    ),
    (
        Rule {
            id: "strict_schema_required",
            scope: RuleScope::Provider,
            sources: &[STRICT, "ai-dynamo/frontend-crates#209"],
            words: "Invalid schema for function '{}': 'required' is required to be supplied and to be an array including every key in properties.",
            help: "in each object of a strict schema",
            rejected: r#"{"tools": [{"type": "function", "function": {"name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "additionalProperties": false}}}]}"#,
            accepted: r#"{"tools": [{"type": "function", "function": {"name": "look", "strict": true, "parameters": {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"], "additionalProperties": false}}}]}"#,
        },
        |tool| {
            let function = tool
                .field("function")
                .filter(|function| function.is_set("strict"))?;
            let is_broken = any_schema(function.field("parameters")?, lacks_required);
            let name = function.str("name").filter(|_| is_broken)?;
            Some(Violation::new("function.parameters", name))
        },
    ),
];
