//! Several connections at once: all are served, and a client that never reads blocks no other.

use mock_core::{Ending, MockServer, provider_test};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, Client, chat, goes_on, post, streamed};

#[provider_test]
async fn a_client_that_never_reads_does_not_block_other_clients(
    #[mock(on(user("long")).reply("word ".repeat(2_000_000)), reply("Hi."))] server: MockServer,
) {
    let mut lazy = TcpStream::connect(server.addr()).await.expect("it accepts");
    let request = post(CHAT, &streamed(chat("long")));
    lazy.write_all(&request).await.expect("it is sent");
    server.wait_for_calls(1).await;
    assert!(goes_on(&server).await);
    assert_eq!(server.exchanges()[0].ending(), None);
    drop(lazy);
    while server.exchanges()[0].ending().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.exchanges()[0].ending(), Some(Ending::ClientClosed));
}

#[provider_test]
async fn many_connections_at_once_are_all_served(
    #[mock(reply("Hi.").times(1_001))] server: MockServer,
) {
    let mut clients = Vec::new();
    for _ in 0..1_000 {
        clients.push(Client::new(&server).await);
    }
    for client in &mut clients {
        assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    }
    drop(clients);
    assert!(goes_on(&server).await);
}
