//! The body of an error in each dialect, OpenAI's own included.

use serde_json::Value;

use super::azure_content_filter;
use super::rejection::of_mistral;
use super::{Dialect, ErrorForm};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::error::{kept_body, kept_data};
use crate::wire::openai;
use crate::wire::write::{data, field, object};
use crate::wire::{ErrorResponse, openai::write_error};

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
    ) -> Option<ErrorResponse> {
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
        let (kind, code) = type_and_code(error, self.profile);
        let is_custom = error.raw.as_ref().is_some_and(|raw| raw.sets_code);
        let own = code.filter(|_| is_custom);
        let own_or_status = || own_code_or_status(own, error);
        let param = || Value::from(error.param.as_deref());
        match self.error {
            ErrorForm::Openai => openai_body(error, kind, code),
            ErrorForm::TypeTwice => openai_body(error, kind, Some(own.unwrap_or(kind))),
            ErrorForm::Short => {
                let mut body = object(&mut [("message", message.into()), ("type", kind.into())]);
                for (name, value) in [("param", param()), ("code", code.into())] {
                    if !value.is_null() {
                        body.insert(name.to_owned(), value);
                    }
                }
                field("error", body.into()).into()
            }
            ErrorForm::Azure => azure_body(error, kind, code, own),
            ErrorForm::Status => {
                within(&mut [("message", message.into()), ("code", own_or_status())])
            }
            ErrorForm::StatusAndType => within(&mut [
                ("code", own_or_status()),
                ("message", message.into()),
                ("type", llamacpp_type(error.kind).into()),
            ]),
            ErrorForm::Flat if error.kind == ErrorKind::Auth && own.is_none() => {
                field("detail", message.into()).into()
            }
            ErrorForm::Flat => {
                let known = mistral_type(error);
                let (kind, code) = known.unwrap_or((kind, None));
                let body = object(&mut [
                    ("object", "error".into()),
                    ("message", message.into()),
                    ("type", kind.into()),
                    ("param", param()),
                    ("code", own.or(code).into()),
                ]);
                body.into()
            }
            ErrorForm::Text => {
                let code = own.unwrap_or_else(|| xai_code(error.kind));
                object(&mut [("code", code.into()), ("error", message.into())]).into()
            }
        }
    }
}

/// The code that the scenario sets, or the status.
fn own_code_or_status(own: Option<&str>, error: &ProviderError) -> Value {
    own.map_or_else(|| number(error.status), Value::from)
}

fn openai_body(error: &ProviderError, kind: &str, code: Option<&str>) -> Value {
    within(&mut [
        ("message", (&*error.message).into()),
        ("type", kind.into()),
        ("param", error.param.as_deref().into()),
        ("code", code.into()),
    ])
}

fn azure_body(error: &ProviderError, kind: &str, code: Option<&str>, own: Option<&str>) -> Value {
    let message = &*error.message;
    match error.kind {
        ErrorKind::NotFound if own.is_none() => within(&mut [
            ("code", "DeploymentNotFound".into()),
            ("message", message.into()),
        ]),
        ErrorKind::ContentFilter if own.is_none() => within(&mut [
            ("message", message.into()),
            ("type", Value::Null),
            ("param", "prompt".into()),
            ("code", "content_filter".into()),
            ("status", number(error.status)),
            ("innererror", azure_content_filter::policy_violation()),
        ]),
        // The code is the status as a text:
        ErrorKind::Auth | ErrorKind::RateLimit => {
            let code = match own_code_or_status(own, error) {
                Value::Number(code) => Value::from(code.to_string()),
                code => code,
            };
            within(&mut [("code", code), ("message", message.into())])
        }
        _ => openai_body(error, kind, code),
    }
}

/// The body with an error of these fields.
fn within(error: &mut [(&str, Value)]) -> Value {
    field("error", object(error).into()).into()
}

/// The `type` and the `code` of OpenAI's error. A code of the scenario stays as it is.
fn type_and_code(error: &ProviderError, profile: Profile) -> (&'static str, Option<&str>) {
    let (kind, own) = error.kind.openai_at(profile);
    let is_custom = error.raw.as_ref().is_some_and(|raw| raw.sets_code);
    let code = match error.code.as_deref() {
        code if !is_custom && code == error.kind.code_at(profile) => own,
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

/// The types and codes that only Mistral has.
fn mistral_type(error: &ProviderError) -> Option<(&'static str, Option<&'static str>)> {
    match error.kind {
        ErrorKind::BadRequest => of_mistral(&error.message),
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
        ErrorKind::NotFound => "not-found",
        _ => "invalid-argument",
    }
}
