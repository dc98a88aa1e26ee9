//! The chunks go into a channel of tokio's.

use async_trait::async_trait;
use futures::{StreamExt as _, TryFutureExt as _};
use tokio::sync::mpsc;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Sender = mpsc::Sender<Result<Chunk, LlmError>>;

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError>;
    async fn stream(&self, prompt: Prompt, chunks: Sender);
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    async fn stream(&self, prompt: Prompt, chunks: Sender) {
        let events = self.answer_stream(prompt.into()).try_flatten_stream();
        let mut events = std::pin::pin!(events);
        while let Some(event) = events.next().await {
            let chunk = event.map_err(LlmError::from).and_then(Chunk::try_from);
            if chunks.send(chunk).await.is_err() {
                break; // nobody listens any more
            }
        }
    }
}

// The shared tests.
struct Channel;

impl Shape for Channel {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(prompt).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let (sender, mut chunks) = mpsc::channel(1);
        let task = tokio::spawn(async move { llm.stream(prompt, sender).await });
        while let Some(chunk) = chunks.recv().await {
            heard.push(chunk?);
        }
        task.await.expect("the task ends");
        Ok(())
    }
}

shared_tests!(Channel);
