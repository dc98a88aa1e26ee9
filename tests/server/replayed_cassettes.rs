//! S90 to S96: recorded exchanges, replayed: which request gets which answer, and when. The cassettes are texts here; those of `guide/recorded.rs`
//! and `cassette_in_a_macro.rs` are files.

use std::time::Duration;

use mock_core::builder::{expect, raw, replay, reply, script};
use mock_core::cassette::{Cassette, Interaction, RecordedFrame, Redaction};
use mock_core::scenario::{Profile, Scenario};
use mock_core::{
    Allow, EmbeddingRequest, ErrorKind, Message, MockProvider, MockServer, ProblemKind, Request,
    StreamEvent,
};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the server sends to a request: the head in lower case, and the body.
pub(super) async fn ask(
    server: &MockServer,
    line: &str,
    body: impl AsRef<[u8]>,
) -> (String, Vec<u8>) {
    let body = body.as_ref();
    let mut client = TcpStream::connect(server.addr()).await.expect("it listens");
    let head = format!(
        "{line} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    client.write_all(head.as_bytes()).await.expect("it is open");
    client.write_all(body).await.expect("it is open");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("it answers");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.expect("there is a head");
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    (head, answer[end + 4..].to_vec())
}

pub(super) fn interaction(
    method: &str,
    path: &str,
    request: &str,
    status: u16,
    body: &str,
) -> Interaction {
    let mut interaction = Interaction::new(method, path);
    interaction.request_body = request.into();
    interaction.status = status;
    interaction.body = body.into();
    interaction
}

pub(super) const CHAT: &str = "/v1/chat/completions";

pub(super) fn question(text: &str) -> Value {
    json!({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]})
}

pub(super) fn answer(text: &str) -> String {
    json!({
        "id": "chatcmpl-1",
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
    })
    .to_string()
}

pub(super) fn chat(request: &str, response: &str) -> Interaction {
    let question = question(request).to_string();
    interaction("POST", CHAT, &question, 200, &answer(response))
}

#[tokio::test]
async fn s90_equal_requests_are_answered_in_the_order_of_the_recording() {
    let cassette = Cassette::new([chat("a", "1"), chat("b", "2"), chat("a", "3")]);
    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    let line = format!("POST {CHAT}");
    for (request, expected) in [("b", "2"), ("a", "1"), ("a", "3")] {
        let (head, body) = ask(&server, &line, question(request).to_string()).await;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(body, answer(expected).as_bytes());
    }
    server.verify().expect("all of it was asked for");
    let (head, _) = ask(&server, &line, question("a").to_string()).await;
    assert!(!head.starts_with("http/1.1 200"), "{head}");
    let report = server.verify().expect_err("it is one too many");
    assert!(report.headline().contains("one too many"), "{report}");

    let mock = MockProvider::cassette(cassette.clone());
    mock.answer(Request::new("gpt-4o").user("a"))
        .await
        .expect("it is recorded");
    let report = mock.verify().expect_err("two are left");
    assert_eq!(
        report.problems()[0].kind(),
        ProblemKind::UnusedTurn,
        "{report}"
    );

    let allow = Allow::NOTHING.with_unused_turns();
    let mock = MockProvider::new(Scenario::cassette(cassette).allow(allow));
    mock.verify().expect("they may be left");
}

#[tokio::test]
async fn s90_a_request_that_was_not_recorded_shows_the_nearest_one() {
    let mut wrong = question("Hello");
    wrong["temperature"] = 0.5.into();
    let cassette = Cassette::new([
        interaction("GET", "/v1/models", "", 200, "{}"),
        chat("Something else", "1"),
        chat("Hallo", "2"),
    ]);
    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    ask(&server, &format!("POST {CHAT}"), wrong.to_string()).await;
    let report = server.verify().expect_err("it is not recorded").to_string();
    for line in [
        "call 1 was not recorded",
        "nearest:  exchange 2 at tests/server/replayed_cassettes.rs:",
        "POST /v1/chat/completions, user \"Something else\"",
        "messages[0].content is \"Hello\", not \"Something else\"",
        "temperature is 0.5, and was not recorded",
        "help:     record it again",
        "or send the recorded body",
        "or leave out of the comparison what changes from run to run:",
        "`.ignore(\"messages.*.content\")`, `.ignore(\"temperature\")`",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
    assert_eq!(report.matches("help:").count(), 1, "{report}");

    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    ask(&server, "DELETE /v1/models", "").await;
    let report = server.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("method is \"DELETE\", not \"GET\""),
        "{report}"
    );

    let mock = MockProvider::cassette(cassette);
    let request = Request::new("gpt-4").user("Hallo");
    mock.answer(request).await.expect_err("it is not recorded");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("model is \"gpt-4\", not \"gpt-4o\""),
        "{report}"
    );
}

/// The remedy is for the place in which the requests differ.
#[tokio::test]
async fn s90_the_help_for_a_request_that_was_not_recorded_is_for_what_differs() {
    let mut recorded = interaction(
        "POST",
        "/v1/anything",
        r#"{"seed":1,"a":[{"b":1}]}"#,
        200,
        "",
    );
    recorded.query = vec![("alt".into(), "sse".into())];
    let plain = interaction("PUT", "/v1/plain", "text", 200, "");
    let all = "POST /v1/anything?alt=sse";
    for (line, body, help) in [
        (
            "POST /v1/something?alt=sse",
            "{}",
            "or send `POST /v1/anything`, as recorded or correct its path in the exchange at",
        ),
        (
            "GET /v1/anything?alt=sse",
            "{}",
            "or send `POST /v1/anything`, as recorded or correct its method in the exchange at",
        ),
        (
            "PATCH /v2/anything?alt=sse",
            "{}",
            "or send `POST /v1/anything`, as recorded or correct its method and its path in the exchange at",
        ),
        (
            "POST /v1/anything?alt=no",
            r#"{"seed":1,"a":[{"b":1}]}"#,
            "or send the query `alt=sse`, as recorded",
        ),
        (
            "POST /v1/anything",
            r#"{"seed":2,"a":[{"b":1}]}"#,
            "or send the query `alt=sse`, as recorded, and send the recorded body or send the query `alt=sse`, as recorded, and leave out of the comparison what changes from run to run: `.ignore(\"seed\")`",
        ),
        ("PUT /v1/plain?a=b", "text", "or send no query, as recorded"),
        (
            all,
            r#"{"seed":2,"a":[{"b":1}]}"#,
            "or send the recorded body or leave out of the comparison what changes from run to run: `.ignore(\"seed\")`",
        ),
        (
            all,
            r#"{"seed":2,"a":[{"b":2}]}"#,
            "or send the recorded body or leave out of the comparison what changes from run to run: `.ignore(\"a.*.b\")`, `.ignore(\"seed\")`",
        ),
        (
            all,
            r#"{"seed":1,"a":[{"b":1},{}]}"#,
            "or send the recorded body",
        ),
        (
            all,
            r#"{"seed":1,"a":[{"b":1}],"c":1,"d":1,"e":1,"f":1}"#,
            "or send the recorded body or leave out of the comparison what changes from run to run, each field with `.ignore(..)`",
        ),
        (
            all,
            r#"{"seed":1,"a":[{"b":1}],"stream":true}"#,
            "or send the recorded body",
        ),
        (all, "text", "or send the recorded body"),
        ("PUT /v1/plain", "another", "or send the recorded body"),
    ] {
        let cassette = Cassette::new([recorded.clone(), plain.clone()]);
        let server = MockServer::new(MockProvider::cassette(cassette));
        ask(&server, line, body).await;
        let report = server.verify().expect_err("it is not recorded").to_string();
        let (_, told) = report.split_once("  help:").expect("there is help");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            told.starts_with(&format!("record it again {help}")),
            "{help}\n{report}"
        );
        assert_eq!(
            told.contains(".ignore("),
            help.contains(".ignore("),
            "{report}"
        );
    }
    // In process, the report does not know the names of the fields.
    let mock = MockProvider::cassette(Cassette::new([chat("a", "1")]));
    mock.answer(Request::new("gpt-4o").user("b"))
        .await
        .expect_err("it is not recorded");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    let (_, told) = report.split_once("  help:").expect("there is help");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        told,
        "record it again or ask what was recorded or leave out of the comparison what changes from run to run: \
         `.ignore(..)`, with the field's name in the recorded body"
    );
}

#[tokio::test]
async fn s91_what_differs_from_run_to_run_is_not_compared() {
    let recorded = r#"{"model": "m", "messages": [], "user": "u1", "seed": 1}"#;
    let mut asked = interaction("POST", "/v1/anything", recorded, 200, "yes");
    asked.query = vec![
        ("alt".into(), "sse".into()),
        ("key".into(), "[REDACTED]".into()),
    ];
    asked.request_headers = vec![("authorization".into(), "Bearer [REDACTED]".into())];
    let cassette = Cassette::new([asked]).ignore("seed");
    let server = MockServer::new(MockProvider::cassette(cassette));
    let line = "POST /v1/anything?key=another&alt=sse";
    let (_, body) = ask(&server, line, r#"{"seed":2,"messages":[],"model":"m"}"#).await;
    assert_eq!(body, b"yes");
    server.verify().expect("it is recorded");

    let mut streamed = question("a");
    streamed["stream"] = true.into();
    let frames = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"streamed\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    let mut streamed = interaction("POST", CHAT, &streamed.to_string(), 200, frames);
    streamed.headers = vec![("content-type".into(), "text/event-stream".into())];
    let mock = MockProvider::cassette(Cassette::new([chat("a", "whole"), streamed]));
    let mut request = Request::new("gpt-4o").user("a");
    request.extra.insert("top_p".into(), 0.5.into());
    let whole = mock.answer(request.clone()).await.expect("it is recorded");
    request.stream = Some(true);
    let streamed = mock.answer(request).await.expect("it is recorded");
    assert_eq!((&*whole.text(), &*streamed.text()), ("whole", "streamed"));
    mock.verify().expect("both were asked for");
}

#[tokio::test]
async fn s92_the_response_has_what_was_recorded_and_nothing_else() {
    let mut odd = interaction("PATCH", "/any/path", "\u{1}not JSON", 299, "");
    odd.body = vec![0xff, 0, 0xfe];
    odd.headers = vec![
        ("X-Twice".into(), "1".into()),
        ("x-twice".into(), "2".into()),
        ("Content-Type".into(), "audio/mpeg".into()),
        ("Content-Length".into(), "7".into()),
        ("Transfer-Encoding".into(), "chunked".into()),
        ("Date".into(), "yesterday".into()),
    ];
    let rejected = interaction(
        "POST",
        CHAT,
        r#"{"messages": "none"}"#,
        400,
        r#"{"error": 1}"#,
    );
    let server = MockServer::new(MockProvider::cassette(Cassette::new([odd, rejected])));
    let (head, body) = ask(&server, "PATCH /any/path", "\u{1}not JSON").await;
    assert_eq!(body, [0xff, 0, 0xfe]);
    let mut lines: Vec<_> = head.lines().collect();
    lines.retain(|line| !line.starts_with("date: ") && *line != "connection: close");
    lines[1..].sort_unstable();
    let expected = [
        "http/1.1 299 ",
        "content-length: 3",
        "content-type: audio/mpeg",
        "x-twice: 1",
        "x-twice: 2",
    ];
    assert_eq!(lines, expected);
    assert!(!head.contains("yesterday"), "{head}");
    let (head, body) = ask(&server, &format!("POST {CHAT}"), r#"{"messages": "none"}"#).await;
    assert!(head.starts_with("http/1.1 400"), "{head}");
    assert_eq!(body, br#"{"error": 1}"#);
    server.verify().expect("all of it was asked for");
}

#[tokio::test(start_paused = true)]
async fn s93_frames_come_after_their_gaps() {
    let frame = |text: &str| {
        let choice = json!({"index": 0, "delta": {"content": text}, "finish_reason": null});
        format!("data: {}\n\n", json!({"choices": [choice]}))
    };
    let frames = [frame("Hé"), frame("llo"), "data: [DONE]\n\n".to_owned()];
    let mut recorded = interaction(
        "POST",
        CHAT,
        &question("a").to_string(),
        200,
        &frames.concat(),
    );
    recorded.headers = vec![("content-type".into(), "text/event-stream".into())];
    // The first ends within the `é`.
    let cut = frames[0].find('é').expect("it is there") + 1;
    let rest = recorded.body.len() - cut;
    recorded.frames = vec![
        RecordedFrame::new(cut, Duration::from_millis(100)),
        RecordedFrame::new(rest, Duration::from_millis(50)),
    ];
    let cassette = Cassette::new([recorded]);
    for (factor, expected) in [(1.0, 150), (2.0, 300), (0.0, 0)] {
        let mock = MockProvider::cassette(cassette.clone().scale_gaps(factor));
        let server = MockServer::new(mock);
        let (_, body) = ask(&server, &format!("POST {CHAT}"), question("a").to_string()).await;
        let body = String::from_utf8(body).expect("it is a text");
        for part in ["Hé", "llo", "[DONE]"] {
            assert!(body.contains(part), "{body}");
        }
        let duration = server.calls()[0].duration();
        assert_eq!(duration, Some(Duration::from_millis(expected)), "{factor}");
    }
    let mock = MockProvider::cassette(cassette);
    let mut stream = mock
        .answer_stream(Request::new("gpt-4o").user("a"))
        .await
        .expect("it begins");
    let mut said = String::new();
    while let Some(event) = futures::StreamExt::next(&mut stream).await {
        if let StreamEvent::Text(text) = event.expect("it does not fail") {
            said.push_str(&text);
        }
    }
    assert_eq!(said, "Héllo");
    assert_eq!(mock.calls()[0].duration(), Some(Duration::from_millis(150)));
}

/// Two clients, each with a key, a home folder and ids of its own.
#[tokio::test]
async fn s91_a_redacted_recording_answers_a_client_that_sends_the_real_things() {
    let request = |home: &str, mail: &str, trace: &str| {
        question(&format!("Mail {home}/notes to {mail}, trace req_{trace}")).to_string()
    };
    let call = "call_Zb3kQ9vX2mLp7Rt5Wn8Yc1Df";
    let mut first = interaction(
        "POST",
        CHAT,
        &request("/home/bsmith", "bob@acme.io", "Zb3kQ9vX2mLp7Rt5"),
        200,
        &answer("").replace("chatcmpl-1", call),
    );
    first.query = vec![(
        "key".into(),
        "AIzaSyZb3kQ9vX2mLp7Rt5Wn8Yc1Df4Gh6Jk0Aa".into(),
    )];
    let second = |call: &str| json!({"tool_call_id": call}).to_string();
    let next = interaction("POST", CHAT, &second(call), 200, "done");
    let other = interaction(
        "POST",
        CHAT,
        &second("call_Aa3kQ9vX2mLp7Rt5Wn8Yc1Df"),
        200,
        "other",
    );
    let cassette = Redaction::default().apply(Cassette::new([first, next, other]));
    assert_eq!(cassette.secrets(), []);
    let server = MockServer::new(MockProvider::cassette(cassette));

    let line = format!("POST {CHAT}?key=another-key");
    let (_, body) = ask(
        &server,
        &line,
        request("/Users/amy", "amy@home.io", "Yc1Df4Gh6Jk0Aa2B"),
    )
    .await;
    let body: Value = serde_json::from_slice(&body).expect("it is the recorded answer");
    assert_eq!(body["id"], "call_REDACTED_1");
    let line = format!("POST {CHAT}");
    let (_, body) = ask(&server, &line, second("call_REDACTED_2")).await;
    assert_eq!(body, b"other");
    let (_, body) = ask(&server, &line, second("call_REDACTED_1")).await;
    assert_eq!(body, b"done");
    server.verify().expect("all of it was asked for");
}

/// Fixtures of another mock server answer on each wire, streamed and not, and in process.
#[tokio::test]
async fn s90_fixtures_answer_any_number_of_requests_on_each_wire() {
    let cassette = Cassette::parse(
        r#"{"fixtures": [
            {"match": {"userMessage": "weather", "hasToolResult": false},
             "response": {"toolCalls": [{"name": "get_weather", "arguments": {"city": "{Paris}"}, "id": "call_7"}]}},
            {"match": {"toolCallId": "call_7"}, "response": {"content": "It is {sunny}."}},
            {"match": {"model": "gpt-4o", "userMessage": "slow"},
             "response": {"error": {"message": "slow down", "code": "rate_limit_exceeded"}, "status": 429, "retryAfter": 3}}
        ]}"#,
    );
    let mock = MockProvider::cassette(cassette.expect("they are fixtures"));
    let server = MockServer::new(mock.clone());
    let chat =
        |messages: Value| json!({"model": "gpt-4o-2024-08-06", "messages": messages}).to_string();
    let user = |text: &str| json!({"role": "user", "content": text});
    for _ in 0..2 {
        let (head, body) = ask(
            &server,
            &format!("POST {CHAT}"),
            chat(json!([user("the weather?")])),
        )
        .await;
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let body: Value = serde_json::from_slice(&body).expect("it is JSON");
        let call = &body["choices"][0]["message"]["tool_calls"][0];
        assert_eq!(call["id"], "call_7");
        assert_eq!(call["function"]["arguments"], r#"{"city":"{Paris}"}"#);
    }
    let call = json!({"id": "call_7", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}});
    let messages = json!([
        user("the weather?"),
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_7", "content": "sun"},
    ]);
    let (_, body) = ask(&server, &format!("POST {CHAT}"), chat(messages)).await;
    let body: Value = serde_json::from_slice(&body).expect("it is JSON");
    assert_eq!(body["choices"][0]["message"]["content"], "It is {sunny}.");
    let (head, body) = ask(
        &server,
        &format!("POST {CHAT}"),
        chat(json!([user("slow")])),
    )
    .await;
    assert!(head.starts_with("http/1.1 429"), "{head}");
    assert!(head.contains("retry-after: 3"), "{head}");
    assert!(
        String::from_utf8_lossy(&body).contains("slow down"),
        "{body:?}"
    );
    let messages =
        json!({"model": "claude", "max_tokens": 9, "stream": true, "messages": [user("weather")]});
    let (_, body) = ask(&server, "POST /v1/messages", messages.to_string()).await;
    assert!(
        String::from_utf8_lossy(&body).contains("content_block_start"),
        "{body:?}"
    );
    let answer = mock.answer(Request::new("x").user("weather")).await;
    assert_eq!(answer.expect("it is answered").tool_calls().count(), 1);
    server.verify().expect("each request was answered");
}

/// An exported archive is replayed as a recording of our own is.
#[tokio::test]
async fn s92_a_recording_of_another_tool_is_replayed() {
    let har = json!({"log": {"version": "1.2", "entries": [{
        "request": {"method": "POST", "url": format!("https://api.openai.com{CHAT}?a=b"), "headers": [],
            "postData": {"text": question("a").to_string()}},
        "response": {"status": 200, "headers": [{"name": "content-type", "value": "application/json"}],
            "content": {"text": answer("1")}},
    }]}});
    let cassette = Cassette::parse(&har.to_string()).expect("it is an archive");
    let server = MockServer::new(MockProvider::cassette(cassette));
    let line = format!("POST {CHAT}?a=b");
    let (head, body) = ask(&server, &line, question("a").to_string()).await;
    assert!(head.contains("content-type: application/json"), "{head}");
    assert_eq!(body, answer("1").as_bytes());
    server.verify().expect("all of it was asked for");
}

/// A file can be written in an editor. An exchange without a body is of a request that has none.
#[tokio::test]
async fn s91_an_exchange_without_a_body_answers_only_a_request_without_one() {
    let file = format!("when:\n  path: {CHAT}\nthen:\n  status: 200\n  body: 'Hi.'\n");
    let cassette = Cassette::parse(&file).expect("the path and the status are there");
    let line = format!("POST {CHAT}");
    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    let (_, body) = ask(&server, &line, "").await;
    assert_eq!(body, b"Hi.");
    server.verify().expect("it was asked for");
    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    ask(&server, &line, question("a").to_string()).await;
    server.verify().expect_err("it has a body");
    let mock = MockProvider::cassette(cassette);
    let answer = mock.answer(Request::new("gpt-4o").user("a")).await;
    answer.expect_err("no chat is recorded");
    mock.verify().expect_err("no chat is recorded");
}

#[tokio::test]
async fn s92_an_answer_to_head_says_how_long_the_body_would_be() {
    let mut head = interaction("HEAD", "/v1/files/1", "", 200, "");
    head.headers = vec![
        ("content-length".into(), "1234".into()),
        ("content-type".into(), "text/plain".into()),
    ];
    let mut get = head.clone();
    get.method = "GET".into();
    get.body = b"hello".to_vec();
    let server = MockServer::new(MockProvider::cassette(Cassette::new([head, get])));
    let (head, body) = ask(&server, "HEAD /v1/files/1", "").await;
    assert!(head.contains("content-length: 1234"), "{head}");
    assert!(body.is_empty(), "{body:?}");
    let (head, body) = ask(&server, "GET /v1/files/1", "").await;
    assert!(head.contains("content-length: 5"), "{head}");
    assert_eq!(body, b"hello");
    server.verify().expect("all of it was asked for");
}

#[tokio::test]
async fn s90_a_recorded_exchange_is_called_by_its_number_and_place() {
    let file = "tests/cassettes/pets.yaml";
    let yaml = Cassette::new([
        chat("a", "1"),
        interaction("GET", "/v1/models", "", 200, "{}"),
    ]);
    let cassette = Cassette::parse(&yaml.to_yaml())
        .expect("it is one")
        .named(file);
    let mock = MockProvider::cassette(cassette);
    mock.answer(Request::new("gpt-4o").user("a"))
        .await
        .expect("it is recorded");
    let report = mock.verify().expect_err("one is left").to_string();
    for line in [
        "exchange 2 was never used (tests/cassettes/pets.yaml:14)",
        "user \"a\" -> exchange 1 at tests/cassettes/pets.yaml:1",
        "expected: exchange 2 at tests/cassettes/pets.yaml:14",
        "replay(GET /v1/models)",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
    assert!(!report.contains("lane 1"), "{report}");
}

#[tokio::test]
async fn s91_own_rules_for_fields_hold_for_embeddings_in_process() {
    let inputs = |name: &str| {
        let parts = json!({"parts": [{"text": format!("{name} likes cats")}]});
        let one = json!({"model": "models/small", "content": parts});
        [
            (
                "/v1/embeddings",
                json!({"model": "small", "input": [format!("{name} likes cats")]}),
                "input.*",
                json!({"data": [{"index": 0, "embedding": [0.5]}]}),
            ),
            (
                "/v1beta/models/small:batchEmbedContents",
                json!({"requests": [one]}),
                "requests.*.content.parts.*.text",
                json!({"embeddings": [{"values": [0.5]}]}),
            ),
            (
                "/api/embed",
                json!({"model": "small", "input": format!("{name} likes cats")}),
                "input",
                json!({"model": "small", "embeddings": [[0.5]]}),
            ),
        ]
    };
    for ((path, body, field, answer), (_, recorded, ..)) in
        inputs("Ada").into_iter().zip(inputs("somebody"))
    {
        let recorded = interaction(
            "POST",
            path,
            &recorded.to_string(),
            200,
            &answer.to_string(),
        );
        let redaction = Redaction::default().json(field, "somebody likes cats");
        let cassette = Cassette::new([recorded]).redaction(redaction);

        let server = MockServer::new(MockProvider::cassette(cassette.clone()));
        let (head, _) = ask(&server, &format!("POST {path}"), body.to_string()).await;
        assert!(head.starts_with("http/1.1 200"), "{path}: {head}");

        let mock = MockProvider::cassette(cassette.clone());
        let asked = EmbeddingRequest::new("small").with_input("Ada likes cats");
        let vectors = mock.answer_embedding(asked).await.expect(path).embeddings;
        assert_eq!(vectors, [[0.5]]);
        mock.verify().expect("all of it was asked for");

        let mock = MockProvider::cassette(cassette);
        let asked = EmbeddingRequest::new("large").with_input("Ada likes cats");
        let answer = mock.answer_embedding(asked).await;
        answer.expect_err("the model is another");
        let report = mock.verify().expect_err("it is not recorded").to_string();
        assert!(report.contains("large"), "{report}");
        assert!(!report.contains("Ada likes cats\", not"), "{report}");
    }
}

#[tokio::test]
async fn s91_own_rules_for_fields_hold_in_process() {
    let request = |name: &str, text: &str| json!({"model": "gpt-4o", "messages": [{"role": "user", "name": name, "content": text}]});
    let recorded = interaction(
        "POST",
        CHAT,
        &request("somebody", "hello").to_string(),
        200,
        &answer("Hi."),
    );
    let redaction = Redaction::default().json("messages.*.name", "somebody");
    let cassette = Cassette::new([recorded]).redaction(redaction);

    let server = MockServer::new(MockProvider::cassette(cassette.clone()));
    let (head, _) = ask(
        &server,
        &format!("POST {CHAT}"),
        request("Ada", "hello").to_string(),
    )
    .await;
    assert!(head.starts_with("http/1.1 200"), "{head}");

    let asked = |name: &str, text: &str| {
        let mut message = Message::user(text);
        message.name = Some(name.to_owned());
        Request::new("gpt-4o").with_message(message)
    };
    let mock = MockProvider::cassette(cassette.clone());
    let said = mock
        .answer(asked("Ada", "hello"))
        .await
        .expect("it is recorded");
    assert_eq!(said.text(), "Hi.");
    mock.verify().expect("all of it was asked for");

    let mock = MockProvider::new(script([replay(..)]).replaying(cassette.clone()));
    mock.answer(asked("Bob", "hello"))
        .await
        .expect("it is recorded");

    let mock = MockProvider::cassette(cassette);
    mock.answer(asked("Ada", "Hallo"))
        .await
        .expect_err("the text is another");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("messages[0].text is \"Hallo\", not \"hello\""),
        "{report}"
    );
}

#[tokio::test]
async fn s92_a_recorded_error_ends_its_call_as_in_process() {
    let error =
        json!({"error": {"message": "No.", "type": "requests", "param": null, "code": null}});
    let bodies = [error.to_string(), "<html>".to_owned(), String::new()];
    for status in [400, 401, 404, 429, 500, 502, 503, 529] {
        for body in &bodies {
            let mut rejected = interaction("POST", CHAT, &question("a").to_string(), status, body);
            rejected.headers = vec![("retry-after".into(), "3".into())];
            let cassette = Cassette::new([rejected, chat("a", "1")]);
            let scenarios = [
                Scenario::cassette(cassette),
                script([
                    raw(body.clone())
                        .status(status)
                        .headers([("retry-after", "3")]),
                    reply("1"),
                ])
                .profile(Profile::Openai),
            ];
            for scenario in scenarios {
                let mock = MockProvider::new(scenario.clone());
                let request = Request::new("gpt-4o").user("a");
                let error = mock.answer(request.clone()).await;
                let error = error.expect_err("it is rejected");
                mock.answer(request).await.expect("it is answered");
                assert_eq!(error.retry_after, Some(Duration::from_secs(3)));

                let scenario = scenario.expect([expect::waited_retry_after()]);
                let server = MockServer::new(MockProvider::new(scenario));
                let line = format!("POST {CHAT}");
                for _ in 0..2 {
                    ask(&server, &line, question("a").to_string()).await;
                }
                let calls = server.calls();
                assert_eq!(calls[0].error(), Some(&error), "{status} {body}");
                assert_eq!(calls[1].error(), None, "{status} {body}");
                let early = server.verify().expect_err("it came at once").to_string();
                assert!(
                    early.contains("was rejected with a retry-after of 3s"),
                    "{early}"
                );
            }
        }
    }
}

/// The file is not rejected: the answer may have been broken when it was recorded.
#[tokio::test]
async fn s92_a_recorded_answer_that_cannot_be_read_in_process_names_its_place() {
    let whole = chat("a", "1");
    let mut broken = whole.clone();
    broken.body.pop();
    let mut streamed = whole.clone();
    streamed.headers = vec![("content-type".into(), "text/event-stream".into())];
    streamed.body = b"data: {\"choices\": 1\n\n".to_vec();
    for (recorded, problem) in [(broken, "the body is not JSON"), (streamed, "not JSON")] {
        let yaml = Cassette::new([recorded]).to_yaml();
        let cassette = Cassette::parse(&yaml).expect("it is whole").named("a.yaml");
        let mock = MockProvider::cassette(cassette);
        let error = mock.answer(Request::new("gpt-4o").user("a")).await;
        let error = error.expect_err("it cannot be read");
        assert_eq!(error.kind, ErrorKind::InvalidResponse);
        let place = " [mock: the answer is recorded in exchange 1 at a.yaml:1]";
        assert!(error.message.ends_with(place), "{error:?}");
        assert!(error.message.contains(problem), "{error:?}");
        let _ = mock.verify();
    }
}
