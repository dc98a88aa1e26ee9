//! Whether a turn answers as the request's choice of tools demands: OpenAI's `tool_choice` and `parallel_tool_calls`, Anthropic's
//! `tool_choice` and Gemini's `toolConfig`.

use serde_json::{Map, Value};

use crate::chat::finish_and_usage::FinishReason;
use crate::chat::request::Request;
use crate::journal::verdict::{Reason, ToolChoiceViolation};
use crate::scenario::{Action, Setting, Str, Turn};
use crate::search::Search;

/// The names of Gemini's field.
const GEMINI: [&str; 2] = ["toolConfig", "tool_config"];

/// Checks that the turn makes no call that the request excludes, and that it makes one if the request demands one.
pub(super) fn check(turn: &Turn, request: &Request) -> Result<(), Reason> {
    let extra = &request.extra;
    let violates = |field, violation| Err(Reason::ToolChoice { field, violation });
    let mut calls: Vec<&Str> = Vec::new();
    for action in turn.actions.iter() {
        if let Action::Call(call) = action {
            calls.push(&call.tool);
        }
    }
    let (field, choice) = choice_of_tools(extra);
    let kind = choice.get("type").or(choice.get("mode"));
    let kind = kind.unwrap_or(choice).as_str().unwrap_or_default();
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

/// The field with the choice of tools, and its value; `null` if there is none.
fn choice_of_tools(extra: &Map<String, Value>) -> (&'static str, &Value) {
    if let Some(choice) = extra.get("tool_choice") {
        return ("tool_choice", choice);
    }
    for field in GEMINI {
        if let Some(config) = extra.get(field) {
            let choice = config.get("functionCallingConfig");
            let choice = choice.or_else(|| config.get("function_calling_config"));
            return (field, choice.unwrap_or(&Value::Null));
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
        "allowed_tools" => {
            let tools = inner.get("tools")?.as_array()?;
            let of_tool = |tool: &'r Value| {
                let nested = tool.get("function").or_else(|| tool.get("custom"));
                name(nested.unwrap_or(tool))
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

/// Whether a choice of this kind lets the model answer with a call only. A built-in tool, which has no parameters, runs at the provider, and
/// leaves a text.
fn demands_a_call(kind: &str, choice: &Value, request: &Request) -> bool {
    let is_demanded = match kind {
        "required" | "any" | "ANY" | "function" | "tool" | "custom" => true,
        "allowed_tools" => {
            let inner = choice.get(kind).unwrap_or(choice);
            inner.get("mode").and_then(Value::as_str) == Some("required")
        }
        _ => false,
    };
    let tools = &request.tools;
    is_demanded && !tools.is_empty() && tools.all(&|tool| !tool.parameters.is_null())
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
