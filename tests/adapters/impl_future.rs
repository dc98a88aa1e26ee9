//! `impl Future` and `impl Stream` in the trait. Not dyn compatible; the stream is there at once.

use futures::{Stream, StreamExt as _, TryFutureExt as _};

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

trait Llm: Send + Sync {
    fn complete(&self, prompt: Prompt) -> impl Future<Output = Result<Reply, LlmError>> + Send;
    fn stream(&self, prompt: Prompt) -> impl Stream<Item = Result<Chunk, LlmError>> + Send;
}

// The adapter.
impl Llm for MockLlm {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    fn stream(&self, prompt: Prompt) -> impl Stream<Item = Result<Chunk, LlmError>> + Send {
        let events = self.answer_stream(prompt.into()).try_flatten_stream();
        events.map(|event| event?.try_into())
    }
}

// The shared tests.
struct Opaque;

impl Shape for Opaque {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(prompt).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = std::pin::pin!(llm.stream(prompt));
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Opaque);
