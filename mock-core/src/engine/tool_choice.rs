//! Whether a turn answers as the request's choice of tools demands: OpenAI's `tool_choice` and `parallel_tool_calls`, Anthropic's
//! `tool_choice`, Gemini's `toolConfig` and the `tool_choice` of its Interactions.

use serde_json::{Map, Value};

use crate::chat::finish_and_usage::FinishReason;
use crate::chat::request::{Request, ToolDefinition};
use crate::journal::verdict::{Reason, ToolChoiceViolation};
use crate::scenario::{Action, Profile, Setting, Str, Turn};
use crate::search::Search;

/// Checks that the turn makes no call that the request excludes, and that it makes one if the request demands one.
pub(super) fn check(turn: &Turn, request: &Request, profile: Profile) -> Result<(), Reason> {
    let extra = &request.extra;
    let violates = |field, violation| Err(Reason::ToolChoice { field, violation });
    let mut calls: Vec<&Str> = Vec::new();
    for action in turn.actions.iter() {
        if let Action::Call(call) = action {
            calls.push(&call.tool);
        }
    }
    let (field, choice) = match choice_of_tools(extra) {
        // llama.cpp reads a text, and takes an object for `auto`: github.com/ggml-org/llama.cpp/issues/26535.
        (_, Value::Object(_)) if profile == Profile::Llamacpp => ("tool_choice", &Value::Null),
        found => found,
    };
    let kind = match choice.get("type").or(choice.get("mode")) {
        Some(kind) => kind.as_str(),
        None if choice.get(ALLOWED_TOOLS).is_some() => Some(ALLOWED_TOOLS),
        None => choice.as_str(),
    };
    let kind = kind.unwrap_or_default();
    let Some(first) = calls.first() else {
        return match demands_a_call(kind, choice, request) && is_plain_text(turn) {
            true => violates(field, ToolChoiceViolation::NoCall),
            false => Ok(()),
        };
    };
    if kind.eq_ignore_ascii_case("none") {
        return violates(field, ToolChoiceViolation::Call((*first).clone()));
    }
    if let Some(allowed) = allowed_tools(kind, choice) {
        for tool in &calls {
            if allowed.is_empty() {
                return violates(field, ToolChoiceViolation::Call((*tool).clone()));
            }
            if !allowed.contains(&tool.as_ref()) {
                let allowed = allowed.into_iter().map(str::to_owned).collect();
                let tool = (*tool).clone();
                return violates(field, ToolChoiceViolation::OtherTool { tool, allowed });
            }
        }
    }
    let several = calls.len();
    if several > 1 {
        if choice.get("disable_parallel_tool_use") == Some(&Value::Bool(true)) {
            return violates(field, ToolChoiceViolation::ParallelCalls(several));
        }
        if extra.get("parallel_tool_calls") == Some(&Value::Bool(false)) {
            return violates(
                "parallel_tool_calls",
                ToolChoiceViolation::ParallelCalls(several),
            );
        }
    }
    Ok(())
}

/// The kind of a choice that lists tools.
const ALLOWED_TOOLS: &str = "allowed_tools";

/// The field with the choice of tools, and its value; `null` if there is none.
fn choice_of_tools(extra: &Map<String, Value>) -> (&'static str, &Value) {
    for (field, inner) in [
        ("tool_choice", None),
        ("toolConfig", Some("functionCallingConfig")),
        ("tool_config", Some("function_calling_config")),
        ("generation_config", Some("tool_choice")),
    ] {
        let value = extra.get(field);
        let choice = match inner {
            Some(inner) => value.and_then(|value| value.get(inner)),
            None => value,
        };
        if let Some(choice) = choice {
            return (field, choice);
        }
    }
    ("tool_choice", &Value::Null)
}

/// The tools that a choice of this kind allows, if it names them.
fn allowed_tools<'r>(kind: &str, choice: &'r Value) -> Option<Vec<&'r str>> {
    // Chat Completions nests a name and a list in a field that is called as the kind is.
    let inner = choice.get(kind).unwrap_or(choice);
    match kind {
        "function" | "tool" | "custom" => Some(vec![name(inner)?]),
        ALLOWED_TOOLS => {
            let tools = inner.get("tools")?.as_array()?;
            let of_tool = |tool: &'r Value| {
                let nested = tool.get("function").or_else(|| tool.get("custom"));
                // Interactions lists the names alone.
                name(nested.unwrap_or(tool)).or(tool.as_str())
            };
            // The others are built-in tools, which have no name.
            Some(tools.iter().filter_map(of_tool).collect())
        }
        _ => {
            let names = choice.get("allowedFunctionNames");
            let names = names.or_else(|| choice.get("allowed_function_names"));
            let names = names?.as_array().filter(|names| !names.is_empty())?;
            Some(names.iter().filter_map(Value::as_str).collect())
        }
    }
}

/// Whether a choice of this kind lets the model answer with a call only. A built-in tool runs at the provider, and leaves a text.
fn demands_a_call(kind: &str, choice: &Value, request: &Request) -> bool {
    let mode = match kind {
        ALLOWED_TOOLS => {
            let mode = choice.get(kind).unwrap_or(choice).get("mode");
            mode.and_then(Value::as_str).unwrap_or_default()
        }
        kind => kind,
    };
    let is_demanded = matches!(
        mode,
        "required" | "any" | "ANY" | "function" | "tool" | "custom"
    );
    let tools = &request.tools;
    is_demanded && !tools.is_empty() && !tools.any(&is_built_in)
}

/// Whether the provider runs the tool. Such a tool has its type in place of parameters, or at Gemini a field that is called as the tool is.
fn is_built_in(tool: &ToolDefinition) -> bool {
    let has = |field: &str| tool.extra.contains_key(field);
    tool.parameters.is_null() && (has("type") || has(&tool.name))
}

/// Whether the turn is a text that the model has ended: a refusal, a failure or a text that is cut off has no call in any case.
fn is_plain_text(turn: &Turn) -> bool {
    let is_ended = matches!(
        turn.finish,
        Setting::Unset | Setting::Value(FinishReason::Stop)
    );
    let mut has_text = false;
    for action in turn.actions.iter() {
        match action {
            Action::Reply(_) | Action::Stream(_) | Action::Json(_) => has_text = true,
            Action::Reasoning(_)
            | Action::ReasoningStream(_)
            | Action::Signature(_)
            | Action::Pause(_)
            | Action::Gate(_) => {}
            _ => return false,
        }
    }
    has_text && is_ended && turn.fault.is_none()
}

fn name(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()
}
