//! The form of whole and streamed answers on each wire.

use mock_core::builder::reasoning;
use mock_core::{MockProvider, MockServer, Outcome};
use mock_core::{Request, provider_test};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, ms, post, streamed, wires};

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

#[provider_test]
async fn a_tool_is_called_and_answered_on_both_wires(
    #[mock(
        tools = [get_time { city: string }],
        script = [
            call(get_time { city: "Paris" }),
            on(tool_result(get_time)).reply("It is {get_time.time} there."),
            call(get_time { city: "Rome" }),
            on(tool_result(get_time)).reply("It is {get_time.time} there."),
        ]
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut request = chat("What time is it in Paris?");
    request["tools"] =
        json!([{ "type": "function", "function": { "name": "get_time", "parameters": {} } }]);
    let mut answer = client.post(CHAT, &request).await.json();
    let called = answer["choices"][0]["message"].take();
    let id = called["tool_calls"][0]["id"].clone();
    assert!(
        id.as_str()
            .is_some_and(|id| id.starts_with("call_") && id.len() == 29),
        "{id}"
    );
    assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
    let messages = request["messages"].as_array_mut().expect("a list");
    messages.push(called);
    messages.push(json!({ "role": "tool", "tool_call_id": id, "content": "{\"time\":\"noon\"}" }));
    let answer = client.post(CHAT, &request).await.json();
    assert_eq!(
        answer["choices"][0]["message"]["content"],
        "It is noon there."
    );

    let mut request = message("And in Rome?");
    request["tools"] = json!([{ "name": "get_time", "input_schema": {} }]);
    let answer = client.post(MESSAGES, &request).await.json();
    let block = &answer["content"][0];
    assert_eq!(
        (&block["type"], &block["input"]),
        (&json!("tool_use"), &json!({ "city": "Rome" }))
    );
    let id = block["id"].as_str().expect("a text");
    assert!(id.starts_with("toolu_01") && id.len() == 30, "{id}");
    let result = json!({ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": id, "content": "{\"time\":\"one\"}" }] });
    let messages = request["messages"].as_array_mut().expect("a list");
    messages.push(json!({ "role": "assistant", "content": answer["content"] }));
    messages.push(result);
    let answer = client.post(MESSAGES, &request).await.json();
    assert_eq!(answer["content"][0]["text"], "It is one there.");
}

#[provider_test]
async fn ids_are_unique_and_the_same_in_every_run(
    #[mock(reply("Hi.").times(4))] server: MockServer,
) {
    let other = MockServer::new(MockProvider::new(server.scenario().clone()));
    let mut ids = Vec::new();
    for server in [&server, &other] {
        let mut client = Client::new(server).await;
        for (path, request) in [(CHAT, chat("a")), (MESSAGES, message("a"))] {
            for _ in 0..2 {
                let reply = client.post(path, &request).await;
                ids.push(reply.json()["id"].as_str().expect("an id").to_owned());
            }
        }
    }
    assert!(ids[0].starts_with("chatcmpl-") && ids[2].starts_with("msg_01"));
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    // The second mock of a test has a seed of its own.
    assert_eq!(unique.len(), 8, "{ids:?}");
}

#[provider_test]
async fn each_answer_has_an_id_of_its_own_in_the_header_of_the_wire(
    #[mock(reply("Hi.").times(4))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut ids = Vec::new();
    for (path, request, name) in [
        (CHAT, chat("a"), "x-request-id"),
        (CHAT, streamed(chat("a")), "x-request-id"),
        (CHAT, json!({}), "x-request-id"),
        (MESSAGES, message("a"), "request-id"),
        (MESSAGES, streamed(message("a")), "request-id"),
        (MESSAGES, json!({}), "request-id"),
    ] {
        let reply = client.post(path, &request).await;
        ids.push(reply.header(name).expect("an id").to_owned());
    }
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), 6, "{ids:?}");
}

#[provider_test]
async fn the_time_of_an_answer_is_when_its_request_came_on_the_clock_of_the_test(
    #[mock(reply("Hi.").times(2).ttft(30s))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut created = Vec::new();
    for _ in 0..2 {
        let reply = client.post(CHAT, &chat("a")).await;
        assert_eq!(reply.header("date"), None, "it would be of the real clock");
        created.push(reply.json()["created"].as_u64().expect("a time"));
        tokio::time::sleep(ms(60_500)).await;
    }
    // When the requests came, not when they were answered.
    assert_eq!(created, [1_700_000_000, 1_700_000_090]);
}

#[provider_test]
async fn an_answer_is_of_the_time_at_which_its_request_was_whole(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let request = post(CHAT, &chat("a"));
    let mut stream = TcpStream::connect(server.addr()).await.expect("it listens");
    let (most, rest) = request.split_at(request.len() - 5);
    stream.write_all(most).await.expect("it is open");
    tokio::time::sleep(ms(20_000)).await;
    stream.write_all(rest).await.expect("it is open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("a text");
    assert_eq!(server.calls()[0].started_at(), ms(20_000));
    assert!(answer.contains("\"created\":1700000020,"), "{answer}");
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
async fn an_answer_without_a_place_on_the_wire_fails_the_test() {
    let turn = || reasoning("Hm.").signature("seal").reply("Hi.");
    let server = MockServer::new(MockProvider::script([turn(), turn()]));

    let whole = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(whole.status, 400);
    let message = whole.json()["error"]["message"].take();
    let message = message.as_str().expect("a text");
    assert!(
        message.contains("OpenAI Chat Completions has no place for"),
        "{message}"
    );

    let mut client = Client::new(&server).await;
    let stream = client.post(CHAT, &streamed(chat("a"))).await;
    let last = stream.event_data().pop().expect("there are events");
    assert!(last.contains("has no place for"), "{last}");

    let report = server.verify().expect_err("it fails").to_string();
    assert!(report.contains("has no place for"), "{report}");
    server.reset();
    let request = || Request::new("m").user("a");
    for _ in 0..2 {
        assert!(server.answer(request()).await.is_ok());
    }
}
