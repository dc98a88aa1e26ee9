//! Message threads of Anthropic: the server holds the conversation, and a request sends what is new.

use mock_core::{MockServer, Part, Role, TestClock, provider_test};
use serde_json::{Value, json};

use crate::conversations_by_id::texts;
use crate::raw_client::{Client, MESSAGES, Reply, streamed};

const BETA: (&str, &str) = ("anthropic-beta", "message-threads-2026-08-12");

fn request(content: impl Into<Value>, thread: Value) -> Value {
    json!({
        "model": "claude-sonnet-4-5", "max_tokens": 100, "thread": thread,
        "messages": [{ "role": "user", "content": content.into() }],
    })
}

/// The first request of a thread.
fn create(content: &str) -> Value {
    let mut request = request(content, json!({ "type": "create" }));
    request["system"] = "Be brief.".into();
    request["tools"] = json!([{ "name": "look", "input_schema": { "type": "object" } }]);
    request
}

/// A request that continues the thread up to this answer.
fn go_on(id: &str, content: impl Into<Value>) -> Value {
    let thread = json!({ "type": "continue", "previous_message_id": id });
    request(content, thread)
}

async fn post(server: &MockServer, request: &Value) -> Reply {
    let mut client = Client::new(server).await.header(BETA.0, BETA.1);
    client.post(MESSAGES, request).await
}

/// The id of an answer, whole or streamed.
fn id(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{reply:?}");
    let body = match reply.text.starts_with("event:") {
        true => {
            serde_json::from_str::<Value>(&reply.event_data()[0]).expect("it is JSON")["message"]
                .take()
        }
        false => reply.json(),
    };
    body["id"].as_str().expect("it is a text").to_owned()
}

fn error_code(reply: &Reply) -> (u16, Value, Value) {
    let mut error = reply.json()["error"].take();
    (
        reply.status,
        error["type"].take(),
        error["details"]["error_code"].take(),
    )
}

#[provider_test]
async fn a_thread_has_the_messages_the_system_prompt_and_the_tools_of_its_requests(
    #[mock(
        anthropic("claude-sonnet-4-5"),
        reasoning("Hm.").call(look {}),
        on(tool_result(look), has_tool(look), system("Be brief.")).stream(["It is ", "blue."]),
        on(user("And now?")).reply("Black."),
        on(user("Thanks.")).reply("Bye.")
    )]
    server: MockServer,
) {
    let first = post(&server, &create("How is the sky?")).await;
    let body = first.json();
    let call = &body["content"][1]["id"];
    let result = json!([{ "type": "tool_result", "tool_use_id": call, "content": "blue" }]);
    let second = post(&server, &streamed(go_on(&id(&first), result))).await;
    let third = post(&server, &go_on(&id(&second), "And now?")).await;
    let fourth = post(&server, &go_on(&id(&third), "Thanks.")).await;

    assert_eq!(fourth.json()["content"][0]["text"], "Bye.");
    let calls = server.calls();
    let messages = &calls[3].request().messages;
    let roles: Vec<_> = messages.iter().map(|message| message.role).collect();
    assert_eq!(
        roles,
        [
            Role::System,
            Role::User,
            Role::Assistant,
            Role::Tool,
            Role::Assistant,
            Role::User,
            Role::Assistant,
            Role::User,
        ]
    );
    let said = texts(&server, 3);
    assert_eq!(said[4..], ["It is blue.", "And now?", "Black.", "Thanks."]);
    assert_eq!(messages[2].parts[0].name(), "reasoning");
}

#[provider_test]
async fn an_answer_is_continued_once(
    #[mock(
        reply("a"),
        on(user("broken")).stream(["b", "c"]).cut_after(1),
        on(user("failed")).fail(overloaded),
        on(user("slow")).reply("d").ttft(1s),
        on(user("last")).reply("e")
    )]
    server: MockServer,
) {
    let first = id(&post(&server, &create("one")).await);
    // A request without a complete answer may be sent again.
    let mut client = Client::new(&server).await.header(BETA.0, BETA.1);
    let broken = streamed(go_on(&first, "broken")).to_string();
    assert!(client.ask("POST", MESSAGES, broken).await.is_err());
    assert_eq!(post(&server, &go_on(&first, "failed")).await.status, 529);

    let slow = go_on(&first, "slow");
    let (slow, in_flight) = tokio::join!(post(&server, &slow), async {
        server.wait_for_calls(4).await;
        post(&server, &go_on(&first, "other")).await
    });
    let rejected = (400, json!("invalid_request_error"));
    assert_eq!(
        error_code(&in_flight),
        (
            rejected.0,
            rejected.1.clone(),
            json!("thread_continue_in_flight")
        )
    );
    let again = post(&server, &go_on(&first, "other")).await;
    assert_eq!(
        error_code(&again),
        (rejected.0, rejected.1, json!("thread_already_continued"))
    );
    let last = post(&server, &go_on(&id(&slow), "last")).await;
    assert_eq!(last.json()["content"][0]["text"], "e");
}

#[provider_test]
async fn a_thread_expires_five_minutes_after_its_last_answer(
    #[mock(reply("a"), on(any_user_message("one")).reply("b"))] server: MockServer,
    clock: TestClock,
) {
    let first = id(&post(&server, &create("one")).await);
    clock.advance(mock_core::builder::secs(299)).await;
    let second = id(&post(&server, &go_on(&first, "two")).await);
    clock.advance(mock_core::builder::secs(300)).await;

    let expired = post(&server, &go_on(&second, "three")).await;

    let not_found = (404, json!("not_found_error"), json!("thread_not_found"));
    assert_eq!(error_code(&expired), not_found);
    assert!(expired.text.contains("has expired"), "{}", expired.text);
}

#[provider_test]
async fn only_the_answer_of_a_thread_can_be_continued(
    #[mock(reply("a").times(2))] server: MockServer,
) {
    let mut alone = create("one");
    alone["thread"] = Value::Null;
    let alone = id(&post(&server, &alone).await);
    let not_found = (404, json!("not_found_error"), json!("thread_not_found"));
    for unknown in [&*alone, "msg_unknown"] {
        let reply = post(&server, &go_on(unknown, "two")).await;
        assert_eq!(error_code(&reply), not_found, "{unknown}");
    }
    server.lenient();
    assert_eq!(
        post(&server, &go_on("msg_unknown", "two")).await.status,
        200
    );
}

#[provider_test]
async fn a_thread_needs_the_header_of_its_beta(
    #[mock(anthropic("claude-sonnet-4-5"), reply("a"))] server: MockServer,
) {
    let reply = Client::new(&server)
        .await
        .post(MESSAGES, &create("one"))
        .await;
    assert_eq!(reply.status, 400);
    let says = "thread: Extra inputs are not permitted [mock: send the header of a beta that has the field, such as `anthropic-beta: message-threads-2026-08-12`";
    assert!(reply.text.contains(says), "{}", reply.text);
    post(&server, &create("one")).await;
}

#[provider_test]
async fn a_request_that_continues_a_thread_has_a_stable_prompt(
    #[mock(reply("a").times(2), expect = [prompt_prefix_stable])] server: MockServer,
) {
    let first = id(&post(&server, &create("one")).await);
    post(&server, &go_on(&first, "two")).await;
}

#[provider_test]
async fn the_error_of_a_thread_has_the_id_of_its_request(
    #[mock(reply("a"), allow = [unused_turns])] server: MockServer,
) {
    let reply = post(&server, &go_on("msg_unknown", "two")).await;
    assert_eq!(
        reply.json()["request_id"],
        reply.header("request-id").expect("it is sent")
    );
}

#[provider_test]
async fn messages_that_a_thread_holds_count_as_sent(
    #[mock(
        anthropic("claude-sonnet-4-5"),
        reply("a").times(6),
        allow = [unoffered_tools],
    )]
    server: MockServer,
) {
    let mut id = id(&post(&server, &create("one")).await);
    for fields in [
        // The answer goes on.
        json!({ "messages": [] }),
        json!({ "messages": [{ "role": "system", "content": "Be long." }] }),
        json!({ "tool_choice": { "type": "any" } }),
        json!({ "tool_choice": { "type": "tool", "name": "look" } }),
        json!({ "system": [{ "type": "text", "text": "x-anthropic-billing-header: cc_version=2.1;" }] }),
    ] {
        let mut request = go_on(&id, "go on");
        for (name, value) in fields.as_object().expect("it is one") {
            request[name] = value.clone();
        }
        id = self::id(&post(&server, &request).await);
    }
}

#[provider_test]
async fn a_thread_keeps_its_system_prompt_and_its_tools(
    #[mock(
        anthropic("claude-sonnet-4-5"),
        reply("a").times(2),
    )]
    server: MockServer,
) {
    let id = id(&post(&server, &create("one")).await);
    for field in ["system", "tools"] {
        let mut request = go_on(&id, "two");
        request[field] = create("one")[field].take();
        let reply = post(&server, &request).await;
        assert_eq!(reply.status, 400, "{reply:?}");
        let says = format!("leave `{field}` out");
        assert!(reply.text.contains(&says), "{}", reply.text);
    }
    post(&server, &go_on(&id, "two")).await;
}

#[provider_test]
async fn a_thread_keeps_the_configuration_of_its_answers(
    #[mock(anthropic("claude-opus-4-6"), reply("a").times(2))] server: MockServer,
) {
    let with = |mut request: Value, config: Value| {
        request["model"] = "claude-opus-4-6".into();
        request["output_config"] = config;
        request
    };
    let low = json!({ "effort": "low" });
    let first = id(&post(&server, &with(create("one"), low.clone())).await);
    for other in [json!({ "effort": "high" }), Value::Null] {
        let reply = post(&server, &with(go_on(&first, "two"), other)).await;
        let code = json!("thread_fingerprint_mismatch");
        assert_eq!(
            error_code(&reply),
            (400, json!("invalid_request_error"), code)
        );
        let says = "Differing field(s): output_config";
        assert!(reply.text.contains(says), "{}", reply.text);
    }
    let mut request = with(go_on(&first, "two"), low);
    request["max_tokens"] = 200.into();
    request["model"] = "claude-sonnet-4-6".into();
    post(&server, &request).await;
}

#[provider_test(flavor = "multi_thread", clock = "real", worker_threads = 3)]
async fn one_of_many_requests_at_once_continues_an_answer(
    #[mock(reply("a").times(1..), allow = [unused_turns])] server: MockServer,
) {
    for _ in 0..20 {
        let first = id(&post(&server, &create("one")).await);
        let all = (0..8).map(|_| {
            let (server, request) = (server.clone(), go_on(&first, "two"));
            tokio::spawn(async move { post(&server, &request).await.status })
        });
        let mut statuses = Vec::new();
        for one in all.collect::<Vec<_>>() {
            statuses.push(one.await.expect("it ends"));
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400, 400, 400, 400, 400, 400, 400]);
    }
}

#[provider_test]
async fn a_thread_holds_a_streamed_answer_like_one_that_comes_whole(
    #[mock(
        anthropic("claude-sonnet-4-5"),
        rules = match request {
            tool_result(look) => reply("Blue."),
            user("one") => reasoning("Hm.").reply("I look.").call(look { at: "sky" }),
        }
    )]
    server: MockServer,
) {
    let mut held = Vec::new();
    for request in [create("one"), streamed(create("one"))] {
        let first = post(&server, &request).await;
        let calls = server.calls();
        let call = calls.last().expect("it is there").tool_call("look");
        let call = call.expect("it calls").id;
        let result = json!([{ "type": "tool_result", "tool_use_id": call, "content": "blue" }]);
        post(&server, &go_on(&id(&first), result)).await;
        let calls = server.calls();
        let last = calls.last().expect("it is there").request();
        let mut parts = last.messages[2].parts.clone();
        // Both differ from call to call.
        for part in &mut parts {
            match part {
                Part::Reasoning(reasoning) => assert!(reasoning.signature.take().is_some()),
                Part::ToolCall(made) => assert_eq!(std::mem::take(&mut made.id), call),
                _ => {}
            }
        }
        held.push(parts);
    }
    assert_eq!(held[0], held[1]);
}

#[provider_test]
async fn a_thread_goes_on_after_a_raw_answer(
    #[mock(
        raw(r#"{
            "id": "msg_raw", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
            "content": [{ "type": "text", "text": "Raw." }], "stop_reason": "end_turn",
            "usage": { "input_tokens": 1, "output_tokens": 1 }
        }"#),
        on(user("And now?")).reply("Black.")
    )]
    server: MockServer,
) {
    let first = post(&server, &create("How is the sky?")).await;
    let second = post(&server, &go_on(&id(&first), "And now?")).await;
    assert_eq!(second.json()["content"][0]["text"], "Black.");
    let said = texts(&server, 1);
    assert_eq!(said, ["Be brief.", "How is the sky?", "Raw.", "And now?"]);
    let again = post(&server, &go_on("msg_raw", "And now?")).await;
    assert_eq!(error_code(&again).2, "thread_already_continued");
}
