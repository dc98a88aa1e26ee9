use std::time::Duration;

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{ErrorReply, error_object, retry_after, retry_headers, words};
use crate::wire::time;
use crate::wire::write::event;

/// Writes an error as an HTTP answer; `None` if it has no status, as a connection that breaks has none. `now` is the time, in
/// seconds since 1970.
///
/// Beside the request's id there are `retry-after` and `retry-after-ms` where the error says how long to wait, and, of a rate limit,
/// `anthropic-ratelimit-requests-remaining` and `anthropic-ratelimit-requests-reset`.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::anthropic::write_error};
/// use serde_json::json;
///
/// let error = ProviderError::at(Profile::Anthropic, ErrorKind::Overloaded);
/// let reply = write_error(&error, "req_1", 1_700_000_000).expect("it has a status");
/// assert_eq!(reply.status, 529);
/// assert_eq!(reply.body, json!({
///     "type": "error",
///     "error": {"type": "overloaded_error", "message": "Overloaded"},
///     "request_id": "req_1",
/// }));
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, now: u64) -> Option<ErrorReply> {
    let mut headers = vec![(super::REQUEST_ID, request_id.to_owned())];
    headers.extend(retry_headers(error));
    if error.kind == ErrorKind::RateLimit {
        headers.push(("anthropic-ratelimit-requests-remaining", "0".to_owned()));
        let reset = error.retry_after.map(|wait| reset(now, wait));
        headers.extend(reset.map(|reset| ("anthropic-ratelimit-requests-reset", reset)));
    }
    let mut body = write_body(error);
    body["request_id"] = request_id.into();
    Some(ErrorReply {
        status: error.status?,
        headers,
        body,
    })
}

fn reset(now: u64, wait: Duration) -> String {
    let seconds = u64::try_from(time::seconds(wait)).unwrap_or(u64::MAX);
    time::rfc3339(now.saturating_add(seconds))
}

/// Writes an error that comes within a stream, as a frame of server-sent events.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::anthropic::write_stream_error};
///
/// let error = ProviderError::at(Profile::Anthropic, ErrorKind::Overloaded);
/// assert!(write_stream_error(&error).starts_with("event: error\ndata: {"));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    event("error", &write_body(error))
}

fn write_body(error: &ProviderError) -> Value {
    let kind = error.code.as_deref().unwrap_or(error.kind.anthropic());
    json!({ "type": "error", "error": { "type": kind, "message": error.message } })
}

/// Reads an error: the status, the headers (names in any case), and the body, whatever it is.
///
/// The kind is told by the type, else by the status; a conversation that is too long, only by its words. A body that is not in the
/// provider's form, as a gateway's, is the message.
///
/// ```
/// use mock_core::{ErrorKind, wire::anthropic::read_error};
///
/// let body = r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#;
/// let error = read_error(529, [("retry-after-ms", "250")], body);
/// assert_eq!((error.kind, error.is_retryable()), (ErrorKind::Overloaded, true));
/// ```
pub fn read_error<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    let json = serde_json::from_str(body).unwrap_or_default();
    let mut error = read_body(Some(status), &json);
    if error_object(&json).is_none() {
        error.message = words(body);
    }
    error.retry_after = retry_after(headers);
    error
}

/// Reads the body of an error. Within a stream there is no status: it is the kind's.
pub(super) fn read_body(status: Option<u16>, body: &Value) -> ProviderError {
    let text = |field: &str| {
        let value = error_object(body)?.get(field)?;
        Some(value.as_str()?.to_owned())
    };
    let kind = text("type");
    let message = text("message").unwrap_or_default();
    let of = kind_of(status, kind.as_deref(), &message);
    let mut error = ProviderError::at(Profile::Anthropic, of);
    error.message = message;
    error.status = status.or(error.status);
    error.code = kind.map(Into::into);
    error
}

fn kind_of(status: Option<u16>, kind: Option<&str>, message: &str) -> ErrorKind {
    let by_status = status.map_or(ErrorKind::Generic, ErrorKind::from_status);
    match kind {
        Some("invalid_request_error") if message.starts_with("prompt is too long") => {
            ErrorKind::ContextLength
        }
        Some("timeout_error") => ErrorKind::Timeout,
        Some("request_too_large") => ErrorKind::BadRequest,
        Some(kind) => {
            let mut answered = ErrorKind::ALL
                .iter()
                .copied()
                .filter(|kind| kind.status().is_some());
            let known = answered.find(|known| known.anthropic() == kind);
            known.unwrap_or(by_status)
        }
        None => by_status,
    }
}
