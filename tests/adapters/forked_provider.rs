//! `fork()`: another provider behind `Arc<dyn ..>` that goes on in the same script.

use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use mock_core::provider_test;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, prompt, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks = BoxStream<'static, Result<Chunk, LlmError>>;

#[async_trait]
trait Llm: Send + Sync {
    fn fork(&self) -> Arc<dyn Llm>;
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError>;
    async fn stream(&self, prompt: Prompt) -> Result<Chunks, LlmError>;
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    fn fork(&self) -> Arc<dyn Llm> {
        Arc::new(self.clone())
    }

    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    async fn stream(&self, prompt: Prompt) -> Result<Chunks, LlmError> {
        let events = self.answer_stream(prompt.into()).await?;
        Ok(events.map(|event| event?.try_into()).boxed())
    }
}

// The shared tests.
struct Fork;

impl Shape for Fork {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.fork().complete(prompt).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = llm.fork().stream(prompt).await?;
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Fork);

#[provider_test]
async fn forks_share_one_script(#[mock(reply("one"), reply("two"))] llm: MockLlm) {
    let (first, second) = (llm.fork(), llm.fork());

    let one = first.complete(prompt()).await.expect("an answer");
    let two = second.complete(prompt()).await.expect("an answer");

    assert_eq!((one.text.as_str(), two.text.as_str()), ("one", "two"));
}
