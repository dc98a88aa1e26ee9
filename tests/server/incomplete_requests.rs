//! Connections on which no request comes, or only a part of one: each ends, is recorded, and the server goes on.

use mock_core::{Ending, MockProvider, MockServer, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, chat, ended, goes_on, half_sent, post, raw};

#[provider_test]
async fn what_is_no_http_is_closed_and_recorded(#[mock(reply("Hi."))] server: MockServer) {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01"[..],
        b"hello\r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
    ] {
        let answer = raw(&server, bytes).await.unwrap_or_default();
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
            "{answer}"
        );
        assert_eq!(ended(&server).await, Ending::NotHttp);
        let exchanges = server.exchanges();
        let last = exchanges.last().expect("it is recorded");
        assert_eq!(last.status(), Some(400));
        assert_eq!((last.method(), last.path(), last.call()), ("", "", None));
        let is_tls = bytes[0] == 22;
        assert!(
            last.problem()
                .is_some_and(|told| told.contains("http://") == is_tls)
        );
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn endless_headers_are_cut_off(#[mock(reply("Hi."))] server: MockServer) {
    let long = format!("POST {CHAT} HTTP/1.1\r\nx: {}", "x".repeat(200_000));
    let many = format!("POST {CHAT} HTTP/1.1\r\n{}", "x: y\r\n".repeat(5_000));
    for head in [long, many] {
        let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
        // The server may close before all is written.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
            "{answer}"
        );
        assert_eq!(ended(&server).await, Ending::NotHttp);
        assert_eq!(
            server.exchanges().last().and_then(|last| last.status()),
            Some(431)
        );
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_request_that_breaks_off_claims_no_turn(#[mock(reply("Hi."))] server: MockServer) {
    let whole = post(CHAT, &chat("a"));
    for (length, method) in [(10, ""), (whole.len() - 1, "POST")] {
        let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
        stream
            .write_all(&whole[..length])
            .await
            .expect("it is sent");
        drop(stream);
        while server
            .exchanges()
            .last()
            .is_none_or(|last| last.method() != method)
        {
            tokio::task::yield_now().await;
        }
        assert_eq!(ended(&server).await, Ending::Incomplete);
        let exchanges = server.exchanges();
        let problem = exchanges.last().and_then(|last| last.problem());
        assert!(
            problem.is_some_and(|problem| problem.contains("did not come whole")),
            "{problem:?}"
        );
    }
    assert_eq!(server.exchanges().len(), 2);
    assert!(server.calls().is_empty());
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_head_that_is_reset_is_incomplete_and_a_rest_is_not(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    for (begin, exchanges, ending) in [
        ("POST /v1/", 1, Ending::Incomplete),
        ("", 0, Ending::Completed),
    ] {
        let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
        let kept = String::from_utf8(post(CHAT, &chat("a"))).expect("text");
        let kept = kept.replace("connection: close\r\n", "");
        stream.write_all(kept.as_bytes()).await.expect("it is sent");
        assert_ne!(stream.read(&mut [0; 4_096]).await.expect("an answer"), 0);
        let before = server.exchanges().len();
        stream
            .write_all(begin.as_bytes())
            .await
            .expect("it is sent");
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        stream.set_zero_linger().expect("it is open");
        drop(stream);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let all = server.exchanges();
        assert_eq!(all.len() - before, exchanges);
        assert_eq!(all.last().and_then(|last| last.ending()), Some(ending));
    }
}

#[provider_test]
async fn a_body_that_is_too_long_and_breaks_off_is_incomplete(
    #[mock(reply("Hi."))] server: MockServer,
) {
    server.max_body(77);
    let whole = post(CHAT, &chat(&"a".repeat(10_000)));
    let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
    stream.write_all(&whole[..500]).await.expect("it is sent");
    drop(stream);
    while server.exchanges().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(ended(&server).await, Ending::Incomplete);
    server.max_body(10_000);
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn what_the_server_itself_breaks_off_is_no_request(#[mock(reply("Hi."))] server: MockServer) {
    let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
    assert!(goes_on(&server).await);
    stream.write_all(b"POST /v1/").await.expect("it is sent");
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    server.close_idle_connections();
    assert_eq!(stream.read(&mut [0; 1]).await.ok(), Some(0));
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.exchanges().len(), 1);
}

#[provider_test]
async fn a_request_that_is_on_its_way_when_the_server_is_dropped_is_incomplete() {
    let server = MockServer::new(MockProvider::script([]));
    let (_stream, exchange) = half_sent(&server).await;

    drop(server);

    while exchange.ending().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(exchange.ending(), Some(Ending::Incomplete));
    let problem = exchange.problem().expect("it became no call");
    assert!(
        problem.starts_with("its body did not come whole"),
        "{problem}"
    );
}
