//! Errors: as those of Chat Completions before an answer has begun, and as events of their own within a stream.

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::ErrorReply;
use crate::wire::openai;
use crate::wire::write::event;

/// Writes an error as an HTTP response; `None` if it has no status, such as a lost connection.
///
/// The response is that of [Chat Completions](openai::write_error).
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::openai_responses::write_error};
///
/// let error = ProviderError::at(Profile::OpenaiResponses, ErrorKind::Auth);
/// let reply = write_error(&error, "req_1", 0).expect("it has a status");
/// assert_eq!((reply.status, &reply.body["error"]["code"]), (401, &"invalid_api_key".into()));
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, now: u64) -> Option<ErrorReply> {
    openai::write_error(error, request_id, now)
}

/// Reads an error from its status, its headers (names in any case) and its body, in any format.
///
/// ```
/// use mock_core::{ErrorKind, wire::openai_responses::read_error};
///
/// let error = read_error(400, [], r#"{"error":{"message":"No such model.","type":"invalid_request_error","code":"model_not_found"}}"#);
/// assert_eq!((error.kind, error.status), (ErrorKind::NotFound, Some(400)));
/// ```
pub fn read_error<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    openai::read_error(status, headers, body)
}

/// Writes the event `error`, as the first event of a stream.
///
/// If the answer has begun, an error of the model's run is a `response.failed` instead. [`StreamWriter::fail`](super::StreamWriter::fail)
/// writes the right one of the two.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile};
/// use mock_core::wire::openai_responses::{StreamReader, write_stream_error};
///
/// let error = ProviderError::at(Profile::OpenaiResponses, ErrorKind::ServerError);
/// let frame = write_stream_error(&error);
/// let data = frame.strip_prefix("event: error\ndata: ").expect("it has a name");
/// assert_eq!(StreamReader::new().read(data), Err(error));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    write_error_event(error, 0)
}

/// Writes the event `error`; `sequence` is its number in the stream.
pub(super) fn write_error_event(error: &ProviderError, sequence: u64) -> String {
    let code = code(error);
    let payload = json!({
        "type": "error", "sequence_number": sequence, "code": code, "message": error.message,
        "param": error.param,
    });
    event("error", &payload)
}

/// The code that an error has within a stream, where there is no type beside it.
fn code(error: &ProviderError) -> Option<&str> {
    error
        .code
        .as_deref()
        .or(error.kind.code_at(Profile::OpenaiResponses))
}

/// Whether an answer that has begun fails so by itself. Other errors are those of the stream.
pub(super) fn fails_the_answer(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ServerError
            | ErrorKind::RateLimit
            | ErrorKind::Overloaded
            | ErrorKind::Quota
            | ErrorKind::ContextLength
            | ErrorKind::ContentFilter
    )
}

/// The field `error` of an answer that failed.
pub(super) fn write_failure(error: &ProviderError) -> Value {
    json!({ "code": code(error), "message": error.message })
}

/// Reads the fields `code`, `message` and `param` of an error within a stream.
pub(super) fn read_failure(fields: &Value) -> ProviderError {
    let text = |name: &str| fields[name].as_str();
    let body = json!({ "error": {
        "code": text("code"), "message": text("message"), "param": text("param"),
        // The code may be the name of a type.
        "type": text("type").filter(|kind| *kind != "error").or(text("code")),
    }});
    let mut error = openai::read_error_body(&body);
    error.status = error.kind.status_at(Profile::OpenaiResponses);
    error
}
