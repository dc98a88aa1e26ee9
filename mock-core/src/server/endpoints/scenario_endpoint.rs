//! Answers requests for the endpoints of the scenario's own.

use crate::chat::request::Request;
use crate::engine::Mode;
use crate::scenario::request_head::RequestHead;
use crate::server::answers::reply::Reply;
use crate::server::answers::served_call::ServedCall;
use crate::server::answers::wait_for_call::Closed;
use crate::server::answers::whole_answer::Format;
use crate::server::served_request::ServedRequest;

impl ServedRequest {
    /// Answers a request for an endpoint of the scenario's own.
    pub(in crate::server) async fn answer_own_endpoint(
        self,
        head: Box<RequestHead>,
    ) -> Result<Reply, Closed> {
        let request = Request::default();
        let options = self.wire.answer_options(&request, self.dialect());
        let mut call = ServedCall::new(&self, request, Mode::Whole, false, Some(head));
        if let Err(error) = self
            .wait(&mut call, &mut ServedCall::poll_beginning)
            .await?
        {
            return self.break_off(error, call, options, false).await;
        }
        match call.raw_answer() {
            Some(raw) => self.answer_raw(call, raw, options, None, None).await,
            None => self.answer_whole(call, false, Format::Text).await,
        }
    }
}
