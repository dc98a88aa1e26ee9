//! What was asked and answered in process, as an exchange over a wire.

use std::time::Duration;

use serde_json::Value;

use crate::cassette::{Interaction, RecordedFrame};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::raw_answers::RawAnswers as _;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::{Wires, WriteError, anthropic, openai};

/// What a provider answered.
pub(super) enum Answered {
    Whole(Box<Response>),
    /// Events, and when they came, since the request.
    Streamed(Vec<(Duration, StreamEvent)>),
    Failed(ProviderError),
}

/// The wires that an exchange may be written on.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Format {
    Chat,
    Messages,
}

const FORMATS: [Format; 2] = [Format::Chat, Format::Messages];

/// Writes an exchange in the first format in which it is read again as it was. `provider` is the name of the provider, whose own format comes
/// first.
///
/// # Errors
/// What no format has a place for.
pub(super) fn exchange(
    provider: &str,
    request: &Request,
    answered: &Answered,
) -> Result<Interaction, String> {
    let mut formats = FORMATS;
    formats.sort_by_key(|format| format.profile().name() != provider);
    let mut problem = None;
    for format in formats {
        match format.exchange(request, answered) {
            Ok(Some(interaction)) => return Ok(interaction),
            Ok(None) => {}
            Err(error) => {
                problem.get_or_insert(error.to_string());
            }
        }
    }
    Err(match (problem, answered) {
        (_, Answered::Failed(error)) if error.status.is_none() => {
            format!("the provider failed without an HTTP answer: {error}")
        }
        (Some(problem), _) => problem,
        (None, _) => "neither OpenAI's nor Anthropic's format holds all of the exchange: record it over the wire, with `serve`".to_owned(),
    })
}

impl Format {
    fn profile(self) -> Profile {
        match self {
            Format::Chat => Profile::Openai,
            Format::Messages => Profile::Anthropic,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Format::Chat => "/v1/chat/completions",
            Format::Messages => "/v1/messages",
        }
    }

    /// The exchange in this format; `None` if it is not read as it was.
    fn exchange(
        self,
        request: &Request,
        answered: &Answered,
    ) -> Result<Option<Interaction>, WriteError> {
        let mut asked = request.clone();
        asked.stream = matches!(answered, Answered::Streamed(_)).then_some(true);
        let body = match self {
            Format::Chat => openai::write_request(&asked)?,
            Format::Messages => anthropic::write_request(&asked)?,
        };
        let mut interaction = Interaction::new("POST", self.path());
        interaction.request_headers = vec![content_type("application/json")];
        interaction.request_body = body.to_string().into_bytes();
        let is_kept = match answered {
            Answered::Whole(response) => self.whole(response, &mut interaction)?,
            Answered::Streamed(events) => self.streamed(&asked, events, &mut interaction)?,
            Answered::Failed(error) => self.failed(error, &mut interaction),
        };
        Ok((is_kept && self.reads_request(body, &asked)).then_some(interaction))
    }

    fn reads_request(self, body: Value, asked: &Request) -> bool {
        let read = match self {
            Format::Chat => openai::read_request(body),
            Format::Messages => anthropic::read_request(body),
        };
        read.is_ok_and(|read| {
            Request {
                extra: asked.extra.clone(),
                ..read
            } == *asked
        })
    }

    fn whole(self, response: &Response, interaction: &mut Interaction) -> Result<bool, WriteError> {
        let body = match self {
            Format::Chat => openai::write_response(response, 0)?,
            Format::Messages => anthropic::write_response(response, 0)?,
        };
        interaction.headers = vec![content_type("application/json")];
        let text = body.to_string();
        interaction.body = text.clone().into_bytes();
        let read = Wires.whole(self.profile(), 200, &[], &text);
        let mut expected = response.clone();
        expected.headers.clear();
        Ok(read.is_some_and(|read| read.is_ok_and(|read| read == expected)))
    }

    fn streamed(
        self,
        asked: &Request,
        events: &[(Duration, StreamEvent)],
        interaction: &mut Interaction,
    ) -> Result<bool, WriteError> {
        interaction.headers = vec![content_type("text/event-stream")];
        let head = Response::new("", asked.model.as_str());
        let mut writer = Writer::new(self, &head);
        let mut before_ms = 0;
        for (index, (at, event)) in events.iter().enumerate() {
            let mut frames = writer.write(event)?;
            if index + 1 == events.len() {
                frames.extend(writer.end());
            }
            let text = frames.concat();
            let at_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
            let gap = Duration::from_millis(at_ms.saturating_sub(before_ms));
            before_ms = at_ms;
            interaction.frames.push(RecordedFrame::new(text.len(), gap));
            interaction.body.extend_from_slice(text.as_bytes());
        }
        let Some(mut reader) = Wires.frames(self.profile()) else {
            return Ok(false);
        };
        let body = String::from_utf8_lossy(&interaction.body);
        let mut read = reader.read(&body);
        read.extend(reader.end().map(Ok));
        let events = events.iter().map(|(_, event)| event);
        Ok(read.len() == events.len()
            && read
                .iter()
                .zip(events)
                .all(|(read, event)| read.as_ref() == Ok(event)))
    }

    fn failed(self, error: &ProviderError, interaction: &mut Interaction) -> bool {
        let reply = match self {
            Format::Chat => openai::write_error(error, "", 0),
            Format::Messages => anthropic::write_error(error, "", 0),
        };
        let Some(reply) = reply else {
            return false;
        };
        let headers = reply
            .headers
            .into_iter()
            .filter(|(_, value)| !value.is_empty());
        let headers = headers.map(|(name, value)| (name.to_owned(), value));
        interaction.status = reply.status;
        interaction.headers = headers.chain([content_type("application/json")]).collect();
        interaction.body = reply.body.to_string().into_bytes();
        let headers: Vec<_> = interaction
            .headers
            .iter()
            .map(|(name, value)| (name.clone().into(), value.clone().into()))
            .collect();
        let read = Wires.whole(
            self.profile(),
            reply.status,
            &headers,
            &reply.body.to_string(),
        );
        read.is_some_and(|read| {
            read.is_err_and(|read| {
                read.kind == error.kind
                    && read.status == error.status
                    && read.message == error.message
                    && read.retry_after == error.retry_after
            })
        })
    }
}

fn content_type(value: &str) -> (String, String) {
    ("content-type".to_owned(), value.to_owned())
}

/// Writes a stream in a format.
enum Writer {
    Chat(Box<openai::StreamWriter>),
    Messages(Box<anthropic::StreamWriter>),
}

impl Writer {
    fn new(format: Format, head: &Response) -> Self {
        match format {
            // A usage that nobody asked for is kept, too.
            Format::Chat => {
                let writer = openai::StreamWriter::new(head, 0);
                Writer::Chat(Box::new(writer.include_usage(true)))
            }
            Format::Messages => Writer::Messages(Box::new(anthropic::StreamWriter::new(head, 0))),
        }
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        match self {
            Writer::Chat(writer) => writer.write(event),
            Writer::Messages(writer) => writer.write(event),
        }
    }

    fn end(&mut self) -> Vec<String> {
        match self {
            Writer::Chat(writer) => writer.end(),
            Writer::Messages(writer) => writer.end(),
        }
    }
}
