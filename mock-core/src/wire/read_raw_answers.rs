//! Reads the raw answers of a scenario as a client of its profile's provider does.

use serde_json::Value;

use super::split_json_lines::Lines;
use super::sse::EventData;
use super::{anthropic, gemini, gemini_interactions, ollama, openai, openai_responses, read_json};
use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::raw_answer_reader::{RawAnswers, ReadFrames};
use crate::chat::response::Response;
use crate::scenario::{Profile, Str};

/// The readers of all wires, for raw answers.
pub(crate) struct Wires;

impl RawAnswers for Wires {
    fn frames(&self, profile: Profile) -> Option<Box<dyn ReadFrames>> {
        Some(Box::new(FrameReader::from_profile(profile)?))
    }

    fn whole(
        &self,
        profile: Profile,
        status: u16,
        headers: &[(Str, Str)],
        body: &str,
    ) -> Option<Result<Response, ProviderError>> {
        read_whole(profile, status, headers, body)
    }

    fn embeddings(
        &self,
        profile: Profile,
        status: u16,
        headers: &[(Str, Str)],
        body: &str,
    ) -> Option<Result<EmbeddingResponse, ProviderError>> {
        read_embeddings(profile, status, headers, body)
    }
}

/// Reads the frames of a streamed answer.
struct FrameReader {
    data: Data,
    reader: Reader,
    /// Whether a frame could not be read.
    has_failed: bool,
}

/// Extracts the data of frames from a text.
enum Data {
    Events(EventData),
    Lines(Lines),
}

impl Data {
    fn read(&mut self, text: &str) -> Vec<String> {
        match self {
            Data::Events(events) => events.read(text),
            Data::Lines(lines) => lines.read(text),
        }
    }

    fn content_type(&self) -> &'static str {
        match self {
            Data::Events(_) => "text/event-stream",
            Data::Lines(_) => "application/x-ndjson",
        }
    }
}

enum Reader {
    Openai(Box<openai::StreamReader>),
    Responses(Box<openai_responses::StreamReader>),
    Anthropic(Box<anthropic::StreamReader>),
    Gemini(Box<gemini::StreamReader>),
    Interactions(Box<gemini_interactions::StreamReader>),
    Ollama(Box<ollama::StreamReader>),
}

impl FrameReader {
    /// A reader for a new stream; `None` if the profile has no wire.
    fn from_profile(profile: Profile) -> Option<Self> {
        let reader = match profile {
            Profile::Openai
            | Profile::Azure
            | Profile::Openrouter
            | Profile::Deepseek
            | Profile::Mistral
            | Profile::Groq
            | Profile::Xai
            | Profile::Llamacpp => Reader::Openai(Box::default()),
            Profile::OpenaiResponses => Reader::Responses(Box::default()),
            Profile::Anthropic => Reader::Anthropic(Box::default()),
            Profile::Gemini => Reader::Gemini(Box::default()),
            Profile::Ollama => Reader::Ollama(Box::default()),
            Profile::Plain => return None,
        };
        let data = match reader {
            Reader::Ollama(_) => Data::Lines(Lines::default()),
            Reader::Openai(_)
            | Reader::Responses(_)
            | Reader::Anthropic(_)
            | Reader::Gemini(_)
            | Reader::Interactions(_) => Data::Events(EventData::default()),
        };
        Some(FrameReader {
            data,
            reader,
            has_failed: false,
        })
    }
}

impl ReadFrames for FrameReader {
    fn read(&mut self, frame: &str) -> Vec<Result<StreamEvent, ProviderError>> {
        let mut results = Vec::new();
        for data in self.data.read(frame) {
            if self.has_failed {
                break;
            }
            self.reader.follow(&data);
            let events = match &mut self.reader {
                Reader::Openai(reader) => reader.read(&data),
                Reader::Responses(reader) => reader.read(&data),
                Reader::Anthropic(reader) => reader.read(&data),
                Reader::Gemini(reader) => reader.read(&data),
                Reader::Interactions(reader) => reader.read(&data),
                Reader::Ollama(reader) => reader.read(&data),
            };
            match events {
                Ok(events) => results.extend(events.into_iter().map(Ok)),
                Err(error) => {
                    self.has_failed = true;
                    results.push(Err(error));
                }
            }
        }
        results
    }

    fn end(&mut self) -> Option<StreamEvent> {
        if self.has_failed {
            return None;
        }
        match &mut self.reader {
            Reader::Openai(reader) => reader.end(),
            // On these wires the finish is the end mark, so nothing is left to read.
            Reader::Responses(_) | Reader::Ollama(_) | Reader::Interactions(_) => None,
            Reader::Anthropic(reader) => reader.end(),
            Reader::Gemini(reader) => reader.end(),
        }
    }

    fn head(&self) -> &Response {
        match &self.reader {
            Reader::Openai(reader) => reader.head(),
            Reader::Responses(reader) => reader.head(),
            Reader::Anthropic(reader) => reader.head(),
            Reader::Gemini(reader) => reader.head(),
            Reader::Interactions(reader) => reader.head(),
            Reader::Ollama(reader) => reader.head(),
        }
    }
}

impl Reader {
    /// Switches to the reader of Gemini's Interactions if `data` is of an event of theirs, because the profile has two wires.
    fn follow(&mut self, data: &str) {
        if let Reader::Gemini(_) = self
            && read_json(data.as_bytes()).is_ok_and(|data| data.get("event_type").is_some())
        {
            *self = Reader::Interactions(Box::default());
        }
    }

    /// Reads the body of a whole answer.
    fn follow_whole(&mut self, body: &str) {
        let is_interaction = |body: Value| {
            body.get("steps").is_some()
                || body.get("object").is_some()
                || body["error"]["code"].is_string()
        };
        if let Reader::Gemini(_) = self
            && read_json(body.as_bytes()).is_ok_and(is_interaction)
        {
            *self = Reader::Interactions(Box::default());
        }
    }

    fn read_error<'a>(
        &self,
        status: u16,
        headers: impl Iterator<Item = (&'a str, &'a str)>,
        body: &str,
    ) -> ProviderError {
        match self {
            Reader::Openai(_) => openai::read_error(status, headers, body),
            Reader::Responses(_) => openai_responses::read_error(status, headers, body),
            Reader::Anthropic(_) => anthropic::read_error(status, headers, body),
            Reader::Gemini(_) => gemini::read_error(status, headers, body),
            Reader::Interactions(_) => gemini_interactions::read_error(status, headers, body),
            Reader::Ollama(_) => ollama::read_error(status, headers, body),
        }
    }
}

/// Reads a whole answer: a stream if a header says so, and an error from the status 400 on. `None` if the profile has no wire.
fn read_whole(
    profile: Profile,
    status: u16,
    headers: &[(Str, Str)],
    body: &str,
) -> Option<Result<Response, ProviderError>> {
    let mut frames = FrameReader::from_profile(profile)?;
    let headers = headers.iter().map(|(name, value)| (&**name, &**value));
    if status >= 400 {
        frames.reader.follow_whole(body);
        return Some(Err(frames.reader.read_error(status, headers, body)));
    }
    let is_stream = headers.clone().any(|(name, value)| {
        name.eq_ignore_ascii_case("content-type") && value.starts_with(frames.data.content_type())
    });
    if is_stream {
        let read = frames.read(body);
        let events = read.into_iter().chain(frames.end().map(Ok));
        let events: Result<Vec<_>, _> = events.collect();
        let head = frames.head().clone();
        return Some(events.map(|events| collect(head, events)));
    }
    frames.reader.follow_whole(body);
    let json = read_json(body.as_bytes());
    let response = json.and_then(|json| match frames.reader {
        Reader::Openai(_) => openai::read_response(json),
        Reader::Responses(_) => openai_responses::read_response(json),
        Reader::Anthropic(_) => anthropic::read_response(json),
        Reader::Gemini(_) => gemini::read_response(json),
        Reader::Interactions(_) => gemini_interactions::read_response(json),
        Reader::Ollama(_) => ollama::read_response(json),
    });
    Some(response.map_err(|error| error.in_answer(profile)))
}

/// Reads an answer with embeddings, and an error from the status 400 on. `None` if the profile has no wire, or none for embeddings.
fn read_embeddings(
    profile: Profile,
    status: u16,
    headers: &[(Str, Str)],
    body: &str,
) -> Option<Result<EmbeddingResponse, ProviderError>> {
    let reader = FrameReader::from_profile(profile)?.reader;
    let headers = headers.iter().map(|(name, value)| (&**name, &**value));
    if let Reader::Anthropic(_) = reader {
        return None;
    }
    if status >= 400 {
        return Some(Err(reader.read_error(status, headers, body)));
    }
    let json = read_json(body.as_bytes());
    let response = json.and_then(|json| match reader {
        Reader::Gemini(_) | Reader::Interactions(_) => gemini::embeddings::read_response(json),
        Reader::Ollama(_) => ollama::embeddings::read_response(json),
        Reader::Openai(_) | Reader::Responses(_) | Reader::Anthropic(_) => {
            openai::embeddings::read_response(json)
        }
    });
    Some(response.map_err(|error| error.in_answer(profile)))
}

fn collect(mut response: Response, events: Vec<StreamEvent>) -> Response {
    events.into_iter().for_each(|event| response.push(event));
    response
}
