//! A mock that calls a tool. What it may be called with is checked when this compiles.
//!
//! ```text
//! cargo run --example tool_calling
//! ```

use mock_core::{MockProvider, ProviderError, Request, ToolCall, mock_provider};

mock_provider!(
    Searcher = openai("gpt-4o"),
    tools = [search_web {
        query: string,
        limit: integer,
    }],
    script = [on(user("Search for {topic}"))
        .reply("Let me look that up.")
        .call(search_web {
            query: "{topic}",
            limit: 5,
        }),],
);

/// Asks for a search, and returns the calls that the model makes.
async fn search(llm: &MockProvider, topic: &str) -> Result<Vec<ToolCall>, ProviderError> {
    let request = Request::new("gpt-4o")
        .user(format!("Search for {topic}"))
        .with_tools(llm.tool_definitions());
    let response = llm.answer(request).await?;
    Ok(response.tool_calls().cloned().collect())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    for call in search(&Searcher::new(), "circuit breakers").await? {
        println!("{}({}), as {}", call.name, call.arguments, call.id);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::provider_test;
    use serde_json::{Value, json};

    use super::*;

    #[provider_test]
    async fn tool_calling(llm: Searcher) -> anyhow::Result<()> {
        let calls = search(&llm, "circuit breakers").await?;

        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].name, "search_web");
        let arguments: Value = calls[0].json()?;
        assert_eq!(arguments, json!({"query": "circuit breakers", "limit": 5}));
        Ok(())
    }
}
