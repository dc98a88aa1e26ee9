//! The journal keeps what was asked, with all its parameters.
//!
//! ```text
//! cargo run --example request_parameters
//! ```

use mock_core::{MockProvider, ProviderError, Request, mock_provider};

mock_provider!(
    Listener,
    script = [on(when(|request| request.temperature == Some(0.5))).reply("I heard you.")],
);

/// The code under test: it is to ask with these parameters.
async fn ask(llm: &MockProvider) -> Result<(), ProviderError> {
    let request = Request::new("gpt-4")
        .user("Hello")
        .with_temperature(0.5)
        .with_max_tokens(1000)
        .with_extra("top_p", 0.9);
    llm.answer(request).await?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    let llm = Listener::new();
    ask(&llm).await?;

    let calls = llm.calls();
    let request = calls[0].request();
    println!("model        {}", request.model);
    println!("temperature  {:?}", request.temperature);
    println!("max_tokens   {:?}", request.max_tokens);
    println!("extra        {:?}", request.extra);
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::provider_test;

    use super::*;

    #[provider_test]
    async fn request_parameters(llm: Listener) -> Result<(), ProviderError> {
        ask(&llm).await?;

        let calls = llm.calls();
        let request = calls[0].request();
        assert_eq!(request.model, "gpt-4");
        assert_eq!(request.temperature, Some(0.5));
        assert_eq!(request.max_tokens, Some(1000));
        assert_eq!(request.extra["top_p"], 0.9);
        Ok(())
    }
}
