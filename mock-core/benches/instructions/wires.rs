//! What it takes to write an answer, and an event of a stream, on each wire.

use std::hint::black_box;

use mock_core::wire::{WriteError, anthropic, openai, openai_responses};
use mock_core::{FinishReason, Message, Response, StreamEvent, Usage};
use serde_json::Value;

use crate::{CHUNKS, Subject, Unit, subject};

const ANSWER: &str = "wire: an answer, Chat Completions";
const EVENT: &str = "wire: an event, Chat Completions";

pub(crate) const SUBJECTS: &[Subject] = &[
    subject(ANSWER, ANSWER, Unit::Item, |times| {
        answers(openai::write_response, times);
    }),
    subject("wire: an answer, Responses", ANSWER, Unit::Item, |times| {
        answers(openai_responses::write_response, times);
    }),
    subject("wire: an answer, Messages", ANSWER, Unit::Item, |times| {
        answers(anthropic::write_response, times);
    }),
    subject(EVENT, EVENT, Unit::Chunk, |streams| {
        for _ in 0..streams {
            let mut writer = openai::StreamWriter::new(&response(), CREATED);
            events(|event| writer.write(event).expect("it has a place"));
        }
    }),
    subject("wire: an event, Responses", EVENT, Unit::Chunk, |streams| {
        for _ in 0..streams {
            let mut writer = openai_responses::StreamWriter::new(&response(), CREATED);
            events(|event| writer.write(event).expect("it has a place"));
        }
    }),
    subject("wire: an event, Messages", EVENT, Unit::Chunk, |streams| {
        for _ in 0..streams {
            let mut writer = anthropic::StreamWriter::new(&response(), CREATED);
            events(|event| writer.write(event).expect("it has a place"));
        }
    }),
];

const CREATED: u64 = 1_700_000_000;

fn response() -> Response {
    let mut response = Response::new("resp_1", "gpt-4o");
    response.message = Message::assistant("It is 18 °C in Paris, and there is \"some\" wind.");
    response.finish_reason = Some(FinishReason::Stop);
    response.usage = Some(Usage::new(11, 7));
    response
}

/// Writes an answer as JSON, so many times.
fn answers(write: fn(&Response, u64) -> Result<Value, WriteError>, times: usize) {
    let response = response();
    for _ in 0..times {
        let written = write(&response, CREATED).expect("it has a place");
        black_box(written.to_string());
    }
}

/// Writes a stream of text to its end.
fn events(mut write: impl FnMut(&StreamEvent) -> Vec<String>) {
    let text = StreamEvent::Text("chunk".into());
    for _ in 0..CHUNKS {
        black_box(write(&text));
    }
    let (reason, usage) = (Some(FinishReason::Stop), Some(Usage::new(11, 7)));
    black_box(write(&StreamEvent::Finish { reason, usage }));
}
