//! A value that has several forms on a wire is written in the form in which it was read.

use serde_json::{Value, json};

use crate::chat::message::Message;
use crate::wire::{anthropic, gemini_interactions, ollama, openai, openai_responses};

/// Each body as it is written after it has been read.
fn again(wire: &str, body: Value) -> Value {
    let written = match wire {
        "chat" => openai::read_request(body).map(|request| openai::write_request(&request)),
        "responses" => openai_responses::read_request(body)
            .map(|request| openai_responses::write_request(&request)),
        "messages" => {
            anthropic::read_request(body).map(|request| anthropic::write_request(&request))
        }
        _ => gemini_interactions::read_request(body)
            .map(|request| gemini_interactions::write_request(&request)),
    };
    written.expect("it is read").expect("it is written")
}

/// A text, and a list of that text as the only part.
fn forms(kind: &str) -> [Value; 2] {
    [json!("Hi."), json!([{ "type": kind, "text": "Hi." }])]
}

#[test]
fn a_content_stays_a_text_or_a_list_of_one_text() {
    let chat_call = json!({ "role": "assistant", "content": null, "tool_calls": [
        { "id": "call_1", "type": "function", "function": { "name": "f", "arguments": "{}" } },
    ] });
    for text in forms("text") {
        for role in ["system", "developer", "user", "assistant"] {
            let message = json!({ "role": role, "content": text });
            let body = json!({ "model": "m", "messages": [message] });
            assert_eq!(again("chat", body.clone()), body);
        }
        let result = json!({ "role": "tool", "tool_call_id": "call_1", "content": text });
        let body = json!({ "model": "m", "messages": [chat_call, result] });
        assert_eq!(again("chat", body.clone()), body);

        for role in ["user", "assistant", "system"] {
            let message = json!({ "role": role, "content": text });
            let body = json!({ "model": "m", "system": text, "messages": [
                { "role": "user", "content": "Hello." }, message,
            ] });
            assert_eq!(again("messages", body.clone()), body);
        }
        let result = json!({ "type": "tool_result", "tool_use_id": "toolu_1", "content": text });
        let body = json!({ "model": "m", "messages": [{ "role": "user", "content": [result] }] });
        assert_eq!(again("messages", body.clone()), body);

        let step = json!({ "type": "user_input", "content": text });
        let body = json!({ "model": "m", "input": [step] });
        assert_eq!(again("interactions", body.clone()), body);
        let result = json!({ "type": "function_result", "call_id": "c", "result": text });
        let body = json!({ "model": "m", "input": [result] });
        assert_eq!(again("interactions", body.clone()), body);
    }
    for text in forms("input_text") {
        for role in ["system", "developer", "user"] {
            let message = json!({ "type": "message", "role": role, "content": text });
            let body = json!({ "model": "m", "instructions": "Be kind.", "input": [message] });
            assert_eq!(again("responses", body.clone()), body);
        }
        let result = json!({ "type": "function_call_output", "call_id": "c", "output": text });
        let body = json!({ "model": "m", "input": [result] });
        assert_eq!(again("responses", body.clone()), body);
    }
    let text = json!({ "type": "message", "role": "assistant", "content": "Hi." });
    let body = json!({ "model": "m", "input": [text] });
    assert_eq!(again("responses", body.clone()), body);
    let text = json!({ "type": "output_text", "text": "Hi.", "annotations": [], "logprobs": [] });
    let list = json!({ "type": "message", "role": "assistant", "content": [text] });
    let body = json!({ "model": "m", "input": [list] });
    assert_eq!(again("responses", body.clone()), body);
}

#[test]
fn an_input_stays_a_text_or_a_list() {
    for wire in ["responses", "interactions"] {
        let body = json!({ "model": "m", "input": "Hi." });
        assert_eq!(again(wire, body.clone()), body);
    }
    let contents = json!([{ "type": "text", "text": "Hi." }, { "type": "text", "text": "Hello." }]);
    let body = json!({ "model": "m", "input": contents });
    assert_eq!(again("interactions", body.clone()), body);
}

#[test]
fn an_input_of_embeddings_stays_one_or_a_list() {
    for input in [
        json!("a"),
        json!(["a"]),
        json!(["a", "b"]),
        json!([1, 2]),
        json!([[1, 2]]),
    ] {
        let body = json!({ "model": "m", "input": input });
        let request = openai::embeddings::read_request(body.clone()).expect("it is read");
        assert_eq!(openai::embeddings::write_request(&request), body);
    }
    for input in [json!("a"), json!(["a"]), json!(["a", "b"])] {
        let body = json!({ "model": "m", "input": input });
        let request = ollama::embeddings::read_request(body.clone()).expect("it is read");
        let written = ollama::embeddings::write_request(&request).expect("it is written");
        assert_eq!(written, body);
    }
}

#[test]
fn messages_are_equal_whatever_their_form() {
    for text in forms("text") {
        let body = json!({ "model": "m", "messages": [{ "role": "user", "content": text }] });
        let request = openai::read_request(body).expect("it is read");
        assert_eq!(request.messages, [Message::user("Hi.")]);
        assert_eq!(
            format!("{:?}", request.messages),
            format!("{:?}", [Message::user("Hi.")])
        );
    }
}

#[test]
fn the_content_of_an_answer_stays_a_text_or_a_list() {
    for text in forms("text") {
        let body = json!({ "id": "1", "model": "m", "choices": [
            { "index": 0, "message": { "role": "assistant", "content": text }, "finish_reason": "stop" },
        ] });
        let response = openai::read_response(body).expect("it is read");
        let written = openai::write_response(&response, 0).expect("it is written");
        assert_eq!(written["choices"][0]["message"]["content"], text);
    }
}

#[test]
fn further_choices_of_a_stream_keep_their_pieces() {
    let chunk = |choice: Value| json!({ "id": "1", "model": "m", "choices": [choice] });
    let said = |index: u64, text: &str| json!({ "index": index, "delta": { "content": text } });
    let chunks = [
        said(0, "a"),
        said(1, "b"),
        said(1, "bb"),
        said(0, "aa"),
        said(2, "c"),
        said(1, "bbb"),
        json!({ "index": 1, "delta": {}, "finish_reason": "length" }),
        json!({ "index": 0, "delta": {}, "finish_reason": "stop" }),
    ];
    let mut reader = openai::StreamReader::new();
    let mut events = Vec::new();
    for choice in &chunks {
        let frame = chunk(choice.clone()).to_string();
        events.extend(reader.read(&frame).expect("it is read"));
    }
    events.extend(reader.read("[DONE]").expect("it is read"));
    let frames = |head| {
        let mut writer = openai::StreamWriter::new(head, 0);
        let mut frames = Vec::new();
        for event in &events {
            frames.extend(writer.write(event).expect("it is written"));
        }
        frames.concat()
    };
    let pieces_of = |frames: &str, index: u64| {
        let mut pieces = Vec::new();
        for data in frames
            .split("\n\n")
            .filter_map(|frame| frame.strip_prefix("data: "))
        {
            let frame: Value = serde_json::from_str(data).expect("it is JSON");
            let choice = &frame["choices"][0];
            if choice["index"] == index {
                pieces.extend(choice["delta"]["content"].as_str().map(str::to_owned));
            }
        }
        pieces.retain(|piece| !piece.is_empty());
        pieces
    };
    let written = frames(reader.head());
    assert_eq!(pieces_of(&written, 0), ["a", "aa"]);
    assert_eq!(pieces_of(&written, 1), ["b", "bb", "bbb"]);
    assert_eq!(pieces_of(&written, 2), ["c"]);

    // A changed text is written as it is now, not in the recorded pieces.
    let mut changed = reader.head().clone();
    changed.metadata["choices"][1]["message"]["content"] = "other".into();
    let written = frames(&changed);
    assert_eq!(pieces_of(&written, 1), ["other"]);
}
