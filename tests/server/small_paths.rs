//! The smaller endpoints: Azure's, counts of tokens, models, and the paths and errors of dialects.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message};

const RESPONSES: &str = "/v1/responses";
const AZURE: &str = "/openai/deployments/my-gpt/chat/completions";

fn without(mut body: Value, field: &str) -> Value {
    body.as_object_mut().expect("an object").remove(field);
    body
}

#[provider_test]
async fn a_deployment_of_azure_is_the_model_where_the_body_names_none(
    #[mock(reply("Hi.").times(3))] server: MockServer,
) {
    let mut client = Client::new(&server).await.header("api-key", "any");
    let path = format!("{AZURE}?api-version=2024-10-21");
    let reply = client.post(&path, &without(chat("a"), "model")).await;
    assert_eq!(
        (reply.status, &reply.json()["model"]),
        (200, &json!("my-gpt"))
    );
    let reply = client.post(&path, &chat("a")).await;
    assert_eq!(reply.status, 200);
    let reply = client.post("/openai/v1/chat/completions", &chat("a")).await;
    assert_eq!(reply.status, 200);

    let calls = server.calls();
    let models: Vec<_> = calls
        .iter()
        .map(|call| call.request().model.clone())
        .collect();
    let own = chat("a")["model"].as_str().expect("a name").to_owned();
    assert_eq!(models, ["my-gpt".to_owned(), own.clone(), own]);
}

#[provider_test]
async fn a_path_of_azure_without_a_version_is_not_found(
    #[mock(reply("Hi."), allow = [unused_turns])] server: MockServer,
) {
    let reply = Client::new(&server).await.post(AZURE, &chat("a")).await;
    let error = &reply.json()["error"];
    assert_eq!((reply.status, &error["code"]), (404, &json!("404")));
    let message = error["message"].as_str().expect("a text");
    assert!(
        message.starts_with("Resource not found [mock: "),
        "{message}"
    );
    assert!(server.calls().is_empty());
}

#[provider_test]
async fn the_key_of_azure_is_checked_too(#[mock(azure, reply("Hi."))] server: MockServer) {
    server.require_key("secret");
    let path = format!("{AZURE}?api-version=1");
    let mut client = Client::new(&server).await.header("api-key", "wrong");
    let reply = client.post(&path, &chat("a")).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (401, &json!("401"))
    );
    let mut client = Client::new(&server).await.header("api-key", "secret");
    let reply = client.post(&path, &chat("a")).await;
    assert!(
        reply.json()["prompt_filter_results"].is_array(),
        "{}",
        reply.text
    );
}

#[provider_test]
async fn tokens_are_counted_as_usage_counts_them(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let path = "/v1/messages/count_tokens";
    let body = message("This text has forty characters in it, ok");
    let count = client
        .post(path, &without(body.clone(), "max_tokens"))
        .await;
    let answer = client.post(MESSAGES, &body).await;
    let counted = count.json();
    assert_eq!(
        counted["input_tokens"],
        answer.json()["usage"]["input_tokens"]
    );
    assert_eq!(counted.as_object().map(|fields| fields.len()), Some(1));
    assert_eq!(client.post(path, &body).await.json(), counted);

    let refused = client.post(path, &without(body, "messages")).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]["type"]),
        (400, &json!("invalid_request_error"))
    );
    assert_eq!(client.get(path).await.status, 405);
    assert_eq!(server.calls().len(), 1);
    assert_eq!(server.exchanges().len(), 5);
}

#[provider_test]
async fn a_mock_with_models_has_no_others(
    #[mock(models = ["gpt-4o", "claude-sonnet-4-5"], reply("Hi."))] server: MockServer,
) {
    let with = |mut body: Value, model: &str| {
        body["model"] = model.into();
        body
    };
    let mut client = Client::new(&server).await;
    let refused = client.post(CHAT, &with(chat("a"), "o3")).await;
    let error = &refused.json()["error"];
    assert_eq!(
        (refused.status, &error["code"]),
        (404, &json!("model_not_found"))
    );
    let text = error["message"].as_str().expect("a text");
    assert!(
        text.contains("`o3`") && text.contains("`gpt-4o`, `claude-sonnet-4-5`"),
        "{text}"
    );

    let responses = json!({ "model": "o3", "input": "a" });
    let refused = client.post(RESPONSES, &responses).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"]["code"], "model_not_found");

    let refused = client.post(MESSAGES, &with(message("a"), "o3")).await;
    let error = &refused.json()["error"];
    assert_eq!(
        (refused.status, &error["type"]),
        (404, &json!("not_found_error"))
    );

    let list = client.get("/v1/models").await.json();
    let ids: Vec<_> = list["data"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|model| &model["id"])
        .collect();
    assert_eq!(ids, ["gpt-4o", "claude-sonnet-4-5"]);
    assert_eq!(client.get("/v1/models/o3").await.status, 404);
    assert_eq!(client.get("/v1/models/gpt-4o").await.status, 200);

    assert!(server.calls().is_empty());
    assert_eq!(
        client.post(CHAT, &with(chat("a"), "gpt-4o")).await.status,
        200
    );
}

#[provider_test]
async fn models_that_a_scenario_mentions_are_listed(
    #[mock(on(model("gpt-4o")).reply("a"), on(model("o*")).reply("b"), allow = [unused_turns])]
    server: MockServer,
) {
    let list = Client::new(&server).await.get("/v1/models").await.json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["data"][0]["id"], "gpt-4o");
}

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
async fn what_responses_does_not_do_here_is_refused_by_name(
    #[mock(openai_responses, reply("Hi."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (field, value) in [
        ("background", json!(true)),
        ("conversation", json!("conv_1")),
    ] {
        let mut body = json!({ "model": "gpt-5", "input": "a" });
        body[field] = value;
        let reply = client.post(RESPONSES, &body).await;
        let error = &reply.json()["error"];
        assert_eq!((reply.status, &error["param"]), (400, &json!(field)));
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains("[mock: the mock server "), "{message}");
    }
    let body = json!({ "model": "gpt-5", "input": "a", "background": false, "conversation": null });
    assert_eq!(client.post(RESPONSES, &body).await.status, 200);
}

#[cfg(feature = "compression")]
#[provider_test]
async fn a_compressed_request_is_read(#[mock(reply("Hi."))] server: MockServer) {
    // {"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}
    let zipped = [
        31u8, 139, 8, 0, 0, 0, 0, 0, 2, 255, 171, 86, 202, 205, 79, 73, 205, 81, 178, 82, 74, 47,
        40, 209, 53, 201, 87, 210, 81, 202, 77, 45, 46, 78, 76, 79, 45, 86, 178, 138, 174, 86, 42,
        202, 207, 73, 5, 74, 150, 22, 167, 22, 1, 165, 146, 243, 243, 74, 82, 243, 74, 128, 2, 25,
        153, 74, 181, 177, 181, 0, 88, 101, 249, 163, 62, 0, 0, 0,
    ];
    let mut client = Client::new(&server)
        .await
        .header("content-encoding", "gzip");
    let reply = client
        .ask("POST", CHAT, zipped.to_vec())
        .await
        .expect("an answer");
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(server.calls()[0].request().model, "gpt-4o");
}
