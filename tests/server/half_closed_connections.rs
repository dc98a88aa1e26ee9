//! A client that closes its sending half, and still waits for the answer.

use mock_core::builder::reply;
use mock_core::{Ending, MockProvider, MockServer, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, chat, ended, post};

#[provider_test]
async fn a_client_that_says_at_once_that_it_sends_no_more_is_answered(
    #[mock(reply("Hi.").times(50))] server: MockServer,
) {
    for _ in 0..50 {
        let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
        let request = post(CHAT, &chat("a"));
        stream.write_all(&request).await.expect("it is sent");
        stream.shutdown().await.expect("it is open");
        let mut answer = String::new();
        let read = stream.read_to_string(&mut answer).await;
        assert!(
            read.is_ok() && answer.starts_with("HTTP/1.1 200 "),
            "{answer}"
        );
        assert_eq!(ended(&server).await, Ending::Completed);
    }
}

#[test]
fn so_is_one_that_a_server_on_another_thread_serves() {
    use std::io::{Read as _, Write as _};

    let server = MockServer::new(MockProvider::script([reply("Hi.").times(200)]));
    let request = post(CHAT, &chat("a"));
    for _ in 0..200 {
        let mut stream = std::net::TcpStream::connect(server.addr()).expect("it accepts");
        stream.write_all(&request).expect("it is sent");
        stream
            .shutdown(std::net::Shutdown::Write)
            .expect("it is open");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let last = server.exchanges().pop();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}: {last:?}");
    }
}
