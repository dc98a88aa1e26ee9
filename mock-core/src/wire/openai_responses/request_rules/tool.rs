//! The tools of a request, and the choice among them.

use super::API;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::shared_rules::function::{self, function_rules};
use crate::wire::openai::shared_rules::strict_schema::{self, strict_function_rules};
use crate::wire::openai::shared_rules::values::unknown;
use crate::wire::request_rules::{Rule, RuleScope, broken, found_if, is_open, lacks_required};

/// The tool itself, if it is a function.
fn function_of<'a, 't>(tool: &'a BorrowedValue<'t>) -> Option<&'a BorrowedValue<'t>> {
    Some(tool).filter(|tool| tool.str("type") == Some("function"))
}

/// Writes a request with a function of these fields.
macro_rules! tool {
    ($fields:literal) => {
        concat!(r#"{"tools": [{"type": "function", "#, $fields, "}]}")
    };
}

/// The choice, if it is that of a function.
fn chosen_function<'t>(body: &'t BorrowedValue<'_>) -> Option<&'t BorrowedValue<'t>> {
    let choice = body.field("tool_choice")?;
    Some(choice).filter(|choice| choice.str("type") == Some("function"))
}

/// Whether the tools of a request are those of its body: a stored prompt has tools too.
fn has_no_other_tools(body: &BorrowedValue<'_>) -> bool {
    !body.has("prompt")
}

pub(super) const RULES: &[Rule] = function_rules!(API, tool, function_of, "");

pub(super) const STRICT: &[Rule] = strict_function_rules!(tool, function_of, "");

pub(super) const CHOICE: &[Rule] = &[
    Rule {
        id: "web_search_minimal",
        scope: RuleScope::Provider,
        sources: &["openai/codex#3559"],
        words: "The following tools cannot be used with reasoning.effort 'minimal': web_search.",
        help: "",
        rejected: r#"{"model": "gpt-5", "reasoning": {"effort": "minimal"}, "tools": [{"type": "web_search"}]}"#,
        accepted: r#"{"model": "gpt-5", "reasoning": {"effort": "low"}, "tools": [{"type": "web_search"}]}"#,
        check: |body| {
            let mut tools = body.list("tools").iter();
            let searches = tools.any(|tool| tool.str("type") == Some("web_search"));
            let effort = body.field("reasoning")?.str("effort");
            broken(searches && effort == Some("minimal"), "tools")
        },
    },
    Rule {
        id: "tool_choice_value",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'none', 'auto', and 'required'.",
        help: "or an object that names a tool",
        rejected: r#"{"tool_choice": "any", "tools": [{"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tool_choice": "required", "tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| {
            let choice = body.field("tool_choice")?;
            unknown(
                choice.as_text(),
                &["none", "auto", "required"],
                "tool_choice",
            )
        },
    },
    Rule {
        id: "tool_choice_type",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Invalid value: '{}'. Supported values are: 'allowed_tools', 'function', 'mcp', 'custom', and the types of built-in tools.",
        help: "this is a choice of another API",
        rejected: r#"{"tool_choice": {"type": "any"}, "tools": [{"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tool_choice": {"type": "function", "name": "look"}, "tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| {
            let kind = body.field("tool_choice")?.str("type");
            let foreign = ["any", "auto", "none", "required", "tool"];
            found_if(kind, |kind| foreign.contains(kind), "tool_choice.type")
        },
    },
    Rule {
        id: "tool_choice_name_missing",
        scope: RuleScope::Provider,
        sources: &[API],
        words: "Missing required parameter: '{at}'.",
        help: "write the `name` beside the `type`",
        rejected: r#"{"tool_choice": {"type": "function", "function": {"name": "look"}}, "tools": [{"type": "function", "name": "look"}]}"#,
        accepted: r#"{"tool_choice": {"type": "function", "name": "look"}, "tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| broken(!chosen_function(body)?.has("name"), "tool_choice.name"),
    },
    Rule {
        id: "tool_choice_unknown",
        scope: RuleScope::Provider,
        sources: &["CherryHQ/cherry-studio#11138", "vllm-project/vllm#40399"],
        words: "Tool choice '{}' not found in 'tools' parameter.",
        help: "",
        rejected: r#"{"tool_choice": {"type": "function", "name": "look"}, "tools": [{"type": "function", "name": "listen"}]}"#,
        accepted: r#"{"tool_choice": {"type": "function", "name": "look"}, "tools": [{"type": "function", "name": "look"}]}"#,
        check: |body| {
            let name = chosen_function(body)?.str("name");
            let is_unknown = |name: &&str| {
                let mut tools = body.list("tools").iter();
                has_no_other_tools(body) && !tools.any(|tool| tool.str("name") == Some(name))
            };
            found_if(name, is_unknown, "tool_choice")
        },
    },
    Rule {
        id: "tool_choice_without_tools",
        scope: RuleScope::Provider,
        sources: &[API, "dapr/dapr-agents#248", "writer/writer-framework#1013"],
        words: "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
        help: "the model cannot call a tool",
        rejected: r#"{"tool_choice": "required"}"#,
        accepted: r#"{"tool_choice": "auto"}"#,
        check: |body| {
            let is_required = body.str("tool_choice") == Some("required");
            let has_none = body.list("tools").is_empty() && has_no_other_tools(body);
            broken(is_required && has_none, "tool_choice")
        },
    },
];
