//! Answers requests for a chat answer.

use std::sync::Arc;
use std::task::Context;

use bytes::Bytes;
#[cfg(feature = "ollama")]
use hyper::StatusCode;

use super::answer_to_store::AnswerToStore;
use super::keepalive::Keepalive;
use super::reply::Reply;
use super::served_call::ServedCall;
use super::wait_for_call::Closed;
use super::whole_answer::Format;
use crate::engine::Mode;
use crate::scenario::request_head::RequestHead;
#[cfg(feature = "ollama")]
use crate::server::created_at::created_at;
use crate::server::served_request::ServedRequest;

impl ServedRequest {
    /// Answers a request to the model.
    pub(in crate::server) async fn answer_chat(
        self,
        body: &Bytes,
        head: Option<Box<RequestHead>>,
    ) -> Result<Reply, Closed> {
        let (request, previous) = match self.read(body) {
            Ok(read) => read,
            Err(error) => return Ok(self.reject(error)),
        };
        #[cfg(feature = "ollama")]
        {
            let created = created_at(self.connection.server.engine.elapsed());
            if let Some(answer) = self.wire.answer_without_model(&request, created) {
                return Ok(self.json(StatusCode::OK, &answer));
            }
        }
        let streamed = request.stream == Some(true);
        let options = self.wire.answer_options(&request, self.dialect());
        let server = &self.connection.server;
        let to_store = AnswerToStore::new(server, self.wire, body, &request, previous);
        let mode = match streamed {
            true => Mode::Streamed,
            false => Mode::Whole,
        };
        let leaves_out_usage = streamed && self.wire.leaves_out_usage(&request, self.dialect());
        let mut call = ServedCall::new(&self, request, mode, options.encrypted_reasoning(), head);
        if server.engine.expects_stable_prompts() {
            server.log.note_body(&server.engine, call.number(), body);
        }
        if leaves_out_usage {
            server.log.note_without_usage(&server.engine, call.number());
        }
        let mut keepalive = match streamed {
            true => self.keepalive(&call),
            false => None,
        };
        // With keep-alives, the head of the answer is sent with the first keep-alive.
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
            return self
                .answer_raw(call, raw, options, keepalive, to_store)
                .await;
        }
        let has_head = !call.hangs() || keepalive.is_some() || self.wire.opens_streams();
        match streamed && has_head {
            true => Ok(self.answer_streamed(call, options, keepalive, to_store, None)),
            false => {
                let format = Format::Wire(options, to_store);
                self.answer_whole(call, streamed, format).await
            }
        }
    }

    /// Returns the keep-alives of a streamed answer, if the turn and the wire have them.
    fn keepalive(&self, call: &ServedCall) -> Option<Keepalive> {
        let frame = self.wire.keepalive(self.dialect());
        let keepalive = Keepalive::new(call.keepalive()?, frame, &self.exchange)?;
        let log = &self.connection.server.log;
        log.note_kept_alive(Arc::clone(&self.exchange));
        Some(keepalive)
    }
}
