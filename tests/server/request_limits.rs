//! The limits of a request: the length of its body (413), its headers (431), and how deep its JSON is.

use mock_core::{MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, goes_on, post, raw};

#[provider_test]
async fn a_body_over_the_limit_is_rejected(#[mock(reply("Hi."))] server: MockServer) {
    server.max_body(1_000);
    for (path, kind) in [
        (CHAT, "invalid_request_error"),
        (MESSAGES, "request_too_large"),
    ] {
        let mut client = Client::new(&server).await;
        let reply = client
            .post(path, &json!({ "model": "m".repeat(1_000) }))
            .await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["type"]),
            (413, &json!(kind))
        );
        assert!(reply.text.contains("1000 bytes"));
        // The length need not be said before.
        let chunked = format!(
            "POST {path} HTTP/1.1\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n800\r\n{}\r\n0\r\n\r\n",
            "m".repeat(0x800)
        );
        let reply = raw(&server, chunked.as_bytes()).await.expect("an answer");
        assert!(reply.starts_with("HTTP/1.1 413 "), "{reply}");
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_body_as_long_as_the_limit_is_read(#[mock(reply("Hi."))] server: MockServer) {
    let body = chat("a").to_string();
    let mut client = Client::new(&server).await;
    for (limit, status) in [(body.len() - 1, 413), (body.len(), 200)] {
        server.max_body(limit);
        let reply = client.ask("POST", CHAT, body.clone()).await;
        assert_eq!(reply.expect("an answer").status, status, "{limit} bytes");
    }
}

#[provider_test]
async fn a_body_is_at_most_32_mib_unless_the_server_says_otherwise(
    #[mock(reply("Hi."))] server: MockServer,
) {
    for (more, status) in [(0, 400), (1, 413)] {
        let body = vec![b' '; 32 * 1024 * 1024 + more];
        let reply = Client::new(&server).await.ask("POST", CHAT, body).await;
        assert_eq!(reply.expect("an answer").status, status);
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_client_that_sends_all_before_it_reads_hears_that_it_was_too_much(
    #[mock(reply("Hi."))] server: MockServer,
) {
    server.max_body(1_000);
    let body = json!({ "model": "m".repeat(8_000_000) });
    let answer = raw(&server, &post(CHAT, &body)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn the_limits_are_where_the_documents_say(#[mock(reply("Hi.").times(3))] server: MockServer) {
    let with = |headers: String, body: Value| {
        let request = String::from_utf8(post(CHAT, &body)).expect("text");
        request.replacen("\r\n", &format!("\r\n{headers}"), 1)
    };
    let nested = |depth: usize| {
        let mut request = chat("a");
        // Within the object that the body is.
        let array = (1..depth).fold(json!(1), |inner, _| json!([inner]));
        request["extra"] = array;
        request
    };
    // Four headers are in each request.
    for (request, status) in [
        (with("x: y\r\n".repeat(96), chat("a")), "200"),
        (with("x: y\r\n".repeat(97), chat("a")), "431"),
        (
            with(format!("x: {}\r\n", "x".repeat(63 * 1024)), chat("a")),
            "200",
        ),
        (
            with(format!("x: {}\r\n", "x".repeat(128 * 1024)), chat("a")),
            "431",
        ),
        (with(String::new(), nested(127)), "200"),
        (with(String::new(), nested(128)), "400"),
    ] {
        let answer = raw(&server, request.as_bytes()).await;
        // The server may reset the connection before the whole rejected request was sent.
        if let (Err(_), "431") = (&answer, status) {
            continue;
        }
        let answer = answer.expect("an answer");
        let length = request.len();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{length} bytes: {answer}"
        );
    }
}
