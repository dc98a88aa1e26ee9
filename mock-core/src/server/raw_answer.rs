//! Raw answers, and the endpoints of the scenario's own.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::StatusCode;

use super::answer::{Closed, Format};
use super::answer_body::AnswerBody;
use super::content_type::JSON;
use super::exchange::Ending;
use super::keepalive::Keepalive;
use super::raw_frames::RawFrames;
use super::served_call::{RawAnswer, ServedCall};
use super::served_request::{Reply, ServedRequest, put};
use super::wire::{self, AnswerOptions};
use crate::chat::error::ProviderError;
use crate::chat::request::Request;
use crate::engine::Mode;
use crate::scenario::Str;
use crate::scenario::request_head::RequestHead;

impl ServedRequest {
    /// Answers a request for an endpoint of the scenario's own.
    pub(super) async fn own_endpoint(self, head: Box<RequestHead>) -> Result<Reply, Closed> {
        let engine = Arc::clone(&self.connection.server.engine);
        let tell = &mut |number| self.exchange.set_call(number);
        let ids = self.wire.ids(self.dialect(), false);
        let mut call = ServedCall::new(
            engine,
            Request::default(),
            Mode::Whole,
            ids,
            Some(head),
            tell,
        );
        let options = self
            .wire
            .answer_options(&Request::default(), self.dialect());
        if let Err(error) = self
            .wait(&mut call, &mut ServedCall::poll_beginning)
            .await?
        {
            return self.break_off(error, call, options, false).await;
        }
        match call.raw_answer() {
            Some(raw) => self.raw_answer(call, raw, options, None).await,
            None => self.whole(call, false, Format::Text).await,
        }
    }

    /// Answers with the turn's raw answer.
    pub(super) async fn raw_answer(
        self,
        mut call: ServedCall,
        raw: RawAnswer,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
    ) -> Result<Reply, Closed> {
        let headers = call.headers();
        let (content_type, body) = match raw.is_framed || call.fault().is_some() {
            true => {
                let content_type = match raw.is_framed {
                    true => self.wire.stream_type(),
                    false => JSON,
                };
                let created = wire::time(call.started_at());
                let writer = self.wire.writer(&mut call.head(), created, options);
                let frames = RawFrames::new(call, writer).keepalive(keepalive);
                (content_type, AnswerBody::frames(&self.connection, frames))
            }
            false => {
                let mut body = Vec::new();
                let mut all = |call: &mut ServedCall, cx: &mut Context<'_>| loop {
                    match ready!(call.poll_frame(cx)) {
                        Some(Ok(text)) => body.extend_from_slice(text.as_bytes()),
                        Some(Err(error)) => return Poll::Ready(Err(error)),
                        None => return Poll::Ready(Ok(())),
                    }
                };
                if let Err(error) = self.wait(&mut call, &mut all).await? {
                    return self.fail(error, &call).await;
                }
                let body = AnswerBody::whole(&self.connection, body, Ending::Completed);
                (JSON, body)
            }
        };
        Ok(self.raw_reply(&raw, &headers, content_type, body))
    }

    /// Answers with frames that break off before the first, with this error.
    pub(super) fn broken_frames(
        self,
        call: ServedCall,
        raw: &RawAnswer,
        options: AnswerOptions,
        error: ProviderError,
    ) -> Reply {
        let headers = call.headers();
        let created = wire::time(call.started_at());
        let writer = self.wire.writer(&mut call.head(), created, options);
        let frames = RawFrames::new(call, writer).failed(error);
        let body = AnswerBody::frames(&self.connection, frames);
        let content_type = self.wire.stream_type();
        self.raw_reply(raw, &headers, content_type, body)
    }

    fn raw_reply(
        self,
        raw: &RawAnswer,
        headers: &[(Str, Str)],
        content_type: &'static str,
        body: AnswerBody,
    ) -> Reply {
        let status = StatusCode::from_u16(raw.status).unwrap_or_default();
        let mut reply = self.reply(status, content_type, body);
        put(headers, &mut reply);
        reply
    }
}
