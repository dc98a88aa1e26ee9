//! Answers that are sent piece by piece: the events of a turn, and its raw frames.

use hyper::StatusCode;

use super::answer_body::AnswerBody;
use super::answer_to_store::AnswerToStore;
use super::frames::{FrameSource, Frames};
use super::keepalive::Keepalive;
use super::reply::{Reply, put};
use super::served_call::{RawAnswer, ServedCall};
use crate::chat::error::ProviderError;
use crate::scenario::Str;
use crate::server::content_type::JSON;
use crate::server::created_at::created_at;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::AnswerOptions;
use crate::server::served_wires::anthropic::ANTHROPIC;

impl ServedRequest {
    /// Answers with a stream of events. `failed` is the error in place of its first content.
    pub(super) fn answer_streamed(
        self,
        call: ServedCall,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
        to_store: Option<Box<AnswerToStore>>,
        failed: Option<ProviderError>,
    ) -> Reply {
        let number = call.number();
        let created = created_at(call.started_at());
        let mut head = call.head();
        if self.wire == ANTHROPIC {
            call.note_fields_of_blocks(&mut head);
        }
        let options = options.parallel_calls(call.has_parallel_calls());
        let writer = self.wire.writer(&mut head, created, options);
        let (flush, has_end_mark) = (call.flush(), call.has_end_mark());
        let body = match call.into_events() {
            Ok(stream) => {
                let source = FrameSource::Events(stream);
                let mut frames =
                    Frames::new(source, self.wire, writer, number, flush, keepalive, failed);
                frames.has_end_mark = has_end_mark;
                frames.to_store = to_store;
                AnswerBody::frames(&self.connection, frames)
            }
            // The answer has begun, so the error cuts its stream.
            Err(_) => AnswerBody::cut(&self.connection, None),
        };
        let content_type = self.wire.stream_type();
        self.success(&head.headers, content_type, body)
    }

    /// Answers with the frames of a raw answer. `failed` is the error in place of the first of them.
    pub(super) fn answer_frames(
        self,
        call: ServedCall,
        raw: &RawAnswer,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
        failed: Option<ProviderError>,
    ) -> Reply {
        let headers = call.headers();
        let content_type = match raw.is_framed {
            true => self.wire.stream_type(),
            false => JSON,
        };
        let created = created_at(call.started_at());
        let writer = self.wire.writer(&mut call.head(), created, options);
        let (number, flush) = (call.number(), call.flush());
        let source = FrameSource::Raw(call);
        let frames = Frames::new(source, self.wire, writer, number, flush, keepalive, failed);
        let body = AnswerBody::frames(&self.connection, frames);
        self.raw_reply(raw, &headers, content_type, body)
    }

    /// Returns the reply for a raw answer, with these headers of the scenario.
    pub(super) fn raw_reply(
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
