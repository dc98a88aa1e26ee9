//! What a stream says that has no name here.

use serde_json::{Value, json};

use super::super::*;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::response::Response;

/// The events of these chunks, and what the reader has been told beside them.
fn read(chunks: &[Value]) -> (Vec<StreamEvent>, Response) {
    let mut reader = StreamReader::new();
    let events = chunks
        .iter()
        .flat_map(|chunk| reader.read(&chunk.to_string()).expect("it can be read"));
    let mut events: Vec<_> = events.collect();
    events.extend(reader.end());
    (events, reader.head().clone())
}

fn chunk(choice: Value) -> Value {
    json!({ "id": "c", "model": "m", "choices": [choice] })
}

/// The chunks of a stream that are not the end mark.
fn write(head: &Response, events: &[StreamEvent]) -> Vec<Value> {
    let mut writer = StreamWriter::new(head, 1).include_usage(true);
    let frames = events
        .iter()
        .flat_map(|event| writer.write(event).expect("it has a place"));
    let data = frames.map(|frame| {
        let data = frame.strip_prefix("data: ").expect("it is data");
        serde_json::from_str(data).expect("it is JSON")
    });
    data.collect()
}

#[test]
fn a_stream_without_an_end_mark_reports_its_finish_reason_and_its_usage() {
    let text = chunk(json!({ "index": 0, "delta": { "content": "Hi" } }));
    let stop = chunk(json!({ "index": 0, "delta": {}, "finish_reason": "stop" }));
    let usage = json!({ "choices": [], "usage": { "prompt_tokens": 1, "completion_tokens": 2 } });
    let text_event = StreamEvent::Text("Hi".into());
    let finish = |reason, usage| StreamEvent::Finish { reason, usage };
    let stopped = || Some(FinishReason::Stop);
    let cost = Some(Usage::new(1, 2));

    let broken = std::slice::from_ref(&text);
    assert_eq!(read(broken).0, std::slice::from_ref(&text_event));
    let chunks = [text.clone(), stop.clone()];
    assert_eq!(
        read(&chunks).0,
        [text_event.clone(), finish(stopped(), None)]
    );
    let chunks = [text, stop, usage];
    assert_eq!(read(&chunks).0, [text_event, finish(stopped(), cost)]);

    let mut reader = StreamReader::new();
    assert_eq!(reader.read("[DONE]"), Ok(vec![finish(None, None)]));
    assert_eq!(reader.end(), None, "it has been told");
}

#[test]
fn a_field_of_one_chunk_is_written_once() {
    let with = |mut chunk: Value, name: &str, value: Value| {
        chunk[name] = value;
        chunk["provider"] = "p".into();
        chunk
    };
    let text = |text: &str| chunk(json!({ "index": 0, "delta": { "content": text } }));
    let stop = chunk(json!({ "index": 0, "delta": {}, "finish_reason": "stop" }));
    let chunks = [
        with(text("a"), "first", json!({ "x": 1 })),
        with(text("b"), "none", Value::Null),
        with(text("c"), "none", Value::Null),
        with(stop, "last", json!([1])),
    ];
    let (events, head) = read(&chunks);
    let written = write(&head, &events);

    let having = |name: &str| -> Vec<usize> {
        let having = written
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.get(name).is_some());
        having.map(|(at, _)| at).collect()
    };
    assert_eq!(having("provider").len(), written.len());
    assert_eq!(
        (having("first"), having("last")),
        (vec![0], vec![written.len() - 1])
    );
    assert_eq!(read(&written), (events, head));
}

#[test]
fn further_choices_of_a_stream_are_kept() {
    let piece = |index: u64, delta: Value| chunk(json!({ "index": index, "delta": delta }));
    let call = |arguments: &str| json!([{ "index": 0, "function": { "arguments": arguments } }]);
    let begun = json!([{ "index": 0, "id": "c", "type": "function", "function": { "name": "f", "arguments": "" } }]);
    let end = |index: u64| chunk(json!({ "index": index, "delta": {}, "finish_reason": "stop" }));
    let chunks = [
        piece(1, json!({ "role": "assistant", "content": "He" })),
        piece(0, json!({ "content": "Hi" })),
        piece(1, json!({ "content": "llo", "tool_calls": begun })),
        piece(1, json!({ "tool_calls": call("{") })),
        piece(1, json!({ "tool_calls": call("}") })),
        end(1),
        end(0),
    ];
    let (events, head) = read(&chunks);
    let names: Vec<_> = events.iter().map(StreamEvent::name).collect();
    assert_eq!(names, ["text", "finish"]);
    let second = &head.metadata["choices"][1];
    assert_eq!(second["message"]["content"], "Hello");
    assert_eq!(
        second["message"]["tool_calls"][0]["function"]["arguments"],
        "{}"
    );
    assert_eq!(second["finish_reason"], "stop");
    assert_eq!(read(&write(&head, &events)), (events, head));
}

#[test]
fn errors_in_the_forms_of_compatible_servers_end_a_stream() {
    for (data, message) in [
        (json!({ "error": { "code": 429, "message": "a" } }), "a"),
        (json!({ "error": "b" }), "b"),
        (json!({ "object": "error", "message": "c" }), "c"),
        (json!({ "detail": "d" }), "d"),
        (
            json!({ "error": { "message": "e", "metadata": { "x": 1 } }, "choices": [] }),
            "e",
        ),
    ] {
        let error = StreamReader::new()
            .read(&data.to_string())
            .expect_err("it is one");
        assert_eq!(error.message, message);
        let frame = write_stream_error(&error);
        let written = frame.strip_prefix("data: ").expect("it is data");
        let written: Value = serde_json::from_str(written).expect("it is JSON");
        assert_eq!(written, data, "all of it is kept");
    }
}
