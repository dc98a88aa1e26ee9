//! Tests of this wire.

use serde_json::{Value, json};

use super::{
    StreamReader, StreamWriter, join_history, read_request, read_response, write_request,
    write_response,
};
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role};
use crate::chat::request::Request;
use crate::chat::response::Response;

/// The events of the frames of a stream.
fn read(frames: &[String]) -> Vec<StreamEvent> {
    let mut reader = StreamReader::new();
    let data = frames.iter().filter_map(|frame| frame.split_once("data: "));
    data.flat_map(|(_, data)| reader.read(data).expect("it can be read"))
        .collect()
}

#[test]
fn each_form_of_input_is_read() {
    let text = json!({ "type": "text", "text": "hi" });
    for input in [
        json!("hi"),
        text.clone(),
        json!([text]),
        json!([{ "type": "user_input", "content": [text] }]),
        json!([{ "type": "user_input", "content": "hi" }]),
    ] {
        let body = json!({ "model": "models/m", "input": input });
        let request = read_request(body).expect("it can be read");
        assert_eq!(
            (&*request.model, &*request.messages),
            ("m", &[Message::user("hi")][..])
        );
    }
    let contents = json!([
        text, { "type": "image", "mime_type": "image/png", "data": "QUJD" },
        { "type": "function_result", "call_id": "c", "result": { "a": 1 }, "is_error": true },
        { "type": "document", "uri": "https://example.com/a.pdf" },
    ]);
    let request = read_request(json!({ "input": contents })).expect("it can be read");
    let roles: Vec<_> = request
        .messages
        .iter()
        .map(|message| message.role)
        .collect();
    assert_eq!(roles, [Role::User, Role::Tool, Role::User]);
    assert_eq!(request.messages[0].parts.len(), 2);
    let result = request.messages[1].tool_results().next().expect("a result");
    assert_eq!((&*result.text(), result.is_error), (r#"{"a":1}"#, true));
    // All of it is written again as it came.
    let body = write_request(&request).expect("it has a place");
    assert_eq!(body["input"], contents);
}

#[test]
fn a_body_that_cannot_be_read_is_reported_with_its_place() {
    for (body, says) in [
        (json!({ "input": 4 }), "`input` is a number"),
        (json!({ "input": [4] }), "`input[0]` is a number"),
        (json!({ "input": [{}] }), "`input[0].type` is missing"),
        (
            json!({ "input": [{ "type": "user_input", "content": [{ "type": "text" }] }] }),
            "`input[0].content[0].text` is missing",
        ),
        (
            json!({ "input": [{ "type": "function_call", "name": "f", "arguments": "{}" }] }),
            "`input[0].arguments` is a text",
        ),
        (
            json!({ "input": [{ "type": "function_result", "call_id": "c" }] }),
            "`input[0].result` is missing",
        ),
        (
            json!({ "input": [{ "type": "function_result", "result": "x" }] }),
            "`input[0].call_id` is missing",
        ),
        (
            json!({ "input": [{ "type": "thought", "summary": [{ "type": "text" }] }] }),
            "`input[0].summary[0].text` is missing",
        ),
    ] {
        let error = read_request(body).expect_err("it cannot be read");
        assert!(error.to_string().starts_with(says), "{error}");
    }
}

#[test]
fn steps_are_kept_as_they_came() {
    let text = |text: &str| json!({ "type": "text", "text": text });
    let output = |content: Value| json!({ "type": "model_output", "content": content });
    let image = json!({ "type": "image", "uri": "https://example.com/a.png", "resolution": "low" });
    let cited = json!({ "type": "text", "text": "a", "annotations": [{ "type": "url_citation" }] });
    for steps in [
        json!([]),
        json!([{ "type": "thought", "signature": "s" }, output(json!([text("a")]))]),
        json!([output(json!([text("a")])), output(json!([text("b")]))]),
        json!([output(
            json!([cited, image, text("b"), { "type": "audio", "data": "QUJD" }])
        )]),
        json!([output(json!([image])), output(json!([text("b")]))]),
        json!([{ "type": "thought", "summary": [text("Hm.")], "signature": "s" }, { "type": "thought" }]),
        json!([{ "type": "thought", "summary": [image] }]),
        json!([{ "type": "model_output" }, { "type": "model_output", "error": { "code": 1 } }]),
        json!([{ "type": "model_output", "content": [text("a")], "error": { "code": 1 } }]),
        json!([{ "type": "function_call", "id": "c", "name": "f", "arguments": { "a": 1 }, "signature": "s" }]),
        json!([{ "type": "google_search_call", "id": "c", "arguments": {} }, output(json!([text("a")]))]),
    ] {
        let body = json!({
            "id": "v1_1", "model": "m", "object": "interaction", "status": "completed",
            "created": "1970-01-01T00:00:00Z", "updated": "1970-01-01T00:00:00Z", "steps": steps,
        });
        let response = read_response(body.clone()).expect("it can be read");
        assert_eq!(write_response(&response, 0), Ok(body), "{response:?}");
    }
}

#[test]
fn a_stream_reports_the_steps_and_the_status() {
    let mut writer = StreamWriter::new(&Response::new("v1_1", "m"), 0);
    let mut frames = Vec::new();
    for event in [
        StreamEvent::Reasoning("Hm.".into()),
        StreamEvent::ReasoningSignature("seal".into()),
        StreamEvent::ToolCallStart {
            index: 0,
            id: "c1".into(),
            name: "look".into(),
            extra: None,
        },
        StreamEvent::ToolCallDelta {
            index: 0,
            arguments: "{\"a\":".into(),
        },
        StreamEvent::ToolCallDelta {
            index: 0,
            arguments: "1}".into(),
        },
        StreamEvent::Finish {
            reason: Some(FinishReason::ToolCalls),
            usage: Some(Usage::new(3, 5).reasoning(2)),
        },
    ] {
        frames.extend(writer.write(&event).expect("it has a place"));
    }
    let data = frames.iter().filter_map(|frame| frame.split_once("data: "));
    let data = data.map(|(_, data)| serde_json::from_str(data).expect("it is JSON"));
    let data: Vec<Value> = data.collect();
    for (at, event) in data.iter().enumerate() {
        assert_eq!(event["event_id"], (at + 1).to_string());
    }
    let kinds: Vec<_> = data
        .iter()
        .filter_map(|event| event["event_type"].as_str())
        .collect();
    assert_eq!(
        kinds,
        [
            "interaction.created",
            "interaction.status_update",
            "step.start",
            "step.delta",
            "step.delta",
            "step.stop",
            "step.start",
            "step.delta",
            "step.delta",
            "step.stop",
            "interaction.completed",
        ]
    );
    assert_eq!(data[0]["interaction"]["status"], "in_progress");
    let start = json!({ "type": "function_call", "id": "c1", "name": "look", "arguments": {} });
    assert_eq!((&data[6]["step"], &data[6]["index"]), (&start, &json!(1)));
    let piece = json!({ "type": "arguments_delta", "arguments": "{\"a\":" });
    assert_eq!(data[7]["delta"], piece);
    let end = &data[10]["interaction"];
    assert_eq!(
        (&end["status"], &end["steps"]),
        (&json!("requires_action"), &Value::Null)
    );
    assert_eq!(
        end["usage"],
        json!({
            "total_input_tokens": 3, "total_cached_tokens": 0, "total_output_tokens": 3,
            "total_thought_tokens": 2, "total_tool_use_tokens": 0, "total_tokens": 8,
        })
    );
    // A stored interaction has the steps.
    let (id, answer) = writer.take_answer().expect("it is complete");
    let answer: Value = serde_json::from_str(&answer).expect("it is JSON");
    assert_eq!(
        (&*id, answer["steps"][1]["arguments"]["a"].as_u64()),
        ("v1_1", Some(1))
    );
}

#[test]
fn events_that_a_writer_never_writes_are_read() {
    let frame = |json: Value| format!("data: {json}\n\n");
    let start =
        |step: Value| frame(json!({ "event_type": "step.start", "index": 0, "step": step }));
    let delta = |delta: Value| frame(json!({ "event_type": "step.delta", "delta": delta }));
    let stop = || frame(json!({ "event_type": "step.stop", "index": 0 }));
    let citation = json!({ "annotations": [{ "type": "url_citation" }] });
    let events = read(&[
        frame(json!({ "event_type": "interaction.of_the_future" })),
        start(json!({ "type": "model_output", "content": [{ "type": "text", "text": "a" }] })),
        delta(json!({ "type": "text", "text": "b" })),
        delta(json!({ "type": "text_annotation", "annotations": [{ "type": "url_citation" }] })),
        delta(json!({ "type": "of_the_future" })),
        stop(),
        start(json!({ "type": "google_search_call", "id": "g" })),
        delta(json!({ "type": "google_search_call", "arguments": { "queries": ["x"] } })),
        stop(),
        start(json!({ "type": "function_call", "id": "c", "name": "f", "arguments": { "a": 1 } })),
        stop(),
        start(json!({ "type": "thought", "summary": [], "signature": "s" })),
        stop(),
        start(json!({ "type": "thought" })),
        stop(),
        "data: [DONE]\n\n".to_owned(),
    ]);
    let part = |part: Part| StreamEvent::Part(Box::new(part));
    let search =
        json!({ "type": "google_search_call", "id": "g", "arguments": { "queries": ["x"] } });
    assert_eq!(
        events,
        [
            StreamEvent::Text("a".into()),
            StreamEvent::Text("b".into()),
            part(Part::Extra(
                citation.as_object().cloned().expect("an object")
            )),
            part(Part::Other(search)),
            StreamEvent::ToolCallStart {
                index: 0,
                id: "c".into(),
                name: "f".into(),
                extra: None,
            },
            StreamEvent::ToolCallDelta {
                index: 0,
                arguments: r#"{"a":1}"#.into(),
            },
            StreamEvent::ReasoningSignature("s".into()),
            part(Part::Reasoning(Reasoning::new(""))),
        ]
    );
}

#[test]
fn events_in_the_wrong_order_are_an_error() {
    let mut writer = StreamWriter::new(&Response::new("v1_1", "m"), 0);
    let delta = StreamEvent::ToolCallDelta {
        index: 0,
        arguments: "{}".into(),
    };
    assert!(writer.write(&delta).is_err());
    let finish = StreamEvent::Finish {
        reason: None,
        usage: None,
    };
    assert!(writer.write(&finish).is_ok());
    assert!(writer.write(&StreamEvent::Text("a".into())).is_err());
    let reason = Some(FinishReason::Other("eos".into()));
    let mut writer = StreamWriter::new(&Response::new("v1_1", "m"), 0);
    let error = writer.write(&StreamEvent::Finish {
        reason,
        usage: None,
    });
    assert!(
        error
            .expect_err("it is not a status")
            .to_string()
            .contains("`eos`")
    );
}

#[test]
fn a_conversation_goes_on_with_the_steps_before() {
    let request_body = json!({ "input": "What time is it?", "system_instruction": "Old." });
    let answered = json!({ "steps": [
        { "type": "thought", "signature": "s" },
        { "type": "function_call", "id": "c1", "name": "get_time", "arguments": {} },
    ] });
    let (request_body, answered) = (request_body.to_string(), answered.to_string());
    let body = json!({
        "system_instruction": "New.",
        "input": [{ "type": "function_result", "call_id": "c1", "result": "noon" }],
    });
    let mut request = read_request(body).expect("it can be read");
    join_history(
        &mut request,
        &[(request_body.as_bytes(), answered.as_bytes())],
    );
    let roles: Vec<_> = request
        .messages
        .iter()
        .map(|message| message.role)
        .collect();
    assert_eq!(
        roles,
        [Role::System, Role::User, Role::Assistant, Role::Tool]
    );
    assert_eq!(request.messages[0].text(), "New.");
    assert_eq!(request.messages[2].tool_calls().count(), 1);
}

#[test]
fn a_part_without_a_place_in_a_request_is_an_error() {
    let image = Part::Image(Image::Url("https://example.com/a.png".into()));
    for message in [
        Message::new(
            Role::System,
            vec![Part::Text("a".into()), Part::Text("b".into())],
        ),
        Message::new(Role::User, vec![Part::Refusal("No.".into())]),
        Message::new(Role::Assistant, vec![Part::RedactedReasoning("x".into())]),
        Message::new(Role::Tool, vec![image]),
        Message::new(Role::Tool, Vec::new()),
        Message {
            name: Some("ada".into()),
            ..Message::user("a")
        },
    ] {
        let mut request = Request::new("m");
        request.messages.push(message.clone());
        assert!(write_request(&request).is_err(), "{message:?}");
    }
}
