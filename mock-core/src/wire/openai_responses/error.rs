//! Reads and writes errors: before an answer begins, as on Chat Completions; within a stream, as events.

use serde_json::{Map, Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::error::{ErrorResponse, keep_body, kept_body, kept_data};
use crate::wire::openai;
use crate::wire::write::{event, fields};

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
pub fn write_error(error: &ProviderError, request_id: &str, now: u64) -> Option<ErrorResponse> {
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

/// Writes the event `error`; `sequence` is its number in the stream. With a `type` of its own, the error is a field of the event.
pub(super) fn write_error_event(error: &ProviderError, sequence: u64) -> String {
    if let (Some(data), None) = (kept_data(error), kept_body(error)) {
        return event("error", &data);
    }
    let mut failure = write_failure(error);
    failure.entry("param").or_insert(json!(error.param));
    let mut payload = fields(json!({ "type": "error", "sequence_number": sequence }));
    match failure.contains_key("type") {
        true => {
            payload.insert("error".into(), failure.into());
        }
        false => payload.extend(failure),
    }
    event("error", &Value::from(payload))
}

/// The code that an error has within a stream, where there is no type beside it.
fn code(error: &ProviderError) -> Option<&str> {
    error
        .code
        .as_deref()
        .or(error.kind.code_at(Profile::OpenaiResponses))
}

/// Whether this error, in a stream that has begun, is the answer's status `failed`. Other errors are `error` events.
pub(crate) fn fails_the_answer(error: &ProviderError) -> bool {
    // A body that is not JSON cannot be a field of the answer, so it is an event of its own.
    let is_text = kept_data(error).is_some() && kept_body(error).is_none();
    !is_text
        && matches!(
            error.kind,
            ErrorKind::ServerError
                | ErrorKind::RateLimit
                | ErrorKind::Overloaded
                | ErrorKind::Quota
                | ErrorKind::ContextLength
                | ErrorKind::ContentFilter
        )
}

/// The field `error` of an answer that failed, with all fields of its kept body.
pub(super) fn write_failure(error: &ProviderError) -> Map<String, Value> {
    let kept = kept_body(error).and_then(|body| failure(&body).or(Some(body)));
    let mut failure = kept.map(fields).unwrap_or_default();
    failure.entry("code").or_insert(json!(code(error)));
    failure.entry("message").or_insert(json!(error.message));
    failure
}

/// The fields of the failure that an event is, if it is one: `response.failed`, `error`, or an error that a gateway sends without a type.
fn failure(event: &Value) -> Option<Value> {
    let mut failure = match event["type"].as_str() {
        Some("response.failed") => event["response"]["error"].clone(),
        Some("error") if event["error"].is_object() => event["error"].clone(),
        Some("error") => event.clone(),
        None if event["error"].is_object() => event["error"].clone(),
        _ => return None,
    };
    if let Some(fields) = failure.as_object_mut() {
        fields.remove("sequence_number");
        if fields.get("type").is_some_and(|kind| kind == "error") {
            fields.remove("type");
        }
    }
    Some(failure)
}

/// Reads an event that is an error within a stream; `None` if it is another event. An error that says more than its code, its message
/// and the field of the request keeps its fields, as the body `{"error": ..}`.
pub(super) fn read_stream_error(event: &BorrowedValue<'_>) -> Option<ProviderError> {
    let may_fail = match event.get("type").and_then(BorrowedValue::as_text) {
        Some("response.failed" | "error") => true,
        Some(_) => false,
        None => event.get("error").is_some(),
    };
    if !may_fail {
        return None;
    }
    let event = serde_json::to_value(event).unwrap_or_default();
    let failure = failure(&event)?;
    let mut error = read_failure(&failure);
    let mut written = write_failure(&error);
    written.insert("param".into(), json!(error.param));
    let body = json!({ "error": failure }).to_string();
    keep_body(&mut error, &body, &failure, &written.into());
    Some(error)
}

/// Reads the fields `code`, `message` and `param` of an error within a stream.
fn read_failure(fields: &Value) -> ProviderError {
    let text = |name: &str| fields[name].as_str();
    let body = json!({ "error": {
        "code": text("code"), "message": text("message"), "param": text("param"),
        // Some errors have a type as their code.
        "type": text("type").or(text("code")),
    }});
    let mut error = openai::read_error_body(&body);
    error.status = error.kind.status_at(Profile::OpenaiResponses);
    error
}
