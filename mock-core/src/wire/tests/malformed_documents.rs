//! Documents with a wrong value at each place: they are read as far as they are valid, and no reader panics.
use serde_json::{Value, json};

use super::generator::{Generator, Wire};
use crate::scenario::Profile;
use crate::test_effort::one_of;
use crate::wire::{
    ReadError, RejectedRequest, anthropic, gemini, gemini_interactions, ollama, openai,
    openai_responses, read_json,
};

/// What stands in the place of each value in turn.
fn junk() -> Vec<Value> {
    let nested = (0..120).fold(json!(null), |inner, _| json!([inner]));
    vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!([]),
        json!([null]),
        json!([{}]),
        json!({}),
        json!({ "type": "text" }),
        json!({ "type": "image", "source": { "type": "url" } }),
        json!({ "content": [[], {}], "type": "tool_result" }),
        nested,
    ]
}

/// Where all values of a document are.
fn places(document: &Value) -> Vec<String> {
    let mut places = vec![String::new()];
    let mut next = 0;
    while let Some(place) = places.get(next).cloned() {
        next += 1;
        match document.pointer(&place) {
            Some(Value::Object(map)) => {
                let keys = map
                    .keys()
                    .map(|key| format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")));
                places.extend(keys);
            }
            Some(Value::Array(list)) => {
                places.extend((0..list.len()).map(|index| format!("{place}/{index}")));
            }
            _ => {}
        }
    }
    places
}

fn mutated(document: &Value) -> impl Iterator<Item = Value> {
    let junk = junk();
    places(document).into_iter().flat_map(move |place| {
        let document = document.clone();
        junk.clone().into_iter().map(move |junk| {
            let mut document = document.clone();
            if let Some(value) = document.pointer_mut(&place) {
                *value = junk;
            }
            document
        })
    })
}

/// One in 199 of the mutations, and each of them if the variable `TRY_ALL` is set: together they take a minute.
fn tried(document: &Value) -> impl Iterator<Item = Value> {
    mutated(document).step_by(one_of(199))
}

/// Reads a document as all that it may be, from values and from bytes alike, and writes what could be read.
fn survive(document: &Value) {
    let _ = openai::check(document, Profile::Openai);
    let _ = anthropic::check(document, Profile::Anthropic);
    if let Ok(request) = openai::read_request(document.clone()) {
        let _ = openai::write_request(&request);
        let _ = anthropic::write_request(&request);
    }
    if let Ok(request) = anthropic::read_request(document.clone()) {
        let _ = anthropic::write_request(&request);
        let _ = openai::write_request(&request);
    }
    let _ = gemini::check(document, Profile::Gemini);
    if let Ok(request) = gemini::read_request(document.clone()) {
        let _ = gemini::write_request(&request);
        let _ = openai::write_request(&request);
    }
    if let Ok(response) = gemini::read_response(document.clone()) {
        let _ = gemini::write_response(&response, 0);
        let _ = anthropic::write_response(&response, 0);
    }
    let _ = gemini::embeddings::check(document, Profile::Gemini);
    let _ = gemini::embeddings::read_response(document.clone());
    let _ = gemini_interactions::check(document, Profile::Gemini);
    if let Ok(request) = gemini_interactions::read_request(document.clone()) {
        let _ = gemini_interactions::write_request(&request);
        let _ = gemini::write_request(&request);
    }
    if let Ok(response) = gemini_interactions::read_response(document.clone()) {
        let _ = gemini_interactions::write_response(&response, 0);
        let _ = gemini::write_response(&response, 0);
    }
    let _ = ollama::check(document, Profile::Ollama);
    let _ = ollama::generate::check(document, Profile::Ollama);
    let _ = ollama::embeddings::check(document, Profile::Ollama);
    if let Ok(request) = ollama::read_request(document.clone()) {
        let _ = ollama::write_request(&request);
        let _ = openai::write_request(&request);
    }
    if let Ok(response) = ollama::read_response(document.clone()) {
        let _ = ollama::write_response(&response, 0);
        let _ = openai::write_response(&response, 0);
    }
    let _ = openai_responses::check(document, Profile::OpenaiResponses);
    if let Ok(request) = openai_responses::read_request(document.clone()) {
        let _ = openai_responses::write_request(&request);
        let _ = openai::write_request(&request);
        let _ = openai_responses::echo(&request);
    }
    if let Ok(response) = openai_responses::read_response(document.clone()) {
        let _ = openai_responses::write_response(&response, 0);
        let _ = anthropic::write_response(&response, 0);
    }
    if let Ok(response) = openai::read_response(document.clone()) {
        let _ = openai_responses::write_response(&response, 0);
        let _ = (
            openai::write_response(&response, 0),
            anthropic::write_response(&response, 0),
        );
    }
    if let Ok(response) = anthropic::read_response(document.clone()) {
        let _ = (
            openai::write_response(&response, 0),
            anthropic::write_response(&response, 0),
        );
    }
    let _ = (
        openai::read_models(document.clone()),
        anthropic::read_models(document.clone()),
        gemini::read_models(document.clone()),
        ollama::read_models(document.clone()),
    );
    let text = document.to_string();
    let _ = (
        openai::read_error(400, [], &text),
        anthropic::read_error(400, [], &text),
        gemini::read_error(400, [], &text),
        gemini_interactions::read_error(400, [], &text),
        ollama::read_error(400, [], &text),
        gemini::read_counted(text.as_bytes(), Some(Profile::Gemini), None),
    );
    // Some are nested too deep to be read from bytes.
    if read_json(text.as_bytes()).is_ok() {
        assert_eq!(
            openai::read_checked(text.as_bytes(), None),
            openai::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::Openai))
        );
        assert_eq!(
            openai_responses::read_checked(text.as_bytes(), None),
            openai_responses::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::OpenaiResponses))
        );
        assert_eq!(
            gemini::read_checked(text.as_bytes(), None, None),
            gemini::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::Gemini))
        );
        assert_eq!(
            gemini_interactions::read_checked(text.as_bytes(), None),
            gemini_interactions::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::Gemini))
        );
        assert_eq!(
            ollama::read_checked(text.as_bytes(), None),
            ollama::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::Ollama))
        );
        assert_eq!(
            anthropic::read_checked(text.as_bytes(), None),
            anthropic::read_request(document.clone())
                .map_err(|error| RejectedRequest::unreadable(&error, Profile::Anthropic))
        );
    }
}

#[test]
fn no_document_makes_a_wire_panic() {
    for seed in 0..2 {
        let mut generator = Generator::new(seed);
        let written = [
            openai::write_request(&generator.request(Wire::Openai)),
            openai::write_response(&generator.response(Wire::Openai, false), 1),
            openai_responses::write_request(&generator.request(Wire::Responses)),
            openai_responses::write_response(&generator.response(Wire::Responses, false), 1),
            anthropic::write_request(&generator.request(Wire::Anthropic)),
            anthropic::write_response(&generator.response(Wire::Anthropic, false), 0),
            gemini::write_request(&generator.request(Wire::Gemini)),
            gemini::write_response(&generator.response(Wire::Gemini, false), 0),
        ];
        for document in written {
            let document = document.expect("the wire has a place for all of it");
            tried(&document).for_each(|document| survive(&document));
        }
    }
    let mut generator = Generator::new(2);
    let written = [
        gemini_interactions::write_request(&generator.request(Wire::Interactions)),
        gemini_interactions::write_response(&generator.response(Wire::Interactions, false), 0),
        ollama::write_request(&generator.request(Wire::Ollama)),
        ollama::write_response(&generator.response(Wire::Ollama, false), 0),
    ];
    for document in written {
        let document = document.expect("the wire has a place for all of it");
        tried(&document).for_each(|document| survive(&document));
    }
    let models = openai::write_models(["a", "b"], 0);
    mutated(&models).for_each(|document| survive(&document));
}

#[test]
fn no_chunk_makes_a_wire_panic() {
    for seed in 0..2 {
        let mut generator = Generator::new(seed);
        let response = generator.response(Wire::Openai, true);
        let mut writer = openai::StreamWriter::new(&response, 1).include_usage(true);
        let frames = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = openai::StreamReader::new();
        let frames: Vec<_> = frames.flatten().flatten().collect();
        for chunk in frames.into_iter().chain(writer.end()).filter_map(payload) {
            let read = |chunk: Value| reader.read(&chunk.to_string()).map(drop);
            let _ = tried(&chunk).map(read).collect::<Vec<_>>();
        }

        let response = generator.response(Wire::Responses, true);
        let mut writer = openai_responses::StreamWriter::new(&response, 1);
        let frames = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = openai_responses::StreamReader::new();
        for chunk in frames.flatten().flatten().filter_map(payload) {
            let read = |chunk: Value| reader.read(&chunk.to_string()).map(drop);
            let _ = tried(&chunk).map(read).collect::<Vec<_>>();
        }

        let response = generator.response(Wire::Gemini, true);
        let mut writer = gemini::StreamWriter::new(&response, 0);
        let frames = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = gemini::StreamReader::new();
        for chunk in frames.flatten().flatten().filter_map(payload) {
            let read = |chunk: Value| reader.read(&chunk.to_string()).map(drop);
            let _ = tried(&chunk).map(read).collect::<Vec<_>>();
        }

        let response = generator.response(Wire::Interactions, true);
        let mut writer = gemini_interactions::StreamWriter::new(&response, 0);
        let frames = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = gemini_interactions::StreamReader::new();
        for chunk in frames.flatten().flatten().filter_map(payload) {
            let read = |chunk: Value| reader.read(&chunk.to_string()).map(drop);
            let _ = tried(&chunk).map(read).collect::<Vec<_>>();
        }

        let response = generator.response(Wire::Ollama, true);
        let mut writer = ollama::StreamWriter::new(&response, 0);
        let lines = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = ollama::StreamReader::new();
        for line in lines.flatten().flatten() {
            let line = serde_json::from_str(&line).expect("a line is JSON");
            let read = |line: Value| reader.read(&line.to_string()).map(drop);
            let _ = tried(&line).map(read).collect::<Vec<_>>();
        }

        let response = generator.response(Wire::Anthropic, true);
        let mut writer = anthropic::StreamWriter::new(&response, 0);
        let frames = generator
            .events(&response)
            .into_iter()
            .map(|event| writer.write(&event));
        let mut reader = anthropic::StreamReader::new();
        let frames: Vec<_> = frames.flatten().flatten().collect();
        for chunk in frames.into_iter().chain(writer.end()).filter_map(payload) {
            let read = |chunk: Value| reader.read(&chunk.to_string()).map(drop);
            let _ = tried(&chunk).map(read).collect::<Vec<_>>();
        }
    }
}

fn payload(frame: String) -> Option<Value> {
    serde_json::from_str(frame.split_once("data: ")?.1).ok()
}

#[test]
fn a_document_nested_too_deep_is_an_error() {
    let deep = "[".repeat(100_000);
    assert!(read_json(deep.as_bytes()).is_err());
    assert!(openai::StreamReader::new().read(&deep).is_err());
    assert!(openai_responses::StreamReader::new().read(&deep).is_err());
    assert!(anthropic::StreamReader::new().read(&deep).is_err());
    assert!(gemini::StreamReader::new().read(&deep).is_err());
    assert!(
        gemini_interactions::StreamReader::new()
            .read(&deep)
            .is_err()
    );
    assert!(ollama::StreamReader::new().read(&deep).is_err());
}

#[test]
fn a_long_conversation_is_read() {
    let messages: Vec<_> = (0..50_000)
        .map(|_| json!({ "role": "user", "content": "x" }))
        .collect();
    let body = json!({ "messages": messages, "model": "m", "max_tokens": 1 });
    assert_eq!(openai::check(&body, Profile::Openai), Ok(()));
    assert_eq!(anthropic::check(&body, Profile::Anthropic), Ok(()));
}

#[test]
fn bytes_that_are_not_utf8_are_an_error_that_says_where() {
    let error = read_json(b"{\"a\": \"\xff\"}").expect_err("it is no UTF-8");
    // Versions of `serde_json` count its columns from another byte.
    let error = error.to_string();
    let expected = "the body is not JSON (invalid unicode code point at line 1 column ";
    assert!(error.starts_with(expected), "{error}");
    assert!(error.ends_with("): send it as UTF-8"), "{error}");
}

#[test]
fn an_object_is_kept_whatever_its_field_is_called() {
    for name in ["Number", "RawValue"] {
        for value in ["1.50", "abc"] {
            let field = format!("$serde_json::private::{name}");
            let body = json!({ "messages": [], "x": { field: value } });
            let text = body.to_string();
            let request = openai::read_checked(text.as_bytes(), None);
            let request = request.expect("it can be read");
            assert_eq!(request.extra["x"], body["x"]);
            let read = read_json(text.as_bytes()).expect("it is JSON");
            assert_eq!(openai::read_request(read).as_ref(), Ok(&request));
        }
    }
}

#[test]
fn json_that_cannot_be_read_is_not_reported_as_missing() {
    let deep = "[".repeat(128) + &"]".repeat(128);
    for (body, problem, remedy) in [
        (
            "1e400",
            "number out of range at line 1 column 5",
            "write a number of 64 bits",
        ),
        (
            &*deep,
            "recursion limit exceeded at line 1 column 128",
            "nest values in at most 127 levels",
        ),
        (
            r#""\ud800""#,
            "unexpected end of hex escape at line 1 column 8",
            "write both halves of a surrogate pair",
        ),
        (
            r#""\udc00""#,
            "lone leading surrogate in hex escape at line 1 column 7",
            "write both halves of a surrogate pair",
        ),
    ] {
        let error = read_json(body.as_bytes()).expect_err("it cannot be read");
        let expected = format!("the body cannot be read ({problem}): {remedy}");
        assert_eq!(error.to_string(), expected);
        let broken = format!("{body}]");
        let error = read_json(broken.as_bytes()).expect_err("it is no JSON");
        assert!(matches!(error, ReadError::Json { .. }), "{error}");
    }
}

#[test]
fn a_body_that_is_not_json_is_reported_with_its_beginning() {
    for (body, problem) in [
        (
            "",
            "(EOF while parsing a value at line 1 column 0, as it is empty): send one JSON document",
        ),
        (
            " \n",
            "(EOF while parsing a value at line 2 column 0, as it is empty): send one JSON document",
        ),
        (
            "\u{feff}{}",
            "(expected value at line 1 column 1, which is a byte-order mark): send it without",
        ),
        (
            "model=m&messages=hello",
            "(expected value at line 1 column 1, which begins with `model=m&messages=hel`): send one JSON document",
        ),
        (
            "--x\r\ncontent-disposition: form-data",
            "(invalid number at line 1 column 2, which begins with `--x\\r\\ncontent-disposi`): send one JSON document",
        ),
        (
            "{\"a\": 1,}",
            "(trailing comma at line 1 column 9): send one JSON document",
        ),
        (
            "{",
            "(EOF while parsing an object at line 1 column 1): send one JSON document",
        ),
        (
            "{\n\"a\": NaN,\n\"b\": 1}",
            "(expected value at line 2 column 6, where it says `NaN,`): send one JSON document",
        ),
        (
            "{\"a\": \"b\nc\"}",
            "(control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0): write it as an escape, such as `\\n`",
        ),
        (
            "{\0}\0",
            "(key must be a string at line 1 column 2, which is UTF-16): send it as UTF-8",
        ),
    ] {
        let error = read_json(body.as_bytes()).expect_err("it is not JSON");
        assert_eq!(error.to_string(), format!("the body is not JSON {problem}"));
    }
    let compressed = read_json(b"\x1f\x8b\x08\0").expect_err("it is not JSON");
    let remedy = "send the header `content-encoding: gzip` with it";
    assert!(compressed.to_string().ends_with(remedy), "{compressed}");
}
