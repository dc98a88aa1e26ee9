//! Bad input: the provider's own error, or a closed connection, and a server that goes on.

use mock_core::builder::{on, user};
use mock_core::{Ending, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{
    CHAT, Client, MESSAGES, chat, ended, goes_on, message, ms, post, raw, wires,
};

#[provider_test]
async fn a_request_that_the_provider_refuses_is_refused(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let said = json!({ "role": "user", "content": "a" });
    for (path, body, problem) in [
        (
            CHAT,
            json!({ "model": "m", "messages": [] }),
            "`messages` is empty",
        ),
        (CHAT, json!({ "messages": [said] }), "name a model"),
        (
            CHAT,
            json!({ "model": "m", "messages": [{ "role": "owner", "content": "a" }] }),
            "`owner`",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "messages": [said] }),
            "max_tokens: Field required",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "max_tokens": 1, "messages": [] }),
            "at least one message",
        ),
    ] {
        let reply = client.post(path, &body).await;
        let message = reply.json()["error"]["message"].take();
        let message = message.as_str().expect("a text");
        assert_eq!(reply.status, 400, "{body}");
        assert!(message.contains(problem), "{message}");
        let exchange = &server.exchanges()[server.exchanges().len() - 1];
        assert_eq!((exchange.call(), exchange.problem()), (None, Some(message)));
    }
    assert!(server.calls().is_empty());
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn a_refused_request_is_in_the_report_with_its_time() {
    let turn = on(user("weather")).reply("Sunny.").times(0..);
    let server = MockServer::new(MockProvider::script([turn]));
    let mut client = Client::new(&server).await;
    tokio::time::sleep(ms(1_500)).await;
    client.post(CHAT, &json!({})).await;
    client.post(CHAT, &chat("news")).await;
    let report = server.verify().expect_err("it is a mismatch").to_string();
    let line =
        "request at 1.5s: POST /v1/chat/completions -> 400: you must provide a model parameter";
    assert!(report.contains(line), "{report}");
    server.reset();
}

#[provider_test]
async fn a_lenient_server_refuses_only_what_it_cannot_read(
    #[mock(reply("Hi."))] server: MockServer,
) {
    server.lenient();
    let mut client = Client::new(&server).await;
    let mut request = message("a");
    request
        .as_object_mut()
        .expect("an object")
        .remove("max_tokens");
    assert_eq!(client.post(MESSAGES, &request).await.status, 200);
    let could_be_read = request.clone();
    request["messages"] = json!(4);
    assert_eq!(client.post(MESSAGES, &request).await.status, 400);
    server.strict();
    assert_eq!(client.post(MESSAGES, &could_be_read).await.status, 400);
}

#[provider_test]
async fn a_key_is_asked_for_where_one_is_required(
    #[mock(reply("Hi.").times(7))] server: MockServer,
) {
    assert!(goes_on(&server).await, "without a key");
    server.require_key("right");
    for (path, request) in wires("a") {
        for (name, value) in [
            ("authorization", "Bearer wrong"),
            ("authorization", "Basic right"),
            ("authorization", "right"),
            ("x-api-key", "righ"),
            ("x-api-key", "wrong"),
            ("x-none", ""),
        ] {
            let mut client = Client::new(&server).await.header(name, value);
            assert_eq!(
                client.post(path, &request).await.status,
                401,
                "{name}: {value}"
            );
        }
    }
    // Each provider looks at its own header.
    for (path, request, name, status) in [
        (CHAT, chat("a"), "x-api-key", 401),
        (CHAT, chat("a"), "api-key", 200),
        (MESSAGES, message("a"), "api-key", 401),
        (MESSAGES, message("a"), "x-api-key", 200),
    ] {
        let mut client = Client::new(&server).await.header(name, "right");
        let reply = client.post(path, &request).await;
        assert_eq!(reply.status, status, "{path} {name}");
    }
    for (path, request) in wires("a") {
        let client = Client::new(&server).await;
        let mut client = client.header("authorization", "bearer  right");
        assert_eq!(client.post(path, &request).await.status, 200, "{path}");
    }
    server.require_key("new");
    let mut client = Client::new(&server)
        .await
        .header("authorization", "Bearer right");
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 401);
    server.accept_any_key();
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    assert!(goes_on(&server).await, "without a key");
}

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
async fn a_body_that_is_no_json_is_refused(#[mock(reply("Hi."))] server: MockServer) {
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
async fn a_body_over_the_limit_is_refused(#[mock(reply("Hi."))] server: MockServer) {
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
async fn a_path_that_is_too_long_is_refused(#[mock(reply("Hi."))] server: MockServer) {
    let head = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(65_535));
    let answer = raw(&server, head.as_bytes()).await.unwrap_or_default();
    assert!(answer.starts_with("HTTP/1.1 414 "), "{answer}");
    assert_eq!(ended(&server).await, Ending::NotHttp);
    assert_eq!(server.exchanges()[0].status(), Some(414));
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn of_what_is_not_there_a_few_words_are_told(
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
async fn a_base_url_without_the_version_is_told(#[mock(reply("Hi."))] server: MockServer) {
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
async fn a_body_in_chunks_of_no_length_is_told_with_what_is_wrong(
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
    // Three headers are in each request.
    for (request, status) in [
        (with("x: y\r\n".repeat(97), chat("a")), "200"),
        (with("x: y\r\n".repeat(98), chat("a")), "431"),
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
        // What is refused may be reset before all of it was sent.
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
