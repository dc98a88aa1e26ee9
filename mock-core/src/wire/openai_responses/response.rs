//! Reads and writes whole answers.

use serde_json::Value;

use super::WIRE;
use super::finish_and_usage::{Status, read_usage};
use super::item::{Defaults, write_output};
use super::read_item::read_item;
use super::response_object::{Head, State, extra_fields};
use crate::chat::error::ProviderError;
use crate::chat::response::Response;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError};

const PLACE: &str = "an answer";

/// Writes the body of an answer. `created` is the time of its beginning and its end, in seconds since 1970.
///
/// The answer's metadata become extra fields: those that repeat the parameters of a request ([`echo`](super::echo)), and any others.
/// Parameters that are missing there get the provider's default.
///
/// # Errors
/// If the answer has a part that a model cannot send, such as an image or a tool result; or if the metadata contradict a field of the
/// answer.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::openai_responses::write_response};
///
/// let mut response = Response::new("resp_1", "gpt-4o");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Stop);
/// response.usage = Some(Usage::new(11, 1));
///
/// let body = write_response(&response, 1_700_000_000)?;
/// assert_eq!((&body["status"], &body["output"][0]["content"][0]["text"]), (&"completed".into(), &"Hi".into()));
/// assert_eq!(body["usage"]["total_tokens"], 12);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, created: u64) -> Result<Value, WriteError> {
    let json = write(response, created, created)?;
    json.deep_tree()
        .ok_or_else(|| WIRE.no_place("JSON that is nested so deep", PLACE))
}

/// The same as bytes, with a time of its own for the end.
pub(crate) fn write_response_bytes(
    response: &Response,
    created: u64,
    completed: u64,
) -> Result<Vec<u8>, WriteError> {
    Ok(write(response, created, completed)?.into_bytes())
}

/// Writes the body of an answer that failed. Its output is what was complete before, as in the event `response.failed`.
pub(crate) fn write_failed_bytes(
    response: &Response,
    error: &ProviderError,
    created: u64,
) -> Result<Vec<u8>, WriteError> {
    let head = Head::new(response, created)?;
    let status = Status::new(None);
    let mut output = write_output(&response.message.parts, &response.id, status, PLACE)?;
    // The last item is incomplete, so leave it out.
    output.pop();
    let json = head.write(State::failed(error, &listed(&output)))?;
    Ok(json.into_bytes())
}

/// The JSON of items in a list.
fn listed(items: &[Value]) -> String {
    let mut listed = Vec::with_capacity(items.len());
    for item in items {
        listed.push(item.to_string());
    }
    listed.join(",")
}

fn write(response: &Response, created: u64, completed: u64) -> Result<Json, WriteError> {
    let head = Head::new(response, created)?;
    let status = Status::new(response.finish_reason.as_ref());
    let output = write_output(&response.message.parts, &response.id, status, PLACE)?;
    head.write(State {
        status,
        completed: status.is_completed().then_some(completed),
        error: None,
        output: &listed(&output),
        usage: response.usage,
        is_last: true,
    })
}

/// Reads the body of an answer.
///
/// Fields that [`Response`] does not have are in [`Response::metadata`], at the same place: `service_tier`, further tokens in `usage`,
/// `incomplete_details`, `error`, the parameters of the request. Fields that are `null` or have the provider's default are left out, and so
/// are the times, which the writer sets. Extra fields of items are parts of the message, as the [module](super) describes.
///
/// # Errors
/// If there is no `output`, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::openai_responses::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "id": "resp_1",
///     "object": "response",
///     "created_at": 1_700_000_000,
///     "status": "incomplete",
///     "incomplete_details": {"reason": "max_output_tokens"},
///     "model": "gpt-4o",
///     "output": [{"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "Hi", "annotations": []}]}],
///     "service_tier": "flex",
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Length)));
/// assert_eq!(response.metadata["service_tier"], "flex");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    read(body.into(), &Path::Body)
}

pub(super) fn read(body: BorrowedValue<'_>, path: &Path<'_>) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, path)?;
    let id = fields.text("id")?.unwrap_or_default();
    let model = fields.text("model")?.unwrap_or_default();
    let mut response = Response::new(id, model);
    for &constant in &["object", "created_at", "completed_at"] {
        fields.take(constant);
    }
    let status = fields.text("status")?;
    let details_path = path.key("incomplete_details");
    let mut details = fields.within("incomplete_details", &details_path)?;
    let reason = details.text("reason")?;
    fields.keep("incomplete_details", details.rest_but_nulls());
    // Without a status, the answer counts as complete.
    let status = Status {
        name: status.as_deref().unwrap_or(match reason {
            Some(_) => "incomplete",
            None => "completed",
        }),
        reason: reason.as_deref(),
    };

    let output_path = path.key("output");
    let output = fields.take("output");
    let list = match output {
        Some(BorrowedValue::List(list)) => list,
        Some(other) => return Err(output_path.unlike(&other, "a list of items")),
        None => return Err(output_path.missing("a list of items")),
    };
    let last = list.len().saturating_sub(1);
    for (index, item) in list.into_iter().enumerate() {
        let defaults = Defaults {
            response: &response.id,
            index,
            status: status.for_item(index == last),
        };
        let parts = &mut response.message.parts;
        read_item(item, &output_path.index(index), Some(defaults), parts)?;
    }
    let calls = response.tool_calls().next().is_some();
    response.finish_reason = status.read(calls);
    let usage = fields.take("usage");
    response.metadata = extra_fields(fields.rest());
    if let Some(usage) = usage {
        response.usage = Some(read_usage(usage, &mut response.metadata)?);
    }
    Ok(response)
}
