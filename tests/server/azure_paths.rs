//! Azure's paths and keys.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{Client, chat, without};

const AZURE: &str = "/openai/deployments/my-gpt/chat/completions";

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
async fn an_old_version_of_azure_has_no_json_schemas(
    #[mock(azure, reply("Hi.").times(0..))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut request = chat("a");
    request["response_format"] = json!({
        "type": "json_schema", "json_schema": { "name": "answer", "schema": { "type": "object" } },
    });
    for (version, expected) in [
        ("2023-05-15", 400),
        ("2024-03-01-preview", 400),
        ("2024-07-01-preview", 400),
        ("2024-08-01-preview", 200),
        ("2024-10-21", 200),
        ("2025-04-01-preview", 200),
        ("preview", 200),
        ("1", 200),
    ] {
        let path = format!("{AZURE}?a=b&api-version={version}");
        let reply = client.post(&path, &request).await;
        assert_eq!(reply.status, expected, "{version}");
        if expected == 400 {
            let error = &reply.json()["error"];
            assert_eq!(error["code"], "BadRequest");
            let message = error["message"].as_str().expect("a text");
            let words = "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later";
            assert!(message.starts_with(words), "{message}");
        }
        // Without a schema, and on a path without versions, any of them is accepted.
        assert_eq!(client.post(&path, &chat("a")).await.status, 200);
        let path = format!("/v1/chat/completions?api-version={version}");
        assert_eq!(client.post(&path, &request).await.status, 200);
    }
    server.lenient();
    let path = format!("{AZURE}?api-version=2023-05-15");
    assert_eq!(client.post(&path, &request).await.status, 200);
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
