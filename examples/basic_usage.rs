//! A mock that answers one question.
//!
//! ```text
//! cargo run --example basic_usage
//! ```

use mock_core::testkit::test_messages;
use mock_core::{MockProvider, ProviderError, Request, Response, mock_provider};

mock_provider!(
    Greeter = openai("gpt-4o"),
    script = [on(user("Hello")).reply("Hello, world!")],
);

/// The code under test: any code that asks a provider.
async fn greet(llm: &MockProvider) -> Result<Response, ProviderError> {
    let request = Request::new("gpt-4o").with_messages(test_messages("Hello"));
    llm.answer(request).await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    let llm = Greeter::new();
    let response = greet(&llm).await?;

    let calls = llm.calls();
    for message in &calls[0].request().messages {
        println!("{:9}  {}", message.role.as_str(), message.text());
    }
    println!("assistant  {}", response.text());
    println!();
    println!("{} call of {}", calls.len(), response.model);
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::{Role, provider_test};

    use super::*;

    #[provider_test]
    async fn basic_usage(llm: Greeter) -> Result<(), ProviderError> {
        let response = greet(&llm).await?;

        assert_eq!(response.text(), "Hello, world!");
        assert_eq!(response.message.role, Role::Assistant);
        assert_eq!(llm.calls().len(), 1);
        Ok(())
    }
}
