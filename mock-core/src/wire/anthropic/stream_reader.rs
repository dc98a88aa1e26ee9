//! Reads streamed answers: [`StreamReader`].

use serde_json::{Map, Value};

use super::block::{read_input, remove_completed};
use super::error::read_stream_error;
use super::finish_and_usage::{read_stop, read_stop_details, read_usage};
use super::fold_deltas::{end_input, fold_delta, is_input};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning};
use crate::chat::response::{ItemPlace, NotedDelta, NotedItem, Once, Response};
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, kind_of, read_borrowed};
use crate::wire::write::texts;

/// Reads a streamed answer. Give it the data of each server-sent event in turn.
///
/// The finish event comes with `message_stop`. If a stream ends without it, call [`end`](StreamReader::end). An empty delta gives no event.
/// A tool call without arguments gets the arguments `{}` at the end of its block. Extra fields of a block, such as citations, come at its
/// end ([`Part::Extra`](crate::Part::Extra)), and so does a block of an unknown type ([`Part::Other`](crate::Part::Other)).
///
/// ```
/// use mock_core::{StreamEvent, wire::anthropic::StreamReader};
///
/// let mut reader = StreamReader::new();
/// assert_eq!(reader.read(r#"{"type":"ping"}"#)?, []);
/// let delta = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#;
/// assert_eq!(reader.read(delta)?, [StreamEvent::Text("Hi".into())]);
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// The open blocks, each with its index. Providers have one at a time.
    open: Vec<(u64, OpenBlock)>,
    /// The kind of block that a delta of its kind would go on with.
    goes_on: Option<Kind>,
    /// How many blocks have begun.
    blocks: usize,
    /// How many calls have begun.
    calls: usize,
    usage: Option<Map<String, Value>>,
    whole_usage: Option<Usage>,
    reason: Option<FinishReason>,
    /// Whether `message_delta` has been read, which has the stop reason and the usage.
    ends: bool,
    finished: bool,
}

#[derive(Debug, Clone)]
struct OpenBlock {
    /// Its position among the blocks.
    position: usize,
    kind: Kind,
    /// Whether an event of this block has been returned.
    has_event: bool,
    /// The fields that have no name here, and those that it began with.
    extra: Map<String, Value>,
    begun: Map<String, Value>,
    /// How many pieces of text it has had.
    pieces: usize,
    /// Its deltas that are neither text nor reasoning, each with the number of pieces before it.
    deltas: Vec<(usize, Value)>,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    Thinking,
    Redacted,
    Call {
        index: usize,
        /// The call's arguments if no piece of them comes.
        input: Option<String>,
    },
    /// Its fields are the extra fields of the block.
    Other,
}

impl OpenBlock {
    /// Notes what a writer does not know from the events: the extra fields that the block begins with, and deltas before the last text.
    fn note(&self, head: &mut Response) {
        let has_order = self.kind == Kind::Other
            || self
                .deltas
                .iter()
                .any(|(after, delta)| *after < self.pieces || delta["type"] != "citations_delta");
        let is_begun = self.kind != Kind::Other || !self.deltas.is_empty();
        if is_begun && !self.begun.is_empty() {
            head.note_item(NotedItem {
                id: self.position.to_string(),
                place: ItemPlace::Added,
                fields: self.begun.clone(),
            });
        }
        for (after, delta) in self.deltas.iter().filter(|_| has_order) {
            head.note_delta(NotedDelta {
                block: self.position,
                after: *after,
                delta: delta.clone(),
            });
        }
    }

    /// Takes in a delta that is neither text nor reasoning.
    fn take_delta(&mut self, delta: Value) {
        fold_delta(&mut self.extra, &delta);
        self.deltas.push((self.pieces, delta));
    }

    /// The events at its end.
    fn end(mut self, events: &mut Vec<StreamEvent>) {
        match self.kind {
            Kind::Call { index, input } => events
                .extend(input.map(|arguments| StreamEvent::ToolCallDelta { index, arguments })),
            Kind::Other => {
                if self.deltas.iter().any(|(_, delta)| is_input(delta)) {
                    end_input(&mut self.extra);
                }
                events.push(part(Part::Other(std::mem::take(&mut self.extra).into())));
            }
            kind if !self.has_event => events.extend(kind.begin()),
            _ => {}
        }
        if !self.extra.is_empty() {
            events.push(part(Part::Extra(self.extra)));
        }
    }
}

impl Kind {
    /// The event with which a block begins that no delta may have begun.
    fn begin(&self) -> Option<StreamEvent> {
        Some(part(match self {
            Kind::Text => Part::Text(String::new()),
            Kind::Thinking => Part::Reasoning(Reasoning::new("")),
            _ => return None,
        }))
    }

    /// The kind of block that an event leaves open.
    fn after(event: &StreamEvent) -> Option<Kind> {
        match event {
            StreamEvent::Text(_) => Some(Kind::Text),
            StreamEvent::Reasoning(_) => Some(Kind::Thinking),
            StreamEvent::Part(part) => match &**part {
                Part::Text(_) => Some(Kind::Text),
                Part::Reasoning(reasoning) if reasoning.signature.is_none() => Some(Kind::Thinking),
                _ => None,
            },
            _ => None,
        }
    }
}

fn part(part: Part) -> StreamEvent {
    StreamEvent::Part(Box::new(part))
}

impl Default for StreamReader {
    fn default() -> Self {
        StreamReader::new()
    }
}

impl StreamReader {
    /// Creates a reader for the beginning of a stream.
    pub fn new() -> Self {
        StreamReader {
            head: Response::empty(),
            open: Vec::new(),
            goes_on: None,
            blocks: 0,
            calls: 0,
            usage: None,
            whole_usage: None,
            reason: None,
            ends: false,
            finished: false,
        }
    }

    /// Returns an empty answer with the id, the model and the metadata of the stream so far. [`push`](Response::push) the events into it.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// Reads the data of one server-sent event, and returns its events.
    ///
    /// # Errors
    /// If the data is a failure of the provider, returns it. If the data cannot be read, returns an
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) that says what is wrong and where.
    pub fn read(&mut self, data: &str) -> Result<Vec<StreamEvent>, ProviderError> {
        let unreadable = |error: ReadError| error.in_answer(Profile::Anthropic);
        let payload = read_borrowed(data.as_bytes()).map_err(unreadable)?;
        if payload.get("type").and_then(BorrowedValue::as_text) == Some("error") {
            return Err(read_stream_error(data, &payload.into()));
        }
        self.read_payload(payload).map_err(unreadable)
    }

    /// Returns the finish event of a stream that ended without `message_stop`, if it had a `message_delta`.
    ///
    /// ```
    /// use mock_core::{FinishReason, StreamEvent, wire::anthropic::StreamReader};
    ///
    /// let mut reader = StreamReader::new();
    /// assert_eq!(reader.end(), None);
    /// reader.read(r#"{"type":"message_delta","delta":{"stop_reason":"max_tokens"}}"#)?;
    /// let finish = StreamEvent::Finish { reason: Some(FinishReason::Length), usage: None };
    /// assert_eq!(reader.end(), Some(finish));
    /// # Ok::<(), mock_core::ProviderError>(())
    /// ```
    pub fn end(&mut self) -> Option<StreamEvent> {
        (self.ends && !self.finished).then(|| self.finish())
    }

    fn finish(&mut self) -> StreamEvent {
        self.finished = true;
        StreamEvent::Finish {
            reason: self.reason.take(),
            usage: self.whole_usage.take(),
        }
    }

    fn read_payload(&mut self, payload: BorrowedValue<'_>) -> Result<Vec<StreamEvent>, ReadError> {
        let kind = kind_of(&payload, &Path::Body, "the event's name")?.to_owned();
        let mut fields = Fields::new(payload, &Path::Body)?;
        let mut events = Vec::new();
        match kind.as_str() {
            "message_start" => self.read_head(&mut fields)?,
            "content_block_start" => self.read_start(&mut fields, &mut events)?,
            "content_block_delta" => self.read_delta(&mut fields, &mut events)?,
            "content_block_stop" => {
                if let Some(block) = self.close(block_index(&mut fields)?) {
                    block.note(&mut self.head);
                    block.end(&mut events);
                }
            }
            "message_delta" => self.read_end(&mut fields, &mut events)?,
            "message_stop" => events.push(self.finish()),
            // Ignore pings and unknown events.
            _ => {}
        }
        if let Some(last) = events.last() {
            self.goes_on = Kind::after(last);
        }
        Ok(events)
    }

    fn read_head(&mut self, fields: &mut Fields<'_, '_>) -> Result<(), ReadError> {
        let path = Path::Body.key("message");
        let mut message = fields.within("message", &path)?;
        self.head.id = message.text("id")?.unwrap_or_default();
        self.head.model = message.text("model")?.unwrap_or_default();
        for constant in ["type", "role", "content", "stop_reason"] {
            message.take(constant);
        }
        self.head.usage = self.take_usage(&mut message)?;
        self.head.metadata.extend(message.rest_but_nulls());
        Ok(())
    }

    /// Takes in a usage: each is of the whole answer so far.
    fn take_usage(&mut self, fields: &mut Fields<'_, '_>) -> Result<Option<Usage>, ReadError> {
        let path = fields.path.key("usage");
        let usage = fields.within("usage", &path)?.rest_but_nulls();
        if usage.is_empty() {
            return Ok(None);
        }
        let known = self.usage.get_or_insert_default();
        known.extend(usage);
        let mut extra_fields = Map::new();
        let usage = read_usage(known.clone().into(), &path, &mut extra_fields)?;
        self.head.metadata.extend(extra_fields);
        self.whole_usage = Some(usage);
        Ok(Some(usage))
    }

    fn read_start(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let on_wire = block_index(fields)?;
        let path = Path::Body.key("content_block");
        let mut block = fields.within("content_block", &path)?;
        let name = block.text("type")?.unwrap_or_default();
        let kind = match &*name {
            "text" => Kind::Text,
            "thinking" => Kind::Thinking,
            "redacted_thinking" => Kind::Redacted,
            "tool_use" => Kind::Call {
                index: self.calls,
                input: None,
            },
            _ => Kind::Other,
        };
        if self.goes_on.as_ref() == Some(&kind) {
            events.extend(kind.begin());
        }
        let kind = self.read_first_content(kind, &mut block, events)?;
        let mut extra = block.rest();
        match kind {
            Kind::Other => drop(extra.insert("type".into(), name.into())),
            _ => remove_completed(&mut extra),
        }
        let has_event = !events.is_empty();
        let position = self.blocks;
        self.blocks += 1;
        let block = OpenBlock {
            position,
            kind,
            has_event,
            begun: extra.clone(),
            extra,
            pieces: 0,
            deltas: Vec::new(),
        };
        self.close(on_wire);
        self.open.push((on_wire, block));
        Ok(())
    }

    /// Reads the content that the start of a block already holds. Returns the kind, of a call with its input.
    fn read_first_content(
        &mut self,
        kind: Kind,
        block: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<Kind, ReadError> {
        Ok(match kind {
            Kind::Text => {
                push(block.text("text")?, StreamEvent::Text, events);
                kind
            }
            Kind::Thinking => {
                push(block.text("thinking")?, StreamEvent::Reasoning, events);
                let signature = block.text("signature")?;
                push(signature, StreamEvent::ReasoningSignature, events);
                kind
            }
            Kind::Redacted => {
                events.push(StreamEvent::RedactedReasoning(block.required_text("data")?));
                kind
            }
            Kind::Call { index, .. } => {
                let id = block.required_text("id")?;
                let name = block.required_text("name")?;
                let input = Some(read_input(block));
                self.calls += 1;
                let mut extra = block.take_rest();
                remove_completed(&mut extra);
                events.push(StreamEvent::ToolCallStart {
                    index,
                    id,
                    name,
                    extra: (!extra.is_empty()).then(|| Box::new(extra)),
                });
                Kind::Call { index, input }
            }
            other => other,
        })
    }

    /// Takes an open block out.
    fn close(&mut self, on_wire: u64) -> Option<OpenBlock> {
        let at = self.open.position(&|(index, _)| *index == on_wire)?;
        Some(self.open.swap_remove(at).1)
    }

    fn read_delta(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let on_wire = block_index(fields)?;
        let path = Path::Body.key("delta");
        let mut delta = fields.within("delta", &path)?;
        let blocks = &mut self.open;
        let open = blocks.iter_mut().find(|(index, _)| *index == on_wire);
        let mut open = open.map(|(_, block)| block);
        match delta.text("type")?.as_deref() {
            Some("text_delta") => {
                push(delta.text("text")?, StreamEvent::Text, events);
                if let Some(open) = &mut open {
                    open.pieces += events.len();
                }
            }
            Some("thinking_delta") => push(delta.text("thinking")?, StreamEvent::Reasoning, events),
            Some("signature_delta") => {
                let signature = delta.text("signature")?;
                push(signature, StreamEvent::ReasoningSignature, events);
            }
            Some("input_json_delta") => {
                let piece = delta.text("partial_json")?.unwrap_or_default();
                match open.as_mut().map(|open| (&mut open.kind, piece)) {
                    Some((Kind::Call { index, input }, piece)) if !piece.is_empty() => {
                        *input = None;
                        let (index, arguments) = (*index, piece);
                        events.push(StreamEvent::ToolCallDelta { index, arguments });
                    }
                    Some((Kind::Other, piece)) => {
                        let kind = "input_json_delta";
                        let delta = texts(&[("type", kind), ("partial_json", piece.as_str())]);
                        if let Some(open) = &mut open {
                            open.take_delta(delta);
                        }
                    }
                    _ => {}
                }
            }
            kind => {
                let kind = kind.unwrap_or_default().to_owned();
                let mut delta = delta.rest();
                delta.insert("type".to_owned(), kind.into());
                if let Some(open) = &mut open {
                    open.take_delta(delta.into());
                }
            }
        }
        if let Some(open) = open {
            open.has_event |= !events.is_empty();
        }
        Ok(())
    }

    fn read_end(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        self.take_usage(fields)?;
        self.ends = true;
        let path = Path::Body.key("delta");
        let mut delta = fields.within("delta", &path)?;
        let refusal = read_stop_details(&mut delta, &mut self.head.metadata)?;
        if let Some(reason) = delta.text("stop_reason")? {
            self.reason = Some(read_stop(reason, refusal.is_some()));
        }
        self.head.metadata.extend(delta.rest_but_nulls());
        fields.take("type");
        for (name, value) in fields.take_rest() {
            if !value.is_null() {
                self.head.note_once(&name, Once::AtEnd);
                self.head.metadata.insert(name, value);
            }
        }
        events.extend(refusal.map(StreamEvent::Refusal));
        Ok(())
    }
}

fn block_index(fields: &mut Fields<'_, '_>) -> Result<u64, ReadError> {
    let index = fields.count("index")?;
    index.ok_or_else(|| fields.path.key("index").missing("the block's number"))
}

fn push(text: Option<String>, event: fn(String) -> StreamEvent, events: &mut Vec<StreamEvent>) {
    events.extend(text.filter(|text| !text.is_empty()).map(event));
}
