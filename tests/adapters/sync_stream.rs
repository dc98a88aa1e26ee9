//! A sync fn that returns a boxed stream at once: a failure is its first item.

use futures::stream::BoxStream;
use futures::{StreamExt as _, TryFutureExt as _, TryStreamExt as _};

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Call, Chunk, LlmError, Prompt, Reply};

trait Llm: Send + Sync {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Chunk, LlmError>>;
}

// The adapter.
impl Llm for MockLlm {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Chunk, LlmError>> {
        let events = self.answer_stream(prompt.into()).try_flatten_stream();
        events.map(|event| event?.try_into()).boxed()
    }
}

// The shared tests.
struct SyncStream;

impl Shape for SyncStream {
    /// A trait without whole answers: its callers collect.
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        let chunks = llm.stream(prompt).try_collect::<Vec<_>>().await?;
        Ok(chunks.into_iter().fold(Reply::default(), add))
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = llm.stream(prompt);
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

/// A reply with one more chunk in it.
pub(crate) fn add(mut reply: Reply, chunk: Chunk) -> Reply {
    match chunk {
        Chunk::Text(text) => reply.text.push_str(&text),
        Chunk::Call { id, tool } => reply.calls.push(Call {
            id,
            tool,
            arguments: String::new(),
        }),
        Chunk::Arguments(piece) => reply
            .calls
            .last_mut()
            .expect("a call comes before its arguments")
            .arguments
            .push_str(&piece),
        Chunk::End(end) => reply.end = Some(end),
    }
    reply
}

shared_tests!(SyncStream);
