//! What it takes to write an answer, and an event of a stream, on each wire.

use std::hint::black_box;

use mock_core::wire::{
    WriteError, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};
use mock_core::{FinishReason, Message, Response, StreamEvent, Usage};
use serde_json::Value;

use crate::{CHUNKS, Subject, Unit, subject};

const ANSWER: &str = "wire: an answer, Chat Completions";
const EVENT: &str = "wire: an event, Chat Completions";

/// The subject of a wire's answers.
macro_rules! answer {
    ($name:expr, $module:ident) => {
        subject($name, ANSWER, Unit::Item, |times| {
            answers($module::write_response, times);
        })
    };
}

/// The subject of the events of a wire's streams.
macro_rules! event {
    ($name:expr, $module:ident) => {
        subject($name, EVENT, Unit::Chunk, |streams| {
            for _ in 0..streams {
                let mut writer = $module::StreamWriter::new(&response(), CREATED);
                events(|event| writer.write(event).expect("it has a place"));
            }
        })
    };
}

pub(crate) const SUBJECTS: &[Subject] = &[
    answer!(ANSWER, openai),
    answer!("wire: an answer, Responses", openai_responses),
    answer!("wire: an answer, Messages", anthropic),
    answer!("wire: an answer, Gemini", gemini),
    answer!("wire: an answer, Interactions", gemini_interactions),
    answer!("wire: an answer, Ollama", ollama),
    event!(EVENT, openai),
    event!("wire: an event, Responses", openai_responses),
    event!("wire: an event, Messages", anthropic),
    event!("wire: an event, Gemini", gemini),
    event!("wire: an event, Interactions", gemini_interactions),
    event!("wire: an event, Ollama", ollama),
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
