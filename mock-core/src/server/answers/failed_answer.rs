//! Answers that fail: before they begin, at their beginning, and within.

use std::future::poll_fn;

use super::answer_body::AnswerBody;
use super::frames::unwritable;
use super::reply::Reply;
use super::served_call::ServedCall;
use super::wait_for_call::Closed;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::FaultKind;
use crate::server::content_type::JSON;
use crate::server::created_at::created_at;
use crate::server::exchange::Ending;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::AnswerOptions;
use crate::wire::WriteError;

impl ServedRequest {
    /// Answers with an error of the mock, before anything else was sent.
    pub(in crate::server) async fn fail(
        self,
        error: ProviderError,
        call: &ServedCall,
    ) -> Result<Reply, Closed> {
        let malformed = || self.wire.malformed_body().as_bytes().to_vec();
        match (error.kind, error.status) {
            (ErrorKind::Connection, None) if call.fault() == Some(&FaultKind::Cut) => {
                // A cut answer sends half of its JSON. A cut raw body sends nothing.
                let text = call.raw_answer().is_none().then(malformed);
                let body = AnswerBody::cut(&self.connection, text);
                Ok(self.success(&call.headers(), JSON, body))
            }
            (ErrorKind::Connection, None) => {
                self.connection.ends(Ending::Reset);
                Err(Closed)
            }
            (ErrorKind::InvalidResponse, None) => {
                let body = AnswerBody::whole(&self.connection, malformed(), Ending::Malformed);
                Ok(self.success(&call.headers(), JSON, body))
            }
            // The server sends nothing: the client's own time-out ends the request.
            (ErrorKind::Timeout, None) => {
                let server = &self.connection.server;
                let _unanswered = server.log.leave_unanswered(&server.engine, call.number());
                poll_fn(|cx| self.connection.poll_gone(cx)).await;
                Err(Closed)
            }
            _ => {
                let error = self.translate(error);
                Ok(self.error(error))
            }
        }
    }

    /// Answers with the error for an answer that the wire has no place for. The test fails.
    pub(super) async fn fail_unwritable(
        self,
        problem: &WriteError,
        call: &ServedCall,
    ) -> Result<Reply, Closed> {
        let error = unwritable(&self.connection, call.number(), problem);
        self.fail(error, call).await
    }

    /// Answers with an error before the answer began: that of a fault at its beginning, or another.
    pub(in crate::server) async fn break_off(
        self,
        error: ProviderError,
        call: ServedCall,
        options: AnswerOptions,
        streamed: bool,
    ) -> Result<Reply, Closed> {
        match (call.breaks_off_first(), call.is_stream(streamed)) {
            (true, true) => Ok(self.answer_broken_stream(call, options, error)),
            (true, false) => self.fail_within(error, call, &options).await,
            (false, _) => self.fail(error, &call).await,
        }
    }

    /// Answers with an error within a whole answer: in the answer, if the wire has a place for it there.
    pub(super) async fn fail_within(
        self,
        error: ProviderError,
        mut call: ServedCall,
        options: &AnswerOptions,
    ) -> Result<Reply, Closed> {
        let Some(mut response) = call.take_failed() else {
            return self.fail(error, &call).await;
        };
        let translated = self.translate(error.clone());
        let created = created_at(call.started_at());
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
                Ok(self.success(&call.headers(), JSON, body))
            }
            Some(Err(problem)) => self.fail_unwritable(&problem, &call).await,
        }
    }

    /// Answers with a stream that breaks off before its first content, with this error of the turn's fault.
    pub(super) fn answer_broken_stream(
        self,
        call: ServedCall,
        options: AnswerOptions,
        mut error: ProviderError,
    ) -> Reply {
        // The error has the headers of the turn, which the head of the stream already sends.
        if let Some(raw) = &mut error.raw {
            raw.headers.clear();
        }
        match call.raw_answer() {
            Some(raw) => self.answer_frames(call, &raw, options, None, Some(error)),
            None => self.answer_streamed(call, options, None, None, Some(error)),
        }
    }
}
