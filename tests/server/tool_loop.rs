//! A tool call and its result over the wire: the client sends the result back, and the mock goes on with it.

use mock_core::{MockServer, provider_test};
use serde_json::json;

use crate::raw_client::{CHAT, Client, MESSAGES, chat, message};

#[provider_test]
async fn a_tool_is_called_and_answered_on_both_wires(
    #[mock(
        tools = [get_time { city: string }],
        script = [
            call(get_time { city: "Paris" }),
            on(tool_result(get_time)).reply("It is {get_time.time} there."),
            call(get_time { city: "Rome" }),
            on(tool_result(get_time)).reply("It is {get_time.time} there."),
        ]
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    let mut request = chat("What time is it in Paris?");
    request["tools"] =
        json!([{ "type": "function", "function": { "name": "get_time", "parameters": {} } }]);
    let mut answer = client.post(CHAT, &request).await.json();
    let called = answer["choices"][0]["message"].take();
    let id = called["tool_calls"][0]["id"].clone();
    assert!(
        id.as_str()
            .is_some_and(|id| id.starts_with("call_") && id.len() == 29),
        "{id}"
    );
    assert_eq!(answer["choices"][0]["finish_reason"], "tool_calls");
    let messages = request["messages"].as_array_mut().expect("a list");
    messages.push(called);
    messages.push(json!({ "role": "tool", "tool_call_id": id, "content": "{\"time\":\"noon\"}" }));
    let answer = client.post(CHAT, &request).await.json();
    assert_eq!(
        answer["choices"][0]["message"]["content"],
        "It is noon there."
    );

    let mut request = message("And in Rome?");
    request["tools"] = json!([{ "name": "get_time", "input_schema": {} }]);
    let answer = client.post(MESSAGES, &request).await.json();
    let block = &answer["content"][0];
    assert_eq!(
        (&block["type"], &block["input"]),
        (&json!("tool_use"), &json!({ "city": "Rome" }))
    );
    let id = block["id"].as_str().expect("a text");
    assert!(id.starts_with("toolu_01") && id.len() == 30, "{id}");
    let result = json!({ "role": "user", "content": [{ "type": "tool_result", "tool_use_id": id, "content": "{\"time\":\"one\"}" }] });
    let messages = request["messages"].as_array_mut().expect("a list");
    messages.push(json!({ "role": "assistant", "content": answer["content"] }));
    messages.push(result);
    let answer = client.post(MESSAGES, &request).await.json();
    assert_eq!(answer["content"][0]["text"], "It is one there.");
}
