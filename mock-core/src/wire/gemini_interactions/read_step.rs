//! Reads the model's steps.

use serde_json::{Map, Value};

use super::content::{is_content, read_content};
use super::write_step::ITEM;
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::push_extra;
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::field;

/// The types of a step.
const KINDS: &str = "`user_input`, `model_output`, `function_call`, …";

/// The type of a step.
pub(super) fn kind_of_step<'t>(
    tree: &'t BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<&'t str, ReadError> {
    kind_of(tree, path, KINDS)
}

/// Reads a step of the model.
pub(super) fn read_step(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    match kind_of_step(&tree, path)? {
        "model_output" if has_content(&tree) => read_output(tree, path, parts),
        "thought" if is_of_texts(&tree) => read_thought(tree, path, parts),
        "function_call" => read_call(tree, path, parts),
        _ => {
            parts.push(Part::Other(tree.into()));
            Ok(())
        }
    }
}

/// Whether the step has content. A value of a wrong type counts as content, so that reading it fails.
fn has_content(step: &BorrowedValue<'_>) -> bool {
    match step.field("content") {
        Some(BorrowedValue::List(list)) => !list.is_empty(),
        Some(_) => true,
        None => false,
    }
}

/// Whether all items of the summary are texts, or of a wrong type, so that reading them fails.
pub(super) fn is_of_texts(step: &BorrowedValue<'_>) -> bool {
    let is_text = |item: &BorrowedValue<'_>| matches!(item.str("type"), Some("text") | None);
    step.list("summary").all(&is_text)
}

fn read_output(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let content = fields.list("content")?;
    let begins_with_text = content.first().and_then(|first| first.str("type")) == Some("text");
    let extra_fields = fields.rest_but_nulls();
    if !extra_fields.is_empty() || would_share(parts, begins_with_text) {
        parts.push(item_part(extra_fields));
    }
    let path = path.key("content");
    for (index, content) in content.into_iter().enumerate() {
        read_content(content, &path.index(index), parts)?;
    }
    Ok(())
}

/// Whether the writer would put a content after these parts into the same step.
fn would_share(parts: &[Part], begins_with_text: bool) -> bool {
    let mut own = parts
        .iter()
        .rev()
        .filter(|part| !matches!(part, Part::Extra(_)));
    match own.next() {
        Some(Part::Text(_)) => !begins_with_text,
        Some(Part::Image(_)) => true,
        Some(Part::Other(other)) => other["type"].as_str().is_some_and(is_content),
        _ => false,
    }
}

/// The part that begins a step with these fields.
pub(super) fn item_part(fields: Map<String, Value>) -> Part {
    Part::Extra(field(ITEM, fields.into()))
}

fn read_thought(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let summary = fields.list("summary")?;
    let signature = fields.text("signature")?;
    let extra_fields = fields.rest_but_nulls();
    if !extra_fields.is_empty() {
        parts.push(item_part(extra_fields));
    }
    let path = path.key("summary");
    let last = summary.len().saturating_sub(1);
    if summary.is_empty() {
        let text = String::new();
        parts.push(Part::Reasoning(Reasoning { text, signature }));
        return Ok(());
    }
    for (index, item) in summary.into_iter().enumerate() {
        let path = path.index(index);
        let mut fields = Fields::new(item, &path)?;
        fields.word("type")?;
        parts.push(Part::Reasoning(Reasoning {
            text: fields.required_text("text")?,
            // The signature covers the whole step, so the last part has it.
            signature: signature.clone().filter(|_| index == last),
        }));
        push_extra(fields.rest_but_nulls(), parts);
    }
    Ok(())
}

fn read_call(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let arguments = match fields.take("arguments") {
        None => "{}".to_owned(),
        // Serializing a tree cannot fail.
        Some(arguments @ BorrowedValue::Object(_)) => {
            serde_json::to_string(&arguments).unwrap_or_default()
        }
        Some(other) => return Err(path.key("arguments").unlike(&other, "an object")),
    };
    let id = fields.text("id")?.unwrap_or_default();
    let mut call = ToolCall::new(id, fields.required_text("name")?, arguments);
    call.extra = fields.rest_but_nulls();
    parts.push(Part::ToolCall(call));
    Ok(())
}
