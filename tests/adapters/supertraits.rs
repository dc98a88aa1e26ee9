//! A trait of several, with an associated type and methods that return references.

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks = BoxStream<'static, Result<Chunk, LlmError>>;

#[derive(Debug, PartialEq)]
struct ModelInfo {
    context_window: u32,
}

trait Configured {
    type Config;

    fn config(&self) -> Self::Config;
}

trait Described {
    fn name(&self) -> &str;
    fn model(&self, name: &str) -> Option<&ModelInfo>;
}

#[async_trait]
trait Chat: Send + Sync {
    async fn chat(&self, prompt: Prompt) -> Result<Reply, LlmError>;
    async fn chat_stream(&self, prompt: Prompt) -> Result<Chunks, LlmError>;
}

trait Llm: Chat + Described + Configured<Config = u32> {}

// The adapter.
impl Configured for MockLlm {
    type Config = u32;

    fn config(&self) -> u32 {
        8
    }
}

impl Described for MockLlm {
    fn name(&self) -> &str {
        self.scenario().profile.name()
    }

    fn model(&self, _: &str) -> Option<&ModelInfo> {
        const INFO: ModelInfo = ModelInfo {
            context_window: 128_000,
        };
        Some(&INFO)
    }
}

#[async_trait]
impl Chat for MockLlm {
    async fn chat(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    async fn chat_stream(&self, prompt: Prompt) -> Result<Chunks, LlmError> {
        let events = self.answer_stream(prompt.into()).await?;
        Ok(events.map(|event| event?.try_into()).boxed())
    }
}

impl Llm for MockLlm {}

// The shared tests.
struct Supertraits;

fn llm(llm: MockLlm) -> Box<dyn Llm> {
    assert_eq!((llm.name(), llm.config()), ("mock", 8));
    assert!(
        llm.model("gpt-4o")
            .is_some_and(|model| model.context_window == 128_000)
    );
    Box::new(llm)
}

impl Shape for Supertraits {
    async fn ask(mock: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm(mock).chat(prompt).await
    }

    async fn listen(mock: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = llm(mock).chat_stream(prompt).await?;
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Supertraits);
