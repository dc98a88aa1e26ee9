//! Reads and writes tool calls, whose arguments are JSON objects.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::message::ToolCall;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, fields};

/// Reads a call. One without an id has an empty one, and one without arguments has `{}`.
pub(super) fn read_call(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<ToolCall, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let function_path = path.key("function");
    let mut function = fields.within("function", &function_path)?;
    let name = function.required_text("name")?;
    let arguments = match function.take("arguments") {
        None => "{}".to_owned(),
        // Serializing a tree cannot fail.
        Some(object @ BorrowedValue::Object(_)) => {
            serde_json::to_string(&object).unwrap_or_default()
        }
        Some(other) => return Err(function_path.key("arguments").unlike(&other, "an object")),
    };
    let mut call = ToolCall::new(fields.text("id")?.unwrap_or_default(), name, arguments);
    fields.keep("function", function.rest());
    call.extra = fields.rest();
    Ok(call)
}

/// Reads a call of an answer. Its index is not kept where it is its position among the calls, which its writer counts.
pub(super) fn read_answered(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    position: usize,
) -> Result<ToolCall, ReadError> {
    let mut call = read_call(tree, path)?;
    let Some(Value::Object(function)) = call.extra.get_mut("function") else {
        return Ok(call);
    };
    if function.get("index").and_then(Value::as_u64) == u64::try_from(position).ok() {
        function.remove("index");
    }
    if function.is_empty() {
        call.extra.remove("function");
    }
    Ok(call)
}

/// Writes a call. One of an answer has its position among the calls.
///
/// # Errors
/// If its arguments are not a JSON object, or extra fields give another value than the call.
pub(super) fn write_call(
    call: &ToolCall,
    position: Option<usize>,
    place: &'static str,
) -> Result<Value, WriteError> {
    let arguments = write_arguments(call, place)?;
    let mut function = fields(json!({ "name": call.name, "arguments": arguments }));
    let has_index = || call.extra.get("function")?.get("index");
    if let Some(position) = position.filter(|_| has_index().is_none()) {
        function.insert("index".into(), position.into());
    }
    let mut own = Map::new();
    if !call.id.is_empty() {
        own.insert("id".into(), call.id.as_str().into());
    }
    own.insert("function".into(), function.into());
    let mut written = call.extra.clone();
    WIRE.join(&mut written, own, place)?;
    Ok(written.into())
}

fn write_arguments(call: &ToolCall, place: &'static str) -> Result<Value, WriteError> {
    if call.arguments.is_empty() {
        return Ok(json!({}));
    }
    match call.json() {
        Ok(arguments @ Value::Object(_)) => Ok(arguments),
        _ => {
            let name = if call.id.is_empty() {
                &call.name
            } else {
                &call.id
            };
            let what = format!("arguments of the tool call `{name}` that are not a JSON object");
            Err(WIRE.no_place(&what, place))
        }
    }
}
