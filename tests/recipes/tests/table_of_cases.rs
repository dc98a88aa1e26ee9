//! A table of cases: one body, and a test for each row.

use mock_core::{ErrorKind, MockProvider, Request, mock_provider, provider_test};

/// Code under test: says what a person should read.
async fn ask(llm: &MockProvider) -> String {
    match llm.answer(Request::new("gpt-4o").user("hello")).await {
        Ok(answer) => answer.text().into_owned(),
        Err(error) if error.kind == ErrorKind::Auth => "Check your API key.".to_owned(),
        Err(error) if error.is_retryable() => "Try again later.".to_owned(),
        Err(_) => "Something went wrong.".to_owned(),
    }
}

#[provider_test]
#[case::answer(mock_provider!(reply("Hi.")), "Hi.")]
#[case::wrong_key(mock_provider!(fail(auth)), "Check your API key.")]
#[case::busy(mock_provider!(fail(overloaded)), "Try again later.")]
#[case::blocked(mock_provider!(fail(content_filter)), "Something went wrong.")]
async fn each_answer_has_its_words(#[case] llm: MockProvider, #[case] words: &str) {
    assert_eq!(ask(&llm).await, words);
}
