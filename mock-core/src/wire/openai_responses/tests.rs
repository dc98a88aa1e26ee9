//! What is the wire's own: its items, its statuses, the events of an item's life.

mod each_place_of_a_stream;

use serde_json::{Value, json};

use super::{StreamReader, StreamWriter, echo, read_request, read_response, write_request};
use super::{read_error, write_response};
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Message, Part, Reasoning, Role, ToolCall};
use crate::chat::request::Request;
use crate::chat::response::Response;

fn answer(parts: Vec<Part>, reason: FinishReason) -> Value {
    let mut response = Response::new("resp_1", "gpt-4o");
    response.message = Message::new(Role::Assistant, parts);
    response.finish_reason = Some(reason);
    write_response(&response, 1).expect("it can be written")
}

fn item_extra(fields: Value) -> Part {
    let extra = json!({ "item": fields });
    Part::Extra(extra.as_object().cloned().expect("it is an object"))
}

#[test]
fn each_part_is_an_item_or_a_part_of_one() {
    let body = answer(
        vec![
            Part::Reasoning(Reasoning {
                text: "One.".into(),
                signature: None,
            }),
            Part::Reasoning(Reasoning {
                text: "Two.".into(),
                signature: Some("c2VhbA==".into()),
            }),
            Part::Text("Hi".into()),
            Part::Refusal("No.".into()),
            Part::ToolCall(ToolCall::new("call_1", "look", "{}")),
        ],
        FinishReason::ToolCalls,
    );
    let kinds: Vec<_> = body["output"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| &item["type"])
        .collect();
    assert_eq!(kinds, ["reasoning", "message", "function_call"]);
    let [reasoning, message, call] = [0, 1, 2].map(|index| &body["output"][index]);
    let summary = json!([{ "type": "summary_text", "text": "One." }, { "type": "summary_text", "text": "Two." }]);
    assert_eq!(
        (&reasoning["summary"], &reasoning["encrypted_content"]),
        (&summary, &json!("c2VhbA=="))
    );
    assert_eq!(
        message["content"],
        json!([
            { "type": "output_text", "text": "Hi", "annotations": [], "logprobs": [] },
            { "type": "refusal", "refusal": "No." },
        ])
    );
    assert_eq!(
        (&call["call_id"], &call["status"]),
        (&json!("call_1"), &json!("completed"))
    );
    for (item, prefix) in [(reasoning, "rs_"), (message, "msg_"), (call, "fc_")] {
        assert!(
            item["id"].as_str().is_some_and(|id| id.starts_with(prefix)),
            "{item}"
        );
    }
    assert_eq!(
        (&body["status"], &body["completed_at"]),
        (&json!("completed"), &json!(1))
    );
}

#[test]
fn an_answer_that_is_not_complete_says_why() {
    for (reason, status, details) in [
        (
            FinishReason::Length,
            "incomplete",
            json!({ "reason": "max_output_tokens" }),
        ),
        (
            FinishReason::ContentFilter,
            "incomplete",
            json!({ "reason": "content_filter" }),
        ),
        (
            FinishReason::Other("cancelled".into()),
            "cancelled",
            json!(null),
        ),
    ] {
        let body = answer(vec![Part::Text("Hi".into())], reason.clone());
        assert_eq!(
            (&body["status"], &body["incomplete_details"]),
            (&json!(status), &details)
        );
        assert_eq!(body["output"][0]["status"], "incomplete");
        assert_eq!(body["completed_at"], json!(null));
        let read = read_response(body).expect("it can be read");
        assert_eq!(read.finish_reason, Some(reason));
    }
}

#[test]
fn a_custom_tool_call_has_any_text_for_its_input() {
    let parts = vec![
        item_extra(json!({ "type": "custom_tool_call" })),
        Part::ToolCall(ToolCall::new("call_1", "apply_patch", "*** Begin")),
    ];
    let body = answer(parts.clone(), FinishReason::ToolCalls);
    let item = &body["output"][0];
    assert_eq!(
        (&item["type"], &item["input"]),
        (&json!("custom_tool_call"), &json!("*** Begin"))
    );
    assert!(
        item["id"].as_str().is_some_and(|id| id.starts_with("ctc_")),
        "{item}"
    );
    assert_eq!(
        read_response(body).expect("it can be read").message.parts,
        parts
    );

    // A stream makes it one where the request offers the tool as such.
    let head = Response::new("resp_1", "gpt-4o");
    let mut writer = StreamWriter::new(&head, 1).custom_tools(["apply_patch".to_owned()]);
    let mut names = Vec::new();
    for event in [
        StreamEvent::ToolCallStart {
            index: 0,
            id: "call_1".into(),
            name: "apply_patch".into(),
            extra: None,
        },
        StreamEvent::ToolCallDelta {
            index: 0,
            arguments: "*** Begin".into(),
        },
        StreamEvent::Finish {
            reason: Some(FinishReason::ToolCalls),
            usage: None,
        },
    ] {
        let frames = writer.write(&event).expect("it can be written");
        names.extend(
            frames
                .iter()
                .filter_map(|frame| Some(frame.split('\n').next()?.to_owned())),
        );
    }
    assert_eq!(
        names[2..],
        [
            "event: response.output_item.added",
            "event: response.custom_tool_call_input.delta",
            "event: response.custom_tool_call_input.done",
            "event: response.output_item.done",
            "event: response.completed",
        ]
    );
}

#[test]
fn the_summary_and_the_raw_text_of_reasoning_have_events_of_their_own() {
    let names = |raw: bool| {
        let mut writer = StreamWriter::new(&Response::new("resp_1", "gpt-4o"), 1);
        let mut events = vec![
            StreamEvent::Reasoning("Hm.".into()),
            StreamEvent::Text("Hi".into()),
        ];
        if raw {
            let item = item_extra(json!({ "content": "reasoning_text" }));
            events.insert(0, StreamEvent::Part(Box::new(item)));
        }
        let frames = events
            .iter()
            .flat_map(|event| writer.write(event).expect("it can be written"));
        let names = frames
            .filter_map(|frame| Some(frame.lines().next()?["event: response.".len()..].to_owned()));
        names.skip(3).take(5).collect::<Vec<_>>()
    };
    assert_eq!(
        names(false),
        [
            "reasoning_summary_part.added",
            "reasoning_summary_text.delta",
            "reasoning_summary_text.done",
            "reasoning_summary_part.done",
            "output_item.done",
        ]
    );
    assert_eq!(
        names(true),
        [
            "content_part.added",
            "reasoning_text.delta",
            "reasoning_text.done",
            "content_part.done",
            "output_item.done",
        ]
    );
}

#[test]
fn encrypted_reasoning_is_streamed_where_it_is_asked_for() {
    for encrypted in [false, true] {
        let writer = StreamWriter::new(&Response::new("resp_1", "gpt-5"), 1);
        let mut writer = writer.encrypted_reasoning(encrypted);
        let events = [
            StreamEvent::Reasoning("Hm.".into()),
            StreamEvent::ReasoningSignature("seal".into()),
            StreamEvent::RedactedReasoning("sealed".into()),
            StreamEvent::Finish {
                reason: None,
                usage: None,
            },
        ];
        let frames = events
            .iter()
            .flat_map(|event| writer.write(event).expect("it can be written"));
        let all: String = frames.collect();
        assert_eq!(all.contains("encrypted_content"), encrypted);
        assert_eq!(all.matches("\"type\":\"reasoning\"").count(), 6);
    }
}

#[test]
fn an_answer_repeats_its_request_and_the_defaults_say_the_rest() {
    let request = read_request(json!({
        "model": "gpt-4o", "input": "Hi", "instructions": "Be brief.", "max_output_tokens": 9, "store": false,
        "reasoning": { "effort": "low" }, "text": { "verbosity": "low" }, "service_tier": "auto", "user": null,
        "tools": [{ "type": "function", "name": "look" }, { "type": "web_search" }],
    }));
    let request = request.expect("it can be read");
    let mut response = Response::new("resp_1", "gpt-4o");
    response.metadata = echo(&request);
    let body = write_response(&response, 1).expect("it can be written");
    for (name, value) in [
        ("instructions", json!("Be brief.")),
        ("max_output_tokens", json!(9)),
        ("store", json!(false)),
        (
            "reasoning",
            json!({ "context": null, "effort": "low", "summary": null }),
        ),
        (
            "text",
            json!({ "format": { "type": "text" }, "verbosity": "low" }),
        ),
        ("service_tier", json!("default")),
        ("temperature", json!(1.0)),
        ("parallel_tool_calls", json!(true)),
        (
            "tools",
            json!([
                { "type": "function", "name": "look", "description": null, "parameters": null, "strict": true },
                { "type": "web_search" },
            ]),
        ),
    ] {
        assert_eq!(body[name], value, "{name}");
    }
}

#[test]
fn items_of_the_model_are_one_message_and_keep_their_ids() {
    let body = json!({
        "model": "gpt-5",
        "input": [
            { "role": "system", "content": "Be brief." },
            { "type": "message", "role": "user", "content": [{ "type": "input_text", "text": "Look." }] },
            { "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "sealed" },
            { "type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "phase": "commentary",
              "content": [{ "type": "output_text", "text": "Looking.", "annotations": [] }] },
            { "type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": "{}", "status": "completed" },
            { "type": "custom_tool_call", "id": "ctc_1", "call_id": "call_2", "name": "run", "input": "ls" },
            { "type": "function_call_output", "call_id": "call_1", "output": "sun", "status": "completed" },
            { "type": "custom_tool_call_output", "call_id": "call_2", "output": [{ "type": "input_text", "text": "a" }] },
            { "type": "item_reference", "id": "msg_0" },
            { "type": "computer_call_output", "call_id": "call_3", "output": { "type": "computer_screenshot" } },
        ],
    });
    let request = read_request(body.clone()).expect("it can be read");
    let roles: Vec<_> = request
        .messages
        .iter()
        .map(|message| message.role)
        .collect();
    use Role::{Assistant, System, Tool, User};
    assert_eq!(
        roles,
        [System, User, Assistant, Tool, Tool, Assistant, Tool]
    );
    let calls: Vec<_> = request.messages[2].tool_calls().collect();
    assert_eq!(
        calls,
        [
            &ToolCall::new("call_1", "look", "{}"),
            &ToolCall::new("call_2", "run", "ls")
        ]
    );
    assert_eq!(request.messages[2].text(), "Looking.");
    assert_eq!(
        request.messages[4]
            .tool_results()
            .next()
            .map(|result| result.text().into_owned()),
        Some("a".to_owned())
    );

    // All of it is written back, each message with its type.
    let mut expected = body;
    expected["input"][0]["type"] = json!("message");
    expected["input"][3]["content"][0]["logprobs"] = json!([]);
    assert_eq!(
        write_request(&request).expect("it can be written"),
        expected
    );
}

#[test]
fn streams_of_other_servers_are_read() {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for data in [
        r#"{"type":"response.created","response":{"id":"resp_1","model":"m","output":[],"service_tier":"flex"}}"#,
        // A call whose arguments come only at its end.
        r#"{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"look","arguments":""}}"#,
        r#"{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"call_1","name":"look","arguments":"{}"}}"#,
        r#"{"type":"response.web_search_call.searching","output_index":1,"item_id":"ws_1"}"#,
        // Fields that only the end of the answer has.
        r#"{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{"type":"function_call","call_id":"call_1","name":"look","arguments":"{}"},{"type":"message","id":"msg_1","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":3,"output_tokens":2}}}"#,
        "[DONE]",
    ] {
        events.extend(reader.read(data).expect("it can be read"));
    }
    let mut response = reader.head().clone();
    events.into_iter().for_each(|event| response.push(event));
    assert_eq!(
        response.tool_calls().collect::<Vec<_>>(),
        [&ToolCall::new("call_1", "look", "{}")]
    );
    assert_eq!((&*response.text(), &*response.id), ("Hi", "resp_1"));
    assert_eq!(response.usage, Some(Usage::new(3, 2)));
    assert_eq!(response.metadata["service_tier"], "flex");
    assert_eq!(response.finish_reason, Some(FinishReason::ToolCalls));
}

#[test]
fn fields_at_the_end_of_a_stream_replace_those_at_its_beginning() {
    let mut reader = StreamReader::new();
    for data in [
        r#"{"type":"response.created","response":{"id":"resp_1","model":"m","output":[],"service_tier":"auto","store":false}}"#,
        r#"{"type":"response.completed","response":{"id":"resp_1","model":"m","status":"completed","output":[],"service_tier":"default"}}"#,
    ] {
        reader.read(data).expect("it can be read");
    }
    // The tier is the provider's default, which is not kept.
    assert_eq!(json!(reader.head().metadata), json!({ "store": false }));
}

#[test]
fn the_status_of_reasoning_is_kept_if_a_server_sends_one() {
    let item = json!({ "type": "reasoning", "id": "rs_1", "status": "completed", "summary": [] });
    let body = json!({ "id": "resp_1", "model": "m", "status": "completed", "output": [item] });
    let response = read_response(body.clone()).expect("it can be read");
    let written = write_response(&response, 1).expect("it can be written");
    assert_eq!(written["output"], body["output"]);
}

#[test]
fn an_error_within_a_stream_is_read_in_each_of_its_forms() {
    for data in [
        r#"{"type":"error","code":"rate_limit_exceeded","message":"Slow down.","param":null,"sequence_number":3}"#,
        r#"{"type":"error","error":{"type":"requests","code":"rate_limit_exceeded","message":"Slow down.","param":null}}"#,
        r#"{"type":"response.failed","response":{"id":"resp_1","status":"failed","error":{"code":"rate_limit_exceeded","message":"Slow down."}}}"#,
        r#"{"error":{"code":"rate_limit_exceeded","message":"Slow down."}}"#,
    ] {
        let error = StreamReader::new().read(data).expect_err("it is a failure");
        assert_eq!(
            (error.kind, &*error.message),
            (ErrorKind::RateLimit, "Slow down."),
            "{data}"
        );
    }
    let body = r#"{"error":{"code":"model_not_found","message":"No.","param":"model","type":"invalid_request_error"}}"#;
    assert_eq!(read_error(400, [], body).kind, ErrorKind::NotFound);
}

#[test]
fn a_part_without_a_place_is_not_left_out() {
    let mut request = Request::new("gpt-4o").with_message(Message::user("Hi"));
    request.messages[0].name = Some("ada".into());
    assert!(write_request(&request).is_err());
    for parts in [
        vec![item_extra(json!({ "id": "msg_1" }))],
        vec![Part::Other(json!("x"))],
    ] {
        let mut response = Response::new("resp_1", "gpt-4o");
        response.message.parts = parts;
        assert!(write_response(&response, 1).is_err());
    }
}

#[test]
fn a_body_that_cannot_be_read_is_reported_with_its_place() {
    for (body, told) in [
        (
            json!({ "input": 4 }),
            "`input` is a number: give it a text or a list of items",
        ),
        (
            json!({ "input": [{ "role": "owner", "content": "x" }] }),
            "`input[0].role` is `owner`, which is not known here: use `system`, `developer`, `user` or `assistant`",
        ),
        (
            json!({ "input": [{ "type": "function_call", "name": "f" }] }),
            "`input[0].call_id` is missing: give it a text",
        ),
        (
            json!({ "input": [{ "type": "function_call_output", "call_id": "c" }] }),
            "`input[0].output` is missing: give it a text or a list of parts",
        ),
        (
            json!({ "input": [{}] }),
            "`input[0].type` is missing: give it `message`, `function_call`, `reasoning`, …",
        ),
        (
            json!({ "tools": [{ "type": "function" }] }),
            "`tools[0].name` is missing: give it a text",
        ),
    ] {
        let error = read_request(body).expect_err("it cannot be read");
        assert_eq!(error.to_string(), told);
    }
}
