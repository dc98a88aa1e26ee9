//! S90, S91: which recorded exchange answers a request.

use mock_core::cassette::{Cassette, Redaction};
use mock_core::scenario::Scenario;
use mock_core::{
    Allow, Message, MockProvider, MockServer, ProblemKind, Request, ToolCall, ToolDefinition,
};
use serde_json::{Value, json};

use crate::cassette_helpers::{CHAT, answer, ask, chat, interaction, question};

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

    let allow = Allow::NONE.with_unused_turns();
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
        "nearest:  exchange 2 at tests/server/replayed_requests.rs:",
        "POST /v1/chat/completions, user \"Something else\"",
        "messages[0].content is \"Hello\", not \"Something else\"",
        "temperature is 0.5, and was not recorded",
        "help:     record it again",
        "or send the recorded body",
    ] {
        assert!(report.contains(line), "{line}\n{report}");
    }
    // A different question is not equal.
    assert!(!report.contains(".ignore("), "{report}");
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
/// A request with a long question, and one with the result of a tool, as clients send them.
fn with_a_result() -> Value {
    json!({
        "model": "gpt-4o",
        "messages": [
            {"role": "user", "content": "What is the weather in the capital of France today?"},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}},
            ]},
            {"role": "tool", "tool_call_id": "call_1", "content": "{\"temp\":18}"},
        ],
        "tools": [{"type": "function", "function": {
            "name": "get_weather", "description": "The weather.", "parameters": {"type": "object"},
        }}],
    })
}

/// The same in process, as an adapter makes it.
fn in_process(question: &str, result: &str, description: &str) -> Request {
    let calls = [ToolCall::new("call_1", "get_weather", "{}")];
    Request::new("gpt-4o")
        .user(question)
        .with_message(Message::assistant("").with_tool_calls(calls))
        .with_message(Message::tool("call_1", result))
        .with_tools([ToolDefinition::new("get_weather")
            .with_description(description)
            .with_parameters(json!({"type": "object"}))])
}

const QUESTION: &str = "What is the weather in the capital of France today?";
const RESULT: &str = r#"{"temp":18}"#;

fn recorded_result() -> MockProvider {
    let body = with_a_result().to_string();
    let exchange = interaction("POST", CHAT, &body, 200, &answer("Warm."));
    MockProvider::cassette(Cassette::new([exchange]))
}

#[tokio::test]
async fn s91_an_empty_text_beside_tool_calls_counts_as_none_in_process() {
    let mock = recorded_result();
    let response = mock.answer(in_process(QUESTION, RESULT, "The weather."));
    assert_eq!(response.await.expect("it is recorded").text(), "Warm.");
    mock.verify().expect("it was asked for");
}

#[tokio::test]
async fn s90_each_field_that_is_compared_in_process_is_shown_where_it_differs() {
    for (request, difference) in [
        (
            in_process(
                "What is the weather in the capital of Norway today?",
                RESULT,
                "The weather.",
            ),
            "messages[0].text is \"…al of Norway today?\", not \"…al of France today?\"",
        ),
        (
            in_process(QUESTION, r#"{"temp":-3}"#, "The weather."),
            "messages[2].parts[0].content is \"{\\\"temp\\\":-3}\", not \"{\\\"temp\\\":18}\"",
        ),
        (
            in_process(QUESTION, RESULT, "The climate."),
            "tools[0].description is \"The climate.\", not \"The weather.\"",
        ),
    ] {
        let mock = recorded_result();
        mock.answer(request).await.expect_err("it is not recorded");
        let report = mock.verify().expect_err("it is not recorded").to_string();
        assert!(report.contains(difference), "{difference}\n{report}");
    }
}

/// Left out of the comparison, a result with the id of no call would pass.
#[tokio::test]
async fn s90_the_id_of_a_call_is_not_left_out_of_the_comparison() {
    let mut request = with_a_result();
    request["messages"][2]["tool_call_id"] = "1".into();
    let server = MockServer::new(recorded_result());
    ask(&server, &format!("POST {CHAT}"), request.to_string()).await;
    let report = server.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("messages[2].tool_call_id is \"1\""),
        "{report}"
    );
    assert!(!report.contains("ignore"), "{report}");

    let mock = recorded_result();
    let mut request = in_process(QUESTION, RESULT, "The weather.");
    request.messages[2] = Message::tool("1", RESULT);
    mock.answer(request).await.expect_err("it is not recorded");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    assert!(
        report.contains("messages[2].parts[0].call_id is \"1\""),
        "{report}"
    );
    assert!(!report.contains("ignore"), "{report}");
}

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
    // In process, too.
    let mock = MockProvider::cassette(Cassette::new([chat("a", "1")]));
    mock.answer(Request::new("gpt-4o").user("b"))
        .await
        .expect_err("it is not recorded");
    let report = mock.verify().expect_err("it is not recorded").to_string();
    let (_, told) = report.split_once("  help:").expect("there is help");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(told, "record it again or send the recorded request");
}

#[tokio::test]
async fn s91_fields_that_differ_in_each_run_are_not_compared() {
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
