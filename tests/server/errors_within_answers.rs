//! The events of an error in the middle of a stream, on each wire.

use futures::StreamExt as _;
use mock_core::builder::{generic, overloaded, reply};
use mock_core::scenario::Failure;
use mock_core::{MockProvider, MockServer, Request, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, RESPONSES, streamed, wires};

/// The data of the last event of a stream.
async fn last_event(server: &MockServer, path: &str, request: Value) -> Value {
    let reply = Client::new(server)
        .await
        .post(path, &streamed(request))
        .await;
    let data = reply.event_data().pop().expect("there is an event");
    serde_json::from_str(&data).unwrap_or(data.into())
}

#[provider_test]
async fn an_error_within_an_answer_says_all_of_its_body() {
    let fields = json!({
        "message": "Slow down.", "type": "busy", "code": "c7", "metadata": { "provider": "a" },
    });
    let body = json!({ "error": fields });
    let broken = |kind: Failure| reply("a b").error_after(1, kind.body(body.to_string()));
    let mock = MockProvider::script([broken(overloaded()).times(3), broken(generic()).times(2)]);
    let server = MockServer::new(mock);
    for (path, request) in wires("a") {
        assert_eq!(last_event(&server, path, request).await, body, "{path}");
    }
    let request = json!({ "model": "gpt-4o", "input": "a" });
    let failed = last_event(&server, RESPONSES, request.clone()).await;
    assert_eq!(failed["type"], "response.failed");
    assert_eq!(failed["response"]["error"], fields);
    let mut error = last_event(&server, RESPONSES, request).await;
    assert_eq!(error["type"], "error");
    // The event also has a `param`, which is `null`.
    assert_eq!(error["error"]["param"].take(), Value::Null);
    for (name, value) in fields.as_object().expect("an object") {
        assert_eq!(error["error"][name], *value, "{name}");
    }

    let mut events = server
        .answer_stream(Request::new("m"))
        .await
        .expect("it begins");
    events.next().await.expect("a text").expect("a text");
    let error = events
        .next()
        .await
        .expect("an error")
        .expect_err("an error");
    let raw = error.raw.and_then(|raw| raw.body);
    assert_eq!(raw.as_deref(), Some(&*body.to_string()));
}

#[provider_test]
async fn an_error_within_an_answer_may_be_any_text(
    #[mock(reply("a b").error_after(1, overloaded { body: "gone\naway" }).times(3))]
    server: MockServer,
) {
    let responses = (RESPONSES, json!({ "model": "gpt-4o", "input": "a" }));
    for (path, request) in wires("a").into_iter().chain([responses]) {
        let data = last_event(&server, path, request).await;
        assert_eq!(data, "gone\naway", "{path}");
    }
}

#[provider_test]
async fn an_error_within_an_answer_may_be_any_text_on_every_other_wire(
    #[mock(reply("a b").error_after(1, overloaded { body: "gone\naway" }).times(4))]
    server: MockServer,
) {
    let contents = json!({ "contents": [{ "role": "user", "parts": [{ "text": "a" }] }] });
    let gemini = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";
    let events = "\r\n\r\ndata: gone\ndata: away\r\n\r\n";
    let interactions = json!({ "model": "gemini-2.5-flash", "input": "a", "stream": true });
    let ollama = json!({ "model": "llama", "messages": [{ "role": "user", "content": "a" }] });
    for (path, request, end) in [
        (format!("{gemini}?alt=sse"), contents.clone(), events),
        (gemini.to_owned(), contents, ",\r\ngone\naway]"),
        (
            "/v1beta/interactions".to_owned(),
            interactions,
            "event: error\ndata: gone\ndata: away\n\n",
        ),
        ("/api/chat".to_owned(), ollama, "}\ngone\naway\n"),
    ] {
        let reply = Client::new(&server).await.post(&path, &request).await;
        assert!(reply.text.ends_with(end), "{path}: {:?}", reply.text);
    }
}
