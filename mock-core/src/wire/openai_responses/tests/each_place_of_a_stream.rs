//! What an item or an answer says in one place of a stream only is written in that place again.

use serde_json::{Value, json};

use crate::chat::response::Response;
use crate::wire::openai_responses::{StreamReader, StreamWriter, read_response, write_response};

/// The frames of a stream, read and written again, as JSON.
fn rewrite(frames: &[Value]) -> Vec<Value> {
    write(frames, true)
}

fn write(frames: &[Value], encrypted: bool) -> Vec<Value> {
    let mut reader = StreamReader::new();
    let mut events = Vec::new();
    for frame in frames {
        events.extend(reader.read(&frame.to_string()).expect("it can be read"));
    }
    let mut writer = StreamWriter::new(reader.head(), 1).encrypted_reasoning(encrypted);
    let written = events
        .iter()
        .flat_map(|event| writer.write(event).expect("it can be written"));
    let data = written.map(|frame| {
        let (_, data) = frame.split_once("data: ").expect("it has data");
        serde_json::from_str(data).expect("it is JSON")
    });
    data.collect()
}

fn find<'f>(frames: &'f [Value], kind: &str) -> &'f Value {
    frames
        .iter()
        .find(|frame| frame["type"] == kind)
        .unwrap_or_else(|| panic!("there is a frame {kind}"))
}

/// The frames of an answer with one item.
fn one_item(added: &Value, done: &Value, in_answer: &Value) -> [Value; 4] {
    let response = json!({ "id": "resp_1", "model": "gpt-4o", "status": "in_progress" });
    let mut last = response.clone();
    last["status"] = "completed".into();
    last["output"] = json!([in_answer]);
    [
        json!({ "type": "response.created", "response": response }),
        json!({ "type": "response.output_item.added", "output_index": 0, "item": added }),
        json!({ "type": "response.output_item.done", "output_index": 0, "item": done }),
        json!({ "type": "response.completed", "response": last }),
    ]
}

#[test]
fn an_item_is_the_same_in_each_of_its_places() {
    let message = |status| {
        json!({
            "type": "message", "id": "msg_a", "role": "assistant", "status": status, "content": [
                { "type": "output_text", "text": "Hi", "annotations": [], "logprobs": [] },
            ],
        })
    };
    let empty = |status| {
        json!({
            "type": "message", "id": "msg_a", "role": "assistant", "status": status, "content": [],
        })
    };
    let reasoning = |seal| {
        json!({
            "type": "reasoning", "id": "rs_a", "summary": [], "content": [],
            "encrypted_content": seal,
        })
    };
    let bare =
        |status| json!({ "type": "reasoning", "id": "rs_a", "summary": [], "status": status });
    let search = |status| json!({ "type": "web_search_call", "id": "ws_a", "status": status });
    let mut found = search("completed");
    found["action"] = json!({ "type": "search", "query": "x" });
    let call = |status, arguments| {
        json!({
            "type": "function_call", "id": "fc_a", "call_id": "call_a", "name": "look",
            "status": status, "arguments": arguments,
        })
    };
    for (added, done, in_answer) in [
        (
            empty("completed"),
            message("completed"),
            message("completed"),
        ),
        (reasoning("a"), reasoning("b"), reasoning("c")),
        (bare("in_progress"), bare("completed"), bare("completed")),
        (search("in_progress"), found.clone(), found),
        (
            call("completed", "{}"),
            call("completed", "{}"),
            call("completed", "{}"),
        ),
    ] {
        let frames = one_item(&added, &done, &in_answer);
        let written = rewrite(&frames);
        for (kind, item) in [("added", &added), ("done", &done)] {
            let kind = format!("response.output_item.{kind}");
            assert_eq!(&find(&written, &kind)["item"], item, "{kind}");
        }
        let last = find(&written, "response.completed");
        assert_eq!(last["response"]["output"], json!([in_answer]));
    }
}

#[test]
fn reasoning_in_pieces_keeps_its_status_and_its_empty_content() {
    let item = |status, summary| {
        json!({
            "type": "reasoning", "id": "rs_a", "summary": summary, "content": [], "status": status,
        })
    };
    let summary = json!([{ "type": "summary_text", "text": "Hm." }]);
    let (added, done) = (item("in_progress", json!([])), item("completed", summary));
    let [created, first, last, completed] = one_item(&added, &done, &done);
    let delta = json!({
        "type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0,
        "delta": "Hm.",
    });
    let written = rewrite(&[created, first, delta, last, completed]);
    assert_eq!(find(&written, "response.output_item.added")["item"], added);
    assert_eq!(find(&written, "response.output_item.done")["item"], done);
}

#[test]
fn encrypted_content_is_nowhere_if_the_request_does_not_ask_for_it() {
    let item = |seal| json!({ "type": "reasoning", "id": "rs_a", "summary": [], "encrypted_content": seal });
    let written = write(&one_item(&item("a"), &item("b"), &item("c")), false);
    assert!(written.len() > 3);
    let text = Value::from(written).to_string();
    assert!(!text.contains("encrypted_content"), "{text}");
}

#[test]
fn a_field_of_the_answer_has_its_value_of_the_start_and_its_value_of_the_end() {
    let tiers = |start: Option<&str>, end: Option<&str>| {
        let mut frames = one_item(&json!(null), &json!(null), &json!(null)).to_vec();
        frames.drain(1..3);
        frames[1]["response"]["output"] = json!([]);
        for (frame, tier) in frames.iter_mut().zip([start, end]) {
            frame["response"]["service_tier"] = tier.into();
        }
        let written = rewrite(&frames);
        ["response.created", "response.completed"]
            .map(|kind| find(&written, kind)["response"]["service_tier"].clone())
    };
    for (start, end) in [
        ("auto", "default"),
        ("auto", "provisioned"),
        ("default", "default"),
        ("flex", "flex"),
        ("flex", "default"),
    ] {
        assert_eq!(tiers(Some(start), Some(end)), [start, end]);
    }
    assert_eq!(tiers(None, None), ["auto", "default"]);
}

#[test]
fn an_empty_content_of_reasoning_is_kept_in_a_whole_answer() {
    let item = json!({ "type": "reasoning", "id": "rs_a", "summary": [], "content": [] });
    let body = json!({ "id": "resp_1", "status": "completed", "output": [item] });
    let response = read_response(body).expect("it can be read");
    let written = write_response(&response, 1).expect("it can be written");
    assert_eq!(written["output"], json!([item]));
}

#[test]
fn an_error_within_a_stream_keeps_all_that_it_says() {
    let fields = json!({ "code": "c7", "message": "Slow down.", "metadata": { "a": [1] } });
    let failed = |error: &Value| json!({ "type": "response.failed", "response": { "id": "r", "error": error } });
    let mut event = fields.clone();
    event["type"] = "error".into();
    event["param"] = Value::Null;
    let mut typed = fields.clone();
    typed["type"] = "invalid_request_error".into();
    typed["param"] = "input".into();
    for (frame, expected) in [
        (event.clone(), event.clone()),
        (
            json!({ "type": "error", "error": typed }),
            json!({ "type": "error", "error": typed }),
        ),
        // An answer that has not begun cannot fail: the error is an event.
        (failed(&fields), event.clone()),
        (json!({ "error": fields }), event),
    ] {
        let error = StreamReader::new()
            .read(&frame.to_string())
            .expect_err("it is an error");
        assert_eq!(error.message, "Slow down.");
        let mut written = StreamWriter::new(&Response::new("r", "m"), 0);
        let written = written.fail(&error).expect("it has a place").concat();
        let (_, data) = written.split_once("data: ").expect("it has data");
        let mut data: Value = serde_json::from_str(data).expect("it is JSON");
        assert_eq!(data["sequence_number"].take(), 0);
        data.as_object_mut()
            .expect("an object")
            .remove("sequence_number");
        assert_eq!(data, expected, "{frame}");
    }
}

#[test]
fn an_error_that_says_what_every_error_says_keeps_no_body() {
    for error in [
        json!({ "type": "error", "code": "server_error", "message": "No.", "param": null, "sequence_number": 3 }),
        json!({ "type": "response.failed", "response": { "error": { "code": "server_error", "message": "No." } } }),
        json!({ "type": "response.failed", "response": { "error": null } }),
    ] {
        let error = StreamReader::new()
            .read(&error.to_string())
            .expect_err("it is an error");
        assert_eq!(error.raw, None);
    }
}
