//! The exact frames of a stream.

use serde_json::{Value, json};

use super::super::*;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::response::Response;

/// A writer's frames: the data of each, as JSON where it is.
fn frames(writer: &mut StreamWriter, events: &[StreamEvent]) -> Vec<Value> {
    let frames = events.iter().flat_map(|event| {
        let frames = writer.write(event).expect("it has a place");
        let is_last = matches!(event, StreamEvent::Finish { .. });
        frames
            .into_iter()
            .chain(is_last.then(|| writer.end()).into_iter().flatten())
    });
    let frames: Vec<_> = frames.collect();
    let frames = frames.into_iter();
    let data = frames.map(|frame| {
        let data = frame
            .strip_prefix("data: ")
            .and_then(|data| data.strip_suffix("\n\n"));
        let data = data.expect("a frame is a line of data and an empty line");
        serde_json::from_str(data).unwrap_or_else(|_| data.into())
    });
    data.collect()
}

fn chunk(delta: Value, reason: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 7, "model": "m",
        "choices": [{ "index": 0, "delta": delta, "logprobs": null, "finish_reason": reason }],
    })
}

fn finish(reason: FinishReason) -> StreamEvent {
    StreamEvent::Finish {
        reason: Some(reason),
        usage: Some(Usage::new(11, 2)),
    }
}

#[test]
fn a_streamed_text_has_the_exact_frames_of_the_wire() {
    let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "m"), 7);
    let events = [
        StreamEvent::Text("Hel".into()),
        StreamEvent::Text("lo".into()),
        finish(FinishReason::Stop),
    ];
    let expected = [
        chunk(
            json!({ "role": "assistant", "content": "", "refusal": null }),
            None,
        ),
        chunk(json!({ "content": "Hel" }), None),
        chunk(json!({ "content": "lo" }), None),
        chunk(json!({}), Some("stop")),
        json!("[DONE]"),
    ];
    assert_eq!(frames(&mut writer, &events), expected);
    let late = writer.write(&events[0]).expect_err("the stream has ended");
    assert_eq!(
        late.to_string(),
        "OpenAI Chat Completions can have no text after the end: change the order of the events"
    );
}

#[test]
fn each_chunk_has_the_metadata_and_the_last_what_they_know_of_usage() {
    let mut head = Response::new("chatcmpl-1", "m");
    head.metadata
        .insert("service_tier".into(), "default".into());
    head.metadata
        .insert("usage".into(), json!({ "queue_time": 1 }));
    let mut plain = StreamWriter::new(&head, 7);
    for chunk in &frames(&mut plain, &[finish(FinishReason::Stop)])[..2] {
        assert_eq!(
            (&chunk["service_tier"], chunk.get("usage")),
            (&json!("default"), None)
        );
    }
    let mut telling = StreamWriter::new(&head, 7).include_usage(true);
    let written = frames(&mut telling, &[finish(FinishReason::Stop)]);
    assert_eq!(written[2]["usage"]["queue_time"], 1);
}

#[test]
fn spaces_around_the_end_are_nothing() {
    let mut reader = StreamReader::new();
    let last = chunk(json!({}), Some("stop"));
    assert_eq!(reader.read(&last.to_string()), Ok(Vec::new()));
    let end = StreamEvent::Finish {
        reason: Some(FinishReason::Stop),
        usage: None,
    };
    assert_eq!(reader.read(" [DONE]\n"), Ok(vec![end]));
}

#[test]
fn a_chunk_has_its_own_choices_only() {
    let mut head = Response::new("chatcmpl-1", "m");
    let known = json!([{ "logprobs": { "content": [] } }]);
    head.metadata.insert("choices".into(), known);
    let event = StreamEvent::Text("Hi".into());
    let written = StreamWriter::new(&head, 7).write(&event);
    for frame in written.expect("it has a place") {
        assert_eq!(frame.matches("\"choices\"").count(), 1, "{frame}");
    }
}

#[test]
fn a_streamed_refusal_has_no_content() {
    let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "m"), 7);
    let events = [
        StreamEvent::Refusal("No.".into()),
        finish(FinishReason::Stop),
    ];
    let expected = [
        chunk(
            json!({ "role": "assistant", "content": null, "refusal": "" }),
            None,
        ),
        chunk(json!({ "refusal": "No." }), None),
        chunk(json!({}), Some("stop")),
        json!("[DONE]"),
    ];
    assert_eq!(frames(&mut writer, &events), expected);
}

#[test]
fn errors_of_a_stream_are_recognized_by_their_type() {
    for (of, kind) in [
        ("timeout", ErrorKind::Timeout),
        ("tokens", ErrorKind::RateLimit),
        ("requests", ErrorKind::RateLimit),
        ("server_error", ErrorKind::ServerError),
    ] {
        let data = json!({ "error": { "type": of, "message": "Sorry." } });
        let error = StreamReader::new().read(&data.to_string());
        assert_eq!(error.expect_err("it is an error").kind, kind, "{of}");
    }
}

#[test]
fn usage_is_streamed_where_it_is_asked_for() {
    let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "m"), 7).include_usage(true);
    let with_null = |delta, reason| {
        let mut chunk = chunk(delta, reason);
        chunk["usage"] = Value::Null;
        chunk
    };
    let expected = [
        with_null(
            json!({ "role": "assistant", "content": "", "refusal": null }),
            None,
        ),
        with_null(json!({ "content": "Hi" }), None),
        with_null(json!({}), Some("length")),
        json!({
            "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 7, "model": "m", "choices": [],
            "usage": {
                "prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13,
                "prompt_tokens_details": { "cached_tokens": 0 }, "completion_tokens_details": { "reasoning_tokens": 0 },
            },
        }),
        json!("[DONE]"),
    ];
    let events = [StreamEvent::Text("Hi".into()), finish(FinishReason::Length)];
    assert_eq!(frames(&mut writer, &events), expected);
}

#[test]
fn streamed_calls_have_their_id_and_name_once() {
    let start = |index, id: &str| StreamEvent::ToolCallStart {
        index,
        id: id.into(),
        name: "f".into(),
        extra: None,
    };
    let piece = |index, arguments: &str| StreamEvent::ToolCallDelta {
        index,
        arguments: arguments.into(),
    };
    let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "m"), 7);
    let events = [
        start(0, "call_1"),
        piece(0, "{\"a\""),
        start(1, "call_2"),
        finish(FinishReason::ToolCalls),
    ];
    let call = |call| chunk(json!({ "tool_calls": [call] }), None);
    let function = json!({ "name": "f", "arguments": "" });
    let first = json!({ "index": 0, "id": "call_1", "type": "function", "function": function });
    let expected = [
        chunk(
            json!({ "role": "assistant", "content": null, "refusal": null, "tool_calls": [first] }),
            None,
        ),
        call(json!({ "index": 0, "function": { "arguments": "{\"a\"" } })),
        call(json!({ "index": 1, "id": "call_2", "type": "function", "function": function })),
        chunk(json!({}), Some("tool_calls")),
        json!("[DONE]"),
    ];
    assert_eq!(frames(&mut writer, &events), expected);
}

#[test]
fn a_stream_may_begin_before_its_first_event() {
    let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "m"), 7);
    let mut start = || writer.start().expect("it can begin");
    assert_eq!(start().len(), 1);
    assert!(start().is_empty());
    let refusal = frames(&mut writer, &[StreamEvent::Refusal("No.".into())]);
    assert_eq!(refusal, [chunk(json!({ "refusal": "No." }), None)]);
}

#[test]
fn streams_of_other_servers_are_read() {
    let mut reader = StreamReader::new();
    let mut read = |delta: Value| {
        let chunk = json!({ "choices": [{ "delta": delta }, { "index": 1, "delta": { "content": "no" } }] });
        reader.read(&chunk.to_string()).expect("it can be read")
    };
    assert_eq!(
        read(json!({ "reasoning": "Hm.", "content": "" })),
        [StreamEvent::Reasoning("Hm.".into())]
    );
    // A whole call at once, without its index, and then a piece of another call that has not begun.
    let whole = json!({ "id": "c", "function": { "name": "f", "arguments": "{}" } });
    let events = read(json!({ "content": null, "tool_calls": [whole] }));
    assert_eq!(events.len(), 2);
    let lost =
        json!({ "choices": [{ "delta": { "tool_calls": [{ "index": 4, "function": {} }] } }] });
    let error = reader.read(&lost.to_string()).expect_err("it has no id");
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
    assert_eq!(
        error.message,
        "`choices[0].delta.tool_calls[0].id` is missing: give it a text"
    );
}

#[test]
fn a_stream_without_its_end_has_no_finish() {
    let mut reader = StreamReader::new();
    let chunk = json!({ "choices": [{ "delta": {}, "finish_reason": "stop" }] });
    assert_eq!(reader.read(&chunk.to_string()), Ok(vec![]));
    assert!(reader.read("not json").is_err());
}
