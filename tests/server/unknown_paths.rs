//! Paths and methods that the server does not have, and base URLs that are written wrong: the error says what to write.

use mock_core::{Ending, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, chat, ended, goes_on, message, raw};

#[provider_test]
async fn a_wrong_path_or_method_is_the_providers_error(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let reply = client.post("/v1/rerank", &json!({})).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["type"]),
        (404, &json!("invalid_request_error"))
    );
    assert_eq!(reply.json()["error"]["code"], Value::Null);
    let reply = client.get(CHAT).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));

    let mut client = Client::new(&server).await.header("x-api-key", "x");
    let reply = client.post("/v1/complete", &json!({})).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["type"]),
        (404, &json!("not_found_error"))
    );
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_path_that_is_too_long_is_rejected(#[mock(reply("Hi."))] server: MockServer) {
    let head = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(65_535));
    let answer = raw(&server, head.as_bytes()).await.unwrap_or_default();
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
    assert_eq!(ended(&server).await, Ending::NotHttp);
    assert_eq!(server.exchanges()[0].status(), Some(414));
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn the_report_names_a_few_words_that_are_missing(
    #[mock(openai("m"), models = ["m", "gpt-4o"], script = [reply("Hi.").forever()])]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let long = "a".repeat(10_000);
    for (method, path, begins) in [
        ("GET", format!("/{long}"), "there is no GET /aaa"),
        ("POST", format!("/v1/models/{long}"), "/v1/models/aaa"),
        ("GET", format!("/v1/models/{long}"), "The model `aaa"),
        (&long, CHAT.to_owned(), "/v1/chat/completions takes no aaa"),
        (&long, "/a".to_owned(), "there is no aaa"),
    ] {
        let reply = client.ask(method, &path, "").await.expect("an answer");
        let message = reply.json()["error"]["message"].clone();
        let message = message.as_str().expect("it is a text");
        assert!(message.starts_with(begins), "{message}");
        assert!(message.len() < 500, "{message}");
    }
    let answer = raw(
        &server,
        b"CONNECT a:1 HTTP/1.1\r\nconnection: close\r\n\r\n",
    )
    .await;
    let answer = answer.expect("an answer");
    assert!(answer.contains("there is no CONNECT: the"), "{answer}");
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_version_that_is_twice_in_a_path_is_named(#[mock(reply("Hi."))] server: MockServer) {
    for (path, once, version) in [
        ("/v1/v1/responses", "/v1/responses", "/v1"),
        ("/v1/v1/chat/completions", "/v1/chat/completions", "/v1"),
        ("/openai/v1/v1/messages", "/openai/v1/messages", "/v1"),
        (
            "/v1beta/v1beta/interactions",
            "/v1beta/interactions",
            "/v1beta",
        ),
        ("/api/api/chat", "/api/chat", "/api"),
    ] {
        let reply = Client::new(&server).await.post(path, &chat("a")).await;
        assert_eq!(reply.status, 404, "{path}");
        let help = format!("did you mean `{once}`? The base URL already ends with `{version}`");
        assert!(reply.text.contains(&help), "{path}: {}", reply.text);
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_base_url_without_the_version_is_reported(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    for (path, request, remedy) in [
        (
            "/chat/completions",
            chat("a"),
            "the base URL must end in /v1",
        ),
        ("/messages", message("a"), "write /v1/messages"),
    ] {
        let reply = client.post(path, &request).await;
        assert_eq!(reply.status, 404);
        assert!(reply.text.contains(remedy), "{}", reply.text);
    }
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_client_of_a_websocket_is_told_to_use_http(#[mock(reply("Hi."))] server: MockServer) {
    for path in ["/v1/responses", "/v1/realtime?model=gpt-realtime"] {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: mock\r\nconnection: keep-alive, Upgrade\r\nupgrade: WebSocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\nGET / HTTP/1.1\r\nconnection: close\r\n\r\n"
        );
        let answer = raw(&server, request.as_bytes()).await;
        let answer = answer.expect("the server answers");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        let says =
            "was requested as a WebSocket, which a mock does not support: let the client use HTTP";
        assert!(answer.contains(says), "{answer}");
    }
    assert!(goes_on(&server).await);
}

/// Of a path that is almost one, the report and the client say which.
#[provider_test]
async fn a_path_that_is_almost_one_is_reported_with_the_right_one(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let chat_of = |model: &str| format!("/v1beta/models/{model}:generateContent");
    for (path, meant) in [
        ("/v1/chat/completions/", CHAT),
        ("//v1/chat//completions", CHAT),
        ("/v1/Chat/Completions", CHAT),
        ("/v1/chat%2Fcompletions", CHAT),
        ("/v2/chat/completions", CHAT),
        ("/v1/chat", CHAT),
        ("/v1/completions", CHAT),
        ("/v1/chat/completion", CHAT),
        ("/proxy/llm/v1/chat/completions", CHAT),
        (
            "/openai/deployments//chat/completions",
            "/openai/v1/chat/completions",
        ),
        // Azure has this path for older clients, with a version in the query.
        ("/openai/responses", "/openai/v1/responses"),
        ("/openai/chat/completions", "/openai/v1/chat/completions"),
        ("/v1/response", "/v1/responses"),
        ("/v1/embedding", "/v1/embeddings"),
        ("/v1/messages/", "/v1/messages"),
        ("/v1/message", "/v1/messages"),
        ("/anthropic/v1/messages", "/v1/messages"),
        ("/v1/messages/count-tokens", "/v1/messages/count_tokens"),
        ("/api/chats", "/api/chat"),
        ("/api/chat/", "/api/chat"),
        ("/ollama/api/chat", "/api/chat"),
        ("/v1beta/interaction", "/v1beta/interactions"),
        ("/v1beta/g:generateContent", &chat_of("g")),
        ("/models/g:generateContent", &chat_of("g")),
        ("/v1beta/models/g%3AgenerateContent", &chat_of("g")),
        ("/v1beta/models/g:generate", &chat_of("g")),
        ("/v1beta/models/g:generatecontent", &chat_of("g")),
        ("/v1beta/tunedModels/g:generateContent", &chat_of("g")),
    ] {
        let reply = Client::new(&server).await.post(path, &chat("a")).await;
        let help = format!("there is no {path}; did you mean `{meant}`?");
        assert!(reply.text.contains(&help), "{path}: {}", reply.text);
    }
    for path in [
        "/",
        "/v1",
        "/api",
        "/v1/",
        "/v1/rerank",
        "/v1/images/generations",
        "/v1/files",
        "/chat",
        "/api/pull",
        "/v1beta/models/:generateContent",
        "/v1beta/models/g:predict",
    ] {
        let reply = Client::new(&server).await.post(path, &chat("a")).await;
        assert_eq!(reply.status, 404, "{path}: {}", reply.text);
        let list = format!("there is no POST {path}: the mock serves");
        assert!(reply.text.contains(&list), "{path}: {}", reply.text);
    }
    assert!(goes_on(&server).await);
}
