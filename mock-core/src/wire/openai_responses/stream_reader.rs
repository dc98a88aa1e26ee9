//! Reads streamed answers: [`StreamReader`].

mod item;

use serde_json::{Map, Value};

use self::item::{Item, Kind};
use super::error::read_stream_error;
use super::finish_and_usage::Status;
use super::item::{CUSTOM_CALL, Defaults, RAW_REASONING, items};
use super::item_differences::only_in_answer;
use super::read_item::{read_item, split_call, without_empty_lists};
use super::response_object::{extra_fields_at_start, note_at_start};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Part, Reasoning};
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, read_borrowed};
use crate::wire::write::retain;

/// Reads a streamed answer. Give it the data of each server-sent event in turn.
///
/// The finish event comes with `response.completed` or `response.incomplete`. If the stream has no pieces of an item, the item is read from
/// there. Events of an unknown kind are ignored, because the finished item repeats their contents. So is `[DONE]`, which some servers send
/// after the end.
///
/// ```
/// use mock_core::{StreamEvent, wire::openai_responses::StreamReader};
///
/// let mut reader = StreamReader::new();
/// let delta = r#"{"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Hi"}"#;
/// assert_eq!(reader.read(delta)?, [StreamEvent::Text("Hi".into())]);
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// Whether the answer has been read as it is at its start, with the fields that later events repeat.
    started: bool,
    /// The items so far, by their index on the wire.
    items: Vec<(u64, Item)>,
    /// How many calls there are.
    calls: usize,
    /// The kind of the last event, if a further event of this kind would continue the same part.
    goes_on: Option<Kind>,
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
            started: false,
            items: Vec::new(),
            calls: 0,
            goes_on: None,
        }
    }

    /// Returns an empty answer with the id, the model and the metadata of the stream so far. [`push`](Response::push) the events into it.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// Reads the data of one server-sent event, and returns its events.
    ///
    /// # Errors
    /// If the data is a failure of the provider (`error`, `response.failed`), returns it. If the data cannot be read, returns an
    /// [`InvalidResponse`](crate::ErrorKind::InvalidResponse) that says what is wrong and where.
    pub fn read(&mut self, data: &str) -> Result<Vec<StreamEvent>, ProviderError> {
        if data.trim() == "[DONE]" {
            return Ok(Vec::new());
        }
        let unreadable = |error: ReadError| error.in_answer(Profile::OpenaiResponses);
        let event = read_borrowed(data.as_bytes()).map_err(unreadable)?;
        if let Some(error) = read_stream_error(&event) {
            return Err(error);
        }
        let mut events = Vec::new();
        self.read_event(event, &mut events).map_err(unreadable)?;
        Ok(events)
    }

    fn read_event(
        &mut self,
        event: BorrowedValue<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut fields = Fields::new(event, &Path::Body)?;
        let kind = fields.required_text("type")?;
        match kind.strip_prefix("response.").unwrap_or(&kind) {
            "created" | "in_progress" | "queued" => self.read_head(fields),
            "completed" | "incomplete" => self.finish(fields, events),
            "output_item.added" => self.add(fields, events),
            "output_item.done" => self.end(fields, events),
            "output_text.delta" => self.delta(
                fields,
                Kind::Message,
                "content_index",
                events,
                StreamEvent::Text,
            ),
            "refusal.delta" => self.delta(
                fields,
                Kind::Message,
                "content_index",
                events,
                StreamEvent::Refusal,
            ),
            "reasoning_summary_text.delta" | "reasoning_summary.delta" => self.delta(
                fields,
                Kind::Reasoning,
                "summary_index",
                events,
                StreamEvent::Reasoning,
            ),
            "reasoning_text.delta" | "reasoning.delta" => {
                self.mark_raw(&fields);
                self.delta(
                    fields,
                    Kind::Reasoning,
                    "content_index",
                    events,
                    StreamEvent::Reasoning,
                )
            }
            "function_call_arguments.delta" | "custom_tool_call_input.delta" => {
                self.input(fields, events)
            }
            "content_part.done" => self.end_part(fields, events),
            "reasoning_summary_part.done" => self.end_part(fields, events),
            _ => Ok(()),
        }
    }

    /// Reads an answer as it is before its end.
    fn read_head(&mut self, mut fields: Fields<'_, '_>) -> Result<(), ReadError> {
        let path = fields.path.key("response");
        let response = fields.take("response");
        let response = response.ok_or_else(|| path.missing("an answer"))?;
        let mut fields = Fields::new(response, &path)?;
        self.head.id = fields.text("id")?.unwrap_or_default();
        self.head.model = fields.text("model")?.unwrap_or_default();
        for own in [
            "object",
            "created_at",
            "completed_at",
            "status",
            "output",
            "usage",
            "error",
            "incomplete_details",
        ] {
            fields.take(own);
        }
        self.head.metadata = extra_fields_at_start(fields.rest());
        self.started = true;
        Ok(())
    }

    fn add(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let index = fields
            .count("output_index")?
            .unwrap_or(self.items.len() as u64);
        let path = fields.path.key("item");
        let item = fields.take("item");
        let item = Value::from(item.ok_or_else(|| path.missing("an item"))?);
        let added = item.as_object().cloned().unwrap_or_default();
        let mut item = Fields::new(item, &path)?;
        let kind = match item.required_text("type")?.as_str() {
            "message" => Kind::Message,
            "reasoning" => Kind::Reasoning,
            "function_call" => Kind::Call,
            CUSTOM_CALL => {
                item.keep("type", BorrowedValue::Text(CUSTOM_CALL.into()));
                Kind::Call
            }
            _ => Kind::Other,
        };
        let call = match kind {
            Kind::Call => Some((item.required_text("call_id")?, item.required_text("name")?)),
            _ => None,
        };
        if kind == Kind::Reasoning {
            item.list_with_items("content")?;
        }
        for own in match kind {
            Kind::Message => &["role", "content"][..],
            Kind::Reasoning => &["summary", "encrypted_content"],
            Kind::Call => &["arguments", "input"],
            Kind::Other => &[],
        } {
            item.take(own);
        }
        let rest = item.rest();
        let known = self.item(index, kind);
        known.kind = kind;
        known.fields = rest;
        known.added = added;
        if let Some((id, name)) = call {
            self.begin(index, events);
            let at = self.calls;
            self.calls += 1;
            let known = self.item(index, kind);
            known.call = at;
            let fields = known.fields.clone();
            let (_, extra) = split_call(self.extra_fields(index, kind, &fields));
            events.push(StreamEvent::ToolCallStart {
                index: at,
                id,
                name,
                extra: (!extra.is_empty()).then(|| Box::new(extra)),
            });
        }
        Ok(())
    }

    /// Reads a piece of a text.
    fn delta(
        &mut self,
        mut fields: Fields<'_, '_>,
        kind: Kind,
        at: &str,
        events: &mut Vec<StreamEvent>,
        event: fn(String) -> StreamEvent,
    ) -> Result<(), ReadError> {
        let index = fields.count("output_index")?.unwrap_or_default();
        let part = fields.count(at)?.unwrap_or_default();
        let delta = fields.required_text("delta")?;
        self.item(index, kind);
        self.begin(index, events);
        let event = event(delta);
        let item = self.item(index, kind);
        let is_another = |(known, name)| known != part && name == event.name();
        let is_new = item.part.is_some_and(is_another);
        item.part = Some((part, event.name()));
        if is_new {
            events.extend(empty_part(&event));
        }
        if !matches!(&event, StreamEvent::Text(text) | StreamEvent::Refusal(text) | StreamEvent::Reasoning(text) if text.is_empty())
        {
            events.push(event);
        }
        Ok(())
    }

    /// Reads the end of a part: its extra fields, and its text if no piece of it came.
    fn end_part(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let index = fields.count("output_index")?.unwrap_or_default();
        let at = fields
            .count("summary_index")?
            .or(fields.count("content_index")?)
            .unwrap_or_default();
        let path = fields.path.key("part");
        let part = fields.take("part");
        let mut part = Fields::new(part.ok_or_else(|| path.missing("a part"))?, &path)?;
        let kind = part.text("type")?;
        let text = match part.text("text")? {
            Some(text) => text,
            None => part.text("refusal")?.unwrap_or_default(),
        };
        let kind_of_item = match kind.as_deref() {
            Some("summary_text" | RAW_REASONING) => Kind::Reasoning,
            Some("output_text" | "refusal") => Kind::Message,
            _ => return Ok(()),
        };
        let known = self.item(index, kind_of_item);
        if !matches!(known.part, Some((sent_index, _)) if sent_index == at) {
            if kind.as_deref() == Some(RAW_REASONING) && !known.begun {
                known.fields.insert("content".into(), RAW_REASONING.into());
            }
            let whole = match kind.as_deref() {
                Some("refusal") => Part::Refusal(text),
                Some("output_text") => Part::Text(text),
                _ => Part::Reasoning(Reasoning {
                    text,
                    signature: None,
                }),
            };
            known.part = Some((at, whole.name()));
            self.begin(index, events);
            events.push(StreamEvent::Part(Box::new(whole)));
        }
        let extra = without_empty_lists(part.rest_but_nulls());
        if !extra.is_empty() {
            let extra = Part::Extra(extra);
            // The next extra fields are another part.
            self.item(index, kind_of_item).part = Some((at, extra.name()));
            events.push(StreamEvent::Part(Box::new(extra)));
        }
        Ok(())
    }

    /// Reads a piece of a call's input.
    fn input(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let index = fields.count("output_index")?.unwrap_or_default();
        let delta = fields.required_text("delta")?;
        let item = self.item(index, Kind::Call);
        item.input += delta.len();
        let index = item.call;
        if !delta.is_empty() {
            events.push(StreamEvent::ToolCallDelta {
                index,
                arguments: delta,
            });
        }
        Ok(())
    }

    /// Reads an item that is done: the parts that have not been read yet.
    fn end(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let index = fields.count("output_index")?.unwrap_or_default();
        let path = fields.path.key("item");
        let item = fields.take("item");
        let item = item.ok_or_else(|| path.missing("an item"))?;
        self.end_item(index, item.into(), &path, events)
    }

    fn end_item(
        &mut self,
        index: u64,
        item: Value,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let fields = item.as_object().cloned().unwrap_or_default();
        let item = BorrowedValue::from(item);
        let kind = match item.str("type") {
            Some("message") => Kind::Message,
            Some("reasoning") => Kind::Reasoning,
            Some("function_call" | CUSTOM_CALL) => Kind::Call,
            _ => Kind::Other,
        };
        let known = self.item(index, kind);
        known.kind = kind;
        if let Some(done) = &known.done {
            let noted = only_in_answer(done, &fields);
            noted.into_iter().for_each(|item| self.head.note_item(item));
            return Ok(());
        }
        known.done = Some(fields);
        if !known.begun {
            return self.whole(index, item, path, events);
        }
        let (call, input) = (known.call, known.input);
        let mut fields = Fields::new(item, path)?;
        match kind {
            Kind::Reasoning => {
                let encrypted = fields.text("encrypted_content")?;
                if encrypted.is_some() {
                    self.goes_on = None;
                }
                events.extend(encrypted.map(StreamEvent::ReasoningSignature));
            }
            Kind::Call => {
                let custom = fields.text("input")?;
                let arguments = fields.text("arguments")?.or(custom).unwrap_or_default();
                if input == 0 && !arguments.is_empty() {
                    events.push(StreamEvent::ToolCallDelta {
                        index: call,
                        arguments,
                    });
                }
                for own in ["call_id", "name"] {
                    fields.take(own);
                }
                // Leave out the fields that the start of the call already had.
                let begun = self.item(index, kind).fields.clone();
                let (_, mut extra) = split_call(self.extra_fields(index, kind, &fields.rest()));
                retain(&mut extra, &mut |name, value| {
                    begun.get(name) != Some(value)
                });
                if !extra.is_empty() {
                    events.push(StreamEvent::Part(Box::new(Part::Extra(extra))));
                }
                return Ok(());
            }
            Kind::Message | Kind::Other => {}
        }
        Ok(())
    }

    /// Reads an item that was not announced before.
    fn whole(
        &mut self,
        index: u64,
        item: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let kind = self.item(index, Kind::Other).kind;
        let status = item.str("status").unwrap_or_default().to_owned();
        let defaults = Defaults {
            response: &self.head.id,
            index: usize::try_from(index).unwrap_or(usize::MAX),
            status: &status,
        };
        // The event continues the earlier part, unless it begins a part.
        let mut parts = match self.goes_on.filter(|_| self.goes_on == Some(kind)) {
            Some(Kind::Message) => vec![Part::Text(String::new())],
            Some(Kind::Reasoning) => vec![Part::Reasoning(Reasoning::new(""))],
            _ => Vec::new(),
        };
        let already_sent = parts.len();
        self.goes_on = Some(kind);
        read_item(item, path, Some(defaults), &mut parts)?;
        if let Ok([item]) = items(&parts[already_sent..], "a stream").as_deref() {
            self.note_added(index, item.content.clone(), item.fields.clone());
        }
        for part in parts.drain(already_sent..) {
            if let Part::ToolCall(_) = part {
                self.calls += 1;
            }
            if let Part::RedactedReasoning(_) = part {
                self.goes_on = None;
            }
            events.push(match part {
                Part::RedactedReasoning(data) => StreamEvent::RedactedReasoning(data),
                part => StreamEvent::Part(Box::new(part)),
            });
        }
        self.item(index, kind).begun = true;
        Ok(())
    }

    fn finish(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let path = fields.path.key("response");
        let body = fields.take("response");
        let body = body.ok_or_else(|| path.missing("an answer"))?;
        let mut again = Fields::new(body, &path)?;
        let list = again.list("output")?;
        let output_path = path.key("output");
        for (index, item) in list.into_iter().enumerate() {
            self.end_item(index as u64, item.into(), &output_path.index(index), events)?;
        }
        again.keep("output", BorrowedValue::List(Vec::new()));
        let rest = again.rest();
        // The values at the end replace those at the start.
        let is_repeated = |name: &str| rest.get(name).is_some_and(|value| !value.is_null());
        let start = std::mem::take(&mut self.head.metadata);
        let (start, only_at_start): (Map<_, _>, Map<_, _>) =
            start.into_iter().partition(|(name, _)| is_repeated(name));
        self.head.metadata = only_at_start;
        let rest: Value = rest.into();
        let status = rest["status"].as_str().unwrap_or("completed").to_owned();
        let reason = rest["incomplete_details"]["reason"]
            .as_str()
            .map(str::to_owned);
        let mut all = super::response::read(rest.into(), &path)?;
        let status = Status {
            name: &status,
            reason: reason.as_deref(),
        };
        let reason = status.read(self.calls > 0);
        for (name, mine) in [
            (&all.id, &mut self.head.id),
            (&all.model, &mut self.head.model),
        ] {
            if !name.is_empty() {
                mine.clone_from(name);
            }
        }
        if self.started {
            note_at_start(&mut self.head, &start, &all.metadata);
        }
        self.head.metadata.append(&mut all.metadata);
        events.push(StreamEvent::Finish {
            reason,
            usage: all.usage,
        });
        Ok(())
    }
}

/// An event that begins a part of the same kind.
fn empty_part(event: &StreamEvent) -> Option<StreamEvent> {
    let part = match event {
        StreamEvent::Text(_) => Part::Text(String::new()),
        StreamEvent::Refusal(_) => Part::Refusal(String::new()),
        StreamEvent::Reasoning(_) => Part::Reasoning(Reasoning::new("")),
        _ => return None,
    };
    Some(StreamEvent::Part(Box::new(part)))
}
