//! Reads and writes requests.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::WIRE;
use super::field_names::in_camel_case;
use super::part::{read_content_parts, read_part, write_parts};
use crate::chat::message::{Message, Role};
use crate::chat::request::{Request, ToolDefinition};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::check_parts;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, fields, merge};

/// Reads the body of a request.
///
/// The path of a request names its model and says whether it is streamed: [`Request::stream`] is `None`, and [`Request::model`] is what the
/// body says, if it says it. Fields that the neutral type does not have stay in [`Request::extra`]: `toolConfig`, `safetySettings`, all of
/// `generationConfig` but `temperature` and `maxOutputTokens`, … This does not check whether a provider would accept the request, so a body
/// without `contents` can be read: [`check`](super::check) does.
///
/// # Errors
/// If a field has the wrong type, or a role is unknown.
///
/// ```
/// use mock_core::{Role, wire::gemini::read_request};
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "system_instruction": {"parts": [{"text": "Be brief."}]},
///     "contents": [
///         {"role": "user", "parts": [{"text": "What time is it?"}]},
///         {"role": "model", "parts": [{"functionCall": {"name": "get_time", "args": {}}}]},
///         {"role": "user", "parts": [{"functionResponse": {"name": "get_time", "response": {"output": "noon"}}}]},
///     ],
///     "generationConfig": {"maxOutputTokens": 100},
/// }))?;
/// let roles: Vec<_> = request.messages.iter().map(|message| message.role).collect();
/// assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
/// assert_eq!((request.messages[3].name.as_deref(), request.max_tokens), (Some("get_time"), Some(100)));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(in_camel_case(body.into()))
}

/// Reads a body whose names are in camelCase.
pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let model = fields.word("model")?.unwrap_or_default();
    let mut request = Request::new(without_prefix(&model));
    let path = Path::Body.key("systemInstruction");
    if let Some(system) = fields.take("systemInstruction") {
        request.messages.push(read_system(system, &path)?);
    }
    let path = Path::Body.key("contents");
    for (index, content) in fields.list("contents")?.into_iter().enumerate() {
        read_content(content, &path.index(index), &mut request.messages)?;
    }
    let empty = read_tools(&mut fields, &mut request.tools)?.then(|| ("tools", json!([])));
    let empty_config = read_config(&mut fields, &mut request)?;
    request.extra = fields.rest();
    for (name, nothing) in empty.into_iter().chain(empty_config) {
        request.extra.insert(name.into(), nothing);
    }
    Ok(request)
}

/// The name of a model without `models/`.
pub(super) fn without_prefix(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

fn read_system(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Message, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let mut parts = Vec::new();
    let list = fields.list("parts")?;
    read_content_parts(list, &path.key("parts"), &mut parts)?;
    let mut message = Message::new(Role::System, parts);
    message.extra = fields.rest();
    Ok(message)
}

fn read_content(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
    messages: &mut Vec<Message>,
) -> Result<(), ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let sent_role = fields.text("role")?;
    let role = match sent_role.as_deref() {
        None | Some("user" | "function" | "tool") => Role::User,
        Some("model") => Role::Assistant,
        Some(other) => {
            let known = "`user` or `model`; function responses are parts of `user`";
            return Err(path.key("role").unknown(other, known));
        }
    };
    let parts = fields.list("parts")?;
    let path = path.key("parts");
    let first = messages.len();
    for (index, part) in parts.into_iter().enumerate() {
        let read = read_part(part, &path.index(index))?;
        let is_result = read.function.is_some();
        match messages[first..].last_mut() {
            Some(last) if !is_result && last.role == role => read.push_to(&mut last.parts),
            _ => {
                let of = if is_result { Role::Tool } else { role };
                let mut message = Message::new(of, Vec::new());
                message.name.clone_from(&read.function);
                read.push_to(&mut message.parts);
                messages.push(message);
            }
        }
    }
    if messages.len() == first {
        messages.push(Message::new(role, Vec::new()));
    }
    if let Some(last) = messages.last_mut() {
        last.extra = fields.rest();
        if let Some(sent_role) = sent_role.filter(|sent_role| sent_role != wire_role(last.role)) {
            last.extra.insert("role".into(), sent_role.into());
        }
    }
    Ok(())
}

fn wire_role(role: Role) -> &'static str {
    match role {
        Role::Assistant => "model",
        _ => "user",
    }
}

/// Reads the tools, and returns whether the list is empty. A provider's own tool is named after its field.
fn read_tools(
    fields: &mut Fields<'_, '_>,
    tools: &mut Vec<ToolDefinition>,
) -> Result<bool, ReadError> {
    let is_given = fields.peek("tools").is_some();
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list("tools")?.into_iter().enumerate() {
        let path = path.index(index);
        let mut tool = Fields::new(tool, &path)?;
        let declarations = tool.list("functionDeclarations")?;
        let at = path.key("functionDeclarations");
        for (index, declaration) in declarations.into_iter().enumerate() {
            tools.push(read_declaration(declaration, &at.index(index))?);
        }
        for (name, value) in tool.rest_but_nulls() {
            let mut of_provider = ToolDefinition::new(&*name).with_parameters(Value::Null);
            of_provider.extra.insert(name, value);
            tools.push(of_provider);
        }
    }
    Ok(is_given && tools.is_empty())
}

fn read_declaration(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<ToolDefinition, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let mut tool = ToolDefinition::new(fields.required_text("name")?);
    tool.description = fields.text("description")?.unwrap_or_default();
    let parameters = fields.take("parameters");
    tool.extra = fields.rest();
    tool.parameters = match parameters {
        Some(parameters) => parameters.into(),
        None => {
            let schema = tool.extra.get(JSON_SCHEMA);
            schema.cloned().unwrap_or_default()
        }
    };
    Ok(tool)
}

/// The field that holds a JSON schema, instead of the provider's own form of schema.
const JSON_SCHEMA: &str = "parametersJsonSchema";

/// Takes the temperature and the maximum of tokens from the configuration, and keeps the rest. Returns an empty configuration if the request
/// has one.
fn read_config(
    fields: &mut Fields<'_, '_>,
    request: &mut Request,
) -> Result<Option<(&'static str, Value)>, ReadError> {
    let path = Path::Body.key("generationConfig");
    let is_given = fields.peek("generationConfig").is_some();
    let mut config = fields.within("generationConfig", &path)?;
    request.temperature = config.number("temperature")?;
    request.max_tokens = config.limit("maxOutputTokens")?;
    let rest = config.rest();
    let has_nothing =
        rest.is_empty() && request.temperature.is_none() && request.max_tokens.is_none();
    fields.keep("generationConfig", rest);
    Ok((is_given && has_nothing).then(|| ("generationConfig", json!({}))))
}

/// The path and the query that a client asks for, after the version: `/models/gemini-2.5-flash:generateContent`.
///
/// ```
/// use mock_core::{Request, wire::gemini::path};
///
/// let request = Request::new("gemini-2.5-flash").with_stream(true);
/// assert_eq!(path(&request), "/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
/// ```
pub fn path(request: &Request) -> String {
    let method = match request.stream {
        Some(true) => "streamGenerateContent?alt=sse",
        _ => "generateContent",
    };
    format!("/models/{}:{method}", without_prefix(&request.model))
}

/// Writes the body of a request, as a client would send it. The [`path`] says whether the answer is streamed.
///
/// # Errors
/// If the request contains something that this wire cannot express: a name of a participant, a refusal, instructions after the beginning of
/// the conversation, …; or if arguments of a tool call are not a JSON object.
///
/// ```
/// use mock_core::{Request, wire::gemini::{read_request, write_request}};
///
/// let request = Request::new("gemini-2.5-flash").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!(body["systemInstruction"]["parts"][0]["text"], "Be brief.");
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    let mut body = request.extra.clone();
    if !request.model.is_empty() {
        let model = format!("models/{}", request.model);
        body.insert("model".into(), model.into());
    }
    let instructs = |message: &&Message| matches!(message.role, Role::System | Role::Developer);
    let instructions = request.messages.iter().take_while(instructs).count();
    let (instructions, messages) = request.messages.split_at(instructions);
    if !instructions.is_empty() {
        body.insert("systemInstruction".into(), write_system(instructions)?);
    }
    body.insert("contents".into(), write_contents(request, messages)?.into());
    if !request.tools.is_empty() {
        body.insert("tools".into(), write_tools(&request.tools).into());
    }
    let mut config = Map::new();
    if let Some(temperature) = request.temperature {
        config.insert("temperature".into(), temperature.into());
    }
    if let Some(most) = request.max_tokens {
        config.insert("maxOutputTokens".into(), most.into());
    }
    if !config.is_empty() {
        merge(&mut body, fields(json!({ "generationConfig": config })));
    }
    Ok(body.into())
}

fn write_system(messages: &[Message]) -> Result<Value, WriteError> {
    let place = "instructions";
    let mut parts = Vec::new();
    for message in messages {
        WIRE.check_name(message)?;
        if !message.extra.is_empty() && messages.len() > 1 {
            return Err(WIRE.no_place("extra fields of one of several messages", place));
        }
        check_parts(message, WIRE, place)?;
        parts.extend(write_parts(&message.parts, None, place)?);
    }
    let mut system = fields(json!({ "parts": parts }));
    if let [only] = messages {
        merge(&mut system, only.extra.clone());
    }
    Ok(system.into())
}

/// A content on its way: results of functions that follow one another are one content.
struct Draft<'a> {
    role: &'static str,
    parts: Vec<Value>,
    message: &'a Message,
}

impl Draft<'_> {
    fn takes(&self, next: &Message) -> bool {
        let both = self.message.role == Role::Tool && next.role == Role::Tool;
        both && self.message.extra.is_empty()
    }

    fn write(self) -> Value {
        let mut content = fields(json!({ "role": self.role, "parts": self.parts }));
        merge(&mut content, self.message.extra.clone());
        content.into()
    }
}

fn write_contents(request: &Request, messages: &[Message]) -> Result<Vec<Value>, WriteError> {
    let mut written = Vec::new();
    let mut draft: Option<Draft<'_>> = None;
    let functions = functions_of_calls(request);
    for message in messages {
        let (role, place) = match message.role {
            Role::User => ("user", "a message of the user"),
            Role::Assistant => ("model", "a message of the model"),
            Role::Tool => ("user", "a tool message"),
            Role::System | Role::Developer => {
                return Err(WIRE.no_place("instructions after the beginning", "a conversation"));
            }
        };
        if message.role != Role::Tool {
            WIRE.check_name(message)?;
        }
        check_parts(message, WIRE, place)?;
        let function = function_of(message, &functions);
        let parts = write_parts(&message.parts, function, place)?;
        match &mut draft {
            Some(draft) if draft.takes(message) => {
                draft.parts.extend(parts);
                draft.message = message;
            }
            _ => {
                let next = Draft {
                    role,
                    parts,
                    message,
                };
                written.extend(draft.replace(next).map(Draft::write));
            }
        }
    }
    written.extend(draft.map(Draft::write));
    Ok(written)
}

/// The function of each call of a conversation, by the call's id: as [`Request::tool_of_call`] finds it.
fn functions_of_calls(request: &Request) -> HashMap<&str, &str> {
    let mut functions = HashMap::new();
    for message in request.messages.iter().rev() {
        for call in message.tool_calls() {
            functions.entry(&*call.id).or_insert(&*call.name);
        }
    }
    functions
}

/// The name of the function that returned the results of a message: the message's, else that of the call.
fn function_of<'r>(message: &'r Message, functions: &HashMap<&'r str, &'r str>) -> Option<&'r str> {
    let of_call = || {
        let result = message.tool_results().next()?;
        functions.get(&*result.call_id).copied()
    };
    message.name.as_deref().or_else(of_call)
}

/// Consecutive function declarations are written as one tool; each tool of the provider is a tool of its own.
fn write_tools(tools: &[ToolDefinition]) -> Vec<Value> {
    let mut written: Vec<Value> = Vec::new();
    for tool in tools {
        if is_of_provider(tool) {
            written.push(tool.extra.clone().into());
            continue;
        }
        let declaration = write_declaration(tool);
        let last = written.last_mut();
        match last.and_then(|last| last.get_mut(DECLARATIONS)) {
            Some(Value::Array(declarations)) => declarations.push(declaration),
            _ => written.push(json!({ DECLARATIONS: [declaration] })),
        }
    }
    written
}

const DECLARATIONS: &str = "functionDeclarations";

fn is_of_provider(tool: &ToolDefinition) -> bool {
    let has_its_name = tool.extra.len() == 1 && tool.extra.contains_key(&tool.name);
    has_its_name && tool.parameters.is_null() && tool.description.is_empty()
}

fn write_declaration(tool: &ToolDefinition) -> Value {
    let mut written = fields(json!({ "name": tool.name }));
    if !tool.description.is_empty() {
        written.insert("description".into(), tool.description.as_str().into());
    }
    let is_given = tool.extra.get(JSON_SCHEMA) == Some(&tool.parameters);
    if !is_given && !tool.parameters.is_null() {
        written.insert("parameters".into(), tool.parameters.clone());
    }
    merge(&mut written, tool.extra.clone());
    written.into()
}
