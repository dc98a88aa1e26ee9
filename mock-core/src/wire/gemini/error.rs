//! Reads and writes errors.

use std::time::Duration;

use serde_json::{Value, json};

use super::frame;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{ErrorResponse, body_excerpt, keep_body, kept_body, kept_data};
use crate::wire::write::{field, object};

const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const QUOTA_FAILURE: &str = "type.googleapis.com/google.rpc.QuotaFailure";
const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

/// The quota that is used up for the day, and the one that is for the minute.
const PER_DAY: &str = "GenerateRequestsPerDayPerProjectPerModel";
const PER_MINUTE: &str = "GenerateRequestsPerMinutePerProjectPerModel";

/// Writes an error as an HTTP answer. Returns `None` if it has no status, such as a broken connection.
///
/// The time to wait is in a `RetryInfo` among the details, as with the provider. No header has it. A wrong key has an `ErrorInfo`, a rate
/// limit and an exhausted quota have a `QuotaFailure`, and the field that is wrong is in a `BadRequest`.
///
/// ```
/// use std::time::Duration;
///
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::gemini::write_error};
///
/// let mut error = ProviderError::at(Profile::Gemini, ErrorKind::RateLimit);
/// error.retry_after = Some(Duration::from_millis(37_500));
/// let reply = write_error(&error, "req_1", 0).expect("it has a status");
/// assert_eq!((reply.status, &reply.body["error"]["status"]), (429, &"RESOURCE_EXHAUSTED".into()));
/// assert_eq!(reply.body["error"]["details"][1]["retryDelay"], "37.5s");
/// ```
pub fn write_error(error: &ProviderError, request_id: &str, _now: u64) -> Option<ErrorResponse> {
    Some(ErrorResponse {
        status: error.status?,
        headers: vec![(super::REQUEST_ID, request_id.to_owned())],
        body: write_error_body(error),
    })
}

/// Writes an error within a stream, as a frame of server-sent events.
///
/// ```
/// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::gemini::write_stream_error};
///
/// let error = ProviderError::at(Profile::Gemini, ErrorKind::Overloaded);
/// assert!(write_stream_error(&error).starts_with(r#"data: {"error":{"code":503,"#));
/// ```
pub fn write_stream_error(error: &ProviderError) -> String {
    match kept_data(error) {
        Some(kept) => frame(&kept),
        None => frame(&write_error_body(error)),
    }
}

/// The text of an error within a JSON array.
pub(super) fn write_array_error(error: &ProviderError) -> String {
    match error.raw.as_ref().and_then(|raw| raw.body.as_ref()) {
        Some(kept) => kept.to_string(),
        None => write_error_body(error).to_string(),
    }
}

pub(super) fn write_error_body(error: &ProviderError) -> Value {
    if let Some(body) = kept_body(error) {
        return body;
    }
    let status = error.status.or(error.kind.status_at(Profile::Gemini));
    let code = error.code.as_deref();
    let mut body = json!({
        "code": status.unwrap_or(500), "message": error.message,
        "status": code.unwrap_or(error.kind.gemini()),
    });
    let details = write_details(error);
    if !details.is_empty() {
        body["details"] = details.into();
    }
    json!({ "error": body })
}

fn write_details(error: &ProviderError) -> Vec<Value> {
    let mut details = Vec::new();
    if error.kind == ErrorKind::Auth {
        let service = field("service", "generativelanguage.googleapis.com".into());
        details.push(object(&mut [
            ("@type", ERROR_INFO.into()),
            ("reason", "API_KEY_INVALID".into()),
            ("domain", "googleapis.com".into()),
            ("metadata", service.into()),
        ]));
    }
    if let Some(quota) = match error.kind {
        ErrorKind::RateLimit => Some(PER_MINUTE),
        ErrorKind::Quota => Some(PER_DAY),
        _ => None,
    } {
        let violation = field("quotaId", quota.into()).into();
        details.push(object(&mut [
            ("@type", QUOTA_FAILURE.into()),
            ("violations", Value::Array(vec![violation])),
        ]));
    }
    if let Some(param) = &error.param {
        let violation = object(&mut [
            ("field", (&**param).into()),
            ("description", error.message.as_str().into()),
        ]);
        details.push(object(&mut [
            ("@type", BAD_REQUEST.into()),
            ("fieldViolations", Value::Array(vec![violation.into()])),
        ]));
    }
    if let Some(wait) = error.retry_after {
        details.push(object(&mut [
            ("@type", RETRY_INFO.into()),
            ("retryDelay", write_delay(wait).into()),
        ]));
    }
    let mut values = Vec::new();
    for detail in details {
        values.push(Value::from(detail));
    }
    values
}

/// A length of time in seconds: `37s`, `1.25s`.
fn write_delay(wait: Duration) -> String {
    let (seconds, nanos) = (wait.as_secs(), wait.subsec_nanos());
    if nanos == 0 {
        return format!("{seconds}s");
    }
    let fraction = format!("{nanos:09}");
    format!("{seconds}.{}s", fraction.trim_end_matches('0'))
}

fn read_delay(delay: &str) -> Option<Duration> {
    let (seconds, fraction) = match delay.strip_suffix('s')?.split_once('.') {
        Some((seconds, fraction)) => (seconds, fraction),
        None => (delay.strip_suffix('s')?, ""),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos = format!("{fraction:0<9}").parse().ok()?;
    Some(Duration::new(seconds.parse().ok()?, nanos))
}

/// Reads an error: the status, the headers, and the body, whatever it is. An array with one error is that error: a stream that is asked for
/// as an array has one.
///
/// The details and the status in the body decide the kind, or else the HTTP status. Only the message shows that a conversation is too long.
/// A body that does not have the provider's format, such as that of a gateway, is the message. A body with more than the error's fields is
/// kept in [`ProviderError::raw`].
///
/// ```
/// use std::time::Duration;
///
/// use mock_core::{ErrorKind, wire::gemini::read_error};
///
/// let body = r#"{"error":{"code":429,"message":"Wait.","status":"RESOURCE_EXHAUSTED","details":[
///     {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"37s"}]}}"#;
/// let error = read_error(429, [], body);
/// assert_eq!((error.kind, error.retry_after), (ErrorKind::RateLimit, Some(Duration::from_secs(37))));
/// ```
pub fn read_error<'a>(
    status: u16,
    _headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: &str,
) -> ProviderError {
    let json: Value = serde_json::from_str(body).unwrap_or_default();
    let json = match &json {
        Value::Array(items) => items.first().unwrap_or(&Value::Null),
        json => json,
    };
    let mut error = read_body(Some(status), json);
    if !json["error"].is_object() {
        error.message = body_excerpt(body);
    }
    let written = write_error_body(&error);
    keep_body(&mut error, body, json, &written);
    error
}

/// Reads an error within a stream. Its status is the one in its body.
pub(super) fn read_stream_error(data: &str, body: &Value) -> ProviderError {
    let code = body["error"]["code"].as_u64();
    let code = code.and_then(|code| u16::try_from(code).ok());
    let mut error = read_body(code, body);
    let written = write_error_body(&error);
    keep_body(&mut error, data, body, &written);
    error
}

fn read_body(status: Option<u16>, body: &Value) -> ProviderError {
    let body = &body["error"];
    let message = body["message"].as_str().unwrap_or_default();
    let code = body["status"].as_str();
    let details = Details(&body["details"]);
    let kind = kind_of(status, code, message, &details);
    let mut error = ProviderError::at(Profile::Gemini, kind);
    error.message = message.to_owned();
    error.status = status.or(error.status);
    error.code = code.map(|code| code.to_owned().into());
    error.param = details.field().map(Into::into);
    error.retry_after = details.delay();
    error
}

/// The details of an error.
struct Details<'v>(&'v Value);

impl<'v> Details<'v> {
    fn detail_of_type(&self, kind: &str) -> Option<&'v Value> {
        let mut details = self.0.as_array()?.iter();
        details.find(|detail| detail["@type"] == kind)
    }

    fn delay(&self) -> Option<Duration> {
        read_delay(self.detail_of_type(RETRY_INFO)?["retryDelay"].as_str()?)
    }

    fn field(&self) -> Option<&'v str> {
        self.detail_of_type(BAD_REQUEST)?["fieldViolations"][0]["field"].as_str()
    }

    fn has_wrong_key(&self) -> bool {
        let info = self.detail_of_type(ERROR_INFO);
        info.is_some_and(|info| info["reason"] == "API_KEY_INVALID")
    }

    fn is_for_the_day(&self) -> bool {
        let quota = || self.detail_of_type(QUOTA_FAILURE)?["violations"][0]["quotaId"].as_str();
        quota().is_some_and(|quota| quota.contains("PerDay"))
    }
}

fn kind_of(
    status: Option<u16>,
    code: Option<&str>,
    message: &str,
    details: &Details<'_>,
) -> ErrorKind {
    let by_status = status.map_or(ErrorKind::Generic, ErrorKind::from_status);
    match code {
        Some("INVALID_ARGUMENT" | "FAILED_PRECONDITION") if details.has_wrong_key() => {
            ErrorKind::Auth
        }
        Some("INVALID_ARGUMENT") if message.starts_with("The input token count") => {
            ErrorKind::ContextLength
        }
        Some("INVALID_ARGUMENT" | "FAILED_PRECONDITION" | "OUT_OF_RANGE") => ErrorKind::BadRequest,
        Some("UNAUTHENTICATED") => ErrorKind::Auth,
        Some("PERMISSION_DENIED") => ErrorKind::Permission,
        Some("NOT_FOUND") => ErrorKind::NotFound,
        Some("RESOURCE_EXHAUSTED") if details.is_for_the_day() => ErrorKind::Quota,
        Some("RESOURCE_EXHAUSTED") => ErrorKind::RateLimit,
        Some("INTERNAL") => ErrorKind::ServerError,
        Some("UNAVAILABLE") => ErrorKind::Overloaded,
        Some("DEADLINE_EXCEEDED" | "CANCELLED") => ErrorKind::Timeout,
        Some("UNKNOWN") => ErrorKind::Generic,
        _ => by_status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_written_in_seconds_and_read_back() {
        for (nanos, written) in [
            (0, "0s"),
            (37_000_000_000, "37s"),
            (1_250_000_000, "1.25s"),
            (1, "0.000000001s"),
        ] {
            let wait = Duration::from_nanos(nanos);
            assert_eq!(write_delay(wait), written);
            assert_eq!(read_delay(written), Some(wait));
        }
        for other in ["", "s", "37", "-1s", "1.5", "1.0000000001s", "1.xs", ".5s"] {
            assert_eq!(read_delay(other), None, "{other}");
        }
    }
}
