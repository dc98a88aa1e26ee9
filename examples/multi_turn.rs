//! A conversation of two turns: the model calls a tool, reads its result, and answers.
//!
//! ```text
//! cargo run --example multi_turn
//! ```

use mock_core::{Message, MockProvider, ProviderError, Request, mock_provider};

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

/// Asks, runs the tools that the model calls, and goes on until it calls none. Returns the whole conversation.
async fn converse(llm: &MockProvider) -> Result<Vec<Message>, ProviderError> {
    let mut request = Request::new("gpt-4o")
        .user("Tell me about Rust")
        .with_tools(llm.tool_definitions());
    loop {
        let response = llm.answer(request.clone()).await?;
        request = request.with_message(response.message.clone());
        if response.tool_calls().next().is_none() {
            return Ok(request.messages);
        }
        for call in response.tool_calls() {
            request = request.with_message(Message::tool(&call.id, r#"{"hits": 7}"#));
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ProviderError> {
    for message in converse(&Researcher::new()).await? {
        print!("{:9}  {}", message.role.as_str(), message.text());
        for call in message.tool_calls() {
            print!(" {}({})", call.name, call.arguments);
        }
        for result in message.tool_results() {
            print!("{}", result.text());
        }
        println!();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use mock_core::{Role, provider_test};

    use super::*;

    #[provider_test]
    async fn multi_turn(llm: Researcher) -> Result<(), ProviderError> {
        let conversation = converse(&llm).await?;

        let roles = [Role::User, Role::Assistant, Role::Tool, Role::Assistant];
        assert!(conversation.iter().map(|message| message.role).eq(roles));
        let calls: Vec<_> = conversation[1].tool_calls().collect();
        assert_eq!(calls[0].name, "search");
        assert_eq!(calls[0].arguments, r#"{"query":"Rust"}"#);
        assert_eq!(conversation[3].text(), "About Rust I found 7 pages.");
        assert_eq!(conversation[3].tool_calls().count(), 0);
        Ok(())
    }
}
