//! Writes the message of an answer.

use serde_json::Value;

use super::WIRE;
use super::message::{is_content, write_call};
use crate::chat::message::{ContentForm, Message, Part, Reasoning};
use crate::search::Search;
use crate::wire::write::{Json, WriteError, describe, fields, texts};

const PLACE: &str = "an answer";

/// A field of the message of each answer of OpenAI.
pub(super) const ANNOTATIONS: &str = ",\"annotations\":[]";

/// Writes the message of an answer, without extra fields but for `more`.
///
/// The wire has one field for each kind of part, and parts of the same kind are joined in it. If there are parts that only some providers
/// have, the content is a list of these and the texts.
///
/// # Errors
/// If a part has no field.
pub(super) fn write_answer(json: Json, message: &Message, more: &str) -> Result<Json, WriteError> {
    let json = json.raw("{\"role\":\"assistant\",\"content\":");
    let is_list = matches!(message.form, ContentForm::List);
    if !is_list && message.parts.all(&|part| part.as_text().is_some()) {
        let json = json.text(&message.text());
        return Ok(json.raw(",\"refusal\":null").raw(more).raw("}"));
    }
    let mut written = WrittenMessage::from_message(message)?;
    if is_list {
        written.parts.extend(written.content.take().map(text_part));
    }
    let calls = (!written.calls.is_empty()).then(|| Value::Array(written.calls.clone()));
    let json = match &written.parts[..] {
        [] if written.is_text() => json.text(written.content.as_deref().unwrap_or_default()),
        [] => json.text_or_null(written.content.as_deref()),
        parts => json.value(&written.list(parts)),
    };
    let json = json
        .raw(",\"refusal\":")
        .text_or_null(written.refusal.as_deref())
        .when(written.reasoning, |json, text| {
            json.raw(",\"reasoning_content\":").text(&text)
        })
        .when(calls, |json, calls| {
            json.raw(",\"tool_calls\":").value(&calls)
        });
    Ok(json.raw(more).raw("}"))
}

/// The parts of an answer, by the field that they are written to.
#[derive(Default)]
struct WrittenMessage {
    content: Option<String>,
    /// All of the content, where it is a list: the parts, and the texts before them.
    parts: Vec<Value>,
    refusal: Option<String>,
    reasoning: Option<String>,
    calls: Vec<Value>,
}

impl WrittenMessage {
    fn from_message(message: &Message) -> Result<Self, WriteError> {
        let mut written = WrittenMessage::default();
        let mut is_call = false;
        for part in &message.parts {
            match part {
                Part::Refusal(text)
                | Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                }) if text.is_empty() => {}
                Part::Text(text) => written.content.get_or_insert_default().push_str(text),
                Part::Refusal(text) => written.refusal.get_or_insert_default().push_str(text),
                Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                }) => written.reasoning.get_or_insert_default().push_str(text),
                Part::Reasoning(_) => return Err(WIRE.no_place("a signature of reasoning", PLACE)),
                Part::ToolCall(call) => written.calls.push(write_call(call, PLACE)?),
                Part::Extra(extra) => match written.calls.last_mut() {
                    Some(call) if is_call => {
                        let mut all = fields(call.take());
                        WIRE.add_extra(&mut all, extra, PLACE)?;
                        *call = all.into();
                    }
                    _ => return Err(WIRE.no_place(&describe(part), PLACE)),
                },
                Part::Other(other) if is_content(other) => {
                    written.parts.extend(written.content.take().map(text_part));
                    written.parts.push(other.clone());
                }
                part => return Err(WIRE.no_place(&describe(part), PLACE)),
            }
            is_call = matches!(part, Part::ToolCall(_) | Part::Extra(_));
        }
        Ok(written)
    }

    /// The content as a list: these parts, and the text behind them.
    fn list(&self, parts: &[Value]) -> Value {
        let mut list = parts.to_vec();
        if let Some(text) = &self.content {
            list.push(text_part(text.clone()));
        }
        Value::Array(list)
    }

    /// Whether the message has no refusal and no calls, so that its content is a text even if it is empty.
    fn is_text(&self) -> bool {
        self.refusal.is_none() && self.calls.is_empty()
    }
}

fn text_part(text: String) -> Value {
    texts(&[("type", "text"), ("text", text.as_str())])
}
