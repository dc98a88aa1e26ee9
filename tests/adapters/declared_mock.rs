//! A declared mock behind the trait itself, without a newtype.

use async_trait::async_trait;
use mock_core::{mock_provider, provider_test};

use crate::shared_tests::prompt;
use crate::types::{LlmError, Prompt, Reply};

mock_provider!(Greeter, script = [reply("Hi.")]);

#[async_trait]
trait Llm: Send + Sync {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError>;
}

#[async_trait]
impl Llm for Greeter {
    async fn complete(&self, prompt: Prompt) -> Result<Reply, LlmError> {
        Ok(self.answer(prompt.into()).await?.into())
    }
}

#[provider_test]
async fn a_declared_mock_implements_the_trait(greeter: Greeter) {
    let llm: &dyn Llm = &greeter;
    let reply = llm.complete(prompt()).await.expect("an answer");
    assert_eq!(reply.text, "Hi.");
    assert_eq!(greeter.calls().len(), 1);
}
