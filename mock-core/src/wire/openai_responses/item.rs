//! Writes the model's items: in answers, and in requests that send them back.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::finish_and_usage::Status;
use super::item_id;
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::search::Search;
use crate::wire::write::{WriteError, describe, fields, plain_text_part, texts};

/// The field of a [`Part::Extra`] that holds the extra fields of the item that begins there.
pub(super) const ITEM: &str = "item";

pub(super) const CUSTOM_CALL: &str = "custom_tool_call";
pub(super) const RAW_REASONING: &str = "reasoning_text";

/// The `content` among the extra fields of a message whose one text is in a list.
pub(super) const LISTED: &str = "list";

/// An item as it is put together from parts.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) content: Content,
    /// Its extra fields.
    pub(super) fields: Map<String, Value>,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Content parts.
    Message(Vec<Value>),
    Reasoning(Thought),
    Call(ToolCall),
    /// An item that has no name here: all of it.
    Other(Map<String, Value>),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Thought {
    pub(super) texts: Vec<Value>,
    pub(super) encrypted: Option<String>,
    /// Whether nothing can be added to the item, so that the next part begins another one.
    pub(super) is_sealed: bool,
}

/// The default fields of an answer's item.
#[derive(Clone, Copy)]
pub(super) struct Defaults<'r> {
    pub(super) response: &'r str,
    pub(super) index: usize,
    pub(super) status: &'r str,
}

impl Item {
    pub(super) fn new(content: Content, fields: Map<String, Value>) -> Self {
        Item { content, fields }
    }

    /// Whether a call of this item is a call of a custom tool, whose input is any text.
    pub(super) fn is_custom(&self) -> bool {
        self.fields
            .get("type")
            .is_some_and(|kind| kind == CUSTOM_CALL)
    }

    /// Whether the reasoning is raw text instead of a summary.
    pub(super) fn is_raw(&self) -> bool {
        self.fields
            .get("content")
            .is_some_and(|content| content == RAW_REASONING)
    }

    /// Whether it is a message with one text, written as a list of one part.
    fn is_listed(&self) -> bool {
        let listed = self.fields.get("content");
        matches!(self.content, Content::Message(_)) && listed.is_some_and(|form| form == LISTED)
    }

    /// How the ids of such items begin.
    fn prefix(&self) -> Option<&'static str> {
        match &self.content {
            Content::Message(_) => Some("msg_"),
            Content::Reasoning(_) => Some("rs_"),
            Content::Call(_) if self.is_custom() => Some("ctc_"),
            Content::Call(_) => Some("fc_"),
            Content::Other(_) => None,
        }
    }

    /// Its id in an answer.
    pub(super) fn id(&self, defaults: Defaults<'_>) -> String {
        let own_id = self.fields.get("id").and_then(Value::as_str);
        match (own_id, self.prefix()) {
            (Some(id), _) => id.to_owned(),
            (None, Some(prefix)) => item_id(prefix, defaults.response, defaults.index),
            (None, None) => String::new(),
        }
    }

    /// Writes it as an item of an answer.
    ///
    /// # Errors
    /// If a extra field has another value than the item.
    pub(super) fn write(
        &self,
        defaults: Defaults<'_>,
        place: &'static str,
    ) -> Result<Value, WriteError> {
        let own = self.own_fields(true);
        let id = self.prefix().map(|_| self.id(defaults));
        let mut extra_fields = self.extra_fields();
        if let Some(id) = id {
            extra_fields.insert("id".into(), id.into());
        }
        let has_status = matches!(self.content, Content::Message(_) | Content::Call(_));
        let has_status = has_status || self.fields.get("status").is_some_and(Value::is_null);
        if has_status && !extra_fields.contains_key("status") {
            extra_fields.insert("status".into(), defaults.status.into());
        }
        WIRE.join(&mut extra_fields, own, place)?;
        Ok(extra_fields.into())
    }

    /// Writes the item as it is when it is added, without its content.
    ///
    /// # Errors
    /// If a extra field has another value than the item.
    pub(super) fn write_added(
        &self,
        defaults: Defaults<'_>,
        place: &'static str,
    ) -> Result<Map<String, Value>, WriteError> {
        let empty = match &self.content {
            Content::Message(_) => Content::Message(Vec::new()),
            Content::Reasoning(_) => Content::Reasoning(Thought::default()),
            Content::Call(call) => Content::Call(ToolCall::new(&*call.id, &*call.name, "")),
            Content::Other(item) => Content::Other(item.clone()),
        };
        let added = Item::new(empty, self.fields.clone()).write(defaults, place)?;
        Ok(fields(added))
    }

    /// Writes the item for a request. The content of a message with one text and no extra fields is a text.
    ///
    /// # Errors
    /// If a extra field has another value than the item.
    pub(super) fn write_back(&self, place: &'static str) -> Result<Value, WriteError> {
        let mut extra_fields = self.extra_fields();
        let is_output = extra_fields.contains_key("id") || self.is_listed();
        WIRE.join(&mut extra_fields, self.own_fields(is_output), place)?;
        Ok(extra_fields.into())
    }

    /// The extra fields without those that only set the form of the item.
    fn extra_fields(&self) -> Map<String, Value> {
        let mut extra_fields = self.fields.clone();
        let is_raw = self.is_raw() && matches!(self.content, Content::Reasoning(_));
        if is_raw || self.is_listed() {
            extra_fields.remove("content");
        }
        if self.fields.get("status").is_some_and(Value::is_null) {
            extra_fields.remove("status");
        }
        extra_fields
    }

    /// The fields that it has of its own. `in_full` are the parts of a message as an answer has them.
    fn own_fields(&self, in_full: bool) -> Map<String, Value> {
        fields(match &self.content {
            Content::Message(content) => match &content[..] {
                [only] if !in_full && plain_text_part(only, "output_text").is_some() => {
                    json!({ "type": "message", "role": "assistant", "content": only["text"] })
                }
                _ => {
                    let mut parts = Vec::with_capacity(content.len());
                    for part in content {
                        parts.push(in_answer(part.clone()));
                    }
                    json!({ "type": "message", "role": "assistant", "content": Value::Array(parts) })
                }
            },
            Content::Reasoning(thought) => {
                let texts = Value::Array(thought.texts.clone());
                let mut own = match self.is_raw() {
                    true => json!({ "type": "reasoning", "summary": [], "content": texts }),
                    false => json!({ "type": "reasoning", "summary": texts }),
                };
                if let Some(encrypted) = &thought.encrypted {
                    own["encrypted_content"] = encrypted.as_str().into();
                }
                own
            }
            Content::Call(call) if self.is_custom() => texts(&[
                ("type", CUSTOM_CALL),
                ("call_id", call.id.as_str()),
                ("name", call.name.as_str()),
                ("input", call.arguments.as_str()),
            ]),
            Content::Call(call) => texts(&[
                ("type", "function_call"),
                ("call_id", call.id.as_str()),
                ("name", call.name.as_str()),
                ("arguments", call.arguments.as_str()),
            ]),
            Content::Other(item) => return item.clone(),
        })
    }
}

/// A content part with the fields that it always has in an answer.
pub(super) fn in_answer(mut part: Value) -> Value {
    if part["type"] == "output_text"
        && let Some(fields) = part.as_object_mut()
    {
        for &list in &["annotations", "logprobs"] {
            fields.entry(list).or_insert_with(|| json!([]));
        }
    }
    part
}

/// A content part of a message; `None` if the part is not one.
pub(super) fn content_part(part: &Part) -> Option<Value> {
    match part {
        Part::Text(text) => Some(texts(&[("type", "output_text"), ("text", text.as_str())])),
        Part::Refusal(text) => Some(texts(&[("type", "refusal"), ("refusal", text.as_str())])),
        _ => None,
    }
}

/// A part of a summary, or of raw reasoning.
pub(super) fn thought_part(text: &str, is_raw: bool) -> Value {
    let kind = if is_raw {
        RAW_REASONING
    } else {
        "summary_text"
    };
    texts(&[("type", kind), ("text", text)])
}

/// The extra fields of an item, if the part holds such.
pub(super) fn item_fields(part: &Part) -> Option<&Map<String, Value>> {
    match part {
        Part::Extra(extra) if extra.len() == 1 => extra.get(ITEM)?.as_object(),
        _ => None,
    }
}

/// The items that the model's parts are.
///
/// # Errors
/// If the model cannot have a part, or if extra fields come before no part.
pub(super) fn items(parts: &[Part], place: &'static str) -> Result<Vec<Item>, WriteError> {
    let mut items: Vec<Item> = Vec::new();
    // The extra fields for the item that begins next.
    let mut begun: Option<Map<String, Value>> = None;
    for part in parts {
        if let Some(fields) = item_fields(part) {
            check_no_item(begun.replace(fields.clone()), place)?;
            continue;
        }
        if let Part::Extra(extra) = part {
            let last = items.last_mut().filter(|_| begun.is_none());
            let last = last.ok_or_else(|| WIRE.no_place(&describe(part), place))?;
            add_fields(last, extra, place)?;
            continue;
        }
        let goes_on = match (
            begun.is_some(),
            items.last_mut().map(|item| &mut item.content),
        ) {
            (false, Some(content)) => content.take(part),
            _ => false,
        };
        if goes_on {
            continue;
        }
        let mut item = Item::new(Content::Other(Map::new()), begun.take().unwrap_or_default());
        item.content = Content::begin(part, item.is_raw())
            .ok_or_else(|| WIRE.no_place(&describe(part), place))?;
        if let Part::ToolCall(call) = part
            && !call.extra.is_empty()
        {
            add_fields(&mut item, &call.extra, place)?;
        }
        items.push(item);
    }
    check_no_item(begun, place)?;
    Ok(items)
}

pub(super) fn check_no_item(
    fields: Option<Map<String, Value>>,
    place: &'static str,
) -> Result<(), WriteError> {
    match fields {
        Some(_) => Err(WIRE.no_place("fields of an item that has no part", place)),
        None => Ok(()),
    }
}

/// Adds extra fields to the last part of the item.
pub(super) fn add_fields(
    item: &mut Item,
    extra: &Map<String, Value>,
    place: &'static str,
) -> Result<(), WriteError> {
    let add = |last: &mut Value| {
        let mut all = fields(last.take());
        WIRE.add_extra(&mut all, extra, place)?;
        *last = all.into();
        Ok(())
    };
    match &mut item.content {
        Content::Message(content) => content.last_mut().map_or(Ok(()), add),
        Content::Reasoning(Thought { texts, .. }) if !texts.is_empty() => {
            texts.last_mut().map_or(Ok(()), add)
        }
        Content::Other(own) => WIRE.add_extra(own, extra, place),
        Content::Reasoning(_) | Content::Call(_) => {
            // The id, the type and the status cannot change later: they are sent when the item begins.
            if let Some(field) = ["id", "type", "status"]
                .into_iter()
                .find(|field| extra.contains_key(*field))
            {
                return Err(WIRE.duplicate_value(field, place));
            }
            WIRE.add_extra(&mut item.fields, extra, place)
        }
    }
}

impl Content {
    /// The content of the item that begins with a part; `None` if none does.
    pub(super) fn begin(part: &Part, is_raw: bool) -> Option<Content> {
        Some(match part {
            Part::Reasoning(Reasoning { text, signature }) => {
                let is_empty = text.is_empty();
                let texts = (!is_empty).then(|| thought_part(text, is_raw));
                Content::Reasoning(Thought {
                    texts: texts.into_iter().collect(),
                    encrypted: signature.clone(),
                    is_sealed: is_empty || signature.is_some(),
                })
            }
            Part::RedactedReasoning(data) => Content::Reasoning(Thought {
                texts: Vec::new(),
                encrypted: Some(data.clone()),
                is_sealed: true,
            }),
            Part::ToolCall(call) => Content::Call(call.clone()),
            // A part with a type of its own is an item.
            Part::Other(Value::Object(item)) if item.get("type").is_some_and(Value::is_string) => {
                Content::Other(item.clone())
            }
            part => Content::Message(vec![content_part(part)?]),
        })
    }

    /// Goes on with a part, if it is one of the same item.
    fn take(&mut self, part: &Part) -> bool {
        match (self, part) {
            (Content::Message(content), part) => match content_part(part) {
                Some(part) => content.push(part),
                None => return false,
            },
            (Content::Reasoning(thought), Part::Reasoning(Reasoning { text, signature }))
                if !thought.is_sealed && !text.is_empty() =>
            {
                let is_raw = thought.texts.any(&|text| text["type"] == RAW_REASONING);
                thought.texts.push(thought_part(text, is_raw));
                thought.encrypted.clone_from(signature);
                thought.is_sealed = signature.is_some();
            }
            _ => return false,
        }
        true
    }
}

/// Writes the items of an answer.
///
/// # Errors
/// If a part has no place in an answer.
pub(super) fn write_output(
    parts: &[Part],
    response: &str,
    status: Status<'_>,
    place: &'static str,
) -> Result<Vec<Value>, WriteError> {
    let items = items(parts, place)?;
    let last = items.len().saturating_sub(1);
    let mut output = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let defaults = Defaults {
            response,
            index,
            status: status.for_item(index == last),
        };
        output.push(item.write(defaults, place)?);
    }
    Ok(output)
}
