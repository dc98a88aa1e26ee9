//! Writes streamed answers: [`StreamWriter`].

mod item_events;

use serde_json::{Map, Value};

use super::WIRE;
use super::error::{fails_the_answer, write_error_event};
use super::finish_and_usage::Status;
use super::item::{Content, Item, check_no_item};
use super::response_object::{Head, State};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;
use crate::chat::response::{NotedItem, Response};
use crate::wire::write::{Json, WriteError};

const STREAM: &str = "a stream";

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// The frames of an item are its start, the pieces of its parts, and its end. The finish event writes the end of the last item and the
/// whole answer: in `response.completed`, or in `response.incomplete` if the answer is not complete. There is no other end mark. For a
/// stream that breaks off, do not write the finish event.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, wire::openai_responses::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("resp_1", "gpt-4o"), 1_700_000_000);
/// writer.write(&StreamEvent::Text("Hi".into()))?;
///
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Length), usage: None };
/// let frames = writer.write(&finish)?;
/// let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
/// assert_eq!(names, [
///     "event: response.output_text.done",
///     "event: response.content_part.done",
///     "event: response.output_item.done",
///     "event: response.incomplete",
/// ]);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    /// The id of the answer.
    id: String,
    /// The answer, or the reason why it cannot be written.
    head: Box<Result<Head, WriteError>>,
    /// The number of the next event.
    sequence: u64,
    started: bool,
    finished: bool,
    now: u64,
    encrypted_reasoning: bool,
    custom_tools: Vec<String>,
    noted: Vec<NotedItem>,
    /// The extra fields of the item that is still to begin.
    begun: Option<Map<String, Value>>,
    open: Option<Open>,
    /// The items that are done, as JSON with commas between them.
    output: String,
    /// How many items have begun.
    items: usize,
    /// The answer at its end.
    answer: Option<String>,
}

/// The item that is being written.
#[derive(Debug, Clone)]
struct Open {
    item: Item,
    id: String,
    /// The state of the open part; `None` if no part is open.
    said: Option<String>,
    /// The index of the call among the answer's calls.
    call: Option<usize>,
    /// Whether the next part of the reasoning has begun, and nothing of it has been written yet.
    has_empty: bool,
}

impl Open {
    /// The index of the part that is open, or was last.
    fn part(&self) -> usize {
        match &self.item.content {
            Content::Message(content) => content.len().saturating_sub(1),
            Content::Reasoning(thought) => thought.texts.len().saturating_sub(1),
            Content::Call(_) | Content::Other(_) => 0,
        }
    }
}

/// The kinds of pieces.
#[derive(Clone, Copy)]
enum Piece {
    Text,
    Refusal,
}

impl Piece {
    fn field(self) -> &'static str {
        match self {
            Piece::Text => "text",
            Piece::Refusal => "refusal",
        }
    }

    fn begin(self) -> Part {
        match self {
            Piece::Text => Part::Text(String::new()),
            Piece::Refusal => Part::Refusal(String::new()),
        }
    }
}

impl StreamWriter {
    /// Creates a writer for a stream with the id, the model and the metadata of `head`. `created` is its time, in seconds since 1970.
    ///
    /// Metadata that repeat the parameters of a request ([`echo`](super::echo)) are in each event that contains the whole answer.
    pub fn new(head: &Response, created: u64) -> Self {
        StreamWriter {
            id: head.id.clone(),
            head: Box::new(Head::new(head, created)),
            sequence: 0,
            started: false,
            finished: false,
            now: created,
            encrypted_reasoning: true,
            custom_tools: Vec::new(),
            noted: head.noted_items().to_vec(),
            begun: None,
            open: None,
            output: String::new(),
            items: 0,
            answer: None,
        }
    }

    /// Sets whether the stream contains encrypted reasoning, which a request asks for with `include: ["reasoning.encrypted_content"]`. It
    /// does by default.
    #[must_use]
    pub fn encrypted_reasoning(mut self, encrypted_reasoning: bool) -> Self {
        self.encrypted_reasoning = encrypted_reasoning;
        self
    }

    /// Sets the tools whose calls are items of the type `custom_tool_call`: those that the request offers as `custom`. None by default.
    #[must_use]
    pub fn custom_tools(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.custom_tools.extend(names);
        self
    }

    /// Sets the time for everything that is written from now on, in seconds since 1970. At first it is the time of the answer's beginning.
    pub fn set_time(&mut self, now: u64) {
        self.now = now;
    }

    /// Returns the frames before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them by itself. Call this method for a stream that begins before its first event.
    ///
    /// # Errors
    /// If this wire has no place for a field of the head.
    pub fn start(&mut self) -> Result<Vec<String>, WriteError> {
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        Ok(frames)
    }

    /// Returns the frames of an event, after those of the stream's beginning if they have not been written. Some events need no frame.
    ///
    /// # Errors
    /// If this wire has no place for the event, such as an image, or for a field of the head; or if the event comes after the end, or
    /// continues a tool call whose item has ended.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WIRE.out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        match event {
            StreamEvent::Text(text) => self.write_piece(Piece::Text, text, &mut frames)?,
            StreamEvent::Refusal(text) => self.write_piece(Piece::Refusal, text, &mut frames)?,
            StreamEvent::Reasoning(text) => self.think(text, &mut frames)?,
            StreamEvent::ReasoningSignature(seal) => self.seal(Some(seal), &mut frames)?,
            StreamEvent::RedactedReasoning(data) => self.redacted(data, &mut frames)?,
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => self.start_call(*index, id, name, extra.as_deref(), &mut frames)?,
            StreamEvent::ToolCallDelta { index, arguments } => {
                let is_open = |open: &Open| open.call == Some(*index);
                if !self.open.as_ref().is_some_and(is_open) {
                    return Err(
                        WIRE.out_of_order(event, "of a tool call that has ended or not begun")
                    );
                }
                self.input(arguments, &mut frames);
            }
            StreamEvent::Part(part) => self.write_part(part, &mut frames)?,
            StreamEvent::Finish { reason, usage } => {
                self.finish(reason.as_ref(), *usage, &mut frames)?;
            }
        }
        Ok(frames)
    }

    /// Returns the frames of the end mark: none, because the finish event is the last of this wire.
    pub fn end(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// Returns the frames with which an error ends the stream: `response.failed` if the answer has begun and the error is one of the
    /// model's run (rate limit, overload, quota, content filter, context length, server error), and the event `error` otherwise.
    ///
    /// ```
    /// use mock_core::{ErrorKind, ProviderError, Response, wire::openai_responses::StreamWriter};
    ///
    /// let failed = |kind| {
    ///     let mut writer = StreamWriter::new(&Response::new("resp_1", "gpt-4o"), 1_700_000_000);
    ///     writer.start()?;
    ///     writer.fail(&ProviderError::new(kind))
    /// };
    /// assert!(failed(ErrorKind::RateLimit)?[0].starts_with("event: response.failed\n"));
    /// assert!(failed(ErrorKind::Generic)?[0].starts_with("event: error\n"));
    /// # Ok::<(), mock_core::wire::WriteError>(())
    /// ```
    ///
    /// # Errors
    /// If this wire has no place for a field of the head.
    pub fn fail(&mut self, error: &ProviderError) -> Result<Vec<String>, WriteError> {
        self.finished = true;
        if !self.started || !fails_the_answer(error) {
            return Ok(vec![write_error_event(error, self.sequence)]);
        }
        let state = State::failed(error, &self.output);
        let response = self.head()?.write(state)?.into_string();
        let event = "response.failed";
        Ok(vec![
            self.frame(event, &format!(",\"response\":{response}")),
        ])
    }

    /// The id of the answer, and the answer as its end tells it, once that has been written.
    pub(crate) fn take_answer(&mut self) -> Option<(String, String)> {
        let answer = self.answer.take()?;
        Some((self.id.clone(), answer))
    }

    fn head(&self) -> Result<&Head, WriteError> {
        self.head.as_ref().as_ref().map_err(WriteError::clone)
    }

    fn begin(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if self.started {
            return Ok(());
        }
        let state = State {
            status: Status {
                name: "in_progress",
                reason: None,
            },
            completed: None,
            error: None,
            output: "",
            usage: None,
            is_last: false,
        };
        let response = self.head()?.write(state)?.into_string();
        self.started = true;
        let fields = format!(",\"response\":{response}");
        for &event in &["response.created", "response.in_progress"] {
            frames.push(self.frame(event, &fields));
        }
        Ok(())
    }

    /// A frame whose name is also the `type` of its data, with these extra fields.
    fn frame(&mut self, name: &str, fields: &str) -> String {
        let mut number = itoa::Buffer::new();
        let number = number.format(self.sequence);
        self.sequence += 1;
        let parts = [
            "event: ",
            name,
            "\ndata: {\"type\":\"",
            name,
            "\",\"sequence_number\":",
            number,
            fields,
            "}\n\n",
        ];
        parts.concat()
    }

    /// The fields that name the open item, and its part where it has such.
    fn place(&self, part: Option<&str>) -> Json {
        let (id, index) = match &self.open {
            Some(open) => (&*open.id, open.part() as u64),
            None => ("", 0),
        };
        let output = self.items.saturating_sub(1) as u64;
        let json = Json::new()
            .raw(",\"item_id\":")
            .text(id)
            .raw(",\"output_index\":")
            .number(output);
        json.when(part, |json, part| {
            json.raw(",").text(part).raw(":").number(index)
        })
    }

    /// A frame about the open item, or its part.
    fn frame_of_item(
        &mut self,
        name: &str,
        part: Option<&str>,
        add: impl FnOnce(Json) -> Json,
    ) -> String {
        let fields = add(self.place(part)).into_string();
        self.frame(name, &fields)
    }

    fn finish(
        &mut self,
        reason: Option<&FinishReason>,
        usage: Option<Usage>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        check_no_item(self.begun.take(), STREAM)?;
        let status = Status::new(reason);
        self.close(status.for_item(true), frames)?;
        let state = State {
            status,
            completed: status.is_completed().then_some(self.now),
            error: None,
            output: &self.output,
            usage,
            is_last: true,
        };
        let response = self.head()?.write(state)?.into_string();
        frames.push(self.frame(status.event(), &format!(",\"response\":{response}")));
        self.answer = Some(response);
        self.finished = true;
        Ok(())
    }
}
