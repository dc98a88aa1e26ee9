//! OpenAI's Chat Completions: whole and streamed answers.

use mock_core::builder::*;
use mock_core::{MockServer, Outcome, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, RESPONSES, chat, streamed, wires};
use crate::stream_helpers::*;

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
async fn the_service_tier_of_an_answer_is_that_of_the_request(
    #[mock(reply("Hi.").times(0..))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (asked, expected) in [
        (json!(null), "default"),
        (json!("auto"), "default"),
        (json!("default"), "default"),
        (json!("flex"), "flex"),
        (json!("priority"), "priority"),
        (json!("fast"), "priority"),
        (json!("ultrafast"), "ultrafast"),
    ] {
        let mut request = chat("Hello");
        request["service_tier"] = asked.clone();
        let whole = client.post(CHAT, &request).await.json();
        assert_eq!(whole["service_tier"], expected, "{asked}");

        let data = client.post(CHAT, &streamed(request)).await.event_data();
        let (end, chunks) = data.split_last().expect("it has an end");
        assert_eq!(end, "[DONE]");
        for chunk in chunks {
            let chunk: Value = serde_json::from_str(chunk).expect("it is JSON");
            assert_eq!(chunk["service_tier"], expected, "{asked}: {chunk}");
        }

        let request = json!({ "model": "gpt-4o", "input": "Hello", "service_tier": asked });
        let answer = client.post(RESPONSES, &request).await.json();
        assert_eq!(answer["service_tier"], expected, "{asked}");
    }
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
async fn openai_streams_no_usage_unless_the_request_asks_for_it(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut request = streamed(chat("a"));
    for options in [Value::Null, json!({ "include_usage": false })] {
        request["stream_options"] = options;
        let reply = client.post(CHAT, &request).await;
        assert!(!reply.text.contains("usage"), "{}", reply.text);
        assert!(reply.text.ends_with("data: [DONE]\n\n"));
    }
}

#[provider_test]
async fn openai_streams_usage_at_the_end_where_the_request_asks_for_it(
    #[mock(stream(["Hel", "lo"]).usage(11, 7))] server: MockServer,
) {
    let mut request = streamed(chat("a"));
    request["stream_options"] = json!({ "include_usage": true });
    let reply = Client::new(&server).await.post(CHAT, &request).await;
    let data = reply.event_data();
    let chunks = data[..data.len() - 1].iter();
    let chunks: Vec<Value> = chunks
        .map(|data| serde_json::from_str(data).expect("each chunk is JSON"))
        .collect();
    let (last, others) = chunks.split_last().expect("there are chunks");
    assert_eq!(last["choices"], json!([]));
    assert_eq!(
        (
            &last["usage"]["prompt_tokens"],
            &last["usage"]["completion_tokens"]
        ),
        (&json!(11), &json!(7))
    );
    assert!(others.iter().all(|chunk| chunk["usage"].is_null()));
}

#[provider_test]
async fn s34_without_a_reason_and_a_usage_a_stream_has_its_end_mark() {
    let server = serve(script([reply("Hi.").finish(None).usage(None).times(2)]));
    let mut request = streamed(chat("a"));
    request["stream_options"] = serde_json::json!({ "include_usage": true });
    let reply = Client::new(&server).await.post(CHAT, &request).await;
    assert!(!reply.text.contains("\"stop\"") && !reply.text.contains("prompt_tokens"));
    assert!(reply.text.ends_with("data: [DONE]\n\n"));
    let whole = Client::new(&server).await.post(CHAT, &chat("a")).await;
    let whole = whole.json();
    assert!(whole["choices"][0]["finish_reason"].is_null());
    assert_eq!(whole.get("usage"), None);
}
