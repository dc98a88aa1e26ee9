//! Answers requests for embeddings.

use bytes::Bytes;

use super::answer_body::AnswerBody;
use super::reply::Reply;
use super::served_call::ServedCall;
use super::wait_for_call::Closed;
use crate::chat::request::Request;
use crate::engine::Mode;
use crate::scenario::Profile;
use crate::scenario::request_head::RequestHead;
use crate::server::content_type::JSON;
use crate::server::exchange::Ending;
use crate::server::served_request::ServedRequest;
use crate::wire::openai::embeddings;

impl ServedRequest {
    /// Answers a request for embeddings.
    pub(in crate::server) async fn answer_embeddings(
        self,
        body: &Bytes,
        head: Option<Box<RequestHead>>,
    ) -> Result<Reply, Closed> {
        let request = match self.read_embedding(body) {
            Ok(request) => request,
            Err(error) => return Ok(self.reject(error)),
        };
        let encoding = embeddings::encoding(&request);
        let chat = request.as_request();
        let mode = Mode::Embedding(Box::new(request));
        let mut call = ServedCall::new(&self, chat, mode, false, head);
        if let Err(error) = self
            .wait(&mut call, &mut ServedCall::poll_beginning)
            .await?
        {
            return self.fail(error, &call).await;
        }
        if let Some(raw) = call.raw_answer() {
            let options = self
                .wire
                .answer_options(&Request::default(), self.dialect());
            return self.answer_raw(call, raw, options, None, None).await;
        }
        let mut response = match self
            .wait(&mut call, &mut ServedCall::poll_embedding)
            .await?
        {
            Ok(response) => response,
            Err(error) => return self.fail(error, &call).await,
        };
        if self.profile() == Profile::Mistral {
            // Mistral's client requires an id: <https://docs.mistral.ai/api/#tag/embeddings>.
            let (id, seed) = (
                self.dialect().response_id,
                self.connection.server.engine.seed(),
            );
            let id = || id(seed, call.number() as u64).into();
            response.metadata.entry("id").or_insert_with(id);
        }
        match self.wire.write_embeddings(&response, encoding) {
            Ok(body) => {
                let body = AnswerBody::whole(&self.connection, body, Ending::Completed);
                Ok(self.success(&response.headers, JSON, body))
            }
            Err(problem) => self.fail_unwritable(&problem, &call).await,
        }
    }
}
