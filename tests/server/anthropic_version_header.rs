//! The header `anthropic-version`, without which Anthropic rejects a request.

use mock_core::builder::{reply, script};
use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer};
use serde_json::{Value, json};

use crate::raw_client::{MESSAGES, raw};

/// A server with this profile that answers any number of requests.
fn serve(profile: Profile) -> MockServer {
    let turn = reply("Hi.").times(0..);
    MockServer::new(MockProvider::new(script([turn]).profile(profile)))
}

/// The status and the body of the answer to a request to this model with these lines of headers.
async fn ask(server: &MockServer, path: &str, model: &str, headers: &str) -> (u16, Value) {
    let body = json!({
        "model": model,
        "max_tokens": 100,
        "messages": [{ "role": "user", "content": "Hello" }],
    });
    ask_with(server, path, &body, headers).await
}

/// The same with this body.
async fn ask_with(server: &MockServer, path: &str, body: &Value, headers: &str) -> (u16, Value) {
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\n{headers}content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    let answer = raw(server, format!("{head}{body}").as_bytes()).await;
    let answer = answer.expect("the server answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("there is a head");
    let status = head.split(' ').nth(1).expect("there is a status");
    (
        status.parse().expect("it is a number"),
        serde_json::from_str(body).expect("it is JSON"),
    )
}

const COUNT: &str = "/v1/messages/count_tokens";

#[tokio::test]
async fn a_request_without_a_version_or_with_an_unknown_one_is_rejected() {
    let help = "[mock: send the header `anthropic-version: 2026-10-21`, or the older `anthropic-version: 2023-06-01`; if your provider accepts this, call `lenient()` on the mock server]";
    for (headers, words) in [
        ("", Some("anthropic-version: header is required")),
        (
            "anthropic-version: 2024-10-22\r\n",
            Some("anthropic-version: \"2024-10-22\" is not a valid version"),
        ),
        (
            "anthropic-version: 2023-06-01\r\nanthropic-version: 2023-06-01\r\n",
            Some("anthropic-version: \"2023-06-01, 2023-06-01\" is not a valid version"),
        ),
        ("Anthropic-Version: 2023-06-01\r\n", None),
        ("anthropic-version: 2023-01-01\r\n", None),
        ("anthropic-version: 2026-10-21\r\n", None),
    ] {
        for path in [MESSAGES, COUNT] {
            let server = serve(Profile::Anthropic);
            let (status, body) = ask(&server, path, "any", headers).await;
            assert_eq!(status, if words.is_some() { 400 } else { 200 }, "{body}");
            let rejected = words.map(|words| format!("{words} {help}"));
            assert_eq!(body["error"]["message"].as_str(), rejected.as_deref());
            if words.is_some() {
                assert_eq!(body["error"]["type"], "invalid_request_error");
                assert_eq!(server.calls().len(), 0);
            }
            server.reset();
        }
    }
}

const UNKNOWN: &str = "anthropic-version: 2024-10-22\r\n";

#[tokio::test]
async fn only_the_profile_requires_the_version_and_the_provider_s_models_a_known_one() {
    for (profile, model, without, unknown) in [
        (Profile::Anthropic, "any", 400, 400),
        (Profile::Plain, "claude-sonnet-4-5", 200, 400),
        (Profile::Plain, "any", 200, 200),
        (Profile::Openai, "claude-sonnet-4-5", 200, 200),
        (Profile::Ollama, "claude-sonnet-4-5", 200, 200),
    ] {
        for (headers, status) in [("", without), (UNKNOWN, unknown)] {
            let server = serve(profile);
            let (told, body) = ask(&server, MESSAGES, model, headers).await;
            assert_eq!(told, status, "{profile:?} {model} {headers}: {body}");
            server.lenient();
            let (told, body) = ask(&server, MESSAGES, model, headers).await;
            assert_eq!(told, 200, "{profile:?} {model} {headers}: {body}");
            server.reset();
        }
    }
}

/// What the newest version has removed, what is still accepted beside it, and where the rejection says that it is.
fn removed_and_kept() -> Vec<(Value, Option<&'static str>)> {
    let document = json!({
        "type": "document", "citations": { "enabled": true },
        "source": { "type": "text", "media_type": "text/plain", "data": "It is noon." },
    });
    let citation = json!([{
        "type": "char_location", "cited_text": "noon", "document_index": 0, "document_title": null,
        "start_char_index": 6, "end_char_index": 10,
    }]);
    let cited = json!({ "type": "text", "text": "It is noon.", "citations": citation });
    let plain = json!({ "type": "text", "text": "It is noon.", "citations": [] });
    let found = |text: &Value| json!({ "type": "search_result", "source": "clock", "title": "Clock", "content": [text] });
    let messages = |user: Value, assistant: Value| {
        json!({ "messages": [
            { "role": "user", "content": [user] },
            { "role": "assistant", "content": [assistant, { "type": "text", "text": "Yes." }] },
            { "role": "user", "content": "And now?" },
        ] })
    };
    vec![
        (json!({ "temperature": 1.0 }), Some("temperature")),
        (json!({ "top_p": 0.9 }), Some("top_p")),
        (json!({ "top_k": 5 }), Some("top_k")),
        (json!({ "stop_sequences": ["."] }), None),
        (messages(document.clone(), cited.clone()), None),
        (messages(plain.clone(), plain.clone()), None),
        (messages(found(&plain), plain.clone()), None),
        (messages(plain.clone(), document), Some("messages")),
        (messages(found(&cited), plain.clone()), Some("messages")),
        (messages(cited, plain), Some("messages")),
    ]
}

#[tokio::test]
async fn the_newest_version_rejects_what_it_has_removed() {
    for (fields, at) in removed_and_kept() {
        for (version, profile, is_rejected) in [
            ("2026-10-21", Profile::Anthropic, at.is_some()),
            ("2026-10-21", Profile::Plain, at.is_some()),
            ("2026-10-21", Profile::Ollama, false),
            ("2023-06-01", Profile::Anthropic, false),
        ] {
            for path in [MESSAGES, COUNT] {
                let server = serve(profile);
                let mut body = json!({
                    "model": "claude-sonnet-4-5", "max_tokens": 100,
                    "messages": [{ "role": "user", "content": "Hello" }],
                });
                for (name, value) in fields.as_object().expect("it is an object") {
                    body[name] = value.clone();
                }
                let headers = format!("anthropic-version: {version}\r\n");
                let (status, body) = ask_with(&server, path, &body, &headers).await;
                let expected = if is_rejected { 400 } else { 200 };
                assert_eq!(status, expected, "{version} {profile:?} {fields}: {body}");
                if is_rejected {
                    let message = body["error"]["message"].as_str().expect("it is a text");
                    let place = format!("{}: ", at.expect("it is rejected"));
                    assert!(message.starts_with(&place), "{message}");
                    assert!(
                        message.contains("anthropic-version: 2023-06-01"),
                        "{message}"
                    );
                }
                server.reset();
            }
        }
    }
}

#[tokio::test]
async fn a_field_of_a_beta_needs_the_header_of_a_beta() {
    let ask = async |server: &MockServer, field: &str, headers: &str| {
        let mut body = json!({
            "model": "claude-sonnet-4-5", "max_tokens": 100,
            "messages": [{ "role": "user", "content": "Hello" }],
        });
        body[field] = match field {
            "mcp_servers" => json!([]),
            "speed" => json!("standard"),
            _ => json!({}),
        };
        let body = body.to_string();
        let length = body.len();
        let head = format!(
            "POST {MESSAGES} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\n{headers}content-length: {length}\r\n\r\n"
        );
        let answer = raw(server, format!("{head}{body}").as_bytes()).await;
        answer.expect("the server answers")
    };
    let beta = "anthropic-beta: mcp-client-2025-11-20,context-management-2025-06-27\r\n";
    for (profile, field, headers, is_rejected) in [
        (Profile::Anthropic, "context_management", "", true),
        (Profile::Anthropic, "mcp_servers", "", true),
        (Profile::Anthropic, "speed", "", true),
        (Profile::Anthropic, "speed", beta, false),
        (Profile::Anthropic, "metadata", "", false),
        (Profile::Anthropic, "context_management", beta, false),
        (Profile::Anthropic, "mcp_servers", beta, false),
        (Profile::Plain, "context_management", "", false),
    ] {
        let server = serve(profile);
        let answer = ask(&server, field, headers).await;
        let says = format!("{field}: Extra inputs are not permitted [mock: ");
        assert_eq!(answer.contains(&says), is_rejected, "{profile:?}: {answer}");
        let status = if is_rejected { "400" } else { "200" };
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{answer}"
        );
        server.lenient();
        let answer = ask(&server, field, headers).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        server.reset();
    }
}

#[tokio::test]
async fn only_interleaved_thinking_may_have_a_budget_beyond_the_maximum() {
    let interleaved = "anthropic-beta: other-1,interleaved-thinking-2025-05-14\r\n";
    let enabled = |budget: u32| json!({ "type": "enabled", "budget_tokens": budget });
    let disabled = json!({ "type": "disabled", "budget_tokens": 4096 });
    for (profile, thinking, headers, is_rejected) in [
        (Profile::Anthropic, disabled, "", false),
        (Profile::Anthropic, enabled(4096), "", true),
        (
            Profile::Anthropic,
            enabled(4096),
            "anthropic-beta: other-1\r\n",
            true,
        ),
        (Profile::Anthropic, enabled(4096), interleaved, false),
        (Profile::Anthropic, enabled(2048), "", true),
        (Profile::Anthropic, enabled(2047), "", false),
        (Profile::Plain, enabled(4096), "", true),
    ] {
        let body = json!({
            "model": "claude-sonnet-4-5", "max_tokens": 2048,
            "messages": [{ "role": "user", "content": "Hello" }],
            "tools": [{ "name": "look", "input_schema": { "type": "object" } }],
            "thinking": thinking,
        });
        let body = body.to_string();
        let length = body.len();
        let head = format!(
            "POST {MESSAGES} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\n{headers}content-length: {length}\r\n\r\n"
        );
        let server = serve(profile);
        let answer = raw(&server, format!("{head}{body}").as_bytes()).await;
        let answer = answer.expect("the server answers");
        let says = "`max_tokens` must be greater than `thinking.budget_tokens`.";
        assert_eq!(
            answer.contains(says),
            is_rejected,
            "{thinking} {headers}: {answer}"
        );
        server.reset();
    }
}
