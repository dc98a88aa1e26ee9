//! Lanes and instances as clients see them: S43, S44 and S46 over the wire.

use mock_core::builder::{
    Per, header, lane, lanes, on, path, raw, reply, script, system, template, user,
};
use mock_core::{Allow, Call, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};
use tests::tries;

use crate::raw_client::{CHAT, Client, chat, wires};

#[provider_test]
async fn s43_two_agents_have_a_script_each(
    #[mock(
        lanes = match request {
            model("parent") => [reply("p1"), reply("p2")],
            model("child") => [fail(overloaded), reply("c2")],
        },
    )]
    server: MockServer,
) {
    for (model, expected) in [
        ("child", "503"),
        ("parent", "p1"),
        ("child", "c2"),
        ("parent", "p2"),
    ] {
        let mut request = chat("hi");
        request["model"] = model.into();
        let reply = Client::new(&server).await.post(CHAT, &request).await;
        match expected {
            "503" => assert_eq!(reply.status, 503),
            expected => assert!(reply.text.contains(expected), "{}", reply.text),
        }
    }
}

#[provider_test]
async fn s44_each_value_of_a_header_gets_an_instance() {
    let turns = [reply("one"), reply("two").times(0..=5)];
    let scenario = script(turns)
        .per(Per::Header("X-Session".into()))
        .rules([on(user("ping")).reply("pong")]);
    let server = MockServer::new(MockProvider::new(scenario));
    for (session, expected) in [("a", "one"), ("b", "one"), ("a", "two"), ("b", "two")] {
        let client = Client::new(&server).await;
        let mut client = client.header("x-session", session);
        let reply = client.post(CHAT, &chat("hi")).await;
        assert!(reply.text.contains(expected), "{}", reply.text);
    }
    let reply = Client::new(&server).await.post(CHAT, &chat("ping")).await;
    assert!(reply.text.contains("pong"), "{}", reply.text);
}

#[provider_test]
async fn s43_a_lane_may_be_for_a_path_or_a_header() {
    let scenario = lanes([
        lane(path("/v1/chat/*"), [reply("chat").times(0..)]),
        lane(header("x-agent", "{name}"), [reply("{name}").times(0..)]),
        lane(system("nobody"), [reply("x").times(0..)]),
    ]);
    let server = MockServer::new(MockProvider::new(scenario));
    for (path, request) in wires("a") {
        let client = Client::new(&server).await;
        let mut client = client.header("x-agent", "ada");
        let reply = client.post(path, &request).await;
        let expected = if path == CHAT { "chat" } else { "ada" };
        assert!(reply.text.contains(expected), "{path}: {}", reply.text);
    }
}

#[provider_test]
async fn s43_a_lane_for_a_path_answers_requests_of_no_wire_in_order(
    #[mock(
        lanes = match request {
            path("POST /oauth/token") => [
                raw("{\"error\":\"slow_down\"}").status(400),
                raw("{\"access_token\":\"t{1}\"}"),
            ],
            path("GET /v1/files/{id}") => [
                json(object { id: "{id}" }).times(2),
                fail(not_found).times(0..=1),
            ],
            _ => [reply("Hi.")],
        },
        rules = match request { path("/health") => reply("ok") },
    )]
    server: MockServer,
) {
    let token = async || {
        let mut client = Client::new(&server).await;
        client.post("/oauth/token", &json!({})).await
    };
    let get = async |path: &str| Client::new(&server).await.get(path).await;
    assert_eq!(get("/v1/files/a").await.json(), json!({ "id": "a" }));
    let first = token().await;
    assert_eq!(
        (first.status, &*first.text),
        (400, r#"{"error":"slow_down"}"#)
    );
    assert_eq!(get("/health").await.text, "ok");
    let hi = Client::new(&server).await.post(CHAT, &chat("a")).await;
    assert!(hi.text.contains("Hi."), "{}", hi.text);
    let second = token().await;
    assert_eq!(
        (second.status, &*second.text),
        (200, r#"{"access_token":"t{1}"}"#)
    );
    assert_eq!(get("/v1/files/b").await.json(), json!({ "id": "b" }));
    assert_eq!(get("/v1/files/c").await.status, 404);
    // No lane and no rule is for it.
    assert_eq!(get("/v1/rerank").await.status, 404);

    let lanes: Vec<_> = server.calls().iter().map(Call::lane).collect();
    let expected = [1, 0, -1, 2, 0, 1, 1];
    assert_eq!(lanes, expected.map(|lane| usize::try_from(lane).ok()));
}

#[provider_test]
async fn s43_a_request_too_many_for_a_path_is_a_mismatch_of_its_lane() {
    let scenario = lanes([
        lane(path("POST /oauth/token"), [raw("{}")]),
        lane([], [reply("Hi.").times(2)]),
    ]);
    let allow = Allow::NONE.with_unused_turns();
    let server = MockServer::new(MockProvider::new(scenario.allow(allow)));
    for (path, status) in [
        ("/oauth/token", 200),
        (CHAT, 200),
        ("/oauth/token", 400),
        (CHAT, 200),
    ] {
        let mut client = Client::new(&server).await;
        assert_eq!(client.post(path, &chat("a")).await.status, status);
    }
    let report = server.verify().expect_err("it is a mismatch").to_string();
    for expected in ["call 3", "lane 1", "POST /oauth/token"] {
        assert!(report.contains(expected), "no {expected} in:\n{report}");
    }
    server.reset();
}

/// Conversations that go on at once, each on a connection of its own.
const CONVERSATIONS: usize = 1_000;
const TURNS: usize = 10;
/// How many are asked at one time: a process may not have more open files.
const AT_ONCE: usize = 100;

#[provider_test(guard = 5m)]
async fn s46_many_conversations_of_ten_turns_have_the_right_captures() {
    let first = on(user("I am {name:word}")).reply("0 for {name}.");
    let more = (1..TURNS).map(|turn| {
        let asked = format!("turn {turn}");
        on(user(asked)).reply(template(format!("{turn} for {{name}}.")))
    });
    let scenario = script([first].into_iter().chain(more)).per(Per::Conversation);
    let server = MockServer::new(MockProvider::new(scenario));
    let mut messages: Vec<Value> = (0..tries(CONVERSATIONS))
        .map(|number| json!([{ "role": "user", "content": format!("I am n{number}") }]))
        .collect();
    for turn in 0..TURNS {
        for (chunk, of) in messages.chunks_mut(AT_ONCE).enumerate() {
            let asked = of.iter_mut().enumerate().map(|(index, messages)| {
                let (server, number) = (&server, chunk * AT_ONCE + index);
                async move {
                    let body = json!({ "model": "gpt-4o", "messages": messages });
                    let reply = Client::new(server).await.post(CHAT, &body).await;
                    let expected = format!("{turn} for n{number}.");
                    assert!(reply.text.contains(&expected), "{}", reply.text);
                    let messages = messages.as_array_mut().expect("messages");
                    messages.push(json!({ "role": "assistant", "content": expected }));
                    let next = format!("turn {}", turn + 1);
                    messages.push(json!({ "role": "user", "content": next }));
                }
            });
            futures::future::join_all(asked).await;
        }
    }
}
