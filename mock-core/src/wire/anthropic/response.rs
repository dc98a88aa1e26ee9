use serde_json::{Value, json};

use super::block::{no_place, read_content, write_blocks};
use super::usage::{
    read_stop, read_stop_details, read_usage, write_counts, write_stop, write_stop_details,
    write_usage,
};
use crate::message::{Message, Part, Role};
use crate::response::Response;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields, merge};

/// Writes the body of an answer.
///
/// The answer's metadata come with it as further fields; those of the wire win, but for `stop_sequence`, which tells the sequence
/// that stopped the model where the finish reason is `stop_sequence`. No usage is written as zeros, as the wire always tells it.
///
/// # Errors
/// If the answer holds what this wire has no place for, as an image or a tool result, or arguments of a tool call that are not JSON.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::anthropic::write_response};
///
/// let mut response = Response::new("msg_1", "claude");
/// response.push(StreamEvent::Text("Hi".into()));
/// response.finish_reason = Some(FinishReason::Length);
/// response.usage = Some(Usage::new(11, 1).cache_read(9));
///
/// let body = write_response(&response)?;
/// assert_eq!(body["stop_reason"], "max_tokens");
/// assert_eq!(body["usage"]["input_tokens"], 2, "without those of the cache");
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response) -> Result<Value, WriteError> {
    let said = Said::of(&response.message)?;
    with_further(said, response)
}

/// The same as bytes.
pub(crate) fn write_response_bytes(response: &Response) -> Result<Vec<u8>, WriteError> {
    let said = Said::of(&response.message)?;
    let has_no_further = response.metadata.is_empty() && response.message.extra.is_empty();
    Ok(match has_no_further && said.refusal.is_none() {
        true => write_own(response, &said, |json| said.write(json))?.into_bytes(),
        false => with_further(said, response)?.to_string().into_bytes(),
    })
}

/// What an answer says in blocks, and the refusal, which is told apart.
struct Said<'m> {
    content: Content<'m>,
    refusal: Option<String>,
}

enum Content<'m> {
    /// One block of text, as most answers have.
    Text(&'m str),
    Blocks(Value),
}

impl<'m> Said<'m> {
    fn of(message: &'m Message) -> Result<Self, WriteError> {
        if message.name.is_some() {
            return Err(no_place("a name", "an answer"));
        }
        if let [Part::Text(text)] = &message.parts[..] {
            return Ok(Said {
                content: Content::Text(text),
                refusal: None,
            });
        }
        let mut refusal: Option<String> = None;
        let mut parts = Vec::new();
        for part in &message.parts {
            match part {
                Part::Refusal(text) => refusal.get_or_insert_default().push_str(text),
                Part::Image(_) | Part::ToolResult(_) => {
                    return Err(no_place(part.name(), "an answer"));
                }
                part => parts.push(part.clone()),
            }
        }
        let blocks = write_blocks(&parts, "an answer")?;
        Ok(Said {
            content: Content::Blocks(blocks.into()),
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
            Content::Text(text) => json!([{ "type": "text", "text": text }]),
            Content::Blocks(blocks) => blocks,
        }
    }
}

/// The body of an answer, without further fields.
fn write_own(
    response: &Response,
    said: &Said<'_>,
    content: impl FnOnce(Json) -> Json,
) -> Result<Json, WriteError> {
    let json = Json::new()
        .raw("{\"id\":")
        .text(&response.id)
        .raw(",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
        .text(&response.model)
        .raw(",\"content\":");
    let reason = response.finish_reason.as_ref();
    let reason = reason.map(|reason| write_stop(reason, said.refusal.is_some()));
    let json = content(json)
        .raw(",\"stop_reason\":")
        .text_or_null(reason)
        .raw(",\"stop_sequence\":null,\"usage\":");
    Ok(write_counts(json, response.usage.unwrap_or_default())?.raw("}"))
}

/// With the fields of the answer's metadata, with those of its message, and with the refusal.
fn with_further(said: Said<'_>, response: &Response) -> Result<Value, WriteError> {
    let metadata = &response.metadata;
    // The blocks come in as they are: they may be nested deeper than JSON is read.
    let own = write_own(response, &said, |json| json.raw("[]"))?;
    let mut own = fields(own.tree());
    own.insert("content".into(), said.content.into());
    let usage = write_usage(response.usage.unwrap_or_default(), metadata)?;
    own.insert("usage".into(), usage);
    if let Some(details) = write_stop_details(said.refusal.as_deref(), metadata) {
        own.insert("stop_details".into(), details);
    }
    let mut body = metadata.clone();
    merge(&mut body, response.message.extra.clone());
    if body.contains_key("stop_sequence") {
        own.remove("stop_sequence");
    }
    body.extend(own);
    Ok(body.into())
}

/// Reads the body of an answer.
///
/// What the neutral type has no field for is in [`Response::metadata`], at its place: `stop_sequence`, the category of a refusal
/// in `stop_details`, the service tier in `usage`. What is `null` there is left out.
///
/// # Errors
/// If there is no content, or a field is not of its type.
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
    let mut fields = Fields::of(body, &Path::Body)?;
    let id = fields.text("id")?.unwrap_or_default();
    let model = fields.text("model")?.unwrap_or_default();
    let mut response = Response::new(id, model);
    for constant in ["type", "role"] {
        fields.take(constant);
    }
    let path = Path::Body.key("content");
    let content = fields.take("content");
    let content = content.ok_or_else(|| path.missing("a list of blocks"))?;
    response.message = Message::new(Role::Assistant, read_content(content, &path)?);
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
