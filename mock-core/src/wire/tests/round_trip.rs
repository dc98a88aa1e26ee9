//! What is written on a wire is the same when it is read back.

use std::time::Duration;

use super::generator::{Generator, Wire};
use serde_json::json;

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::test_effort::tries;
use crate::wire::{
    anthropic, gemini, gemini_interactions, ollama, openai, openai_responses, read_json,
};

const ROUNDS: u64 = 200;

#[test]
fn a_request_that_is_written_is_read_as_it_was() {
    for seed in 0..tries(ROUNDS) {
        let request = Generator::new(seed).request(Wire::Openai);
        let body = openai::write_request(&request).expect("the wire has a place for all of it");
        assert_eq!(openai::read_request(body), Ok(request), "{seed}");

        let request = Generator::new(seed).request(Wire::Responses);
        let body = openai_responses::write_request(&request);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(openai_responses::read_request(body), Ok(request), "{seed}");

        let request = Generator::new(seed).request(Wire::Anthropic);
        let body = anthropic::write_request(&request).expect("the wire has a place for all of it");
        assert_eq!(anthropic::read_request(body), Ok(request), "{seed}");

        let mut request = Generator::new(seed).request(Wire::Gemini);
        // The path says it.
        request.stream = None;
        let body = gemini::write_request(&request).expect("the wire has a place for all of it");
        assert_eq!(gemini::read_request(body), Ok(request), "{seed}");

        let request = Generator::new(seed).request(Wire::Interactions);
        let body = gemini_interactions::write_request(&request);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(
            gemini_interactions::read_request(body),
            Ok(request),
            "{seed}"
        );

        let request = Generator::new(seed).request(Wire::Ollama);
        let body = ollama::write_request(&request).expect("the wire has a place for all of it");
        assert_eq!(ollama::read_request(body), Ok(request), "{seed}");
    }
}

#[test]
fn an_answer_that_is_written_is_read_as_it_was() {
    for seed in 0..tries(ROUNDS) {
        let response = Generator::new(seed).response(Wire::Openai, false);
        let body =
            openai::write_response(&response, 1).expect("the wire has a place for all of it");
        assert_eq!(openai::read_response(body), Ok(response), "{seed}");

        let response = Generator::new(seed).response(Wire::Responses, false);
        let body = openai_responses::write_response(&response, 2);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(
            openai_responses::read_response(body),
            Ok(response),
            "{seed}"
        );

        let response = Generator::new(seed).response(Wire::Anthropic, false);
        let body =
            anthropic::write_response(&response, 0).expect("the wire has a place for all of it");
        assert_eq!(anthropic::read_response(body), Ok(response), "{seed}");

        let response = Generator::new(seed).response(Wire::Gemini, false);
        let body = gemini::write_response(&response, 0);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(gemini::read_response(body), Ok(response), "{seed}");

        let response = Generator::new(seed).response(Wire::Interactions, false);
        let body = gemini_interactions::write_response(&response, 0);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(
            gemini_interactions::read_response(body),
            Ok(response),
            "{seed}"
        );

        let response = Generator::new(seed).response(Wire::Ollama, false);
        let body = ollama::write_response(&response, 0);
        let body = body.expect("the wire has a place for all of it");
        assert_eq!(ollama::read_response(body), Ok(response), "{seed}");
    }
}

#[test]
fn an_answer_is_the_same_as_bytes_and_as_a_tree() {
    let read = |bytes: Vec<u8>| read_json(&bytes).expect("it is JSON");
    for seed in 0..tries(ROUNDS) {
        for plain in [false, true] {
            let mut response = Generator::new(seed).response(Wire::Openai, false);
            if plain {
                response.metadata.clear();
                response.message.extra.clear();
            }
            let dialect = openai::Dialect::from_profile(Profile::Openai);
            let tree = dialect.write_response(&response, 1);
            let tree = tree.expect("it can be written");
            let bytes = openai::write_response_bytes(&response, 1, 1, dialect);
            let bytes = bytes.expect("it can be written");
            assert_eq!(read(bytes), tree, "{seed}");

            let response = Generator::new(seed).response(Wire::Responses, false);
            let tree = openai_responses::write_response(&response, 2);
            let tree = tree.expect("it can be written");
            let bytes = openai_responses::write_response_bytes(&response, 2, 2);
            assert_eq!(read(bytes.expect("it can be written")), tree, "{seed}");

            let mut response = Generator::new(seed).response(Wire::Anthropic, false);
            if plain {
                response.metadata.clear();
            }
            let mut tree = anthropic::write_response(&response, 0).expect("it can be written");
            for (name, value) in [
                (
                    "cache_creation",
                    json!({
                        "ephemeral_5m_input_tokens": tree["usage"]["cache_creation_input_tokens"],
                        "ephemeral_1h_input_tokens": 0,
                    }),
                ),
                ("inference_geo", json!("global")),
                ("service_tier", json!("standard")),
            ] {
                // What the provider sends, where the answer says nothing else.
                if tree["usage"][name].is_null() {
                    tree["usage"][name] = value;
                }
            }
            let bytes = anthropic::write_response_bytes(&response).expect("it can be written");
            assert_eq!(read(bytes), tree, "{seed}");
        }
    }
}

#[test]
fn a_stream_that_is_written_is_read_as_it_was_and_collects_into_the_plain_answer() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let response = generator.response(Wire::Openai, true);
        let events = generator.events(&response);
        let (read, head) = through_openai(&response, &events);
        assert_eq!(read, events, "{seed}");
        let plain = openai::write_response(&response, 1).expect("it can be written");
        assert_eq!(
            Ok(collect(head, read)),
            openai::read_response(plain),
            "{seed}"
        );

        let response = generator.response(Wire::Responses, true);
        let events = generator.events(&response);
        let (read, head) = through_responses(&response, &events);
        assert_eq!(read, events, "{seed}");
        let plain = openai_responses::write_response(&response, 1).expect("it can be written");
        assert_eq!(
            Ok(collect(head, read)),
            openai_responses::read_response(plain),
            "{seed}"
        );

        let response = generator.response(Wire::Anthropic, true);
        let events = generator.events(&response);
        let (read, head) = through_anthropic(&response, &events);
        assert_eq!(read, events, "{seed}");
        let plain = anthropic::write_response(&response, 0).expect("it can be written");
        assert_eq!(
            Ok(collect(head, read)),
            anthropic::read_response(plain),
            "{seed}"
        );
    }
}

#[test]
fn a_stream_of_interactions_is_read_as_it_was_and_stored_as_the_plain_answer() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let response = generator.response(Wire::Interactions, true);
        let events = generator.events(&response);
        let mut writer = gemini_interactions::StreamWriter::new(&response, 1);
        let mut reader = gemini_interactions::StreamReader::new();
        let mut read = Vec::new();
        for event in &events {
            let mut frames = writer.write(event).expect("the wire has a place for it");
            if matches!(event, StreamEvent::Finish { .. }) {
                frames.extend(writer.end());
            }
            for frame in frames {
                let (name, data) = frame.split_once('\n').expect("a frame has a name and data");
                let data = data
                    .strip_prefix("data: ")
                    .and_then(|data| data.strip_suffix("\n\n"));
                let data = data.expect("a frame is a name, a line of data and an empty line");
                assert!(!data.contains(['\n', '\r']), "{data:?}");
                if data != "[DONE]" {
                    let json = read_json(data.as_bytes()).expect("it is JSON");
                    let named = name.strip_prefix("event: ");
                    assert_eq!(named, json["event_type"].as_str());
                }
                read.extend(reader.read(data).expect("it can be read"));
            }
        }
        assert_eq!(read, events, "{seed}");
        let plain = gemini_interactions::write_response(&response, 1).expect("it has a place");
        let (id, stored) = writer.take_answer().expect("it is complete");
        assert_eq!(id, response.id);
        assert_eq!(read_json(stored.as_bytes()), Ok(plain.clone()), "{seed}");
        assert_eq!(
            Ok(collect(reader.head().clone(), read)),
            gemini_interactions::read_response(plain),
            "{seed}"
        );
    }
}

#[test]
fn a_stream_of_ollama_is_read_as_it_was_but_for_calls_which_come_whole() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let response = generator.response(Wire::Ollama, true);
        let events = generator.events(&response);
        let mut writer = ollama::StreamWriter::new(&response, 0);
        let mut reader = ollama::StreamReader::new();
        let mut read = Vec::new();
        for event in &events {
            for line in writer.write(event).expect("the wire has a place for it") {
                let line = line.strip_suffix('\n').expect("a line has an end");
                assert!(!line.contains(['\n', '\r']), "{line:?}");
                read.extend(reader.read(line).expect("it can be read"));
            }
        }
        assert_eq!(read, with_whole_calls(&events), "{seed}");
        let plain = ollama::write_response(&response, 0).expect("it can be written");
        let head = reader.head().clone();
        assert_eq!(
            Ok(collect(head, read)),
            ollama::read_response(plain),
            "{seed}"
        );
    }
}

/// The same events, but the pieces of the arguments of a call come together.
fn with_whole_calls(events: &[StreamEvent]) -> Vec<StreamEvent> {
    let mut expected: Vec<StreamEvent> = Vec::new();
    for event in events {
        match (expected.last_mut(), event) {
            (
                Some(StreamEvent::ToolCallDelta { arguments, .. }),
                StreamEvent::ToolCallDelta {
                    arguments: piece, ..
                },
            ) => arguments.push_str(piece),
            (_, event) => expected.push(event.clone()),
        }
    }
    expected
}

#[test]
fn a_stream_of_gemini_is_read_as_it_was_but_for_calls_which_come_whole() {
    for seed in 0..tries(ROUNDS) {
        let mut generator = Generator::new(seed);
        let response = generator.response(Wire::Gemini, true);
        let events = generator.events(&response);
        let (read, head) = through_gemini(&response, &events);
        assert_eq!(read, with_whole_calls(&events), "{seed}");
        let plain = gemini::write_response(&response, 0).expect("it can be written");
        assert_eq!(
            Ok(collect(head, read)),
            gemini::read_response(plain),
            "{seed}"
        );
    }
}

/// Through server-sent events, and through an array, which say the same.
fn through_gemini(head: &Response, events: &[StreamEvent]) -> (Vec<StreamEvent>, Response) {
    let mut writer = gemini::StreamWriter::new(head, 0);
    let mut array_writer = gemini::StreamWriter::new(head, 0).json_array();
    let mut reader = gemini::StreamReader::new();
    let (mut read, mut payloads, mut array) = (Vec::new(), Vec::new(), String::new());
    for event in events {
        for frame in writer.write(event).expect("the wire has a place for it") {
            let data = frame
                .strip_prefix("data: ")
                .and_then(|data| data.strip_suffix("\r\n\r\n"));
            let data = data.expect("a frame is a line of data and an empty line");
            assert!(!data.contains(['\n', '\r']), "{data:?}");
            read.extend(reader.read(data).expect("it can be read"));
            payloads.push(read_json(data.as_bytes()).expect("it is JSON"));
        }
        let pieces = array_writer
            .write(event)
            .expect("the wire has a place for it");
        array.extend(pieces);
    }
    assert_eq!(writer.end(), [""; 0]);
    array.extend(array_writer.end());
    assert_eq!(read_json(array.as_bytes()), Ok(payloads.into()));
    (read, reader.head().clone())
}

fn through_openai(head: &Response, events: &[StreamEvent]) -> (Vec<StreamEvent>, Response) {
    let mut writer = openai::StreamWriter::new(head, 1).include_usage(true);
    let mut reader = openai::StreamReader::new();
    let mut read = Vec::new();
    for event in events {
        let mut frames = writer.write(event).expect("the wire has a place for it");
        if matches!(event, StreamEvent::Finish { .. }) {
            frames.extend(writer.end());
        }
        for frame in frames {
            let data = frame
                .strip_prefix("data: ")
                .and_then(|data| data.strip_suffix("\n\n"));
            let data = data.expect("a frame is a line of data and an empty line");
            assert!(!data.contains(['\n', '\r']), "{data:?}");
            read.extend(reader.read(data).expect("it can be read"));
        }
    }
    (read, reader.head().clone())
}

fn through_anthropic(head: &Response, events: &[StreamEvent]) -> (Vec<StreamEvent>, Response) {
    let mut writer = anthropic::StreamWriter::new(head, 0);
    let mut reader = anthropic::StreamReader::new();
    let mut read = Vec::new();
    for event in events {
        let mut frames = writer.write(event).expect("the wire has a place for it");
        if matches!(event, StreamEvent::Finish { .. }) {
            frames.extend(writer.end());
        }
        for frame in frames {
            let (name, data) = frame.split_once('\n').expect("a frame has a name and data");
            assert!(name.starts_with("event: "), "{name:?}");
            let data = data
                .strip_prefix("data: ")
                .and_then(|data| data.strip_suffix("\n\n"));
            let data = data.expect("a frame is a name, a line of data and an empty line");
            assert!(!data.contains(['\n', '\r']), "{data:?}");
            read.extend(reader.read(data).expect("it can be read"));
        }
    }
    (read, reader.head().clone())
}

fn through_responses(head: &Response, events: &[StreamEvent]) -> (Vec<StreamEvent>, Response) {
    let mut writer = openai_responses::StreamWriter::new(head, 1);
    let mut reader = openai_responses::StreamReader::new();
    let mut read = Vec::new();
    let mut sequence = 0;
    for event in events {
        for frame in writer.write(event).expect("the wire has a place for it") {
            let (name, data) = frame.split_once('\n').expect("a frame has a name and data");
            let data = data
                .strip_prefix("data: ")
                .and_then(|data| data.strip_suffix("\n\n"));
            let data = data.expect("a frame is a name, a line of data and an empty line");
            assert!(!data.contains(['\n', '\r']), "{data:?}");
            let json: serde_json::Value = serde_json::from_str(data).expect("it is JSON");
            assert_eq!(name.strip_prefix("event: "), json["type"].as_str());
            assert_eq!(json["sequence_number"], sequence);
            sequence += 1;
            read.extend(reader.read(data).expect("it can be read"));
        }
    }
    (read, reader.head().clone())
}

fn collect(mut head: Response, events: Vec<StreamEvent>) -> Response {
    events.into_iter().for_each(|event| head.push(event));
    head
}

fn answered(profile: Profile) -> impl Iterator<Item = ProviderError> {
    let errors = ErrorKind::ALL
        .iter()
        .map(move |&kind| ProviderError::at(profile, kind));
    errors.filter(|error| error.status.is_some())
}

#[test]
fn an_error_that_is_written_is_read_as_it_was() {
    for mut error in answered(Profile::Openai) {
        error.retry_after = Some(Duration::from_millis(1_250));
        error.param = Some("messages".into());
        let reply = openai::write_error(&error, "req_1", 0).expect("it has a status");
        let headers = reply.headers.iter().map(|(name, value)| (*name, &**value));
        assert_eq!(
            openai::read_error(reply.status, headers, &reply.body.to_string()),
            error
        );
    }
    for mut error in answered(Profile::Gemini) {
        error.retry_after = Some(Duration::from_millis(1_250));
        error.param = Some("contents".into());
        let reply = gemini::write_error(&error, "req_1", 0).expect("it has a status");
        let read = gemini::read_error(reply.status, [], &reply.body.to_string());
        error.kind = told(error.kind);
        assert_eq!(read, error);
        let array = format!("[{}]", reply.body);
        assert_eq!(gemini::read_error(reply.status, [], &array), error);
    }
    for mut error in answered(Profile::Gemini) {
        error.retry_after = Some(Duration::from_millis(1_250));
        let reply = gemini_interactions::write_error(&error, "req_1", 0).expect("it has a status");
        let headers = reply.headers.iter().map(|(name, value)| (*name, &**value));
        let body = reply.body.to_string();
        let read = gemini_interactions::read_error(reply.status, headers, &body);
        error.kind = told_by_interactions(error.kind);
        assert_eq!(read, error);
    }
    for mut error in answered(Profile::Ollama) {
        error.retry_after = Some(Duration::from_millis(1_250));
        let reply = ollama::write_error(&error, "req_1", 0).expect("it has a status");
        let headers = reply.headers.iter().map(|(name, value)| (*name, &**value));
        let read = ollama::read_error(reply.status, headers, &reply.body.to_string());
        error.kind = told_by_status(error.kind);
        assert_eq!(read, error);
    }
    for mut error in answered(Profile::Anthropic) {
        error.retry_after = Some(Duration::from_millis(1_250));
        let reply = anthropic::write_error(&error, "req_1", 0).expect("it has a status");
        let headers = reply.headers.iter().map(|(name, value)| (*name, &**value));
        let read = anthropic::read_error(reply.status, headers, &reply.body.to_string());
        error.kind = told(error.kind);
        assert_eq!(read, error);
    }
}

#[test]
fn an_error_within_a_stream_is_read_as_it_was() {
    for error in answered(Profile::Openai) {
        let frame = openai::write_stream_error(&error);
        let data = frame.strip_prefix("data: ").expect("it is data");
        assert_eq!(openai::StreamReader::new().read(data), Err(error));
    }
    for error in answered(Profile::OpenaiResponses) {
        let frame = openai_responses::write_stream_error(&error);
        let data = frame
            .strip_prefix("event: error\ndata: ")
            .expect("it has a name");
        assert_eq!(
            openai_responses::StreamReader::new().read(data),
            Err(error.clone())
        );

        let mut writer = openai_responses::StreamWriter::new(&Response::new("resp_1", "m"), 1);
        writer.start().expect("it begins");
        let frames = writer.fail(&error).expect("it can be written");
        let (_, data) = frames[0].split_once("data: ").expect("it has data");
        assert_eq!(openai_responses::StreamReader::new().read(data), Err(error));
    }
    for mut error in answered(Profile::Gemini) {
        let frame = gemini::write_stream_error(&error);
        let data = frame.strip_prefix("data: ").expect("it is data");
        error.kind = told(error.kind);
        assert_eq!(gemini::StreamReader::new().read(data), Err(error));
    }
    for mut error in answered(Profile::Gemini) {
        let frame = gemini_interactions::write_stream_error(&error);
        let data = frame
            .strip_prefix("event: error\ndata: ")
            .expect("it has a name");
        error.kind = told_by_interactions(error.kind);
        let mut reader = gemini_interactions::StreamReader::new();
        assert_eq!(reader.read(data), Err(error));
    }
    for error in answered(Profile::Ollama) {
        let line = ollama::write_stream_error(&error);
        let read = ollama::StreamReader::new().read(&line);
        assert_eq!(read.expect_err("it is one").message, error.message);
    }
    for mut error in answered(Profile::Anthropic) {
        let frame = anthropic::write_stream_error(&error);
        let data = frame
            .strip_prefix("event: error\ndata: ")
            .expect("it has a name");
        error.kind = told(error.kind);
        assert_eq!(anthropic::StreamReader::new().read(data), Err(error));
    }
}

/// What the bodies of Anthropic and Gemini tell of a kind: several share a type.
fn told(kind: ErrorKind) -> ErrorKind {
    match kind {
        ErrorKind::ContentFilter | ErrorKind::Unscripted | ErrorKind::Unsupported => {
            ErrorKind::BadRequest
        }
        kind => kind,
    }
}

/// What the codes of Interactions tell of a kind.
fn told_by_interactions(kind: ErrorKind) -> ErrorKind {
    match kind {
        ErrorKind::Unscripted | ErrorKind::Unsupported => ErrorKind::BadRequest,
        kind => kind,
    }
}

/// What the status of an error of Ollama and its words tell of a kind.
fn told_by_status(kind: ErrorKind) -> ErrorKind {
    match kind {
        ErrorKind::Quota => ErrorKind::RateLimit,
        kind => told(kind),
    }
}

#[test]
fn a_failure_without_an_answer_has_no_status_to_write() {
    for kind in [
        ErrorKind::Connection,
        ErrorKind::Timeout,
        ErrorKind::InvalidResponse,
    ] {
        let error = ProviderError::new(kind);
        assert_eq!(openai::write_error(&error, "req_1", 0), None);
        assert_eq!(anthropic::write_error(&error, "req_1", 0), None);
        assert_eq!(gemini::write_error(&error, "req_1", 0), None);
        assert_eq!(gemini_interactions::write_error(&error, "req_1", 0), None);
        assert_eq!(ollama::write_error(&error, "req_1", 0), None);
    }
}
