//! Reads streamed answers: [`StreamReader`].

use serde_json::{Map, Value, json};

use super::error::read_stream_error;
use super::field_counts::FieldCounts;
use super::finish_and_usage::{read_finish, read_usage};
use super::further_choices::{fold_fields, fold_into};
use super::message::{read_content, read_reasoning, take_thinking};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::read::{Fields, Path, ReadError, read_borrowed};
use crate::wire::write::extend;

/// Reads a streamed answer. Give it the data of each server-sent event in turn.
///
/// The finish event comes with `[DONE]`, because the usage may follow the finish reason. If a stream ends without `[DONE]`, call
/// [`end`](StreamReader::end). An empty delta gives no event. The first choice is the answer; the others are in the metadata of the
/// [`head`](StreamReader::head). Unknown fields are kept as by [`read_response`](super::read_response): those of a choice in the metadata
/// of the head, those of a delta in its message, those of a tool call in a [`Part::Extra`](crate::Part::Extra).
///
/// ```
/// use mock_core::{FinishReason, StreamEvent, wire::openai::StreamReader};
///
/// let mut reader = StreamReader::new();
/// let chunk = r#"{"id":"chatcmpl-1","model":"gpt-4o","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#;
///
/// assert_eq!(reader.read(chunk)?, [StreamEvent::Text("Hi".into())]);
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Stop), usage: None };
/// assert_eq!(reader.read("[DONE]")?, [finish]);
/// assert_eq!(reader.head().id, "chatcmpl-1");
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// The index on the wire of each call so far.
    calls: Vec<u64>,
    reason: Option<FinishReason>,
    usage: Option<Usage>,
    field_counts: FieldCounts,
    finished: bool,
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
            calls: Vec::new(),
            reason: None,
            usage: None,
            field_counts: FieldCounts::default(),
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
        if data.trim() == "[DONE]" {
            return Ok(vec![self.finish()]);
        }
        let unreadable = |error: ReadError| error.in_answer(Profile::Openai);
        let chunk = read_borrowed(data.as_bytes()).map_err(unreadable)?;
        if is_error(&chunk) {
            return Err(read_stream_error(data, &chunk.into()));
        }
        self.read_chunk(chunk).map_err(unreadable)
    }

    /// Returns the finish event of a stream that ended without `[DONE]`, if it had a finish reason or a usage.
    ///
    /// ```
    /// use mock_core::{FinishReason, StreamEvent, wire::openai::StreamReader};
    ///
    /// let mut reader = StreamReader::new();
    /// assert_eq!(reader.end(), None);
    /// reader.read(r#"{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#)?;
    /// let finish = StreamEvent::Finish { reason: Some(FinishReason::Length), usage: None };
    /// assert_eq!(reader.end(), Some(finish));
    /// # Ok::<(), mock_core::ProviderError>(())
    /// ```
    pub fn end(&mut self) -> Option<StreamEvent> {
        let has_ending = self.reason.is_some() || self.usage.is_some();
        (has_ending && !self.finished).then(|| self.finish())
    }

    fn finish(&mut self) -> StreamEvent {
        self.finished = true;
        self.field_counts.note_in(&mut self.head);
        StreamEvent::Finish {
            reason: self.reason.take(),
            usage: self.usage.take(),
        }
    }

    fn read_chunk(&mut self, chunk: BorrowedValue<'_>) -> Result<Vec<StreamEvent>, ReadError> {
        let mut fields = Fields::new(chunk, &Path::Body)?;
        for constant in ["object", "created", "obfuscation"] {
            fields.take(constant);
        }
        if let Some(id) = fields.text("id")? {
            self.head.id = id;
        }
        if let Some(model) = fields.text("model")? {
            self.head.model = model;
        }
        let choices = fields.list("choices")?;
        if let Some(usage) = fields.take("usage") {
            self.usage = Some(read_usage(usage, &mut self.head.metadata)?);
        }
        self.field_counts
            .read_chunk(fields.rest_but_nulls(), &mut self.head.metadata);

        let mut events = Vec::new();
        let path = Path::Body.key("choices");
        for (index, choice) in choices.into_iter().enumerate() {
            self.read_choice(choice, &path.index(index), &mut events)?;
        }
        Ok(events)
    }

    fn read_choice(
        &mut self,
        choice: BorrowedValue<'_>,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut choice = Fields::new(choice, path)?;
        let index = choice.count("index")?.unwrap_or_default();
        if index != 0 {
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            self.keep_other(index, choice.rest_but_nulls());
            return Ok(());
        }
        if let Some(reason) = choice.text("finish_reason")? {
            self.reason = Some(read_finish(reason));
        }
        let path = path.key("delta");
        let mut delta = choice.within("delta", &path)?;
        delta.take("role");
        self.keep_choice(choice.rest_but_nulls());
        remove_empty(&mut delta);
        events.extend(read_reasoning(&mut delta)?.map(StreamEvent::Reasoning));
        if let Some(mut content) = delta.take("content") {
            events.extend(take_thinking(&mut content).map(StreamEvent::Reasoning));
            let content = read_content(content, &path.key("content"))?;
            events.extend(content.parts.into_iter().map(|part| match part {
                Part::Text(text) => StreamEvent::Text(text),
                part => StreamEvent::Part(Box::new(part)),
            }));
        }
        events.extend(delta.text("refusal")?.map(StreamEvent::Refusal));
        let path = path.key("tool_calls");
        for (position, call) in delta.list("tool_calls")?.into_iter().enumerate() {
            self.read_call(call, position, &path.index(position), events)?;
        }
        fold_fields(&mut self.head.message.extra, delta.rest());
        Ok(())
    }

    /// Keeps fields of the choice that have no name here.
    fn keep_choice(&mut self, fields: Map<String, Value>) {
        if !fields.is_empty() {
            let choices = self.head.metadata.entry("choices");
            let choices = choices.or_insert_with(|| json!([{}]));
            if let Some(Value::Object(choice)) = choices.get_mut(0) {
                extend(choice, fields);
            }
        }
    }

    /// Keeps the part of a chunk that is of a choice after the first.
    fn keep_other(&mut self, index: usize, chunk: Map<String, Value>) {
        let mut noted = chunk.clone();
        noted.insert("index".into(), index.into());
        self.head.note_chunk(noted.into());
        let choices = self.head.metadata.entry("choices");
        if let Value::Array(choices) = choices.or_insert_with(|| json!([{}])) {
            fold_into(choices, index, chunk);
        }
    }

    /// Reads a piece of a tool call. The first piece has the call's id and name.
    fn read_call(
        &mut self,
        call: BorrowedValue<'_>,
        position: usize,
        path: &Path<'_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let mut call = Fields::new(call, path)?;
        let on_wire = call.count("index")?.unwrap_or(position as u64);
        let function_path = path.key("function");
        let mut function = call.within("function", &function_path)?;
        let known = self.calls.position(&|call| *call == on_wire);
        let index = known.unwrap_or(self.calls.len());
        if known.is_none() {
            let id = call.required_text("id")?;
            let name = function.required_text("name")?;
            self.calls.push(on_wire);
            events.push(StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra: None,
            });
        }
        let start = events.len().checked_sub(1).filter(|_| known.is_none());
        let arguments = function.text("arguments")?;
        let arguments = arguments.filter(|arguments| !arguments.is_empty());
        events.extend(arguments.map(|arguments| StreamEvent::ToolCallDelta { index, arguments }));
        call.take("type");
        call.keep("function", function.rest());
        let extra_fields = call.rest();
        if extra_fields.is_empty() {
            return Ok(());
        }
        match start.and_then(|start| events.get_mut(start)) {
            Some(StreamEvent::ToolCallStart { extra, .. }) => *extra = Some(Box::new(extra_fields)),
            _ => events.push(StreamEvent::Part(Box::new(Part::Extra(extra_fields)))),
        }
        Ok(())
    }
}

/// Removes the empty fields of a delta, such as those of a stream's first chunk.
fn remove_empty(delta: &mut Fields<'_, '_>) {
    for name in [
        "content",
        "reasoning",
        "reasoning_content",
        "refusal",
        "tool_calls",
    ] {
        let is_empty = match delta.peek(name) {
            Some(BorrowedValue::Text(text)) => text.is_empty(),
            Some(BorrowedValue::List(list)) => list.is_empty(),
            _ => false,
        };
        if is_empty {
            delta.take(name);
        }
    }
}

/// Whether a chunk is an error, in one of the forms of compatible servers.
fn is_error(chunk: &BorrowedValue<'_>) -> bool {
    let is_text = |name, text| chunk.get(name).and_then(BorrowedValue::as_text) == Some(text);
    match chunk.get("error") {
        Some(BorrowedValue::Object(_) | BorrowedValue::Text(_)) => true,
        _ => {
            is_text("object", "error")
                || (chunk.get("choices").is_none() && chunk.get("detail").is_some())
        }
    }
}
