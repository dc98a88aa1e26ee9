//! Answers with recorded responses.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;

use super::answer::{Closed, Format, request_head};
use super::answer_body::AnswerBody;
use super::decompress::decode;
use super::exchange::Ending;
use super::route::Route;
use super::served_call::ServedCall;
use super::served_request::{Reply, ServedRequest, put};
use super::wire::AnswerOptions;
use crate::cassette::Comparison;
use crate::engine::Mode;
use crate::scenario::recorded::sent_request::{query_parameters, sent_request};

/// A call for a request whose answer may be recorded.
pub(super) struct RecordedCall {
    pub(super) call: ServedCall,
    /// Whether it asks for an answer of the model.
    asks_model: bool,
    streamed: bool,
    options: AnswerOptions,
}

impl ServedRequest {
    /// Answers a request to a mock that replays recorded exchanges. It has any method and path, and may be one that no wire reads.
    pub(super) async fn replay(
        self,
        route: &Route<'_>,
        head: &Parts,
        body: Bytes,
    ) -> Result<Reply, Closed> {
        let server = &self.connection.server;
        let decoded = match decode(&head.headers, body.clone(), server.longest_body()) {
            Ok(body) => body,
            Err(problem) => return Ok(self.undecoded(&problem)),
        };
        let RecordedCall {
            mut call,
            asks_model,
            streamed,
            options,
        } = self.claim_recorded(route, head, &decoded);
        #[cfg(feature = "record")]
        if self.connection.server.upstream.is_some() && call.is_otherwise() {
            return self.pass_on_whole(head, body, call).await;
        }
        if let Err(error) = self
            .wait(&mut call, &mut ServedCall::poll_beginning)
            .await?
        {
            return self.break_off(error, call, options, streamed).await;
        }
        let Some(raw) = call.raw_answer() else {
            let has_head = !call.hangs() || self.wire.opens_streams();
            return match asks_model {
                false => self.whole(call, false, Format::Text).await,
                true if streamed && has_head => Ok(self.stream(call, options, None, None)),
                true => {
                    self.whole(call, streamed, Format::Wire(options, None))
                        .await
                }
            };
        };
        if !call.is_replayed() {
            return self.raw_answer(call, raw, options, None).await;
        }
        let (headers, bytes) = (call.headers(), call.recorded_bytes());
        let connection = Arc::clone(&self.connection);
        let mut reply = self.raw_answer(call, raw, options, None).await?;
        // It has the headers that were recorded, and no others.
        reply.headers_mut().clear();
        put(&headers, &mut reply);
        if let Some(bytes) = bytes {
            *reply.body_mut() = AnswerBody::whole(&connection, bytes, Ending::Completed);
        }
        Ok(reply)
    }

    /// Claims a turn for a request whose body has been decoded.
    pub(super) fn claim_recorded(
        &self,
        route: &Route<'_>,
        head: &Parts,
        body: &Bytes,
    ) -> RecordedCall {
        let engine = Arc::clone(&self.connection.server.engine);
        let recorded = engine.scenario.recorded.as_ref();
        let query = query_parameters(head.uri.query().unwrap_or_default());
        let sent = match recorded {
            Some(recorded) => sent_request(query, body, &recorded.ignored, &recorded.comparison),
            None => sent_request(query, body, &[], &Comparison::default()),
        };
        let model = self.model.as_deref();
        let request = match route {
            Route::Chat => self.wire.read_request(body, None, model).ok(),
            _ => None,
        };
        let asks_model = request.is_some();
        let mut head = request_head(head, asks_model);
        head.sent = Some(Box::new(sent));
        // A provider that is being recorded answers any request.
        #[cfg(feature = "record")]
        {
            head.asks_model |= self.connection.server.upstream.is_some();
        }
        let mut request = request.unwrap_or_default();
        if self.wire.is_streamed() {
            request.stream = Some(true);
        }
        let streamed = request.stream == Some(true);
        let mode = match streamed {
            true => Mode::Streamed,
            false => Mode::Whole,
        };
        let options = self.wire.answer_options(&request, self.dialect());
        let ids = self.wire.ids(self.dialect(), false);
        let tell = &mut |number| self.exchange.set_call(number);
        RecordedCall {
            call: ServedCall::new(engine, request, mode, ids, Some(head), tell),
            asks_model,
            streamed,
            options,
        }
    }
}
