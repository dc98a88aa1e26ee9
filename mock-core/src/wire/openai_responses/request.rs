//! Reads and writes requests.

use serde_json::{Value, json};

use super::WIRE;
use super::content::{read_content, write_content, write_list};
use super::item::items;
use super::read_item::read_item;
use crate::chat::message::{ContentForm, Message, Part, Role};
use crate::chat::request::{Request, ToolDefinition};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{self, is_input};
use crate::wire::flat_tool_definition::{read_tool, write_tool};
use crate::wire::read::{Fields, Path, ReadError, missing_of};
use crate::wire::write::{WriteError, fields, insert_options, merge};

/// Reads the body of a request.
///
/// Fields that [`Request`] does not have are in [`Request::extra`]: `previous_response_id`, `store`, `reasoning`, `text`, … It does not
/// [`check`](super::check) whether a provider would accept the request: a body without model or input can be read.
///
/// # Errors
/// If a field has the wrong type, or a role is unknown.
///
/// ```
/// use mock_core::{Role, wire::openai_responses::read_request};
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "gpt-4o",
///     "instructions": "Be brief.",
///     "input": [
///         {"role": "user", "content": "What time is it?"},
///         {"type": "function_call", "call_id": "call_1", "name": "get_time", "arguments": "{}"},
///         {"type": "function_call_output", "call_id": "call_1", "output": "noon"},
///     ],
///     "store": false,
/// }))?;
/// let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
/// assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
/// assert_eq!(request.extra["store"], false);
///
/// let error = read_request(json!({"input": [{"role": "user", "content": 4}]})).unwrap_err();
/// assert_eq!(error.to_string(), "`input[0].content` is a number: give it a text or a list of parts");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = Request::new(fields.text("model")?.unwrap_or_default());
    if let Some(instructions) = fields.text("instructions")? {
        request.messages.push(Message::system(instructions));
    }
    let path = Path::Body.key("input");
    match fields.take("input") {
        None => {}
        Some(BorrowedValue::Text(text)) => {
            let mut message = Message::user(text);
            message.form = ContentForm::Input;
            request.messages.push(message);
        }
        Some(BorrowedValue::List(list)) => read_input(list, &path, &mut request.messages)?,
        Some(other) => return Err(path.unlike(&other, "a text or a list of items")),
    }
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list("tools")?.into_iter().enumerate() {
        request.tools.push(read_tool(tool, &path.index(index))?);
    }
    request.temperature = fields.number("temperature")?;
    request.stream = fields.flag("stream")?;
    request.max_tokens = fields.limit("max_output_tokens")?;
    request.extra = fields.rest();
    Ok(request)
}

/// Reads the items of an input, and adds them to the messages.
pub(super) fn read_input(
    list: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
    messages: &mut Vec<Message>,
) -> Result<(), ReadError> {
    messages.reserve(list.len());
    for (index, item) in list.into_iter().enumerate() {
        let path = path.index(index);
        match client_item(&item, &path)? {
            Some(ClientItem::Message(role)) => {
                let mut message = read_message(role, item, &path)?;
                // Mark the first message as an item: otherwise it would be read as the instructions.
                if messages.is_empty() && instructions(&message).is_some() {
                    message.extra.insert("type".into(), "message".into());
                }
                messages.push(message);
            }
            Some(ClientItem::Result) => messages.push(read_result(item, &path)?),
            Some(ClientItem::OtherResult) => {
                messages.push(Message::new(Role::Tool, vec![Part::Other(item.into())]));
            }
            None => {
                if messages
                    .last()
                    .is_none_or(|last| last.role != Role::Assistant)
                {
                    messages.push(Message::new(Role::Assistant, Vec::new()));
                }
                if let Some(last) = messages.last_mut() {
                    read_item(item, &path, None, &mut last.parts)?;
                }
            }
        }
    }
    Ok(())
}

/// An item of the client.
enum ClientItem {
    Message(Role),
    Result,
    /// The result of a call that has no name here.
    OtherResult,
}

/// The kind of an item of the client; `None` if the item is one of the model.
fn client_item(item: &BorrowedValue<'_>, path: &Path<'_>) -> Result<Option<ClientItem>, ReadError> {
    const ROLES: &str = "`system`, `developer`, `user` or `assistant`";
    let role = match item.str("type") {
        Some("message") | None => item.str("role"),
        Some("function_call_output" | "custom_tool_call_output") => {
            return Ok(Some(ClientItem::Result));
        }
        Some(kind) if kind.ends_with("_output") || kind == "mcp_approval_response" => {
            return Ok(Some(ClientItem::OtherResult));
        }
        Some(_) => return Ok(None),
    };
    match role {
        Some("user") => Ok(Some(ClientItem::Message(Role::User))),
        Some("system") => Ok(Some(ClientItem::Message(Role::System))),
        Some("developer") => Ok(Some(ClientItem::Message(Role::Developer))),
        Some("assistant") => Ok(None),
        Some(other) => Err(path.key("role").unknown(other, ROLES)),
        None => match item.get("role") {
            Some(role) if !role.is_null() => Err(path.key("role").unlike(role, ROLES)),
            _ if item.str("type").is_some() => Err(missing_of(item, path, "role", ROLES)),
            _ => Ok(None),
        },
    }
}

fn read_message(
    role: Role,
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.take("type");
    fields.take("role");
    let content = path.key("content");
    let tree = fields.required("content", "a text or a list of parts")?;
    let mut message = read_content(tree, &content)?.into_message(role);
    message.extra = fields.rest();
    Ok(message)
}

/// Reads the output of a call.
fn read_result(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let kind = fields.word("type")?;
    if let Some(kind) = kind.filter(|kind| kind != "function_call_output") {
        fields.keep("type", BorrowedValue::Text(kind));
    }
    let path = path.key("output");
    let output = fields.required("output", "a text or a list of parts")?;
    let content = read_content(output, &path)?;
    let result = content.into_result(fields.required_text("call_id")?);
    let mut message = Message::new(Role::Tool, vec![Part::ToolResult(result)]);
    message.extra = fields.rest();
    Ok(message)
}

/// Whether a tool is a custom tool, whose input is any text.
pub(super) fn is_custom_tool(tool: &ToolDefinition) -> bool {
    tool.extra.get("type").is_some_and(|kind| kind == "custom")
}

/// Writes the body of a request, as a client would send it.
///
/// If the first message is a system message with one plain text, it becomes the `instructions`.
///
/// # Errors
/// If this wire has no place for a part of the request: the name of a participant, a tool result that is marked as failed, a refusal of the
/// user, …
///
/// ```
/// use mock_core::{Request, wire::openai_responses::{read_request, write_request}};
/// use serde_json::json;
///
/// let request = Request::new("gpt-4o").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!((&body["instructions"], &body["max_output_tokens"]), (&"Be brief.".into(), &100.into()));
/// assert_eq!(body["input"], json!([{"type": "message", "role": "user", "content": "Hello"}]));
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    let mut body = request.extra.clone();
    body.insert("model".into(), request.model.as_str().into());
    let mut messages = &request.messages[..];
    if let Some((first, rest)) = messages.split_first()
        && let Some(text) = instructions(first)
    {
        body.insert("instructions".into(), text.into());
        messages = rest;
    }
    let input = match messages {
        [only] if is_input(only) => (*only.text()).into(),
        messages => write_input(messages)?.into(),
    };
    body.insert("input".into(), input);
    if !request.tools.is_empty() {
        let tools: Vec<_> = request.tools.iter().map(write_tool).collect();
        body.insert("tools".into(), tools.into());
    }
    insert_options(&mut body, request);
    if let Some(most) = request.max_tokens {
        body.insert("max_output_tokens".into(), most.into());
    }
    Ok(body.into())
}

/// Writes messages as the items of an input.
pub(super) fn write_input(messages: &[Message]) -> Result<Vec<Value>, WriteError> {
    let mut input = Vec::with_capacity(messages.len());
    for message in messages {
        write_message(message, &mut input)?;
    }
    Ok(input)
}

fn write_message(message: &Message, input: &mut Vec<Value>) -> Result<(), WriteError> {
    WIRE.check_name(message)?;
    match message.role {
        Role::Assistant => {
            let place = "a message of the model";
            if !message.extra.is_empty() {
                return Err(WIRE.no_place("extra fields of all of its items", place));
            }
            for item in items(&message.parts, place)? {
                input.push(item.write_back(place)?);
            }
        }
        Role::Tool => write_results(message, input)?,
        Role::System | Role::Developer | Role::User => {
            let place = "a message that is not the model's";
            // An item with an id comes from the provider, and has a list.
            let content = match message.extra.contains_key("id") {
                true => write_list(&message.parts, place)?.into(),
                false => write_content(&message.parts, message.form, place)?,
            };
            let role = message.role.as_str();
            let mut item = fields(json!({ "type": "message", "role": role, "content": content }));
            merge(&mut item, message.extra.clone());
            input.push(item.into());
        }
    }
    Ok(())
}

fn write_results(message: &Message, input: &mut Vec<Value>) -> Result<(), WriteError> {
    let results = content::write_results(message, WIRE, |part| match part {
        Part::ToolResult(result) if result.is_error => {
            Err(WIRE.no_place("a tool result that is marked as failed", "a tool message"))
        }
        Part::ToolResult(result) => Ok(Some(fields(json!({
            "type": "function_call_output", "call_id": result.call_id,
            "output": write_content(&result.content, result.form, "a tool's result")?,
        })))),
        Part::Other(Value::Object(item)) => Ok(Some(item.clone())),
        _ => Ok(None),
    })?;
    for mut result in results {
        merge(&mut result, message.extra.clone());
        input.push(result.into());
    }
    Ok(())
}

/// The text of a message that is the `instructions` of its request.
pub(super) fn instructions(message: &Message) -> Option<&str> {
    let is_plain = message.role == Role::System && message.name.is_none();
    match &message.parts[..] {
        [Part::Text(text)] if is_plain && message.extra.is_empty() => Some(text),
        _ => None,
    }
}
