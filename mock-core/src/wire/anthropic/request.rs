//! Reads and writes requests.

use serde_json::{Map, Value, json};

use super::WIRE;
use super::block::{read_content, write_blocks};
use crate::chat::message::{ContentForm, Message, Part, Role};
use crate::chat::request::{Request, ToolDefinition};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{check_parts, write_content};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, fields, insert_options, merge};

/// Reads the body of a request.
///
/// Fields that [`Request`] does not have are in [`Request::extra`]: `tool_choice`, `thinking`, `output_config`, … It does not
/// [`check`](super::check) whether a provider would accept the request: a body without `max_tokens` can be read.
///
/// # Errors
/// If a field has the wrong type, or a role is unknown.
///
/// ```
/// use mock_core::{Role, wire::anthropic::read_request};
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "claude",
///     "max_tokens": 100,
///     "system": "Be brief.",
///     "messages": [
///         {"role": "user", "content": "What time is it?"},
///         {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_time", "input": {}}]},
///         {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "noon"}]},
///     ],
/// }))?;
/// let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
/// assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = Request::new(fields.text("model")?.unwrap_or_default());
    if let Some(system) = fields.take("system") {
        let system = read_content(system, &Path::Body.key("system"))?;
        request.messages.push(system.into_message(Role::System));
    }
    let path = Path::Body.key("messages");
    for (index, message) in fields.list("messages")?.into_iter().enumerate() {
        read_message(message, &path.index(index), &mut request.messages)?;
    }
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list_with_items("tools")?.into_iter().enumerate() {
        request.tools.push(read_tool(tool, &path.index(index))?);
    }
    request.temperature = fields.number("temperature")?;
    request.stream = fields.flag("stream")?;
    request.max_tokens = fields.limit("max_tokens")?;
    request.extra = fields.rest();
    Ok(request)
}

fn read_message(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    messages: &mut Vec<Message>,
) -> Result<(), ReadError> {
    let known = "`user`, `assistant` or `system`; tool results are blocks of `user`";
    let mut fields = Fields::new(tree, path)?;
    let role = match fields.word("role")?.as_deref() {
        Some("user") => Role::User,
        Some("assistant") => Role::Assistant,
        Some("system") => Role::System,
        Some(other) => return Err(path.key("role").unknown(other, known)),
        None => return Err(fields.missing("role", known)),
    };
    let content = path.key("content");
    let tree = fields.required("content", "a text or a list of blocks")?;
    let content = read_content(tree, &content)?;
    let first = messages.len();
    for part in content.parts {
        let role = match part {
            Part::ToolResult(_) if role == Role::User => Role::Tool,
            _ => role,
        };
        match messages[first..].last_mut() {
            Some(last) if matches!(part, Part::Extra(_)) => last.parts.push(part),
            Some(last) if last.role == role && role != Role::Tool => last.parts.push(part),
            _ => messages.push(Message::new(role, vec![part])),
        }
    }
    if messages.len() == first {
        messages.push(Message::new(role, Vec::new()));
    }
    if let Some(last) = messages.last_mut() {
        last.extra = fields.rest();
        last.form = content.form;
    }
    Ok(())
}

fn read_tool(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<ToolDefinition, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    // Some of the provider's own tools have no name, such as `mcp_toolset`.
    let kind = fields.peek("type").and_then(BorrowedValue::as_text);
    let kind = kind.filter(|kind| *kind != "custom").map(str::to_owned);
    let name = match (fields.text("name")?, kind) {
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => return Err(fields.missing("name", "a text")),
    };
    let mut tool = ToolDefinition::new(name);
    tool.description = fields.text_with_words("description")?.unwrap_or_default();
    tool.parameters = fields.take("input_schema").unwrap_or_default().into();
    tool.extra = fields.rest();
    Ok(tool)
}

/// Writes the body of a request, as a client would send it.
///
/// # Errors
/// If this wire has no place for a part of the request: the name of a participant, a refusal, reasoning that is not the model's, …; or if
/// the arguments of a tool call are not JSON.
///
/// ```
/// use mock_core::{Request, wire::anthropic::{read_request, write_request}};
///
/// let request = Request::new("claude").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!((&body["system"], &body["max_tokens"]), (&"Be brief.".into(), &100.into()));
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    let mut body = request.extra.clone();
    body.insert("model".into(), request.model.as_str().into());
    let instructs = |message: &&Message| matches!(message.role, Role::System | Role::Developer);
    let instructions = request.messages.iter().take_while(instructs).count();
    let (instructions, messages) = request.messages.split_at(instructions);
    if !instructions.is_empty() {
        body.insert("system".into(), write_system(instructions)?);
    }
    body.insert("messages".into(), write_messages(messages)?.into());
    if !request.tools.is_empty() {
        let tools: Vec<_> = request.tools.iter().map(write_tool).collect();
        body.insert("tools".into(), tools.into());
    }
    insert_options(&mut body, request);
    if let Some(most) = request.max_tokens {
        body.insert("max_tokens".into(), most.into());
    }
    Ok(body.into())
}

fn write_system(messages: &[Message]) -> Result<Value, WriteError> {
    let place = "instructions";
    let mut blocks = Vec::new();
    for message in messages {
        WIRE.check_name(message)?;
        if !message.extra.is_empty() {
            return Err(WIRE.no_place("extra fields", place));
        }
        blocks.extend(write_blocks(&message.parts, place)?);
    }
    let form = match messages {
        [only] => only.form,
        _ => ContentForm::Usual,
    };
    Ok(write_content(blocks, "text", form))
}

/// A message that is not complete: tool results wait for the next message of the user, which is joined with them.
struct Draft<'a> {
    role: &'static str,
    blocks: Vec<Value>,
    message: &'a Message,
}

impl Draft<'_> {
    fn takes(&self, next: &Message) -> bool {
        let continues = match next.role {
            Role::Tool => true,
            Role::User => !next.parts.is_empty(),
            _ => false,
        };
        continues && self.message.role == Role::Tool && self.message.extra.is_empty()
    }

    fn write(self) -> Value {
        let content = write_content(self.blocks, "text", self.message.form);
        let mut message = fields(json!({ "role": self.role, "content": content }));
        merge(&mut message, self.message.extra.clone());
        message.into()
    }
}

fn write_messages(messages: &[Message]) -> Result<Vec<Value>, WriteError> {
    let mut written = Vec::new();
    let mut draft: Option<Draft<'_>> = None;
    for message in messages {
        WIRE.check_name(message)?;
        let (role, place) = match message.role {
            Role::User => ("user", "a message of the user"),
            Role::Assistant => ("assistant", "a message of the model"),
            Role::Tool => ("user", "a tool message"),
            Role::System | Role::Developer => ("system", "instructions"),
        };
        check_parts(message, WIRE, place)?;
        let blocks = write_blocks(&message.parts, place)?;
        match &mut draft {
            Some(draft) if draft.takes(message) => {
                draft.blocks.extend(blocks);
                draft.message = message;
            }
            _ => {
                let next = Draft {
                    role,
                    blocks,
                    message,
                };
                written.extend(draft.replace(next).map(Draft::write));
            }
        }
    }
    written.extend(draft.map(Draft::write));
    Ok(written)
}

fn write_tool(tool: &ToolDefinition) -> Value {
    let mut written = Map::new();
    if tool.extra.get("type").and_then(Value::as_str) != Some(&tool.name) {
        written.insert("name".into(), tool.name.as_str().into());
    }
    if !tool.description.is_empty() {
        written.insert("description".into(), tool.description.as_str().into());
    }
    if !tool.parameters.is_null() {
        written.insert("input_schema".into(), tool.parameters.clone());
    }
    merge(&mut written, tool.extra.clone());
    written.into()
}
