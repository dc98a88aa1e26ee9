//! A mock that answers twice, and then is asked too often.
//!
//! ```text
//! cargo run --example error_handling
//! ```

use mock_core::{MockProvider, ProviderError, Request, mock_provider};

mock_provider!(
    Limited = openai("gpt-4o"),
    script = [
        reply("Success call {call}").times(2),
        fail(rate_limit { retry_after: 60s }),
    ],
);

/// Asks until the provider fails.
async fn ask_until_it_fails(llm: &MockProvider) -> (Vec<String>, ProviderError) {
    let mut answers = Vec::new();
    loop {
        match llm.answer(Request::new("gpt-4o").user("Again")).await {
            Ok(response) => answers.push(response.text().into_owned()),
            Err(error) => return (answers, error),
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let (answers, error) = ask_until_it_fails(&Limited::new()).await;

    for answer in answers {
        println!("answered: {answer}");
    }
    println!("failed: {error} ({})", error.kind);
    println!("  status {:?}", error.status);
    println!("  retry after {:?}", error.retry_after);
    println!(
        "  retryable: {}, hint: {}",
        error.is_retryable(),
        error.hint()
    );
}

#[cfg(test)]
mod tests {
    use mock_core::builder::secs;
    use mock_core::{ErrorKind, provider_test};

    use super::*;

    #[provider_test]
    async fn error_handling(llm: Limited) {
        let (answers, error) = ask_until_it_fails(&llm).await;

        assert_eq!(answers, ["Success call 1", "Success call 2"]);
        assert_eq!(error.kind, ErrorKind::RateLimit);
        assert_eq!(error.retry_after, Some(secs(60)));
        assert_eq!(error.provider.as_deref(), Some("openai"));
    }
}
