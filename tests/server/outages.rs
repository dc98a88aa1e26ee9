//! S30: the answer of the server in an outage.

use mock_core::MockServer;
use mock_core::builder::overloaded;
use mock_core::provider_test;

use crate::raw_client::{CHAT, Client, chat};

#[provider_test]
async fn the_headers_and_the_body_of_an_outage_are_sent(#[mock(reply("Hi."))] server: MockServer) {
    server.outage(overloaded().status(520).body("down"));
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!((reply.status, &*reply.text), (520, "down"));
    server.restore();
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(reply.status, 200);
}
