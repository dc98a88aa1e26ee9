//! Tests of this wire.

use serde_json::{Value, json};

use super::{
    StreamReader, StreamWriter, check, read_request, read_response, write_request, write_response,
};
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Image, Message, Part, Reasoning, Role, ToolResult};
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::WriteError;

/// What is read from a body and written again.
fn again(body: &Value) -> Value {
    let request = read_request(body.clone()).expect("it can be read");
    write_request(&request).expect("it can be written")
}

#[test]
fn a_request_keeps_all_that_has_no_name_here() {
    let body = json!({
        "model": "models/gemini-2.5-flash",
        "systemInstruction": { "role": "model", "parts": [{ "text": "s", "thought": false }] },
        "contents": [
            { "role": "user", "parts": [
                { "text": "a" },
                { "inlineData": { "mimeType": "image/png", "data": "QUJD", "displayName": "x" } },
                { "inlineData": { "mimeType": "audio/wav", "data": "QUJD" } },
                { "fileData": { "mimeType": "image/png", "fileUri": "https://example.com/a.png" } },
                { "fileData": { "mimeType": "video/mp4", "fileUri": "https://example.com/a.mp4" }, "videoMetadata": { "fps": 1 } },
            ] },
            { "role": "model", "parts": [
                { "text": "hm", "thought": true, "thoughtSignature": "s1" },
                { "text": "so", "thoughtSignature": "s2" },
                { "executableCode": { "language": "PYTHON", "code": "1" } },
                { "functionCall": { "id": "c1", "name": "look", "args": { "b": 1, "a": 2 }, "x": 1 }, "thoughtSignature": "s3" },
                { "functionCall": { "name": "find", "args": {} }, "thought": false },
            ] },
            { "role": "user", "parts": [
                { "functionResponse": { "id": "c1", "name": "look", "response": { "output": "noon" } } },
                { "functionResponse": { "name": "find", "response": { "result": { "n": 1 } }, "scheduling": "SILENT", "parts": [
                    { "inlineData": { "mimeType": "image/png", "data": "QUJD" } },
                ] } },
            ] },
            { "role": "user", "parts": [{ "text": "go on" }] },
        ],
        "tools": [
            { "googleSearch": {} },
            { "functionDeclarations": [
                { "name": "look", "description": "d", "parameters": { "type": "OBJECT" }, "behavior": "BLOCKING" },
                { "name": "find", "parametersJsonSchema": { "type": "object" } },
            ] },
        ],
        "toolConfig": { "functionCallingConfig": { "mode": "ANY" } },
        "safetySettings": [{ "category": "c", "threshold": "t" }],
        "generationConfig": {
            "temperature": 0.5, "maxOutputTokens": 8, "topK": 40,
            "responseSchema": { "type": "OBJECT" }, "thinkingConfig": { "thinkingLevel": "low" },
        },
    });
    assert_eq!(again(&body), body);
    for config in [json!({}), json!({ "topP": 0.5 })] {
        let body = json!({ "contents": [], "generationConfig": config, "tools": [] });
        assert_eq!(again(&body), body);
    }
}

#[test]
fn parts_are_what_they_are_on_the_other_wires() {
    let body = json!({ "contents": [
        { "parts": [
            { "inline_data": { "mime_type": "image/png", "data": "QUJD" } },
            { "fileData": { "fileUri": "files/1" } },
        ] },
        { "role": "model", "parts": [
            { "text": "hm", "thought": true, "thought_signature": "s" },
            { "functionCall": { "name": "look", "args": { "a": 1, "b": 2 } } },
        ] },
    ] });
    let request = read_request(body).expect("it can be read");
    let image = Image::Base64 {
        media_type: "image/png".into(),
        data: "QUJD".into(),
    };
    let file = Image::File("files/1".into());
    assert_eq!(
        request.messages[0].parts,
        [Part::Image(image), Part::Image(file)]
    );
    let thought = Reasoning::new("hm").with_signature("s");
    assert_eq!(request.messages[1].parts[0], Part::Reasoning(thought));
    let call = request.messages[1].tool_calls().next().expect("a call");
    assert_eq!(call.arguments, r#"{"a":1,"b":2}"#);
}

#[test]
fn the_result_of_a_function_is_a_text() {
    for (response, text, is_error) in [
        (json!({ "output": "noon" }), "noon", false),
        (json!({ "result": "noon" }), "noon", false),
        (json!({ "result": { "n": 1 } }), r#"{"n":1}"#, false),
        (json!({ "content": "noon", "name": "look" }), "noon", false),
        (
            json!({ "content": { "n": 1 }, "name": "look" }),
            r#"{"n":1}"#,
            false,
        ),
        (
            json!({ "content": "noon", "name": "another" }),
            r#"{"content":"noon","name":"another"}"#,
            false,
        ),
        (
            json!({ "content": "noon", "n": 1, "name": "look" }),
            r#"{"content":"noon","n":1,"name":"look"}"#,
            false,
        ),
        (json!({ "error": "no clock" }), "no clock", true),
        (json!({ "error": { "n": 1 } }), r#"{"n":1}"#, true),
        (
            json!({ "n": 1, "output": 2 }),
            r#"{"n":1,"output":2}"#,
            false,
        ),
        (json!({}), "", false),
        (
            json!({ "output": r#"{"content":"noon","name":"look"}"# }),
            r#"{"content":"noon","name":"look"}"#,
            false,
        ),
        (
            json!({ "output": "{\"error\":\"x\"}" }),
            r#"{"error":"x"}"#,
            false,
        ),
        (json!({ "output": null }), "null", false),
    ] {
        let result = json!({ "functionResponse": { "name": "look", "response": response } });
        let body = json!({ "contents": [{ "role": "user", "parts": [result] }] });
        let request = read_request(body.clone()).expect("it can be read");
        let message = &request.messages[0];
        let read = message.tool_results().next().expect("a result");
        assert_eq!(
            (message.role, message.name.as_deref()),
            (Role::Tool, Some("look"))
        );
        assert_eq!((&*read.text(), read.is_error), (text, is_error));
        assert_eq!(write_request(&request), Ok(body));
    }
}

#[test]
fn a_result_has_the_name_of_its_call() {
    let call = crate::ToolCall::new("c1", "look", "{}");
    let request = Request::new("m")
        .user("hi")
        .with_message(Message::assistant("").with_tool_calls([call]))
        .with_message(Message::tool("c1", r#"{"n":1}"#));
    let body = write_request(&request).expect("it can be written");
    let expected = json!({ "id": "c1", "name": "look", "response": { "n": 1 } });
    assert_eq!(
        body["contents"][2]["parts"][0]["functionResponse"],
        expected
    );
    let nameless = Request::new("m").with_message(Message::tool("c1", "x"));
    let error = write_request(&nameless).expect_err("there is no such call");
    assert!(
        error.to_string().contains("the name of the tool"),
        "{error}"
    );
}

/// Calls may have no ids, and ids may come again.
#[test]
fn a_result_has_the_name_of_the_first_call_with_its_id_in_the_newest_message() {
    let calls = |names: [&str; 2]| {
        let calls = names.map(|name| crate::ToolCall::new("", name, "{}"));
        Message::assistant("").with_tool_calls(calls)
    };
    let request = Request::new("m")
        .user("hi")
        .with_message(calls(["old", "older"]))
        .with_message(calls(["look", "find"]))
        .with_message(Message::tool("", "{}"));
    assert_eq!(request.tool_of_call(""), Some("look"));
    let body = write_request(&request).expect("it can be written");
    let contents = body["contents"].as_array().expect("a list");
    let result = contents.last().expect("the result");
    assert_eq!(result["parts"][0]["functionResponse"]["name"], "look");
}

#[test]
fn an_error_names_the_part_without_a_place() {
    let late = Request::new("m").user("hi").system("Be brief.");
    let named = |request: &Request| {
        write_request(request)
            .expect_err("it has no place")
            .to_string()
    };
    assert!(named(&late).contains("instructions after the beginning"));
    let mut two = ToolResult::new("", "a");
    two.content.push(Part::Text("b".into()));
    let mut message = Message::tool_named("look", "");
    message.parts = vec![Part::ToolResult(two)];
    assert!(named(&Request::new("m").with_message(message)).contains("a second text"));
}

fn answered(reason: FinishReason, parts: Vec<Part>) -> Response {
    let mut response = Response::new("r1", "m");
    response.message = Message::new(Role::Assistant, parts);
    response.finish_reason = Some(reason);
    response
}

#[test]
fn a_refusal_is_a_finish_message() {
    let refusal = answered(FinishReason::Stop, vec![Part::Refusal("No.".into())]);
    let body = write_response(&refusal, 0).expect("it can be written");
    assert_eq!(
        body["candidates"],
        json!([{ "finishReason": "SAFETY", "finishMessage": "No.", "index": 0 }])
    );
    assert_eq!(read_response(body), Ok(refusal));
    let filtered = answered(FinishReason::ContentFilter, Vec::new());
    let body = write_response(&filtered, 0).expect("it can be written");
    assert_eq!(
        body["candidates"],
        json!([{ "finishReason": "SAFETY", "index": 0 }])
    );
    assert_eq!(read_response(body), Ok(filtered));
    let cut = answered(FinishReason::Length, vec![Part::Refusal("No".into())]);
    assert!(matches!(
        write_response(&cut, 0),
        Err(WriteError::NoPlace { .. })
    ));
    // The messages of other reasons are not refusals.
    let body = json!({ "candidates": [{ "finishReason": "STOP", "finishMessage": "Model generated function call(s)." }] });
    let read = read_response(body).expect("it can be read");
    assert_eq!(read.message.parts, []);
    assert!(read.metadata["candidates"][0]["finishMessage"].is_string());
}

#[test]
fn a_blocked_prompt_has_no_candidate() {
    let mut blocked = answered(FinishReason::ContentFilter, Vec::new());
    let feedback = json!({ "blockReason": "PROHIBITED_CONTENT" });
    blocked.metadata.insert("promptFeedback".into(), feedback);
    let body = write_response(&blocked, 0).expect("it can be written");
    assert!(body.get("candidates").is_none(), "{body}");
    assert_eq!(read_response(body), Ok(blocked.clone()));

    let mut writer = StreamWriter::new(&blocked, 0);
    let finish = StreamEvent::Finish {
        reason: Some(FinishReason::ContentFilter),
        usage: Some(Usage::new(3, 0)),
    };
    let frames = writer.write(&finish).expect("it can be written");
    let data = frames[0].trim_start_matches("data: ");
    assert!(!data.contains("\"candidates\""), "{data}");
    assert_eq!(StreamReader::new().read(data), Ok(vec![finish]));
}

#[test]
fn the_tokens_of_thoughts_are_counted_apart() {
    let mut response = answered(FinishReason::Stop, vec![Part::Text("Hi".into())]);
    response.usage = Some(Usage::new(10, 9).reasoning(8).cache_read(4));
    let body = write_response(&response, 0).expect("it can be written");
    let usage = json!({
        "promptTokenCount": 10, "candidatesTokenCount": 1, "thoughtsTokenCount": 8,
        "cachedContentTokenCount": 4, "totalTokenCount": 19,
    });
    assert_eq!(body["usageMetadata"], usage);
    assert_eq!(read_response(body), Ok(response));
    // The tokens of tools are in the total alone.
    let body = json!({ "candidates": [], "usageMetadata": {
        "promptTokenCount": 10, "candidatesTokenCount": 1, "toolUsePromptTokenCount": 5, "totalTokenCount": 16,
    }, "modelVersion": "", "responseId": "" });
    let read = read_response(body.clone()).expect("it can be read");
    assert_eq!(read.usage, Some(Usage::new(10, 1)));
    let written = write_response(&read, 0).expect("it can be written");
    assert_eq!(written["usageMetadata"], body["usageMetadata"]);
}

#[test]
fn further_candidates_are_kept_in_a_whole_answer_only() {
    let body = json!({ "candidates": [
        { "content": { "parts": [{ "text": "a" }], "role": "model" }, "finishReason": "STOP", "index": 0, "safetyRatings": [] },
        { "content": { "parts": [{ "text": "b" }], "role": "model" }, "finishReason": "STOP", "index": 1 },
    ], "modelVersion": "m", "responseId": "r1" });
    let read = read_response(body.clone()).expect("it can be read");
    assert_eq!(read.text(), "a");
    assert_eq!(write_response(&read, 0), Ok(body));
    let text = StreamEvent::Text("a".into());
    let error = StreamWriter::new(&read, 0)
        .write(&text)
        .expect_err("it has no place");
    assert!(error.to_string().contains("`candidates`"), "{error}");
}

#[test]
fn a_call_is_written_as_soon_as_it_is_whole() {
    let mut writer = StreamWriter::new(&Response::new("r1", "m"), 0);
    let mut write = |event| writer.write(&event).map(|frames| frames.len());
    let start = |index| StreamEvent::ToolCallStart {
        index,
        id: String::new(),
        name: "look".into(),
        extra: None,
    };
    let piece = |index, arguments: &str| StreamEvent::ToolCallDelta {
        index,
        arguments: arguments.into(),
    };
    assert_eq!(write(start(0)), Ok(0));
    assert_eq!(write(piece(0, "{\"a\": {}")), Ok(0));
    assert_eq!(write(piece(0, "}")), Ok(1));
    assert_eq!(write(piece(0, " \n")), Ok(0), "white space after it");
    let late = write(piece(0, "{}"));
    assert!(matches!(late, Err(WriteError::Order { .. })), "{late:?}");
    assert_eq!(write(start(1)), Ok(0));
    assert_eq!(write(start(2)), Ok(1), "the one before has no arguments");
    assert_eq!(write(piece(2, "[1]")), Ok(0));
    let error = write(StreamEvent::Text("x".into())).expect_err("they are not an object");
    assert!(error.to_string().contains("not a JSON object"), "{error}");
}

#[test]
fn pieces_of_a_candidates_fields_are_joined() {
    let mut reader = StreamReader::new();
    for data in [
        r#"{"candidates":[{"groundingMetadata":{"chunks":[1]}}]}"#,
        r#"{"candidates":[{"groundingMetadata":{"chunks":[2]},"index":0,"finishReason":"STOP"}]}"#,
    ] {
        reader.read(data).expect("it can be read");
    }
    let expected = json!([{ "groundingMetadata": { "chunks": [1, 2] } }]);
    assert_eq!(reader.head().metadata["candidates"], expected);
}

#[test]
fn an_error_names_the_field_that_cannot_be_read() {
    for (body, problem) in [
        (
            json!({ "contents": [{ "role": "owner", "parts": [] }] }),
            "`contents[0].role` is `owner`",
        ),
        (
            json!({ "contents": [{ "parts": [{ "text": 1 }] }] }),
            "`contents[0].parts[0].text` is a number",
        ),
        (
            json!({ "contents": [{ "parts": [1] }] }),
            "`contents[0].parts[0]` is a number",
        ),
        (
            json!({ "contents": [{ "parts": [{ "functionCall": { "name": "f", "args": [] } }] }] }),
            "`contents[0].parts[0].functionCall.args` is a list",
        ),
        (
            json!({ "contents": [{ "parts": [{ "functionResponse": { "response": {} } }] }] }),
            "`contents[0].parts[0].functionResponse.name` is missing",
        ),
        (
            json!({ "tools": [{ "function_declarations": [{}] }] }),
            "`tools[0].functionDeclarations[0].name` is missing",
        ),
        (
            json!({ "generation_config": { "max_output_tokens": "1" } }),
            "`generationConfig.maxOutputTokens` is a text",
        ),
    ] {
        let error = read_request(body).expect_err("it cannot be read");
        assert!(error.to_string().starts_with(problem), "{error}");
    }
    assert!(read_response(json!({})).is_err());
}

#[test]
fn a_request_for_embeddings_is_read_as_it_was_written_in_both_forms() {
    use crate::chat::embedding::EmbeddingRequest;
    use crate::wire::gemini::embeddings::{Form, read_request, write_request};

    let of_each = json!([{ "title": "a" }, { "title": "b" }]);
    for (texts, extra, form) in [
        (
            &["a cat"][..],
            json!({ "taskType": "CLUSTERING" }),
            Form::Single,
        ),
        (&["a cat"], json!({}), Form::Batch),
        (
            &["", "\u{0}\"é"],
            json!({ "taskType": "CLUSTERING" }),
            Form::Batch,
        ),
        (&["a", "b"], json!({ "requests": of_each }), Form::Batch),
    ] {
        for dimensions in [None, Some(256)] {
            let mut request = EmbeddingRequest::new("m").with_inputs(texts.iter().copied());
            request.dimensions = dimensions;
            request.extra = extra.as_object().cloned().unwrap_or_default();
            let body = write_request(&request, form).expect("the wire has a place for all of it");
            assert_eq!(read_request(body), Ok(request));
        }
    }
    let two = EmbeddingRequest::new("m").with_inputs(["a", "b"]);
    assert!(write_request(&two, Form::Single).is_err());
    let tokens = EmbeddingRequest::new("m").with_input(vec![1]);
    assert!(write_request(&tokens, Form::Batch).is_err());
}

#[test]
fn an_answer_with_embeddings_is_read_as_it_was_written_in_both_forms() {
    use crate::chat::embedding::EmbeddingResponse;
    use crate::wire::gemini::embeddings::{
        Form, read_response, write_response, write_response_bytes,
    };

    let vector = vec![0.1, -1e-30, 3.4e38, 1.0];
    for (vectors, form) in [
        (vec![vector.clone()], Form::Single),
        (vec![], Form::Batch),
        (vec![vector, vec![]], Form::Batch),
    ] {
        for metadata in [json!({}), json!({ "x": 1, "usageMetadata": { "y": 2 } })] {
            let mut response = EmbeddingResponse::new("").with_embeddings(vectors.clone());
            response.usage = Some(Usage::new(3, 0));
            response.metadata = metadata.as_object().cloned().unwrap_or_default();
            let body = write_response(&response, form).expect("all of it has a place");
            let bytes = write_response_bytes(&response, form).expect("all of it has a place");
            let read = serde_json::from_slice::<Value>(&bytes).expect("it is JSON");
            assert_eq!(read, body);
            assert_eq!(read_response(body), Ok(response));
        }
    }
    let endless = EmbeddingResponse::new("").with_embedding([f32::INFINITY]);
    assert!(write_response(&endless, Form::Batch).is_err());
    let none = EmbeddingResponse::new("");
    assert!(write_response(&none, Form::Single).is_err());
}

#[test]
fn a_schema_that_is_rejected_is_named_by_its_place() {
    let nested = |schema: Value| json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "anyOf": [{ "type": "string" }, schema] } } } });
    let at = "parameters.properties[a].items.any_of[1]";
    for (schema, place, says) in [
        (json!({ "const": 1 }), "", "Unknown name \"const\""),
        (json!({ "type": ["string"] }), "", "cannot start list"),
        (json!({ "type": "ARRAY" }), ".items", "missing field"),
        (
            json!({ "required": ["b"] }),
            ".required[0]",
            "`properties` has no `b`",
        ),
        (
            json!({ "type": "string", "enum": ["a", 2] }),
            ".enum[1]",
            "(TYPE_STRING), 2 ",
        ),
        (
            json!({ "enum": ["a"] }),
            ".enum",
            "only allowed for STRING type",
        ),
    ] {
        let function = json!({ "name": "look", "parameters": nested(schema.clone()) });
        let contents = json!([{ "parts": [{ "text": "hi" }] }]);
        let body =
            json!({ "contents": contents, "tools": [{ "functionDeclarations": [function] }] });
        let error = check(&body, Profile::Gemini).expect_err("it is rejected");
        let place = format!("tools[0].function_declarations[0].{at}{place}");
        assert_eq!(error.param.as_deref(), Some(&*place), "{schema}");
        assert!(error.message.contains(says), "{error}");

        let config =
            json!({ "responseMimeType": "application/json", "responseSchema": nested(schema) });
        let body = json!({ "contents": contents, "generationConfig": config });
        let error = check(&body, Profile::Gemini).expect_err("it is rejected");
        assert!(error.message.contains(says), "{error}");
    }
}

#[test]
fn a_stream_that_breaks_off_after_content_has_no_finish_although_each_frame_has_a_usage() {
    let usage = json!({ "promptTokenCount": 2, "candidatesTokenCount": 1 });
    let frame = |text: &str| {
        let content = json!({ "parts": [{ "text": text }], "role": "model" });
        json!({ "candidates": [{ "content": content }], "usageMetadata": usage }).to_string()
    };
    let mut reader = StreamReader::new();
    reader.read(&frame("Hi")).expect("it can be read");
    assert_eq!(reader.end(), None);
    reader.read(&frame("")).expect("it can be read");
    let usage = Some(Usage::new(2, 1));
    assert_eq!(
        reader.end(),
        Some(StreamEvent::Finish {
            reason: None,
            usage
        })
    );
}
