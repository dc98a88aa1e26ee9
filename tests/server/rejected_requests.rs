//! Requests that the provider rejects, requests that it accepts, and requests for what the server does not have.

use mock_core::builder::{on, user, *};
use mock_core::{Allow, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, RESPONSES, chat, goes_on, message, ms, raw};

/// A request with one more field.
fn with(mut request: Value, field: &str, value: Value) -> Value {
    request[field] = value;
    request
}

fn top_k() -> Value {
    with(chat("a"), "top_k", json!(40))
}

#[provider_test]
async fn a_rejected_request_says_where_and_becomes_no_call(
    #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (path, request, param) in [
        (CHAT, with(chat("a"), "tools", json!([])), json!("tools")),
        (CHAT, with(chat("a"), "n", json!(0)), json!("n")),
        (
            CHAT,
            with(chat("a"), "stream", json!("yes")),
            json!("stream"),
        ),
        (
            MESSAGES,
            with(message("a"), "max_tokens", json!(null)),
            json!(null),
        ),
    ] {
        let reply = client.post(path, &request).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["param"]),
            (400, &param)
        );
    }
    assert!(server.calls().is_empty());
}

#[provider_test]
async fn a_server_of_no_provider_accepts_what_some_providers_accept(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    assert_eq!(client.post(CHAT, &top_k()).await.status, 200);
}

#[provider_test]
async fn a_server_of_one_provider_rejects_what_that_one_rejects(
    #[mock(openai, script = [reply("Hi.")], allow = [unused_turns])] server: MockServer,
) {
    let reply = Client::new(&server).await.post(CHAT, &top_k()).await;
    assert_eq!(reply.status, 400);
    let message = reply.json()["error"]["message"].take();
    let message = message.as_str().expect("a text");
    assert!(message.starts_with("Unrecognized request argument supplied: top_k"));
    assert!(message.contains("`lenient()`"), "{message}");
}

#[provider_test]
async fn the_rules_of_another_providers_wire_are_those_of_every_provider(
    #[mock(anthropic, script = [reply("Hi.")])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let rejected = with(chat("a"), "messages", json!([]));
    assert_eq!(client.post(CHAT, &rejected).await.status, 400);
    assert_eq!(client.post(CHAT, &top_k()).await.status, 200);
}

#[provider_test]
async fn a_request_that_the_provider_rejects_is_rejected(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let said = json!({ "role": "user", "content": "a" });
    for (path, body, problem) in [
        (
            CHAT,
            json!({ "model": "m", "messages": [] }),
            "`messages` is empty",
        ),
        (CHAT, json!({ "model": "m" }), "`messages` is empty"),
        (CHAT, json!({ "messages": [said] }), "name a model"),
        (
            CHAT,
            json!({ "model": "m", "messages": [{ "role": "owner", "content": "a" }] }),
            "`owner`",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "messages": [said] }),
            "max_tokens: Field required",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "max_tokens": 1, "messages": [] }),
            "at least one message",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "max_tokens": 1 }),
            "at least one message",
        ),
    ] {
        let reply = client.post(path, &body).await;
        let message = reply.json()["error"]["message"].take();
        let message = message.as_str().expect("a text");
        assert_eq!(reply.status, 400, "{body}");
        assert!(message.contains(problem), "{message}");
        let exchange = &server.exchanges()[server.exchanges().len() - 1];
        assert_eq!((exchange.call(), exchange.problem()), (None, Some(message)));
    }
    assert!(server.calls().is_empty());
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_stored_prompt_of_responses_needs_no_model_and_no_input(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let body = json!({ "prompt": { "id": "pmpt_1" } });
    let reply = Client::new(&server).await.post(RESPONSES, &body).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
}

#[provider_test]
async fn a_rejected_request_is_in_the_report_with_its_time() {
    let turn = on(user("weather")).reply("Sunny.").times(0..);
    let server = MockServer::new(MockProvider::script([turn]));
    let mut client = Client::new(&server).await;
    tokio::time::sleep(ms(1_500)).await;
    client.post(CHAT, &json!({})).await;
    client.post(CHAT, &chat("news")).await;
    let report = server.verify().expect_err("it is a mismatch").to_string();
    let line =
        "request at 1.5s: POST /v1/chat/completions -> 400: you must provide a model parameter";
    assert!(report.contains(line), "{report}");
    server.reset();
}

#[tokio::test]
async fn a_rejected_request_to_a_mock_that_must_get_none_fails_the_test() {
    let none = || script([reply("a").times(0..)]);
    for (scenario, path, body, says) in [
        (
            script([]),
            CHAT,
            "{}",
            "expected: that no request comes: the mock has no turns",
        ),
        (
            script([]),
            "/chat/completions",
            "{}",
            "a request was rejected with 404",
        ),
        (script([]), CHAT, "{", "a request was rejected with 400"),
        (
            none().expect([expect::calls(0)]),
            CHAT,
            "{}",
            "expected: calls(0)",
        ),
        (
            none().expect([
                expect::calls(0),
                expect::never_sent(any_user_message("password")),
            ]),
            CHAT,
            r#"{"messages": [{"role": "user", "content": "password"}]}"#,
            "expected: calls(0)",
        ),
        (
            none().expect([expect::never_sent(any_user_message("password"))]),
            CHAT,
            r#"{"messages": [{"role": "user", "content": "password"}]}"#,
            "expected: never_sent(any_user_message(\"password\"))",
        ),
        (
            none().expect([expect::never_sent(any_user_message("password"))]),
            "/v1/nothing",
            "{}",
            "a request was rejected with 404, so `never_sent(..)` cannot be checked",
        ),
        // Only such mocks.
        (none(), CHAT, "{}", ""),
        (none().expect([expect::calls(..=9)]), CHAT, "{}", ""),
        (
            script([]).allow(Allow::NONE.with_unused_turns()),
            CHAT,
            "{}",
            "",
        ),
    ] {
        let mock = MockProvider::new(scenario);
        let server = MockServer::new(mock.clone());
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        raw(&server, request.as_bytes()).await.expect("an answer");
        match (mock.verify(), says) {
            (report, "") => assert_eq!(report, Ok(())),
            (report, says) => {
                let report = report.expect_err(says).to_string();
                assert!(report.contains(says), "{says}: {report}");
                assert!(report.contains(&format!("POST {path} -> 4")), "{report}");
            }
        }
    }
}
