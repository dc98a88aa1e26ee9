//! The usage of a streamed answer: OpenAI's clients ask for it, Anthropic's get it at the beginning and at the end.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed};

#[provider_test]
async fn openai_streams_no_usage_where_nobody_asks_for_it(
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
