//! Tests of this wire.

use serde_json::{Value, json};

use super::*;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolCall};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::Profile;

/// A body of a request that is read and written again is the same.
#[track_caller]
fn kept(body: Value) -> Request {
    let request = read_request(body.clone()).expect("it can be read");
    assert_eq!(write_request(&request), Ok(body));
    request
}

#[test]
fn a_request_of_a_tool_turn_is_kept() {
    let request = kept(json!({
        "model": "qwen3:4b", "options": {}, "stream": false, "think": true, "keep_alive": "5m",
        "format": {"type": "object", "properties": {}},
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "What is this?", "images": ["iVBORw0KGgo="]},
            {"role": "assistant", "content": "", "thinking": "Hm.", "tool_calls": [
                {"type": "function", "function": {"name": "look", "arguments": {"b": 1, "a": [2]}}},
            ]},
            {"role": "tool", "content": "a cat", "tool_name": "look"},
        ],
        "tools": [{"type": "function", "function": {"name": "look", "description": "Looks.", "parameters": {"type": "object"}}}],
    }));
    let [_, user, assistant, tool] = &request.messages[..] else {
        panic!("{:?}", request.messages);
    };
    let image = Image::Base64 {
        media_type: "image/png".into(),
        data: "iVBORw0KGgo=".into(),
    };
    assert_eq!(user.parts[1], Part::Image(image));
    assert_eq!(assistant.parts[0], Part::Reasoning(Reasoning::new("Hm.")));
    assert_eq!(tool.name.as_deref(), Some("look"));
    assert_eq!(request.stream, Some(false));
    assert_eq!(request.extra["options"], json!({}));
    assert_eq!(
        check(
            &write_request(&request).expect("it can be written"),
            Profile::Ollama
        ),
        Ok(())
    );
}

#[test]
fn options_that_the_neutral_type_has_are_its_fields() {
    let request = kept(json!({
        "model": "m", "messages": [], "options": {"temperature": 0.5, "num_predict": 7, "seed": 1},
    }));
    assert_eq!(
        (request.temperature, request.max_tokens),
        (Some(0.5), Some(7))
    );
    assert_eq!(request.extra["options"], json!({"seed": 1}));
    let endless = kept(json!({"model": "m", "messages": [], "options": {"num_predict": -1}}));
    assert_eq!(endless.max_tokens, None);
}

#[test]
fn the_ids_of_calls_and_results_are_kept_where_there_are_some() {
    let request = kept(json!({
        "model": "m", "messages": [
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "call_1", "function": {"index": 0, "name": "look", "arguments": {}}},
            ]},
            {"role": "tool", "content": "x", "tool_call_id": "call_1"},
        ],
    }));
    assert_eq!(request.tool_of_call("call_1"), Some("look"));
    let result = request.trailing_tool_results().next().expect("a result");
    assert_eq!(result.call_id, "call_1");
}

#[test]
fn a_mistake_in_a_request_is_reported_with_its_place() {
    for (body, problem) in [
        (
            json!({"messages": [{"role": "owner", "content": "hi"}]}),
            "`messages[0].role` is `owner`, which is not known here: use `system`, `user`, `assistant` or `tool`",
        ),
        (
            json!({"messages": [{"content": "hi"}]}),
            "`messages[0].role` is missing: give it `system`, `user`, `assistant` or `tool`",
        ),
        (
            json!({"messages": [{"role": "user", "content": []}]}),
            "`messages[0].content` is a list: give it a text",
        ),
        (
            json!({"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}]}),
            "`messages[0].tool_calls[0].function.arguments` is a text: give it an object",
        ),
        (
            json!({"messages": [{"role": "user", "content": "hi", "images": [1]}]}),
            "`messages[0].images[0]` is a number: give it a text in base64",
        ),
        (
            json!({"options": 1}),
            "`options` is a number: give it an object",
        ),
    ] {
        let error = read_request(body).expect_err("it is wrong");
        assert_eq!(error.to_string(), problem);
    }
}

#[test]
fn a_part_without_a_place_in_a_request_is_reported() {
    let with = |message| Request::new("m").with_message(message);
    let user = |part| with(Message::new(Role::User, vec![part]));
    let assistant = |part| with(Message::new(Role::Assistant, vec![part]));
    for (request, what) in [
        (
            user(Part::Image(Image::Url("https://example.com".into()))),
            "an image by its URL",
        ),
        (
            user(Part::Image(Image::File("f".into()))),
            "an image by its file's id",
        ),
        (
            user(Part::ToolCall(ToolCall::new("1", "f", "{}"))),
            "tool call",
        ),
        (
            user(Part::Other(json!({"type": "audio"}))),
            "a part of the type `audio`",
        ),
        (
            assistant(Part::Reasoning(Reasoning::new("Hm.").with_signature("s"))),
            "a signature of reasoning",
        ),
        (assistant(Part::Refusal("No.".into())), "refusal"),
        (
            assistant(Part::ToolCall(ToolCall::new("1", "f", "[1]"))),
            "arguments of the tool call `1` that are not a JSON object",
        ),
        (
            with(Message::new(Role::Tool, Vec::new())),
            "nothing: it needs a tool's result",
        ),
        (
            Request::new("m")
                .with_extra("options", 1)
                .with_max_tokens(1),
            "a second value of `options`",
        ),
    ] {
        let error = write_request(&request).expect_err("it has no place");
        let expected = format!("Ollama has no place for {what} in ");
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[test]
fn an_answer_with_a_call_is_written_as_ollama_does() {
    let mut response = Response::new("resp_1", "qwen3:4b");
    response.push(StreamEvent::Reasoning("Hm.".into()));
    response.push(StreamEvent::Part(Box::new(Part::ToolCall(ToolCall::new(
        "call_1",
        "look",
        r#"{"city": "Oslo"}"#,
    )))));
    response.finish_reason = Some(FinishReason::ToolCalls);
    response.usage = Some(Usage::new(3, 2));
    let body = write_response(&response, 1_700_000_000).expect("it can be written");
    assert_eq!(
        body,
        json!({
            "model": "qwen3:4b", "created_at": "2023-11-14T22:13:20Z",
            "message": {
                "role": "assistant", "content": "", "thinking": "Hm.",
                "tool_calls": [{"id": "call_1", "function": {"index": 0, "name": "look", "arguments": {"city": "Oslo"}}}],
            },
            "done": true, "done_reason": "stop", "prompt_eval_count": 3, "eval_count": 2,
            "total_duration": 24_000_000, "load_duration": 1_000_000,
            "prompt_eval_duration": 3_000_000, "eval_duration": 20_000_000,
        })
    );
    let read = read_response(body).expect("it can be read");
    assert_eq!(read.finish_reason, response.finish_reason);
    let call = ToolCall::new("call_1", "look", r#"{"city":"Oslo"}"#);
    assert_eq!(read.tool_calls().collect::<Vec<_>>(), [&call]);
}

#[test]
fn a_part_without_a_place_in_an_answer_is_reported_whole_and_streamed() {
    let usage = |usage| StreamEvent::Finish {
        reason: None,
        usage: Some(usage),
    };
    let part = |part| StreamEvent::Part(Box::new(part));
    for (event, what) in [
        (StreamEvent::Refusal("No.".into()), "refusal"),
        (
            StreamEvent::RedactedReasoning("x".into()),
            "redacted reasoning",
        ),
        (
            StreamEvent::ReasoningSignature("x".into()),
            "a signature of reasoning",
        ),
        (part(Part::Image(Image::File("f".into()))), "an image"),
        (
            part(Part::ToolCall(ToolCall::new("c", "f", "{\"half"))),
            "arguments of the tool call `c`",
        ),
        (
            usage(Usage::new(2, 1).cache_write(1)),
            "tokens that are written to a cache",
        ),
        (usage(Usage::new(2, 1).reasoning(1)), "tokens of reasoning"),
    ] {
        let mut response = Response::new("", "m");
        let streamed = StreamWriter::new(&response, 0).write(&event);
        response.push(event);
        for error in [write_response(&response, 0).map(drop), streamed.map(drop)] {
            let error = error.expect_err("it has no place").to_string();
            assert!(
                error.starts_with(&format!("Ollama has no place for {what}")),
                "{error}"
            );
        }
    }
}

#[test]
fn tokens_of_the_prompt_that_come_from_a_cache_are_counted_whole_and_streamed() {
    for (cached, expected) in [(0, Value::Null), (2, 2.into())] {
        let usage = Usage::new(3, 2).cache_read(cached);
        let finish = StreamEvent::Finish {
            reason: Some(FinishReason::Stop),
            usage: Some(usage),
        };
        let mut response = Response::new("", "m");
        let line = StreamWriter::new(&response, 0).write(&finish);
        let line = line.expect("it has a place").concat();
        response.push(finish.clone());
        let body = write_response(&response, 0).expect("it has a place");
        for body in [&body, &read_json(&line)] {
            assert_eq!(body["prompt_eval_count"], 3);
            assert_eq!(body["prompt_eval_cached_count"], expected);
        }
        let read = read_response(body).expect("it can be read");
        assert_eq!(read.usage, Some(usage));
        let events = StreamReader::new().read(&line);
        assert_eq!(events, Ok(vec![finish]));
    }
}

#[test]
fn a_stream_is_written_line_by_line_and_calls_come_whole() {
    let mut writer = StreamWriter::new(&Response::new("resp_1", "m"), 0);
    let mut write = |event| writer.write(&event).expect("it has a place").concat();
    let begin = r#"{"model":"m","created_at":"1970-01-01T00:00:00Z","message":{"role":"assistant","content":"#;
    assert_eq!(
        write(StreamEvent::Reasoning("Hm.".into())),
        format!("{begin}\"\",\"thinking\":\"Hm.\"}},\"done\":false}}\n")
    );
    assert_eq!(
        write(StreamEvent::Text("Hi".into())),
        format!("{begin}\"Hi\"}},\"done\":false}}\n")
    );
    let start = |index: usize| StreamEvent::ToolCallStart {
        index,
        id: String::new(),
        name: "look".into(),
        extra: None,
    };
    let delta = |index, arguments: &str| StreamEvent::ToolCallDelta {
        index,
        arguments: arguments.into(),
    };
    assert_eq!(write(start(0)), "");
    assert_eq!(write(delta(0, "{\"a\":")), "");
    let call = |index: usize, arguments: &str| {
        let function = json!({"index": index, "name": "look", "arguments": read_json(arguments)});
        let calls = json!([{"function": function}]);
        format!("{begin}\"\",\"tool_calls\":{calls}}},\"done\":false}}\n")
    };
    assert_eq!(write(delta(0, "1}")), call(0, "{\"a\":1}"));
    assert_eq!(write(delta(0, " ")), "");
    // A call without a word of its arguments.
    assert_eq!(write(start(1)), "");
    assert_eq!(write(start(2)), call(1, "{}"));
    let finish = StreamEvent::Finish {
        reason: Some(FinishReason::ToolCalls),
        usage: Some(Usage::new(3, 2)),
    };
    let end = write(finish.clone());
    let last = r#"""},"done":true,"done_reason":"stop","total_duration":24000000,"load_duration":1000000,"prompt_eval_count":3,"prompt_eval_duration":3000000,"eval_count":2,"eval_duration":20000000}"#;
    assert_eq!(end, call(2, "{}") + begin + last + "\n");
    assert!(writer.write(&finish).is_err(), "it has ended");
}

fn read_json(json: &str) -> Value {
    serde_json::from_str(json).expect("it is JSON")
}

#[test]
fn metadata_come_with_the_last_line_and_are_read_from_any() {
    let mut head = Response::new("", "m");
    head.metadata.insert("total_duration".into(), 5.into());
    head.message.extra.insert("x".into(), 1.into());
    let mut writer = StreamWriter::new(&head, 0);
    let finish = StreamEvent::Finish {
        reason: None,
        usage: None,
    };
    let line = writer.write(&finish).expect("it has a place").concat();
    let body = read_json(&line);
    assert_eq!(
        (&body["total_duration"], &body["message"]["x"]),
        (&5.into(), &1.into())
    );
    let mut reader = StreamReader::new();
    assert_eq!(reader.read(&line), Ok(vec![finish]));
    assert_eq!(reader.head().metadata["total_duration"], 5);
    assert_eq!(reader.head().message.extra, head.message.extra);
}

#[test]
fn texts_of_generate_are_read_as_those_of_chat_are() {
    let line = r#"{"model":"m","response":"Hi","thinking":"Hm.","done":false}"#;
    let events = StreamReader::new().read(line).expect("it can be read");
    let expected = [
        StreamEvent::Reasoning("Hm.".into()),
        StreamEvent::Text("Hi".into()),
    ];
    assert_eq!(events, expected);
    let body = json!({"model": "m", "response": "Hi", "context": [1], "done": true, "done_reason": "load"});
    let response = read_response(body).expect("it can be read");
    assert_eq!(
        response.finish_reason,
        Some(FinishReason::Other("load".into()))
    );
    assert_eq!(response.metadata["context"], json!([1]));
    let error = read_response(json!({"model": "m"})).expect_err("it says nothing");
    assert_eq!(
        error.to_string(),
        "`message` is missing: give it an object, or `response` a text"
    );
}

#[test]
fn a_request_of_generate_is_kept() {
    let body = json!({
        "model": "m", "system": "Be brief.", "prompt": "Hello", "images": ["/9j/4AAQ"],
        "suffix": "!", "context": [1, 2], "stream": true, "options": {"temperature": 1.0},
    });
    let request = generate::read_request(body.clone()).expect("it can be read");
    assert_eq!(request.user_text().as_deref(), Some("Hello"));
    assert_eq!(generate::write_request(&request), Ok(body));
    let chat = Request::new("m")
        .user("a")
        .with_message(Message::assistant("b"));
    assert!(generate::write_request(&chat).is_err());
    let mut response = Response::new("", "m");
    response.push(StreamEvent::Part(Box::new(Part::ToolCall(ToolCall::new(
        "", "f", "{}",
    )))));
    assert!(generate::write_response(&response, 0).is_err());
}

#[test]
fn errors_are_recognized_by_their_status_and_by_known_words() {
    for (status, message, kind) in [
        (400, "model is required", ErrorKind::BadRequest),
        (
            400,
            "the input length exceeds the context length",
            ErrorKind::ContextLength,
        ),
        (401, "unauthorized", ErrorKind::Auth),
        (404, "model 'x' not found", ErrorKind::NotFound),
        (
            500,
            "model runner has unexpectedly stopped",
            ErrorKind::ServerError,
        ),
        (503, "server busy, please try again.", ErrorKind::Overloaded),
    ] {
        let body = json!({ "error": message }).to_string();
        let error = read_error(status, [], &body);
        assert_eq!(
            (error.kind, error.status, &*error.message),
            (kind, Some(status), message)
        );
        assert_eq!(error.raw, None);
    }
    let error = read_error(
        401,
        [],
        r#"{"error":"unauthorized","signin_url":"https://example.com"}"#,
    );
    assert!(error.raw.is_some(), "what else it says is kept");
    let page = read_error(502, [], "<html>");
    assert_eq!(
        (page.kind, &*page.message),
        (ErrorKind::ServerError, "<html>")
    );
}

#[test]
fn an_error_in_a_stream_is_recognized_by_its_words() {
    for kind in [
        ErrorKind::Overloaded,
        ErrorKind::ServerError,
        ErrorKind::ContextLength,
        ErrorKind::NotFound,
    ] {
        let error = ProviderError::at(Profile::Ollama, kind);
        let line = write_stream_error(&error);
        assert_eq!(StreamReader::new().read(&line), Err(error));
    }
    let unknown = StreamReader::new().read("{\"error\":\"boom\"}");
    let error = unknown.expect_err("it is an error");
    assert_eq!((error.kind, &*error.message), (ErrorKind::Generic, "boom"));
}

#[test]
fn lines_that_say_nothing_are_skipped_and_broken_ones_are_errors() {
    let mut reader = StreamReader::new();
    assert_eq!(reader.read(" \n"), Ok(Vec::new()));
    let error = reader.read("{\"model\":").expect_err("it is cut off");
    assert_eq!(error.kind, ErrorKind::InvalidResponse);
}

#[test]
fn models_are_kept() {
    let body = json!({"models": [{
        "name": "llama3.2:latest", "model": "llama3.2:latest", "size": 7, "digest": "d", "details": {"family": "llama"},
        "modified_at": "2025-01-01T00:00:00Z",
    }]});
    let models = read_models(body.clone()).expect("they can be read");
    assert_eq!(write_models(models, 0), body);
    let other = json!({"models": [{"name": "a", "model": "b"}]});
    let models = read_models(other).expect("they can be read");
    assert_eq!(
        (&*models[0].id, &models[0].extra["name"]),
        ("b", &"a".into())
    );
    assert!(read_models(json!({"models": [{}]})).is_err());
}

#[test]
fn embeddings_are_kept() {
    let body = json!({"model": "m", "input": ["a", "b"], "dimensions": 2, "truncate": false});
    let request = embeddings::read_request(body.clone()).expect("it can be read");
    assert_eq!(embeddings::write_request(&request), Ok(body));
    let body = json!({
        "model": "m", "embeddings": [[0.1, -1.0]], "prompt_eval_count": 3,
        "total_duration": 4, "load_duration": 2,
    });
    let response = embeddings::read_response(body.clone()).expect("it can be read");
    assert_eq!(response.embeddings, [[0.1, -1.0]]);
    assert_eq!(embeddings::write_response(&response), Ok(body));
}
