//! S49: conversations that continue an earlier answer of OpenAI's Responses by its id.

use mock_core::builder::{any_user_message, on, raw};
use mock_core::{MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::openai_responses::{ask, ask_streamed, id, request, with};
use crate::raw_client::{Client, RESPONSES};

/// The texts of the messages of a call.
pub(crate) fn texts(server: &MockServer, call: usize) -> Vec<String> {
    let calls = server.calls();
    let messages = calls[call].request().messages.iter();
    messages
        .map(|message| message.text().into_owned())
        .collect()
}

#[provider_test]
async fn s49_a_conversation_goes_on_by_the_id_of_its_last_answer(
    #[mock(reply("a").named(first), reply("b"), on(any_user_message("one")).reply("c"))]
    server: MockServer,
) {
    let first = ask(
        &server,
        with(request("one"), json!({ "instructions": "Be brief." })),
    )
    .await;
    let previous = json!({ "previous_response_id": id(&first) });
    let second = ask_streamed(&server, with(request("two"), previous)).await;
    let last: Value =
        serde_json::from_str(second.event_data().last().expect("an event")).expect("it is JSON");
    let previous = json!({ "previous_response_id": last["response"]["id"] });

    let third = ask(&server, with(request("three"), previous.clone())).await;

    assert_eq!(
        third.json()["previous_response_id"],
        previous["previous_response_id"]
    );
    assert_eq!(texts(&server, 0), ["Be brief.", "one"]);
    // The instructions are those of their own request alone.
    assert_eq!(texts(&server, 1), ["one", "a", "two"]);
    assert_eq!(texts(&server, 2), ["one", "a", "two", "b", "three"]);
}

#[provider_test]
async fn s49_the_result_of_a_call_goes_on_with_the_answer_that_calls(
    #[mock(call(look { at: "sky" }), on(tool_result(look)).reply("Blue."))] server: MockServer,
) {
    let tools = json!({ "tools": [{ "type": "function", "name": "look", "parameters": {} }] });
    let first = ask(&server, with(request("Look."), tools)).await;
    let result = json!([{
        "type": "function_call_output", "call_id": first.json()["output"][0]["call_id"], "output": "blue",
    }]);
    let second = with(
        request(result),
        json!({ "previous_response_id": id(&first) }),
    );
    assert_eq!(
        ask(&server, second).await.json()["output"][0]["content"][0]["text"],
        "Blue."
    );
}

#[provider_test]
async fn s49_an_answer_that_is_not_stored_or_forgotten_is_unknown(
    #[mock(reply("a").times(3))] server: MockServer,
) {
    let unstored = id(&ask(&server, with(request("one"), json!({ "store": false }))).await);
    let deleted = id(&ask(&server, request("one")).await);
    let mut client = Client::new(&server).await;
    let path = format!("{RESPONSES}/{deleted}");
    assert_eq!(client.get(&path).await.json()["id"], json!(deleted));
    let reply = client.ask("DELETE", &path, "").await.expect("an answer");
    assert_eq!(
        reply.json(),
        json!({ "id": deleted, "object": "response", "deleted": true })
    );
    let forgotten = id(&ask(&server, request("one")).await);
    server.reset();

    for id in [&*unstored, &deleted, &forgotten, "resp_0"] {
        let previous = json!({ "previous_response_id": id });
        let reply = ask(&server, with(request("two"), previous)).await;
        let error = &reply.json()["error"];
        assert_eq!(
            (reply.status, &error["code"]),
            (400, &json!("previous_response_not_found"))
        );
        assert_eq!(error["param"], "previous_response_id");
        assert_eq!(client.get(&format!("{RESPONSES}/{id}")).await.status, 404);
    }
    for _ in 0..3 {
        ask(&server, request("one")).await;
    }
}

#[provider_test]
async fn s49_a_raw_answer_is_stored_if_it_has_an_id() {
    let body = |id: &str| {
        json!({
            "id": id, "object": "response", "model": "gpt-4o", "status": "completed",
            "output": [{ "id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
                "content": [{ "type": "output_text", "text": "Raw.", "annotations": [] }] }],
        })
        .to_string()
    };
    let server = MockServer::new(MockProvider::script([
        raw(body("resp_raw")),
        on(any_user_message("one")).reply("b"),
        raw(body("resp_failed")).status(500),
        raw(body("resp_cut")).cut_after(1),
        raw("[]"),
        raw(r#"{"id": 1}"#),
        raw("resp_text"),
        raw(body("resp_unstored")),
    ]));
    ask(&server, request("one")).await;
    let previous = |id: &str| json!({ "previous_response_id": id });
    let second = ask(&server, with(request("two"), previous("resp_raw"))).await;
    assert_eq!(second.status, 200, "{}", second.text);
    assert_eq!(texts(&server, 1), ["one", "Raw.", "two"]);
    let mut client = Client::new(&server).await;
    let stored = client.get(&format!("{RESPONSES}/resp_raw")).await;
    assert_eq!(stored.text, body("resp_raw"));

    for _ in 0..5 {
        let mut client = Client::new(&server).await;
        let _ = client
            .ask("POST", RESPONSES, request("three").to_string())
            .await;
    }
    let unstored = json!({ "store": false });
    ask(&server, with(request("three"), unstored)).await;
    for id in ["resp_failed", "resp_cut", "1", "resp_text", "resp_unstored"] {
        let reply = client.get(&format!("{RESPONSES}/{id}")).await;
        assert_eq!(reply.status, 404, "{id}");
    }
}

#[provider_test]
async fn s49_an_item_can_stand_for_itself_by_its_id(
    #[mock(call(look { at: "sky" }), on(tool_result(look)).reply("Blue."))] server: MockServer,
) {
    let first = ask(&server, request("Look.")).await.json();
    let call = &first["output"][0];
    let input = |id: &Value| {
        json!([
            { "role": "user", "content": "Look." },
            { "type": "item_reference", "id": id },
            { "type": "function_call_output", "call_id": call["call_id"], "output": "blue" },
        ])
    };
    let reply = ask(&server, request(input(&json!("fc_0")))).await;
    assert_eq!(reply.status, 404);
    assert!(reply.text.contains("fc_0"), "{}", reply.text);

    let reply = ask(&server, request(input(&call["id"]))).await;
    assert_eq!(reply.json()["output"][0]["content"][0]["text"], "Blue.");
}

#[provider_test]
async fn a_lenient_server_keeps_the_items_beside_an_unknown_one(
    #[mock(reply("Hi."))] server: MockServer,
) {
    server.lenient();
    let input = json!([
        { "role": "user", "content": "Look." },
        { "type": "item_reference", "id": "fc_0" },
        { "role": "assistant", "content": "Looking." },
        { "role": "user", "content": "And?" },
    ]);
    let reply = ask(&server, request(input)).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let call = &server.calls()[0];
    assert_eq!(call.request().messages[1].text(), "Looking.");
}

#[provider_test]
async fn an_answer_that_breaks_off_is_not_stored(
    #[mock(stream(["a", "b"]).end_after(1), reply("c"))] server: MockServer,
) {
    let reply = ask_streamed(&server, request("one")).await;
    let first: Value = serde_json::from_str(&reply.event_data()[0]).expect("it is JSON");
    let path = format!(
        "{RESPONSES}/{}",
        first["response"]["id"].as_str().expect("an id")
    );
    let mut client = Client::new(&server).await;
    assert_eq!(client.get(&path).await.status, 404);
    ask(&server, request("one")).await;
}
