//! Reads and writes requests.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::message::{read_message, write_message};
use crate::chat::request::{Request, ToolDefinition};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{WriteError, fields, insert_options, merge};

/// How many answers a request may ask for.
pub(super) const MOST_ANSWERS: usize = 128;

/// Reads the body of a request.
///
/// Fields that [`Request`] does not have are in [`Request::extra`]: `stream_options`, `tool_choice`, `response_format`, … So is
/// `max_tokens`, the older name of `max_completion_tokens`; [`Request::max_tokens`] is the one that is present. It does not
/// [`check`](super::check) whether a provider would accept the request: a body without model or messages can be read.
///
/// # Errors
/// If a field has the wrong type, or a role or the type of a tool call is unknown.
///
/// ```
/// use mock_core::wire::openai::read_request;
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "gpt-4o",
///     "messages": [{"role": "user", "content": "Hello"}],
///     "max_completion_tokens": 100,
///     "stream": true,
/// }))?;
/// assert_eq!((request.max_tokens, request.stream), (Some(100), Some(true)));
///
/// let error = read_request(json!({"messages": [{"role": "user", "content": 4}]})).unwrap_err();
/// assert_eq!(error.to_string(), "`messages[0].content` is a number: give it a text or a list of parts");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = Request::new(fields.text("model")?.unwrap_or_default());
    let path = Path::Body.key("messages");
    let messages = fields.list("messages")?;
    request.messages.reserve_exact(messages.len());
    for (index, message) in messages.into_iter().enumerate() {
        let message = read_message(message, &path.index(index), None)?;
        request.messages.push(message);
    }
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list_with_items("tools")?.into_iter().enumerate() {
        request.tools.push(read_tool(tool, &path.index(index))?);
    }
    request.temperature = fields.number("temperature")?;
    request.stream = fields.flag("stream")?;
    let older = fields.limit("max_tokens")?;
    request.max_tokens = fields.limit("max_completion_tokens")?.or(older);
    if let Some(older) = older {
        fields.keep("max_tokens", BorrowedValue::Number(older.into()));
    }
    request.extra = fields.rest();
    Ok(request)
}

/// Reads an item of `tools`.
pub(in crate::wire) fn read_tool(
    tree: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<ToolDefinition, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let kind = fields.word("type")?;
    if let Some(kind) = kind.filter(|kind| kind != "function") {
        return read_other_tool(fields, kind);
    }
    let function_path = path.key("function");
    let mut function = fields.within("function", &function_path)?;
    let mut tool = ToolDefinition::new(function.required_text("name")?);
    tool.description = function.text_with_words("description")?.unwrap_or_default();
    tool.parameters = function.take("parameters").unwrap_or_default().into();
    fields.keep("function", function.rest());
    tool.extra = fields.rest();
    Ok(tool)
}

/// A tool that is not a function: its name is where it may be, and all of it is kept.
fn read_other_tool<'b>(
    mut fields: Fields<'_, 'b>,
    kind: Cow<'b, str>,
) -> Result<ToolDefinition, ReadError> {
    let own = fields.peek(&kind).and_then(|own| own.get("name"));
    let name = own.or(fields.peek("name"));
    let name = name.and_then(BorrowedValue::as_text).unwrap_or(&kind);
    let mut tool = ToolDefinition::new(name).with_parameters(Value::Null);
    fields.keep("type", BorrowedValue::Text(kind));
    tool.extra = fields.rest();
    Ok(tool)
}

/// Writes the body of a request, as a client would send it.
///
/// The token limit is `max_completion_tokens`, unless [`Request::extra`] has the same value as `max_tokens`.
///
/// # Errors
/// If this wire has no place for a part of the request: redacted reasoning, a signature, a tool result that is marked as failed, an image
/// by its file id, …
///
/// ```
/// use mock_core::{Request, wire::openai::{read_request, write_request}};
/// use serde_json::json;
///
/// let request = Request::new("gpt-4o").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!(body["messages"][0], json!({"role": "system", "content": "Be brief."}));
/// assert_eq!(read_request(body)?, request);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_request(request: &Request) -> Result<Value, WriteError> {
    let mut messages = Vec::new();
    for message in &request.messages {
        write_message(message, &mut messages)?;
    }
    let mut body = request.extra.clone();
    body.insert("model".into(), request.model.as_str().into());
    body.insert("messages".into(), messages.into());
    if !request.tools.is_empty() {
        let tools: Vec<_> = request.tools.iter().map(write_tool).collect();
        body.insert("tools".into(), tools.into());
    }
    insert_options(&mut body, request);
    if let Some(most) = request.max_tokens
        && body.get("max_tokens") != Some(&most.into())
    {
        body.insert("max_completion_tokens".into(), most.into());
    }
    Ok(body.into())
}

/// Writes an item of `tools`.
pub(in crate::wire) fn write_tool(tool: &ToolDefinition) -> Value {
    if tool.extra.contains_key("type") {
        return tool.extra.clone().into();
    }
    let mut function = fields(json!({ "name": tool.name }));
    if !tool.description.is_empty() {
        function.insert("description".into(), tool.description.as_str().into());
    }
    if !tool.parameters.is_null() {
        function.insert("parameters".into(), tool.parameters.clone());
    }
    let mut written = fields(json!({ "type": "function", "function": function }));
    merge(&mut written, tool.extra.clone());
    written.into()
}

/// Returns whether the request asks for the usage in a stream: whether `stream_options.include_usage` is `true`.
///
/// ```
/// use mock_core::{Request, wire::openai::includes_usage};
/// use serde_json::json;
///
/// let request = Request::new("gpt-4o").with_extra("stream_options", json!({"include_usage": true}));
/// assert!(includes_usage(&request));
/// ```
pub fn includes_usage(request: &Request) -> bool {
    let options = request.extra.get("stream_options");
    options.and_then(|options| options.get("include_usage")) == Some(&Value::Bool(true))
}

/// Returns the number of answers that a request asks for with `n`: from 1 to 128, and 1 if `n` is missing or another number.
///
/// ```
/// use mock_core::{Request, wire::openai::answers};
///
/// let request = Request::new("gpt-4o");
/// assert_eq!(answers(&request), 1);
/// assert_eq!(answers(&request.with_extra("n", 3)), 3);
/// ```
pub fn answers(request: &Request) -> usize {
    let n = request.extra.get("n").and_then(Value::as_u64);
    let n = n.and_then(|n| usize::try_from(n).ok());
    n.filter(|n| (1..=MOST_ANSWERS).contains(n)).unwrap_or(1)
}

/// The tier that serves a request, if it names one other than the default. The answer says `priority` for both names of this tier.
pub(crate) fn service_tier(request: &Request) -> Option<&'static str> {
    match request.extra.get("service_tier")?.as_str()? {
        "fast" | "priority" => Some("priority"),
        "flex" => Some("flex"),
        "scale" => Some("scale"),
        "ultrafast" => Some("ultrafast"),
        _ => None,
    }
}
