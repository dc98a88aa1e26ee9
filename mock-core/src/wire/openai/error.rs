//! Reads errors, and writes them with their status and headers. `dialect/error_body.rs` writes the body.

use serde_json::Value;

use super::dialect::Dialect;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{ErrorFields, ErrorResponse, keep_body};
use crate::wire::retry_after_header::{retry_after, retry_headers};
use crate::wire::time;

/// Writes an error as an HTTP response; `None` if it has no status, such as a lost connection.
///
/// The headers contain the request's id; `retry-after` and `retry-after-ms` if the error has a `retry_after`; and, for a rate limit,
/// `x-ratelimit-remaining-requests` and `x-ratelimit-reset-requests`. This wire has no time of day.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::openai::write_error};
/// use serde_json::json;
///
/// let error = ProviderError::at(Profile::Openai, ErrorKind::Auth);
/// let reply = write_error(&error, "req_1", 0).expect("it has a status");
/// assert_eq!(reply.status, 401);
/// assert_eq!(reply.headers, [("x-request-id", "req_1".to_owned())]);
/// assert_eq!(reply.body["error"]["code"], "invalid_api_key");
///
/// assert_eq!(write_error(&ProviderError::new(ErrorKind::Connection), "req_1", 0), None);
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, _now: u64) -> Option<ErrorResponse> {
    let mut headers = vec![(super::REQUEST_ID, request_id.to_owned())];
    headers.extend(retry_headers(error));
    if error.kind == ErrorKind::RateLimit {
        headers.push(("x-ratelimit-remaining-requests", "0".to_owned()));
        if let Some(wait) = error.retry_after {
            headers.push(("x-ratelimit-reset-requests", time::short(wait)));
        }
    }
    Some(ErrorResponse {
        status: error.status?,
        headers,
        body: Dialect::from_profile(Profile::Openai).error_body(error),
    })
}

/// Writes an error in the middle of a stream, as a frame of server-sent events.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::openai::{StreamReader, write_stream_error}};
///
/// let error = ProviderError::at(Profile::Openai, ErrorKind::ServerError);
/// let frame = write_stream_error(&error);
/// let data = frame.strip_prefix("data: ").expect("it is a data line");
/// assert_eq!(StreamReader::new().read(data), Err(error));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    Dialect::from_profile(Profile::Openai).write_stream_error(error)
}

/// Reads an error from its status, its headers (names in any case) and its body, in any format.
///
/// The kind is derived from the code, or else from the status. Formats of compatible servers are read too, such as `{"detail": ".."}`. A
/// body in an unknown format, such as a gateway's page, becomes the message. A body that contains more than the error's fields is kept in
/// [`ProviderError::raw`].
///
/// ```
/// use mock_core::{ErrorKind, wire::openai::read_error};
/// use std::time::Duration;
///
/// let error = read_error(429, [("Retry-After", "2")], r#"{"error":{"message":"Slow down.","type":"requests","code":"rate_limit_exceeded"}}"#);
/// assert_eq!((error.kind, &*error.message), (ErrorKind::RateLimit, "Slow down."));
/// assert_eq!(error.retry_after, Some(Duration::from_secs(2)));
///
/// assert_eq!(read_error(503, [], "<html>Bad</html>").kind, ErrorKind::Overloaded);
/// ```
pub fn read_error<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    let json = serde_json::from_str(body).unwrap_or_default();
    let mut error = from_fields(Some(status), ErrorFields::read_any(&json, body));
    let written = Dialect::from_profile(Profile::Openai).error_body(&error);
    keep_body(&mut error, body, &json, &written);
    error.retry_after = retry_after(headers);
    error
}

/// Reads an error within a stream. There is no status: it is the kind's.
pub(super) fn read_stream_error(data: &str, body: &Value) -> ProviderError {
    let mut error = read_body(body);
    let written = Dialect::from_profile(Profile::Openai).error_body(&error);
    keep_body(&mut error, data, body, &written);
    error
}

/// Reads the body of an error within a stream: its status is the kind's.
pub(in crate::wire) fn read_body(body: &Value) -> ProviderError {
    from_fields(None, ErrorFields::read(body).unwrap_or_default())
}

fn from_fields(status: Option<u16>, fields: ErrorFields) -> ProviderError {
    let ErrorFields {
        message,
        kind,
        code,
        param,
        status: status_in_body,
    } = fields;
    let status = status.or(status_in_body);
    let of = kind_of(status, kind.as_deref().unwrap_or_default(), code.as_deref());
    let mut error = ProviderError::at(Profile::Openai, of);
    error.message = message;
    error.status = status.or(error.status);
    error.code = code.or(kind).map(Into::into);
    error.param = param.map(Into::into);
    error
}

fn kind_of(status: Option<u16>, kind: &str, code: Option<&str>) -> ErrorKind {
    let answered = || {
        ErrorKind::ALL
            .iter()
            .copied()
            .filter(|kind| kind.status().is_some())
    };
    let by_code = answered().find(|known| code.is_some() && known.openai().1 == code);
    let by_other_code = match code {
        // Azure's code for its content filter.
        Some("content_filter") => Some(ErrorKind::ContentFilter),
        // Sent by OpenAI's Responses, as zyycn/codex-proxy-rs#152 reports.
        Some("slow_down") => Some(ErrorKind::Overloaded),
        _ => None,
    };
    let quota = (kind == ErrorKind::Quota.openai().0).then_some(ErrorKind::Quota);
    let by_type = || match kind {
        "tokens" | "requests" => Some(ErrorKind::RateLimit),
        "timeout" => Some(ErrorKind::Timeout),
        // Compatible servers send this type without a code.
        "service_unavailable_error" => Some(ErrorKind::Overloaded),
        _ => answered().find(|known| known.openai() == (kind, None)),
    };
    let by_status = || match status {
        Some(status) => Some(ErrorKind::from_status(status)),
        None => by_type(),
    };
    let kind = by_code.or(by_other_code).or(quota).or_else(by_status);
    kind.unwrap_or(ErrorKind::Generic)
}
