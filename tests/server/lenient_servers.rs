//! `lenient()`: the server accepts what the real provider would reject, if it can read it.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, without};

#[provider_test]
async fn a_lenient_server_accepts_what_the_provider_rejects(
    #[mock(openai, script = [reply("Hi.").times(2)])] server: MockServer,
) {
    server.lenient();
    let mut client = Client::new(&server).await;
    for (field, value) in [("top_k", 40), ("n", 1_000_000_000)] {
        let mut request = chat("a");
        request[field] = json!(value);
        let reply = client.post(CHAT, &request).await;
        assert_eq!(reply.status, 200);
        let choices = reply.json()["choices"].as_array().map(Vec::len);
        assert_eq!(choices, Some(1));
    }
}

#[provider_test]
async fn a_lenient_server_rejects_only_what_it_cannot_read(
    #[mock(reply("Hi."))] server: MockServer,
) {
    server.lenient();
    let mut client = Client::new(&server).await;
    let mut request = without(message("a"), "max_tokens");
    assert_eq!(client.post(MESSAGES, &request).await.status, 200);
    let could_be_read = request.clone();
    request["messages"] = json!(4);
    assert_eq!(client.post(MESSAGES, &request).await.status, 400);
    server.strict();
    assert_eq!(client.post(MESSAGES, &could_be_read).await.status, 400);
}
