//! Claims the call of a request whose answer may be recorded.

use bytes::Bytes;
use hyper::http::request::Parts;
use mock_cassette::Comparison;

use super::served_call::ServedCall;
use crate::engine::Mode;
use crate::scenario::recorded::compared_request::{query_parameters, sent_request};
use crate::server::endpoints::route_types::Route;
use crate::server::request::head_for_matchers::request_head;
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::AnswerOptions;

/// A call for a request whose answer may be recorded.
pub(in crate::server) struct RecordedCall {
    pub(in crate::server) call: ServedCall,
    /// Whether it asks for an answer of the model.
    pub(super) asks_model: bool,
    pub(super) streamed: bool,
    pub(super) options: AnswerOptions,
}

impl ServedRequest {
    /// Claims a turn for a request whose body has been decoded.
    pub(in crate::server) fn claim_recorded(
        &self,
        route: &Route<'_>,
        head: &Parts,
        body: &Bytes,
    ) -> RecordedCall {
        let scenario = &self.connection.server.engine.scenario;
        let recorded = scenario.recorded.as_ref();
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
        // A mock that records has no recorded answer yet: the provider answers any request.
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
        RecordedCall {
            call: ServedCall::new(self, request, mode, false, Some(head)),
            asks_model,
            streamed,
            options,
        }
    }
}
