//! Answers a request: what it asks for, what the mock says to it, how that is written.

use std::future::{pending, poll_fn};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request as HttpRequest, Response as HttpResponse, StatusCode};
use serde_json::Value;

use super::body::{Body, Events, unwritable};
use super::clock::Standstill;
use super::exchange::{Ending, Exchange, Head};
use super::line::Line;
use super::route::{Route, route};
use super::wire::{self, Wire, Writer};
use crate::engine::Claimed;
use crate::error::{ProviderError, RawReply};
use crate::kind::ErrorKind;
use crate::request::Request;
use crate::scenario::{FaultKind, Str};
use crate::wire::{openai, read_json};

/// The connection is to be closed, and no answer to be sent.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed without an answer")]
pub(super) struct Closed;

type Reply = HttpResponse<Body>;

/// One request, and what is needed to answer it.
struct Asked {
    line: Arc<Line>,
    exchange: Arc<Exchange>,
    wire: Wire,
}

/// Answers a request that has come on a line.
///
/// # Errors
/// If the connection is to be closed instead.
pub(super) async fn answer(
    line: Arc<Line>,
    request: HttpRequest<Incoming>,
) -> Result<Reply, Closed> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query();
    let exchange = line.begin(Head {
        method: head.method.as_str(),
        path: path.map_or(head.uri.path(), |path| path.as_str()),
        headers: &head.headers,
    });
    let home = line.server.engine.scenario.profile;
    let (wire, route) = route(&head.method, head.uri.path(), &head.headers, home);
    let asked = Asked {
        line,
        exchange,
        wire,
    };
    let body = match asked.receive(body).await {
        Received::Whole(body) => body,
        Received::TooLong(limit) => return Ok(asked.too_long(limit)),
        Received::Broken(problem) => {
            asked.line.server.note_problem(&asked.exchange, &problem);
            return Err(Closed);
        }
    };
    if !asked.line.server.accepts(key(&head.headers)) {
        return Ok(asked.refuse(ProviderError::at(wire.profile(), ErrorKind::Auth)));
    }
    match route {
        Route::Chat => asked.chat(&body).await,
        Route::Models => Ok(asked.models()),
        Route::Model(model) => Ok(asked.model(model)),
        Route::Only(method) => Ok(asked.wrong_method(&head.method, head.uri.path(), method)),
        Route::Unknown => Ok(asked.unknown(&head.method, head.uri.path())),
    }
}

/// The key that a request brings.
fn key(headers: &HeaderMap) -> Option<&str> {
    let value = |name| headers.get(name)?.to_str().ok();
    let bearer = |value: &'_ str| -> Option<usize> {
        let (scheme, _) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then_some(scheme.len() + 1)
    };
    value("x-api-key").or_else(|| {
        let value = value("authorization")?;
        Some(value[bearer(value)?..].trim())
    })
}

/// What has come of a body.
enum Received {
    Whole(Bytes),
    /// More than this many bytes.
    TooLong(usize),
    /// Not all of it, and why.
    Broken(String),
}

impl Asked {
    async fn receive(&self, body: Incoming) -> Received {
        let limit = self.line.server.longest_body();
        let received = match Limited::new(body, limit).collect().await {
            Ok(body) => Received::Whole(body.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Received::TooLong(limit),
            Err(error) => {
                let cause = error.source();
                let cause = cause.map_or(String::new(), |cause| format!(": {cause}"));
                return Received::Broken(format!("its body did not come whole{cause}"));
            }
        };
        self.line.received();
        received
    }

    /// Answers a request for an answer of the model.
    async fn chat(self, body: &[u8]) -> Result<Reply, Closed> {
        let request = match self.read(body) {
            Ok(request) => request,
            Err(error) => return Ok(self.refuse(error)),
        };
        let streamed = request.stream == Some(true);
        let include_usage = openai::includes_usage(&request);
        let engine = Arc::clone(&self.line.server.engine);
        let mut call = Claimed::new(engine, request, streamed, self.wire.ids());
        self.exchange.set_call(call.number());
        if let Err(error) = self.wait(&mut call, Claimed::poll_beginning).await {
            return self.fail(error, &call, streamed).await;
        }
        match streamed && !call.hangs() {
            true => Ok(self.stream(call, include_usage)),
            false => self.whole(call, streamed).await,
        }
    }

    fn read(&self, body: &[u8]) -> Result<Request, ProviderError> {
        let read = read_json(body).and_then(|body| self.wire.read_request(body));
        let request = read.map_err(|error| error.at(self.wire.profile()))?;
        if !self.line.server.is_lenient() {
            self.wire.check(&request)?;
        }
        Ok(request)
    }

    /// Waits for what the call says next, or until its clock stands still.
    async fn wait<T>(
        &self,
        call: &mut Claimed,
        poll: impl Fn(&mut Claimed, &mut Context<'_>) -> Poll<Result<T, ProviderError>>,
    ) -> Result<T, ProviderError> {
        let mut standstill = Standstill::default();
        poll_fn(|cx| {
            let said = poll(call, cx);
            match said.is_pending() && call.waits_for_time() {
                true => standstill.poll(&self.line, call.number(), cx).map(Err),
                false => said,
            }
        })
        .await
    }

    /// Answers with the whole of what the mock says.
    async fn whole(self, mut call: Claimed, streamed: bool) -> Result<Reply, Closed> {
        if !streamed && matches!(call.fault(), Some(FaultKind::Stall)) {
            let body = Body::silence(&self.line, call);
            return Ok(self.reply(StatusCode::OK, JSON, body));
        }
        let response = match self.wait(&mut call, Claimed::poll_answer).await {
            Ok(response) => response,
            Err(error) => return self.fail(error, &call, streamed).await,
        };
        match self.wire.write_response(&response, self.now()) {
            Ok(body) => {
                let body = Body::whole(&self.line, body, Ending::Completed);
                Ok(self.reply(StatusCode::OK, JSON, body))
            }
            Err(problem) => {
                let error = unwritable(&self.line, call.number(), &problem);
                self.fail(error, &call, streamed).await
            }
        }
    }

    /// Answers with the events of what the mock says.
    fn stream(self, call: Claimed, include_usage: bool) -> Reply {
        let number = call.number();
        let writer = Writer::new(self.wire, &call.head(), self.now(), include_usage);
        let body = match call.into_events() {
            Ok(stream) => Body::events(&self.line, Events::new(stream, writer, number)),
            // It has begun, so there is a stream.
            Err(_) => Body::cut(&self.line, None),
        };
        self.reply(StatusCode::OK, EVENT_STREAM, body)
    }

    /// Answers with an error of the mock, before anything else was said.
    async fn fail(
        self,
        error: ProviderError,
        call: &Claimed,
        streamed: bool,
    ) -> Result<Reply, Closed> {
        let breaks = call.fault();
        let (content_type, malformed) = match streamed {
            true => (EVENT_STREAM, self.wire.malformed_frame()),
            false => (JSON, self.wire.malformed_body()),
        };
        let text = Bytes::from_static(malformed.as_bytes());
        match (error.kind, error.status) {
            (ErrorKind::Connection, None) if breaks == Some(&FaultKind::Cut) => {
                // Of a stream nothing has been said; a whole answer breaks off in its middle.
                let text = (!streamed).then_some(text);
                let body = Body::cut(&self.line, text);
                Ok(self.reply(StatusCode::OK, content_type, body))
            }
            (ErrorKind::Connection, None) => {
                self.line.ends(Ending::Reset);
                Err(Closed)
            }
            (ErrorKind::InvalidResponse, None) => {
                // What cannot be read before anything else is no stream.
                let (content_type, text) = match breaks {
                    Some(FaultKind::Malformed) => (content_type, text),
                    _ => (JSON, self.wire.malformed_body().into()),
                };
                let body = Body::whole(&self.line, text, Ending::Malformed);
                Ok(self.reply(StatusCode::OK, content_type, body))
            }
            // No answer comes: the client's own time-out ends this.
            (ErrorKind::Timeout, None) => pending().await,
            _ => {
                let home = self.line.server.engine.scenario.profile;
                let error = self.wire.translate(error, home);
                Ok(self.error(error))
            }
        }
    }

    fn models(self) -> Reply {
        let model = self.line.server.engine.scenario.model.as_deref();
        let models = self.wire.write_models(model, self.now());
        self.json(StatusCode::OK, &models)
    }

    fn model(self, model: &str) -> Reply {
        let mut models = self.wire.write_models([model], self.now());
        let model = models["data"][0].take();
        self.json(StatusCode::OK, &model)
    }

    fn too_long(self, limit: usize) -> Reply {
        let mut error = ProviderError::at(self.wire.profile(), ErrorKind::BadRequest);
        error.message = format!("the body is longer than {limit} bytes: send less");
        error.status = Some(413);
        if self.wire == Wire::Anthropic {
            error.code = Some("request_too_large".into());
        }
        self.refuse(error)
    }

    fn wrong_method(self, method: &hyper::Method, path: &str, allowed: &'static str) -> Reply {
        let mut error = ProviderError::at(self.wire.profile(), ErrorKind::BadRequest);
        error.message = format!("{path} takes no {method}: send a {allowed}");
        error.status = Some(405);
        let mut reply = self.refuse(error);
        let allowed = HeaderValue::from_static(allowed);
        reply.headers_mut().insert(ALLOW, allowed);
        reply
    }

    fn unknown(self, method: &hyper::Method, path: &str) -> Reply {
        let mut error = ProviderError::at(self.wire.profile(), ErrorKind::NotFound);
        error.message = format!(
            "there is no {method} {path}: the mock serves POST /v1/chat/completions, POST /v1/messages and GET /v1/models"
        );
        if self.wire == Wire::Openai {
            error.code = None;
        }
        self.refuse(error)
    }

    /// Answers with an error that is no answer of the mock: the request became no call.
    fn refuse(self, error: ProviderError) -> Reply {
        self.line
            .server
            .note_problem(&self.exchange, &error.message);
        self.error(error)
    }

    fn error(self, mut error: ProviderError) -> Reply {
        error
            .status
            .get_or_insert(StatusCode::INTERNAL_SERVER_ERROR.as_u16());
        let raw = error.raw.take();
        let RawReply {
            headers: by_hand,
            body,
        } = raw.map(|raw| *raw).unwrap_or_default();
        let id = self.request_id();
        let Some(written) = self.wire.write_error(&error, &id, self.now()) else {
            // It has a status.
            return self.json(StatusCode::INTERNAL_SERVER_ERROR, &Value::Null);
        };
        let status = StatusCode::from_u16(written.status);
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = written.headers;
        let body = body.map_or_else(|| written.body.to_string(), Str::into_owned);
        let body = Body::whole(&self.line, body, Ending::Completed);
        let mut reply = self.reply(status, JSON, body);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                let name = HeaderName::from_static(name);
                reply.headers_mut().insert(name, value);
            }
        }
        // What a turn says by hand stands instead of what has its name.
        for (name, _) in &by_hand {
            reply.headers_mut().remove(&**name);
        }
        for (name, value) in &by_hand {
            let name = HeaderName::from_bytes(name.as_bytes());
            // A scenario has been checked.
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
                reply.headers_mut().append(name, value);
            }
        }
        reply
    }

    fn json(self, status: StatusCode, body: &Value) -> Reply {
        // A third of what `to_string` costs.
        let text = serde_json::to_vec(body).unwrap_or_default();
        let body = Body::whole(&self.line, text, Ending::Completed);
        self.reply(status, JSON, body)
    }

    fn reply(self, status: StatusCode, content_type: &'static str, body: Body) -> Reply {
        self.exchange.set_status(status.as_u16());
        let mut reply = HttpResponse::new(body);
        *reply.status_mut() = status;
        let headers = reply.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if content_type == EVENT_STREAM {
            headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        }
        if let Ok(id) = HeaderValue::try_from(self.request_id()) {
            let name = HeaderName::from_static(self.wire.request_id_header());
            headers.insert(name, id);
        }
        reply
    }

    fn request_id(&self) -> String {
        let seed = self.line.server.engine.seed();
        self.wire.request_id(seed, self.exchange.number() as u64)
    }

    fn now(&self) -> u64 {
        wire::now(self.line.server.engine.elapsed())
    }
}

const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";
