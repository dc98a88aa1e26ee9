//! A borrowed request: the answer must not outlive it, and need not.

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use mock_core::Request;

use crate::convert::MockLlm;
use crate::shared_tests::{Shape, shared_tests};
use crate::types::{Chunk, LlmError, Prompt, Reply};

type Chunks = BoxStream<'static, Result<Chunk, LlmError>>;

struct Question<'a> {
    text: &'a str,
    top_k: u32,
}

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, model: &str, question: Question<'_>) -> Result<Reply, LlmError>;
    async fn stream(&self, model: &str, question: Question<'_>) -> Result<Chunks, LlmError>;
}

// The adapter.
#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, model: &str, question: Question<'_>) -> Result<Reply, LlmError> {
        let request = Request::new(model).user(question.text);
        let answer = self.answer(request.with_extra("top_k", question.top_k));
        Ok(answer.await?.into())
    }

    async fn stream(&self, model: &str, question: Question<'_>) -> Result<Chunks, LlmError> {
        let request = Request::new(model).user(question.text);
        let answer = self.answer_stream(request.with_extra("top_k", question.top_k));
        Ok(answer.await?.map(|event| event?.try_into()).boxed())
    }
}

// The shared tests.
struct Borrowed;

fn question(prompt: &Prompt) -> Question<'_> {
    Question {
        text: &prompt.text,
        top_k: prompt.top_k,
    }
}

impl Shape for Borrowed {
    async fn ask(llm: MockLlm, prompt: Prompt) -> Result<Reply, LlmError> {
        llm.complete(&prompt.model, question(&prompt)).await
    }

    async fn listen(llm: MockLlm, prompt: Prompt, heard: &mut Vec<Chunk>) -> Result<(), LlmError> {
        let mut chunks = llm.stream(&prompt.model, question(&prompt)).await?;
        while let Some(chunk) = chunks.next().await {
            heard.push(chunk?);
        }
        Ok(())
    }
}

shared_tests!(Borrowed);
