//! Reads and writes whole answers.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::block::{complete, read_content, remove_all_completed, write_blocks};
use super::finish_and_usage::{
    UsageFields, complete_usage, read_stop, read_stop_details, read_usage, write_counts,
    write_stop, write_stop_details,
};
use crate::chat::message::{Message, Part, Role};
use crate::chat::response::Response;
use crate::wire::content::split_refusal;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields, texts};

const PLACE: &str = "an answer";

/// Writes the body of an answer.
///
/// The answer's metadata become extra fields, at any depth: with the finish reason `stop_sequence`, for example, the field
/// `stop_sequence` is the sequence that stopped the model. A usage that is `None` is written as zeros, because the wire requires one. This
/// wire has no time of creation.
///
/// # Errors
/// If the answer has a part that this wire has no block for, such as an image or a tool result; if the arguments of a tool call are not
/// JSON; or if the metadata contradict a field of the answer.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::anthropic::write_response};
///
/// let mut response = Response::new("msg_1", "claude");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Length);
/// response.usage = Some(Usage::new(11, 1).cache_read(9));
///
/// let body = write_response(&response, 0)?;
/// assert_eq!(body["stop_reason"], "max_tokens");
/// assert_eq!(body["usage"]["input_tokens"], 2, "without those of the cache");
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, _created: u64) -> Result<Value, WriteError> {
    let written = WrittenMessage::from_message(&response.message)?;
    with_extra_fields(written, response)
}

/// Writes the answer as bytes, with the fields of the usage that the provider sends.
pub(crate) fn write_response_bytes(response: &Response) -> Result<Vec<u8>, WriteError> {
    let written = WrittenMessage::from_message(&response.message)?;
    let message = &response.message;
    let has_no_extra_fields = response.metadata.is_empty() && message.extra.is_empty();
    let is_plain = message.role == Role::Assistant && message.name.is_none();
    Ok(
        match has_no_extra_fields && is_plain && written.refusal.is_none() {
            true => {
                let content = |json| written.write(json);
                write_own(response, &written, UsageFields::Completed, content)?.into_bytes()
            }
            false => {
                let mut body = with_extra_fields(written, response)?;
                complete_usage(&mut body["usage"]);
                body.to_string().into_bytes()
            }
        },
    )
}

/// The blocks of an answer, and the refusal, which is written elsewhere.
struct WrittenMessage<'m> {
    content: Content<'m>,
    refusal: Option<String>,
}

enum Content<'m> {
    /// One block of text, as most answers have.
    Text(&'m str),
    Blocks(Value),
}

impl<'m> WrittenMessage<'m> {
    fn from_message(message: &'m Message) -> Result<Self, WriteError> {
        if let [Part::Text(text)] = &message.parts[..] {
            return Ok(WrittenMessage {
                content: Content::Text(text),
                refusal: None,
            });
        }
        let has_no_place = |part: &Part| matches!(part, Part::Image(_) | Part::ToolResult(_));
        let (parts, refusal) = split_refusal(message, WIRE, has_no_place)?;
        let blocks = write_blocks(&parts, PLACE)?;
        let mut completed = Vec::with_capacity(blocks.len());
        for block in blocks {
            completed.push(complete(block));
        }
        Ok(WrittenMessage {
            content: Content::Blocks(Value::Array(completed)),
            refusal,
        })
    }

    fn write(&self, json: Json) -> Json {
        match &self.content {
            Content::Text(text) => json
                .raw("[{\"type\":\"text\",\"text\":")
                .text(text)
                .raw("}]"),
            Content::Blocks(blocks) => json.value(blocks),
        }
    }
}

impl From<Content<'_>> for Value {
    fn from(content: Content<'_>) -> Self {
        match content {
            Content::Text(text) => json!([texts(&[("type", "text"), ("text", text)])]),
            Content::Blocks(blocks) => blocks,
        }
    }
}

/// The body of an answer, without extra fields.
fn write_own(
    response: &Response,
    written: &WrittenMessage<'_>,
    usage_fields: UsageFields,
    content: impl FnOnce(Json) -> Json,
) -> Result<Json, WriteError> {
    let json = Json::new()
        .raw("{\"id\":")
        .text(&response.id)
        .raw(",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
        .text(&response.model)
        .raw(",\"content\":");
    let reason = response.finish_reason.as_ref();
    let reason = reason.map(|reason| write_stop(reason, written.refusal.is_some()));
    let json = content(json)
        .raw(",\"stop_reason\":")
        .text_or_null(reason)
        .raw(",\"stop_sequence\":null,\"stop_details\":null,\"container\":null,\"usage\":");
    let usage = response.usage.unwrap_or_default();
    Ok(write_counts(json, usage, usage_fields)?.raw("}"))
}

/// Adds the fields of the answer's metadata, the extra fields of its message, and the refusal.
fn with_extra_fields(
    written: WrittenMessage<'_>,
    response: &Response,
) -> Result<Value, WriteError> {
    // Add the blocks unread: they may be nested deeper than the JSON reader allows.
    let own = write_own(response, &written, UsageFields::Message, |json| {
        json.raw("[]")
    })?;
    let mut own = fields(own.tree());
    own.insert("content".into(), written.content.into());
    let details = write_stop_details(written.refusal.as_deref());
    own.extend(details.map(|details| ("stop_details".to_owned(), details)));
    let mut body = extra_fields(response)?;
    WIRE.join(&mut body, own, PLACE)?;
    Ok(body.into())
}

/// The fields that the metadata and the message of an answer have in addition.
///
/// # Errors
/// If the answer is not the model's, or if its message has a name.
pub(super) fn extra_fields(response: &Response) -> Result<Map<String, Value>, WriteError> {
    let message = &response.message;
    WIRE.check_answer(message)?;
    let mut extra_fields = response.metadata.clone();
    WIRE.join(&mut extra_fields, message.extra.clone(), PLACE)?;
    Ok(extra_fields)
}

/// Reads the body of an answer.
///
/// Fields that [`Response`] does not have are in [`Response::metadata`], at the same place: `stop_sequence`, the category of a refusal in
/// `stop_details`, the service tier in `usage`. Fields that are `null` are left out.
///
/// # Errors
/// If there is no content, or a field has the wrong type.
///
/// ```
/// use mock_core::{FinishReason, wire::anthropic::read_response};
/// use serde_json::json;
///
/// let response = read_response(json!({
///     "id": "msg_1",
///     "type": "message",
///     "role": "assistant",
///     "model": "claude",
///     "content": [{"type": "text", "text": "Hi"}],
///     "stop_reason": "end_turn",
///     "stop_sequence": null,
///     "usage": {"input_tokens": 2, "cache_read_input_tokens": 9, "output_tokens": 1},
/// }))?;
/// assert_eq!((&*response.text(), &response.finish_reason), ("Hi", &Some(FinishReason::Stop)));
/// assert_eq!(response.usage.map(|usage| usage.prompt_tokens), Some(11));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<Response, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let id = fields.text("id")?.unwrap_or_default();
    let model = fields.text("model")?.unwrap_or_default();
    let mut response = Response::new(id, model);
    for &constant in &["type", "role"] {
        fields.take(constant);
    }
    let path = Path::Body.key("content");
    let content = fields.take("content");
    let content = content.ok_or_else(|| path.missing("a list of blocks"))?;
    let mut parts = read_content(content, &path)?.parts;
    remove_all_completed(&mut parts);
    response.message = Message::new(Role::Assistant, parts);
    let refusal = read_stop_details(&mut fields, &mut response.metadata)?;
    let reason = fields.text("stop_reason")?;
    response.finish_reason = reason.map(|reason| read_stop(reason, refusal.is_some()));
    response.message.parts.extend(refusal.map(Part::Refusal));
    if let Some(usage) = fields.take("usage") {
        let path = Path::Body.key("usage");
        response.usage = Some(read_usage(usage, &path, &mut response.metadata)?);
    }
    response.metadata.extend(fields.rest_but_nulls());
    Ok(response)
}
