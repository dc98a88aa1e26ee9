//! The calls and results of `docs/adapters.md`, and its trait without async fns.

use std::ops::Deref;

use mock_core::{Message, MockProvider, ProviderError, Request, ToolCall, provider_test};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

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

trait Llm {
    fn complete(&self, prompt: &str) -> Result<String, ProviderError>;
}

impl Llm for MockLlm {
    fn complete(&self, prompt: &str) -> Result<String, ProviderError> {
        let request = Request::new("gpt-4o").user(prompt);
        let answer = Handle::current().block_on(self.answer(request))?;
        Ok(answer.text().into_owned())
    }
}

#[provider_test]
async fn a_trait_without_async_fns_blocks_its_own_thread(
    #[mock(fail(overloaded), reply("Hi."))] llm: MockLlm,
) {
    let answers = spawn_blocking(move || [llm.complete("Hello"), llm.complete("Hello")]);
    let [rejected, answered] = answers.await.expect("no panic");
    assert!(rejected.is_err());
    assert_eq!(answered.as_deref(), Ok("Hi."));
}

#[provider_test(clock = "real")]
async fn an_answer_that_takes_time_needs_the_real_clock(
    #[mock(reply("Hi.").ttft(1ms))] llm: MockLlm,
) {
    let answer = spawn_blocking(move || llm.complete("Hello"));
    assert_eq!(answer.await.expect("no panic").as_deref(), Ok("Hi."));
}

#[provider_test]
async fn results_of_a_trait_without_ids_are_named_by_their_tools(
    #[mock(on(tool_result(look)).reply("{look.at}, {read.at}"))] llm: MockProvider,
) {
    let calls = ["look", "read"].map(|tool| ToolCall::new("", tool, "{}"));
    let request = Request::new("gemini-2.5-flash")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool_named("read", r#"{"at": "Rome"}"#))
        .with_message(Message::tool_named("look", r#"{"at": "Paris"}"#));
    let answer = llm.answer(request).await.expect("an answer");
    assert_eq!(answer.text(), "Paris, Rome");
}
