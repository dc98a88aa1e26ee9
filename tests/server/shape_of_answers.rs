//! The shape of whole and streamed answers of OpenAI and Anthropic.

use mock_core::{MockServer, Outcome, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed, wires};

#[provider_test]
async fn openai_is_answered_with_a_completion(
    #[mock(on(user("weather in {city}")).reply("Sunny in {city}."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;

    let reply = client.post(CHAT, &chat("weather in Paris?")).await;

    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let body = reply.json();
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(body["choices"][0]["message"]["content"], "Sunny in Paris.");
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert_eq!(body["model"], "gpt-4o");
    assert_eq!(server.calls().len(), 1);
    assert_eq!(
        server.calls()[0].request().user_text().as_deref(),
        Some("weather in Paris?")
    );
}

#[provider_test]
async fn anthropic_is_answered_with_a_message(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;

    let body = client.post(MESSAGES, &message("Hello")).await.json();

    let text = json!({ "type": "text", "text": "Hi.", "citations": null });
    assert_eq!(body["content"], json!([text]));
    assert_eq!(
        (&body["role"], &body["stop_reason"]),
        (&json!("assistant"), &json!("end_turn"))
    );
}

#[provider_test]
async fn openai_streams_chunks(#[mock(stream(["Hel", "lo"]).usage(11, 7))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let mut request = streamed(chat("Hello"));
    request["stream_options"] = json!({ "include_usage": true });

    let reply = client.post(CHAT, &request).await;

    assert_eq!(
        reply.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    assert_eq!(reply.header("cache-control"), Some("no-cache"));
    let data = reply.event_data();
    assert_eq!(data.last().map(String::as_str), Some("[DONE]"));
    let chunks: Vec<Value> = data[..data.len() - 1]
        .iter()
        .map(|data| serde_json::from_str(data).expect("each chunk is JSON"))
        .collect();
    let said: String = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, "Hello");
    assert_eq!(chunks[0]["choices"][0]["delta"]["role"], "assistant");
    assert!(chunks.iter().all(|chunk| chunk["id"] == chunks[0]["id"]));
    let usage = &chunks.last().expect("there are chunks")["usage"];
    assert_eq!(
        (&usage["prompt_tokens"], &usage["completion_tokens"]),
        (&json!(11), &json!(7))
    );
    assert_eq!(server.calls()[0].outcome(), Some(&Outcome::Completed));
}

#[provider_test]
async fn a_request_whose_stream_is_false_is_answered_whole(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    for (path, mut request) in wires("a") {
        request["stream"] = false.into();
        let reply = Client::new(&server).await.post(path, &request).await;
        assert_eq!(reply.header("content-type"), Some("application/json"));
    }
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
