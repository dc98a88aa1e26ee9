//! Answers a request: finds out what it asks for, asks the mock, and writes the answer.

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::Incoming;
use hyper::http::request::Parts;
use hyper::{Request as HttpRequest, StatusCode};

use super::answer_body::{AnswerBody, Events, unwritable};
use super::connection::Connection;
use super::content_type::{JSON, TEXT};
use super::decompress::decode;
use super::default_field::with_default;
use super::endpoints::route;
use super::exchange::Ending;
use super::frozen_clock::FrozenClock;
use super::keepalive::Keepalive;
use super::request_body::Received;
use super::route::{OwnAnswer, Route, RouteRequest, Routed};
use super::served_call::ServedCall;
use super::served_request::{Reply, ServedRequest, put};
use super::store_answer::AnswerToStore;
use super::wire::anthropic::ANTHROPIC;
use super::wire::{self, AnswerOptions};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::engine::Mode;
use crate::scenario::request_head::RequestHead;
use crate::scenario::{FaultKind, Str};
use crate::wire::write_text;

/// The connection must be closed without an answer.
#[derive(Debug)]
pub(super) struct Closed;

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is closed without an answer")
    }
}

impl std::error::Error for Closed {}

/// Answers a request that arrived on a connection.
///
/// # Errors
/// If the connection must be closed instead.
pub(super) async fn answer(
    connection: Arc<Connection>,
    request: HttpRequest<Incoming>,
) -> Result<Reply, Closed> {
    let (head, body) = request.into_parts();
    let exchange = connection.begin(&head);
    let mock_profile = connection.server.engine.scenario.profile;
    let Routed {
        wire,
        route,
        model,
        deployment,
    } = route(RouteRequest {
        method: &head.method,
        uri: &head.uri,
        headers: &head.headers,
        mock_profile,
    });
    let request = ServedRequest {
        connection,
        exchange,
        wire,
        model: model.map(Cow::into_owned),
    };
    #[cfg(feature = "record")]
    if let Some(upstream) = &request.connection.server.upstream
        && !upstream.asks_first
    {
        return request.pass_on(&route, &head, body).await;
    }
    let body = match request.receive(body).await {
        Received::Whole(body) => {
            if request.connection.server.keeps_bodies() {
                request.exchange.set_body(&body);
            }
            body
        }
        Received::TooLong(limit) => return Ok(request.too_long(limit)),
        Received::Broken(problem) => {
            let server = &request.connection.server;
            server.note_problem(&request.exchange, &problem);
            return Err(Closed);
        }
    };
    if !request.connection.server.accepts(|| wire.key(&head)) {
        let error = ProviderError::at(request.profile(), ErrorKind::Auth);
        return Ok(request.refuse(error));
    }
    #[cfg(feature = "cassette")]
    if request.connection.server.engine.scenario.is_recorded() {
        return request.replay(&route, &head, body).await;
    }
    let server = &request.connection.server;
    let asks_model = route.asks_model();
    let request_head = server
        .asks_for_heads
        .then(|| request_head(&head, asks_model));
    if let Some(own) = request_head.as_ref().filter(|_| !asks_model)
        && server.engine.answers_path(own)
    {
        return request.own_endpoint(own.clone()).await;
    }
    let body = match route.reads_body() {
        true => match decode(
            &head.headers,
            body,
            request.connection.server.longest_body(),
        ) {
            Ok(body) => body,
            Err(problem) => return Ok(request.undecoded(&problem)),
        },
        false => body,
    };
    let body = match deployment {
        Some(model) => with_default(body, "model", &(*model).into()),
        None => body,
    };
    request.route(route, &head, body, request_head).await
}

/// Returns the parts of a request's head that matchers use.
pub(super) fn request_head(parts: &Parts, asks_model: bool) -> Box<RequestHead> {
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    Box::new(RequestHead {
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        headers: headers.collect(),
        asks_model,
        #[cfg(feature = "cassette")]
        sent: None,
    })
}

/// The format of an answer.
pub(super) enum Format {
    /// The format of its wire.
    Wire(AnswerOptions, Option<Box<AnswerToStore>>),
    /// Its text alone, because the request is not for an endpoint of a wire.
    Text,
}

/// Polls a call for what it says next.
type PollCall<'p, T> =
    dyn FnMut(&mut ServedCall, &mut Context<'_>) -> Poll<Result<T, ProviderError>> + Send + 'p;

impl ServedRequest {
    /// Answers as the endpoint of the request does.
    async fn route(
        self,
        route: Route<'_>,
        head: &Parts,
        body: Bytes,
        request_head: Option<Box<RequestHead>>,
    ) -> Result<Reply, Closed> {
        let (method, path) = (&head.method, head.uri.path());
        Ok(match route {
            Route::Chat => return self.chat(&body, request_head).await,
            Route::Embeddings => return self.embeddings(&body, request_head).await,
            Route::Own(endpoint) => match endpoint.answer(&self, head.uri.query(), body) {
                Ok(OwnAnswer::Json(answer)) => self.json(StatusCode::OK, &answer),
                Ok(OwnAnswer::Text(text)) => self.text(text),
                Err(error) => self.refuse(error),
            },
            Route::Models => self.models(),
            Route::Model(model) => self.model(&model),
            Route::Only(allowed) => self.wrong_method(method, path, allowed),
            Route::WithoutVersion => self.without_version(),
            Route::Unknown => self.unknown(method, path),
            Route::Missing(feature) => self.missing(feature, path),
        })
    }

    /// Answers a request to the model.
    async fn chat(self, body: &Bytes, head: Option<Box<RequestHead>>) -> Result<Reply, Closed> {
        let (request, previous) = match self.read(body) {
            Ok(read) => read,
            Err(error) => return Ok(self.refuse(error)),
        };
        let streamed = request.stream == Some(true);
        let options = self.wire.answer_options(&request, self.dialect());
        let server = &self.connection.server;
        let to_store = AnswerToStore::new(server, self.wire, body, &request, previous);
        let engine = Arc::clone(&self.connection.server.engine);
        let tell = &mut |number| self.exchange.set_call(number);
        let ids = self.wire.ids(self.dialect(), options.encrypted_reasoning());
        let mode = match streamed {
            true => Mode::Streamed,
            false => Mode::Whole,
        };
        let mut call = ServedCall::new(engine, request, mode, ids, head, tell);
        let server = &self.connection.server;
        if server.engine.expects_stable_prompts() {
            server.log.note_body(&server.engine, call.number(), body);
        }
        let keepalive = call.keepalive().filter(|_| streamed);
        let mut keepalive = keepalive.and_then(|turn| {
            let exchange = &self.exchange;
            let sign = self.wire.keepalive(self.dialect());
            let keepalive = Keepalive::new(turn, sign, exchange)?;
            let server = &self.connection.server;
            server.log.note_kept_alive(Arc::clone(exchange));
            Some(keepalive)
        });
        // An answer that is to be kept alive sends its head with the first keep-alive.
        let mut begins = |call: &mut ServedCall, cx: &mut Context<'_>| {
            let begun = call.poll_beginning(cx);
            match &mut keepalive {
                Some(keepalive) if begun.is_pending() => keepalive.poll_due(cx).map(Ok),
                _ => begun,
            }
        };
        if let Err(error) = self.wait(&mut call, &mut begins).await? {
            return self.break_off(error, call, options, streamed).await;
        }
        if let Some(raw) = call.raw_answer() {
            return self.raw_answer(call, raw, options, keepalive).await;
        }
        let has_head = !call.hangs() || keepalive.is_some() || self.wire.opens_streams();
        match streamed && has_head {
            true => Ok(self.stream(call, options, keepalive, to_store)),
            false => {
                let format = Format::Wire(options, to_store);
                self.whole(call, streamed, format).await
            }
        }
    }

    /// Waits for what the call says next, or until its clock is frozen.
    ///
    /// # Errors
    /// If the client disconnects first.
    pub(super) async fn wait<T>(
        &self,
        call: &mut ServedCall,
        poll: &mut PollCall<'_, T>,
    ) -> Result<Result<T, ProviderError>, Closed> {
        let mut frozen = FrozenClock::default();
        poll_fn(|cx| {
            if let Poll::Ready(said) = poll(call, cx) {
                return Poll::Ready(Ok(said));
            }
            if self.connection.poll_gone(cx).is_ready() {
                return Poll::Ready(Err(Closed));
            }
            match call.waits_for_time() {
                true => frozen
                    .poll(&self.connection.server, call.number(), cx)
                    .map(|error| Ok(Err(error))),
                false => Poll::Pending,
            }
        })
        .await
    }

    /// Answers with a whole answer.
    pub(super) async fn whole(
        self,
        mut call: ServedCall,
        streamed: bool,
        format: Format,
    ) -> Result<Reply, Closed> {
        let content_type = match format {
            Format::Text if !call.is_json() => TEXT,
            _ => JSON,
        };
        let stalls = !streamed && matches!(call.fault(), Some(FaultKind::Stall));
        let is_cut = !streamed && matches!(call.fault(), Some(FaultKind::Cut));
        let breaks_behind = call.breaks_behind_the_finish();
        if stalls && !breaks_behind {
            let headers = call.headers();
            let body = AnswerBody::silence(&self.connection, None, call);
            return Ok(self.begun(&headers, content_type, body));
        }
        let said = match breaks_behind && (stalls || is_cut) {
            true => {
                self.wait(&mut call, &mut ServedCall::poll_answer_to_finish)
                    .await?
            }
            false => self.wait(&mut call, &mut ServedCall::poll_answer).await?,
        };
        let mut response = match said {
            Ok(response) => response,
            Err(error) => {
                return match format {
                    // It hung until now, and its head was not sent.
                    Format::Wire(options, _) if streamed => {
                        Ok(self.broken_stream(call, options, error))
                    }
                    Format::Wire(options, _) => self.fail_within(error, call, &options).await,
                    Format::Text => self.fail(error, &call).await,
                };
            }
        };
        let written = match format {
            Format::Wire(options, to_store) => {
                let created = wire::time(call.started_at());
                let completed = wire::time(self.connection.server.engine.elapsed());
                let wire = self.wire;
                let written = wire.write_response(&mut response, created, completed, &options);
                // An answer that breaks off is never stored.
                if let (Ok(body), Some(to_store), None) = (&written, to_store, call.fault()) {
                    to_store.store(response.id.clone(), body.clone());
                }
                written
            }
            Format::Text => write_text(&response),
        };
        match written {
            // A stream that ends before it has said anything.
            Ok(_) if streamed => {
                let body = AnswerBody::whole(&self.connection, Vec::new(), Ending::Truncated);
                let content_type = self.wire.stream_type();
                Ok(self.begun(&response.headers, content_type, body))
            }
            Ok(body) if stalls => {
                let body = AnswerBody::silence(&self.connection, Some(body), call);
                Ok(self.begun(&response.headers, content_type, body))
            }
            Ok(body) if is_cut => {
                // That is how the call ends, too.
                let _ = self.wait(&mut call, &mut ServedCall::poll_answer).await?;
                let body = AnswerBody::cut(&self.connection, Some(body));
                Ok(self.begun(&response.headers, content_type, body))
            }
            Ok(body) => {
                let ending = match call.fault() {
                    Some(FaultKind::End) if !breaks_behind => Ending::Truncated,
                    _ => Ending::Completed,
                };
                let body = AnswerBody::whole(&self.connection, body, ending);
                Ok(self.begun(&response.headers, content_type, body))
            }
            Err(problem) => {
                let error = unwritable(&self.connection, call.number(), &problem);
                self.fail(error, &call).await
            }
        }
    }

    /// Answers with a stream of events.
    pub(super) fn stream(
        self,
        call: ServedCall,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
        to_store: Option<Box<AnswerToStore>>,
    ) -> Reply {
        self.events(call, options, keepalive, to_store, None)
    }

    /// Answers with an error before the answer began: that of a fault at its beginning, or another.
    pub(super) async fn break_off(
        self,
        error: ProviderError,
        call: ServedCall,
        options: AnswerOptions,
        streamed: bool,
    ) -> Result<Reply, Closed> {
        match (call.breaks_off_first(), call.is_stream(streamed)) {
            (true, true) => Ok(self.broken_stream(call, options, error)),
            (true, false) => self.fail_within(error, call, &options).await,
            (false, _) => self.fail(error, &call).await,
        }
    }

    /// Answers with an error within a whole answer: in the answer, if the wire has a place for it there.
    async fn fail_within(
        self,
        error: ProviderError,
        mut call: ServedCall,
        options: &AnswerOptions,
    ) -> Result<Reply, Closed> {
        let Some(mut response) = call.take_failed() else {
            return self.fail(error, &call).await;
        };
        let mock_profile = self.connection.server.engine.scenario.profile;
        let translated = self.wire.translate(error.clone(), mock_profile);
        let created = wire::time(call.started_at());
        let written = self
            .wire
            .write_failed(&mut response, &translated, created, options);
        match written {
            None => self.fail(error, &call).await,
            Some(Ok(body)) => {
                if !self.wire.tells_wait_in_body() {
                    self.connection.server.engine.hide_wait(call.number());
                }
                let body = AnswerBody::whole(&self.connection, body, Ending::Completed);
                Ok(self.begun(&call.headers(), JSON, body))
            }
            Some(Err(problem)) => {
                let error = unwritable(&self.connection, call.number(), &problem);
                self.fail(error, &call).await
            }
        }
    }

    /// Answers with a stream that breaks off before its first content, with this error of the turn's fault.
    pub(super) fn broken_stream(
        self,
        call: ServedCall,
        options: AnswerOptions,
        mut error: ProviderError,
    ) -> Reply {
        // They are those of the turn, and come with the head.
        if let Some(raw) = &mut error.raw {
            raw.headers.clear();
        }
        match call.raw_answer() {
            Some(raw) => self.broken_frames(call, &raw, options, error),
            None => self.events(call, options, None, None, Some(error)),
        }
    }

    fn events(
        self,
        call: ServedCall,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
        to_store: Option<Box<AnswerToStore>>,
        failed: Option<ProviderError>,
    ) -> Reply {
        let number = call.number();
        let created = wire::time(call.started_at());
        let mut head = call.head();
        if self.wire == ANTHROPIC {
            call.note_fields_of_blocks(&mut head);
        }
        let options = options.parallel_calls(call.has_parallel_calls());
        let writer = self.wire.writer(&mut head, created, options);
        let (flush, has_end_mark) = (call.flush(), call.has_end_mark());
        let body = match call.into_events() {
            Ok(stream) => {
                let events = Events::new(stream, writer, number)
                    .keepalive(keepalive)
                    .store(to_store)
                    .failed(failed)
                    .flush(flush)
                    .end_mark(has_end_mark);
                AnswerBody::events(&self.connection, events)
            }
            // It has begun, so there is a stream.
            Err(_) => AnswerBody::cut(&self.connection, None),
        };
        let content_type = self.wire.stream_type();
        self.begun(&head.headers, content_type, body)
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

    /// Answers with an error of the mock, before anything else was sent.
    pub(super) async fn fail(
        self,
        error: ProviderError,
        call: &ServedCall,
    ) -> Result<Reply, Closed> {
        let malformed = || self.wire.malformed_body().as_bytes().to_vec();
        match (error.kind, error.status) {
            (ErrorKind::Connection, None) if call.fault() == Some(&FaultKind::Cut) => {
                // An answer breaks off in its middle; of a raw body nothing has been sent.
                let text = call.raw_answer().is_none().then(malformed);
                let body = AnswerBody::cut(&self.connection, text);
                Ok(self.begun(&call.headers(), JSON, body))
            }
            (ErrorKind::Connection, None) => {
                self.connection.ends(Ending::Reset);
                Err(Closed)
            }
            (ErrorKind::InvalidResponse, None) => {
                let body = AnswerBody::whole(&self.connection, malformed(), Ending::Malformed);
                Ok(self.begun(&call.headers(), JSON, body))
            }
            // No answer comes: the client's own time-out ends this.
            (ErrorKind::Timeout, None) => {
                let server = &self.connection.server;
                let _unanswered = server.log.leave_unanswered(&server.engine, call.number());
                poll_fn(|cx| self.connection.poll_gone(cx)).await;
                Err(Closed)
            }
            _ => {
                let mock_profile = self.connection.server.engine.scenario.profile;
                let error = self.wire.translate(error, mock_profile);
                Ok(self.error(error))
            }
        }
    }
}
