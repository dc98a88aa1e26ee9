//! A closure that panics, over the wire.

use mock_core::builder::{on, respond_with, when};
use mock_core::{Ending, MockProvider, MockServer, Response, provider_test};

use crate::raw_client::{CHAT, Client, chat, ended, post, raw};

#[provider_test]
async fn a_closure_that_panics_ends_its_connection_and_no_other() {
    let turns = [on(when(|_| panic!("no luck"))).reply("Hi.").times(0..)];
    let server = MockServer::new(MockProvider::script(turns));
    let mut waiting = Client::new(&server).await;
    let mut client = Client::new(&server).await;

    let asked = client.ask("POST", CHAT, chat("a").to_string()).await;

    assert!(asked.is_err());
    assert_eq!(ended(&server).await, Ending::Panicked);
    for client in [&mut waiting, &mut Client::new(&server).await] {
        assert_eq!(client.get("/v1/models").await.status, 200);
    }
    assert!(server.verify().is_err());
    server.reset();
}

#[tokio::test]
async fn the_exchange_of_a_closure_that_panics_is_that_of_its_call() {
    let turn = respond_with(|_| -> Response { panic!("on purpose") });
    let server = MockServer::new(MockProvider::script([turn]));
    let answer = raw(&server, &post(CHAT, &chat("a")))
        .await
        .unwrap_or_default();
    assert_eq!(answer, "");
    server.wait_for_exchanges(1).await;
    let exchanges = server.exchanges();
    assert_eq!(exchanges[0].call(), Some(1));
    assert_eq!(exchanges[0].ending(), Some(Ending::Panicked));
    let _ = server.verify().expect_err("the closure panicked");
}
