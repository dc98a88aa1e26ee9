//! OpenAI's Responses: whole answers, streams, failures and faults.

use mock_core::builder::{
    content_filter, context_length, overloaded, quota, rate_limit, reasoning, script, secs,
    server_error, stream,
};
use mock_core::scenario::After;
use mock_core::{Ending, MockProvider, MockServer, provider_test};
use serde_json::{Value, json};

use crate::raw_client::{Client, RESPONSES, Reply};

pub(crate) fn request(input: impl Into<Value>) -> Value {
    json!({ "model": "gpt-4o", "input": input.into() })
}

pub(crate) fn with(mut request: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!("{fields} is not an object");
    };
    for (name, value) in fields {
        request[name] = value;
    }
    request
}

pub(crate) async fn ask(server: &MockServer, request: Value) -> Reply {
    Client::new(server).await.post(RESPONSES, &request).await
}

pub(crate) async fn ask_streamed(server: &MockServer, request: Value) -> Reply {
    ask(server, with(request, json!({ "stream": true }))).await
}

/// The id of an answer.
pub(crate) fn id(reply: &Reply) -> String {
    let body = reply.json();
    let id = body["id"].as_str().expect("an answer has an id");
    id.to_owned()
}

#[provider_test]
async fn a_text_is_answered_with_a_message(
    #[mock(on(user("weather in {city}")).reply("Sunny in {city}.").usage(11, 7))]
    server: MockServer,
) {
    let reply = ask(
        &server,
        with(
            request("weather in Paris?"),
            json!({ "instructions": "Be brief.", "top_p": 0.5 }),
        ),
    )
    .await;

    assert_eq!(reply.status, 200);
    let body = reply.json();
    assert_eq!(
        (&body["object"], &body["status"]),
        (&json!("response"), &json!("completed"))
    );
    let message = &body["output"][0];
    assert_eq!(
        (&message["type"], &message["role"], &message["status"]),
        (&json!("message"), &json!("assistant"), &json!("completed"))
    );
    assert_eq!(message["content"][0]["text"], "Sunny in Paris.");
    assert_eq!(body["usage"]["input_tokens"], 11);
    assert_eq!(
        (&body["instructions"], &body["top_p"]),
        (&json!("Be brief."), &json!(0.5))
    );
    assert!(
        body["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("resp_")),
        "{body}"
    );
    let call = &server.calls()[0];
    assert_eq!(call.request().messages.len(), 2);
    assert_eq!(call.request().extra["top_p"], 0.5);
}

#[provider_test]
async fn each_event_of_an_items_life_is_streamed_in_order(
    #[mock(stream(["Hel", "lo"]).usage(11, 7))] server: MockServer,
) {
    let reply = ask_streamed(&server, request("Hello")).await;

    assert_eq!(
        reply.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    assert_eq!(
        reply.event_names(),
        [
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed",
        ]
    );
    for (number, (name, data)) in reply
        .event_names()
        .iter()
        .zip(reply.event_data())
        .enumerate()
    {
        let data: Value = serde_json::from_str(&data).expect("it is JSON");
        assert_eq!(
            (&data["type"], &data["sequence_number"]),
            (&json!(name), &json!(number))
        );
    }
    let last: Value = serde_json::from_str(&reply.event_data()[9]).expect("it is JSON");
    assert_eq!(last["response"]["usage"]["total_tokens"], 18);
    assert_eq!(last["response"]["output"][0]["content"][0]["text"], "Hello");
}

#[provider_test]
async fn calls_have_an_id_of_the_item_and_one_of_the_call(
    #[mock(call(look { at: "sky" }).call(look { at: "sea" }), on(tool_result(look)).reply("Blue."))]
    server: MockServer,
) {
    let tools = json!({ "tools": [{ "type": "function", "name": "look", "parameters": {} }] });
    let first = ask(&server, with(request("Look."), tools.clone()))
        .await
        .json();
    let output = first["output"].as_array().expect("a list").clone();
    assert_eq!(output.len(), 2);
    let mut input = vec![json!({ "role": "user", "content": "Look." })];
    for item in &output {
        let (id, call) = (item["id"].as_str(), item["call_id"].as_str());
        assert!(
            id.is_some_and(|id| id.starts_with("fc_"))
                && call.is_some_and(|id| id.starts_with("call_")),
            "{item}"
        );
    }
    input.extend(output.iter().cloned());
    input.extend(output.iter().map(|item| {
        json!({
            "type": "function_call_output", "call_id": item["call_id"], "output": "blue",
        })
    }));

    let second = ask(&server, with(request(input), tools)).await.json();
    assert_eq!(second["output"][0]["content"][0]["text"], "Blue.");
}

#[provider_test]
async fn reasoning_is_encrypted_only_where_that_is_asked_for() {
    for streamed in [false, true] {
        for included in [false, true] {
            let server = MockServer::new(MockProvider::script([reasoning("Hm.").reply("Hi.")]));
            let include = if included {
                json!(["reasoning.encrypted_content"])
            } else {
                json!([])
            };
            let reply = ask(
                &server,
                with(
                    request("Hello"),
                    json!({ "include": include, "stream": streamed }),
                ),
            )
            .await;
            assert_eq!(
                reply.text.contains("encrypted_content\":"),
                included,
                "{}",
                reply.text
            );
            assert!(reply.text.contains("summary_text"), "{}", reply.text);
        }
    }
}

#[provider_test]
async fn a_call_of_a_custom_tool_is_one_of_its_own(
    #[mock(call(run.raw("ls")).times(2))] server: MockServer,
) {
    for streamed in [false, true] {
        let tools = json!({ "tools": [{ "type": "custom", "name": "run" }], "stream": streamed });
        let reply = ask(&server, with(request("Run it."), tools)).await;
        let parts = [r#""type":"custom_tool_call""#, r#""input":"ls""#];
        assert!(
            parts.iter().all(|part| reply.text.contains(part)),
            "{}",
            reply.text
        );
    }
}

#[provider_test]
async fn an_answer_that_is_cut_short_is_incomplete(
    #[mock(reply("Hi.").finish(length).times(2))] server: MockServer,
) {
    let body = ask(&server, request("Hello")).await.json();
    assert_eq!(
        (&body["status"], &body["incomplete_details"]["reason"]),
        (&json!("incomplete"), &json!("max_output_tokens"))
    );

    let reply = ask_streamed(&server, request("Hello")).await;
    assert_eq!(
        reply.event_names().last().map(String::as_str),
        Some("response.incomplete")
    );
}

#[provider_test]
async fn failures_are_those_of_the_provider(
    #[mock(fail(rate_limit { retry_after: 2s }), fail(not_found))] server: MockServer,
) {
    let reply = ask_streamed(&server, request("Hello")).await;
    assert_eq!(
        (reply.status, reply.header("retry-after")),
        (429, Some("2"))
    );
    assert_eq!(reply.json()["error"]["code"], "rate_limit_exceeded");

    let reply = ask(&server, request("Hello")).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (400, &json!("model_not_found"))
    );
}

#[provider_test]
async fn an_error_in_mid_stream_fails_the_answer_or_the_stream(
    #[mock(stream(["a", "b"]).error_after(1, overloaded), stream(["a", "b"]).error_after(1, generic))]
    server: MockServer,
) {
    for (event, path) in [
        ("response.failed", "/response/error/message"),
        ("error", "/message"),
    ] {
        let reply = ask_streamed(&server, request("Hello")).await;
        assert_eq!(reply.event_names().last().map(String::as_str), Some(event));
        let last: Value =
            serde_json::from_str(reply.event_data().last().expect("an event")).expect("it is JSON");
        assert!(last.pointer(path).is_some_and(Value::is_string), "{last}");
        assert_eq!(last["sequence_number"], 5);
    }
}

#[provider_test]
async fn each_fault_has_its_meaning() {
    let scenario = || stream(["a", "b", "c"]);
    for (turn, last, ending) in [
        (
            scenario().end_after(1),
            "response.output_text.delta",
            Ending::Truncated,
        ),
        (
            scenario().end_after(After::All),
            "response.output_text.delta",
            Ending::Truncated,
        ),
        (
            scenario().malformed_after(1),
            "response.output_text.delta",
            Ending::Malformed,
        ),
        (
            scenario().end_after(After::Finish),
            "response.completed",
            Ending::Completed,
        ),
        (scenario(), "response.completed", Ending::Completed),
    ] {
        let server = MockServer::new(MockProvider::script([turn]));
        let reply = ask_streamed(&server, request("Hello")).await;
        assert_eq!(reply.event_names().last().map(String::as_str), Some(last));
        server.wait_for_exchanges(1).await;
        assert_eq!(server.exchanges()[0].ending(), Some(ending));
    }
}

#[provider_test]
async fn a_request_that_the_provider_rejects_becomes_no_call(
    #[mock(reply("Hi."))] server: MockServer,
) {
    let reply = ask(&server, json!({ "input": "Hello" })).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["param"]),
        (400, &json!("model"))
    );
    assert!(server.calls().is_empty());
    let reply = ask(&server, request("Hello")).await;
    assert_eq!(reply.status, 200);
}

#[provider_test]
async fn the_path_without_the_version_is_reported(
    #[mock(reply("Hi.").times(0..))] server: MockServer,
) {
    let reply = Client::new(&server)
        .await
        .post("/responses", &request("Hello"))
        .await;
    assert_eq!(reply.status, 404);
    assert!(reply.text.contains("/v1"), "{}", reply.text);
}

#[provider_test]
async fn requests_other_than_for_answers_claim_no_turn(#[mock(reply("a"))] server: MockServer) {
    let input = json!([{ "role": "user", "content": "one two three" }, { "role": "assistant", "content": "b" }]);
    let first = id(&ask(&server, request(input.clone())).await);
    let mut client = Client::new(&server).await;

    let items = client
        .get(&format!(
            "{RESPONSES}/{first}/input_items?order=asc&limit=1"
        ))
        .await
        .json();
    assert_eq!(
        (&items["object"], &items["has_more"]),
        (&json!("list"), &json!(true))
    );
    assert_eq!(
        items["data"][0]["content"],
        json!([{ "type": "input_text", "text": "one two three" }])
    );
    assert!(
        items["data"][0]["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("msg_")),
        "{items}"
    );

    let tokens = client
        .post(
            &format!("{RESPONSES}/input_tokens"),
            &request(input.clone()),
        )
        .await
        .json();
    assert_eq!(
        tokens,
        json!({ "object": "response.input_tokens", "input_tokens": 4 })
    );

    let compact = client
        .post(&format!("{RESPONSES}/compact"), &request(input))
        .await
        .json();
    assert_eq!(compact["object"], "response.compaction");
    let kinds: Vec<_> = compact["output"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| &item["type"])
        .collect();
    assert_eq!(kinds, ["message", "compaction"]);

    for (method, path, status) in [
        ("POST", format!("{RESPONSES}/{first}/cancel"), 404),
        ("PUT", format!("{RESPONSES}/{first}"), 405),
        ("POST", format!("{RESPONSES}/compact"), 400),
    ] {
        let reply = client.ask(method, &path, "{}").await.expect("an answer");
        assert_eq!(reply.status, status, "{path}: {}", reply.text);
    }
    assert_eq!(server.calls().len(), 1);
}

#[provider_test]
async fn fields_of_responses_that_the_server_does_not_support_are_rejected_by_name(
    #[mock(openai_responses, reply("Hi."))] server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for (field, value) in [
        ("background", json!(true)),
        ("conversation", json!("conv_1")),
    ] {
        let mut body = json!({ "model": "gpt-5", "input": "a" });
        body[field] = value;
        let reply = client.post(RESPONSES, &body).await;
        let error = &reply.json()["error"];
        assert_eq!((reply.status, &error["param"]), (400, &json!(field)));
        let message = error["message"].as_str().expect("a text");
        assert!(message.contains("[mock: the mock server "), "{message}");
    }
    let body = json!({ "model": "gpt-5", "input": "a", "background": false, "conversation": null });
    assert_eq!(client.post(RESPONSES, &body).await.status, 200);
}

#[provider_test]
async fn an_error_within_an_answer_is_the_same_in_a_whole_one_and_in_a_stream() {
    let kinds = [
        (rate_limit(), "rate_limit_exceeded"),
        (overloaded(), "server_is_overloaded"),
        (server_error(), "server_error"),
        (quota(), "insufficient_quota"),
        (context_length(), "context_length_exceeded"),
        (content_filter(), "content_policy_violation"),
    ];
    for (kind, code) in kinds {
        for (after, items) in [
            (After::Deltas(0), 0),
            (After::Deltas(1), 0),
            (After::Deltas(2), 1),
            (After::All, 2),
            (After::Time(secs(1)), 1),
        ] {
            let turn = reasoning("Hm.").reply("One two").call("look", ());
            let turn = turn.every(secs(1)).error_after(after, kind.clone());
            let answer = async |streamed: bool| {
                let turn = turn.clone().headers([("x-a", "b")]);
                let server = MockServer::new(MockProvider::new(script([turn]).seed(7)));
                let body = with(request("a"), json!({ "stream": streamed }));
                let reply = Client::new(&server).await.post(RESPONSES, &body).await;
                assert_eq!((reply.status, reply.header("x-a")), (200, Some("b")));
                reply
            };
            let whole = answer(false).await.json();
            let stream = answer(true).await;
            let name = stream.event_names().pop();
            assert_eq!(name.as_deref(), Some("response.failed"));
            let last = stream.event_data().pop().expect("an event");
            let mut last: Value = serde_json::from_str(&last).expect("it is JSON");
            // The second request came later, so its time differs.
            last["response"]["created_at"] = whole["created_at"].clone();
            assert_eq!(whole, last["response"], "{after:?}");
            let said = (&whole["status"], &whole["error"]["code"]);
            assert_eq!(said, (&json!("failed"), &json!(code)));
            let output = whole["output"].as_array().map(Vec::len);
            assert_eq!(output, Some(items), "{after:?}: {whole}");
        }
    }
}

#[provider_test]
async fn an_error_that_is_not_of_the_answer_has_its_status_in_a_whole_one(
    #[mock(
        openai_responses,
        reply("One two").error_after(1, permission),
        reply("One two").error_after(finish, overloaded),
        fail(overloaded),
    )]
    server: MockServer,
) {
    let mut client = Client::new(&server).await;
    for status in [403, 503, 503] {
        let reply = client.post(RESPONSES, &request("a")).await;
        assert_eq!(reply.status, status, "{reply:?}");
    }
}
