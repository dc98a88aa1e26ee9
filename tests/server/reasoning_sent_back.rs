//! Reasoning that a client sends back to Responses, or leaves out.

use mock_core::builder::{on, reasoning, tool_result};
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, RESPONSES, Reply};

/// An agent sends back the items of an answer as `keep` leaves them, and the result of the call.
async fn answer_with_items(keep: fn(&mut Vec<Value>)) -> Reply {
    let turns = [
        reasoning("Let me see.").call("look", json!({})).into(),
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
