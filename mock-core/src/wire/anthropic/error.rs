//! Reads and writes errors.

use std::time::Duration;

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{ErrorFields, ErrorResponse, keep_body, kept_body, kept_data};
use crate::wire::retry_after_header::{retry_after, retry_headers};
use crate::wire::time;
use crate::wire::write::event;

/// Writes an error as an HTTP response; `None` if it has no status, such as a lost connection. `now` is the current time in seconds since
/// 1970.
///
/// The headers contain the request's id; `retry-after` and `retry-after-ms` if the error has a `retry_after`; and, for a rate limit,
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
pub fn write_error(error: &ProviderError, request_id: &str, now: u64) -> Option<ErrorResponse> {
    let mut headers = vec![(super::REQUEST_ID, request_id.to_owned())];
    headers.extend(retry_headers(error));
    if error.kind == ErrorKind::RateLimit {
        headers.push(("anthropic-ratelimit-requests-remaining", "0".to_owned()));
        if let Some(wait) = error.retry_after {
            headers.push(("anthropic-ratelimit-requests-reset", reset(now, wait)));
        }
    }
    let mut body = write_body(error);
    add_request_id(&mut body, request_id);
    Some(ErrorResponse {
        status: error.status?,
        headers,
        body,
    })
}

fn add_request_id(body: &mut Value, request_id: &str) {
    if let Some(body) = body.as_object_mut() {
        let id = body.entry("request_id").or_insert(Value::Null);
        if id.is_null() {
            *id = request_id.into();
        }
    }
}

fn reset(now: u64, wait: Duration) -> String {
    let seconds = u64::try_from(time::seconds(wait)).unwrap_or(u64::MAX);
    time::rfc3339(now.saturating_add(seconds))
}

/// Writes an error in the middle of a stream, as a frame of server-sent events.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::anthropic::write_stream_error};
///
/// let error = ProviderError::at(Profile::Anthropic, ErrorKind::Overloaded);
/// assert!(write_stream_error(&error).starts_with("event: error\ndata: {"));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    match kept_data(error) {
        Some(kept) => event("error", &kept),
        None => event("error", &write_body(error)),
    }
}

/// Writes an error in the middle of a stream, with the id of the request, as the provider does.
pub(crate) fn write_error_of_stream(error: &ProviderError, request_id: &str) -> String {
    if kept_data(error).is_some() {
        return write_stream_error(error);
    }
    let mut body = write_body(error);
    if let Some(error) = body["error"].as_object_mut() {
        error.entry("details").or_insert(Value::Null);
    }
    add_request_id(&mut body, request_id);
    event("error", &body)
}

fn write_body(error: &ProviderError) -> Value {
    if let Some(body) = kept_body(error) {
        return body;
    }
    let kind = error.code.as_deref().unwrap_or(error.kind.anthropic());
    json!({ "type": "error", "error": { "type": kind, "message": error.message } })
}

/// Reads an error from its status, its headers (names in any case) and its body, in any format.
///
/// The kind is derived from the type, or else from the status. A conversation that is too long is only recognized by its message. Formats
/// of compatible servers are read too, such as `{"detail": ".."}`. A body in an unknown format, such as a gateway's page, becomes the
/// message. A body that contains more than the error's fields and the id of the request is kept in [`ProviderError::raw`].
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
    let mut json: Value = serde_json::from_str(body).unwrap_or_default();
    let mut error = from_fields(Some(status), ErrorFields::read_any(&json, body));
    remove_request_id(&mut json);
    let written = write_body(&error);
    keep_body(&mut error, body, &json, &written);
    error.retry_after = retry_after(headers);
    error
}

/// Reads an error within a stream. There is no status: it is the kind's.
pub(super) fn read_stream_error(data: &str, body: &Value) -> ProviderError {
    let mut error = from_fields(None, ErrorFields::read(body).unwrap_or_default());
    let mut json = body.clone();
    remove_request_id(&mut json);
    let written = write_body(&error);
    keep_body(&mut error, data, &json, &written);
    error
}

/// Leaves out the id: the writer adds one to each error.
fn remove_request_id(body: &mut Value) {
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
}

fn from_fields(status: Option<u16>, fields: ErrorFields) -> ProviderError {
    let ErrorFields {
        message,
        kind,
        status: status_in_body,
        ..
    } = fields;
    let status = status.or(status_in_body);
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
