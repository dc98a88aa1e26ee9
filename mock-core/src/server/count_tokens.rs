//! Anthropic's count of the tokens of a request: `POST /v1/messages/count_tokens`.

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::json;

use super::default_field::with_default;
use super::served_request::{Reply, ServedRequest};
use crate::chat::request::Request;

impl ServedRequest {
    /// Answers with the tokens of a request of Messages. It needs no `max_tokens`; all else is as for an answer.
    pub(super) fn count_tokens(self, body: Bytes) -> Reply {
        let body = with_default(body, "max_tokens", &1.into());
        match self.read(&body) {
            Ok((request, _)) => {
                let count = json!({ "input_tokens": estimate(&request) });
                self.json(StatusCode::OK, &count)
            }
            Err(error) => self.refuse(error),
        }
    }
}

/// The tokens of a request, counted as the usage of an answer counts them.
pub(super) fn estimate(request: &Request) -> u64 {
    request.estimated_tokens()
}
