//! A conversation of two turns: the model calls a tool, reads its result, and answers.
//!
//! ```text
//! cargo run --example multi_turn
//! ```

use mock_core::{Message, MockProvider, ProviderError, Request, Response, mock_provider};

mock_provider!(
    Researcher = openai("gpt-4o"),
    tools = [search { query: string }],
    script = [
        on(user("about {topic}"))
            .reply("Let me search.")
            .call(search { query: "{topic}" }),
        on(tool_result(search)).reply("About {topic} I found {search.hits} pages."),
    ],
);

/// Asks, runs the tools that the model calls, and goes on until it calls none.
async fn converse(llm: &MockProvider) -> Result<Vec<Response>, ProviderError> {
    let mut request = Request::new("gpt-4o")
        .user("Tell me about Rust")
        .tools(llm.tool_definitions());
    let mut responses = Vec::new();
    loop {
        let response = llm.answer(request.clone()).await?;
        request = request.message(response.message.clone());
        for call in response.tool_calls() {
            request = request.message(Message::tool(&call.id, r#"{"hits": 7}"#));
        }
        let done = response.tool_calls().next().is_none();
        responses.push(response);
        if done {
            return Ok(responses);
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    for response in converse(&Researcher::new()).await? {
        println!(
            "{} ({} tool calls)",
            response.text(),
            response.tool_calls().count()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::{FinishReason, provider_test};

    use super::*;

    #[provider_test]
    async fn multi_turn(llm: Researcher) -> Result<(), ProviderError> {
        let responses = converse(&llm).await?;

        assert_eq!(responses.len(), 2);
        assert_eq!(responses[0].finish_reason, Some(FinishReason::ToolCalls));
        assert_eq!(responses[1].text(), "About Rust I found 7 pages.");
        assert_eq!(responses[1].tool_calls().count(), 0);
        Ok(())
    }
}
