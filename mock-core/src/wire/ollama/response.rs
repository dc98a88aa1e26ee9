//! Reads and writes whole answers.

use serde_json::{Map, Value, json};

use super::Endpoint;
use super::WIRE;
use super::call::{read_answered, write_call};
use super::finish_and_usage::{read_reason, read_usage, write_end};
use crate::chat::message::{Message, Part, Reasoning};
use crate::chat::response::Response;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::time;
use crate::wire::write::{WriteError, describe, fields};

pub(super) const PLACE: &str = "an answer";

/// Writes the body of an answer of `/api/chat` that is not streamed. `created` is the time in seconds since 1970.
///
/// The answer's metadata come with it as extra fields, and so do the extra fields of its message. Texts come together in the content of the
/// message, and reasoning in its `thinking`.
///
/// # Errors
/// If the answer has a part that this wire cannot express, such as a refusal or an image; if arguments of a tool call are not a JSON
/// object; if the usage has tokens that are written to a cache, or tokens of reasoning; or if the metadata give a field another value than
/// the answer itself.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::ollama::write_response};
///
/// let mut response = Response::new("", "llama3.2");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Length);
/// response.usage = Some(Usage::new(11, 1));
///
/// let body = write_response(&response, 0)?;
/// assert_eq!(body["message"]["content"], "Hi");
/// assert_eq!((&body["done_reason"], &body["eval_count"]), (&"length".into(), &1.into()));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, created: u64) -> Result<Value, WriteError> {
    write(Endpoint::Chat, response, created)
}

pub(super) fn write(
    endpoint: Endpoint,
    response: &Response,
    created: u64,
) -> Result<Value, WriteError> {
    let written = WrittenMessage::from_message(&response.message)?;
    let mut body = extra_fields(endpoint, response)?;
    let mut own = written.write(endpoint)?;
    own.extend(head(response, created));
    let reason = response.finish_reason.as_ref();
    own.extend(write_end(reason, response.usage, &body, PLACE)?);
    WIRE.join(&mut body, own, PLACE)?;
    Ok(body.into())
}

/// Writes the answer as bytes, without a tree of values.
pub(crate) fn write_response_bytes(
    endpoint: Endpoint,
    response: &Response,
    created: u64,
) -> Result<Vec<u8>, WriteError> {
    let body = write(endpoint, response, created)?;
    // Serializing a value cannot fail.
    Ok(serde_json::to_vec(&body).unwrap_or_default())
}

/// The fields with which each object begins.
pub(super) fn head(response: &Response, created: u64) -> Map<String, Value> {
    fields(json!({ "model": response.model, "created_at": time::rfc3339(created) }))
}

/// The fields that the metadata and the message of an answer have in addition.
///
/// # Errors
/// If the answer is not the model's, or if its message has a name.
pub(super) fn extra_fields(
    endpoint: Endpoint,
    response: &Response,
) -> Result<Map<String, Value>, WriteError> {
    let message = &response.message;
    WIRE.check_answer(message)?;
    let mut extra_fields = response.metadata.clone();
    if message.extra.is_empty() {
        return Ok(extra_fields);
    }
    let extra = message.extra.clone();
    let extra = match endpoint {
        Endpoint::Chat => fields(json!({ "message": extra })),
        Endpoint::Generate => extra,
    };
    WIRE.join(&mut extra_fields, extra, PLACE)?;
    Ok(extra_fields)
}

/// The contents of an answer, or of one line of it.
#[derive(Default)]
pub(super) struct WrittenMessage {
    pub(super) content: String,
    pub(super) thinking: String,
    pub(super) calls: Vec<Value>,
}

impl WrittenMessage {
    fn from_message(message: &Message) -> Result<Self, WriteError> {
        let mut written = WrittenMessage::default();
        for part in &message.parts {
            match part {
                Part::Text(text) => written.content.push_str(text),
                Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                }) => written.thinking.push_str(text),
                Part::Reasoning(_) => return Err(WIRE.no_place("a signature of reasoning", PLACE)),
                Part::ToolCall(call) => {
                    let position = Some(written.calls.len());
                    written.calls.push(write_call(call, position, PLACE)?);
                }
                part => return Err(WIRE.no_place(&describe(part), PLACE)),
            }
        }
        Ok(written)
    }

    /// The fields that hold it.
    ///
    /// # Errors
    /// If there is a call where only texts are answered.
    pub(super) fn write(self, endpoint: Endpoint) -> Result<Map<String, Value>, WriteError> {
        let mut written = fields(json!({ endpoint.content(): self.content }));
        if !self.thinking.is_empty() {
            written.insert("thinking".into(), self.thinking.into());
        }
        match endpoint {
            Endpoint::Generate if !self.calls.is_empty() => {
                return Err(WIRE.no_place("a tool call", "an answer of /api/generate"));
            }
            Endpoint::Generate => return Ok(written),
            Endpoint::Chat => {}
        }
        if !self.calls.is_empty() {
            written.insert("tool_calls".into(), self.calls.into());
        }
        written.insert("role".into(), "assistant".into());
        Ok(fields(json!({ "message": written })))
    }
}

/// Reads the body of an answer of `/api/chat` or `/api/generate` that is not streamed.
///
/// Fields that the neutral type does not have are in [`Response::metadata`]: the durations, in nanoseconds, and the `context` of
/// `/api/generate`. Further fields of the message are in its [`extra`](crate::Message::extra).
///
/// # Errors
/// If there is neither a `message` nor a `response`, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::ollama::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "model": "llama3.2",
///     "created_at": "2025-01-01T00:00:00Z",
///     "message": {"role": "assistant", "content": "Hi"},
///     "done": true,
///     "done_reason": "stop",
///     "total_duration": 12_000_000,
///     "prompt_eval_count": 11,
///     "eval_count": 1,
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Stop)));
/// assert_eq!(response.usage.map(|usage| usage.total_tokens()), Some(12));
/// assert_eq!(response.metadata["total_duration"], 12_000_000);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut response = Response::new("", fields.text("model")?.unwrap_or_default());
    read_content(&mut fields, &mut response, 0)?;
    let has_calls = response.tool_calls().next().is_some();
    let reason = fields.text("done_reason")?;
    response.finish_reason = reason.map(|reason| read_reason(reason, has_calls));
    response.usage = read_usage(&mut fields)?;
    fields.flag("done")?;
    response.metadata = fields.rest_but_nulls();
    Ok(response)
}

/// Reads the parts of an answer or of a line: thinking, content and calls, in the order of the fields. `calls` is the number of earlier
/// calls.
pub(super) fn read_content(
    fields: &mut Fields<'_, '_>,
    response: &mut Response,
    calls: usize,
) -> Result<(), ReadError> {
    // Leave out the time, which the writer sets.
    fields.text("created_at")?;
    let path = Path::Body.key("message");
    if fields.peek("message").is_none() {
        let content = fields.text(Endpoint::Generate.content())?;
        let content = content.ok_or_else(|| path.missing("an object, or `response` a text"))?;
        push_texts(fields.text("thinking")?, Some(content), response);
        return Ok(());
    }
    let mut message = fields.within("message", &path)?;
    message.text("role")?;
    let thinking = message.text("thinking")?;
    push_texts(thinking, message.text("content")?, response);
    let path = path.key("tool_calls");
    for (index, call) in message.list("tool_calls")?.into_iter().enumerate() {
        let call = read_answered(call, &path.index(index), calls + index)?;
        response.message.parts.push(Part::ToolCall(call));
    }
    response.message.extra = message.rest();
    Ok(())
}

fn push_texts(thinking: Option<String>, content: Option<String>, response: &mut Response) {
    let parts = &mut response.message.parts;
    let thinking = thinking.filter(|text| !text.is_empty());
    parts.extend(thinking.map(|text| Part::Reasoning(Reasoning::new(text))));
    let content = content.filter(|text| !text.is_empty());
    parts.extend(content.map(Part::Text));
}
