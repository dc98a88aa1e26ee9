//! Gemini's Interactions, as their clients see them.

use mock_core::builder::{
    any_user_message, call, fail, not_found, on, overloaded, rate_limit, reasoning, refusal, reply,
    script, secs, stream, tool_result, usage, user,
};
use mock_core::scenario::{After, Profile, Scenario};
use mock_core::wire::gemini_interactions::{StreamReader, read_response};
use mock_core::{
    Allow, Ending, FinishReason, MockProvider, MockServer, Role, StreamEvent, provider_test,
};
use serde_json::{Value, json};

use crate::raw_client::{Client, Reply, ended, streamed, until_silent};

const PATH: &str = "/v1beta/interactions";

fn ask(input: impl Into<Value>) -> Value {
    json!({ "model": "gemini-3-flash", "input": input.into() })
}

fn after(request: Value, id: &Value) -> Value {
    let mut request = request;
    request["previous_interaction_id"] = id.clone();
    request
}

fn serve(scenario: Scenario) -> MockServer {
    MockServer::new(MockProvider::new(scenario.profile(Profile::Gemini)))
}

async fn post(server: &MockServer, request: &Value) -> Reply {
    Client::new(server).await.post(PATH, request).await
}

/// The events of a reply, up to the first error.
fn read(reply: &Reply) -> (Vec<StreamEvent>, Option<String>) {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for data in reply.event_data() {
        match reader.read(&data) {
            Ok(read) => events.extend(read),
            Err(error) => return (events, Some(error.message)),
        }
    }
    (events, None)
}

#[provider_test]
async fn an_answer_has_the_form_of_the_api() {
    let turn = reasoning("Hm.")
        .reply("Hi.")
        .usage(usage(11, 9).reasoning(8));
    let server = serve(script([turn.times(2)]));
    for path in [PATH, "/v1/interactions"] {
        let reply = Client::new(&server).await.post(path, &ask("hello")).await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, Some("application/json"))
        );
        let mut body = reply.json();
        let id = body["id"].take();
        assert!(id.as_str().is_some_and(|id| id.starts_with("v1_")), "{id}");
        assert!(body["steps"][0]["signature"].take().is_string());
        assert_eq!(
            body,
            json!({
                "id": null, "object": "interaction", "model": "gemini-3-flash", "status": "completed",
                "created": "2023-11-14T22:13:20Z", "updated": "2023-11-14T22:13:20Z",
                "steps": [
                    { "type": "thought", "summary": [{ "type": "text", "text": "Hm." }], "signature": null },
                    { "type": "model_output", "content": [{ "type": "text", "text": "Hi." }] },
                ],
                "usage": {
                    "total_input_tokens": 11, "total_cached_tokens": 0, "total_output_tokens": 1,
                    "total_thought_tokens": 8, "total_tool_use_tokens": 0, "total_tokens": 20,
                    "input_tokens_by_modality": [{ "modality": "text", "tokens": 11 }],
                },
                "service_tier": "standard",
            })
        );
    }
}

#[provider_test]
async fn a_stream_has_the_events_of_the_api_and_an_end_mark() {
    let server = serve(script([stream(["Hel", "lo"])]));
    let reply = post(&server, &streamed(ask("hi"))).await;
    assert_eq!(
        reply.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    assert_eq!(
        reply.event_names(),
        [
            "interaction.created",
            "interaction.status_update",
            "step.start",
            "step.delta",
            "step.delta",
            "step.stop",
            "interaction.completed",
            "done",
        ]
    );
    assert_eq!(
        reply.event_data().last().map(String::as_str),
        Some("[DONE]")
    );
    let (events, error) = read(&reply);
    let texts = ["Hel", "lo"].map(|text| StreamEvent::Text(text.into()));
    assert_eq!((&events[..2], error), (&texts[..], None));
    assert_eq!(server.exchanges()[0].ending(), Some(Ending::Completed));
}

#[provider_test]
async fn a_call_requires_an_action_and_its_result_goes_on_by_the_id() {
    for stream in [false, true] {
        let server = serve(script([
            on(user("weather")).call("get_weather", json!({ "city": "Oslo" })),
            on(tool_result("get_weather")).reply("18 °C."),
        ]));
        let mut request = ask("weather");
        request["stream"] = stream.into();
        let reply = post(&server, &request).await;
        let first = match stream {
            false => reply.json(),
            true => {
                let (events, _) = read(&reply);
                let finish = events.last();
                let reason = Some(FinishReason::ToolCalls);
                assert!(
                    matches!(finish, Some(StreamEvent::Finish { reason: told, .. }) if *told == reason)
                );
                let data = reply.event_data();
                let created: Value = serde_json::from_str(&data[0]).expect("it is JSON");
                let id = created["interaction"]["id"].as_str().expect("an id");
                // A streamed answer is stored as a whole one.
                Client::new(&server)
                    .await
                    .get(&format!("{PATH}/{id}"))
                    .await
                    .json()
            }
        };
        assert_eq!(first["status"], "requires_action");
        let step = &first["steps"][0];
        assert_eq!(
            (&step["type"], &step["name"], &step["arguments"]),
            (
                &json!("function_call"),
                &json!("get_weather"),
                &json!({ "city": "Oslo" })
            )
        );
        let result = json!([{ "type": "function_result", "call_id": step["id"], "result": "18" }]);
        let reply = post(&server, &after(ask(result), &first["id"])).await;
        let answer = read_response(reply.json()).expect("it is an answer");
        assert_eq!(answer.text(), "18 °C.");
        let calls = server.calls();
        let messages = &calls[1].request().messages;
        let roles: Vec<_> = messages.iter().map(|message| message.role).collect();
        assert_eq!(roles, [Role::User, Role::Assistant, Role::Tool]);
    }
}

#[provider_test]
async fn an_interaction_is_kept_unless_it_is_not_to_be() {
    let server = serve(script([reply("Hi.").times(2)]));
    let mut client = Client::new(&server).await;
    let kept = client.post(PATH, &ask("hello")).await.json();
    let path = format!("{PATH}/{}", kept["id"].as_str().expect("an id"));
    assert_eq!(client.get(&path).await.json(), kept);
    let with_input = client
        .get(&format!("{path}?include_input=true"))
        .await
        .json();
    let text = json!([{ "type": "text", "text": "hello" }]);
    assert_eq!(
        with_input["input"],
        json!([{ "type": "user_input", "content": text }])
    );
    let stream = client.get(&format!("{path}?stream=true")).await;
    assert_eq!(stream.status, 400);
    // The id is unknown to the Responses API.
    let id = kept["id"].as_str().unwrap_or_default();
    assert_eq!(client.get(&format!("/v1/responses/{id}")).await.status, 404);
    let deleted = client.ask("DELETE", &path, "").await.expect("an answer");
    assert_eq!((deleted.status, &*deleted.text), (200, "{}"));
    for method in ["GET", "DELETE"] {
        let reply = client.ask(method, &path, "").await.expect("an answer");
        assert_eq!(
            (reply.status, &reply.json()["error"]["code"]),
            (404, &json!("not_found"))
        );
    }
    let mut request = ask("hello");
    request["store"] = false.into();
    let passed = client.post(PATH, &request).await.json();
    let path = format!("{PATH}/{}", passed["id"].as_str().expect("an id"));
    assert_eq!(client.get(&path).await.status, 404);
    assert_eq!(server.calls().len(), 2);
}

#[provider_test]
async fn an_interaction_that_there_is_not_is_not_continued() {
    let rules = [
        on(any_user_message("first")).reply("One."),
        on(any_user_message("second")).reply("Two."),
    ];
    let server = serve(script([]).rules(rules));
    let lost = post(&server, &after(ask("second"), &json!("v1_x"))).await;
    assert_eq!(
        (lost.status, &lost.json()["error"]["code"]),
        (404, &json!("not_found"))
    );
    let first = post(&server, &ask("first")).await.json();
    server.reset();
    let reply = post(&server, &after(ask("second"), &first["id"])).await;
    assert_eq!(reply.status, 404);
    server.lenient();
    let reply = post(&server, &after(ask("second"), &first["id"])).await;
    assert_eq!(reply.status, 200);
}

#[provider_test]
async fn each_fault_and_each_place_has_its_meaning() {
    let two = || stream(["a", "b"]);
    let (end, done) = ("interaction.completed", "done");
    for (turn, last, ending) in [
        (two().end_after(1), "step.delta", Ending::Truncated),
        (two().end_after(After::All), "step.delta", Ending::Truncated),
        (two().end_after(After::Finish), end, Ending::Truncated),
        (two().malformed_after(1), "step.delta", Ending::Malformed),
        (
            two().error_after(1, overloaded()),
            "error",
            Ending::Completed,
        ),
        (two().finish(FinishReason::Length), done, Ending::Completed),
    ] {
        let server = serve(script([turn]));
        let reply = post(&server, &streamed(ask("hi"))).await;
        let names = reply.event_names();
        assert_eq!(
            names.last().map(String::as_str),
            Some(last),
            "{}",
            reply.text
        );
        assert_eq!(server.exchanges()[0].ending(), Some(ending));
    }
    for (turn, last, is_cut) in [
        (two().cut_after(1), "step.delta", true),
        (two().cut_after(After::Finish), end, true),
        (two().stall_after(1), "step.delta", false),
        (two().stall_after(After::Finish), end, false),
        (two().stall_after(After::Done), done, false),
    ] {
        let server = serve(script([turn]));
        let (text, broken) = until_silent(&server, PATH, &streamed(ask("hi"))).await;
        let names = crate::raw_client::events(&text);
        let name = names.last().map(|event| &*event.event);
        assert_eq!((name, broken), (Some(last), is_cut), "{text}");
        let ending = if is_cut {
            Ending::Cut
        } else {
            Ending::ClientClosed
        };
        assert_eq!(ended(&server).await, ending);
    }
}

#[provider_test]
async fn statuses_tell_why_an_answer_ends() {
    for (reason, status) in [
        (Some(FinishReason::Stop), "completed"),
        (Some(FinishReason::Length), "incomplete"),
        (Some(FinishReason::ContentFilter), "failed"),
        (Some(FinishReason::Other("cancelled".into())), "cancelled"),
    ] {
        let turn = reply("Hi.").finish(reason.clone().expect("a reason"));
        let server = serve(script([turn.times(2)]));
        let body = post(&server, &ask("hi")).await.json();
        assert_eq!(body["status"], status);
        assert_eq!(
            read_response(body).map(|read| read.finish_reason),
            Ok(reason.clone())
        );
        let (events, _) = read(&post(&server, &streamed(ask("hi"))).await);
        let told = events.last().cloned();
        assert!(matches!(told, Some(StreamEvent::Finish { reason: told, .. }) if told == reason));
    }
}

#[provider_test]
async fn errors_have_the_form_of_the_api() {
    let limited = fail(rate_limit().retry_after(secs(2)));
    let server = serve(script([limited, fail(not_found()), fail(overloaded())]));
    for (status, code) in [
        (429, "rate_limit_exceeded"),
        (404, "model_not_found"),
        (503, "service_unavailable"),
    ] {
        let reply = post(&server, &streamed(ask("hi"))).await;
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["error"]["code"]),
            (status, &json!(code))
        );
        assert_eq!(body["error"].as_object().map(|error| error.len()), Some(2));
        let wait = (status == 429).then_some("2");
        assert_eq!(reply.header("retry-after"), wait);
    }
    server.require_key("k");
    let reply = post(&server, &ask("hi")).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (401, &json!("authentication"))
    );
    let mut client = Client::new(&server).await.header("x-goog-api-key", "k");
    let reply = client.post(PATH, &json!({ "model": "m" })).await;
    assert_eq!(
        (reply.status, &reply.json()["error"]["code"]),
        (400, &json!("invalid_request"))
    );
}

#[provider_test]
async fn bad_requests_claim_no_turn() {
    let allow = Allow::NONE.with_unused_turns();
    let server = serve(
        script([reply("Hi.")])
            .allow(allow)
            .models(["gemini-3-flash"]),
    );
    let mut unknown = ask("hi");
    unknown["model"] = "gemini-9".into();
    let legacy = ask(json!([{ "role": "user", "content": "hi" }]));
    let chat = json!({ "model": "m", "messages": [] });
    let generate = json!({ "contents": [{ "parts": [{ "text": "hi" }] }] });
    for (body, status, says) in [
        (json!({}), 400, "missing the required field 'model'"),
        (ask(json!([])), 400, "missing the required field 'input'"),
        (unknown, 404, "gemini-9 is not found"),
        (legacy, 400, "legacy Interactions API schema"),
        (chat, 400, "format of OpenAI Chat Completions"),
        (generate, 400, "format of Gemini,"),
        (
            ask(json!([{ "type": "user_input", "content": [{}] }])),
            400,
            "`input[0].content[0].type` is missing",
        ),
    ] {
        let reply = post(&server, &body).await;
        assert_eq!(reply.status, status, "{}", reply.text);
        let message = reply.json()["error"]["message"].take();
        let message = message.as_str().unwrap_or_default();
        assert!(message.contains(says), "{message}");
    }
    let reply = Client::new(&server)
        .await
        .ask("POST", PATH, "{")
        .await
        .expect("an answer");
    assert!(
        reply.status == 400 && reply.text.contains("not JSON"),
        "{}",
        reply.text
    );
    let mut client = Client::new(&server).await;
    let reply = client.post("/interactions", &ask("hi")).await;
    assert_eq!(reply.status, 404);
    assert!(
        reply.text.contains("write /v1beta/interactions"),
        "{}",
        reply.text
    );
    let reply = client.get(PATH).await;
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn a_call_without_a_result_is_rejected() {
    let allow = Allow::NONE.with_unused_turns();
    let server = serve(script([call("look", json!({})), reply("Hi.")]).allow(allow));
    let first = post(&server, &ask("hi")).await.json();
    let reply = post(&server, &after(ask("go on"), &first["id"])).await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.text.contains("send a result right after the call"),
        "{}",
        reply.text
    );
    server
        .verify()
        .expect("the turns that are left are allowed");
}

#[tokio::test]
async fn a_part_without_a_place_fails_the_test() {
    let server = serve(script([refusal("No.")]));
    let reply = post(&server, &ask("hi")).await;
    assert_eq!(reply.status, 400);
    assert!(
        reply.text.contains("Gemini Interactions has no place for"),
        "{}",
        reply.text
    );
    let report = server.verify().expect_err("it cannot be answered");
    assert!(
        report.to_string().contains("no place for a refusal")
            || report.to_string().contains("no place for refusal"),
        "{report}"
    );
}
