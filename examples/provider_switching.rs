//! Two providers: the second is asked when the first is down.
//!
//! ```text
//! cargo run --example provider_switching
//! ```

use mock_core::{MockProvider, ProviderError, Request, Response, mock_provider};

mock_provider!(
    First = openai("gpt-4o"),
    script = [reply("Here is the first."), fail(overloaded)],
);

mock_provider!(
    Second = anthropic("claude-sonnet-4-5"),
    script = [reply("Here is the second.")],
);

/// Asks the first provider that answers.
async fn ask(providers: [(&MockProvider, &str); 2]) -> Result<Response, ProviderError> {
    let [(first, model), (second, other_model)] = providers;
    let request = Request::new(model).user("Who is there?");
    match first.answer(request).await {
        Err(error) if error.is_retryable() => {
            println!("{model} failed: {error}");
            let request = Request::new(other_model).user("Who is there?");
            second.answer(request).await
        }
        result => result,
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    let (first, second) = (First::new(), Second::new());
    for _ in 0..2 {
        let providers = [(&*first, "gpt-4o"), (&*second, "claude-sonnet-4-5")];
        let response = ask(providers).await?;
        println!("{} answered: {}", response.model, response.text());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::provider_test;

    use super::*;

    #[provider_test]
    async fn provider_switching(first: First, second: Second) -> Result<(), ProviderError> {
        let providers = [(&*first, "gpt-4o"), (&*second, "claude-sonnet-4-5")];
        let one = ask(providers).await?;
        let other = ask(providers).await?;

        assert_eq!(
            (&*one.text(), &*one.model),
            ("Here is the first.", "gpt-4o")
        );
        assert_eq!(
            (&*other.text(), &*other.model),
            ("Here is the second.", "claude-sonnet-4-5")
        );
        assert_eq!((first.calls().len(), second.calls().len()), (2, 1));
        Ok(())
    }
}
