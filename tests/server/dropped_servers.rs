//! What ends when the last handle of a server is dropped: its mock is verified, and its port, connections and tasks are gone.

use std::io::Read as _;
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mock_core::builder::{self};
use mock_core::{Ending, MockProvider, MockServer, Outcome, provider_test};

use crate::raw_client::{CHAT, Client, Reply, chat, post, raw};

#[tokio::test]
async fn a_server_goes_on_when_the_last_other_handle_of_its_mock_is_dropped() {
    let mock = MockProvider::script([builder::reply("One."), builder::reply("Two.")]);
    let another = mock.clone();
    let server = MockServer::new(mock.clone());
    let mut client = Client::new(&server).await;
    let before = client.post(CHAT, &chat("a")).await;

    // To verify the mock now would panic: a turn is left.
    drop(mock);
    drop(another);

    let after = client.post(CHAT, &chat("b")).await;
    let text = |reply: &Reply| reply.json()["choices"][0]["message"]["content"].take();
    assert_eq!([text(&before), text(&after)], ["One.", "Two."]);
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn the_last_handle_of_a_server_verifies_its_mock() {
    let server = MockServer::new(MockProvider::script([builder::reply("Hi.")]));
    let other = server.clone();
    drop(server);
    let panic = catch_unwind(AssertUnwindSafe(|| drop(other))).expect_err("a turn is left");
    let report = panic.downcast::<String>().expect("a report");
    assert!(report.contains("turn 1 was never used"), "{report}");
}

#[provider_test]
async fn a_server_that_is_dropped_frees_its_port_and_records_what_went_on() {
    let mock = MockProvider::script([builder::hang()]);
    let server = MockServer::new(mock.handle());
    let (address, first) = (server.addr(), server.clone());
    let mut client = Client::new(&server).await;
    let asked = tokio::spawn(async move { client.ask("POST", CHAT, chat("a").to_string()).await });
    server.wait_for_calls(1).await;
    let exchanges = server.exchanges();

    drop(first);
    drop(server);

    assert!(std::net::TcpListener::bind(address).is_ok(), "at once");
    assert!(asked.await.expect("no panic").is_err());
    assert_eq!(exchanges[0].ending(), Some(Ending::Stopped));
    assert_eq!(mock.calls()[0].outcome(), Some(&Outcome::Cancelled));
}

#[provider_test]
async fn a_server_that_is_dropped_closes_its_connections_at_once() {
    let server = MockServer::new(MockProvider::script([builder::reply("Hi.")]));
    let mut client = TcpStream::connect(server.addr()).expect("it listens");
    Client::new(&server).await.post(CHAT, &chat("a")).await;
    client.set_nonblocking(true).expect("it is open");

    drop(server);

    // Nothing else runs on this runtime before.
    let read = client.read(&mut [0; 1]).map_err(|error| error.kind());
    assert_eq!(read, Ok(0));
}

#[provider_test]
async fn a_server_that_is_dropped_leaves_no_task_behind() {
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    let server = MockServer::new(MockProvider::script([builder::reply("Hi.")]));
    let request = post(CHAT, &chat("a"));
    assert!(raw(&server, &request).await.is_ok());
    assert!(tasks() > before);

    drop(server);

    while tasks() > before {
        tokio::task::yield_now().await;
    }
}
