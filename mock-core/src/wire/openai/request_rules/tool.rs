//! The tools of a request.

use super::API;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::function::{self, function_rules};
use crate::wire::openai::shared_rules::strict_schema::{self, strict_function_rules};
use crate::wire::request_rules::{Rule, RuleScope, broken, found_if, is_open, lacks_required};

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

fn named_tool<'t>(choice: &'t BorrowedValue<'_>) -> Option<&'t str> {
    choice.field("function")?.str("name")
}

/// Rules of the whole list.
pub(super) const LIST: &[Rule] = &[
    Rule {
        id: "tools_empty",
        scope: RuleScope::Provider,
        sources: &["0xPlaygrounds/rig#1003", "vllm-project/vllm#39780"],
        words: "[] is too short - '{at}'",
        help: "leave `tools` out",
        rejected: r#"{"tools": []}"#,
        accepted: "{}",
        check: |body| broken(body.is_empty_list("tools"), "tools"),
    },
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
        check: |body| {
            found_if(
                Some(body.list("tools").len()),
                |tools| *tools > MOST_TOOLS,
                "tools",
            )
        },
    },
    Rule {
        id: "groq_tools_count",
        scope: RuleScope::Dialect(Profile::Groq),
        sources: &["HunorLaczko/ha-groq-cloud-api#25"],
        words: "'{at}' : maximum number of items is 128",
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
        check: |body| broken(body.list("tools").len() > MOST_TOOLS, "tools"),
    },
    Rule {
        id: "tool_type_missing",
        scope: RuleScope::Provider,
        sources: &[API, "openai/openai-cookbook#1248", "bolna-ai/bolna#144"],
        words: "Missing required parameter: '{at}'.",
        help: "",
        rejected: r#"{"tools": [{"function": {"name": "look"}}]}"#,
        accepted: r#"{"tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            let mut tools = body.list("tools").iter();
            let index = tools.position(|tool| !tool.has("type"))?;
            broken(true, &format!("tools[{index}].type"))
        },
    },
    Rule {
        id: "tool_choice_without_tools",
        scope: RuleScope::Provider,
        sources: &["dapr/dapr-agents#248", "writer/writer-framework#1013"],
        words: "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        help: "",
        rejected: r#"{"tool_choice": "auto"}"#,
        accepted: r#"{"tool_choice": "auto", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            broken(
                body.has("tool_choice") && body.list("tools").is_empty(),
                "tool_choice",
            )
        },
    },
    Rule {
        id: "tool_choice_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'none', 'auto', and 'required'.",
        help: "or an object of the type `function`, `allowed_tools` or `custom`",
        rejected: r#"{"tool_choice": {"type": "any"}, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        accepted: r#"{"tool_choice": "required", "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            let choice = body.field("tool_choice")?;
            let (value, known) = match choice.as_text() {
                Some(text) => (text, ["none", "auto", "required"]),
                None => (choice.str("type")?, ["function", "allowed_tools", "custom"]),
            };
            found_if(Some(value), |value| !known.contains(value), "tool_choice")
        },
    },
    Rule {
        id: "tool_choice_unknown",
        scope: RuleScope::Provider,
        sources: &["CherryHQ/cherry-studio#11138", "vllm-project/vllm#40399"],
        words: "Tool choice '{}' not found in 'tools' parameter.",
        help: "",
        rejected: r#"{"tool_choice": {"type": "function", "function": {"name": "look"}}, "tools": [{"type": "function", "function": {"name": "listen"}}]}"#,
        accepted: r#"{"tool_choice": {"type": "function", "function": {"name": "look"}}, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            let name = body.field("tool_choice").and_then(named_tool);
            let is_unknown = |name: &&str| {
                let mut tools = body.list("tools").iter();
                !tools.any(|tool| named_tool(tool) == Some(name))
            };
            found_if(name, is_unknown, "tool_choice")
        },
    },
    Rule {
        id: "parallel_tool_calls_without_tools",
        scope: RuleScope::Provider,
        sources: &["openai/swarm#30", "openai/openai-openapi#287"],
        words: "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
        help: "",
        rejected: r#"{"parallel_tool_calls": false}"#,
        accepted: r#"{"parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "look"}}]}"#,
        check: |body| {
            broken(
                body.has("parallel_tool_calls") && body.list("tools").is_empty(),
                "parallel_tool_calls",
            )
        },
    },
    Rule {
        id: "function_call_without_functions",
        scope: RuleScope::Provider,
        sources: &["Azure-Samples/azure-search-openai-demo#1175"],
        words: "Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
        help: "",
        rejected: r#"{"function_call": "auto"}"#,
        accepted: r#"{"function_call": "auto", "functions": [{"name": "look"}]}"#,
        check: |body| {
            broken(
                body.has("function_call") && body.list("functions").is_empty(),
                "function_call",
            )
        },
    },
];

/// The description of a tool's function.
fn function_of<'a, 't>(tool: &'a BorrowedValue<'t>) -> Option<&'a BorrowedValue<'t>> {
    tool.field("function")
}

/// Writes a request with a function of these fields.
macro_rules! tool {
    ($fields:literal) => {
        concat!(
            r#"{"tools": [{"type": "function", "function": {"#,
            $fields,
            "}}]}"
        )
    };
}

/// Rules of each tool.
pub(super) const RULES: &[Rule] = function_rules!(API, tool, function_of, "function.");

pub(super) const STRICT: &[Rule] = strict_function_rules!(tool, function_of, "function.");
