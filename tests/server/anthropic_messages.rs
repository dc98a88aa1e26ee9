//! Anthropic's Messages: whole and streamed answers.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, MESSAGES, message, streamed};

#[provider_test]
async fn anthropic_is_answered_with_a_message(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;

    let body = client.post(MESSAGES, &message("Hello")).await.json();

    let text = json!({ "type": "text", "text": "Hi." });
    assert_eq!(body["content"], json!([text]));
    assert_eq!(
        (&body["role"], &body["stop_reason"]),
        (&json!("assistant"), &json!("end_turn"))
    );
}

#[provider_test]
async fn anthropic_streams_named_events(
    #[mock(stream(["Hel", "lo"]).usage(11, 7))] server: MockServer,
) {
    let mut client = Client::new(&server).await;

    let reply = client.post(MESSAGES, &streamed(message("Hello"))).await;

    assert_eq!(
        reply.event_names(),
        [
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop",
        ]
    );
    let data: Vec<Value> = reply
        .event_data()
        .iter()
        .map(|data| serde_json::from_str(data).expect("each is JSON"))
        .collect();
    let first = &data[0]["message"]["usage"];
    assert_eq!(
        (&first["input_tokens"], &first["output_tokens"]),
        (&json!(11), &json!(1))
    );
    assert_eq!(data[6]["usage"]["output_tokens"], 7);
}

#[provider_test]
async fn the_tokens_of_a_stream_never_become_fewer(
    #[mock(reply("Hi."), reply("Hello, who is there?"), reply("Hi.").usage(7, 0))]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for _ in 0..3 {
        let reply = client.post(MESSAGES, &streamed(message("a"))).await;
        let data = reply.event_data().into_iter();
        let data = data.filter_map(|data| serde_json::from_str::<Value>(&data).ok());
        let tokens: Vec<_> = data
            .filter_map(|data| {
                let usage = data["message"].get("usage").or(data.get("usage"))?;
                usage["output_tokens"].as_u64()
            })
            .collect();
        assert_eq!(tokens.len(), 2, "at the beginning and at the end");
        assert!(tokens.is_sorted(), "{tokens:?}");
    }
}
