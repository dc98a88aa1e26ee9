//! Servers that require an API key.

use mock_core::{MockServer, provider_test};

use crate::raw_client::{CHAT, Client, MESSAGES, chat, goes_on, message, wires};

#[provider_test]
async fn a_key_in_the_query_is_compared_decoded(
    #[mock(gemini, script = [reply("Hi.").times(2)])] server: MockServer,
) {
    server.require_key("a/b+c");
    let body = serde_json::json!({ "contents": [{ "role": "user", "parts": [{ "text": "a" }] }] });
    let mut client = Client::new(&server).await;
    for (key, status) in [("a%2Fb%2Bc", 200), ("a/b%2bc", 200), ("a%252Fb%252Bc", 400)] {
        let path = format!("/v1beta/models/gemini-2.0-flash:generateContent?key={key}");
        assert_eq!(client.post(&path, &body).await.status, status, "{key}");
    }
}

/// The exchange of a request that is rejected for its key says which key was read, and never the key itself.
#[provider_test]
async fn the_exchange_says_where_the_key_was_looked_for(#[mock()] server: MockServer) {
    server.require_key("sk-right");
    for (path, header, problem) in [
        (
            CHAT,
            ("authorization", "Bearer sk-wrong"),
            "wrong key in `authorization: Bearer ..`",
        ),
        (CHAT, ("api-key", "sk-wrong"), "wrong key in `api-key`"),
        (
            CHAT,
            ("x-api-key", "sk-right"),
            "no key in `authorization: Bearer ..` or `api-key`, but the header `x-api-key`",
        ),
        (
            "/v1/messages",
            ("authorization", "Basic sk-right"),
            "no key in `x-api-key` or `authorization: Bearer ..`, but the header `authorization`",
        ),
        (
            "/v1/messages",
            ("x-none", ""),
            "no key in `x-api-key` or `authorization: Bearer ..`",
        ),
    ] {
        let (name, value) = header;
        let mut client = Client::new(&server).await.header(name, value);
        assert_eq!(client.post(path, &chat("a")).await.status, 401);
        let exchanges = server.exchanges();
        let last = exchanges.iter().next_back().expect("an exchange");
        assert_eq!(last.problem(), Some(problem), "{path} {name}");
    }
}

/// Anthropic takes its API keys in one header, and its OAuth tokens in another. Other keys, as those of a gateway, may be in both.
#[provider_test]
async fn a_key_of_anthropic_is_only_in_its_own_header(
    #[mock(reply("Hi.").times(6))] server: MockServer,
) {
    for (name, value, problem) in [
        ("x-api-key", "sk-ant-api03-x", None),
        ("x-api-key", "sk-ant-test", None),
        ("x-api-key", "gateway", None),
        ("authorization", "Bearer sk-ant-oat01-x", None),
        ("authorization", "Bearer gateway", None),
        (
            "authorization",
            "Bearer sk-ant-api03-x",
            Some("an API key in `authorization: Bearer ..`; it belongs in `x-api-key`"),
        ),
        (
            "x-api-key",
            "sk-ant-oat01-x",
            Some("an OAuth token in `x-api-key`; it belongs in `authorization: Bearer ..`"),
        ),
    ] {
        server.require_key(value.trim_start_matches("Bearer "));
        let mut client = Client::new(&server).await.header(name, value);
        let status = client.post(MESSAGES, &message("a")).await.status;
        assert_eq!(status == 401, problem.is_some(), "{name}: {value}");
        let exchanges = server.exchanges();
        let last = exchanges.iter().next_back().expect("an exchange");
        assert_eq!(last.problem(), problem, "{name}: {value}");
    }
    // Its API in the format of OpenAI takes keys as OpenAI does.
    server.require_key("sk-ant-api03-x");
    let mut client = Client::new(&server)
        .await
        .header("authorization", "Bearer sk-ant-api03-x");
    assert_eq!(client.post(CHAT, &chat("a")).await.status, 200);
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
