//! The paths, answers and errors of OpenAI's dialects.

use mock_core::builder::{reply, script};
use mock_core::scenario::Profile;
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, RESPONSES, chat};

#[provider_test]
async fn a_dialect_is_spoken_on_the_wire(
    #[mock(openrouter, script = [reasoning("Hm.").reply("Hi."), fail(rate_limit)])]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let path = "/api/v1/chat/completions";
    let mut request = chat("a");
    request["stream"] = true.into();
    let reply = client.post(path, &request).await;
    let data = reply.event_data();
    assert!(data[0].contains(r#""reasoning":"Hm.""#), "{}", data[0]);
    assert!(data[0].contains(r#""id":"gen-"#), "{}", data[0]);
    assert_eq!(data.last().map(String::as_str), Some("[DONE]"));
    let usage = &data[data.len() - 2];
    assert!(usage.contains(r#""native_finish_reason":"stop""#) && usage.contains("prompt_tokens"));

    let reply = client.post(path, &chat("a")).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (429, &json!(429))
    );
}

#[provider_test]
async fn deepseek_is_asked_without_a_version(#[mock(deepseek, reply("Hi."))] server: MockServer) {
    let reply = Client::new(&server)
        .await
        .post("/chat/completions", &chat("a"))
        .await;
    assert_eq!(reply.status, 200);
    assert!(reply.json()["usage"]["prompt_cache_miss_tokens"].is_u64());
}

#[provider_test]
async fn an_error_of_xai_is_a_text_on_both_wires(
    #[mock(xai, fail(rate_limit).times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (path, body) in [
        (CHAT, chat("a")),
        (RESPONSES, json!({ "model": "grok-4", "input": "a" })),
    ] {
        let reply = client.post(path, &body).await;
        let body = reply.json();
        assert_eq!(reply.status, 429);
        assert_eq!(body["code"], "resource-exhausted");
        assert!(body["error"].is_string(), "{body}");
    }
}

#[provider_test]
async fn a_rejection_has_the_status_and_the_form_of_the_dialect() {
    let user = json!({ "role": "user", "content": "hi" });
    let call = json!({ "id": "call_1", "type": "function", "function": { "name": "look", "arguments": "{}" } });
    let calls = json!({ "role": "assistant", "tool_calls": [call] });
    let result = json!({ "role": "tool", "tool_call_id": "call_1", "content": "x" });
    let asked = |fields: Value| {
        let mut request = chat("hi");
        for (name, value) in fields.as_object().expect("they are fields") {
            request[name] = value.clone();
        }
        request
    };
    let thought = json!({ "role": "assistant", "content": "yes?", "reasoning_content": "Hm." });
    let schema =
        json!({ "type": "json_schema", "json_schema": { "name": "answer", "schema": {} } });
    for (profile, request, status, expected) in [
        (
            Profile::Groq,
            asked(json!({ "messages": [user, thought, user] })),
            400,
            json!({ "error": {
                "message": "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
                "type": "invalid_request_error",
            } }),
        ),
        (
            Profile::Mistral,
            asked(json!({ "messages": [user, calls, result] })),
            400,
            json!({
                "object": "error",
                "message": "Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9.",
                "type": "invalid_function_call", "param": null, "code": "3280",
            }),
        ),
        (
            Profile::Mistral,
            asked(json!({ "messages": [user, { "role": "assistant", "content": "It" }] })),
            400,
            json!({
                "object": "error",
                "message": "Expected last role User or Tool (or Assistant with prefix True) for serving but got assistant",
                "type": "invalid_request_message_order", "param": null, "code": "3230",
            }),
        ),
        (
            Profile::Mistral,
            asked(json!({ "messages": [user, thought, user] })),
            422,
            json!({ "detail": [{
                "type": "extra_forbidden",
                "loc": ["body", "messages", 1, "assistant", "reasoning_content"],
                "msg": "Extra inputs are not permitted", "input": null,
            }] }),
        ),
        (
            Profile::Deepseek,
            asked(json!({ "response_format": schema })),
            400,
            json!({ "error": {
                "message": "This response_format type is unavailable now",
                "type": "invalid_request_error", "param": null, "code": "invalid_request_error",
            } }),
        ),
        (
            Profile::Xai,
            asked(json!({ "model": "grok-4.6", "stop": ["x"] })),
            400,
            json!({ "code": "invalid-argument", "error": "Model grok-4.6 does not support parameter stop." }),
        ),
        (
            Profile::Openrouter,
            asked(json!({ "reasoning": { "effort": "low", "max_tokens": 9 } })),
            400,
            json!({ "error": {
                "message": "Only one of \"reasoning.effort\" and \"reasoning.max_tokens\" can be specified",
                "code": 400,
            } }),
        ),
    ] {
        let server = MockServer::new(MockProvider::new(script([reply("Hi.")]).profile(profile)));
        let mut client = Client::new(&server).await;
        let answer = client.post(CHAT, &request).await;
        // What the mock adds is in brackets.
        let mut body = answer.text;
        while let Some((before, rest)) = body.split_once(" [mock: ") {
            let (_, after) = rest.split_once(']').expect("the bracket is closed");
            body = format!("{before}{after}");
        }
        let body: Value = serde_json::from_str(&body).expect("it is JSON");
        assert_eq!((answer.status, body), (status, expected), "{profile:?}");
        server.lenient();
        assert_eq!(client.post(CHAT, &request).await.status, 200, "{profile:?}");
    }
}
