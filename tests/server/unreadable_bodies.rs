//! Bodies of requests that are not JSON, or do not arrive completely.

use mock_core::{Ending, MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, goes_on, raw};

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

#[provider_test]
async fn a_body_in_chunks_without_a_length_is_reported_with_the_mistake(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let request = format!("POST {CHAT} HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nlong\r\n");
    let answer = raw(&server, request.as_bytes()).await.unwrap_or_default();
    assert_eq!(answer, "");
    let exchanges = server.exchanges();
    assert_eq!(exchanges.len(), 1);
    assert_eq!(exchanges[0].ending(), Some(Ending::Incomplete));
    let problem = exchanges[0].problem().expect("a problem");
    assert!(
        problem.contains("did not come whole: ") && problem.contains("chunk size"),
        "{problem}"
    );
    assert!(goes_on(&server).await);
}
