//! The exact frames of a stream.

use serde_json::{Value, json};

use super::super::*;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::chat::response::Response;
use crate::wire::WriteError;

/// A writer's frames: the name and the data of each.
fn frames(writer: &mut StreamWriter, events: &[StreamEvent]) -> Vec<(String, Value)> {
    let frames = events.iter().flat_map(|event| {
        let frames = writer.write(event).expect("it has a place");
        let is_last = matches!(event, StreamEvent::Finish { .. });
        frames
            .into_iter()
            .chain(is_last.then(|| writer.end()).into_iter().flatten())
    });
    let frames: Vec<_> = frames.collect();
    let frames = frames.into_iter();
    let frames = frames.map(|frame| {
        let lines: Vec<_> = frame.split('\n').collect();
        let [name, data, "", ""] = lines[..] else {
            panic!("a frame is a name, a line of data and an empty line: {frame:?}");
        };
        let name = name.strip_prefix("event: ").expect("it has a name");
        let data = data.strip_prefix("data: ").expect("it has data");
        let mut data: Value = serde_json::from_str(data).expect("it is JSON");
        assert_eq!(data["type"].take(), name, "the name is in the data too");
        data.as_object_mut()
            .expect("it is an object")
            .remove("type");
        (name.to_owned(), data)
    });
    frames.collect()
}

fn expect(frames: &[(String, Value)], expected: &[(&str, Value)]) {
    let frames: Vec<_> = frames
        .iter()
        .map(|(name, data)| (&**name, data.clone()))
        .collect();
    assert_eq!(frames, expected);
}

fn usage(input: u64, output: u64) -> Value {
    json!({
        "input_tokens": input, "output_tokens": output,
        "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
        "output_tokens_details": null, "server_tool_use": null,
    })
}

fn head(mut usage: Value) -> (&'static str, Value) {
    for of_message in ["cache_creation", "inference_geo", "service_tier"] {
        usage[of_message] = Value::Null;
    }
    let message = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": null, "stop_sequence": null, "stop_details": null, "container": null, "usage": usage,
    });
    ("message_start", json!({ "message": message }))
}

fn end(reason: &str) -> [(&'static str, Value); 2] {
    let delta = json!({
        "stop_reason": reason, "stop_sequence": null, "stop_details": null, "container": null,
    });
    [
        (
            "message_delta",
            json!({ "delta": delta, "usage": usage(11, 7) }),
        ),
        ("message_stop", json!({})),
    ]
}

fn start(index: usize, block: Value) -> (&'static str, Value) {
    (
        "content_block_start",
        json!({ "index": index, "content_block": block }),
    )
}

fn delta(index: usize, delta: Value) -> (&'static str, Value) {
    (
        "content_block_delta",
        json!({ "index": index, "delta": delta }),
    )
}

fn stop(index: usize) -> (&'static str, Value) {
    ("content_block_stop", json!({ "index": index }))
}

fn finish(reason: FinishReason) -> StreamEvent {
    StreamEvent::Finish {
        reason: Some(reason),
        usage: Some(Usage::new(11, 7)),
    }
}

#[test]
fn a_streamed_text_has_the_exact_frames_of_the_wire() {
    let mut response = Response::new("msg_1", "m");
    response.usage = Some(Usage::new(11, 1));
    let mut writer = StreamWriter::new(&response, 0);
    let events = [
        StreamEvent::Text("Hel".into()),
        StreamEvent::Text("lo".into()),
        finish(FinishReason::Stop),
    ];
    let [message_delta, message_stop] = end("end_turn");
    let expected = [
        head(usage(11, 1)),
        start(0, json!({ "type": "text", "text": "" })),
        ("ping", json!({})),
        delta(0, json!({ "type": "text_delta", "text": "Hel" })),
        delta(0, json!({ "type": "text_delta", "text": "lo" })),
        stop(0),
        message_delta,
        message_stop,
    ];
    expect(&frames(&mut writer, &events), &expected);
    assert!(matches!(
        writer.write(&events[0]),
        Err(WriteError::Order { .. })
    ));
}

#[test]
fn thinking_and_calls_are_blocks_of_their_own() {
    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    let call = |index, id: &str| StreamEvent::ToolCallStart {
        index,
        id: id.into(),
        name: "f".into(),
        extra: None,
    };
    let piece = |index| StreamEvent::ToolCallDelta {
        index,
        arguments: "{\"a\":1}".into(),
    };
    let events = [
        StreamEvent::Reasoning("Hm.".into()),
        StreamEvent::ReasoningSignature("seal".into()),
        StreamEvent::RedactedReasoning("sealed".into()),
        call(0, "toolu_1"),
        piece(0),
        call(1, "toolu_2"),
        finish(FinishReason::ToolCalls),
    ];
    let tool = |id: &str| {
        let caller = json!({ "type": "direct" });
        json!({ "type": "tool_use", "id": id, "name": "f", "input": {}, "caller": caller })
    };
    let input = |text: &str| json!({ "type": "input_json_delta", "partial_json": text });
    let [message_delta, message_stop] = end("tool_use");
    let expected = [
        head(usage(0, 0)),
        start(
            0,
            json!({ "type": "thinking", "thinking": "", "signature": "" }),
        ),
        ("ping", json!({})),
        delta(0, json!({ "type": "thinking_delta", "thinking": "Hm." })),
        delta(0, json!({ "type": "signature_delta", "signature": "seal" })),
        stop(0),
        start(1, json!({ "type": "redacted_thinking", "data": "sealed" })),
        stop(1),
        start(2, tool("toolu_1")),
        delta(2, input("")),
        delta(2, input("{\"a\":1}")),
        stop(2),
        start(3, tool("toolu_2")),
        delta(3, input("")),
        stop(3),
        message_delta,
        message_stop,
    ];
    expect(&frames(&mut writer, &events), &expected);

    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    frames(&mut writer, &[call(0, "toolu_1"), call(1, "toolu_2")]);
    let error = writer.write(&piece(0)).expect_err("its block has ended");
    assert_eq!(
        error.to_string(),
        "Anthropic Messages can have no tool call arguments of a tool call that has ended or not begun: change the order of the events"
    );
}

#[test]
fn the_arguments_of_a_call_come_in_pieces_and_are_read_as_one() {
    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    let piece = |arguments: &str| StreamEvent::ToolCallDelta {
        index: 0,
        arguments: arguments.into(),
    };
    let events = [
        StreamEvent::ToolCallStart {
            index: 0,
            id: "toolu_1".into(),
            name: "get_weather".into(),
            extra: None,
        },
        piece("{\"city\":"),
        piece("\"Os"),
        piece("lo\"}"),
        finish(FinishReason::ToolCalls),
    ];
    let frames = frames(&mut writer, &events);
    let pieces: Vec<_> = frames
        .iter()
        .filter(|(name, _)| name == "content_block_delta")
        .map(|(_, data)| data["delta"]["partial_json"].as_str())
        .collect();
    let expected = ["", "{\"city\":", "\"Os", "lo\"}"].map(Some);
    assert_eq!(pieces, expected);

    let frames: Vec<_> = frames
        .into_iter()
        .map(|(name, mut data)| {
            data["type"] = name.into();
            data
        })
        .collect();
    let (events, mut response) = read(&frames);
    for event in events {
        response.push(event);
    }
    let call = response.tool_calls().next().expect("it has a call");
    assert_eq!(call.arguments, "{\"city\":\"Oslo\"}");
}

#[test]
fn a_refusal_is_streamed_at_the_end() {
    let mut response = Response::new("msg_1", "m");
    response
        .metadata
        .insert("stop_details".into(), json!({ "category": "cyber" }));
    let mut writer = StreamWriter::new(&response, 0);
    let start = writer.start().expect("it can begin");
    assert!(
        start.len() == 1 && start[0].contains("\"stop_details\":null"),
        "{start:?}"
    );
    let pieces = ["I can", "not."].map(|piece| StreamEvent::Refusal(piece.into()));
    assert_eq!(frames(&mut writer, &pieces), []);
    let last = frames(&mut writer, &[finish(FinishReason::Stop)]);
    let delta = &last[0].1["delta"];
    assert_eq!(
        (&delta["stop_reason"], &delta["stop_details"]["explanation"]),
        (&json!("refusal"), &json!("I cannot."))
    );
    assert_eq!(delta["stop_details"]["category"], "cyber");
}

#[test]
fn the_sequence_that_stopped_the_model_is_reported_at_the_end() {
    let mut response = Response::new("msg_1", "m");
    response
        .metadata
        .insert("stop_sequence".into(), "END".into());
    let stopped = FinishReason::Other("stop_sequence".into());
    let written = frames(&mut StreamWriter::new(&response, 0), &[finish(stopped)]);
    let delta = json!({
        "stop_reason": "stop_sequence", "stop_sequence": "END", "stop_details": null, "container": null,
    });
    assert_eq!(written[1].1["delta"], delta);

    let mut reader = StreamReader::new();
    let end = json!({ "type": "message_delta", "delta": delta });
    assert_eq!(reader.read(&end.to_string()), Ok(Vec::new()));
    assert_eq!(reader.head().metadata["stop_sequence"], "END");
}

#[test]
fn a_finish_without_usage_has_zeros_whatever_the_head_says() {
    let mut response = Response::new("msg_1", "m");
    response.usage = Some(Usage::new(11, 1));
    let silent = StreamEvent::Finish {
        reason: Some(FinishReason::Stop),
        usage: None,
    };
    let written = frames(&mut StreamWriter::new(&response, 0), &[silent]);
    assert_eq!(written[1].1["usage"], usage(0, 0));
}

#[test]
fn usage_at_the_end_goes_on_from_that_at_the_beginning() {
    // A server may tell the tokens of the answer only, at the end.
    let mut reader = StreamReader::new();
    let start = json!({ "type": "message_start", "message": { "usage": usage(11, 1) } });
    let end = json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 7 } });
    let stop = json!({ "type": "message_stop" });
    let events =
        [start, end, stop].map(|data| reader.read(&data.to_string()).expect("it can be read"));
    assert_eq!(events.concat(), [finish(FinishReason::Stop)]);
}

#[test]
fn a_call_without_arguments_has_empty_ones() {
    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    let call = |index| StreamEvent::ToolCallStart {
        index,
        id: format!("toolu_{index}"),
        name: "f".into(),
        extra: None,
    };
    let events = [call(0), call(1), finish(FinishReason::ToolCalls)];
    let written = events.map(|event| writer.write(&event));
    let mut reader = StreamReader::new();
    let mut response = reader.head().clone();
    let written: Vec<_> = written.into_iter().flatten().flatten().collect();
    for frame in written.into_iter().chain(writer.end()) {
        let (_, data) = frame.split_once("data: ").expect("it has data");
        reader
            .read(data)
            .expect("it can be read")
            .into_iter()
            .for_each(|event| response.push(event));
    }
    let calls = response.tool_calls().map(|call| &*call.arguments);
    assert_eq!(calls.collect::<Vec<_>>(), ["{}", "{}"]);
}

#[test]
fn a_block_that_is_not_known_is_kept_whole_and_an_event_is_not() {
    let mut reader = StreamReader::new();
    let mut read = |data: Value| reader.read(&data.to_string()).expect("it can be read");
    assert_eq!(read(json!({ "type": "one_day" })), []);
    let block = json!({ "type": "server_tool_use", "id": "s", "name": "web_search", "input": {} });
    assert_eq!(
        read(json!({ "type": "content_block_start", "index": 0, "content_block": block })),
        []
    );
    let piece = json!({ "type": "input_json_delta", "partial_json": "{\"query\":\"a\"}" });
    assert_eq!(
        read(json!({ "type": "content_block_delta", "index": 0, "delta": piece })),
        []
    );
    let whole = json!({ "type": "server_tool_use", "id": "s", "name": "web_search", "input": { "query": "a" } });
    assert_eq!(
        read(json!({ "type": "content_block_stop", "index": 0 })),
        [StreamEvent::Part(Box::new(Part::Other(whole)))]
    );
    let error = reader.read("{}").expect_err("it has no type");
    assert_eq!(error.message, "`type` is missing: give it the event's name");
}

#[test]
fn of_a_call_without_arguments_there_is_only_the_empty_piece() {
    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    let mut write = |event| writer.write(&event).expect("the wire has a place for it");
    let start = StreamEvent::ToolCallStart {
        index: 0,
        id: "toolu_1".into(),
        name: "f".into(),
        extra: None,
    };
    assert!(
        write(start)
            .last()
            .is_some_and(|frame| frame.contains("partial_json\":\"\""))
    );
    let piece = |arguments: &str| StreamEvent::ToolCallDelta {
        index: 0,
        arguments: arguments.into(),
    };
    assert!(write(piece("{}")).is_empty());
    let longer = write(piece(" "));
    let pieces = ["{}", " "].map(|piece| format!("\"partial_json\":\"{piece}\""));
    assert_eq!(longer.len(), 2, "a piece of something longer");
    assert!(
        longer
            .iter()
            .zip(&pieces)
            .all(|(frame, piece)| frame.contains(piece))
    );
}

#[test]
fn a_thought_ends_with_its_seal() {
    let mut writer = StreamWriter::new(&Response::new("msg_1", "m"), 0);
    let events = [
        StreamEvent::Reasoning("a".into()),
        StreamEvent::ReasoningSignature("s".into()),
        StreamEvent::Reasoning("b".into()),
        StreamEvent::ReasoningSignature("t".into()),
    ];
    let frames = frames(&mut writer, &events);
    let begun = frames
        .iter()
        .filter(|(name, _)| name == "content_block_start");
    assert_eq!(begun.count(), 2);
}

fn read(events: &[Value]) -> (Vec<StreamEvent>, Response) {
    let mut reader = StreamReader::new();
    let events = events
        .iter()
        .flat_map(|event| reader.read(&event.to_string()).expect("it can be read"));
    let mut events: Vec<_> = events.collect();
    events.extend(reader.end());
    (events, reader.head().clone())
}

#[test]
fn a_stream_without_message_stop_reports_its_stop_reason_and_its_usage() {
    let start = json!({ "type": "message_start", "message": { "usage": usage(11, 1) } });
    let end = json!({ "type": "message_delta", "delta": { "stop_reason": "end_turn" }, "usage": { "output_tokens": 7 } });
    assert_eq!(read(std::slice::from_ref(&start)).0, []);
    let (events, head) = read(&[start.clone(), end.clone()]);
    assert_eq!(events, [finish(FinishReason::Stop)]);
    assert_eq!(
        head.usage,
        Some(Usage::new(11, 1)),
        "as it is told at the beginning"
    );
    let stop = json!({ "type": "message_stop" });
    assert_eq!(read(&[start, end, stop]).0, [finish(FinishReason::Stop)]);
}

#[test]
fn each_field_of_the_end_is_written_where_it_was_read() {
    let start = json!({ "type": "message_start", "message": {
        "usage": { "input_tokens": 1, "service_tier": "standard", "cache_creation": { "ephemeral_1h_input_tokens": 0 } },
    } });
    let end = json!({
        "type": "message_delta", "delta": { "stop_reason": "end_turn" },
        "usage": { "output_tokens": 7, "server_tool_use": { "web_search_requests": 1 }, "output_tokens_details": { "thinking_tokens": 0 } },
        "context_management": { "applied_edits": [] },
    });
    let (events, head) = read(&[start.clone(), end.clone()]);
    let written = frames(&mut StreamWriter::new(&head, 0), &events);
    let (begun, ended) = (&written[0].1["message"], &written[1].1);
    for of_start in ["service_tier", "cache_creation"] {
        assert_eq!(
            begun["usage"][of_start],
            start["message"]["usage"][of_start]
        );
        assert_eq!(ended["usage"].get(of_start), None);
    }
    for of_end in ["server_tool_use", "output_tokens_details"] {
        assert_eq!(ended["usage"][of_end], end["usage"][of_end]);
        assert_eq!(begun["usage"][of_end], Value::Null);
    }
    assert_eq!(ended["context_management"], end["context_management"]);
    assert_eq!(begun.get("context_management"), None);
}

#[test]
fn fields_that_a_block_begins_with_are_written_at_its_beginning() {
    let start = |index: usize, block: Value| json!({ "type": "content_block_start", "index": index, "content_block": block });
    let delta = |index: usize, delta: Value| json!({ "type": "content_block_delta", "index": index, "delta": delta });
    let stop = |index: usize| json!({ "type": "content_block_stop", "index": index });
    let thinking = json!({ "type": "thinking", "thinking": "", "signature": "", "depth": 2 });
    let text = json!({ "type": "text", "text": "", "x_lane": { "a": [1] } });
    let plain = json!({ "type": "text", "text": "" });
    let frames = [
        start(0, thinking.clone()),
        delta(0, json!({ "type": "thinking_delta", "thinking": "Hm." })),
        stop(0),
        start(1, text.clone()),
        delta(1, json!({ "type": "text_delta", "text": "Hi" })),
        delta(
            1,
            json!({ "type": "citations_delta", "citation": { "a": 1 } }),
        ),
        stop(1),
        start(2, plain.clone()),
        delta(2, json!({ "type": "text_delta", "text": "Ho" })),
        stop(2),
    ];
    let mut reader = StreamReader::new();
    let events = frames
        .iter()
        .flat_map(|frame| reader.read(&frame.to_string()).expect("it can be read"));
    let events: Vec<_> = events.collect();
    let mut writer = StreamWriter::new(reader.head(), 0);
    let written = self::frames(&mut writer, &events);
    let starts = written
        .iter()
        .filter(|(name, _)| name == "content_block_start");
    let starts: Vec<_> = starts.map(|(_, data)| &data["content_block"]).collect();
    assert_eq!(starts, [&thinking, &text, &plain]);
    let is_citation = |data: &Value| data["delta"]["citation"] == json!({ "a": 1 });
    assert!(written.iter().any(|(_, data)| is_citation(data)));
}

/// The frames of content in a stream that is read and written again.
fn written_again(frames: &[Value]) -> Vec<Value> {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for frame in frames {
        events.extend(reader.read(&frame.to_string()).expect("it can be read"));
    }
    events.push(StreamEvent::Finish {
        reason: Some(FinishReason::Stop),
        usage: None,
    });
    let mut writer = StreamWriter::new(reader.head(), 0);
    let mut written = Vec::new();
    for (name, mut data) in self::frames(&mut writer, &events) {
        if name.starts_with("content_block") {
            data["type"] = name.into();
            written.push(data);
        }
    }
    written
}

#[test]
fn the_deltas_of_a_block_are_written_again_in_their_order() {
    let start =
        |block: Value| json!({ "type": "content_block_start", "index": 0, "content_block": block });
    let delta = |delta: Value| json!({ "type": "content_block_delta", "index": 0, "delta": delta });
    let stop = json!({ "type": "content_block_stop", "index": 0 });
    let cited = || start(json!({ "type": "text", "text": "", "citations": [] }));
    let text = |text: &str| delta(json!({ "type": "text_delta", "text": text }));
    let citation = |number: u64| {
        let citation = json!({ "type": "char_location", "start_char_index": number });
        delta(json!({ "type": "citations_delta", "citation": citation }))
    };
    let tool =
        json!({ "type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {} });
    let input = |json: &str| delta(json!({ "type": "input_json_delta", "partial_json": json }));
    let summary = |text: &str| delta(json!({ "type": "compaction_delta", "content": text }));
    for frames in [
        vec![cited(), text("a"), text("b"), citation(1), citation(2)],
        vec![cited(), citation(1), citation(1), text("a"), text("b")],
        vec![cited(), text("a"), citation(1), text("b"), citation(2)],
        vec![cited(), text("a"), citation(1), text("b")],
        vec![cited(), text("a")],
        vec![cited(), citation(1)],
        vec![
            start(json!({ "type": "text", "text": "", "citations": [{ "type": "b" }] })),
            text("a"),
            citation(1),
        ],
        vec![
            start(json!({ "type": "text", "text": "" })),
            text("a"),
            delta(json!({ "type": "new_delta", "new": "x" })),
            text("b"),
            delta(json!({ "type": "new_delta", "new": "y" })),
        ],
        vec![
            start(tool),
            input(""),
            input("{\"query\""),
            input(": \"a\"}"),
        ],
        vec![
            start(json!({ "type": "compaction", "content": null })),
            summary("All "),
            summary("of it."),
        ],
    ] {
        let mut frames = frames;
        frames.push(stop.clone());
        assert_eq!(written_again(&frames), frames);
    }
}

#[test]
fn noted_deltas_do_not_replace_what_another_answer_says() {
    let frames = [
        json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "", "citations": [] } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "citations_delta", "citation": { "n": 1 } } }),
        json!({ "type": "content_block_delta", "index": 0, "delta": { "type": "text_delta", "text": "a" } }),
        json!({ "type": "content_block_stop", "index": 0 }),
    ];
    let mut reader = StreamReader::new();
    for frame in &frames {
        reader.read(&frame.to_string()).expect("it can be read");
    }
    let mut writer = StreamWriter::new(reader.head(), 0);
    let more = json!({ "citations": [{ "n": 1 }, { "n": 2 }] });
    let events = [
        StreamEvent::Text("b".into()),
        StreamEvent::Part(Box::new(Part::Extra(crate::wire::write::fields(more)))),
    ];
    let written = self::frames(&mut writer, &events);
    let citations: Vec<_> = written
        .iter()
        .filter(|(_, data)| data["delta"]["type"] == "citations_delta")
        .map(|(_, data)| data["delta"]["citation"]["n"].clone())
        .collect();
    assert_eq!(citations, [1, 2]);
}
