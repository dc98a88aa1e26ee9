//! Reads and writes whole answers.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::finish_and_usage::{
    USAGE, complete, read_status, read_usage, write_status, write_usage,
};
use super::read_step::read_step;
use super::write_step::write_steps;
use crate::chat::response::Response;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::time::rfc3339;
use crate::wire::write::{WriteError, fields};

const PLACE: &str = "an answer";

/// Writes the body of an answer. `created` is its time, in seconds since 1970. The metadata are written as extra fields.
///
/// # Errors
/// If this wire has no place for a part, such as a refusal, for the finish reason, or for arguments of a tool call that are not a JSON
/// object; or if the metadata give a field another value than the answer itself.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, wire::gemini_interactions::write_response};
///
/// let mut response = Response::new("v1_1", "gemini-3-flash");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Length);
///
/// let body = write_response(&response, 1_700_000_000)?;
/// assert_eq!(body["steps"][0]["content"][0]["text"], "Hi");
/// assert_eq!((&body["status"], &body["created"]), (&"incomplete".into(), &"2023-11-14T22:13:20Z".into()));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, created: u64) -> Result<Value, WriteError> {
    write(response, created, created).map(Value::from)
}

/// The same as bytes. `updated` is the time of its end, and `completed` says whether it has the fields that the provider sends with each.
pub(crate) fn write_response_bytes(
    response: &Response,
    created: u64,
    updated: u64,
    completed: bool,
) -> Result<Vec<u8>, WriteError> {
    let mut body = write(response, created, updated)?;
    if completed {
        complete(&mut body);
    }
    // Serializing a value cannot fail.
    Ok(serde_json::to_vec(&body).unwrap_or_default())
}

fn write(
    response: &Response,
    created: u64,
    updated: u64,
) -> Result<Map<String, Value>, WriteError> {
    let steps = write_steps(&response.message.parts, PLACE)?;
    write_end(response, created, updated, Some(steps))
}

/// Writes all of an answer but its steps, which a stream does not repeat at its end.
pub(super) fn write_end(
    response: &Response,
    created: u64,
    updated: u64,
    steps: Option<Vec<Value>>,
) -> Result<Map<String, Value>, WriteError> {
    let message = &response.message;
    WIRE.check_answer(message)?;
    let (status, errors) = write_status(response.finish_reason.as_ref(), PLACE)?;
    let mut own = fields(json!({
        "id": response.id, "model": response.model, "object": "interaction", "status": status,
        "created": rfc3339(created), "updated": rfc3339(updated),
    }));
    own.extend(errors.map(|errors| ("errors".to_owned(), errors)));
    own.extend(steps.map(|steps| ("steps".to_owned(), steps.into())));
    if let Some(usage) = response.usage {
        let usage = write_usage(usage, response.metadata.get(USAGE))?;
        own.insert(USAGE.into(), usage.into());
    }
    let mut body = response.metadata.clone();
    WIRE.join(&mut body, message.extra.clone(), PLACE)?;
    WIRE.join(&mut body, own, PLACE)?;
    Ok(body)
}

/// Reads the body of an answer. Fields that [`Response`] does not have are in its metadata: `service_tier`, `previous_interaction_id`, …
///
/// # Errors
/// If there are no steps, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::gemini_interactions::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "id": "v1_1", "object": "interaction", "model": "gemini-3-flash", "status": "completed",
///     "steps": [{"type": "model_output", "content": [{"type": "text", "text": "Hi"}]}],
///     "usage": {"total_input_tokens": 2, "total_output_tokens": 1, "total_tokens": 3},
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Stop)));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let steps = fields.take("steps");
    let mut response = read_end(fields)?;
    let path = Path::Body.key("steps");
    match steps {
        Some(BorrowedValue::List(list)) => {
            for (index, step) in list.into_iter().enumerate() {
                read_step(step, &path.index(index), &mut response.message.parts)?;
            }
        }
        Some(other) => return Err(path.unlike(&other, "a list of steps")),
        None => return Err(path.missing("a list of steps")),
    }
    Ok(response)
}

/// Reads all of an answer but its steps.
pub(super) fn read_end(mut fields: Fields<'_, '_>) -> Result<Response, ReadError> {
    let id = fields.text("id")?.unwrap_or_default();
    let model = fields.text("model")?.unwrap_or_default();
    let mut response = Response::new(id, model);
    for constant in ["object", "created", "updated"] {
        fields.take(constant);
    }
    response.finish_reason = read_status(&mut fields)?;
    let path = fields.path.key(USAGE);
    let usage = fields.take(USAGE);
    response.metadata = fields.rest_but_nulls();
    if let Some(usage) = usage {
        response.usage = Some(read_usage(usage, &path, &mut response.metadata)?);
    }
    Ok(response)
}
