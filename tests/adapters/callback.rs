//! A generic callback that takes the chunks as they come.

use futures::StreamExt as _;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

trait Llm: Send + Sync {
    fn complete<F: FnMut(Chunk) + Send>(
        &self,
        prompt: Prompt,
        on_chunk: F,
    ) -> impl Future<Output = Result<(), LlmError>> + Send;
}

// The adapter.
impl Llm for MockLlm {
    async fn complete<F: FnMut(Chunk) + Send>(
        &self,
        prompt: Prompt,
        mut on_chunk: F,
    ) -> Result<(), LlmError> {
        let mut events = self.answer_stream(prompt.into()).await?;
        while let Some(event) = events.next().await {
            on_chunk(event?.try_into()?);
        }
        Ok(())
    }
}

// The shared tests.
struct Callback;

impl Shape for Callback {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        let mut chunks = Vec::new();
        llm.complete(prompt, |chunk| chunks.push(chunk)).await?;
        Ok(chunks
            .into_iter()
            .fold(Reply::default(), crate::sync_stream::add))
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        llm.complete(prompt, |chunk| heard.push(chunk)).await
    }
}

shared_tests!(Callback);
