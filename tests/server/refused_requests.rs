//! Requests that the provider refuses, those that it accepts, and what the server does not speak.

use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer, builder, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message, streamed};

/// A request with one more field.
fn with(mut request: Value, field: &str, value: Value) -> Value {
    request[field] = value;
    request
}

fn top_k() -> Value {
    with(chat("a"), "top_k", json!(40))
}

#[provider_test]
async fn a_refused_request_says_where_and_becomes_no_call(
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
async fn a_server_of_one_provider_refuses_what_that_one_refuses(
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
async fn a_lenient_server_accepts_what_the_provider_refuses(
    #[mock(openai, script = [reply("Hi.").times(2)])] server: MockServer,
) {
    server.lenient();
    let mut client = Client::new(&server).await;
    for request in [top_k(), with(chat("a"), "n", json!(1_000_000_000))] {
        let reply = client.post(CHAT, &request).await;
        assert_eq!(reply.status, 200);
        let choices = reply.json()["choices"].as_array().map(Vec::len);
        assert_eq!(choices, Some(1));
    }
}

#[provider_test]
async fn the_rules_of_another_providers_wire_are_those_of_every_provider(
    #[mock(anthropic, script = [reply("Hi.")])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let refused = with(chat("a"), "messages", json!([]));
    assert_eq!(client.post(CHAT, &refused).await.status, 400);
    assert_eq!(client.post(CHAT, &top_k()).await.status, 200);
}

#[provider_test]
async fn so_many_answers_come_as_are_asked_for(#[mock(reply("Hi.").times(2))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let request = with(chat("a"), "n", json!(3));

    let body = client.post(CHAT, &request).await.json();
    let choices = body["choices"].as_array().expect("a list");
    let told: Vec<_> = choices
        .iter()
        .map(|choice| {
            (
                &choice["index"],
                &choice["message"]["content"],
                &choice["finish_reason"],
            )
        })
        .collect();
    let (hi, stop) = (json!("Hi."), json!("stop"));
    assert_eq!(
        told,
        [
            (&json!(0), &hi, &stop),
            (&json!(1), &hi, &stop),
            (&json!(2), &hi, &stop)
        ]
    );

    let data = client.post(CHAT, &streamed(request)).await.event_data();
    assert_eq!(data.iter().filter(|data| *data == "[DONE]").count(), 1);
    for index in 0..3 {
        let choices = data.iter().filter_map(|data| {
            let chunk: Value = serde_json::from_str(data).ok()?;
            Some(chunk["choices"][0].clone()).filter(|choice| choice["index"] == index)
        });
        let choices: Vec<_> = choices.collect();
        assert_eq!(choices[0]["delta"]["role"], "assistant");
        let text: String = choices
            .iter()
            .filter_map(|choice| choice["delta"]["content"].as_str())
            .collect();
        assert_eq!(text, "Hi.");
        assert_eq!(choices[choices.len() - 1]["finish_reason"], "stop");
    }
    assert_eq!(server.calls().len(), 2);
}

fn mock(profile: Profile) -> MockProvider {
    let scenario = builder::script([builder::reply("Hi.").times(0..)]);
    MockProvider::new(scenario.profile(profile))
}

#[test]
fn every_profile_is_served() {
    for profile in [
        Profile::Plain,
        Profile::Openai,
        Profile::OpenaiResponses,
        Profile::Anthropic,
        Profile::Gemini,
        Profile::Ollama,
        Profile::Azure,
        Profile::Llamacpp,
    ] {
        assert!(MockServer::bind(mock(profile), 0).is_ok());
    }
}
