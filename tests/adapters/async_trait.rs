//! `async_trait`, with a boxed stream from an async fn: the commonest shape.

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks = BoxStream<'static, Result<Chunk, LlmError>>;

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError>;
    async fn stream(&self, prompt: Prompt) -> Result<Chunks, LlmError>;
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    async fn stream(&self, prompt: Prompt) -> Result<Chunks, LlmError> {
        let events = self.answer_stream(prompt.into()).await?;
        Ok(events.map(|event| event?.try_into()).boxed())
    }
}

// The shared tests.
struct Boxed;

impl Shape for Boxed {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(prompt).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = llm.stream(prompt).await?;
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Boxed);
