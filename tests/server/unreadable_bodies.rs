//! Bodies of requests that are not JSON, or do not arrive completely.

use mock_core::{Ending, MockServer, provider_test};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::raw_client::{CHAT, Client, chat, goes_on, raw};

#[provider_test]
async fn a_body_that_is_not_json_is_rejected(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        &b""[..],
        b"{\"model\":",
        b"\xff\xfe",
        b"{\"model\": \"\xff\"}",
        deep.as_bytes(),
    ] {
        let reply = client
            .ask("POST", CHAT, body.to_vec())
            .await
            .expect("an answer");
        assert_eq!(
            (reply.status, &reply.json()["error"]["param"]),
            (400, &json!("body"))
        );
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_request_without_a_content_length_is_rejected_for_that(
    #[mock(reply("Hi."))] server: MockServer,
) {
    for path in [CHAT, "/v1/messages", "/v1/responses", "/v1/embeddings"] {
        let request = format!("POST {path} HTTP/1.1\r\nconnection: close\r\n\r\n{{}}");
        let answer = raw(&server, request.as_bytes()).await;
        let answer = answer.expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let says =
            "the request has no body: send one, with its length in bytes as `content-length`";
        assert!(answer.contains(says), "{answer}");
    }
    assert!(goes_on(&server).await);
}

/// The client is still there, so it gets an answer, on each wire.
#[provider_test]
async fn chunks_that_cannot_be_read_are_rejected_with_the_mistake(
    #[mock(reply("Hi."))] server: MockServer,
) {
    for (chunks, mistake) in [
        ("long\r\n", "Invalid chunk size line"),
        ("-2\r\n{}\r\n0\r\n\r\n", "Invalid chunk size line"),
        ("fffffffffffffffff\r\n", "invalid chunk size: overflow"),
        ("2\n{}\n0\n\n", "chunk size"),
        ("2\r\n{} \r\n0\r\n\r\n", "Invalid chunk body CR"),
        (
            &format!("2;{}\r\n", "a".repeat(20_000)),
            "chunk extensions over limit",
        ),
        (
            &format!("0\r\n{}", "a: b\r\n".repeat(5_000)),
            "chunk trailers",
        ),
    ] {
        for path in [CHAT, "/v1/messages", "/nowhere"] {
            let before = server.exchanges().len();
            let request =
                format!("POST {path} HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
            let mut client = TcpStream::connect(server.addr()).await.expect("it accepts");
            client
                .write_all(request.as_bytes())
                .await
                .expect("it is sent");
            let mut answer = Vec::new();
            // The server closes the connection before it has read everything.
            let _ = client.read_to_end(&mut answer).await;
            let answer = String::from_utf8(answer).expect("text");
            assert!(
                answer.starts_with("HTTP/1.1 400 "),
                "{chunks:.20}: {answer}"
            );
            let body = answer.split("\r\n\r\n").nth(1).expect("a body");
            let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
            let message = body["error"]["message"].as_str().expect("a message");
            assert!(
                message.contains("did not come whole: ") && message.contains(mistake),
                "{chunks:.20}: {message}"
            );
            let exchanges = server.exchanges();
            assert_eq!(exchanges.len(), before + 1);
            assert_eq!(exchanges[before].ending(), Some(Ending::Completed));
            assert_eq!(exchanges[before].problem(), Some(message));
        }
    }
    assert!(goes_on(&server).await);
}

/// RFC 9112, 6.1: a server answers a coding that it does not read with 501.
#[provider_test]
async fn a_transfer_coding_other_than_chunked_is_rejected_by_its_name(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let body = chat("a").to_string();
    let post = async |path: &str, headers: &str| {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-type: application/json\r\n{headers}\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
        );
        raw(&server, request.as_bytes()).await.expect("an answer")
    };
    for (headers, coding) in [
        ("transfer-encoding: gzip, chunked\r\n", "gzip"),
        ("transfer-encoding: Deflate,chunked\r\n", "Deflate"),
        ("transfer-encoding: chunked, chunked\r\n", "chunked"),
        (
            "transfer-encoding: br\r\ntransfer-encoding: chunked\r\n",
            "br",
        ),
    ] {
        for path in [CHAT, "/v1/messages", "/v1/models"] {
            let answer = post(path, headers).await;
            assert!(answer.starts_with("HTTP/1.1 501 "), "{headers}: {answer}");
            let named = format!("`transfer-encoding: {coding}`");
            assert!(answer.contains(&named), "{headers}: {answer}");
        }
    }
    for headers in [
        "transfer-encoding: CHUNKED\r\n",
        "transfer-encoding: , chunked\r\n",
    ] {
        let answer = post(CHAT, headers).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{headers}: {answer}");
    }
}
