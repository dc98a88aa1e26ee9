//! Reads messages of requests and answers, and writes messages of requests.

use serde_json::{Map, Value, json};

use super::WIRE;
use crate::chat::message::{
    ContentForm, Image, Message, Part, Reasoning, Role, ToolCall, ToolResult,
};
use crate::search::Search;
use crate::wire::borrowed_value::{BorrowedValue, find, plain_text_of};
use crate::wire::content::{self, Content};
use crate::wire::read::{Fields, Path, ReadError, kind_of};
use crate::wire::write::{WriteError, describe, fields, has_type, join, merge, texts};

const ROLES: &str = "`system`, `developer`, `user`, `assistant` or `tool`";

/// Reads a message. A message without a role has the role `role`.
pub(super) fn read_message(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    role: Option<Role>,
) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let is_of_request = role.is_none();
    let role = match (fields.word("role")?.as_deref(), role) {
        (Some("system"), _) => Role::System,
        (Some("developer"), _) => Role::Developer,
        (Some("user"), _) => Role::User,
        (Some("assistant"), _) | (None, Some(Role::Assistant)) => Role::Assistant,
        (Some("tool"), _) => Role::Tool,
        (Some(other), _) => return Err(path.key("role").unknown(other, ROLES)),
        (None, _) => return Err(fields.missing("role", ROLES)),
    };
    let name = fields.text("name")?;
    let content = match role {
        Role::Tool => Content::from_list(vec![Part::ToolResult(read_result(&mut fields)?)]),
        Role::Assistant => read_assistant(&mut fields, is_of_request)?,
        Role::System | Role::Developer | Role::User => {
            let content = path.key("content");
            let tree = fields.required("content", "a text or a list of parts")?;
            read_content(tree, &content)?
        }
    };
    // The provider writes the list into each answer.
    if !is_of_request && fields.peek("annotations").is_some_and(is_empty_list) {
        fields.take("annotations");
    }
    let mut message = content.into_message(role);
    message.name = name;
    message.extra = fields.rest();
    Ok(message)
}

pub(super) fn read_content(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Content, ReadError> {
    content::read_content(tree, path, "a text or a list of parts", read_part)
}

fn read_part(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let kind = kind_of(&tree, path, "`text`, `image_url`, …")?;
    // Mistral accepts the URL of an image as a plain text. OpenAI's rules reject that.
    let is_address_alone = kind == "image_url" && tree.str("image_url").is_some();
    if is_address_alone || !matches!(kind, "text" | "refusal" | "image_url") {
        parts.push(Part::Other(tree.into()));
        return Ok(());
    }
    let mut fields = Fields::new(tree, path)?;
    parts.push(match fields.word("type")?.as_deref() {
        Some("text") => Part::Text(fields.required_text("text")?),
        Some("refusal") => Part::Refusal(fields.required_text("refusal")?),
        _ => {
            let path = path.key("image_url");
            let mut image = fields.within("image_url", &path)?;
            let url = image.required_text("url")?;
            fields.keep("image_url", image.rest());
            Part::Image(content::read_image(url))
        }
    });
    content::push_extra(fields.rest(), parts);
    Ok(())
}

/// Reads a message of the model. A content that is an empty text is no part, because a message without content is written with one.
///
/// In a request, the messages show the name of the field for reasoning. In an answer, the provider decides it.
fn read_assistant(fields: &mut Fields<'_, '_>, is_of_request: bool) -> Result<Content, ReadError> {
    let path = fields.path;
    let mut parts = Vec::new();
    let mut form = ContentForm::Usual;
    let has_reasoning = fields.peek("reasoning").is_some();
    if let Some(text) = read_reasoning(fields)? {
        if is_of_request && has_reasoning && fields.peek("reasoning").is_none() {
            fields.keep("reasoning", text.clone());
        }
        parts.push(reasoning(text));
    }
    let says = |name| match fields.peek(name) {
        Some(BorrowedValue::Text(text)) => !text.is_empty(),
        Some(BorrowedValue::List(list)) => !list.is_empty(),
        _ => false,
    };
    let says_more = says("refusal") || says("tool_calls");
    match fields.take("content") {
        None => {}
        Some(BorrowedValue::Text(text)) if text.is_empty() && !says_more => {}
        Some(mut content) => {
            if !is_of_request && let Some(text) = take_thinking(&mut content) {
                parts.push(reasoning(text));
            }
            let content = read_content(content, &path.key("content"))?;
            parts.extend(content.parts);
            form = content.form;
        }
    }
    let refusal = fields.text_with_words("refusal")?;
    if let Some(refusal) = refusal {
        parts.push(Part::Refusal(refusal));
    }
    let path = path.key("tool_calls");
    for (index, call) in fields
        .list_with_items("tool_calls")?
        .into_iter()
        .enumerate()
    {
        let is_counted = call.number("index") == Some(index as f64);
        read_call(call, &path.index(index), &mut parts)?;
        // Several providers count the calls of an answer.
        if let Some(Part::ToolCall(call)) = parts.last_mut()
            && is_counted
            && !is_of_request
        {
            call.extra.remove("index");
        }
    }
    Ok(Content { parts, form })
}

fn is_empty_list(value: &BorrowedValue<'_>) -> bool {
    matches!(value, BorrowedValue::List(items) if items.is_empty())
}

fn reasoning(text: String) -> Part {
    Part::Reasoning(Reasoning::new(text))
}

/// Takes the text of the first part of a content, if it is a thought of Mistral with nothing else in it.
pub(super) fn take_thinking(content: &mut BorrowedValue<'_>) -> Option<String> {
    let BorrowedValue::List(list) = content else {
        return None;
    };
    let BorrowedValue::Object(part) = list.first()? else {
        return None;
    };
    let (kind, thinking) = (find(part, "type")?, find(part, "thinking")?);
    let BorrowedValue::List(thinking) = thinking else {
        return None;
    };
    if part.len() != 2 || kind.as_text() != Some("thinking") {
        return None;
    }
    let mut text = String::new();
    for piece in thinking {
        let BorrowedValue::Object(piece) = piece else {
            return None;
        };
        let text_of = |name: &str| find(piece, name).and_then(BorrowedValue::as_text);
        text.push_str(plain_text_of(piece.len(), text_of)?);
    }
    if text.is_empty() {
        return None;
    }
    list.remove(0);
    Some(text)
}

/// Takes reasoning that is not empty, by either of its names.
pub(super) fn read_reasoning(fields: &mut Fields<'_, '_>) -> Result<Option<String>, ReadError> {
    match fields.text_with_words("reasoning_content")? {
        None => fields.text_with_words("reasoning"),
        text => Ok(text),
    }
}

fn read_call(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    parts: &mut Vec<Part>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    match fields.word("type")?.as_deref() {
        None | Some("function") => {}
        Some(other) => return Err(path.key("type").unknown(other, "`function`")),
    }
    let function_path = path.key("function");
    let mut function = fields.within("function", &function_path)?;
    let call = ToolCall {
        id: fields.required_text("id")?,
        name: function.required_text("name")?,
        arguments: function.text("arguments")?.unwrap_or_default(),
        extra: {
            fields.keep("function", function.rest());
            fields.rest()
        },
    };
    parts.push(Part::ToolCall(call));
    Ok(())
}

fn read_result(fields: &mut Fields<'_, '_>) -> Result<ToolResult, ReadError> {
    let path = fields.path.key("content");
    let content = fields.required("content", "a text or a list of parts")?;
    let content = read_content(content, &path)?;
    Ok(content.into_result(fields.required_text("tool_call_id")?))
}

/// Writes a message of a request: as one, or a tool message as one for each result.
pub(super) fn write_message(
    message: &Message,
    messages: &mut Vec<Value>,
) -> Result<(), WriteError> {
    let written = match message.role {
        Role::Tool => write_results(message)?,
        Role::Assistant => {
            let mut written = WrittenMessage::from_message(message, "a message of the model")?;
            let refusal = written.take_refusal();
            if message.extra.get("reasoning") == Some(&Value::from(&*written.reasoning)) {
                written.reasoning.clear();
            }
            let mut object = written.common();
            object.insert("content".into(), written.content(message.form));
            if let Some(refusal) = refusal {
                object.insert("refusal".into(), refusal);
            }
            vec![object]
        }
        Role::System | Role::Developer | Role::User => {
            let written =
                WrittenMessage::from_message(message, "a message that is not the model's")?;
            if !written.calls.is_empty() {
                return Err(WIRE.no_place("a tool call", "a message that is not the model's"));
            }
            let mut object = written.common();
            object.insert("content".into(), written.content(message.form));
            vec![object]
        }
    };
    for mut object in written {
        object.insert("role".into(), message.role.as_str().into());
        if let Some(name) = &message.name {
            object.insert("name".into(), name.as_str().into());
        }
        merge(&mut object, message.extra.clone());
        messages.push(object.into());
    }
    Ok(())
}

fn write_results(message: &Message) -> Result<Vec<Map<String, Value>>, WriteError> {
    content::write_results(message, WIRE, |part| match part {
        Part::ToolResult(result) if result.is_error => {
            Err(WIRE.no_place("the mark that a tool failed", "a tool message"))
        }
        Part::ToolResult(result) => Ok(Some(fields(json!({
            "tool_call_id": result.call_id, "content": write_returned(result)?,
        })))),
        _ => Ok(None),
    })
}

/// The result of a tool: a text if it consists of one, otherwise its parts.
fn write_returned(result: &ToolResult) -> Result<Value, WriteError> {
    let place = "a tool's result";
    let is_content = |part: &Part| !matches!(part, Part::ToolCall(_) | Part::Reasoning(_));
    if let Some(part) = result.content.find(&|part| !is_content(part)) {
        return Err(WIRE.no_place(&describe(part), place));
    }
    let content = Message::new(Role::Tool, result.content.clone());
    let list = WrittenMessage::from_message(&content, place)?.content;
    Ok(content::write_content(list, "text", result.form))
}

/// The parts of a message, each where the wire has it.
#[derive(Default)]
struct WrittenMessage {
    reasoning: String,
    content: Vec<Value>,
    calls: Vec<Value>,
}

impl WrittenMessage {
    fn from_message(message: &Message, place: &'static str) -> Result<Self, WriteError> {
        let mut written = WrittenMessage::default();
        let mut last_is_call = false;
        for part in &message.parts {
            let list = match (part, last_is_call) {
                (Part::ToolCall(_), _) | (Part::Extra(_), true) => &mut written.calls,
                _ => &mut written.content,
            };
            match part {
                Part::Text(text) => list.push(texts(&[("type", "text"), ("text", text.as_str())])),
                Part::Refusal(text) => {
                    list.push(texts(&[("type", "refusal"), ("refusal", text.as_str())]))
                }
                Part::Image(image) => list.push(write_image(image)?),
                Part::Other(other) if has_type(other) => list.push(other.clone()),
                Part::Other(_) => return Err(WIRE.no_place(&describe(part), place)),
                Part::ToolCall(call) => list.push(write_call(call, place)?),
                Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                }) => written.reasoning.push_str(text),
                Part::Reasoning(_) => return Err(WIRE.no_place("a signature of reasoning", place)),
                Part::Extra(extra) => match list.last_mut().and_then(Value::as_object_mut) {
                    Some(last) => merge(last, extra.clone()),
                    None => return Err(WIRE.no_place("extra fields of no part", place)),
                },
                Part::RedactedReasoning(_) | Part::ToolResult(_) => {
                    return Err(WIRE.no_place(&describe(part), place));
                }
            }
            last_is_call = match part {
                Part::Extra(_) => last_is_call,
                part => matches!(part, Part::ToolCall(_)),
            };
        }
        Ok(written)
    }

    /// The refusal, if there is only one and it is the last part: then it has a field of its own.
    fn take_refusal(&mut self) -> Option<Value> {
        let is_refusal = |part: &Value| part["type"] == "refusal";
        let refusals = self.content.iter().filter(|part| is_refusal(part)).count();
        let last = self.content.last()?;
        let is_plain = last.as_object().is_some_and(|part| part.len() == 2);
        match refusals == 1 && is_refusal(last) && is_plain {
            true => Some(self.content.pop()?["refusal"].take()),
            false => None,
        }
    }

    fn common(&self) -> Map<String, Value> {
        let mut object = Map::new();
        if !self.reasoning.is_empty() {
            object.insert("reasoning_content".into(), self.reasoning.as_str().into());
        }
        if !self.calls.is_empty() {
            object.insert("tool_calls".into(), self.calls.clone().into());
        }
        object
    }

    /// The content: a text if there is one plain text, else a list of parts, and `null` if there are only calls.
    fn content(self, form: ContentForm) -> Value {
        match &self.content[..] {
            [] if !self.calls.is_empty() => Value::Null,
            _ => content::write_content(self.content, "text", form),
        }
    }
}

/// A tool call with all of its fields.
pub(super) fn write_call(call: &ToolCall, place: &'static str) -> Result<Value, WriteError> {
    let own = fields(json!({
        "id": call.id, "type": "function",
        "function": { "name": call.name, "arguments": call.arguments },
    }));
    let mut written = call.extra.clone();
    join(&mut written, own).map_err(|path| {
        WIRE.no_place(&format!("a second value of `{path}` of a tool call"), place)
    })?;
    Ok(written.into())
}

fn write_image(image: &Image) -> Result<Value, WriteError> {
    let url = match image {
        Image::Url(url) => url.clone(),
        Image::Base64 { media_type, data } => content::data_url(media_type, data),
        Image::File(_) => return Err(WIRE.no_place("an image by its file's id", "a message")),
    };
    Ok(json!({ "type": "image_url", "image_url": { "url": url } }))
}

/// Whether a part can be in the content of an answer. Some compatible servers answer with a list of parts.
pub(super) fn is_content(other: &Value) -> bool {
    let kinds = [
        "thinking",
        "reference",
        "tool_reference",
        "tool_file",
        "document_url",
    ];
    other["type"]
        .as_str()
        .is_some_and(|kind| kinds.contains(&kind))
}
