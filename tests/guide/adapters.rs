//! The calls and results of `docs/adapters.md`.

use mock_core::{Message, MockProvider, Request, ToolCall, provider_test};

#[provider_test]
async fn results_of_a_trait_without_ids_are_named_by_their_tools(
    #[mock(on(tool_result(look)).reply("{look.at}, {read.at}"))] llm: MockProvider,
) {
    let calls = ["look", "read"].map(|tool| ToolCall::new("", tool, "{}"));
    let request = Request::new("gemini-2.5-flash")
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool_named("read", r#"{"at": "Rome"}"#))
        .with_message(Message::tool_named("look", r#"{"at": "Paris"}"#));
    let answer = llm.answer(request).await.expect("an answer");
    assert_eq!(answer.text(), "Paris, Rome");
}
