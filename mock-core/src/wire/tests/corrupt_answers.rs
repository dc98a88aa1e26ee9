//! An answer that is cut or has a wrong byte is read up to that place, and the error names the place.

use serde_json::Value;

use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::raw_answer_reader::RawAnswers as _;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::test_effort::one_of;
use crate::wire::openai::embeddings::Encoding;
use crate::wire::read_raw_answers::Wires;
use crate::wire::{anthropic, gemini, gemini_interactions, ollama, openai, openai_responses};

/// What stands in the place of each byte in turn.
const OTHERS: [char; 3] = ['"', '}', '\n'];

/// An answer of two pieces of text and a call.
fn events() -> Vec<StreamEvent> {
    vec![
        StreamEvent::Text("It is ".into()),
        StreamEvent::Text("18 °C.".into()),
        StreamEvent::ToolCallStart {
            index: 0,
            id: "call_1".into(),
            name: "get_time".into(),
            extra: None,
        },
        StreamEvent::ToolCallDelta {
            index: 0,
            arguments: r#"{"city":"Paris"}"#.into(),
        },
        StreamEvent::Finish {
            reason: Some(FinishReason::ToolCalls),
            usage: Some(Usage::new(11, 7)),
        },
    ]
}

/// The frames of a writer, with those of its end mark.
macro_rules! frames {
    ($module:ident $(, $end:ident)?) => {{
        let mut writer = $module::StreamWriter::new(&Response::new("id_1", "m"), 0);
        let mut frames = Vec::new();
        for event in events() {
            frames.extend(writer.write(&event).expect("the wire has a place for it"));
        }
        $(frames.extend(writer.$end());)?
        frames
    }};
}

/// The frames of each wire, by the profile that reads them.
fn streams() -> Vec<(&'static str, Profile, Vec<String>)> {
    vec![
        ("chat", Profile::Openai, frames!(openai, end)),
        (
            "responses",
            Profile::OpenaiResponses,
            frames!(openai_responses, end),
        ),
        ("messages", Profile::Anthropic, frames!(anthropic, end)),
        ("gemini", Profile::Gemini, frames!(gemini, end)),
        (
            "interactions",
            Profile::Gemini,
            frames!(gemini_interactions, end),
        ),
        ("ollama", Profile::Ollama, frames!(ollama)),
    ]
}

/// The events in a text, up to the first error.
fn read(profile: Profile, text: &str) -> (Vec<StreamEvent>, Option<ProviderError>) {
    let mut reader = Wires.frames(profile).expect("the profile has a wire");
    let mut events = Vec::new();
    for event in reader.read(text) {
        match event {
            Ok(event) => events.push(event),
            Err(error) => return (events, Some(error)),
        }
    }
    (events, None)
}

/// Whether a message names a place: a field, or a line and a column.
fn says_where(message: &str) -> bool {
    message.contains('`') || message.contains(" column ")
}

fn assert_says_where(error: &ProviderError, what: &str) {
    assert_eq!(error.kind, ErrorKind::InvalidResponse, "{what}: {error:?}");
    assert!(says_where(&error.message), "{what}: {}", error.message);
}

#[test]
fn a_stream_that_is_cut_at_any_byte_is_read_up_to_there() {
    for (wire, profile, frames) in streams() {
        let body = frames.concat();
        let (whole, error) = read(profile, &body);
        assert_eq!(error, None, "{wire}");
        assert!(
            matches!(whole.last(), Some(StreamEvent::Finish { .. })),
            "{wire}"
        );
        let mut longest = 0;
        let ends = (0..body.len()).filter(|end| body.is_char_boundary(*end));
        for end in ends.step_by(one_of(7)) {
            let (events, error) = read(profile, &body[..end]);
            assert_eq!(error, None, "{wire}, {end} bytes");
            assert!(
                whole.starts_with(&events),
                "{wire}, {end} bytes: {events:?}"
            );
            assert!(events.len() >= longest, "{wire}, {end} bytes");
            longest = events.len();
        }
        assert!(longest + 1 >= whole.len(), "{wire}");
    }
}

#[test]
fn a_stream_with_any_other_byte_is_read_up_to_its_frame() {
    for (wire, profile, frames) in streams() {
        let mut before = String::new();
        for (index, frame) in frames.iter().enumerate() {
            let (known, _) = read(profile, &before);
            let next = frames
                .get(index + 1)
                .map(String::as_str)
                .unwrap_or_default();
            let places = (0..frame.len()).filter(|at| frame.as_bytes()[*at].is_ascii());
            for at in places.step_by(one_of(37)) {
                for other in OTHERS {
                    let mut broken = frame.clone();
                    broken.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
                    let text = [&before, &*broken, next].concat();
                    let (events, error) = read(profile, &text);
                    let what = format!("{wire}, {broken:?}");
                    assert!(events.starts_with(&known), "{what}: {events:?}");
                    if let Some(error) = error {
                        assert_says_where(&error, &what);
                    }
                }
            }
            before += frame;
        }
    }
}

/// The whole answer of each wire, by the profile that reads it.
fn answers() -> Vec<(&'static str, Profile, Value)> {
    let mut response = Response::new("id_1", "m");
    events().into_iter().for_each(|event| response.push(event));
    let of = |written: Result<Value, _>| written.expect("the wire has a place for it");
    vec![
        (
            "chat",
            Profile::Openai,
            of(openai::write_response(&response, 0)),
        ),
        (
            "responses",
            Profile::OpenaiResponses,
            of(openai_responses::write_response(&response, 0)),
        ),
        (
            "messages",
            Profile::Anthropic,
            of(anthropic::write_response(&response, 0)),
        ),
        (
            "gemini",
            Profile::Gemini,
            of(gemini::write_response(&response, 0)),
        ),
        (
            "interactions",
            Profile::Gemini,
            of(gemini_interactions::write_response(&response, 0)),
        ),
        (
            "ollama",
            Profile::Ollama,
            of(ollama::write_response(&response, 0)),
        ),
    ]
}

/// The answers with embeddings of each wire that has them.
fn embeddings() -> Vec<(&'static str, Profile, Value)> {
    let response = EmbeddingResponse::new("m")
        .with_embedding([0.5, -0.25])
        .with_usage(Usage::new(2, 0));
    let of = |written: Result<Value, _>| written.expect("the wire has a place for it");
    let batch = gemini::embeddings::Form::Batch;
    vec![
        (
            "openai, floats",
            Profile::Openai,
            of(openai::embeddings::write_response(
                &response,
                Encoding::Float,
            )),
        ),
        (
            "openai, base64",
            Profile::Openai,
            of(openai::embeddings::write_response(
                &response,
                Encoding::Base64,
            )),
        ),
        (
            "gemini",
            Profile::Gemini,
            of(gemini::embeddings::write_response(&response, batch)),
        ),
        (
            "ollama",
            Profile::Ollama,
            of(ollama::embeddings::write_response(&response)),
        ),
    ]
}

/// Breaks a body in each way, and looks at each error of `read`.
fn break_each_byte(wire: &str, body: &Value, read: &dyn Fn(&str) -> Option<ProviderError>) {
    let body = body.to_string();
    assert_eq!(read(&body), None, "{wire}");
    let ends = (0..body.len()).filter(|end| body.is_char_boundary(*end));
    for end in ends.step_by(one_of(7)) {
        let error = read(&body[..end]).unwrap_or_else(|| panic!("{wire}: {end} bytes are read"));
        assert_says_where(&error, &format!("{wire}, {end} bytes"));
        assert!(error.message.contains(" column "), "{}", error.message);
    }
    let places = (0..body.len()).filter(|at| body.as_bytes()[*at].is_ascii());
    for at in places.step_by(one_of(7)) {
        for other in OTHERS {
            let mut broken = body.clone();
            broken.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            if let Some(error) = read(&broken) {
                assert_says_where(&error, &format!("{wire}, {broken}"));
            }
        }
    }
}

#[test]
fn a_whole_answer_that_is_broken_says_where() {
    for (wire, profile, body) in answers() {
        break_each_byte(wire, &body, &|body| {
            let read = Wires.whole(profile, 200, &[], body);
            read.expect("the profile has a wire").err()
        });
    }
}

#[test]
fn an_answer_with_embeddings_that_is_broken_says_where() {
    for (wire, profile, body) in embeddings() {
        break_each_byte(wire, &body, &|body| {
            let read = Wires.embeddings(profile, 200, &[], body);
            read.expect("the profile has a wire").err()
        });
    }
}

#[test]
fn an_error_that_is_broken_says_what_there_is_of_it() {
    for profile in [
        Profile::Openai,
        Profile::OpenaiResponses,
        Profile::Anthropic,
        Profile::Gemini,
        Profile::Ollama,
    ] {
        let body = r#"{"error":{"message":"Wait.","code":"c"}}"#;
        for end in 1..body.len() {
            let read = Wires.whole(profile, 429, &[], &body[..end]);
            let error = read.expect("the profile has a wire").expect_err("an error");
            assert_eq!(error.kind, ErrorKind::RateLimit, "{profile:?}, {end} bytes");
            assert_eq!(error.message, body[..end], "{profile:?}");
        }
    }
}
