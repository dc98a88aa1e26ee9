//! Reads and writes requests.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::content::{is_content, read_content, read_contents, write_content as write_part};
use super::read_step::{kind_of_step, read_step};
use super::write_step::write_steps;
use crate::chat::message::{ContentForm, Message, Part, Role};
use crate::chat::request::Request;
use crate::wire::borrowed_value::{BorrowedValue, map};
use crate::wire::content::{self, Content, is_input, write_content};
use crate::wire::flat_tool_definition::{read_tool, write_tool};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, describe, describe_fields, fields, merge};

const INPUT: &str = "a text, a content or a list of steps";

/// Reads the body of a request.
///
/// What [`Request`] has no field for stays in [`Request::extra`]: `previous_interaction_id`, `store`, `agent`, all of `generation_config` but
/// `temperature` and `max_output_tokens`, … It does not [`check`](super::check) whether a provider would accept the request: a body without
/// model or input can be read.
///
/// # Errors
/// If a field has the wrong type.
///
/// ```
/// use mock_core::{Role, wire::gemini_interactions::read_request};
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "gemini-3-flash",
///     "system_instruction": "Be brief.",
///     "input": [
///         {"type": "user_input", "content": [{"type": "text", "text": "What time is it?"}]},
///         {"type": "function_call", "id": "call_1", "name": "get_time", "arguments": {}},
///         {"type": "function_result", "call_id": "call_1", "name": "get_time", "result": "noon"},
///     ],
///     "store": false,
/// }))?;
/// let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
/// assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
/// assert_eq!(request.extra["store"], false);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let model = fields.word("model")?.unwrap_or_default();
    let mut request = Request::new(model.strip_prefix("models/").unwrap_or(&model));
    let instruction = fields.text("system_instruction")?;
    request.messages.extend(instruction.map(Message::system));
    if let Some(input) = fields.take("input") {
        read_input(input, &Path::Body.key("input"), &mut request.messages)?;
    }
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list_with_items("tools")?.into_iter().enumerate() {
        request.tools.push(read_tool(tool, &path.index(index))?);
    }
    request.stream = fields.flag("stream")?;
    let path = Path::Body.key(CONFIG);
    let mut config = fields.within(CONFIG, &path)?;
    request.temperature = config.number("temperature")?;
    request.max_tokens = config.limit("max_output_tokens")?;
    let config = config.rest();
    fields.keep(CONFIG, config);
    request.extra = fields.rest();
    Ok(request)
}

const CONFIG: &str = "generation_config";

/// Reads an input, and adds it to the messages.
pub(super) fn read_input(
    input: BorrowedValue<'_>,
    path: &Path<'_>,
    messages: &mut Vec<Message>,
) -> Result<(), ReadError> {
    let list = match input {
        BorrowedValue::Text(text) => {
            let mut message = Message::user(text);
            message.form = ContentForm::Input;
            messages.push(message);
            return Ok(());
        }
        BorrowedValue::Object(object) => {
            let mut parts = Vec::new();
            read_content(BorrowedValue::Object(object), path, &mut parts)?;
            messages.push(Message::new(Role::User, parts));
            return Ok(());
        }
        BorrowedValue::List(list) => list,
        other => return Err(path.unlike(&other, INPUT)),
    };
    // Whether the last message consists of contents outside of a step, which the next such content continues.
    let mut goes_on = false;
    for (index, item) in list.into_iter().enumerate() {
        let path = path.index(index);
        let kind = kind_of_step(&item, &path)?;
        let is_content = is_content(kind);
        match kind {
            "user_input" => messages.push(read_user_input(item, &path)?),
            "function_result" => messages.push(read_result(item, &path)?),
            _ if is_content => {
                if !goes_on {
                    let mut message = Message::new(Role::User, Vec::new());
                    message.form = ContentForm::Items;
                    messages.push(message);
                }
                if let Some(last) = messages.last_mut() {
                    read_content(item, &path, &mut last.parts)?;
                }
            }
            _ => {
                let is_models = |last: &Message| last.role == Role::Assistant;
                if !messages.last().is_some_and(is_models) {
                    messages.push(Message::new(Role::Assistant, Vec::new()));
                }
                if let Some(last) = messages.last_mut() {
                    read_step(item, &path, &mut last.parts)?;
                }
            }
        }
        goes_on = is_content;
    }
    Ok(())
}

fn read_user_input(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let path = path.key("content");
    let content = match fields.take("content") {
        None => Content::default(),
        Some(BorrowedValue::Text(text)) => Content::from_text(text),
        Some(BorrowedValue::List(list)) => Content::from_list(read_contents(list, &path)?),
        Some(other) => return Err(path.unlike(&other, "a list of contents")),
    };
    let mut message = content.into_message(Role::User);
    message.extra = fields.rest();
    Ok(message)
}

/// Reads the result of a function. An object becomes its JSON text, and is kept among the fields too.
fn read_result(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Message, ReadError> {
    const RESULT: &str = "a text, an object or a list of contents";
    let mut fields = Fields::new(tree, path)?;
    fields.word("type")?;
    let path = path.key("result");
    let content = match fields.take("result") {
        None => return Err(fields.missing("result", RESULT)),
        Some(BorrowedValue::Text(text)) => Content::from_text(text),
        Some(BorrowedValue::List(list)) => Content::from_list(read_contents(list, &path)?),
        Some(BorrowedValue::Object(object)) => {
            let object = map(object);
            let text = Value::from(object.clone()).to_string();
            fields.keep("result", object);
            Content::from_text(text)
        }
        Some(other) => return Err(path.unlike(&other, RESULT)),
    };
    let result = content.into_result(fields.required_text("call_id")?);
    let result = result.with_is_error(fields.flag("is_error")?.unwrap_or_default());
    let mut message = Message::new(Role::Tool, vec![Part::ToolResult(result)]);
    message.name = fields.text("name")?;
    message.extra = fields.rest();
    Ok(message)
}

/// Writes the body of a request, as a client would send it.
///
/// # Errors
/// If this wire has no place for a part of the request: instructions after the beginning or of more than one text, the name of a participant,
/// a refusal, …; or if arguments of a tool call are not a JSON object.
///
/// ```
/// use mock_core::{Request, wire::gemini_interactions::{read_request, write_request}};
///
/// let request = Request::new("gemini-3-flash").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!(body["system_instruction"], "Be brief.");
/// assert_eq!(body["generation_config"]["max_output_tokens"], 100);
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    let mut body = request.extra.clone();
    body.insert("model".into(), request.model.as_str().into());
    let mut messages = &request.messages[..];
    if let Some((first, rest)) = messages.split_first()
        && is_instruction(first)
    {
        body.insert("system_instruction".into(), (*first.text()).into());
        messages = rest;
    }
    let input = match messages {
        [only] if is_input(only) => (*only.text()).into(),
        messages => {
            let mut input = Vec::with_capacity(messages.len());
            for message in messages {
                write_message(message, &mut input)?;
            }
            input.into()
        }
    };
    body.insert("input".into(), input);
    if !request.tools.is_empty() {
        let tools: Vec<_> = request.tools.iter().map(write_tool).collect();
        body.insert("tools".into(), tools.into());
    }
    if let Some(stream) = request.stream {
        body.insert("stream".into(), stream.into());
    }
    let mut config = Map::new();
    if let Some(temperature) = request.temperature {
        config.insert("temperature".into(), temperature.into());
    }
    if let Some(most) = request.max_tokens {
        config.insert("max_output_tokens".into(), most.into());
    }
    if !config.is_empty() {
        merge(&mut body, fields(json!({ CONFIG: config })));
    }
    Ok(body.into())
}

/// Whether a message is the `system_instruction` of its request.
pub(super) fn is_instruction(message: &Message) -> bool {
    let is_plain = message.name.is_none() && message.extra.is_empty();
    message.role == Role::System && is_plain && matches!(message.parts[..], [Part::Text(_)])
}

fn write_message(message: &Message, input: &mut Vec<Value>) -> Result<(), WriteError> {
    if message.role != Role::Tool {
        WIRE.check_name(message)?;
    }
    match message.role {
        Role::Assistant => {
            let place = "a message of the model";
            if !message.extra.is_empty() {
                return Err(WIRE.no_place("extra fields of all of its steps", place));
            }
            input.extend(write_steps(&message.parts, place)?);
        }
        Role::User => {
            let content = write_list(&message.parts, "a message of the user")?;
            let content = match message.form {
                ContentForm::Items if message.extra.is_empty() => {
                    input.extend(content);
                    return Ok(());
                }
                ContentForm::Text => write_content(content, "text", message.form),
                _ => content.into(),
            };
            let mut step = fields(json!({ "type": "user_input", "content": content }));
            merge(&mut step, message.extra.clone());
            input.push(step.into());
        }
        Role::Tool => write_results(message, input)?,
        Role::System | Role::Developer => {
            let what = "instructions after the beginning, or of more than one text,";
            return Err(WIRE.no_place(what, "a conversation"));
        }
    }
    Ok(())
}

/// Writes parts as a list of contents.
fn write_list(parts: &[Part], place: &'static str) -> Result<Vec<Value>, WriteError> {
    let mut list: Vec<Map<String, Value>> = Vec::new();
    for part in parts {
        match (part, list.last_mut()) {
            (Part::Extra(extra), Some(last)) => {
                WIRE.add_extra(last, extra, place)?;
            }
            (Part::Extra(extra), None) => return Err(WIRE.no_place(&describe_fields(extra), place)),
            (part, _) => {
                let content = write_part(part);
                list.push(content.ok_or_else(|| WIRE.no_place(&describe(part), place))?);
            }
        }
    }
    Ok(list.into_iter().map(Value::from).collect())
}

fn write_results(message: &Message, input: &mut Vec<Value>) -> Result<(), WriteError> {
    let results = content::write_results(message, WIRE, |part| {
        let Part::ToolResult(result) = part else {
            return Ok(None);
        };
        let content = write_list(&result.content, "a tool's result")?;
        let content = write_content(content, "text", result.form);
        let mut step = fields(json!({
            "type": "function_result", "call_id": result.call_id, "result": content,
        }));
        if let Some(name) = &message.name {
            step.insert("name".into(), name.as_str().into());
        }
        if result.is_error {
            step.insert("is_error".into(), true.into());
        }
        Ok(Some(step))
    })?;
    for mut result in results {
        // If the function returned an object, the object replaces the text of the result.
        result.extend(message.extra.clone());
        input.push(result.into());
    }
    Ok(())
}
