//! S92, S93: what a client gets of a recorded exchange: its status, headers, body and frames, and when.

use std::time::Duration;

use mock_core::builder::{expect, raw, reply, script};
use mock_core::cassette::{Cassette, RecordedFrame};
use mock_core::scenario::{Profile, Scenario};
use mock_core::{ErrorKind, MockProvider, MockServer, Request, StreamEvent};
use serde_json::json;

use crate::cassette_helpers::{CHAT, answer, ask, chat, interaction, question};

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
