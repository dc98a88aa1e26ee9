//! Reads the model's items.

use serde_json::{Map, Value};

use super::item::{CUSTOM_CALL, Defaults, ITEM, LISTED, RAW_REASONING};
use super::item_id;
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::push_extra;
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::{field, retain, split, texts};

/// Reads an item of the model. `defaults` are the id and the status that it has by default in an answer.
pub(super) fn read_item(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    defaults: Option<Defaults<'_>>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    // A message in a request may lack its `type`.
    let kind = match tree.field("type") {
        None if tree.has("role") => "message",
        _ => kind_of(&tree, path, "`message`, `function_call`, `reasoning`, …")?,
    };
    match kind {
        "message" if is_plain_message(&tree) => read_message(tree, path, defaults, parts),
        "function_call" | CUSTOM_CALL => read_call(tree, path, defaults, parts),
        "reasoning" => read_reasoning(tree, path, defaults, parts),
        kind => {
            let kind = kind.to_owned();
            let mut item = Value::from(tree);
            item["type"] = kind.into();
            parts.push(Part::Other(item));
            Ok(())
        }
    }
}

/// Whether a message consists of texts and refusals, and has at least one.
fn is_plain_message(tree: &BorrowedValue<'_>) -> bool {
    let is_known =
        |part: &BorrowedValue<'_>| matches!(part.str("type"), Some("output_text" | "refusal"));
    match tree.get("content") {
        Some(BorrowedValue::List(list)) => !list.is_empty() && list.all(&is_known),
        Some(BorrowedValue::Text(_)) => true,
        // Values of other types are errors, which the reader of the content reports.
        Some(BorrowedValue::Object(_) | BorrowedValue::Bool(_) | BorrowedValue::Number(_)) => true,
        None | Some(BorrowedValue::Null) => false,
    }
}

fn read_message(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    defaults: Option<Defaults<'_>>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    fields.word("role")?;
    let content_path = path.key("content");
    let content = match fields.take("content") {
        Some(BorrowedValue::Text(text)) => {
            vec![texts(&[("type", "output_text"), ("text", &text)]).into()]
        }
        Some(BorrowedValue::List(list)) => {
            // An item with an id always has a list, so note the list only without an id.
            if defaults.is_none() && fields.peek("id").is_none() && is_one_text(&list) {
                fields.keep("content", BorrowedValue::Text(LISTED.into()));
            }
            list
        }
        Some(other) => return Err(content_path.unlike(&other, "a text or a list of parts")),
        None => Vec::new(),
    };
    let goes_on = matches!(last_own(parts), Some(Part::Text(_) | Part::Refusal(_)));
    begin_item(fields, defaults, "msg_", goes_on, parts)?;
    for (index, part) in content.into_iter().enumerate() {
        read_content_part(part, &content_path.index(index), parts)?;
    }
    Ok(())
}

/// Whether a content is one text part without extra fields.
fn is_one_text(content: &[BorrowedValue<'_>]) -> bool {
    let [BorrowedValue::Object(part)] = content else {
        return false;
    };
    let says_nothing = |value: &BorrowedValue<'_>| match value {
        BorrowedValue::Null => true,
        BorrowedValue::List(list) => list.is_empty(),
        _ => false,
    };
    part.all(&|(name, value)| match &**name {
        "type" => value.as_text() == Some("output_text"),
        "text" => true,
        _ => says_nothing(value),
    })
}

/// Reads a text or a refusal. Empty lists beside it are dropped.
pub(super) fn read_content_part(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    parts.push(match fields.word("type")?.as_deref() {
        Some("refusal") => Part::Refusal(fields.required_text("refusal")?),
        _ => Part::Text(fields.required_text("text")?),
    });
    push_extra(without_empty_lists(fields.rest_but_nulls()), parts);
    Ok(())
}

pub(super) fn without_empty_lists(mut fields: Map<String, Value>) -> Map<String, Value> {
    retain(&mut fields, &mut |_, value| {
        !value.as_array().is_some_and(Vec::is_empty)
    });
    fields
}

fn read_call(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    defaults: Option<Defaults<'_>>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let is_custom = fields.word("type")?.as_deref() == Some(CUSTOM_CALL);
    let (prefix, arguments) = match is_custom {
        true => ("ctc_", "input"),
        false => ("fc_", "arguments"),
    };
    let mut call = ToolCall::new(
        fields.required_text("call_id")?,
        fields.required_text("name")?,
        fields.text(arguments)?.unwrap_or_default(),
    );
    if is_custom {
        fields.keep("type", BorrowedValue::Text(CUSTOM_CALL.into()));
    }
    let rest = match defaults {
        Some(defaults) => without_defaults(fields.rest_but_nulls(), defaults, prefix),
        None => fields.rest(),
    };
    let (item, extra) = split_call(rest);
    if !item.is_empty() {
        parts.push(item_part(item));
    }
    call.extra = extra;
    parts.push(Part::ToolCall(call));
    Ok(())
}

/// The fields that a call begins with, and those that may come with its end.
pub(super) fn split_call(fields: Map<String, Value>) -> (Map<String, Value>, Map<String, Value>) {
    split(fields, &|name| matches!(name, "id" | "type" | "status"))
}

fn read_reasoning(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    defaults: Option<Defaults<'_>>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let summary = fields.list("summary")?;
    let content = fields.list_with_items("content")?;
    let encrypted = fields.text("encrypted_content")?;
    let is_raw = summary.is_empty() && content.all(&|part| part.str("type") == Some(RAW_REASONING));
    let (texts, texts_path) = match (is_raw, content.is_empty()) {
        (_, true) => (summary, path.key("summary")),
        (true, false) => {
            fields.keep("content", BorrowedValue::Text(RAW_REASONING.into()));
            (content, path.key("content"))
        }
        // The item has a summary and a content: keep the content as an extra field.
        (false, false) => {
            fields.keep("content", BorrowedValue::List(content));
            (summary, path.key("summary"))
        }
    };
    let is_open =
        matches!(last_own(parts), Some(Part::Reasoning(last)) if last.signature.is_none());
    let goes_on = is_open && !texts.is_empty();
    begin_item(fields, defaults, "rs_", goes_on, parts)?;
    let first = parts.len();
    for (index, text) in texts.into_iter().enumerate() {
        let path = texts_path.index(index);
        let mut fields = Fields::new(text, &path)?;
        fields.word("type")?;
        let text = fields.required_text("text")?;
        parts.push(Part::Reasoning(Reasoning::new(text)));
        push_extra(fields.rest_but_nulls(), parts);
    }
    let last = parts[first..].iter_mut().rev().find_map(|part| match part {
        Part::Reasoning(reasoning) => Some(reasoning),
        _ => None,
    });
    match (last, encrypted) {
        (Some(last), encrypted) => last.signature = encrypted,
        (None, Some(encrypted)) => parts.push(Part::RedactedReasoning(encrypted)),
        (None, None) => parts.push(Part::Reasoning(Reasoning::new(""))),
    }
    Ok(())
}

/// The last part that is not about another.
pub(super) fn last_own(parts: &[Part]) -> Option<&Part> {
    let mut parts = parts.iter().rev();
    parts.find(|part| !matches!(part, Part::Extra(_)))
}

/// Begins an item: its extra fields, where there are such, or where it would go on with the one before.
fn begin_item(
    fields: Fields<'_, '_>,
    defaults: Option<Defaults<'_>>,
    prefix: &str,
    goes_on: bool,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let extra_fields = match defaults {
        Some(defaults) => without_defaults(fields.rest_but_nulls(), defaults, prefix),
        None => fields.rest(),
    };
    if goes_on || !extra_fields.is_empty() {
        parts.push(item_part(extra_fields));
    }
    Ok(())
}

/// The fields that differ from their defaults.
pub(super) fn without_defaults(
    mut fields: Map<String, Value>,
    defaults: Defaults<'_>,
    prefix: &str,
) -> Map<String, Value> {
    let id = item_id(prefix, defaults.response, defaults.index);
    retain(&mut fields, &mut |name, value| match name {
        "id" => *value != id,
        // By default, reasoning has no status.
        "status" => prefix == "rs_" || value != defaults.status,
        _ => true,
    });
    fields
}

/// The extra fields of an item, as a part.
pub(super) fn item_part(fields: Map<String, Value>) -> Part {
    Part::Extra(field(ITEM, fields.into()))
}
