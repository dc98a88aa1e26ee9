//! Reads and writes the content blocks of requests and answers.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::message::{Image, Part, Reasoning, ToolCall, ToolResult};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{self, Content, push_extra, write_content};
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::{WriteError, constant, describe, fields, has_type, retain, texts};

/// Reads a content: a text, or a list of blocks.
pub(super) fn read_content(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Content, ReadError> {
    content::read_content(tree, path, "a text or a list of blocks", read_block)
}

/// Reads a block with its extra fields. A block of an unknown type is kept unchanged.
fn read_block(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let kind = kind_of(&tree, path, "`text`, `image`, `tool_use`, …")?;
    if !is_known(kind, &tree) {
        parts.push(Part::Other(tree.into()));
        return Ok(());
    }
    let mut fields = Fields::new(tree, path)?;
    parts.push(match fields.word("type")?.as_deref().unwrap_or_default() {
        "text" => Part::Text(fields.required_text("text")?),
        "image" => Part::Image(read_image(&mut fields)?),
        "thinking" => Part::Reasoning(Reasoning {
            text: fields.required_text("thinking")?,
            signature: fields.text("signature")?.filter(|seal| !seal.is_empty()),
        }),
        "redacted_thinking" => Part::RedactedReasoning(fields.required_text("data")?),
        "tool_use" => Part::ToolCall(ToolCall {
            id: fields.required_text("id")?,
            name: fields.required_text("name")?,
            arguments: read_input(&mut fields),
            extra: fields.take_rest(),
        }),
        _ => Part::ToolResult(read_result(&mut fields)?),
    });
    push_extra(fields.rest(), parts);
    Ok(())
}

fn is_known(kind: &str, block: &BorrowedValue<'_>) -> bool {
    let source = || block.get("source")?.get("type")?.as_text();
    match kind {
        "text" | "thinking" | "redacted_thinking" | "tool_use" | "tool_result" => true,
        "image" => matches!(source(), Some("base64" | "url" | "file")),
        _ => false,
    }
}

/// The arguments of a call, as a JSON text: fields in the order in which they came.
pub(super) fn read_input(fields: &mut Fields<'_, '_>) -> String {
    let input = fields.take("input");
    // Serializing a tree cannot fail.
    let text = input.map(|input| serde_json::to_string(&input).unwrap_or_default());
    text.unwrap_or_else(|| "{}".to_owned())
}

fn read_image(fields: &mut Fields<'_, '_>) -> Result<Image, ReadError> {
    let outer = fields.path;
    let path = outer.key("source");
    let mut source = fields.within("source", &path)?;
    let image = match source.word("type")?.as_deref() {
        Some("url") => Image::Url(source.required_text("url")?),
        Some("file") => Image::File(source.required_text("file_id")?),
        _ => Image::Base64 {
            media_type: source.required_text("media_type")?,
            data: source.required_text("data")?,
        },
    };
    fields.keep("source", source.rest());
    Ok(image)
}

/// Reads a tool's result. One without a content has none.
fn read_result(fields: &mut Fields<'_, '_>) -> Result<ToolResult, ReadError> {
    let path = fields.path.key("content");
    let has_content = fields.peek("content").is_some();
    let content = match fields.take("content") {
        None => Content::default(),
        Some(content) => read_content(content, &path)?,
    };
    let is_error = fields.flag("is_error")?;
    // Keep an empty list, to distinguish it from a missing field.
    if has_content && content.parts.is_empty() {
        fields.keep("content", BorrowedValue::List(Vec::new()));
    }
    if is_error == Some(false) {
        fields.keep("is_error", BorrowedValue::Bool(false));
    }
    let result = content.into_result(fields.required_text("tool_use_id")?);
    Ok(result.with_is_error(is_error.unwrap_or_default()))
}

/// Writes parts as blocks. `place` says where they are, for errors.
pub(super) fn write_blocks(parts: &[Part], place: &'static str) -> Result<Vec<Value>, WriteError> {
    let mut blocks: Vec<Value> = Vec::with_capacity(parts.len());
    for part in parts {
        blocks.push(match part {
            Part::Text(text) => texts(&[("type", "text"), ("text", text.as_str())]),
            Part::Image(image) => json!({ "type": "image", "source": write_source(image) }),
            Part::Reasoning(reasoning) => json!({
                "type": "thinking",
                "thinking": reasoning.text,
                "signature": reasoning.signature.as_deref().unwrap_or_default(),
            }),
            Part::RedactedReasoning(data) => texts(&[("type", "redacted_thinking"), ("data", data.as_str())]),
            Part::ToolCall(call) => {
                let block = json!({
                    "type": "tool_use", "id": call.id, "name": call.name, "input": write_input(call)?,
                });
                with_extra(block, &call.extra, place)?
            }
            Part::ToolResult(result) => write_result(result)?,
            Part::Other(other) if has_type(other) => other.clone(),
            Part::Extra(extra) => {
                let Some(Value::Object(last)) = blocks.last_mut() else {
                    return Err(WIRE.no_place("extra fields of no block", place));
                };
                WIRE.add_extra(last, extra, place)?;
                continue;
            }
            Part::Other(_) | Part::Refusal(_) => return Err(WIRE.no_place(&describe(part), place)),
        });
    }
    Ok(blocks)
}

/// A block of an answer with all fields that the provider sends. Its schema also requires the `citations` of a text, but the provider
/// leaves them out where there are none, and clients reject `null`: the Vercel AI SDK does.
pub(super) fn complete(mut block: Value) -> Value {
    if block["type"] == "tool_use"
        && let Some(fields) = block.as_object_mut()
    {
        fields.entry("caller").or_insert_with(direct_caller);
    }
    block
}

/// Who calls a tool: the model itself.
fn direct_caller() -> Value {
    constant(r#"{"type": "direct"}"#)
}

/// Removes what says nothing from the extra fields of an answer's block: no citations, and the caller that [`complete`] adds.
pub(super) fn remove_completed(extra_fields: &mut Map<String, Value>) {
    retain(extra_fields, &mut |name, value| match name {
        "citations" => !value.is_null(),
        "caller" => *value != direct_caller(),
        _ => true,
    });
}

/// The same for all blocks of an answer.
pub(super) fn remove_all_completed(parts: &mut Vec<Part>) {
    parts.retain_mut(|part| match part {
        Part::ToolCall(call) => {
            remove_completed(&mut call.extra);
            true
        }
        Part::Extra(extra_fields) => {
            remove_completed(extra_fields);
            !extra_fields.is_empty()
        }
        _ => true,
    });
}

fn write_source(image: &Image) -> Value {
    match image {
        Image::Url(url) => texts(&[("type", "url"), ("url", url.as_str())]),
        Image::File(id) => texts(&[("type", "file"), ("file_id", id)]),
        Image::Base64 { media_type, data } => texts(&[
            ("type", "base64"),
            ("media_type", media_type.as_str()),
            ("data", data.as_str()),
        ]),
    }
}

fn write_input(call: &ToolCall) -> Result<Value, WriteError> {
    if call.arguments.is_empty() {
        return Ok(json!({}));
    }
    call.json().map_err(|_| WriteError::Arguments {
        wire: WIRE.0,
        id: call.id.clone(),
    })
}

fn write_result(result: &ToolResult) -> Result<Value, WriteError> {
    let place = "a tool's result";
    let is_content = |part: &Part| {
        !matches!(
            part,
            Part::ToolCall(_)
                | Part::ToolResult(_)
                | Part::Reasoning(_)
                | Part::RedactedReasoning(_)
        )
    };
    if let Some(part) = result.content.find(&|part| !is_content(part)) {
        return Err(WIRE.no_place(&describe(part), place));
    }
    let mut block = fields(texts(&[
        ("type", "tool_result"),
        ("tool_use_id", result.call_id.as_str()),
    ]));
    if !result.content.is_empty() {
        let blocks = write_blocks(&result.content, place)?;
        let content = write_content(blocks, "text", result.form);
        block.insert("content".into(), content);
    }
    if result.is_error {
        block.insert("is_error".into(), true.into());
    }
    Ok(block.into())
}

/// A block with extra fields.
pub(super) fn with_extra(
    block: Value,
    extra: &Map<String, Value>,
    place: &'static str,
) -> Result<Value, WriteError> {
    if extra.is_empty() {
        return Ok(block);
    }
    let mut block = fields(block);
    WIRE.add_extra(&mut block, extra, place)?;
    Ok(block.into())
}
