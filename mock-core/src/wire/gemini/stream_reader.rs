//! Reads streamed answers: [`StreamReader`].

use serde_json::{Map, Value};

use super::error::read_stream_error;
use super::finish_and_usage::{USAGE, read_finish, read_refusal, read_usage};
use super::part::{ReadPart, read_content_part};
use super::response::{is_blocked, read_head, rest_of, take_model_role};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning};
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, read_borrowed};
use crate::wire::write::extend;

/// Reads a streamed answer: the data of one server-sent event after the other, or one item of a JSON array after the other.
///
/// The finish event comes with the finish reason, and with the usage so far. [`end`](StreamReader::end) gives it where a stream ends without
/// one. An empty text gives no event. Of two texts in one frame, the second is a part of its own. Only the first candidate is read.
///
/// ```
/// use mock_core::{StreamEvent, wire::gemini::StreamReader};
///
/// let mut reader = StreamReader::new();
/// let data = r#"{"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"}}],"responseId":"r1"}"#;
/// assert_eq!(reader.read(data)?, [StreamEvent::Text("Hi".into())]);
/// assert_eq!(reader.head().id, "r1");
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// The kind of the last part.
    last: Option<Kind>,
    /// How many calls there have been.
    calls: usize,
    usage: Option<Usage>,
    /// Whether the last frame had content. Each frame has the usage so far, so a stream that ends with such a frame has broken off.
    has_said: bool,
    finished: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Thought,
    Other,
}

impl Kind {
    fn from_part(part: &Part) -> Kind {
        match part {
            Part::Text(_) => Kind::Text,
            Part::Reasoning(_) => Kind::Thought,
            _ => Kind::Other,
        }
    }

    /// The event with which a part begins that no delta begins.
    fn begin(self) -> Option<StreamEvent> {
        match self {
            Kind::Text => Some(whole(Part::Text(String::new()))),
            Kind::Thought => Some(whole(Part::Reasoning(Reasoning::new("")))),
            Kind::Other => None,
        }
    }
}

fn whole(part: Part) -> StreamEvent {
    StreamEvent::Part(Box::new(part))
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
            last: None,
            calls: 0,
            usage: None,
            has_said: false,
            finished: false,
        }
    }

    /// Returns an empty answer with the id, the model and the metadata that the stream has sent so far. [`push`](Response::push) the events
    /// into it.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// Reads the data of one server-sent event, and returns its events.
    ///
    /// # Errors
    /// If the data is a failure of the provider, returns it. If the data cannot be read, returns an
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) that says what is wrong and where.
    pub fn read(&mut self, data: &str) -> Result<Vec<StreamEvent>, ProviderError> {
        let unreadable = |error: ReadError| error.in_answer(Profile::Gemini);
        let payload = read_borrowed(data.as_bytes()).map_err(unreadable)?;
        if payload.has("error") {
            return Err(read_stream_error(data, &payload.into()));
        }
        self.read_payload(payload).map_err(unreadable)
    }

    /// The finish event of a stream that has ended without a finish reason, if its last frame has its usage and no content.
    ///
    /// ```
    /// use mock_core::{StreamEvent, Usage, wire::gemini::StreamReader};
    ///
    /// let mut reader = StreamReader::new();
    /// assert_eq!(reader.end(), None);
    /// reader.read(r#"{"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":1}}"#)?;
    /// assert_eq!(reader.end(), Some(StreamEvent::Finish { reason: None, usage: Some(Usage::new(2, 1)) }));
    /// # Ok::<(), mock_core::ProviderError>(())
    /// ```
    pub fn end(&mut self) -> Option<StreamEvent> {
        let ends = self.usage.is_some() && !self.has_said && !self.finished;
        ends.then(|| self.finish(None))
    }

    fn finish(&mut self, reason: Option<FinishReason>) -> StreamEvent {
        self.finished = true;
        let usage = self.usage;
        StreamEvent::Finish { reason, usage }
    }

    fn read_payload(&mut self, payload: BorrowedValue<'_>) -> Result<Vec<StreamEvent>, ReadError> {
        let mut fields = Fields::new(payload, &Path::Body)?;
        let head = read_head(&mut fields)?;
        if !head.id.is_empty() {
            self.head.id = head.id;
        }
        if !head.model.is_empty() {
            self.head.model = head.model;
        }
        if let Some(usage) = fields.take(USAGE) {
            let path = Path::Body.key(USAGE);
            self.usage = Some(read_usage(usage, &path, &mut self.head.metadata)?);
        }
        let mut events = Vec::new();
        let path = Path::Body.key("candidates");
        let mut candidates = fields.list("candidates")?.into_iter();
        match candidates.next() {
            Some(candidate) => self.read_candidate(candidate, &path.index(0), &mut events)?,
            None if is_blocked(&fields) && !self.finished => {
                events.push(self.finish(Some(FinishReason::ContentFilter)));
            }
            None => {}
        }
        self.head.metadata.extend(fields.rest_but_nulls());
        self.has_said = !events.is_empty();
        Ok(events)
    }

    fn read_candidate(
        &mut self,
        tree: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut candidate = Fields::new(tree, path)?;
        let content_path = path.key("content");
        let mut content = candidate.within("content", &content_path)?;
        let parts = content.list("parts")?;
        let parts_path = content_path.key("parts");
        let mut before = None;
        for (index, part) in parts.into_iter().enumerate() {
            let read = read_content_part(part, &parts_path.index(index))?;
            let kind = Kind::from_part(&read.part);
            self.read_part(read, before == Some(kind), events);
            before = Some(kind);
        }
        take_model_role(&mut content)?;
        candidate.keep("content", content.rest_but_nulls());
        let refusal = read_refusal(&mut candidate)?;
        if let Some(reason) = candidate.text("finishReason")? {
            let reason = read_finish(reason, self.calls > 0, refusal.is_some());
            events.extend(refusal.map(StreamEvent::Refusal));
            if !self.finished {
                events.push(self.finish(Some(reason)));
            }
        }
        self.note_candidate(rest_of(candidate)?);
        Ok(())
    }

    /// Keeps the extra fields of the candidate.
    fn note_candidate(&mut self, rest: Map<String, Value>) {
        if rest.is_empty() {
            return;
        }
        let candidates = self.head.metadata.entry("candidates");
        let candidates = candidates.or_insert_with(|| serde_json::json!([{}]));
        if let Some(Value::Object(first)) = candidates.get_mut(0) {
            extend(first, rest);
        }
    }

    /// The events of a part. It `begins` a new one of its kind if it comes in one frame with another of that kind.
    fn read_part(&mut self, read: ReadPart, begins: bool, events: &mut Vec<StreamEvent>) {
        let ReadPart { part, extra, .. } = read;
        let kind = Kind::from_part(&part);
        let is_new = begins || self.last != Some(kind);
        let has_content = match &part {
            Part::Text(text) => !text.is_empty(),
            Part::Reasoning(thought) => !thought.text.is_empty() || thought.signature.is_some(),
            _ => true,
        };
        if begins || is_new && !has_content && !extra.is_empty() {
            events.extend(kind.begin());
        }
        if has_content || begins || !extra.is_empty() {
            self.last = Some(kind);
        }
        match part {
            Part::Text(text) => push(text, StreamEvent::Text, events),
            Part::Reasoning(Reasoning { text, signature }) => {
                push(text, StreamEvent::Reasoning, events);
                events.extend(signature.map(StreamEvent::ReasoningSignature));
            }
            Part::ToolCall(call) => {
                let index = self.calls;
                self.calls += 1;
                events.push(StreamEvent::ToolCallStart {
                    index,
                    id: call.id,
                    name: call.name,
                    extra: (!call.extra.is_empty()).then(|| Box::new(call.extra)),
                });
                let arguments = call.arguments;
                events.push(StreamEvent::ToolCallDelta { index, arguments });
            }
            part => events.push(whole(part)),
        }
        if !extra.is_empty() {
            events.push(whole(Part::Extra(extra)));
        }
    }
}

fn push(text: String, event: fn(String) -> StreamEvent, events: &mut Vec<StreamEvent>) {
    if !text.is_empty() {
        events.push(event(text));
    }
}
