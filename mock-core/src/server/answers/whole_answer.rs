//! Answers that are sent at once.

use super::answer_body::AnswerBody;
use super::answer_to_store::AnswerToStore;
use super::reply::Reply;
use super::served_call::ServedCall;
use super::wait_for_call::Closed;
use crate::chat::response::Response;
use crate::scenario::FaultKind;
use crate::server::content_type::{JSON, TEXT};
use crate::server::created_at::created_at;
use crate::server::exchange::Ending;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::AnswerOptions;
use crate::wire::{WriteError, write_text};

/// The format of an answer.
pub(in crate::server) enum Format {
    /// The format of its wire.
    Wire(AnswerOptions, Option<Box<AnswerToStore>>),
    /// Its text alone, because the request is not for an endpoint of a wire.
    Text,
}

impl ServedRequest {
    /// Answers with a whole answer.
    pub(in crate::server) async fn answer_whole(
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
            return Ok(self.success(&headers, content_type, body));
        }
        let result = match breaks_behind && (stalls || is_cut) {
            true => {
                self.wait(&mut call, &mut ServedCall::poll_answer_to_finish)
                    .await?
            }
            false => self.wait(&mut call, &mut ServedCall::poll_answer).await?,
        };
        let mut response = match result {
            Ok(response) => response,
            Err(error) => {
                return match format {
                    // The answer has not begun, so its head can still be sent.
                    Format::Wire(options, _) if streamed => {
                        Ok(self.answer_broken_stream(call, options, error))
                    }
                    Format::Wire(options, _) => self.fail_within(error, call, &options).await,
                    Format::Text => self.fail(error, &call).await,
                };
            }
        };
        let body = match self.write_whole(&mut response, format, &call) {
            Ok(body) => body,
            Err(problem) => return self.fail_unwritable(&problem, &call).await,
        };
        if streamed {
            // The stream ends before its first event.
            let body = AnswerBody::whole(&self.connection, Vec::new(), Ending::Truncated);
            let content_type = self.wire.stream_type();
            return Ok(self.success(&response.headers, content_type, body));
        }
        let body = if stalls {
            AnswerBody::silence(&self.connection, Some(body), call)
        } else if is_cut {
            // Wait until the call itself is cut, so that the journal has this outcome.
            let _ = self.wait(&mut call, &mut ServedCall::poll_answer).await?;
            AnswerBody::cut(&self.connection, Some(body))
        } else {
            let ending = match call.fault() {
                Some(FaultKind::End) if !breaks_behind => Ending::Truncated,
                _ => Ending::Completed,
            };
            AnswerBody::whole(&self.connection, body, ending)
        };
        Ok(self.success(&response.headers, content_type, body))
    }

    /// Writes a whole answer, and stores it if its provider does.
    fn write_whole(
        &self,
        response: &mut Response,
        format: Format,
        call: &ServedCall,
    ) -> Result<Vec<u8>, WriteError> {
        let (options, to_store) = match format {
            Format::Wire(options, to_store) => (options, to_store),
            Format::Text => return write_text(response),
        };
        let created = created_at(call.started_at());
        let completed = created_at(self.connection.server.engine.elapsed());
        let body = self
            .wire
            .write_response(response, created, completed, &options)?;
        // An answer with a fault is never stored.
        if let (Some(to_store), None) = (to_store, call.fault()) {
            to_store.store(response.id.clone(), body.clone());
        }
        Ok(body)
    }
}
