//! The paths, answers and errors of OpenAI's dialects.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, RESPONSES, chat};

#[provider_test]
async fn a_dialect_is_spoken_on_the_wire(
    #[mock(openrouter, script = [reasoning("Hm.").reply("Hi."), fail(rate_limit)])]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let path = "/api/v1/chat/completions";
    let mut request = chat("a");
    request["stream"] = true.into();
    let reply = client.post(path, &request).await;
    let data = reply.event_data();
    assert!(data[0].contains(r#""reasoning":"Hm.""#), "{}", data[0]);
    assert!(data[0].contains(r#""id":"gen-"#), "{}", data[0]);
    assert_eq!(data.last().map(String::as_str), Some("[DONE]"));
    let usage = &data[data.len() - 2];
    assert!(usage.contains(r#""native_finish_reason":"stop""#) && usage.contains("prompt_tokens"));

    let reply = client.post(path, &chat("a")).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (429, &json!(429))
    );
}

#[provider_test]
async fn deepseek_is_asked_without_a_version(#[mock(deepseek, reply("Hi."))] server: MockServer) {
    let reply = Client::new(&server)
        .await
        .post("/chat/completions", &chat("a"))
        .await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["usage"]["prompt_cache_miss_tokens"].is_u64());
}

#[provider_test]
async fn an_error_of_xai_is_a_text_on_both_wires(
    #[mock(xai, fail(rate_limit).times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (path, body) in [
        (CHAT, chat("a")),
        (RESPONSES, json!({ "model": "grok-4", "input": "a" })),
    ] {
        let reply = client.post(path, &body).await;
        let body = reply.json();
        assert_eq!(reply.status, 429);
        assert_eq!(body["code"], "resource-exhausted");
        assert!(body["error"].is_string(), "{body}");
    }
}
