//! Reads and writes the messages of a chat.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::call::{read_call, write_call};
use super::image::{read_images, write_image};
use crate::chat::message::{Message, Part, Reasoning, Role};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::Content;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, describe, fields, merge};

const ROLES: &str = "`system`, `user`, `assistant` or `tool`";

pub(super) fn read_message(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let role = match fields.word("role")?.as_deref() {
        Some("system") => Role::System,
        Some("developer") => Role::Developer,
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("tool") => Role::Tool,
        Some(other) => return Err(path.key("role").unknown(other, ROLES)),
        None => return Err(fields.missing("role", ROLES)),
    };
    let mut message = Message::new(role, read_parts(&mut fields)?);
    if role == Role::Tool {
        let content = std::mem::take(&mut message.parts);
        let call_id = fields.text_with_words("tool_call_id")?.unwrap_or_default();
        let content = Content {
            parts: content,
            ..Content::default()
        };
        message
            .parts
            .push(Part::ToolResult(content.into_result(call_id)));
        message.name = fields.text_with_words("tool_name")?;
    }
    message.extra = fields.rest();
    Ok(message)
}

/// Thinking, content, images and calls: the order of the fields.
fn read_parts(fields: &mut Fields<'_, '_>) -> Result<Vec<Part>, ReadError> {
    let mut parts = Vec::new();
    let thinking = fields.text_with_words("thinking")?;
    parts.extend(thinking.map(|text| Part::Reasoning(Reasoning::new(text))));
    let content = fields.text("content")?.filter(|text| !text.is_empty());
    parts.extend(content.map(Part::Text));
    let path = fields.path.key("images");
    read_images(fields.list_with_items("images")?, &path, &mut parts)?;
    let path = fields.path.key("tool_calls");
    for (index, call) in fields
        .list_with_items("tool_calls")?
        .into_iter()
        .enumerate()
    {
        parts.push(Part::ToolCall(read_call(call, &path.index(index))?));
    }
    Ok(parts)
}

/// Writes a message: as one, or a tool message as one for each result.
pub(super) fn write_message(
    message: &Message,
    messages: &mut Vec<Value>,
) -> Result<(), WriteError> {
    let written = match message.role {
        Role::Tool => write_results(message)?,
        _ if message.name.is_some() => return Err(WIRE.no_place("a name", "a message")),
        _ => vec![write_content(&message.parts, message.role)?],
    };
    for mut object in written {
        object.insert("role".into(), message.role.as_str().into());
        merge(&mut object, message.extra.clone());
        messages.push(object.into());
    }
    Ok(())
}

fn write_results(message: &Message) -> Result<Vec<Map<String, Value>>, WriteError> {
    let place = "a tool message";
    let mut written = Vec::new();
    for part in &message.parts {
        let Part::ToolResult(result) = part else {
            return Err(WIRE.no_place(&describe(part), place));
        };
        if result.is_error {
            return Err(WIRE.no_place("the mark that a tool failed", place));
        }
        let mut object = write_content(&result.content, Role::Tool)?;
        if !result.call_id.is_empty() {
            object.insert("tool_call_id".into(), result.call_id.as_str().into());
        }
        if let Some(name) = &message.name {
            object.insert("tool_name".into(), name.as_str().into());
        }
        written.push(object);
    }
    match written.is_empty() {
        true => Err(WIRE.no_place("nothing: it needs a tool's result", place)),
        false => Ok(written),
    }
}

/// The fields of the content of a message.
fn write_content(parts: &[Part], role: Role) -> Result<Map<String, Value>, WriteError> {
    let is_model = role == Role::Assistant;
    let place = match role {
        Role::Assistant => "a message of the model",
        Role::Tool => "a tool's result",
        _ => "a message that is not the model's",
    };
    let (mut content, mut thinking) = (String::new(), String::new());
    let (mut images, mut calls) = (Vec::new(), Vec::new());
    for part in parts {
        match part {
            Part::Text(text) => content.push_str(text),
            Part::Image(image) => images.push(write_image(image, place)?),
            Part::ToolCall(call) if is_model => calls.push(write_call(call, None, place)?),
            Part::Reasoning(Reasoning {
                text,
                signature: None,
            }) if is_model => thinking.push_str(text),
            Part::Reasoning(_) if is_model => {
                return Err(WIRE.no_place("a signature of reasoning", place));
            }
            part => return Err(WIRE.no_place(&describe(part), place)),
        }
    }
    let mut object = fields(json!({ "content": content }));
    if !thinking.is_empty() {
        object.insert("thinking".into(), thinking.into());
    }
    for (name, list) in [("images", images), ("tool_calls", calls)] {
        if !list.is_empty() {
            object.insert(name.into(), list.into());
        }
    }
    Ok(object)
}
