//! Reads streamed answers: [`StreamReader`].

use super::error::read_stream_error;
use super::finish_and_usage::{read_reason, read_usage};
use super::response::read_content;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::Part;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, read_borrowed};

/// Reads a streamed answer of `/api/chat` or `/api/generate`, line by line.
///
/// The finish event comes with the line that is `done`. A call comes complete: its beginning, then all of its arguments.
///
/// ```
/// use mock_core::{StreamEvent, wire::ollama::StreamReader};
///
/// let mut reader = StreamReader::new();
/// let line = r#"{"model":"llama3.2","message":{"role":"assistant","content":"Hi"},"done":false}"#;
/// assert_eq!(reader.read(line)?, [StreamEvent::Text("Hi".into())]);
/// assert_eq!(reader.head().model, "llama3.2");
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// How many calls there have been.
    calls: usize,
}

impl Default for StreamReader {
    fn default() -> Self {
        StreamReader::new()
    }
}

impl StreamReader {
    /// Returns a reader at the beginning of a stream.
    pub fn new() -> Self {
        StreamReader {
            head: Response::empty(),
            calls: 0,
        }
    }

    /// Returns an empty answer with the model and the metadata that the stream has sent so far. [`push`](Response::push) the events into
    /// it.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// Reads a line, and returns its events. An empty line has none.
    ///
    /// # Errors
    /// If the line is a failure of the provider, returns it. If the line cannot be read, returns an
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) that says what is wrong and where.
    pub fn read(&mut self, line: &str) -> Result<Vec<StreamEvent>, ProviderError> {
        if line.trim().is_empty() {
            return Ok(Vec::new());
        }
        let unreadable = |error: ReadError| error.in_answer(Profile::Ollama);
        let payload = read_borrowed(line.as_bytes()).map_err(unreadable)?;
        if payload.has("error") {
            return Err(read_stream_error(line.trim(), &payload.into()));
        }
        self.read_payload(payload).map_err(unreadable)
    }

    fn read_payload(&mut self, payload: BorrowedValue<'_>) -> Result<Vec<StreamEvent>, ReadError> {
        let mut fields = Fields::new(payload, &Path::Body)?;
        if let Some(model) = fields.text("model")? {
            self.head.model = model;
        }
        let mut line = Response::empty();
        read_content(&mut fields, &mut line, self.calls)?;
        self.head.message.extra.extend(line.message.extra);
        let mut events = Vec::new();
        for part in line.message.parts {
            self.push(part, &mut events);
        }
        let reason = fields.text("done_reason")?;
        let usage = read_usage(&mut fields)?;
        if fields.flag("done")? == Some(true) {
            let reason = reason.map(|reason| read_reason(reason, self.calls > 0));
            events.push(StreamEvent::Finish { reason, usage });
        }
        self.head.metadata.extend(fields.rest_but_nulls());
        Ok(events)
    }

    fn push(&mut self, part: Part, events: &mut Vec<StreamEvent>) {
        let call = match part {
            Part::Text(text) => return events.push(StreamEvent::Text(text)),
            Part::Reasoning(thinking) => return events.push(StreamEvent::Reasoning(thinking.text)),
            Part::ToolCall(call) => call,
            other => return events.push(StreamEvent::Part(Box::new(other))),
        };
        let (index, arguments) = (self.calls, call.arguments);
        self.calls += 1;
        events.push(StreamEvent::ToolCallStart {
            index,
            id: call.id,
            name: call.name,
            extra: (!call.extra.is_empty()).then(|| Box::new(call.extra)),
        });
        events.push(StreamEvent::ToolCallDelta { index, arguments });
    }
}
