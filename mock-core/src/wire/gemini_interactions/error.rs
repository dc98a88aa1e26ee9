//! Reads and writes errors.

use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{ErrorResponse, body_excerpt, keep_body, kept_body, kept_data};
use crate::wire::retry_after_header::{retry_after, retry_headers};
use crate::wire::write::event;

/// Writes an error as an HTTP answer. Returns `None` if it has no status, such as a broken connection.
///
/// The body has a `message` and a `code`, and no field for what is wrong. The headers say when to try again.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::gemini_interactions::write_error};
///
/// let error = ProviderError::at(Profile::Gemini, ErrorKind::RateLimit);
/// let reply = write_error(&error, "req_1", 0).expect("it has a status");
/// assert_eq!((reply.status, &reply.body["error"]["code"]), (429, &"rate_limit_exceeded".into()));
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, _now: u64) -> Option<ErrorResponse> {
    let mut headers = vec![(super::REQUEST_ID, request_id.to_owned())];
    headers.extend(retry_headers(error));
    Some(ErrorResponse {
        status: status_of(error)?,
        headers,
        body: write_body(error),
    })
}

/// The status of an error. A wrong key has another one than on the provider's other wire, unless the scenario sets it.
fn status_of(error: &ProviderError) -> Option<u16> {
    let is_set = error.raw.as_ref().is_some_and(|raw| raw.sets_status);
    let is_default = error.status == ErrorKind::Auth.status_at(Profile::Gemini);
    match error.kind {
        ErrorKind::Auth if is_default && !is_set => Some(401),
        _ => error.status,
    }
}

/// Writes an error within a stream, as a frame of server-sent events.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::gemini_interactions::write_stream_error};
///
/// let error = ProviderError::at(Profile::Gemini, ErrorKind::Overloaded);
/// let frame = write_stream_error(&error);
/// assert!(frame.starts_with("event: error\ndata: {"));
/// assert!(frame.contains("\"event_type\":\"error\""));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    if let Some(kept) = kept_data(error) {
        return event("error", &kept);
    }
    let body = json!({ "event_type": "error", "error": write_body(error)["error"] });
    event("error", &body)
}

fn write_body(error: &ProviderError) -> Value {
    if let Some(body) = kept_body(error) {
        return body;
    }
    let is_default = |code: &&str| *code != error.kind.gemini();
    let code = error.code.as_deref().filter(is_default);
    let code = code.unwrap_or(code_of(error.kind));
    json!({ "error": { "message": error.message, "code": code } })
}

/// The code of a kind.
fn code_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::RateLimit => "rate_limit_exceeded",
        ErrorKind::Quota => "quota_exceeded",
        ErrorKind::Auth => "authentication",
        ErrorKind::Permission => "permission_denied",
        ErrorKind::NotFound => "model_not_found",
        ErrorKind::Overloaded | ErrorKind::Connection => "service_unavailable",
        ErrorKind::Timeout => "deadline_exceeded",
        ErrorKind::ServerError | ErrorKind::InvalidResponse => "internal_error",
        ErrorKind::Generic => "unknown",
        ErrorKind::ContextLength => "context_length_exceeded",
        ErrorKind::ContentFilter => "content_blocked",
        ErrorKind::BadRequest | ErrorKind::Unscripted | ErrorKind::Unsupported => "invalid_request",
    }
}

/// The kind of a code; `None` for an unknown code.
fn kind_of(code: &str) -> Option<ErrorKind> {
    // Several kinds may share a code. The reader returns the kind listed here.
    match code {
        "invalid_request" | "failed_precondition" | "out_of_range" | "parameter_unknown" => {
            Some(ErrorKind::BadRequest)
        }
        "not_found" => Some(ErrorKind::NotFound),
        "payment_required" => Some(ErrorKind::Quota),
        "service_unavailable" => Some(ErrorKind::Overloaded),
        "internal_error" => Some(ErrorKind::ServerError),
        _ => {
            let mut kinds = ErrorKind::ALL.iter().copied();
            kinds.find(|kind| code_of(*kind) == code)
        }
    }
}

/// Reads an error: the status, the headers, and the body, whatever it is.
///
/// The code tells the kind, or else the status. A body that does not have the provider's format, such as that of a gateway, is the message.
/// A body with more than the error's fields is kept in [`ProviderError::raw`].
///
/// ```
/// use mock_core::{ErrorKind, wire::gemini_interactions::read_error};
///
/// let body = r#"{"error":{"message":"Wait.","code":"rate_limit_exceeded"}}"#;
/// let error = read_error(429, [("retry-after", "2")], body);
/// assert_eq!((error.kind, &*error.message), (ErrorKind::RateLimit, "Wait."));
/// ```
pub fn read_error<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let mut error = read_body(Some(status), &json);
    error.retry_after = retry_after(headers);
    if !json["error"].is_object() {
        error.message = body_excerpt(body);
    }
    let written = write_body(&error);
    keep_body(&mut error, body, &json, &written);
    error
}

/// Reads an error within a stream.
pub(super) fn read_stream_error(data: &str, body: &Value) -> ProviderError {
    let mut error = read_body(None, body);
    let mut written = write_body(&error);
    for own in ["event_type", "event_id"] {
        written[own] = body[own].clone();
    }
    keep_body(&mut error, data, body, &written);
    error
}

fn read_body(status: Option<u16>, body: &Value) -> ProviderError {
    let body = &body["error"];
    let code = body["code"].as_str();
    let by_status = || status.map_or(ErrorKind::Generic, ErrorKind::from_status);
    let kind = code.and_then(kind_of).unwrap_or_else(by_status);
    let mut error = ProviderError::at(Profile::Gemini, kind);
    error.message = body["message"].as_str().unwrap_or_default().to_owned();
    error.status = match (kind, status) {
        // Interactions sends the same error with 401, so keep the status.
        (ErrorKind::Auth, Some(401)) => error.status,
        (_, status) => status.or(error.status),
    };
    if let Some(code) = code.filter(|code| *code != code_of(kind)) {
        error.code = Some(code.to_owned().into());
    }
    error
}
