//! S31: tool calls and results that do not pair, in process and on both wires.

use mock_core::builder::*;
use mock_core::scenario::Profile;
use mock_core::{
    Allow, ErrorKind, Message, MockProvider, MockServer, Part, Request, Role, ToolCall,
    provider_test,
};
use serde_json::{Value, json};
use tests::tries;

use crate::raw_client::{CHAT, Client, MESSAGES, RESPONSES};

const SEEDS: usize = 40;

/// Chance for tests: SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }

    /// A valid conversation. In one of three, ids come again in each turn.
    fn conversation(&mut self) -> Vec<Message> {
        let again = self.below(3) == 0;
        let mut count = 0;
        let mut messages = vec![Message::user("begin")];
        for _ in 0..=self.below(4) {
            if again {
                count = 0;
            }
            let ids: Vec<_> = (0..self.below(4))
                .map(|n| format!("id_{}", count + n))
                .collect();
            count += ids.len();
            let calls = ids.iter().map(|id| ToolCall::new(id, "look", "{}"));
            messages.push(Message::assistant("Let me see.").with_tool_calls(calls));
            let mut left = ids.clone();
            while !left.is_empty() {
                let id = left.swap_remove(self.below(left.len()));
                messages.push(Message::tool(id, "x"));
            }
            if ids.is_empty() || self.below(2) == 0 {
                messages.push(Message::user("and?"));
            }
        }
        messages
    }
}

/// Each conversation that differs from this one in a single mistake.
fn mutations(messages: &[Message]) -> Vec<(&'static str, Vec<Message>)> {
    let mut mutations = Vec::new();
    let mut mutate = |what, change: &dyn Fn(&mut Vec<Message>)| {
        let mut changed = messages.to_vec();
        change(&mut changed);
        mutations.push((what, changed));
    };
    for (at, message) in messages.iter().enumerate() {
        if message.role == Role::Tool {
            mutate("a result is missing", &|messages| drop(messages.remove(at)));
            mutate("a result comes twice", &|messages| {
                messages.insert(at, messages[at].clone())
            });
            mutate("a result has another id", &|messages| {
                messages[at] = Message::tool("other", "x")
            });
            mutate("a result has lost its id", &|messages| {
                messages[at] = Message::tool("", "x")
            });
            mutate("a result comes after a text of the user", &|messages| {
                let result = messages.remove(at);
                let after = messages[at..]
                    .iter()
                    .position(|next| next.role != Role::Tool);
                let end = after.map_or(messages.len(), |after| at + after);
                messages.splice(end..end, [Message::user("wait"), result]);
            });
        }
        for (part, _) in message.tool_calls().enumerate() {
            // The text comes first.
            mutate("a call is missing", &|messages| {
                drop(messages[at].parts.remove(part + 1))
            });
            mutate("a call has another id", &|messages| {
                messages[at].parts[part + 1] = Part::ToolCall(ToolCall::new("other", "look", "{}"));
            });
        }
    }
    mutations
}

/// Results and the text of the user after them in one message of the user.
fn in_messages_of_the_user(messages: &[Message]) -> Vec<Message> {
    let mut merged: Vec<Message> = Vec::new();
    for message in messages {
        let is_result = message.role == Role::Tool;
        let mut next = message.clone();
        if is_result {
            next.role = Role::User;
        }
        match merged.last_mut() {
            Some(last)
                if next.role == Role::User
                    && last.role == Role::User
                    && last.tool_results().next().is_some()
                    && (last.text().is_empty() || !is_result) =>
            {
                last.parts.append(&mut next.parts);
            }
            _ => merged.push(next),
        }
    }
    merged
}

/// The bodies of a request with these messages, each block as it stands.
fn bodies(messages: &[Message]) -> [(&'static str, Value); 2] {
    let chat: Vec<_> = messages.iter().map(chat_message).collect();
    let blocks: Vec<_> = in_messages_of_the_user(messages)
        .iter()
        .map(message_of_blocks)
        .collect();
    [
        (CHAT, json!({ "model": "m", "messages": chat })),
        (
            MESSAGES,
            json!({ "model": "m", "max_tokens": 10, "messages": blocks }),
        ),
    ]
}

fn chat_message(message: &Message) -> Value {
    if let Some(result) = message.tool_results().next() {
        let (id, content) = (&result.call_id, result.text());
        return json!({ "role": "tool", "tool_call_id": id, "content": content });
    }
    let mut written = json!({ "role": message.role.as_str(), "content": message.text() });
    let calls: Vec<_> = message
        .tool_calls()
        .map(|call| {
            let function = json!({ "name": call.name, "arguments": call.arguments });
            json!({ "id": call.id, "type": "function", "function": function })
        })
        .collect();
    if !calls.is_empty() {
        written["tool_calls"] = calls.into();
    }
    written
}

fn message_of_blocks(message: &Message) -> Value {
    let blocks = message.parts.iter().map(|part| match part {
        Part::ToolCall(call) => {
            json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": {} })
        }
        Part::ToolResult(result) => json!({
            "type": "tool_result", "tool_use_id": result.call_id, "content": result.text(),
        }),
        part => json!({ "type": "text", "text": part.as_text() }),
    });
    json!({ "role": message.role.as_str(), "content": blocks.collect::<Vec<_>>() })
}

fn request(messages: &[Message]) -> Request {
    Request::new("m").with_messages(messages.to_vec())
}

fn mock(profile: Profile) -> MockProvider {
    MockProvider::new(script([]).profile(profile).otherwise(reply("ok")))
}

#[provider_test]
async fn s31_valid_conversations_are_answered_in_process_and_on_the_wire() {
    let server = MockServer::new(mock(Profile::Openai));
    let mut client = Client::new(&server).await;
    for seed in 0..tries(SEEDS) as u64 {
        let messages = Chance(seed).conversation();
        for shape in [messages.clone(), in_messages_of_the_user(&messages)] {
            let answer = server.answer(request(&shape)).await;
            assert!(answer.is_ok(), "{seed}: {answer:?}");
        }
        for (path, body) in bodies(&messages) {
            let reply = client.post(path, &body).await;
            assert_eq!(reply.status, 200, "{seed}: {}", reply.text);
        }
    }
}

#[provider_test]
async fn s31_each_mistake_is_rejected_alike_in_process_and_on_the_wire() {
    let (openai, anthropic) = (mock(Profile::Openai), mock(Profile::Anthropic));
    let server = MockServer::new(mock(Profile::Plain));
    server.lenient();
    let mut client = Client::new(&server).await;
    let mut told = 0;
    for seed in 0..tries(SEEDS) as u64 {
        for (what, messages) in mutations(&Chance(seed).conversation()) {
            let in_process = [
                (&openai, messages.clone()),
                (&anthropic, in_messages_of_the_user(&messages)),
            ];
            for ((mock, messages), (path, body)) in in_process.into_iter().zip(bodies(&messages)) {
                let error = mock.answer(request(&messages)).await;
                let error = error.expect_err(what);
                assert_eq!(
                    (error.kind, error.status),
                    (ErrorKind::BadRequest, Some(400))
                );
                let report = mock.verify().expect_err(what).to_string();
                assert!(
                    report.contains("has a broken conversation"),
                    "{what}: {report}"
                );
                mock.reset();

                let reply = client.post(path, &body).await;
                assert_eq!(reply.status, 400, "{seed}, {what}: {body}");
                assert_eq!(reply.json()["error"]["message"], *error.message, "{what}");
                let report = server.verify().expect_err(what).to_string();
                assert!(
                    report.contains("a request has a broken conversation"),
                    "{report}"
                );
                let exchange = &server.exchanges()[0];
                assert_eq!(
                    (exchange.call(), exchange.problem()),
                    (None, Some(&*error.message))
                );
                server.reset();
                told += 1;
            }
        }
    }
    assert!(told > tries(500), "{told} mistakes are too few");
}

#[provider_test]
async fn s31_a_dialect_rejects_a_broken_conversation_in_its_own_words() {
    let call =
        || Message::assistant("").with_tool_calls([ToolCall::new("aaaaaaaa1", "look", "{}")]);
    let unanswered = vec![Message::user("hi"), call(), Message::user("and?")];
    let unasked = vec![Message::user("hi"), Message::tool("aaaaaaaa1", "x")];
    for (profile, messages, expected) in [
        (
            Profile::Deepseek,
            &unanswered,
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. (insufficient tool messages following tool_calls message) [",
        ),
        (
            Profile::Deepseek,
            &unasked,
            "Messages with role 'tool' must be a response to a preceding message with 'tool_calls' [",
        ),
        (
            Profile::Mistral,
            &unanswered,
            "Not the same number of function calls and responses [",
        ),
        (
            Profile::Mistral,
            &unasked,
            "Unexpected role 'tool' after role 'user' [",
        ),
        (
            Profile::Groq,
            &unasked,
            "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'. [",
        ),
    ] {
        let in_process = mock(profile);
        let error = in_process.answer(request(messages)).await;
        let error = error.expect_err("it is rejected");
        in_process.reset();
        assert!(error.message.starts_with(expected), "{profile:?}: {error}");

        let server = MockServer::new(mock(profile));
        let [(_, body), _] = bodies(messages);
        let reply = Client::new(&server).await.post(CHAT, &body).await;
        let body = reply.json();
        let message = match profile {
            Profile::Mistral => &body["message"],
            _ => &body["error"]["message"],
        };
        assert_eq!(reply.status, 400);
        assert_eq!(message.as_str(), Some(&*error.message), "{profile:?}");
        if expected.starts_with("Unexpected role") {
            assert_eq!(
                (&body["type"], &body["code"]),
                (&json!("invalid_request_message_order"), &json!("3230"))
            );
        }
        server.reset();
    }
}

#[provider_test]
async fn s31_a_server_answers_broken_conversations_where_they_are_allowed() {
    let allow = Allow::NONE.with_broken_conversations();
    let server = MockServer::new(MockProvider::new(
        script([]).otherwise(reply("ok")).allow(allow),
    ));
    let mut client = Client::new(&server).await;
    let messages = [Message::user("a"), Message::tool("call_1", "x")];
    for (path, body) in bodies(&messages) {
        assert_eq!(client.post(path, &body).await.status, 200);
    }
    let no_messages = json!({ "model": "m", "messages": [] });
    assert_eq!(client.post(CHAT, &no_messages).await.status, 400);
}

#[provider_test]
async fn s31_a_test_may_look_at_the_rejection_where_turns_may_be_left_over() {
    let allow = Allow::NONE.with_unused_turns();
    let mock = MockProvider::new(script([reply("ok")]).allow(allow));
    let server = MockServer::new(mock);
    let mut client = Client::new(&server).await;
    let messages = [Message::user("a"), Message::tool("call_1", "x")];
    for (path, body) in bodies(&messages) {
        assert_eq!(client.post(path, &body).await.status, 400);
    }
    assert!(server.verify().is_ok());
    assert!(server.answer(request(&messages)).await.is_err());
    assert!(
        server.verify().is_err(),
        "in process there is no client to look at"
    );
    server.reset();
}

/// Items of Responses: a call, the result of a call, and a text of this role.
fn call_item(id: &str) -> Value {
    json!({ "type": "function_call", "call_id": id, "name": "look", "arguments": "{}" })
}

fn result_item(id: &str) -> Value {
    json!({ "type": "function_call_output", "call_id": id, "output": "x" })
}

fn text_item(role: &str) -> Value {
    json!({ "role": role, "content": "wait" })
}

#[provider_test]
async fn s31_on_responses_a_result_may_be_anywhere() {
    let server = MockServer::new(mock(Profile::Openai));
    let deepseek = MockServer::new(mock(Profile::Deepseek));
    let (a, b) = (call_item("a"), call_item("b"));
    let (result_a, result_b) = (result_item("a"), result_item("b"));
    let mut client = Client::new(&server).await;
    for input in [
        json!([text_item("user"), a, text_item("user"), result_a]),
        json!([text_item("user"), a, text_item("developer"), result_a]),
        json!([a, b, result_b, text_item("user"), result_a]),
        json!([a, text_item("user"), b, result_a, result_b]),
    ] {
        let body = json!({ "model": "m", "input": input });
        let reply = client.post(RESPONSES, &body).await;
        assert_eq!(reply.status, 200, "{input}: {}", reply.text);
        let other = Client::new(&deepseek).await.post(RESPONSES, &body).await;
        assert_eq!(other.status, 400, "{input}: {}", other.text);
        assert!(deepseek.verify().is_err());
        deepseek.reset();
    }
    for (input, says) in [
        (
            json!([a, text_item("user")]),
            "No tool output found for function call a. [mock: send a result, for each of: `a`]",
        ),
        (
            json!([text_item("user"), result_a]),
            "No tool call found for function call output with call_id a. [mock: there is no call with the id `a`. ",
        ),
    ] {
        let body = json!({ "model": "m", "input": input });
        let reply = client.post(RESPONSES, &body).await;
        assert_eq!(reply.status, 400, "{input}: {}", reply.text);
        let message = &reply.json()["error"]["message"];
        assert!(
            message.as_str().is_some_and(|text| text.starts_with(says)),
            "{message}"
        );
        assert!(server.verify().is_err());
        server.reset();
    }
}

#[provider_test]
async fn s31_with_the_profile_of_responses_a_result_may_be_anywhere_in_process() {
    let mock = mock(Profile::OpenaiResponses);
    let conversation = [
        Message::assistant("").with_tool_calls([ToolCall::new("a", "look", "{}")]),
        Message::user("wait"),
        Message::tool("a", "x"),
    ];
    assert!(mock.answer(request(&conversation)).await.is_ok());
    assert!(mock.answer(request(&conversation[..2])).await.is_err());
    assert!(mock.verify().is_err());
    mock.reset();
}
