//! The chunks go into any `Sink`: a channel of `futures`, a socket, a buffer.

use async_trait::async_trait;
use futures::channel::mpsc;
use futures::{Sink, StreamExt as _, TryFutureExt as _};

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type ChunkSink = dyn Sink<Result<Chunk, LlmError>, Error = mpsc::SendError> + Send + Unpin;

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError>;
    async fn stream(&self, prompt: Prompt, chunks: &mut ChunkSink) -> Result<(), mpsc::SendError>;
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }

    async fn stream(&self, prompt: Prompt, chunks: &mut ChunkSink) -> Result<(), mpsc::SendError> {
        let events = self.answer_stream(prompt.into()).try_flatten_stream();
        let chunk = events.map(|event| Ok(event.map_err(LlmError::from).and_then(Chunk::try_from)));
        chunk.forward(chunks).await
    }
}

// The shared tests.
struct IntoSink;

impl Shape for IntoSink {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(prompt).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let (mut sender, mut chunks) = mpsc::unbounded();
        let sent = llm.stream(prompt, &mut sender).await;
        assert_eq!(sent, Ok(()), "the channel is open");
        drop(sender);
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(IntoSink);
