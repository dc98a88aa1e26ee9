//! Answers whose body the turn holds as it is sent.

use std::task::{Context, Poll, ready};

use super::answer_body::AnswerBody;
use super::answer_to_store::AnswerToStore;
use super::keepalive::Keepalive;
use super::reply::Reply;
use super::served_call::{RawAnswer, ServedCall};
use super::wait_for_call::Closed;
use crate::server::content_type::JSON;
use crate::server::exchange::Ending;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::AnswerOptions;

impl ServedRequest {
    /// Answers with the turn's raw answer.
    pub(in crate::server) async fn answer_raw(
        self,
        mut call: ServedCall,
        raw: RawAnswer,
        options: AnswerOptions,
        keepalive: Option<Keepalive>,
        to_store: Option<Box<AnswerToStore>>,
    ) -> Result<Reply, Closed> {
        if raw.is_framed || call.fault().is_some() {
            return Ok(self.answer_frames(call, &raw, options, keepalive, None));
        }
        let headers = call.headers();
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
        if let (Some(to_store), 200) = (to_store, raw.status) {
            to_store.store_raw(&body);
        }
        let body = AnswerBody::whole(&self.connection, body, Ending::Completed);
        Ok(self.raw_reply(&raw, &headers, JSON, body))
    }
}
