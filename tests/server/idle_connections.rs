//! `close_idle_connections`: the server closes connections on which it answers no request.

use mock_core::{MockServer, provider_test};

use crate::raw_client::{CHAT, Client, chat, ms};

#[provider_test]
async fn an_idle_connection_is_closed_without_a_word(
    #[mock(reply("Hi.").times(2), hang())] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    assert_eq!(
        client.post(CHAT, &chat("a")).await.header("connection"),
        None
    );
    server.close_idle_connections();
    assert!(
        client
            .ask("POST", CHAT, chat("a").to_string())
            .await
            .is_err()
    );

    let mut clients = [Client::new(&server).await, Client::new(&server).await];
    for client in &mut clients {
        assert_eq!(client.get("/v1/models").await.status, 200);
    }
    server.close_idle_connections();
    for client in &mut clients {
        assert!(client.ask("GET", "/v1/models", "").await.is_err());
    }

    let mut client = Client::new(&server).await;
    client.post(CHAT, &chat("a")).await;
    let asked = tokio::spawn(async move { client.ask("POST", CHAT, chat("a").to_string()).await });
    server.wait_for_calls(3).await;
    server.close_idle_connections();
    tokio::time::sleep(ms(100)).await;
    assert!(!asked.is_finished(), "something goes on on it");
    asked.abort();
}
