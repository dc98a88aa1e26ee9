//! Reasoning that a client sends back to Responses or to DeepSeek, or leaves out.

use mock_core::builder::{call, on, reasoning, script, tool_result};
use mock_core::scenario::{Profile, Turn};
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{CHAT, Client, RESPONSES, Reply};

/// An agent sends back the items of an answer as `keep` leaves them, and the result of the call.
async fn answer_with_items(keep: fn(&mut Vec<Value>)) -> Reply {
    let turns = [
        reasoning("Let me see.").call("look", json!({})),
        on(tool_result("look")).reply("18 °C.").times(0..=1),
    ];
    let server = MockServer::new(MockProvider::script(turns));
    let mut client = Client::new(&server).await;
    let question = json!({ "role": "user", "content": "weather?" });
    let answer = client
        .post(RESPONSES, &json!({ "model": "gpt-5", "input": [question] }))
        .await;
    let mut items = answer.json()["output"].as_array().expect("items").clone();
    let id = items[1]["call_id"].clone();
    keep(&mut items);
    items.insert(0, question);
    items.push(json!({ "type": "function_call_output", "call_id": id, "output": "18" }));
    client
        .post(RESPONSES, &json!({ "model": "gpt-5", "input": items }))
        .await
}

#[provider_test]
async fn a_call_comes_back_with_the_reasoning_before_it() {
    let refer: fn(&mut Vec<Value>) = |items| {
        items[0] = json!({ "type": "item_reference", "id": items[0]["id"] });
    };
    let drop_it: fn(&mut Vec<Value>) = |items| drop(items.remove(0));
    let drop_both_ids: fn(&mut Vec<Value>) = |items| {
        items.remove(0);
        items[0]["id"] = Value::Null;
    };
    for (keep, status) in [
        ((|_| {}) as fn(&mut Vec<Value>), 200),
        (refer, 200),
        (drop_both_ids, 200),
        (drop_it, 400),
    ] {
        let reply = answer_with_items(keep).await;
        assert_eq!(reply.status, status, "{}", reply.text);
        let words =
            "of type 'function_call' was provided without its required 'reasoning' item: 'rs_";
        assert_eq!(reply.text.contains(words), status == 400, "{}", reply.text);
    }
}

/// An agent sends back the message of the assistant as `keep` leaves it, and the result of the call.
async fn answer_with_message(turn: Turn, fields: &Value, keep: fn(&mut Value)) -> Reply {
    let turns = [turn, on(tool_result("look")).reply("18 °C.").times(0..=1)];
    let mut scenario = script(turns);
    if fields["model"] == "deepseek-v4-pro" {
        scenario = scenario.profile(Profile::Deepseek);
    }
    let server = MockServer::new(MockProvider::new(scenario));
    let mut client = Client::new(&server).await;
    let question = json!({ "role": "user", "content": "weather?" });
    let mut request = fields.clone();
    request["messages"] = json!([question]);
    let answer = client.post(CHAT, &request).await;
    let mut message = answer.json()["choices"][0]["message"].take();
    keep(&mut message);
    let id = message["tool_calls"][0]["id"].clone();
    let result = json!({ "role": "tool", "tool_call_id": id, "content": "18" });
    request["messages"] = json!([question, message, result]);
    client.post(CHAT, &request).await
}

#[provider_test]
async fn deepseek_wants_the_reasoning_before_a_call_back() {
    let keep: fn(&mut Value) = |_| {};
    let drop_it: fn(&mut Value) = |message| message["reasoning_content"] = Value::Null;
    let thinks = || reasoning("Let me see.").call("look", json!({}));
    let calls = || call("look", json!({}));
    let v4 = || json!({ "model": "deepseek-v4-pro" });
    let without_profile = || json!({ "model": "deepseek-chat" });
    let no_thinking = json!({ "model": "deepseek-v4-pro", "thinking": { "type": "disabled" } });
    let other = json!({ "model": "gpt-4o" });
    for (turn, fields, keep, status) in [
        (thinks(), v4(), keep, 200),
        (thinks(), v4(), drop_it, 400),
        (thinks(), without_profile(), drop_it, 400),
        (calls(), v4(), drop_it, 200),
        (thinks(), no_thinking, drop_it, 200),
        (thinks(), other, drop_it, 200),
    ] {
        let reply = answer_with_message(turn, &fields, keep).await;
        assert_eq!(reply.status, status, "{fields}: {}", reply.text);
        let words = "The `reasoning_content` in the thinking mode must be passed back to the API.";
        assert_eq!(reply.text.contains(words), status == 400, "{}", reply.text);
    }
}
