//! Lists of models, and requests for models that the mock does not have.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, RESPONSES, chat, message};

#[provider_test]
async fn a_mock_with_models_has_no_others(
    #[mock(models = ["gpt-4o", "claude-sonnet-4-5"], reply("Hi."))] server: MockServer,
) {
    let with = |mut body: Value, model: &str| {
        body["model"] = model.into();
        body
    };
    let mut client = Client::new(&server).await;
    let rejected = client.post(CHAT, &with(chat("a"), "o3")).await;
    let error = &rejected.json()["error"];
    assert_eq!(
        (rejected.status, &error["code"]),
        (404, &json!("model_not_found"))
    );
    let text = error["message"].as_str().expect("a text");
    assert!(
        text.contains("`o3`") && text.contains("`gpt-4o`, `claude-sonnet-4-5`"),
        "{text}"
    );

    let responses = json!({ "model": "o3", "input": "a" });
    let rejected = client.post(RESPONSES, &responses).await;
    assert_eq!(rejected.status, 400);
    assert_eq!(rejected.json()["error"]["code"], "model_not_found");

    let rejected = client.post(MESSAGES, &with(message("a"), "o3")).await;
    let error = &rejected.json()["error"];
    assert_eq!(
        (rejected.status, &error["type"]),
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
async fn models_are_distinguished_by_headers(
    #[mock(openai("gpt-4o"), script = [])] server: MockServer,
) {
    let mut openai = Client::new(&server)
        .await
        .header("authorization", "Bearer x");
    let list = openai.get("/v1/models").await.json();
    assert_eq!(
        (&list["object"], &list["data"][0]["id"]),
        (&json!("list"), &json!("gpt-4o"))
    );
    let model = openai.get("/v1/models/gpt-4o").await;
    assert_eq!(model.json()["id"], "gpt-4o");
    let other = openai.get("/v1/models/o3").await;
    assert_eq!((other.status, &other.json()["id"]), (200, &json!("o3")));

    let mut anthropic = Client::new(&server)
        .await
        .header("anthropic-version", "2023-06-01");
    let list = anthropic.get("/v1/models").await.json();
    assert_eq!(
        (&list["has_more"], &list["first_id"]),
        (&json!(false), &json!("gpt-4o"))
    );
    assert_eq!(
        anthropic.get("/v1/models/gpt-4o").await.json()["type"],
        "model"
    );
    let created = &list["data"][0]["created_at"];
    assert_eq!(created, "2023-11-14T22:13:20Z");
    assert!(server.calls().is_empty());
    assert_eq!(server.exchanges().len(), 5);
}
