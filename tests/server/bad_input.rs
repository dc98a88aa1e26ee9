//! What is no good: the provider's own error, or a closed connection, and a server that goes on.

use mock_core::builder::{on, user};
use mock_core::{Ending, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{CHAT, Client, MESSAGES, chat, ended, message, ms, post, raw, streamed, wires};

/// Whether the server still answers.
async fn goes_on(server: &MockServer) -> bool {
    let reply = Client::new(server).await.post(CHAT, &chat("a")).await;
    reply.status == 200
}

#[provider_test]
async fn a_request_that_the_provider_refuses_is_refused(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let unanswered = json!({ "role": "assistant", "tool_calls": [
        { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{}" } },
    ] });
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
            CHAT,
            json!({ "model": "m", "messages": [said, unanswered] }),
            "`call_1`",
        ),
        (
            CHAT,
            json!({ "model": "m", "messages": [said, { "role": "tool", "tool_call_id": "call_2", "content": "" }] }),
            "`call_2`",
        ),
        (
            MESSAGES,
            json!({ "model": "m", "messages": [said] }),
            "max_tokens: field required",
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
    let line = "request at 1.5s: POST /v1/chat/completions -> 400: name a model";
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
    request["messages"] = json!(4);
    assert_eq!(client.post(MESSAGES, &request).await.status, 400);
}

#[provider_test]
async fn a_key_is_asked_for_where_one_is_required(
    #[mock(reply("Hi.").times(5))] server: MockServer,
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
}

#[provider_test]
async fn a_wrong_path_or_method_is_the_providers_error(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    let reply = client.post("/v1/embeddings", &json!({})).await;
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
    #[mock(openai("m"), script = [reply("Hi.").forever()])] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let long = "a".repeat(10_000);
    for (method, path, begins) in [
        ("GET", format!("/{long}"), "there is no GET /aaa"),
        ("POST", format!("/v1/models/{long}"), "/v1/models/aaa"),
        (
            "GET",
            format!("/v1/models/{long}"),
            "there is no model `aaa",
        ),
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
async fn a_base_url_without_the_version_is_told(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    for (path, request, remedy) in [
        ("/chat/completions", chat("a"), "the base URL ends in /v1"),
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
    let problem = exchanges[0].problem().expect("it is told");
    assert!(
        problem.contains("did not come whole: ") && problem.contains("chunk size"),
        "{problem}"
    );
    assert!(goes_on(&server).await);
}

#[provider_test]
async fn what_a_mock_cannot_do_is_refused(#[mock(reply("Hi."))] server: MockServer) {
    let mut client = Client::new(&server).await;
    for (name, value) in [("n", json!(2)), ("stream", json!("yes"))] {
        let mut request = chat("a");
        request[name] = value;
        let reply = client.post(CHAT, &request).await;
        assert_eq!(
            (reply.status, &reply.json()["error"]["param"]),
            (400, &json!(name))
        );
    }
    let mut request = chat("a");
    request["n"] = json!(1);
    assert_eq!(client.post(CHAT, &request).await.status, 200);
}

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
async fn a_client_that_never_reads_stops_nobody(
    #[mock(on(user("long")).reply("word ".repeat(2_000_000)), reply("Hi."))] server: MockServer,
) {
    let mut lazy = TcpStream::connect(server.addr()).await.expect("it accepts");
    let request = post(CHAT, &streamed(chat("long")));
    lazy.write_all(&request).await.expect("it is sent");
    server.called(1).await;
    assert!(goes_on(&server).await);
    assert_eq!(server.exchanges()[0].ending(), None);
    drop(lazy);
    while server.exchanges()[0].ending().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.exchanges()[0].ending(), Some(Ending::ClientClosed));
}

#[provider_test]
async fn requests_in_a_row_on_one_connection_are_each_answered(
    #[mock(reply("Hi.").times(2))] server: MockServer,
) {
    let mut bytes = String::from_utf8(post(CHAT, &chat("a"))).expect("text");
    bytes = bytes.replace("connection: close\r\n", "");
    bytes.push_str(&String::from_utf8(post(MESSAGES, &message("b"))).expect("text"));
    let answers = raw(&server, bytes.as_bytes()).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2);
    let bodies: Vec<Value> = answers
        .lines()
        .filter_map(|line| serde_json::from_str(line.split("HTTP").next()?).ok())
        .collect();
    assert_eq!(bodies.len(), 2, "{answers}");
}

#[provider_test]
async fn requests_in_a_row_each_end_where_the_answers_go_slowly(
    #[mock(reply("Hi.").times(3))] server: MockServer,
) {
    server.throttle(10, ms(1));
    let request = String::from_utf8(post(CHAT, &chat("a"))).expect("text");
    let kept = request.replace("connection: close\r\n", "");
    let bytes = format!("{kept}{kept}{request}");
    let answers = raw(&server, bytes.as_bytes()).await.expect("answers");
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 3);
    let exchanges = server.exchanges();
    let endings: Vec<_> = exchanges.iter().map(|exchange| exchange.ending()).collect();
    assert_eq!(endings, [Some(Ending::Completed); 3]);
}

#[provider_test]
async fn a_request_that_is_on_its_way_when_the_server_is_dropped_is_incomplete() {
    let server = MockServer::new(MockProvider::script([]));
    let whole = post(CHAT, &chat("a"));
    let mut stream = TcpStream::connect(server.addr()).await.expect("it accepts");
    let half = &whole[..whole.len() - 1];
    stream.write_all(half).await.expect("it is sent");
    while server.exchanges().is_empty() {
        tokio::task::yield_now().await;
    }
    let exchange = server.exchanges().remove(0);

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

#[provider_test]
async fn many_connections_at_once_are_all_served(
    #[mock(reply("Hi.").times(1_001))] server: MockServer,
) {
    let mut clients = Vec::new();
    for _ in 0..1_000 {
        clients.push(Client::new(&server).await);
    }
    for client in &mut clients {
        assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
    }
    drop(clients);
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
