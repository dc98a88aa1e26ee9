//! What functions return: an object on this wire.

use serde_json::{Map, Value, json};

use super::part::{no_place, read_said, write_parts};
use crate::chat::message::{Part, ToolResult};
use crate::wire::read::{Fields, ReadError};
use crate::wire::tree::Tree;
use crate::wire::write::{WriteError, describe, fields};

const PLACE: &str = "a tool's result";

/// The fields that alone in an object hold what a function returned.
const OUTPUTS: [&str; 2] = ["output", "result"];

/// The field that alone in an object says that the function failed.
const ERROR: &str = "error";

/// Reads what a function returned, and the function's name. What would be written differently stays among the fields.
pub(super) fn read_result(fields: &mut Fields<'_, '_>) -> Result<(String, ToolResult), ReadError> {
    let outer = fields.path;
    let path = outer.key("functionResponse");
    let mut given = fields.within("functionResponse", &path)?;
    let call_id = given.text("id")?.unwrap_or_default();
    let name = given.required_text("name")?;
    let response = match given.take("response") {
        None => Map::new(),
        Some(Tree::Object(object)) => crate::wire::tree::map(object),
        Some(other) => return Err(path.key("response").unlike(&other, "an object")),
    };
    let (content, is_error) = read_output(&response);
    let mut result = ToolResult {
        call_id,
        content: content.map(Part::Text).into_iter().collect(),
        is_error,
    };
    if write_output(&result) != Value::Object(response.clone()) {
        given.keep("response", response);
    }
    let parts = given.list("parts")?;
    read_said(parts, &path.key("parts"), &mut result.content)?;
    fields.keep("functionResponse", given.rest());
    Ok((name, result))
}

/// The text in an object, and whether the function failed.
fn read_output(response: &Map<String, Value>) -> (Option<String>, bool) {
    match wrapped(response) {
        Some((ERROR, Value::Null)) => (None, true),
        Some((name, value)) => (Some(as_text(value)), name == ERROR),
        None if response.is_empty() => (None, false),
        None => (Some(Value::from(response.clone()).to_string()), false),
    }
}

/// The only field of an object that holds no more than what a function returned.
fn wrapped(response: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut fields = response.iter();
    match (fields.next(), fields.next()) {
        (Some((name, value)), None) if OUTPUTS.contains(&&**name) || name == ERROR => {
            Some((name, value))
        }
        _ => None,
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Writes what a function returned.
///
/// # Errors
/// If the function has no name, or the result is more than one text and what is no text after it.
pub(super) fn write_result(
    result: &ToolResult,
    function: Option<&str>,
    place: &'static str,
) -> Result<Value, WriteError> {
    let function = function
        .ok_or_else(|| no_place("the result of a tool without the name of the tool", place))?;
    let mut response = fields(json!({ "name": function, "response": write_output(result) }));
    if !result.call_id.is_empty() {
        response.insert("id".into(), result.call_id.as_str().into());
    }
    let media = media(result);
    let is_media = |part: &&Part| matches!(part, Part::Image(_) | Part::Other(_) | Part::Extra(_));
    if let Some(part) = media.iter().find(|part| !is_media(part)) {
        return Err(no_place(&further(part), PLACE));
    }
    let parts = write_parts(media, None, PLACE)?;
    if !parts.is_empty() {
        response.insert("parts".into(), parts.into());
    }
    Ok(json!({ "functionResponse": response }))
}

fn further(part: &Part) -> String {
    match part {
        Part::Text(_) => "a second text, or a text after a picture,".to_owned(),
        part => describe(part),
    }
}

/// What comes after the text of a result.
fn media(result: &ToolResult) -> &[Part] {
    match &result.content[..] {
        [Part::Text(_), media @ ..] => media,
        media => media,
    }
}

/// The object for the text of a result.
fn write_output(result: &ToolResult) -> Value {
    let Some(Part::Text(text)) = result.content.first() else {
        return match result.is_error {
            true => json!({ ERROR: null }),
            false => json!({}),
        };
    };
    if result.is_error {
        return json!({ ERROR: text });
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) if is_plain(&object, text) => object.into(),
        _ => json!({ "output": text }),
    }
}

/// Whether an object is read as this text again.
fn is_plain(object: &Map<String, Value>, text: &str) -> bool {
    !object.is_empty()
        && wrapped(object).is_none()
        && serde_json::to_string(object).is_ok_and(|written| written == text)
}
