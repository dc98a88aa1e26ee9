//! A mock that says what its answers cost, tokens of the cache too.
//!
//! ```text
//! cargo run --example custom_token_usage
//! ```

use mock_core::{MockProvider, ProviderError, Request, Usage, mock_provider};

mock_provider!(
    Metered = openai("gpt-4o"),
    usage = Usage::new(100, 50).cache_read(25),
    script = [reply("Here is the summary.")],
);

/// The code under test: what an answer costs, in millionths of a cent. A token that comes from the cache costs a tenth of one
/// that does not.
fn cost(usage: Usage) -> u64 {
    let fresh = usage.prompt_tokens - usage.cache_read_tokens;
    300 * fresh + 30 * usage.cache_read_tokens + 1500 * usage.completion_tokens
}

/// Asks, and returns what that takes.
async fn summarize(llm: &MockProvider) -> Result<Usage, ProviderError> {
    let response = llm.answer(Request::new("gpt-4o").user("Sum it up")).await?;
    Ok(response.usage.unwrap_or_default())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    let usage = summarize(&Metered::new()).await?;

    println!(
        "{} tokens read, {} of them from the cache",
        usage.prompt_tokens, usage.cache_read_tokens
    );
    println!("{} tokens written", usage.completion_tokens);
    println!("{} tokens in all", usage.total_tokens());
    println!("{} millionths of a cent", cost(usage));
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::provider_test;

    use super::*;

    #[provider_test]
    async fn custom_token_usage(llm: Metered) -> Result<(), ProviderError> {
        let usage = summarize(&llm).await?;

        assert_eq!(usage, Usage::new(100, 50).cache_read(25));
        assert_eq!(usage.total_tokens(), 150);
        assert_eq!(cost(usage), 98_250);
        Ok(())
    }
}
