//! Errors of any wire: [`ErrorResponse`], and the fields of their bodies.

use serde_json::Value;

use crate::chat::error::ProviderError;

/// An error as an HTTP response.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers of the error: names in lower case, and values. The content type is not included.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Value,
}

/// The fields of an error's body, whatever the provider's format.
#[derive(Debug, Default, PartialEq)]
pub(super) struct ErrorFields {
    pub(super) message: String,
    /// Its `type`.
    pub(super) kind: Option<String>,
    pub(super) code: Option<String>,
    pub(super) param: Option<String>,
    /// The status, if the code is a number.
    pub(super) status: Option<u16>,
}

impl ErrorFields {
    /// Reads `{"error": {"message", ..}}`, `{"error": "text", ..}`, `{"object": "error", "message", ..}`, `{"message", ..}` and
    /// `{"detail": ..}`; `None` if it is none of them.
    pub(super) fn read(body: &Value) -> Option<Self> {
        let (fields, message) = match (&body["error"], &body["message"], &body["detail"]) {
            (error @ Value::Object(_), _, _) => (error, error["message"].as_str()),
            (Value::String(text), _, _) | (_, Value::String(text), _) => (body, Some(&**text)),
            (_, _, Value::String(text)) => (body, Some(&**text)),
            (_, _, Value::Array(details)) => return Some(ErrorFields::from_details(details)),
            _ => return None,
        };
        let text = |name: &str| fields[name].as_str().map(str::to_owned);
        let number = fields["code"].as_u64();
        let status = number.and_then(|code| u16::try_from(code).ok());
        let status = status.filter(|status| (400..600).contains(status));
        let number = number.filter(|_| status.is_none());
        Some(ErrorFields {
            message: message.unwrap_or_default().to_owned(),
            kind: text("type"),
            code: text("code").or(number.map(|code| code.to_string())),
            param: text("param"),
            status,
        })
    }

    /// Reads the body of an error. `json` is the parsed body. If its format is unknown, the whole body is the message.
    pub(super) fn read_any(json: &Value, body: &str) -> Self {
        ErrorFields::read(json).unwrap_or_else(|| ErrorFields {
            message: body_excerpt(body),
            ..ErrorFields::default()
        })
    }

    /// A list of what is wrong with a request, each with its place.
    fn from_details(details: &[Value]) -> Self {
        let messages = details.iter().map(|detail| {
            let place = detail["loc"].as_array().into_iter().flatten();
            let place = place.map(|step| step.as_str().map_or(step.to_string(), str::to_owned));
            let message = detail["msg"].as_str().unwrap_or_default();
            format!("{}: {message}", place.collect::<Vec<_>>().join("."))
        });
        ErrorFields {
            message: messages.collect::<Vec<_>>().join("; "),
            kind: details
                .first()
                .and_then(|detail| detail["type"].as_str())
                .map(str::to_owned),
            ..ErrorFields::default()
        }
    }
}

/// Keeps the body of an error that has more than `written`, the body that would be written for it.
pub(super) fn keep_body(error: &mut ProviderError, body: &str, read: &Value, written: &Value) {
    if !body.is_empty() && !says_all(written, read) {
        error.raw.get_or_insert_default().body = Some(body.to_owned().into());
    }
}

/// The kept body of an error, as the data of a server-sent event.
pub(super) fn kept_data(error: &ProviderError) -> Option<String> {
    let body = error.raw.as_ref()?.body.as_ref()?;
    // A frame has a `data:` line for each line of the data.
    let mut lines = Vec::new();
    for line in body.lines() {
        lines.push(line.to_owned());
    }
    Some(lines.join("\ndata: "))
}

/// The kept body of an error, if it is JSON.
pub(super) fn kept_body(error: &ProviderError) -> Option<Value> {
    let body = error.raw.as_ref()?.body.as_ref()?;
    serde_json::from_str(body).ok()
}

/// Whether `written` has all fields of `read` that are not `null`.
fn says_all(written: &Value, read: &Value) -> bool {
    match (written, read) {
        (_, Value::Null) => true,
        (Value::Object(written), Value::Object(read)) => read
            .iter()
            .all(|(name, read)| says_all(written.get(name).unwrap_or(&Value::Null), read)),
        (written, read) => written == read,
    }
}

/// Returns the beginning of a body that is not in the provider's format, such as the page of a gateway.
pub(super) fn body_excerpt(body: &str) -> String {
    body.trim().chars().take(500).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_are_read_in_each_form() {
        let fields = |message: &str, kind: Option<&str>, code: Option<&str>, status| ErrorFields {
            message: message.to_owned(),
            kind: kind.map(str::to_owned),
            code: code.map(str::to_owned),
            param: None,
            status,
        };
        for (body, expected) in [
            (
                json!({ "error": { "message": "a", "type": "t", "code": "c" } }),
                fields("a", Some("t"), Some("c"), None),
            ),
            (
                json!({ "error": { "message": "a", "code": 429 } }),
                fields("a", None, None, Some(429)),
            ),
            (
                json!({ "error": { "message": "a", "code": 1234 } }),
                fields("a", None, Some("1234"), None),
            ),
            (
                json!({ "error": { "code": null } }),
                fields("", None, None, None),
            ),
            (
                json!({ "error": "a", "code": "c" }),
                fields("a", None, Some("c"), None),
            ),
            (
                json!({ "object": "error", "message": "a", "type": "t" }),
                fields("a", Some("t"), None, None),
            ),
            (json!({ "message": "a" }), fields("a", None, None, None)),
            (json!({ "detail": "a" }), fields("a", None, None, None)),
            (
                json!({ "detail": [{ "loc": ["body", 0], "msg": "a", "type": "t" }, { "msg": "b" }] }),
                fields("body.0: a; : b", Some("t"), None, None),
            ),
        ] {
            assert_eq!(ErrorFields::read(&body), Some(expected), "{body}");
        }
        for none in [
            json!({}),
            json!([]),
            json!("a"),
            json!({ "error": 1 }),
            json!({ "error": null }),
        ] {
            assert_eq!(ErrorFields::read(&none), None, "{none}");
        }
    }
}
