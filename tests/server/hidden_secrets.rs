//! Keys in the path or the query of a request are hidden in its exchange and in reports.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message};

#[provider_test]
async fn the_query_is_recorded_without_keys(#[mock(reply("Hi."))] server: MockServer) {
    let path = "/v1/messages?beta=true&key=sk-secret";
    Client::new(&server).await.post(path, &message("a")).await;
    let exchanges = server.exchanges();
    let shown = "/v1/messages?beta=true&key=[redacted]";
    assert_eq!(exchanges[0].path(), shown);
}

#[provider_test]
async fn a_key_in_the_path_is_not_in_the_problem(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    client.post("/v1/sk-secret", &json!({})).await;
    let exchanges = server.exchanges();
    let problem = exchanges[0].problem().expect("there is no such path");
    assert!(problem.contains("POST /v1/[redacted]: "), "{problem}");
    client.post(CHAT, &chat("a")).await;
}

#[provider_test]
async fn keys_in_a_query_are_not_shown(#[mock(reply("Hi.").times(0..))] server: MockServer) {
    let names = [
        "api_key",
        "apikey",
        "api-key",
        "access_token",
        "token",
        "key",
        "auth",
    ];
    let query: Vec<_> = names
        .iter()
        .map(|name| format!("{name}=0a1b2c3d"))
        .collect();
    let path = format!("{MESSAGES}?{}&beta=true", query.join("&"));
    let mut client = Client::new(&server).await;
    let reply = client.ask("POST", &path, "{}").await.expect("an answer");
    assert_eq!(reply.status, 400);

    let exchanges = server.exchanges();
    assert!(
        !exchanges[0].path().contains("0a1b2c3d"),
        "{:?}",
        exchanges[0]
    );
    assert!(
        exchanges[0]
            .path()
            .ends_with("&key=[redacted]&auth=[redacted]&beta=true")
    );
    assert!(!format!("{:?}", exchanges[0]).contains("0a1b2c3d"));
}
