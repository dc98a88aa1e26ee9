//! Anthropic's count of the tokens of a request.

use bytes::Bytes;
use serde_json::json;

use crate::server::endpoints::route_types::{OwnAnswer, OwnEndpoint, OwnResult};
use crate::server::request::add_missing_field::with_default;
use crate::server::served_request::ServedRequest;

/// The number of tokens of a request: `POST /v1/messages/count_tokens`.
#[derive(Debug)]
pub(super) struct CountTokens;

impl OwnEndpoint for CountTokens {
    fn reads_body(&self) -> bool {
        true
    }

    /// Answers with the tokens of a request of Messages. It needs no `max_tokens`; all else is as for an answer.
    fn answer(&self, served: &ServedRequest, _query: Option<&str>, body: Bytes) -> OwnResult {
        // The greatest number, so that no budget for thinking exceeds it.
        let body = with_default(body, "max_tokens", &u32::MAX.into());
        let (request, _) = served.read(&body)?;
        let count = json!({ "input_tokens": request.estimated_tokens() });
        Ok(OwnAnswer::Json(count))
    }
}
