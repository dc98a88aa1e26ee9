//! A request, and the replies to it that the mock does not give, with the headers of any reply.

use std::sync::Arc;
use std::time::Duration;

use hyper::ext::ReasonPhrase;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response as HttpResponse, StatusCode};
use serde_json::{Value, json};

use super::answer_body::AnswerBody;
use super::connection::Connection;
use super::content_type::{EVENT_STREAM, JSON, TEXT};
use super::decompress::DecodeError;
use super::exchange::{Ending, Exchange};
use super::missing_feature::MissingFeature;
use super::wire::anthropic::ANTHROPIC;
use super::wire::{self, Wire};
use crate::chat::error::{ProviderError, RawReply};
use crate::chat::error_kind::ErrorKind;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::{Profile, Str};
use crate::wire::openai::Dialect;

pub(super) type Reply = HttpResponse<AnswerBody>;

/// A request, with everything that is needed to answer it.
pub(super) struct ServedRequest {
    pub(super) connection: Arc<Connection>,
    pub(super) exchange: Arc<Exchange>,
    pub(super) wire: Wire,
    /// The model that its path names.
    pub(super) model: Option<String>,
}

impl ServedRequest {
    /// Returns the provider that answers.
    pub(super) fn profile(&self) -> Profile {
        self.wire.profile(self.mock_profile())
    }

    /// Returns the provider's differences from OpenAI, on OpenAI's wires.
    pub(super) fn dialect(&self) -> &'static Dialect {
        Dialect::from_profile(self.mock_profile())
    }

    fn mock_profile(&self) -> Profile {
        self.connection.server.engine.scenario.profile
    }

    pub(super) fn too_long(self, limit: usize) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::BadRequest);
        error.message = format!("the body is longer than {limit} bytes: send less");
        error.status = Some(413);
        if self.wire == ANTHROPIC {
            error.code = Some("request_too_large".into());
        }
        self.refuse(error)
    }

    /// Refuses a body that cannot be decoded.
    pub(super) fn undecoded(self, problem: &DecodeError) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::BadRequest);
        error.message = problem.to_string();
        error.status = Some(problem.status());
        self.refuse(error)
    }

    /// Refuses a path of Azure without `api-version`, as Azure does.
    pub(super) fn without_version(self) -> Reply {
        const MESSAGE: &str = "Resource not found";
        const HELP: &str = "Azure's paths need a version: add `?api-version=2024-10-21`";
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        error.message = format!("{MESSAGE} [mock: {HELP}]");
        error.status = Some(StatusCode::NOT_FOUND.as_u16());
        let body = json!({ "error": { "code": "404", "message": error.message } });
        error.raw = Some(Box::new(RawReply {
            body: Some(body.to_string().into()),
            ..RawReply::default()
        }));
        self.refuse(error)
    }

    pub(super) fn wrong_method(
        self,
        method: &hyper::Method,
        path: &str,
        allowed: &'static str,
    ) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::BadRequest);
        let (path, method) = (
            shorten(path, MAX_QUOTED),
            shorten(method.as_str(), MAX_QUOTED),
        );
        error.message = format!("{path} takes no {method}: send a {allowed}");
        error.status = Some(405);
        let mut reply = self.refuse(error);
        let allowed = HeaderValue::from_static(allowed);
        reply.headers_mut().insert(ALLOW, allowed);
        reply
    }

    pub(super) fn unknown(self, method: &hyper::Method, path: &str) -> Reply {
        let message = match (path, without_doubled_version(path)) {
            ("/chat/completions", _) => {
                "there is no /chat/completions: the base URL must end in /v1".to_owned()
            }
            ("/responses", _) => "there is no /responses: the base URL must end in /v1".to_owned(),
            ("/messages", _) => "there is no /messages: write /v1/messages".to_owned(),
            ("/interactions", _) => {
                "there is no /interactions: write /v1beta/interactions".to_owned()
            }
            ("/embeddings", _) => {
                "there is no /embeddings: the base URL must end in /v1".to_owned()
            }
            (_, Some((version, once))) => format!(
                "there is no {}: did you mean `{}`? The base URL already ends with `{version}`",
                shorten(path, MAX_QUOTED),
                shorten(&once, MAX_QUOTED)
            ),
            _ => {
                // A request for a tunnel has no path.
                let connection = format!("{method} {path}");
                let connection = shorten(connection.trim_end(), MAX_QUOTED);
                let mut served = "/v1/chat/completions, /v1/responses and /v1/embeddings of OpenAI, /v1/messages of Anthropic, ".to_owned();
                if cfg!(feature = "gemini") {
                    served += "/v1beta/models/{model}:generateContent, :embedContent and /v1beta/interactions of Gemini, ";
                }
                if cfg!(feature = "ollama") {
                    served += "/api/chat, /api/generate and /api/embed of Ollama, ";
                }
                format!(
                    "there is no {connection}: the mock serves {served}their models, and what belongs to them"
                )
            }
        };
        self.not_served(message)
    }

    /// Refuses a path of a provider whose feature is off.
    pub(super) fn missing(self, feature: MissingFeature, path: &str) -> Reply {
        self.exchange.set_missing_feature(feature.name());
        self.not_served(feature.of_path(&shorten(path, MAX_QUOTED)))
    }

    fn not_served(self, message: String) -> Reply {
        let mut error = ProviderError::at(self.profile(), ErrorKind::NotFound);
        error.message = message;
        if self.wire != ANTHROPIC {
            error.code = None;
            error.status = Some(404);
        }
        self.refuse(error)
    }

    /// Answers with an error of the server's: the request did not become a call.
    pub(super) fn refuse(self, error: ProviderError) -> Reply {
        self.connection
            .server
            .note_problem(&self.exchange, &error.message);
        self.error(error)
    }

    pub(super) fn error(self, mut error: ProviderError) -> Reply {
        error
            .status
            .get_or_insert(StatusCode::INTERNAL_SERVER_ERROR.as_u16());
        let (_, id) = self.request_id();
        let Some(written) = self
            .wire
            .write_error(&error, self.dialect(), &id, self.now())
        else {
            // It has a status.
            return self.json(StatusCode::INTERNAL_SERVER_ERROR, &Value::Null);
        };
        let RawReply {
            headers: custom,
            body,
            ..
        } = error.raw.map(|raw| *raw).unwrap_or_default();
        let status = StatusCode::from_u16(written.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = written.headers;
        let body = body.map_or_else(|| written.body.to_string(), Str::into_owned);
        let body = AnswerBody::whole(&self.connection, body.into_bytes(), Ending::Completed);
        let mut reply = self.reply(status, JSON, body);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                let name = HeaderName::from_static(name);
                reply.headers_mut().insert(name, value);
            }
        }
        put(&custom, &mut reply);
        reply
    }

    pub(super) fn json(self, status: StatusCode, body: &Value) -> Reply {
        // A third of what `to_string` costs.
        let text = serde_json::to_vec(body).unwrap_or_default();
        let body = AnswerBody::whole(&self.connection, text, Ending::Completed);
        self.reply(status, JSON, body)
    }

    pub(super) fn text(self, text: &'static str) -> Reply {
        let text = text.as_bytes().to_vec();
        let body = AnswerBody::whole(&self.connection, text, Ending::Completed);
        self.reply(StatusCode::OK, TEXT, body)
    }

    pub(super) fn reply(
        self,
        status: StatusCode,
        content_type: &'static str,
        body: AnswerBody,
    ) -> Reply {
        self.exchange.set_status(status.as_u16());
        let mut reply = HttpResponse::new(body);
        *reply.status_mut() = status;
        if status.canonical_reason().is_none() {
            let none = ReasonPhrase::from_static(b"");
            reply.extensions_mut().insert(none);
        }
        let headers = reply.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if content_type == EVENT_STREAM {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        let (name, id) = self.request_id();
        if let Ok(id) = HeaderValue::try_from(id) {
            headers.insert(HeaderName::from_static(name), id);
        }
        reply
    }

    /// Returns the reply for an answer that has begun, with these headers of the scenario.
    pub(super) fn begun(
        self,
        headers: &[(Str, Str)],
        content_type: &'static str,
        body: AnswerBody,
    ) -> Reply {
        let mut reply = self.reply(StatusCode::OK, content_type, body);
        put(headers, &mut reply);
        reply
    }

    /// Returns the header for the id of the request, and the id.
    fn request_id(&self) -> (&'static str, String) {
        let seed = self.connection.server.engine.seed();
        let number = self.exchange.number() as u64;
        self.wire.request_id(self.dialect(), seed, number)
    }

    /// Returns the time on the wire, rounded up to a second, so that a reset time is never too early.
    fn now(&self) -> u64 {
        const ALL_BUT_A_SECOND: Duration = Duration::from_nanos(999_999_999);
        let elapsed = self.connection.server.engine.elapsed();
        wire::time(elapsed.saturating_add(ALL_BUT_A_SECOND))
    }
}

/// Adds headers to a reply. The scenario's headers replace others of the same name.
pub(super) fn put(headers: &[(Str, Str)], reply: &mut Reply) {
    for (name, _) in headers {
        reply.headers_mut().remove(&**name);
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        // It has been checked, where a closure answers with it too.
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            reply.headers_mut().append(name, value);
        }
    }
}

/// The version that is twice in a path, and the path with it once.
fn without_doubled_version(path: &str) -> Option<(&'static str, String)> {
    ["/v1beta", "/v1", "/api"].into_iter().find_map(|version| {
        let at = path.find(&format!("{version}{version}/"))?;
        let once = format!("{}{}", &path[..at], &path[at + version.len()..]);
        Some((version, once))
    })
}
