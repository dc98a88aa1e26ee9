//! The chunks go into a channel, and the whole answer is returned at the end.

use async_trait::async_trait;
use futures::StreamExt as _;
use tokio::sync::mpsc::{self, UnboundedSender};

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

#[async_trait]
trait Llm: Send + Sync {
    async fn stream(
        &self,
        prompt: Prompt,
        chunks: UnboundedSender<Chunk>,
    ) -> Result<Reply, LlmError>;
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    async fn stream(
        &self,
        prompt: Prompt,
        chunks: UnboundedSender<Chunk>,
    ) -> Result<Reply, LlmError> {
        let mut events = self.answer_stream(prompt.into()).await?;
        let mut response = events.empty_response();
        while let Some(event) = events.next().await {
            let event = event?;
            response.push(event.clone());
            let _ = chunks.send(event.try_into()?);
        }
        Ok(response.into())
    }
}

// The shared tests.
struct ChannelAndMessage;

impl Shape for ChannelAndMessage {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        let (sender, _) = mpsc::unbounded_channel();
        llm.stream(prompt, sender).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let (sender, mut chunks) = mpsc::unbounded_channel();
        let reply = llm.stream(prompt, sender).await;
        while let Some(chunk) = chunks.recv().await {
            heard.push(chunk);
        }
        reply.map(drop)
    }
}

shared_tests!(ChannelAndMessage);
