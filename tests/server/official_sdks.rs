//! What official SDKs rely on, for each family: the headers that they retry by, the paths that they call, and the forms that they accept.

use mock_core::builder::{
    embed_with, fail, generic, header, on, overloaded, pause, reply, script, secs, stream,
};
use mock_core::scenario::{Profile, Scenario};
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{
    CHAT, Client, MESSAGES, RESPONSES, Reply, chat, message, post as bytes_of, raw, streamed,
};

pub(crate) const GENERATE: &str = "/v1/models/gemini-2.5-flash:generateContent";
const STREAM: &str = "/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
const INTERACTIONS: &str = "/v1beta/interactions";
const OLLAMA: &str = "/api/chat";

pub(crate) fn generate() -> Value {
    json!({ "contents": [{ "parts": [{ "text": "hi" }] }] })
}

/// The path of each API, and a request for a stream.
fn streams() -> [(&'static str, Value); 6] {
    let input = json!({ "model": "m", "input": "hi", "stream": true });
    [
        (CHAT, streamed(chat("hi"))),
        (RESPONSES, input.clone()),
        (MESSAGES, streamed(message("hi"))),
        (STREAM, generate()),
        (INTERACTIONS, input),
        (
            OLLAMA,
            json!({ "model": "m", "messages": chat("hi")["messages"] }),
        ),
    ]
}

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario))
}

async fn post(server: &MockServer, path: &str, request: &Value) -> Reply {
    Client::new(server).await.post(path, request).await
}

#[provider_test]
async fn a_scenario_can_tell_sdks_whether_to_retry() {
    for (path, request) in streams() {
        let server = serve(script([fail(
            overloaded().header("x-should-retry", "false"),
        )]));
        let reply = post(&server, path, &request).await;
        assert_eq!(reply.header("x-should-retry"), Some("false"), "{path}");
    }
}

#[provider_test]
async fn the_count_of_retries_that_sdks_send_can_be_matched() {
    let rules = [
        on(header("x-stainless-retry-count", "0")).fail(overloaded()),
        on(header("x-stainless-retry-count", "1")).reply("At last."),
    ];
    let server = serve(script([]).rules(rules));
    let mut first = Client::new(&server)
        .await
        .header("x-stainless-retry-count", "0");
    assert_eq!(first.post(CHAT, &chat("hi")).await.status, 503);
    let mut second = Client::new(&server)
        .await
        .header("x-stainless-retry-count", "1");
    let answer = second.post(CHAT, &chat("hi")).await.json();
    assert_eq!(answer["choices"][0]["message"]["content"], "At last.");
}

#[provider_test]
async fn each_status_that_sdks_retry_comes_in_the_form_of_each_api() {
    for status in [408, 409, 429, 500, 502, 503, 504, 529] {
        for (path, request) in streams() {
            let server = serve(script([fail(generic().status(status).message("Wait."))]));
            let reply = post(&server, path, &request).await;
            // An error before the first byte is JSON, even if a stream was requested.
            assert_eq!(
                (reply.status, reply.header("content-type")),
                (status, Some("application/json")),
                "{path}"
            );
            let body = reply.json();
            let message = body["error"]["message"].as_str().or(body["error"].as_str());
            assert_eq!(message, Some("Wait."), "{path}: {body}");
        }
    }
}

#[provider_test]
async fn an_error_within_a_stream_comes_after_200_in_the_form_of_each_api() {
    for (path, request) in streams() {
        let server = serve(script([stream(["a", "b"]).error_after(1, overloaded())]));
        let reply = post(&server, path, &request).await;
        assert_eq!(reply.status, 200, "{path}");
        let last = match path {
            OLLAMA => reply.text.lines().last().map(str::to_owned),
            _ => reply
                .event_data()
                .into_iter()
                .rfind(|data| data != "[DONE]"),
        };
        let last: Value = serde_json::from_str(&last.expect("a frame")).expect("it is JSON");
        let error = [&last["error"], &last["response"]["error"]];
        assert!(error.iter().any(|error| !error.is_null()), "{path}: {last}");
    }
}

#[provider_test]
async fn the_data_of_an_event_has_a_space_before_it_and_events_have_names_where_sdks_need_them() {
    for (path, request) in streams() {
        if path == OLLAMA {
            continue;
        }
        let server = serve(script([stream(["a", "b"])]));
        let reply = post(&server, path, &request).await;
        let lines = reply.text.lines().filter(|line| line.starts_with("data:"));
        assert!(lines.clone().count() > 2, "{}", reply.text);
        assert!(
            lines.clone().all(|line| line.starts_with("data: ")),
            "{}",
            reply.text
        );
        let is_named = reply.text.starts_with("event: ");
        let has_names = matches!(path, MESSAGES | RESPONSES | INTERACTIONS);
        assert_eq!(is_named, has_names, "{path}");
    }
}

#[tokio::test]
async fn a_cut_is_one_of_the_transport_and_an_end_is_not() {
    let end = "\r\n0\r\n\r\n";
    for (path, request) in streams() {
        for (turn, ends) in [
            (stream(["a", "b"]).cut_after(1), false),
            (stream(["a", "b"]).end_after(1), true),
        ] {
            let server = serve(script([turn]));
            let text = raw(&server, &bytes_of(path, &request)).await;
            let text = text.expect("what comes before the end is read");
            assert!(text.contains("transfer-encoding: chunked"), "{text}");
            assert_eq!(text.ends_with(end), ends, "{path}: {text}");
        }
    }
}

#[provider_test]
async fn the_paths_of_both_versions_of_gemini_are_served() {
    let server = serve(script([reply("Hi.").times(2), embed_with([1.0]).times(2)]));
    for version in ["v1", "v1beta"] {
        let path = format!("/{version}/models/m:generateContent");
        assert_eq!(post(&server, &path, &generate()).await.status, 200);
    }
    let content = json!({ "parts": [{ "text": "hi" }] });
    for version in ["v1", "v1beta"] {
        let path = format!("/{version}/models/m:batchEmbedContents");
        let request = json!({ "requests": [{ "model": "models/m", "content": content }] });
        assert_eq!(post(&server, &path, &request).await.status, 200);
    }
}

#[provider_test]
async fn the_list_of_models_has_the_form_of_the_sdk_that_asks() {
    let server = serve(script([reply("Hi.").times(0..)]).models(["m"]));
    for (name, field) in [
        ("authorization", "object"),
        ("anthropic-version", "has_more"),
        ("x-goog-api-key", "models"),
    ] {
        let mut client = Client::new(&server).await.header(name, "Bearer k");
        let list = client.get("/v1/models").await.json();
        assert!(!list[field].is_null(), "{name}: {list}");
    }
}

#[provider_test]
async fn any_key_of_anthropic_is_accepted() {
    let server = serve(script([reply("Hi.")]).profile(Profile::Anthropic));
    let mut client = Client::new(&server).await.header("x-api-key", "any");
    assert_eq!(client.post(MESSAGES, &message("hi")).await.status, 200);
}

#[provider_test]
async fn ollama_needs_no_key_and_says_that_it_runs() {
    let server = serve(script([reply("Hi.")]).profile(Profile::Ollama));
    let mut client = Client::new(&server).await;
    for path in ["/", "/api/version", "/api/tags", "/api/ps"] {
        let head = client.ask("HEAD", path, "").await.expect("an answer");
        assert_eq!((head.status, &*head.text), (200, ""), "{path}");
        assert_eq!(client.get(path).await.status, 200, "{path}");
    }
    assert_eq!(client.get("/").await.text, "Ollama is running");
    let request = json!({ "model": "m", "messages": chat("hi")["messages"], "stream": false });
    let answer = client.post(OLLAMA, &request).await.json();
    assert_eq!(answer["message"]["content"], "Hi.");
}

#[provider_test]
async fn a_time_out_before_the_head_is_the_sdks_own() {
    let server = serve(script([pause(secs(600)).reply("Hi.")]));
    let mut client = Client::new(&server).await;
    let request = chat("hi");
    let answer = client.post(CHAT, &request);
    assert!(tokio::time::timeout(secs(599), answer).await.is_err());
}
