//! The header `content-type`: which providers reject a request by it.

use mock_core::builder::{embed, reply, script};
use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, MESSAGES, RESPONSES, raw};

const EMBEDDINGS: &str = "/v1/embeddings";
const INPUT_TOKENS: &str = "/v1/responses/input_tokens";
const GENERATE: &str = "/v1beta/models/gemini-2.5-flash:generateContent";
const COUNT_TOKENS: &str = "/v1beta/models/gemini-2.5-flash:countTokens";
const EMBED: &str = "/v1beta/models/gemini-embedding-001:embedContent";
const INTERACTIONS: &str = "/v1beta/interactions";
const OLLAMA: &str = "/api/chat";
const OLLAMA_EMBED: &str = "/api/embed";

/// A server with this profile that answers any number of requests to this path.
fn serve(profile: Profile, path: &str) -> MockServer {
    let turn = match path {
        EMBEDDINGS | EMBED | OLLAMA_EMBED => embed(),
        _ => reply("Hi."),
    };
    let turns = script([turn.times(0..)]);
    MockServer::new(MockProvider::new(turns.profile(profile)))
}

fn body(path: &str, model: &str) -> Value {
    let said = json!([{ "role": "user", "content": "Hello" }]);
    let content = json!({ "role": "user", "parts": [{ "text": "Hello" }] });
    match path {
        RESPONSES | INPUT_TOKENS | EMBEDDINGS | INTERACTIONS | OLLAMA_EMBED => {
            json!({ "model": model, "input": "Hello" })
        }
        GENERATE | COUNT_TOKENS => json!({ "contents": [content] }),
        EMBED => json!({ "content": content }),
        _ => json!({ "model": model, "max_tokens": 100, "stream": false, "messages": said }),
    }
}

/// The status and the body of the answer to a request to this model with these lines of headers.
async fn ask(server: &MockServer, path: &str, model: &str, headers: &str) -> (u16, Value) {
    let body = body(path, model).to_string();
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\nanthropic-version: 2023-06-01\r\n{headers}content-length: {length}\r\n\r\n"
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

const NONE: &str = "";
const JSON: &str = "content-type: application/json\r\n";
const WITH_CHARSET: &str = "Content-Type: Application/JSON; charset=utf-8\r\n";
const TWICE: &str = "content-type: application/json\r\ncontent-type: application/json\r\n";
const TEXT: &str = "content-type: text/plain;charset=UTF-8\r\n";
const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

#[tokio::test]
async fn each_provider_rejects_the_content_types_that_it_does_not_read() {
    let no_model: &[_] = &[NONE, TWICE, TEXT, FORM];
    let openai = (no_model, "you must provide a model parameter");
    let responses: (&[_], _) = (
        &[TWICE, TEXT, FORM],
        "Unsupported content type: '…'. This API method only accepts 'application/json' requests, but you specified the header 'Content-Type: …'. Please try again with a supported content type.",
    );
    let gemini: (&[_], _) = (
        &[FORM],
        "Invalid JSON payload received. Unknown name: Cannot bind query parameter.",
    );
    let all: (&[_], _) = (&[], "");
    for (profile, paths, (rejected, words)) in [
        (Profile::Openai, &[CHAT, EMBEDDINGS] as &[_], openai),
        (
            Profile::OpenaiResponses,
            &[RESPONSES, INPUT_TOKENS],
            responses,
        ),
        (Profile::Anthropic, &[MESSAGES], all),
        (
            Profile::Gemini,
            &[GENERATE, COUNT_TOKENS, EMBED, INTERACTIONS],
            gemini,
        ),
        (
            Profile::Ollama,
            &[OLLAMA, OLLAMA_EMBED, CHAT, MESSAGES],
            all,
        ),
    ] {
        for path in paths {
            for headers in [NONE, JSON, WITH_CHARSET, TWICE, TEXT, FORM] {
                let server = serve(profile, path);
                let (status, body) = ask(&server, path, "any", headers).await;
                let is_rejected = rejected.contains(&headers);
                assert_eq!(
                    status,
                    if is_rejected { 400 } else { 200 },
                    "{path} {headers}: {}",
                    body["error"]
                );
                if is_rejected {
                    let message = body["error"]["message"].as_str().expect("a text");
                    let mut parts = words.split('…');
                    assert!(parts.all(|part| message.contains(part)), "{message}");
                    assert!(
                        message.contains("content-type: application/json`"),
                        "{message}"
                    );
                    assert!(server.calls().is_empty());
                }
                server.lenient();
                let (status, body) = ask(&server, path, "any", headers).await;
                assert_eq!(status, 200, "{path} {headers}: {}", body["error"]);
                server.reset();
            }
        }
    }
}

#[tokio::test]
async fn the_content_type_is_required_where_the_rules_of_the_provider_hold() {
    for (profile, path, model, status) in [
        (Profile::Azure, "/openai/v1/chat/completions", "any", 400),
        (Profile::Plain, CHAT, "gpt-4o", 400),
        (Profile::Plain, CHAT, "any", 200),
        (Profile::Groq, CHAT, "gpt-4o", 200),
        (Profile::Anthropic, CHAT, "gpt-4o", 200),
        (Profile::Plain, EMBEDDINGS, "text-embedding-3-small", 400),
        (Profile::Plain, EMBEDDINGS, "any", 200),
        (Profile::Plain, RESPONSES, "gpt-4o", 400),
        (Profile::Plain, RESPONSES, "any", 200),
        (Profile::Plain, GENERATE, "", 400),
        (Profile::Openai, GENERATE, "", 200),
    ] {
        let server = serve(profile, path);
        let (told, body) = ask(&server, path, model, FORM).await;
        assert_eq!(
            told, status,
            "{profile:?} {path} {model}: {}",
            body["error"]
        );
        server.reset();
    }
}

#[tokio::test]
async fn only_the_profile_requires_a_content_type() {
    for (profile, path, model, status) in [
        (Profile::Openai, CHAT, "any", 400),
        (Profile::Azure, "/openai/v1/chat/completions", "any", 400),
        (Profile::Plain, CHAT, "gpt-4o", 200),
        (Profile::Plain, EMBEDDINGS, "text-embedding-3-small", 200),
        (Profile::Groq, CHAT, "gpt-4o", 200),
    ] {
        let server = serve(profile, path);
        let (told, body) = ask(&server, path, model, NONE).await;
        assert_eq!(
            told, status,
            "{profile:?} {path} {model}: {}",
            body["error"]
        );
        server.reset();
    }
}

#[tokio::test]
async fn responses_name_the_content_type_and_have_a_code() {
    let server = serve(Profile::OpenaiResponses, RESPONSES);
    let (_, body) = ask(&server, RESPONSES, "any", TEXT).await;
    let error = &body["error"];
    let message = error["message"].as_str().expect("a text");
    let says = "Unsupported content type: 'text/plain;charset=UTF-8'. ";
    assert!(message.starts_with(says), "{message}");
    assert_eq!(error["type"], "invalid_request_error");
    assert_eq!(error["code"], "unsupported_content_type");
    assert_eq!(error["param"], Value::Null);
    server.reset();
}
