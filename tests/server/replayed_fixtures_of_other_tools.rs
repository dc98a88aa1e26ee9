//! Fixtures of other mock servers, replayed.

use std::time::Duration;

use futures::StreamExt as _;
use mock_core::builder::{reply, script};
use mock_core::cassette::Cassette;
use mock_core::scenario::Scenario;
use mock_core::{
    EmbeddingRequest, ErrorKind, FinishReason, MockProvider, MockServer, Request, StreamEvent,
    Usage,
};
use serde_json::{Value, json};

use crate::cassette_helpers::{CHAT, ask};

fn read(text: &str) -> Cassette {
    Cassette::parse(text).expect("they are fixtures")
}

fn asked(text: &str) -> Request {
    Request::new("gpt-4o").user(text)
}

fn body(text: &str, streams: bool) -> String {
    let messages = json!([{"role": "user", "content": text}]);
    json!({"model": "gpt-4o", "max_tokens": 9, "messages": messages, "stream": streams}).to_string()
}

/// Asks in the format of Chat Completions. Returns the head and the body.
async fn chat(server: &MockServer, text: &str, streams: bool) -> (String, String) {
    let (head, answer) = ask(server, &format!("POST {CHAT}"), body(text, streams)).await;
    (head, String::from_utf8_lossy(&answer).into_owned())
}

const JOKES: &str = r#"{"fixtures": [
    {"match": {"userMessage": "joke"}, "response": {"content": "No more."}},
    {"match": {"userMessage": "joke", "sequenceIndex": 0}, "response": {"toolCalls": [{"name": "laugh", "arguments": {}, "id": "call_7"}]}},
    {"match": {"userMessage": "joke", "sequenceIndex": 1}, "response": {"error": {"message": "slow down"}, "status": 429, "retryAfter": 3}},
    {"match": {"userMessage": "joke", "sequenceIndex": 2}, "response": {"content": "Why?"}},
    {"match": {"userMessage": "hello"}, "response": {"content": "Hi."}}
]}"#;

#[tokio::test]
async fn s90_fixtures_with_numbers_answer_equal_requests_one_after_the_other() {
    let mock = MockProvider::cassette(read(JOKES));
    let joke = async || mock.answer(asked("a joke, please")).await;
    let calls: Vec<_> = joke()
        .await
        .expect("the first")
        .tool_calls()
        .cloned()
        .collect();
    assert_eq!(calls[0].id, "call_7");
    // Other requests are counted for themselves.
    assert_eq!(
        mock.answer(asked("hello")).await.expect("a rule").text(),
        "Hi."
    );
    let limited = joke().await.expect_err("the second");
    assert_eq!(limited.retry_after, Some(Duration::from_secs(3)));
    assert_eq!(joke().await.expect("the third").text(), "Why?");
    for _ in 0..2 {
        assert_eq!(joke().await.expect("what is left").text(), "No more.");
    }
    mock.verify().expect("each request was answered");

    let server = MockServer::new(MockProvider::cassette(read(JOKES)));
    let statuses = ["200", "429", "200", "200"];
    for status in statuses {
        let (head, _) = chat(&server, "a joke", false).await;
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{head}");
    }
    server.verify().expect("each request was answered");

    // None need be used, and one too many fails the test.
    let only = r#"{"fixtures": [{"match": {"sequenceIndex": 0}, "response": {"content": "1"}}]}"#;
    let mock = MockProvider::cassette(read(only));
    mock.verify().expect("it need not be used");
    mock.answer(asked("x")).await.expect("the first");
    let error = mock.answer(asked("x")).await.expect_err("there is one");
    assert_eq!(error.kind, ErrorKind::Unscripted);
    mock.verify().expect_err("a request was not answered");
}

#[test]
#[should_panic(expected = "fixtures that answer one after the other cannot be used with a script")]
fn fixtures_with_numbers_are_not_mixed_with_a_script() {
    let cassette = read(JOKES).named("jokes.json");
    let _ = script([reply("Hi.")]).replaying(cassette);
}

#[tokio::test]
async fn s90_the_states_of_a_chain_are_an_order() {
    let mock = MockProvider::cassette(read(
        "fixtures:
- match: {user_message: flaky}
  scenario: {name: retry, required_state: '', set_state: failed}
  error: {status: 503, message: later, headers: {x-why: tired}}
- match: {user_message: flaky}
  scenario: {name: retry, required_state: failed}
  response: {content: Done.}
",
    ));
    let server = MockServer::new(mock);
    let (head, body) = chat(&server, "flaky", false).await;
    assert!(
        head.starts_with("http/1.1 503") && head.contains("x-why: tired"),
        "{head}"
    );
    assert!(body.contains("later"), "{body}");
    for _ in 0..2 {
        let (_, body) = chat(&server, "flaky", false).await;
        assert!(body.contains("Done."), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn s90_a_fixture_keeps_its_pace_its_pieces_and_its_tokens() {
    let mock = MockProvider::cassette(read(
        r#"{"fixtures": [{"response": {"content": "abcdefg", "finishReason": "length", "usage": {"input_tokens": 3, "output_tokens": 4}},
            "chunkSize": 3, "streamingProfile": {"ttft": 200, "tps": 10}}]}"#,
    ));
    let begin = tokio::time::Instant::now();
    let events = mock.answer_stream(asked("x")).await.expect("a stream");
    let events: Vec<_> = events.map(|event| event.expect("no fault")).collect().await;
    let text = |text: &str| StreamEvent::Text(text.into());
    assert_eq!(
        events,
        [
            text("abc"),
            text("def"),
            text("g"),
            StreamEvent::Finish {
                reason: Some(FinishReason::Length),
                usage: Some(Usage::new(3, 4)),
            },
        ]
    );
    assert_eq!(begin.elapsed(), Duration::from_millis(400));
    let answer = mock.answer(asked("x")).await.expect("an answer");
    assert_eq!(answer.usage, Some(Usage::new(3, 4)));
}

#[tokio::test]
async fn s90_only_a_stream_of_a_fixture_breaks_off() {
    for (fault, words) in [
        (r#""truncateAfterChunks": 3"#, Some(2)),
        (r#""failure": {"truncate_after_frames": 2}"#, Some(1)),
        (r#""failure": {"truncate_after_frames": 4}"#, Some(3)),
        (r#""failure": {"disconnect_after_ms": 0}"#, None),
    ] {
        let text =
            format!(r#"{{"fixtures": [{{"response": {{"content": "one two three"}}, {fault}}}]}}"#);
        let server = MockServer::new(MockProvider::cassette(read(&text)));
        let (_, whole) = chat(&server, "x", false).await;
        assert!(whole.contains("one two three"), "{fault}: {whole}");
        let (_, streamed) = chat(&server, "x", true).await;
        let sent = streamed.matches("\"content\":\"t").count()
            + streamed.matches("\"content\":\"one").count();
        if let Some(words) = words {
            assert_eq!(sent, words, "{fault}: {streamed}");
        }
        assert!(!streamed.contains("[DONE]"), "{fault}: {streamed}");
    }
}

#[tokio::test]
async fn s90_a_fixture_answers_embeddings_and_with_a_body_that_is_not_json() {
    let cassette = || {
        read(
            r#"{"fixtures": [
            {"match": {"inputText": "cat"}, "response": {"embedding": [0.5, -1]}},
            {"match": {"userMessage": "bad"}, "response": {"content": "x"}, "failure": {"corrupt_body": true}}
        ]}"#,
        )
    };
    let mock = MockProvider::cassette(cassette());
    let request = EmbeddingRequest::new("small").with_input("a cat");
    let answer = mock.answer_embedding(request).await.expect("a vector");
    assert_eq!(answer.embeddings, [[0.5, -1.0]]);
    let error = mock.answer(asked("bad")).await.expect_err("it is not JSON");
    assert_eq!(error.kind, ErrorKind::InvalidResponse);

    let server = MockServer::new(MockProvider::cassette(cassette()));
    let asked = json!({"model": "small", "input": "a cat"}).to_string();
    let (_, body) = ask(&server, "POST /v1/embeddings", asked).await;
    let body: Value = serde_json::from_slice(&body).expect("it is JSON");
    assert_eq!(body["data"][0]["embedding"], json!([0.5, -1.0]));
    let (head, body) = chat(&server, "bad", false).await;
    assert!(head.contains("content-type: text/plain"), "{head}");
    assert_eq!(body, "overloaded");
}

#[tokio::test]
async fn s90_a_fixture_of_one_provider_answers_only_its_requests() {
    let text = "fixtures:
- {provider: anthropic, response: {content: of Anthropic}}
- {provider: gemini, response: {content: of Gemini}}
- {provider: openai, response: {content: of OpenAI}}
- {response: {content: of all}}
";
    let server = MockServer::new(MockProvider::cassette(read(text)));
    let contents = json!({"contents": [{"role": "user", "parts": [{"text": "x"}]}]}).to_string();
    for (line, request, expected) in [
        (format!("POST {CHAT}"), body("x", false), "of OpenAI"),
        ("POST /v1/messages".to_owned(), body("x", true), "of"),
        (
            "POST /v1/messages".to_owned(),
            body("x", false),
            "of Anthropic",
        ),
        (
            "POST /v1beta/models/gemini-2.5-pro:generateContent".to_owned(),
            contents,
            "of Gemini",
        ),
        (
            "POST /v1/responses".to_owned(),
            json!({"model": "gpt-4o", "input": "x"}).to_string(),
            "of all",
        ),
    ] {
        let (_, answer) = ask(&server, &line, request).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.contains(expected), "{line}: {answer}");
    }
    // In process, a fixture for one provider answers every request.
    let mock = MockProvider::cassette(read(text));
    let answer = mock.answer(asked("x")).await.expect("the first");
    assert_eq!(answer.text(), "of Anthropic");
}

/// Each way to answer with each way to say how.
#[tokio::test]
async fn every_fixture_that_is_read_can_be_played() {
    let call = r#"{"name": "t", "arguments": {"a": "long"}"#;
    let answers = [
        r#""content": "Hi there.""#.to_owned(),
        r#""content": "", "finishReason": "length""#.to_owned(),
        r#""content": "Hi.", "reasoning": "hm", "reasoningSignature": "c2ln", "finishReason": "odd""#
            .to_owned(),
        format!(r#""toolCalls": [{call}}}, {call}, "id": "call_1"}}]"#),
        format!(r#""toolCalls": [{call}}}], "usage": {{"prompt_tokens": 1}}"#),
        r#""embedding": [0.5]"#.to_owned(),
        r#""error": {"message": "m", "code": "c"}, "status": 404, "retryAfter": 3"#.to_owned(),
    ];
    let ways = [
        "",
        r#", "latency": 5, "chunkSize": 2"#,
        r#", "chunkSize": 1000, "truncateAfterChunks": 1"#,
        r#", "truncateAfterChunks": 0"#,
        r#", "truncateAfterChunks": 1000"#,
        r#", "failure": {"truncate_after_frames": 3, "latency_ms": 1}"#,
        r#", "failure": {"corrupt_body": true, "disconnect_after_ms": 0}"#,
        r#", "disconnectAfterMs": 7, "streamingProfile": {"ttft": 1, "tps": 3}, "replaySpeed": 10"#,
    ];
    for (answer, way) in answers
        .iter()
        .flat_map(|answer| ways.map(|way| (answer, way)))
    {
        for number in ["", r#""sequenceIndex": 0"#] {
            let text = format!(
                r#"{{"fixtures": [{{"match": {{{number}}}, "response": {{{answer}}}{way}}}]}}"#
            );
            let scenario = Scenario::cassette(read(&text));
            assert_eq!(scenario.check(), Ok(()), "{text}");
        }
    }
    // A stream that is shorter is whole.
    let long = r#"{"fixtures": [{"response": {"toolCalls": [{"name": "t", "arguments": {}, "id": "call_1"}]}, "truncateAfterChunks": 50}]}"#;
    let server = MockServer::new(MockProvider::cassette(read(long)));
    for _ in 0..2 {
        let (_, streamed) = chat(&server, "x", true).await;
        assert!(
            streamed.contains("call_1") && streamed.contains("[DONE]"),
            "{streamed}"
        );
    }
}
