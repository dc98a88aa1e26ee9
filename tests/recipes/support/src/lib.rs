//! Mocks that several crates share: the project's trait, the newtype behind it, and scenarios that many tests need.

use std::ops::Deref;

use async_trait::async_trait;
use mock_core::{MockProvider, Request, mock_provider};

// So that the crates that use the mocks need no dependency of their own.
pub use mock_core;

/// The project's trait.
#[async_trait]
pub trait Llm: Send + Sync {
    /// Answers a prompt.
    async fn complete(&self, prompt: &str) -> Result<String, String>;
}

/// A mock behind the trait.
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
    async fn complete(&self, prompt: &str) -> Result<String, String> {
        let answer = self.answer(Request::new("gpt-4o").user(prompt)).await;
        match answer {
            Ok(answer) => Ok(answer.text().into_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

mock_provider!(
    #[doc = "Rejects two calls, and answers the third."]
    Busy = openai("gpt-4o"),
    vis = pub,
    script = [
        fail(rate_limit { retry_after: 2s }).times(2),
        reply("Hi."),
    ],
);
