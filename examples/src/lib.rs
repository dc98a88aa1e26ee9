//! What puts mocks behind the agent's own provider trait. A project writes this once.

mod convert;

use std::ops::Deref;

use agent::{Completion, CompletionRequest, CompletionStream, Llm, LlmError};
use async_trait::async_trait;
use futures::StreamExt as _;
use mock_core::MockProvider;

use convert::{to_completion, to_error, to_event, to_request};

/// A mock behind the agent's provider trait.
#[derive(Clone)]
pub struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

impl Deref for MockLlm {
    type Target = MockProvider;

    fn deref(&self) -> &MockProvider {
        &self.0
    }
}

#[async_trait]
impl Llm for MockLlm {
    async fn complete(&self, request: CompletionRequest) -> Result<Completion, LlmError> {
        let answer = self.answer(to_request(request)).await;
        answer.map(to_completion).map_err(to_error)
    }

    async fn complete_stream(
        &self,
        request: CompletionRequest,
    ) -> Result<CompletionStream, LlmError> {
        let events = self.answer_stream(to_request(request)).await;
        Ok(events.map_err(to_error)?.map(to_event).boxed())
    }
}

#[cfg(test)]
mod tests {
    use agent::Agent;
    use mock_core::provider_test;

    use super::MockLlm;

    #[provider_test]
    async fn the_newtype_serves_unit_tests(#[mock(reply("Hi."))] llm: MockLlm) {
        let answer = Agent::new(llm).ask("Hello").await.expect("an answer");
        assert_eq!(answer.text, "Hi.");
    }
}
