//! Secrets are redacted in what a recorder writes, and nowhere else.

use super::provider::{ask, request};
use super::*;

#[tokio::test]
async fn s105_headers_are_passed_on_but_for_those_of_one_connection_and_keys_are_not_written() {
    let answer = Answer::whole(
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close, x-hop\r\nx-hop: 1\r\nkeep-alive: 5\r\nx-kept: 1\r\n\r\n",
    );
    let provider = Provider::new(vec![answer]).await;
    let file = new_file("headers");
    let (recorder, server) = record(&file, RecordMode::Record, &provider);
    let secret = "sk-proj-aB3dE5gH7jK9mN1pQ3sT5vW7";
    let headers = format!(
        "authorization: Bearer {secret}\r\nx-api-key: {secret}\r\naccept-encoding: gzip, br\r\nUser-Agent: me\r\nkeep-alive: 5\r\ntransfer-encoding: identity\r\nconnection: x-mine\r\nx-mine: 1\r\n"
    )
    .replace("transfer-encoding: identity\r\n", "");
    let got = ask(
        server.addr(),
        &request(&format!("GET /v1/x?key={secret}&a=1"), &headers, b""),
    )
    .await;
    assert_eq!(got.headers, ["x-kept: 1"]);
    recorder.finish().await.expect("it is written");

    let asked = provider.requests()[0].to_lowercase();
    assert!(
        asked.starts_with(&format!(
            "get /v1/x?key={}&a=1 http/1.1",
            secret.to_lowercase()
        )),
        "{asked}"
    );
    for kept in [
        format!("authorization: bearer {}", secret.to_lowercase()),
        "accept-encoding: identity".into(),
        "user-agent: me".into(),
        format!("host: {}", provider.address),
    ] {
        assert!(asked.contains(&kept), "{kept}: {asked}");
    }
    for gone in ["keep-alive", "x-mine", "host: there"] {
        assert!(!asked.contains(gone), "{gone}: {asked}");
    }
    let text = std::fs::read_to_string(&file).expect("it is written");
    assert!(!text.contains(secret), "{text}");
    for kept in [
        "user-agent",
        "accept-encoding",
        "'gzip, br'",
        "x-kept",
        "authorization",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
}

#[tokio::test]
async fn s91_a_replay_matches_whatever_the_redaction_replaced() {
    let body = |key: &str, more: &str| {
        let content = format!("team {key}{more}");
        serde_json::json!({ "model": "gpt-4o", "messages": [{ "role": "user", "content": content }] })
            .to_string()
    };
    let ask_with = async |server: &MockServer, body: String| {
        let asked = request("POST /v1/chat/completions", "", body.as_bytes());
        ask(server.addr(), &asked).await.text()
    };
    let answer = |text: &str| {
        let body = serde_json::json!({ "choices": [{ "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }] }).to_string();
        Answer::whole(format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}"
        ))
    };
    let provider = Provider::new(vec![answer("one"), answer("two")]).await;
    let file = new_file("redacted");
    {
        let recorder = recorder(&file, RecordMode::Record);
        let variables = [("TEAM_KEY", "tr0ub4dor-1")];
        let recorder = recorder.redaction(Redaction::default().environment(variables));
        let server = recorder.serve(&provider.url()).expect("it serves");
        for more in ["", ", again"] {
            ask_with(&server, body("tr0ub4dor-1", more)).await;
        }
        recorder.finish().await.expect("it is written");
    }
    let text = std::fs::read_to_string(&file).expect("it is there");
    assert!(text.contains("team [REDACTED]") && !text.contains("tr0ub4dor-1"));
    let scripted = || {
        let cassette = Cassette::load(&file).expect("it is there");
        crate::builder::script([crate::builder::replay(..)]).replaying(cassette)
    };
    for key in ["replayed", "tr0ub4dor-1", "", "[REDACTED]", "a \"b\" \\"] {
        let (_, server) = record(&file, RecordMode::Replay, &provider);
        for (more, expected) in [(", again", "two"), ("", "one")] {
            let got = ask_with(&server, body(key, more)).await;
            assert!(got.contains(expected), "{key}: {got}");
        }
        server.verify().expect("all was asked for");

        let server = MockServer::new(MockProvider::new(scripted()));
        for (more, expected) in [("", "one"), (", again", "two")] {
            let got = ask_with(&server, body(key, more)).await;
            assert!(got.contains(expected), "{key}: {got}");
        }
        server.verify().expect("all was asked for");

        let mock = MockProvider::cassette(Cassette::load(&file).expect("it is there"));
        for (more, expected) in [(", again", "two"), ("", "one")] {
            let asked = crate::Request::new("gpt-4o").user(format!("team {key}{more}"));
            let got = mock.answer(asked).await.expect("it is recorded");
            assert_eq!(got.text(), expected);
        }
        mock.verify().expect("all was asked for");
    }
}
