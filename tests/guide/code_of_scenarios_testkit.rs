//! The code of `docs/scenarios.md` about fixtures of your own.

use mock_core::builder::{rate_limit, secs};
use mock_core::testkit::{assert_valid_stream, collect, failing_mock, test_messages};
use mock_core::{ProviderError, Request, provider_test};

#[provider_test]
async fn one_success_and_then_a_rate_limit() -> Result<(), ProviderError> {
    let llm = failing_mock(rate_limit().retry_after(secs(60)), 1);
    let request = Request::new("gpt-4o").with_messages(test_messages("Hello"));

    let answer = collect(llm.answer_stream(request.clone()).await?).await;
    assert_valid_stream(&answer.items);
    assert_eq!(answer.pieces(), ["Success ", "call ", "1"]);
    assert_eq!(answer.response.text(), "Success call 1");

    let error = llm.answer(request).await.expect_err("a rate limit");
    assert_eq!(error.retry_after, Some(secs(60)));
    Ok(())
}
