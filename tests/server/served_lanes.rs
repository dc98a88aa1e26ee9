//! Lanes and instances as clients see them: S43, S44 and S46 over the wire.

use mock_core::builder::{
    Per, header, lane, lanes, on, path, reply, script, system, template, user,
};
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

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

/// Conversations that go on at once, each on a connection of its own.
const CONVERSATIONS: usize = 1_000;
const TURNS: usize = 10;
/// How many are asked at one time: a process may not have more open files.
const AT_ONCE: usize = 100;

#[provider_test]
async fn s46_a_thousand_conversations_of_ten_turns_have_the_right_captures() {
    let first = on(user("I am {name:word}")).reply("0 for {name}.");
    let more = (1..TURNS).map(|turn| {
        let asked = format!("turn {turn}");
        on(user(asked)).reply(template(format!("{turn} for {{name}}.")))
    });
    let scenario = script([first].into_iter().chain(more)).per(Per::Conversation);
    let server = MockServer::new(MockProvider::new(scenario));
    let mut messages: Vec<Value> = (0..CONVERSATIONS)
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
