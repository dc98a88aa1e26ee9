//! The bodies of errors.

use serde_json::{Value, json};

use super::{Dialect, ErrorForm};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{kept_body, kept_data};
use crate::wire::openai;
use crate::wire::write::data;
use crate::wire::{ErrorReply, openai::write_error};

impl Dialect {
    /// Writes an error as [`write_error`] does, in the form of this dialect.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError, scenario::Profile, wire::openai::Dialect};
    /// use serde_json::json;
    ///
    /// let error = ProviderError::at(Profile::Mistral, ErrorKind::Auth);
    /// let reply = Dialect::from_profile(Profile::Mistral).write_error(&error, "1", 0).expect("it has a status");
    /// assert_eq!((reply.status, reply.body), (401, json!({ "detail": "Invalid API Key" })));
    /// assert_eq!(reply.headers, [("mistral-correlation-id", "1".to_owned())]);
    /// ```
    pub fn write_error(
        &self,
        error: &ProviderError,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        let mut reply = write_error(error, request_id, now)?;
        reply.body = self.error_body(error);
        for (name, _) in &mut reply.headers {
            if *name == openai::REQUEST_ID {
                *name = self.request_id_header;
            }
        }
        Some(reply)
    }

    /// Writes an error in the middle of a stream, as a frame of server-sent events.
    pub fn write_stream_error(&self, error: &ProviderError) -> String {
        match kept_data(error) {
            Some(kept) => data(&kept),
            None => data(&self.error_body(error)),
        }
    }

    pub(in crate::wire::openai) fn error_body(&self, error: &ProviderError) -> Value {
        if let Some(body) = kept_body(error) {
            return body;
        }
        let message = &*error.message;
        let status = error.status;
        let (kind, code) = type_and_code(error);
        let is_custom = error.raw.as_ref().is_some_and(|raw| raw.sets_code);
        let own = code.filter(|_| is_custom);
        let own_or_status = || own.map_or_else(|| number(status), Value::from);
        let openai = || {
            json!({ "error": {
                "message": message, "type": kind, "param": error.param, "code": code,
            } })
        };
        match self.error {
            ErrorForm::Openai => openai(),
            ErrorForm::TypeTwice => json!({ "error": {
                "message": message, "type": kind, "param": error.param, "code": own.unwrap_or(kind),
            } }),
            ErrorForm::Short => {
                let mut body = json!({ "error": { "message": message, "type": kind } });
                for (name, value) in [("param", error.param.as_deref()), ("code", code)] {
                    if let Some(value) = value {
                        body["error"][name] = value.into();
                    }
                }
                body
            }
            ErrorForm::Azure => match error.kind {
                ErrorKind::NotFound if own.is_none() => json!({ "error": {
                    "code": "DeploymentNotFound", "message": message,
                } }),
                ErrorKind::ContentFilter if own.is_none() => json!({ "error": {
                    "message": message, "type": null, "param": "prompt", "code": "content_filter",
                    "status": status,
                } }),
                ErrorKind::Auth | ErrorKind::RateLimit => {
                    let code = match own_or_status() {
                        Value::Number(code) => Value::from(code.to_string()),
                        code => code,
                    };
                    json!({ "error": { "code": code, "message": message } })
                }
                _ => openai(),
            },
            ErrorForm::Status => json!({ "error": {
                "message": message, "code": own_or_status(),
            } }),
            ErrorForm::StatusAndType => json!({ "error": {
                "code": own_or_status(), "message": message, "type": llamacpp_type(error.kind),
            } }),
            ErrorForm::Flat if error.kind == ErrorKind::Auth && own.is_none() => {
                json!({ "detail": message })
            }
            ErrorForm::Flat => {
                let (kind, code) = mistral_type(error.kind).unwrap_or((kind, None));
                json!({
                    "object": "error", "message": message, "type": kind, "param": error.param,
                    "code": own.or(code),
                })
            }
            ErrorForm::Text => {
                let code = own.unwrap_or_else(|| xai_code(error.kind));
                json!({ "code": code, "error": message })
            }
        }
    }
}

/// The `type` and the `code` of OpenAI's error. A code of the scenario stays as it is.
fn type_and_code(error: &ProviderError) -> (&'static str, Option<&str>) {
    let (kind, own) = error.kind.openai();
    let is_custom = error.raw.as_ref().is_some_and(|raw| raw.sets_code);
    let code = match error.code.as_deref() {
        code if !is_custom && code == error.kind.code_at(Profile::Openai) => own,
        code => code,
    };
    (kind, code)
}

fn number(status: Option<u16>) -> Value {
    status.map_or(Value::Null, Value::from)
}

fn llamacpp_type(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Auth => "authentication_error",
        ErrorKind::Permission => "permission_error",
        ErrorKind::NotFound => "not_found_error",
        ErrorKind::ContextLength => "exceed_context_size_error",
        ErrorKind::Overloaded => "unavailable_error",
        ErrorKind::BadRequest
        | ErrorKind::ContentFilter
        | ErrorKind::Unscripted
        | ErrorKind::Unsupported => "invalid_request_error",
        _ => "server_error",
    }
}

/// What Mistral says in words and numbers of its own.
fn mistral_type(kind: ErrorKind) -> Option<(&'static str, Option<&'static str>)> {
    match kind {
        ErrorKind::NotFound => Some(("invalid_model", Some("1500"))),
        ErrorKind::RateLimit => Some(("rate_limited", Some("1300"))),
        _ => None,
    }
}

fn xai_code(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::RateLimit | ErrorKind::Quota => "resource-exhausted",
        ErrorKind::Permission => "permission-denied",
        ErrorKind::Overloaded => "unavailable",
        ErrorKind::Timeout => "deadline-exceeded",
        ErrorKind::ServerError | ErrorKind::Generic => "internal",
        _ => "invalid-argument",
    }
}
