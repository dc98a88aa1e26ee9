//! More connections than a server accepts, or than the process may have files. Each test runs in a process of its own.

use std::fs::File;
use std::net::TcpStream;

use mock_core::{Ending, MockServer, provider_test};
use rlimit::{Resource, increase_nofile_limit};
use tests::{this_binary, tries_all};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::yield_now;

use crate::raw_client::{CHAT, Client, chat, post};

/// The most connections of a server at once.
const MOST: usize = 4_096;

/// Runs a test in a process of its own.
fn run_alone(name: &str) {
    let output = this_binary()
        .args(["--exact", "--ignored", "--nocapture", name])
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && printed.contains("1 passed"),
        "{printed}{errors}"
    );
    if let Some(skipped) = errors.lines().find(|line| line.starts_with("skipped")) {
        eprintln!("{name}: {skipped}");
    }
}

/// Waits until something is so.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        yield_now().await;
    }
}

fn turned_away(server: &MockServer) -> usize {
    let exchanges = server.exchanges();
    let endings = exchanges.iter().map(|exchange| exchange.ending());
    endings
        .filter(|ending| *ending == Some(Ending::TooMany))
        .count()
}

#[test]
fn of_5_000_connections_at_once_4_096_are_served_and_the_rest_is_closed() {
    if !tries_all() {
        return eprintln!("skipped: it takes seconds, set `TRY_ALL=1`");
    }
    run_alone("too_many_connections::child_with_5_000_connections");
}

#[provider_test]
#[ignore = "run by the test above, in a process of its own"]
async fn child_with_5_000_connections(#[mock(reply("Hi.").times(4_098))] server: MockServer) {
    let files = increase_nofile_limit(12_000).expect("the limit can be asked for");
    if files < 10_200 {
        return skip(&server, files).await;
    }
    let mut clients = Vec::new();
    for _ in 0..5_000 {
        clients.push(Client::new(&server).await);
    }
    until(|| turned_away(&server) == 5_000 - MOST).await;
    assert_eq!(server.exchanges().len(), 5_000 - MOST);
    let problem = server.exchanges()[0].problem().map(str::to_owned);
    assert_eq!(
        problem.as_deref(),
        Some("there are 4096 connections already")
    );

    for client in &mut clients[MOST..] {
        assert!(client.ask("GET", "/v1/models", "").await.is_err());
    }
    for client in &mut clients[..MOST] {
        assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    }

    // Closed connections make room for others.
    drop(clients.remove(0));
    served(&server).await;
    drop(clients);
    served(&server).await;
}

/// Tries again until there is room.
async fn served(server: &MockServer) {
    loop {
        let mut client = Client::new(server).await;
        if let Ok(reply) = client.ask("POST", CHAT, chat("a").to_string()).await {
            assert_eq!(reply.status, 200);
            break;
        }
    }
}

async fn skip(server: &MockServer, files: u64) {
    eprintln!("skipped: a process may open {files} files here, and this needs 10200");
    for _ in 0..4_098 {
        let asked = server.answer(mock_core::Request::new("m").user("a"));
        assert!(asked.await.is_ok());
    }
}

#[test]
fn a_server_that_may_open_no_more_files_goes_on_when_it_may() {
    run_alone("too_many_connections::child_without_files");
}

#[provider_test]
#[ignore = "run by the test above, in a process of its own"]
async fn child_without_files(#[mock(reply("Hi.").times(4))] server: MockServer) {
    // A client that stays, so that there are connections whose end the server could wait for.
    let mut first = Client::new(&server).await;
    assert_eq!(first.post(CHAT, &chat("a")).await.status, 200);
    let null = || File::open("/dev/null").expect("a file");
    let spare = [null(), null(), null(), null()];
    let (_, hard) = Resource::NOFILE.get().expect("the limit can be asked for");
    Resource::NOFILE.set(100, hard).expect("it can be lowered");

    // Clients open all files that there are, before the server can accept one of them.
    let mut waiting = Vec::new();
    let refused = loop {
        match TcpStream::connect(server.addr()) {
            Ok(client) => waiting.push(client),
            Err(error) => break error,
        }
    };
    assert_eq!(refused.raw_os_error(), Some(24), "{refused}");
    for _ in 0..1_000 {
        yield_now().await;
    }
    assert_eq!(first.post(CHAT, &chat("a")).await.status, 200);

    // Files are free again, without the end of a connection.
    drop(spare);
    let first_to_wait = waiting.remove(0);
    first_to_wait.set_nonblocking(true).expect("it can be so");
    let mut client = tokio::net::TcpStream::from_std(first_to_wait).expect("it is a socket");
    let request = post(CHAT, &chat("a"));
    client.write_all(&request).await.expect("it is sent");
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await.expect("an answer");
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));

    drop((client, waiting));
    let reply = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert_eq!(reply.status, 200);
}
