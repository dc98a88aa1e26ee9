//! Anthropic's `count_tokens`.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{Client, MESSAGES, message, without};

#[provider_test]
async fn tokens_are_counted_as_usage_counts_them(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let path = "/v1/messages/count_tokens";
    let body = message("This text has forty characters in it, ok");
    let count = client
        .post(path, &without(body.clone(), "max_tokens"))
        .await;
    let answer = client.post(MESSAGES, &body).await;
    let counted = count.json();
    assert_eq!(
        counted["input_tokens"],
        answer.json()["usage"]["input_tokens"]
    );
    assert_eq!(counted.as_object().map(|fields| fields.len()), Some(1));
    assert_eq!(client.post(path, &body).await.json(), counted);

    let rejected = client.post(path, &without(body, "messages")).await;
    assert_eq!(
        (rejected.status, &rejected.json()["error"]["type"]),
        (400, &json!("invalid_request_error"))
    );
    assert_eq!(client.get(path).await.status, 405);
    assert_eq!(server.calls().len(), 1);
    assert_eq!(server.exchanges().len(), 5);
}

#[provider_test]
async fn a_count_with_a_budget_for_thinking_needs_no_maximum(
    #[mock(anthropic("claude-sonnet-4-5"), script = [reply("Hi.")], allow = [unused_turns])]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let tools = json!([{ "name": "look", "input_schema": { "type": "object" } }]);
    for tools in [json!([]), tools] {
        let request = json!({
            "model": "claude-sonnet-4-5", "messages": [{ "role": "user", "content": "Hello" }],
            "tools": tools, "thinking": { "type": "enabled", "budget_tokens": 4096 },
        });
        let reply = client.post("/v1/messages/count_tokens", &request).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
    }
}
