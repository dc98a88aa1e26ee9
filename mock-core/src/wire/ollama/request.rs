//! Reads and writes requests.

use serde_json::Value;

use super::message::{read_message, write_message};
use super::options::{read_options, write_options};
use crate::chat::request::Request;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::openai::{read_tool, write_tool};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::WriteError;

/// Reads the body of a request of `/api/chat`.
///
/// Fields that the neutral type does not have stay in [`Request::extra`]: `format`, `think`, `keep_alive`, the other `options`, … A request
/// without `stream` asks for a stream, and has `None`. This does not check whether Ollama would accept the request: [`check`](super::check)
/// does.
///
/// # Errors
/// If a field has the wrong type, or a role is unknown.
///
/// ```
/// use mock_core::{Role, wire::ollama::read_request};
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "llama3.2",
///     "messages": [
///         {"role": "user", "content": "What time is it?"},
///         {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "get_time", "arguments": {"zone": "CET"}}}]},
///         {"role": "tool", "tool_name": "get_time", "content": "noon"},
///     ],
///     "options": {"temperature": 0.5, "num_ctx": 4096},
/// }))?;
/// let call = request.messages[1].tool_calls().next().expect("a call");
/// assert_eq!((&*call.id, &*call.arguments), ("", r#"{"zone":"CET"}"#));
/// assert_eq!(request.messages[2].name.as_deref(), Some("get_time"));
/// assert_eq!((request.temperature, request.stream), (Some(0.5), None));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<Request, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<Request, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = Request::new(fields.text("model")?.unwrap_or_default());
    let path = Path::Body.key("messages");
    for (index, message) in fields.list("messages")?.into_iter().enumerate() {
        request
            .messages
            .push(read_message(message, &path.index(index))?);
    }
    let path = Path::Body.key("tools");
    for (index, tool) in fields.list_with_items("tools")?.into_iter().enumerate() {
        request.tools.push(read_tool(tool, &path.index(index))?);
    }
    request.stream = fields.flag("stream")?;
    read_options(&mut fields, &mut request)?;
    request.extra = fields.rest();
    Ok(request)
}

/// Makes a request that does not say whether it wants a stream ask for one, as Ollama does on `/api/chat` and `/api/generate`.
pub(crate) fn stream_by_default(mut request: Request) -> Request {
    request.stream.get_or_insert(true);
    request
}

/// Writes the body of a request of `/api/chat`, as a client would send it.
///
/// # Errors
/// If the request contains something that this wire cannot express: an image by its URL, a name of a participant, a signature, a tool
/// result marked as failed, …; or if arguments of a tool call are not a JSON object.
///
/// ```
/// use mock_core::{Request, wire::ollama::{read_request, write_request}};
///
/// let request = Request::new("llama3.2").system("Be brief.").user("Hello").with_max_tokens(100);
/// let body = write_request(&request)?;
/// assert_eq!(body["options"]["num_predict"], 100);
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
    if let Some(stream) = request.stream {
        body.insert("stream".into(), stream.into());
    }
    write_options(request, &mut body)?;
    Ok(body.into())
}
