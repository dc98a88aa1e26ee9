//! Connections on which no request comes, or only a part of one: each ends, is recorded, and the server goes on.

use mock_core::builder::script;
use mock_core::{Allow, Ending, MockProvider, MockServer, provider_test};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, chat, ended, goes_on, half_sent, post, raw};

#[provider_test]
async fn a_connection_without_http_is_closed_and_recorded(
    #[mock(reply("Hi."))] server: MockServer,
) {
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

/// The server runs on its own thread. When the client has its answer, the report knows why.
#[test]
fn a_head_that_cannot_be_read_is_explained_to_the_client_and_in_the_report() {
    use std::io::{Read as _, Write as _};

    let long = format!("POST {CHAT} HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(200_000));
    let many = format!("POST {CHAT} HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101));
    let far = format!("POST /{} HTTP/1.1\r\n\r\n", "a".repeat(65_535));
    let with = |header: &str| format!("POST {CHAT} HTTP/1.1\r\n{header}\r\n\r\n");
    for (head, status, problem) in [
        (
            "\x16\x03\x01\x02\0\x01\0\x01",
            400,
            "it is TLS, which a mock does not speak",
        ),
        (
            "\0\0\r\n\r\n",
            400,
            "its first line does not begin with a method",
        ),
        (
            "GET /\r\n\r\n",
            400,
            "its first line has no path, no version, or a character that a URL does not have",
        ),
        (
            "POST /v1/chat completions HTTP/1.1\r\n\r\n",
            400,
            "a space in the path as `%20`",
        ),
        (
            &with("host mock"),
            400,
            "a line of its head is not a header: write `name: value`",
        ),
        (
            &with("content-length: ten"),
            400,
            "its `content-length` is not one number, or too great",
        ),
        (
            &with("content-length: 99999999999999999999"),
            400,
            "its `content-length` is not one number, or too great",
        ),
        (
            &with("content-length: 18446744073709551615"),
            431,
            "or a `content-length` that is too great",
        ),
        (
            "POST /v1/models/<model> HTTP/1.1\r\n\r\n",
            400,
            "a character that a URL does not have",
        ),
        (
            "POST / HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n",
            400,
            "it is HTTP/1.0, which has no `transfer-encoding`",
        ),
        (
            &with("content-length: 1\r\ncontent-length: 2"),
            400,
            "its `content-length` is not one number",
        ),
        (
            &with("transfer-encoding: gzip"),
            400,
            "its `transfer-encoding` cannot be read",
        ),
        (&far, 414, "its path is longer than 65,534 bytes"),
        (
            &many,
            431,
            "its head has more than 64 KiB, more than 100 headers",
        ),
        (
            &long,
            431,
            "its head has more than 64 KiB, more than 100 headers",
        ),
    ] {
        let mock = MockProvider::script([mock_core::builder::reply("Hi.")]);
        let server = MockServer::new(mock);
        let mut client = std::net::TcpStream::connect(server.addr()).expect("it listens");
        let limit = std::time::Duration::from_secs(10);
        client.set_read_timeout(Some(limit)).expect("it is a time");
        let _ = client.write_all(head.as_bytes());
        let mut answer = Vec::new();
        // The server does not read all of a long head.
        let _ = client.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        let report = server.verify().expect_err("it is no call").to_string();
        let words = report.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains(problem), "{problem}\n{report}");
        assert!(
            words.contains(&format!("was rejected with {status}")),
            "{report}"
        );
        if !answer.is_empty() {
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{answer}"
            );
            assert!(answer.contains(problem), "{problem}\n{answer}");
        }
    }
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
async fn a_connection_that_the_server_breaks_off_is_not_a_request(
    #[mock(reply("Hi."))] server: MockServer,
) {
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
    let allow = Allow::NONE.with_unused_turns();
    let server = MockServer::new(MockProvider::new(script([]).allow(allow)));
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
