//! The replies to a request: errors, JSON and texts, with the headers of any reply.

use std::time::Duration;

use hyper::ext::ReasonPhrase;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response as HttpResponse, StatusCode};
use serde_json::Value;

use super::answer_body::AnswerBody;
use crate::chat::error::{ProviderError, RawResponse};
use crate::scenario::Str;
#[cfg(feature = "ollama")]
use crate::server::content_type::TEXT;
use crate::server::content_type::{EVENT_STREAM, JSON};
use crate::server::created_at::created_at;
use crate::server::exchange::Ending;
use crate::server::served_request::ServedRequest;

pub(in crate::server) type Reply = HttpResponse<AnswerBody>;

impl ServedRequest {
    /// Answers with an error of the server's: the request did not become a call.
    pub(in crate::server) fn reject(self, error: ProviderError) -> Reply {
        self.connection
            .server
            .note_problem(&self.exchange, &error.message);
        self.error_with_body(error, None)
    }

    /// Answers with an error: with the body that the scenario or a recording has for it, byte for byte, or else with the provider's.
    pub(in crate::server) fn error(self, error: ProviderError) -> Reply {
        let raw = error.raw.as_ref();
        let body = raw.and_then(|raw| raw.body.clone());
        self.error_with_body(error, body)
    }

    fn error_with_body(self, mut error: ProviderError, body: Option<Str>) -> Reply {
        error
            .status
            .get_or_insert(StatusCode::INTERNAL_SERVER_ERROR.as_u16());
        let (_, id) = self.request_id();
        let Some(written) = self
            .wire
            .write_error(&error, self.dialect(), &id, self.now())
        else {
            // `write_error` returns `None` only for an error without a status.
            return self.json(StatusCode::INTERNAL_SERVER_ERROR, &Value::Null);
        };
        let RawResponse {
            headers: custom, ..
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

    pub(in crate::server) fn json(self, status: StatusCode, body: &Value) -> Reply {
        // `to_vec` takes a third of the time of `to_string`.
        let text = serde_json::to_vec(body).unwrap_or_default();
        let body = AnswerBody::whole(&self.connection, text, Ending::Completed);
        self.reply(status, JSON, body)
    }

    #[cfg(feature = "ollama")]
    pub(in crate::server) fn text(self, text: &'static str) -> Reply {
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
    pub(super) fn success(
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
        created_at(elapsed.saturating_add(ALL_BUT_A_SECOND))
    }
}

/// Adds headers to a reply. The scenario's headers replace others of the same name.
pub(super) fn put(headers: &[(Str, Str)], reply: &mut Reply) {
    for (name, _) in headers {
        reply.headers_mut().remove(&**name);
    }
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        // Header names and values have been checked before, also those of a closure's answer.
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            reply.headers_mut().append(name, value);
        }
    }
}
