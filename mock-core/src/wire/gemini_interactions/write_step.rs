//! Writes the model's steps: in answers, and in requests that send them back.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::content::{is_content, write_content};
use crate::chat::message::{Part, Reasoning, ToolCall, begins_an_item};
use crate::wire::write::{WriteError, describe, describe_fields, fields, has_type};

/// The field of a [`Part::Extra`] that holds the extra fields of the step that it begins.
pub(super) const ITEM: &str = "item";

/// Writes parts as steps. `place` says where they are, for errors.
///
/// # Errors
/// If a part has no place, or a field has two values.
pub(super) fn write_steps(parts: &[Part], place: &'static str) -> Result<Vec<Value>, WriteError> {
    let mut steps: Vec<Map<String, Value>> = Vec::new();
    let mut begun = None;
    for part in parts {
        match part {
            Part::Extra(extra) if begins_an_item(extra) => {
                check_begun(begun.take(), place)?;
                begun = item_fields(extra);
            }
            Part::Extra(extra) if begun.is_some() => {
                return Err(WIRE.no_place(&describe_fields(extra), place));
            }
            Part::Extra(extra) => match steps.last_mut() {
                Some(step) => add_extra(step, extra, place)?,
                None => return Err(WIRE.no_place(&describe_fields(extra), place)),
            },
            part => {
                let step = write_step(part, place)?;
                match (steps.last_mut(), begun.take()) {
                    (Some(last), None) if shares(last, &step) => append(last, step),
                    (_, extra_fields) => steps.push(with(step, extra_fields, place)?),
                }
            }
        }
    }
    check_begun(begun, place)?;
    Ok(steps.into_iter().map(Value::from).collect())
}

/// The fields of the step that a part begins.
pub(super) fn item_fields(extra: &Map<String, Value>) -> Option<Map<String, Value>> {
    extra.get(ITEM).cloned().map(fields)
}

/// # Errors
/// If a step has begun, and nothing is in it.
pub(super) fn check_begun(
    begun: Option<Map<String, Value>>,
    place: &'static str,
) -> Result<(), WriteError> {
    match begun {
        Some(_) => Err(WIRE.no_place("`item` with no part after it", place)),
        None => Ok(()),
    }
}

/// A step with extra fields.
pub(super) fn with(
    step: Map<String, Value>,
    extra_fields: Option<Map<String, Value>>,
    place: &'static str,
) -> Result<Map<String, Value>, WriteError> {
    let mut all = extra_fields.unwrap_or_default();
    WIRE.join(&mut all, step, place)?;
    Ok(all)
}

/// Writes a part as a step of its own.
pub(super) fn write_step(
    part: &Part,
    place: &'static str,
) -> Result<Map<String, Value>, WriteError> {
    Ok(match part {
        Part::Reasoning(thought) => write_thought(thought),
        Part::ToolCall(call) => write_call(call, place)?,
        Part::Other(other) if !has_type(other) => return Err(WIRE.no_place(&describe(part), place)),
        Part::Other(other) if !is_content(other["type"].as_str().unwrap_or_default()) => {
            fields(other.clone())
        }
        part => {
            let content =
                write_content(part).ok_or_else(|| WIRE.no_place(&describe(part), place))?;
            fields(json!({ "type": "model_output", "content": [content] }))
        }
    })
}

fn write_thought(thought: &Reasoning) -> Map<String, Value> {
    let mut step = fields(json!({ "type": "thought" }));
    if !thought.text.is_empty() {
        let summary = json!([{ "type": "text", "text": thought.text }]);
        step.insert("summary".into(), summary);
    }
    if let Some(seal) = &thought.signature {
        step.insert("signature".into(), seal.as_str().into());
    }
    step
}

fn write_call(call: &ToolCall, place: &'static str) -> Result<Map<String, Value>, WriteError> {
    let arguments = match call.arguments.is_empty() {
        true => Ok(Map::new()),
        false => call.json::<Map<String, Value>>(),
    };
    let arguments = arguments.map_err(|_| {
        let what = format!(
            "arguments of the tool call `{}` that are not a JSON object",
            call.id
        );
        WIRE.no_place(&what, place)
    })?;
    let step = json!({
        "type": "function_call", "id": call.id, "name": call.name, "arguments": arguments,
    });
    with(fields(step), Some(call.extra.clone()), place)
}

/// The contents of a step of output.
fn contents(step: &Map<String, Value>) -> Option<&Vec<Value>> {
    let is_output = step.get("type").is_some_and(|kind| kind == "model_output");
    step.get("content")?.as_array().filter(|_| is_output)
}

/// Whether the content of `step` can be added to the step before it. A text after a text cannot.
fn shares(last: &Map<String, Value>, step: &Map<String, Value>) -> bool {
    let (Some(last), Some(next)) = (contents(last), contents(step)) else {
        return false;
    };
    let is_text = |content: Option<&Value>| content.is_some_and(|it| it["type"] == "text");
    !(is_text(last.last()) && is_text(next.first()))
}

fn append(last: &mut Map<String, Value>, mut step: Map<String, Value>) {
    if let (Some(Value::Array(list)), Some(Value::Array(more))) =
        (last.get_mut("content"), step.remove("content"))
    {
        list.extend(more);
    }
}

/// Adds extra fields to the last content of a step, or to the step if it has no content.
fn add_extra(
    step: &mut Map<String, Value>,
    extra: &Map<String, Value>,
    place: &'static str,
) -> Result<(), WriteError> {
    let content = match step.get("type").and_then(Value::as_str) {
        Some("model_output") => step.get_mut("content"),
        Some("thought") => {
            let empty = || json!([{ "type": "text", "text": "" }]);
            Some(step.entry("summary").or_insert_with(empty))
        }
        _ => None,
    };
    let last = content
        .and_then(Value::as_array_mut)
        .and_then(|list| list.last_mut());
    match last {
        Some(Value::Object(content)) => {
            *content = with(std::mem::take(content), Some(extra.clone()), place)?;
        }
        _ => *step = with(std::mem::take(step), Some(extra.clone()), place)?,
    }
    Ok(())
}
