//! Sync fns that return `BoxFuture<'static, ..>`, of a boxed stream too. No macro.

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt as _, StreamExt as _};

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks = BoxStream<'static, Result<Chunk, LlmError>>;

trait Llm: Send + Sync {
    fn complete(&self, prompt: Prompt) -> BoxFuture<'static, Result<Reply, LlmError>>;
    fn stream(&self, prompt: Prompt) -> BoxFuture<'static, Result<Chunks, LlmError>>;
}

// The adapter.
impl Llm for MockLlm {
    fn complete(&self, prompt: Prompt) -> BoxFuture<'static, Result<Reply, LlmError>> {
        let answer = self.answer(prompt.into());
        async move { Ok(answer.await?.into()) }.boxed()
    }

    fn stream(&self, prompt: Prompt) -> BoxFuture<'static, Result<Chunks, LlmError>> {
        let answer = self.answer_stream(prompt.into());
        async move { Ok(answer.await?.map(|event| event?.try_into()).boxed()) }.boxed()
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
