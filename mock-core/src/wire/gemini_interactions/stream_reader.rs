//! Reads streamed answers: [`StreamReader`].

use serde_json::{Map, Value};

use super::content::{is_content, read_content};
use super::error::read_stream_error;
use super::read_step::{item_part, kind_of_step, read_step};
use super::response::read_end;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Part, Reasoning};
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, kind_of, read_borrowed};
use crate::wire::write::extend;

/// Reads a streamed answer. Give it the data of each server-sent event in turn.
///
/// The finish event comes with `interaction.completed`. Events of an unknown kind and the end mark are ignored.
///
/// ```
/// use mock_core::{StreamEvent, wire::gemini_interactions::StreamReader};
///
/// let mut reader = StreamReader::new();
/// reader.read(r#"{"event_type":"step.start","index":0,"step":{"type":"model_output"}}"#)?;
/// let delta = r#"{"event_type":"step.delta","index":0,"delta":{"type":"text","text":"Hi"}}"#;
/// assert_eq!(reader.read(delta)?, [StreamEvent::Text("Hi".into())]);
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    step: Option<Open>,
    /// The last part that is not extra fields.
    last_own: Kind,
    /// The last part.
    last: Kind,
    calls: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    None,
    Text,
    /// Another content.
    Content,
    /// Reasoning that is not signed.
    Reasoning,
    Extra,
    Other,
}

/// The step that is being read.
#[derive(Debug, Clone)]
enum Open {
    Output {
        /// Its extra fields.
        fields: Map<String, Value>,
        /// Whether a content has been read.
        has_said: bool,
    },
    Thought {
        fields: Map<String, Value>,
        has_said: bool,
    },
    Call {
        index: usize,
        /// The arguments in its first event.
        arguments: String,
        has_said: bool,
    },
    /// A step of another kind.
    Other(Map<String, Value>),
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
            step: None,
            last_own: Kind::None,
            last: Kind::None,
            calls: 0,
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
        if data.trim() == "[DONE]" {
            return Ok(Vec::new());
        }
        let event = read_borrowed(data.as_bytes()).map_err(unreadable)?;
        let is_error = match event.str("event_type") {
            Some(kind) => kind == "error",
            // Some gateways send an error without a type.
            None => event.has("error"),
        };
        if is_error {
            return Err(read_stream_error(data, &event.into()));
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
        match fields.word("event_type")?.as_deref() {
            Some("interaction.created") => {
                let path = fields.path.key("interaction");
                let mut head = fields.within("interaction", &path)?;
                for at_end in ["steps", "usage", "errors"] {
                    head.take(at_end);
                }
                let head = read_end(head)?;
                (self.head.id, self.head.model) = (head.id, head.model);
                self.head.metadata = head.metadata;
            }
            Some("step.start") => {
                let path = fields.path.key("step");
                let step = fields.take("step");
                let step = step.ok_or_else(|| path.missing("a step"))?;
                self.stop(events);
                self.start(step, &path, events)?;
            }
            Some("step.delta") => {
                let path = fields.path.key("delta");
                let delta = fields.take("delta");
                let delta = delta.ok_or_else(|| path.missing("a piece of a step"))?;
                self.delta(delta, &path, events)?;
            }
            Some("step.stop") => self.stop(events),
            Some("interaction.completed") => {
                self.stop(events);
                self.finish(fields, events)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn start(
        &mut self,
        step: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let kind = kind_of_step(&step, path)?.to_owned();
        let mut fields = Fields::new(step, path)?;
        match kind.as_str() {
            "model_output" => {
                fields.word("type")?;
                let content_path = path.key("content");
                let content = fields.list("content")?;
                self.step = Some(Open::Output {
                    fields: fields.rest_but_nulls(),
                    has_said: false,
                });
                for (index, content) in content.into_iter().enumerate() {
                    self.content(content, &content_path.index(index), events)?;
                }
            }
            "thought" => {
                fields.word("type")?;
                let summary_path = path.key("summary");
                let summary = fields.list("summary")?;
                let signature = fields.text("signature")?;
                self.step = Some(Open::Thought {
                    fields: fields.rest_but_nulls(),
                    has_said: false,
                });
                for (index, item) in summary.into_iter().enumerate() {
                    self.summary(item, &summary_path.index(index), events)?;
                }
                if let Some(seal) = signature {
                    self.sign(seal, events);
                }
            }
            "function_call" => {
                let mut parts = Vec::new();
                read_step(BorrowedValue::Object(fields.take_all()), path, &mut parts)?;
                self.start_call(parts, events);
            }
            _ => self.step = Some(Open::Other(fields.rest())),
        }
        Ok(())
    }

    fn start_call(&mut self, parts: Vec<Part>, events: &mut Vec<StreamEvent>) {
        for part in parts {
            let Part::ToolCall(call) = part else {
                continue;
            };
            let index = self.calls;
            self.calls += 1;
            self.note(Kind::Other);
            events.push(StreamEvent::ToolCallStart {
                index,
                id: call.id,
                name: call.name,
                extra: (!call.extra.is_empty()).then(|| Box::new(call.extra)),
            });
            self.step = Some(Open::Call {
                index,
                arguments: call.arguments,
                has_said: false,
            });
        }
    }

    fn delta(
        &mut self,
        delta: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let kind = kind_of(&delta, path, "`text`, `arguments_delta`, …")?.to_owned();
        match (kind.as_str(), &mut self.step) {
            (
                "arguments_delta",
                Some(Open::Call {
                    index, has_said, ..
                }),
            ) => {
                let index = *index;
                let mut fields = Fields::new(delta, path)?;
                let arguments = fields.text("arguments")?.unwrap_or_default();
                if !arguments.is_empty() {
                    *has_said = true;
                    events.push(StreamEvent::ToolCallDelta { index, arguments });
                }
            }
            ("thought_summary", Some(Open::Thought { .. })) => {
                let mut fields = Fields::new(delta, path)?;
                let path = path.key("content");
                if let Some(content) = fields.take("content") {
                    self.summary(content, &path, events)?;
                }
            }
            ("thought_signature", Some(Open::Thought { .. })) => {
                let seal = Fields::new(delta, path)?.text("signature")?;
                self.sign(seal.unwrap_or_default(), events);
            }
            ("text_annotation" | "text_annotation_delta", Some(Open::Output { .. })) => {
                let mut fields = Fields::new(delta, path)?;
                fields.word("type")?;
                self.extra(fields.rest_but_nulls(), events);
            }
            (kind, Some(Open::Output { .. })) if is_content(kind) => {
                self.content(delta, path, events)?;
            }
            (_, Some(Open::Other(step))) => {
                let mut fields = Fields::new(delta, path)?;
                fields.word("type")?;
                extend(step, fields.rest_but_nulls());
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads a content, or a piece of a text.
    fn content(
        &mut self,
        content: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut parts = Vec::new();
        read_content(content, path, &mut parts)?;
        for part in parts {
            match part {
                Part::Text(text) => self.text(text, events),
                Part::Extra(extra) => self.extra(extra, events),
                part => {
                    self.begin_content(false, events);
                    self.note(Kind::Content);
                    events.push(StreamEvent::Part(Box::new(part)));
                }
            }
        }
        Ok(())
    }

    fn text(&mut self, text: String, events: &mut Vec<StreamEvent>) {
        let before = events.len();
        let is_first = self.begin_content(true, events);
        match (text.is_empty(), is_first) {
            (true, false) if self.last_own == Kind::Text => {}
            (true, _) => {
                // If a separator came before, it has already begun the part.
                if !is_empty_text(events[before..].last()) {
                    events.push(StreamEvent::Part(Box::new(Part::Text(text))));
                }
                self.note(Kind::Text);
            }
            (false, _) => {
                self.note(Kind::Text);
                events.push(StreamEvent::Text(text));
            }
        }
    }

    fn extra(&mut self, extra: Map<String, Value>, events: &mut Vec<StreamEvent>) {
        if !extra.is_empty() {
            self.last = Kind::Extra;
            events.push(StreamEvent::Part(Box::new(Part::Extra(extra))));
        }
    }

    fn note(&mut self, kind: Kind) {
        (self.last, self.last_own) = (kind, kind);
    }

    /// Adds the event that begins a step of output, unless the step has had content. Returns whether it begins.
    fn begin_content(&mut self, is_text: bool, events: &mut Vec<StreamEvent>) -> bool {
        let Some(Open::Output { fields, has_said }) = &mut self.step else {
            return false;
        };
        if std::mem::replace(has_said, true) {
            return false;
        }
        let extra_fields = std::mem::take(fields);
        let shares = match self.last_own {
            Kind::Text => !is_text,
            Kind::Content => true,
            _ => false,
        };
        if shares || !extra_fields.is_empty() {
            self.last = Kind::Extra;
            events.push(StreamEvent::Part(Box::new(item_part(extra_fields))));
        } else if is_text && self.last == Kind::Text {
            events.push(StreamEvent::Part(Box::new(Part::Text(String::new()))));
        }
        true
    }

    fn summary(
        &mut self,
        item: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut fields = Fields::new(item, path)?;
        let kind = fields.word("type")?;
        if kind.as_deref().is_some_and(|kind| kind != "text") {
            // Skip other content: a summary consists of texts.
            return Ok(());
        }
        let text = fields.required_text("text")?;
        let extra = fields.rest_but_nulls();
        let before = events.len();
        let is_first = self.begin_thought(events);
        if !text.is_empty() {
            self.note(Kind::Reasoning);
            events.push(StreamEvent::Reasoning(text));
        } else if is_first && !is_empty_reasoning(events[before..].last()) {
            self.empty_thought(events);
        }
        self.extra(extra, events);
        Ok(())
    }

    fn sign(&mut self, seal: String, events: &mut Vec<StreamEvent>) {
        self.begin_thought(events);
        self.note(Kind::Other);
        events.push(StreamEvent::ReasoningSignature(seal));
    }

    fn empty_thought(&mut self, events: &mut Vec<StreamEvent>) {
        self.note(Kind::Reasoning);
        let thought = Part::Reasoning(Reasoning::new(""));
        events.push(StreamEvent::Part(Box::new(thought)));
    }

    /// Adds the event that begins a thought, unless the thought has had content. Returns whether it begins.
    fn begin_thought(&mut self, events: &mut Vec<StreamEvent>) -> bool {
        let Some(Open::Thought { fields, has_said }) = &mut self.step else {
            return false;
        };
        if std::mem::replace(has_said, true) {
            return false;
        }
        let extra_fields = std::mem::take(fields);
        if !extra_fields.is_empty() {
            self.last = Kind::Extra;
            events.push(StreamEvent::Part(Box::new(item_part(extra_fields))));
        } else if self.last == Kind::Reasoning {
            self.empty_thought(events);
        }
        true
    }

    /// Reads the end of a step: the parts that have not been read yet.
    fn stop(&mut self, events: &mut Vec<StreamEvent>) {
        match &mut self.step {
            Some(Open::Thought { has_said, .. }) if !*has_said => {
                let before = events.len();
                self.begin_thought(events);
                if !is_empty_reasoning(events[before..].last()) {
                    self.empty_thought(events);
                }
            }
            Some(Open::Call {
                index,
                arguments,
                has_said: false,
            }) if arguments != "{}" => events.push(StreamEvent::ToolCallDelta {
                index: *index,
                arguments: std::mem::take(arguments),
            }),
            Some(Open::Other(step)) => {
                let part = Part::Other(std::mem::take(step).into());
                self.note(Kind::Other);
                events.push(StreamEvent::Part(Box::new(part)));
            }
            Some(Open::Output {
                fields,
                has_said: false,
            }) => {
                let mut step = std::mem::take(fields);
                step.insert("type".into(), "model_output".into());
                self.note(Kind::Other);
                events.push(StreamEvent::Part(Box::new(Part::Other(step.into()))));
            }
            _ => {}
        }
        self.step = None;
    }

    fn finish(
        &mut self,
        mut fields: Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let path = fields.path.key("interaction");
        let end = fields.take("interaction");
        let end = end.ok_or_else(|| path.missing("an interaction"))?;
        let mut end = Fields::new(end, &path)?;
        // Leave out the steps, which have been streamed.
        end.take("steps");
        let end = read_end(end)?;
        for (name, mine) in [
            (end.id, &mut self.head.id),
            (end.model, &mut self.head.model),
        ] {
            if !name.is_empty() {
                *mine = name;
            }
        }
        self.head.metadata.extend(end.metadata);
        events.push(StreamEvent::Finish {
            reason: end.finish_reason,
            usage: end.usage,
        });
        Ok(())
    }
}

fn is_empty_text(event: Option<&StreamEvent>) -> bool {
    matches!(event, Some(StreamEvent::Part(part)) if matches!(&**part, Part::Text(text) if text.is_empty()))
}

fn is_empty_reasoning(event: Option<&StreamEvent>) -> bool {
    matches!(event, Some(StreamEvent::Part(part)) if matches!(&**part, Part::Reasoning(thought) if thought.text.is_empty()))
}
