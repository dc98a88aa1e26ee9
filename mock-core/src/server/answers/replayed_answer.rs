//! Answers with recorded responses.

use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;

use super::answer_body::AnswerBody;
use super::claim_replayed_call::RecordedCall;
use super::reply::{Reply, put};
use super::served_call::ServedCall;
use super::wait_for_call::Closed;
use super::whole_answer::Format;
use crate::server::endpoints::route_types::Route;
use crate::server::exchange::Ending;
use crate::server::request::decompress::decode;
use crate::server::served_request::ServedRequest;

impl ServedRequest {
    /// Answers a request to a mock that replays recorded exchanges. It has any method and path, and may be one that no wire reads.
    pub(in crate::server) async fn replay(
        self,
        route: &Route<'_>,
        head: &Parts,
        body: Bytes,
    ) -> Result<Reply, Closed> {
        let server = &self.connection.server;
        let decoded = match decode(&head.headers, body.clone(), server.longest_body()) {
            Ok(body) => body,
            Err(problem) => return Ok(self.reject_with(problem.status(), problem.to_string())),
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
                false => self.answer_whole(call, false, Format::Text).await,
                true if streamed && has_head => {
                    Ok(self.answer_streamed(call, options, None, None, None))
                }
                true => {
                    self.answer_whole(call, streamed, Format::Wire(options, None))
                        .await
                }
            };
        };
        if !call.is_replayed() {
            return self.answer_raw(call, raw, options, None, None).await;
        }
        let (headers, bytes) = (call.headers(), call.recorded_bytes());
        let connection = Arc::clone(&self.connection);
        let mut reply = self.answer_raw(call, raw, options, None, None).await?;
        // A replayed answer has only the recorded headers.
        reply.headers_mut().clear();
        put(&headers, &mut reply);
        if let Some(bytes) = bytes {
            *reply.body_mut() = AnswerBody::whole(&connection, bytes, Ending::Completed);
        }
        Ok(reply)
    }
}
