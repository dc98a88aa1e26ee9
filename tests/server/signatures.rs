//! The signatures of reasoning and of tool calls, on the wires that have them.

use mock_core::builder::{call, gate, on, reasoning, reply, respond_with, tool_result};
use mock_core::scenario::Turn;
use mock_core::{
    Message, MockProvider, MockServer, Part, Reasoning, Response, Role, StreamEvent, ToolCall,
    provider_test,
};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, MESSAGES, Reply, chat, message, streamed};

#[provider_test]
async fn reasoning_is_sealed_on_the_wire_that_has_seals_where_the_scenario_says_none() {
    let turn = reasoning("Hm.").reply("Hi.").forever();
    let server = MockServer::new(MockProvider::script([turn]));
    let mut client = Client::new(&server).await;

    let whole = client.post(MESSAGES, &message("a")).await.json();
    let seal = whole["content"][0]["signature"].as_str().expect("a seal");
    assert!(seal.len() > 80, "{seal}");
    let blocks = json!([
        { "type": "thinking", "thinking": "Hm.", "signature": seal },
        { "type": "text", "text": "Hi." },
    ]);
    assert_eq!(whole["content"], blocks);

    let stream = client.post(MESSAGES, &streamed(message("a"))).await;
    let seals = seals(&stream);
    assert_eq!(seals.len(), 1, "{}", stream.text);
    assert_ne!(seals[0], seal, "each block has another");
    let stop = stream
        .text
        .find("content_block_stop")
        .expect("a block ends");
    let at = stream.text.find("signature_delta").expect("a seal");
    assert!(at < stop, "{}", stream.text);

    let chat = client.post(CHAT, &chat("a")).await.json();
    let answer = &chat["choices"][0]["message"];
    assert_eq!(answer["reasoning_content"], "Hm.");
    assert_eq!(answer["content"], "Hi.");

    // The same in every run.
    server.reset();
    let again = client.post(MESSAGES, &message("a")).await;
    assert_eq!(again.json(), whole);
}

#[provider_test]
async fn reasoning_has_one_seal_for_a_block_and_that_of_the_scenario_if_it_says_one() {
    let hm = || gate("go").reasoning("Hm.");
    let turns = [
        (hm().signature("seal").reply("Hi."), vec!["seal"]),
        (hm().reasoning(" So.").signature("seal"), vec!["seal"]),
        (hm().gate("go").signature("seal"), vec!["seal"]),
        (hm().gate("go").reasoning(" So."), vec![""]),
        (hm().gate("go").reply("Hi."), vec![""]),
        (hm(), vec![""]),
        (gate("go").reasoning("").reply("Hi."), vec![]),
        (
            hm().reply("Hi.").reasoning("So.").reply("Yes."),
            vec!["", ""],
        ),
    ];
    for (turn, expected) in turns {
        let server = MockServer::new(MockProvider::script([turn.times(2)]));
        server.gate("go").open();
        let mut client = Client::new(&server).await;
        let whole = client.post(MESSAGES, &message("a")).await.json();
        let blocks = whole["content"].as_array().expect("blocks").iter();
        let whole: Vec<_> = blocks
            .filter_map(|block| block["signature"].as_str())
            .collect();
        let stream = client.post(MESSAGES, &streamed(message("a"))).await;
        let streamed = seals(&stream);
        let streamed: Vec<_> = streamed.iter().map(String::as_str).collect();
        for seals in [whole, streamed] {
            let told = |(seal, expected): (&&str, &&str)| match expected.is_empty() {
                true => seal.len() > 80,
                false => seal == expected,
            };
            assert_eq!(seals.len(), expected.len(), "{seals:?}");
            assert!(seals.iter().zip(&expected).all(told), "{seals:?}");
        }
    }
}

/// The seals in a stream.
fn seals(stream: &Reply) -> Vec<String> {
    let data = stream.event_data().into_iter();
    let data = data.filter_map(|data| serde_json::from_str::<Value>(&data).ok());
    let seals = data.filter_map(|data| Some(data["delta"]["signature"].as_str()?.to_owned()));
    seals.collect()
}

/// A loop of an agent on Anthropic's wire: the blocks of the answer come back as `change` leaves them.
async fn think_and_answer(turn: Turn, change: fn(&mut Value)) -> Reply {
    let server = MockServer::new(MockProvider::script([turn, reply("18 °C.").times(0..=1)]));
    let mut client = Client::new(&server).await;
    let mut request = message("weather?");
    request["model"] = json!("claude-sonnet-4-5");
    let mut blocks = client.post(MESSAGES, &request).await.json()["content"].take();
    change(&mut blocks);
    let messages = request["messages"].as_array_mut().expect("messages");
    messages.push(json!({ "role": "assistant", "content": blocks }));
    messages.push(json!({ "role": "user", "content": "And now?" }));
    client.post(MESSAGES, &request).await
}

#[provider_test]
async fn thinking_comes_back_to_anthropic_as_it_was() {
    let thinks = || reasoning(["Let ", "me see.\n"]).reply("It is 18 °C.");
    let by_closure = || {
        let parts = vec![
            Part::Reasoning(Reasoning::new("Let me see.\n")),
            Part::Text("18".into()),
        ];
        respond_with(move |_| Response::from(Message::new(Role::Assistant, parts.clone())))
    };
    let thinks_twice = || {
        reasoning("Hm.")
            .reply("Yes.")
            .reasoning("Let me see.\n")
            .reply("18")
    };
    let keep: fn(&mut Value) = |_| {};
    let trim: fn(&mut Value) = |blocks| {
        for block in blocks.as_array_mut().into_iter().flatten() {
            let thinking = block["thinking"].as_str().map(str::trim_end);
            if let Some(thinking) = thinking.map(str::to_owned) {
                block["thinking"] = json!(thinking);
            }
        }
    };
    let leave_out: fn(&mut Value) = |blocks| {
        let blocks = blocks.as_array_mut().expect("blocks");
        blocks.retain(|block| block["type"] != "thinking");
    };
    for (change, status) in [(keep, 200), (trim, 400), (leave_out, 200)] {
        for turn in [thinks(), by_closure(), thinks_twice()] {
            let reply = think_and_answer(turn, change).await;
            assert_eq!(reply.status, status, "{}", reply.text);
            let is_named = reply
                .text
                .contains("in the latest assistant message cannot be modified");
            assert_eq!(is_named, status == 400, "{}", reply.text);
        }
    }
    // The server does not know what another signature signs.
    let given = reasoning("Let me see.\n").signature("c2VhbA==").reply("18");
    assert_eq!(think_and_answer(given, trim).await.status, 200);
}

/// The parts of an answer of Gemini, or of all frames of a stream.
fn parts(reply: &Reply) -> Vec<Value> {
    let bodies = match reply.text.starts_with("data: ") {
        true => reply.event_data(),
        false => vec![reply.text.clone()],
    };
    let bodies = bodies.iter().map(|body| {
        let body: Value = serde_json::from_str(body).expect("it is JSON");
        body["candidates"][0]["content"]["parts"]
            .as_array()
            .cloned()
    });
    bodies.flatten().flatten().collect()
}

/// The signature of each call.
fn signatures_of_calls(reply: &Reply) -> Vec<Option<String>> {
    let parts = parts(reply).into_iter();
    let calls = parts.filter(|part| part["functionCall"].is_object());
    calls
        .map(|part| part["thoughtSignature"].as_str().map(str::to_owned))
        .collect()
}

fn gemini(method: &str) -> String {
    format!("/v1beta/models/gemini-3-flash-preview:{method}")
}

fn user_says(text: &str) -> Value {
    json!({ "role": "user", "parts": [{ "text": text }] })
}

#[provider_test]
async fn on_gemini_the_first_call_of_an_answer_is_signed() {
    let look = || call("look", json!({}));
    let answer = |call: ToolCall| Message::new(Role::Assistant, vec![Part::ToolCall(call)]);
    let signed = move |_: &_| {
        let call = ToolCall::new("c1", "look", "{}").with_extra("thoughtSignature", "given");
        Response::from(answer(call))
    };
    let verbatim =
        move |_: &_| Response::from(answer(ToolCall::new("c1", "look", "{}"))).verbatim();
    let own = Some("");
    let turns = [
        (look(), vec![own]),
        (look().call("look", json!({})), vec![own, None]),
        (
            reasoning("Hm.").reply("Yes.").call("look", json!({})),
            vec![own],
        ),
        (
            reasoning("Hm.").signature("seal").call("look", json!({})),
            vec![Some("seal")],
        ),
        (respond_with(signed), vec![Some("given")]),
        (respond_with(verbatim), vec![None]),
    ];
    for (turn, expected) in turns {
        let server = MockServer::new(MockProvider::script([turn.times(2)]));
        let mut client = Client::new(&server).await;
        let request = json!({ "contents": [user_says("hi")] });
        for method in ["generateContent", "streamGenerateContent?alt=sse"] {
            let reply = client.post(&gemini(method), &request).await;
            let signatures = signatures_of_calls(&reply);
            assert_eq!(signatures.len(), expected.len(), "{}", reply.text);
            for (signature, expected) in signatures.iter().zip(&expected) {
                match expected {
                    Some("") => assert_eq!(signature.as_ref().map(String::len), Some(120)),
                    expected => assert_eq!(signature.as_deref(), *expected, "{}", reply.text),
                }
            }
        }
    }
}

#[provider_test]
async fn on_gemini_a_call_that_a_driver_pushes_is_signed(
    #[mock(driven("live"))] server: MockServer,
) {
    let driver = server.driver("live");
    for index in 0..2 {
        let (id, name) = (format!("c{index}"), "look".to_owned());
        driver.event(StreamEvent::ToolCallStart {
            index,
            id,
            name,
            extra: None,
        });
        let arguments = "{}".to_owned();
        driver.event(StreamEvent::ToolCallDelta { index, arguments });
    }
    driver.finish();
    let mut client = Client::new(&server).await;
    let request = json!({ "contents": [user_says("hi")] });
    let reply = client.post(&gemini("generateContent"), &request).await;
    let signatures = signatures_of_calls(&reply);
    let lengths: Vec<_> = signatures
        .iter()
        .map(|one| one.as_ref().map(String::len))
        .collect();
    assert_eq!(lengths, [Some(120), None]);
}

/// A loop of an agent: one call, whose answer is sent back with what `keep` keeps of the part, and the result of the call.
async fn look_and_answer(model: &str, keep: fn(&mut Value)) -> Reply {
    let turns = [
        call("look", json!({})),
        on(tool_result("look")).reply("18 °C.").times(0..=1),
    ];
    let server = MockServer::new(MockProvider::script(turns));
    let mut client = Client::new(&server).await;
    let path = format!("/v1beta/models/{model}:generateContent");
    let mut contents = vec![user_says("hi")];
    let answer = client.post(&path, &json!({ "contents": contents })).await;
    let mut part = parts(&answer).remove(0);
    keep(&mut part);
    contents.push(json!({ "role": "model", "parts": [part] }));
    let result = json!({ "functionResponse": { "name": "look", "response": { "output": "18" } } });
    contents.push(json!({ "role": "user", "parts": [result] }));
    client.post(&path, &json!({ "contents": contents })).await
}

#[provider_test]
async fn gemini_3_rejects_a_call_that_comes_back_without_its_signature() {
    let drop_it: fn(&mut Value) = |part| part["thoughtSignature"] = Value::Null;
    for (model, keep, status) in [
        ("gemini-3-flash-preview", (|_| {}) as fn(&mut Value), 200),
        ("gemini-3-flash-preview", drop_it, 400),
        ("gemini-3.1-pro-preview", drop_it, 400),
        ("gemini-10-pro", drop_it, 400),
        ("gemini-2.5-flash", drop_it, 200),
        ("gemini-flash-latest", drop_it, 200),
    ] {
        let reply = look_and_answer(model, keep).await;
        assert_eq!(reply.status, status, "{model}: {}", reply.text);
        if status == 400 {
            let message = reply.json()["error"]["message"].clone();
            let message = message.as_str().expect("a text");
            let words = "Function call is missing a thought_signature in functionCall parts.";
            assert!(message.starts_with(words), "{message}");
            assert!(
                message.contains("`default_api:look` , position 2"),
                "{message}"
            );
        }
    }
}
