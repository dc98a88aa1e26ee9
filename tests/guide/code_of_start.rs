//! The code of `docs/start.md`.

use std::ops::Deref;

use async_trait::async_trait;
use mock_core::{MockProvider, Request, provider_test};

// Your provider trait, and the code under test.

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: &str) -> Result<String, String>;
}

async fn greet(llm: &impl Llm, name: &str) -> String {
    match llm.complete(&format!("Greet {name}.")).await {
        Ok(greeting) => greeting,
        Err(_) => format!("Hello, {name}."),
    }
}

// Once for each project: a newtype that implements your trait for every mock.

#[derive(Clone)]
struct MockLlm(MockProvider);

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
        let request = Request::new("gpt-4o").user(prompt);
        match self.answer(request).await {
            Ok(response) => Ok(response.text().into_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

// The tests.

#[provider_test]
async fn greets_as_the_model_says(
    #[mock(on(user("Greet {name}.")).reply("Hi, {name}!"))] llm: MockLlm,
) {
    assert_eq!(greet(&llm, "Ada").await, "Hi, Ada!");
    assert_eq!(llm.calls().len(), 1);
}

#[provider_test]
async fn greets_on_its_own_when_the_model_is_down(#[mock(fail(timeout))] llm: MockLlm) {
    assert_eq!(greet(&llm, "Ada").await, "Hello, Ada.");
}
