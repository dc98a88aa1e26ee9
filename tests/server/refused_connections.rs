//! `refuse_connections`: a server that nobody can reach for a while.

use std::io::ErrorKind;

use mock_core::{MockServer, provider_test};

use crate::raw_client::{CHAT, Client, chat};

#[provider_test]
async fn connections_are_refused_until_they_are_accepted_again(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    client.post(CHAT, &chat("a")).await;

    server.refuse_connections();
    server.refuse_connections();
    let refused = Client::to(server.addr())
        .await
        .err()
        .map(|error| error.kind());
    assert_eq!(refused, Some(ErrorKind::ConnectionRefused));
    assert!(
        client
            .ask("POST", CHAT, chat("a").to_string())
            .await
            .is_err()
    );

    server.accept_connections();
    server.accept_connections();
    assert_eq!(
        Client::new(&server)
            .await
            .post(CHAT, &chat("a"))
            .await
            .status,
        200
    );
    assert_eq!(server.exchanges().len(), 2);
}
