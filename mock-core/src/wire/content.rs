//! What the content of messages has in common on several wires: lists of parts, and images by their address.

use serde_json::{Map, Value};

use super::borrowed_value::BorrowedValue;
use super::read::{Path, ReadError};
use super::write::{WireName, WriteError, describe, merge, plain_text_part};
use crate::chat::message::{ContentForm, Image, Message, Part, Role, ToolResult};
use crate::search::Search;

/// The content of a message, as it was read.
#[derive(Default)]
pub(super) struct Content {
    pub(super) parts: Vec<Part>,
    pub(super) form: ContentForm,
}

impl Content {
    /// A content that is a text.
    pub(super) fn from_text(text: impl Into<String>) -> Self {
        Content {
            parts: vec![Part::Text(text.into())],
            form: ContentForm::Text,
        }
    }

    /// A content that is a list.
    pub(super) fn from_list(parts: Vec<Part>) -> Self {
        Content {
            parts,
            form: ContentForm::List,
        }
    }

    /// The message with this content.
    pub(super) fn into_message(self, role: Role) -> Message {
        let mut message = Message::new(role, self.parts);
        message.form = self.form;
        message
    }

    /// What the tool call `call_id` returned.
    pub(super) fn into_result(self, call_id: String) -> ToolResult {
        let mut result = ToolResult::new(call_id, "");
        (result.content, result.form) = (self.parts, self.form);
        result
    }
}

/// Whether a message is written as an `input` that is a text, instead of a list of items.
pub(super) fn is_input(message: &Message) -> bool {
    let is_plain = message.role == Role::User && message.extra.is_empty();
    is_plain
        && matches!(message.form, ContentForm::Input)
        && matches!(message.parts[..], [Part::Text(_)])
}

/// The form of the input of a request for embeddings: a single input, or a list.
pub(super) fn form_of_input(input: &BorrowedValue<'_>) -> ContentForm {
    let is_tokens =
        |list: &[BorrowedValue<'_>]| matches!(list.first(), Some(BorrowedValue::Number(_)));
    match input {
        BorrowedValue::List(list) if !is_tokens(list) => ContentForm::List,
        _ => ContentForm::Input,
    }
}

/// Writes the inputs of a request for embeddings: as a list, unless it was read as a single input.
pub(super) fn write_input(mut inputs: Vec<Value>, form: ContentForm) -> Value {
    match (inputs.len(), form) {
        (1, ContentForm::Input) => inputs.remove(0),
        _ => inputs.into(),
    }
}

/// Writes a content: as a text if it is one plain text, unless it was read as a list. `kind` is the type of text parts.
pub(super) fn write_content(list: Vec<Value>, kind: &str, form: ContentForm) -> Value {
    match (&list[..], form) {
        (_, ContentForm::List) => list.into(),
        ([only], _) if plain_text_part(only, kind).is_some() => only["text"].clone(),
        _ => list.into(),
    }
}

/// Writes the results of a tool message, each with the extra fields after it. `write` writes a part, and returns `None` if it has no place.
///
/// # Errors
/// If there is no result, or a part has no place.
pub(super) fn write_results(
    message: &Message,
    wire: WireName,
    write: impl Fn(&Part) -> Result<Option<Map<String, Value>>, WriteError>,
) -> Result<Vec<Map<String, Value>>, WriteError> {
    let place = "a tool message";
    let mut results: Vec<Map<String, Value>> = Vec::new();
    for part in &message.parts {
        match (part, results.last_mut()) {
            (Part::Extra(extra), Some(result)) => merge(result, extra.clone()),
            (part, _) => match write(part)? {
                Some(result) => results.push(result),
                None => return Err(wire.no_place(&describe(part), place)),
            },
        }
    }
    match results.is_empty() {
        true => Err(wire.no_place("nothing: it needs a tool's result", place)),
        false => Ok(results),
    }
}

/// Checks the parts of a message: tool messages have tool results, and only they; only the model has calls and reasoning.
pub(super) fn check_parts(
    message: &Message,
    wire: WireName,
    place: &'static str,
) -> Result<(), WriteError> {
    if message.role == Role::Tool && message.tool_results().next().is_none() {
        return Err(wire.no_place("nothing: it needs a tool's result", place));
    }
    let fits = |part: &Part| match (part, message.role) {
        (Part::Extra(_), _) => true,
        (Part::ToolResult(_), role) => role == Role::Tool,
        (_, Role::Tool) => false,
        (Part::ToolCall(_) | Part::Reasoning(_) | Part::RedactedReasoning(_), role) => {
            role == Role::Assistant
        }
        _ => true,
    };
    match message.parts.find(&|part| !fits(part)) {
        Some(part) => Err(wire.no_place(part.name(), place)),
        None => Ok(()),
    }
}

/// Splits the message of an answer into its parts and the refusal, which some wires write elsewhere.
///
/// # Errors
/// If `has_no_place` holds for a part, or if the refusal has extra fields.
pub(super) fn split_refusal(
    message: &Message,
    wire: WireName,
    has_no_place: fn(&Part) -> bool,
) -> Result<(Vec<Part>, Option<String>), WriteError> {
    let mut refusal: Option<String> = None;
    let mut parts = Vec::new();
    let mut last_is_refusal = false;
    for part in &message.parts {
        match part {
            Part::Refusal(text) => refusal.get_or_insert_default().push_str(text),
            part if has_no_place(part) || last_is_refusal && matches!(part, Part::Extra(_)) => {
                return Err(wire.no_place(&describe(part), "an answer"));
            }
            part => parts.push(part.clone()),
        }
        last_is_refusal = matches!(part, Part::Refusal(_));
    }
    Ok((parts, refusal))
}

/// Adds the extra fields of the last part, if it has some.
pub(super) fn push_extra(extra: Map<String, Value>, parts: &mut Vec<Part>) {
    if !extra.is_empty() {
        parts.push(Part::Extra(extra));
    }
}

/// Reads a content: a text, or a list whose items `read_part` reads. `expected` describes it in the error.
pub(super) fn read_content(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    expected: &'static str,
    read_part: impl Fn(BorrowedValue<'_>, &Path<'_>, &mut Vec<Part>) -> Result<(), ReadError>,
) -> Result<Content, ReadError> {
    let list = match tree {
        BorrowedValue::Text(text) => return Ok(Content::from_text(text)),
        BorrowedValue::List(list) => list,
        other => return Err(path.unlike(&other, expected)),
    };
    let mut parts = Vec::with_capacity(list.len());
    for (index, part) in list.into_iter().enumerate() {
        read_part(part, &path.index(index), &mut parts)?;
    }
    Ok(Content::from_list(parts))
}

/// The image at a URL. A `data:` URL contains the image itself.
pub(super) fn read_image(url: String) -> Image {
    let data = url.strip_prefix("data:");
    match data.and_then(|data| data.split_once(";base64,")) {
        Some((media_type, data)) => Image::Base64 {
            media_type: media_type.to_owned(),
            data: data.to_owned(),
        },
        None => Image::Url(url),
    }
}

/// A `data:` URL with the data of an image.
pub(super) fn data_url(media_type: &str, data: &str) -> String {
    format!("data:{media_type};base64,{data}")
}
