//! Native async fns on `&mut self`.

use futures::StreamExt as _;
use futures::stream::BoxStream;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks<'a> = BoxStream<'a, Result<Chunk, LlmError>>;

trait Llm {
    async fn complete(&mut self, prompt: &Prompt) -> Result<Reply, LlmError>;
    async fn stream(&mut self, prompt: &Prompt) -> Result<Chunks<'_>, LlmError>;
}

// The adapter.
impl Llm for MockLlm {
    async fn complete(&mut self, prompt: &Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.clone().into()).await?.into())
    }

    async fn stream(&mut self, prompt: &Prompt) -> Result<Chunks<'_>, LlmError> {
        let events = self.answer_stream(prompt.clone().into()).await?;
        Ok(events.map(|event| event?.try_into()).boxed())
    }
}

// The shared tests.
struct Exclusive;

impl Shape for Exclusive {
    async fn ask(mut llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(&prompt).await
    }

    async fn listen(
        mut llm: MockLlm,
        prompt: Prompt,
        heard: &mut Vec<Chunk>,
    ) -> Result<(), LlmError> {
        let mut chunks = llm.stream(&prompt).await?;
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Exclusive);
