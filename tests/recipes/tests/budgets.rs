//! Budgets: an agent that stops before it spends too much.

use mock_core::{FinishReason, MockProvider, ProviderError, Request, provider_test};

/// Code under test: asks the model to go on until the answer is whole, or the budget is spent.
async fn write(llm: &MockProvider, mut tokens: u64) -> Result<String, ProviderError> {
    let mut text = String::new();
    let mut request = Request::new("gpt-4o").user("Write a story.");
    loop {
        let answer = llm.answer(request.clone()).await?;
        text += &answer.text();
        let used = answer.usage.map_or(0, |usage| usage.total_tokens());
        tokens = tokens.saturating_sub(used);
        if answer.finish_reason != Some(FinishReason::Length) || tokens == 0 {
            return Ok(text);
        }
        request = request.with_message(answer.message.clone()).user("Go on.");
    }
}

#[provider_test]
async fn it_stops_at_its_budget(
    #[mock(
        reply("Once upon ").usage(10, 40).finish(length),
        reply("a time ").usage(20, 40).finish(length),
        reply("there was a mock.").usage(30, 40).times(0..=1),
        expect = [calls(2), tokens(..=120)],
    )]
    llm: MockProvider,
) {
    assert_eq!(write(&llm, 100).await.unwrap(), "Once upon a time ");
}

#[provider_test]
async fn it_writes_to_the_end_within_its_budget(
    #[mock(
        reply("Once upon ").usage(10, 40).finish(length),
        on(user("Go on")).reply("a time.").usage(20, 40),
        expect = [tokens(..=200)],
    )]
    llm: MockProvider,
) {
    assert_eq!(write(&llm, 1_000).await.unwrap(), "Once upon a time.");
}
