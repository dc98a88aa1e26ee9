//! Reads and writes errors.

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::error::{ErrorFields, ErrorResponse, keep_body, kept_body};
use crate::wire::retry_after_header::{retry_after, retry_headers};

/// Writes an error as an HTTP answer. Returns `None` if it has no status, such as a broken connection.
///
/// The body is a text, `{"error": ".."}`. The headers have the request's id. If the error has a time to wait, they have `retry-after` and
/// `retry-after-ms` too. This wire has no times.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::ollama::write_error};
/// use serde_json::json;
///
/// let error = ProviderError::at(Profile::Ollama, ErrorKind::NotFound);
/// let reply = write_error(&error, "req_1", 0).expect("it has a status");
/// assert_eq!((reply.status, reply.body), (404, json!({"error": "model not found"})));
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, _now: u64) -> Option<ErrorResponse> {
    let mut headers = vec![(super::REQUEST_ID, request_id.to_owned())];
    headers.extend(retry_headers(error));
    Some(ErrorResponse {
        status: error.status?,
        headers,
        body: write_body(error),
    })
}

/// Writes an error within a stream, as a line.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, wire::ollama::write_stream_error};
///
/// let mut error = ProviderError::new(ErrorKind::ServerError);
/// error.message = "out of memory".into();
/// assert_eq!(write_stream_error(&error), "{\"error\":\"out of memory\"}\n");
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    // A body that is not JSON may have several lines, so it is sent unchanged.
    let text = error.raw.as_ref().and_then(|raw| raw.body.as_ref());
    match text.filter(|_| kept_body(error).is_none()) {
        Some(text) => format!("{}\n", text.trim_end_matches('\n')),
        None => format!("{}\n", write_body(error)),
    }
}

fn write_body(error: &ProviderError) -> Value {
    kept_body(error).unwrap_or_else(|| json!({ "error": error.message }))
}

/// Reads an error: the status, the headers (names in any case), and the body, whatever it is.
///
/// The status decides the kind. Only the message shows that a conversation is too long. A body that does not have the provider's format,
/// such as that of a gateway, is the message. A body with more than the message is kept in [`ProviderError::raw`].
///
/// ```
/// use mock_core::{ErrorKind, wire::ollama::read_error};
///
/// let error = read_error(404, [], r#"{"error":"model 'llama3.2' not found"}"#);
/// assert_eq!((error.kind, &*error.message), (ErrorKind::NotFound, "model 'llama3.2' not found"));
/// ```
pub fn read_error<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let message = ErrorFields::read_any(&json, body).message;
    let mut error = from_message(Some(status), message);
    let written = write_body(&error);
    keep_body(&mut error, body, &json, &written);
    error.retry_after = retry_after(headers);
    error
}

/// Reads an error within a stream. It has no status, so the kind comes from the provider's words, if they are known.
pub(super) fn read_stream_error(line: &str, body: &Value) -> ProviderError {
    let mut error = from_message(None, ErrorFields::read_any(body, line).message);
    let written = write_body(&error);
    keep_body(&mut error, line, body, &written);
    error
}

fn from_message(status: Option<u16>, message: String) -> ProviderError {
    let kind = kind_of(status, &message);
    let mut error = ProviderError::at(Profile::Ollama, kind);
    error.status = status.or(error.status);
    error.message = message;
    error
}

fn kind_of(status: Option<u16>, message: &str) -> ErrorKind {
    let is_too_long = [
        "exceeds the context length",
        "exceeds the available context",
    ];
    if is_too_long.any(&|words| message.contains(words)) {
        return ErrorKind::ContextLength;
    }
    if let Some(status) = status {
        return ErrorKind::from_status(status);
    }
    let begins = |kind: &&ErrorKind| message.starts_with(kind.message_at(Profile::Ollama));
    let mut answered = ErrorKind::ALL.iter().filter(|kind| kind.status().is_some());
    answered.find(begins).copied().unwrap_or(ErrorKind::Generic)
}
