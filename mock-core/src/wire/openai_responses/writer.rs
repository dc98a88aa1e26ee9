use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::{fails_the_answer, write_error_event, write_failure};
use super::head::{Head, State};
use super::item::{
    Content, Defaults, Item, Thought, add_fields, check_no_item, content_part, in_answer,
    item_fields, thought_part,
};
use super::status::Status;
use super::{WIRE, no_place};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::chat::response::Response;
use crate::wire::write::{Json, WriteError, describe};

const STREAM: &str = "a stream";

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// Each item of the answer has the whole of its life: it is added, its parts come in pieces, and it is done. The finish event writes all
/// that comes at the end: the end of the last item, and the answer as it is then, in `response.completed`, or in
/// `response.incomplete` where the answer is not complete. There is no other mark of the end. A stream that breaks off is one whose
/// finish event is not written.
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
    /// What the answer is, or why it cannot be written.
    head: Box<Result<Head, WriteError>>,
    /// The number of the next event.
    sequence: u64,
    started: bool,
    finished: bool,
    now: u64,
    encrypted_reasoning: bool,
    custom_tools: BTreeSet<String>,
    /// The further fields of the item that is still to begin.
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
    /// What is said of the open part; `None` if no part is open.
    said: Option<String>,
    /// The index of the call among the answer's calls.
    call: Option<usize>,
    /// Whether another part of the reasoning is to begin, of which nothing is said yet.
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
#[derive(Clone, Copy, PartialEq)]
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
    /// A stream with the id, the model and the metadata of `head`; `created` is its time, in seconds since 1970.
    ///
    /// Metadata that repeat the parameters of a request ([`echo`](super::echo)) are in each event that has the whole answer.
    pub fn new(head: &Response, created: u64) -> Self {
        StreamWriter {
            id: head.id.clone(),
            head: Box::new(Head::new(head, created)),
            sequence: 0,
            started: false,
            finished: false,
            now: created,
            encrypted_reasoning: true,
            custom_tools: BTreeSet::new(),
            begun: None,
            open: None,
            output: String::new(),
            items: 0,
            answer: None,
        }
    }

    /// Whether the stream tells encrypted reasoning, as the request asks with `include: ["reasoning.encrypted_content"]`; by default
    /// it does.
    #[must_use]
    pub fn encrypted_reasoning(mut self, encrypted_reasoning: bool) -> Self {
        self.encrypted_reasoning = encrypted_reasoning;
        self
    }

    /// The tools whose calls are items of the type `custom_tool_call`: those that the request offers as such. By default none.
    #[must_use]
    pub fn custom_tools(mut self, names: impl IntoIterator<Item = String>) -> Self {
        self.custom_tools.extend(names);
        self
    }

    /// The time of what is written from now on, in seconds since 1970. At first that is the time of the answer's beginning.
    pub fn set_time(&mut self, now: u64) {
        self.now = now;
    }

    /// The frames that come before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them where they are still to come. This is for a stream that is to begin before its
    /// first event.
    ///
    /// # Errors
    /// If the head has what this wire has no place for.
    pub fn start(&mut self) -> Result<Vec<String>, WriteError> {
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        Ok(frames)
    }

    /// The frames of an event, those of the stream's beginning before them if they are still to come. An event may need none.
    ///
    /// # Errors
    /// If the event has no place on this wire, as an image has none; if it comes after the end, or goes on with a tool call whose
    /// item has ended; and if the head has what this wire has no place for.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        match event {
            StreamEvent::Text(text) => self.say(Piece::Text, text, &mut frames)?,
            StreamEvent::Refusal(text) => self.say(Piece::Refusal, text, &mut frames)?,
            StreamEvent::Reasoning(text) => self.think(text, &mut frames)?,
            StreamEvent::ReasoningSignature(seal) => self.seal(Some(seal), &mut frames)?,
            StreamEvent::RedactedReasoning(data) => self.redacted(data, &mut frames)?,
            StreamEvent::ToolCallStart { index, id, name } => {
                self.start_call(*index, id, name, &mut frames)?;
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                let is_open = |open: &Open| open.call == Some(*index);
                if !self.open.as_ref().is_some_and(is_open) {
                    return Err(out_of_order(
                        event,
                        "of a tool call that has ended or not begun",
                    ));
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

    /// The frames of the end mark: none, as the finish event is the last of this wire.
    pub fn end(&mut self) -> Vec<String> {
        Vec::new()
    }

    /// The frames with which an error ends the stream: `response.failed` where the answer has begun and the error is one of the model's
    /// run (a rate limit, an overload, a quota, a filter, a context that is too long, a failure of the server), else the event `error`.
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
    /// If the head has what this wire has no place for.
    pub fn fail(&mut self, error: &ProviderError) -> Result<Vec<String>, WriteError> {
        self.finished = true;
        if !self.started || !fails_the_answer(error.kind) {
            return Ok(vec![write_error_event(error, self.sequence)]);
        }
        let state = State {
            status: Status {
                name: "failed",
                reason: None,
            },
            completed: None,
            error: Some(write_failure(error)),
            output: &self.output,
            usage: None,
            is_last: true,
        };
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
        for event in ["response.created", "response.in_progress"] {
            frames.push(self.frame(event, &fields));
        }
        Ok(())
    }

    /// A frame whose name is also the `type` of its data, with these further fields.
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
    fn about(&mut self, name: &str, part: Option<&str>, add: impl FnOnce(Json) -> Json) -> String {
        let fields = add(self.place(part)).into_string();
        self.frame(name, &fields)
    }

    /// Begins an item, and ends the one before.
    fn open(
        &mut self,
        content: Content,
        fields: Map<String, Value>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        self.close("completed", frames)?;
        let item = Item::new(content, fields);
        let index = self.items;
        let defaults = Defaults {
            response: &self.id,
            index,
            status: "in_progress",
        };
        let id = item.id(defaults);
        // What it says is still to come.
        let empty = match &item.content {
            Content::Message(_) => Content::Message(Vec::new()),
            Content::Reasoning(_) => Content::Reasoning(Thought::default()),
            Content::Call(call) => Content::Call(ToolCall::new(&*call.id, &*call.name, "")),
            Content::Other(item) => Content::Other(item.clone()),
        };
        let added = Item::new(empty, item.fields.clone()).write(defaults, STREAM)?;
        self.items += 1;
        self.open = Some(Open {
            item,
            id,
            said: None,
            call: None,
            has_empty: false,
        });
        frames.push(self.item_frame("response.output_item.added", &added));
        Ok(())
    }

    fn item_frame(&mut self, name: &str, item: &Value) -> String {
        let output = self.items.saturating_sub(1) as u64;
        let fields = Json::new()
            .raw(",\"output_index\":")
            .number(output)
            .raw(",\"item\":")
            .value(item);
        self.frame(name, &fields.into_string())
    }

    /// Ends the open item, if there is one.
    fn close(&mut self, status: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        self.close_part(frames);
        if let Some(Open { item, .. }) = &self.open
            && let Content::Call(ToolCall { arguments, .. }) = &item.content
        {
            let (event, field) = match item.is_custom() {
                true => ("response.custom_tool_call_input.done", "input"),
                false => ("response.function_call_arguments.done", "arguments"),
            };
            let arguments = arguments.clone();
            let done = |json: Json| json.raw(",").text(field).raw(":").text(&arguments);
            frames.push(self.about(event, None, done));
        }
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let index = self.items.saturating_sub(1);
        let done = open.item.write(
            Defaults {
                response: &self.id,
                index,
                status,
            },
            STREAM,
        )?;
        frames.push(self.item_frame("response.output_item.done", &done));
        if !self.output.is_empty() {
            self.output.push(',');
        }
        self.output.push_str(&done.to_string());
        if open.has_empty {
            self.open(Content::Reasoning(Thought::default()), Map::new(), frames)?;
            self.close(status, frames)?;
        }
        Ok(())
    }

    /// Ends the open part, if there is one.
    fn close_part(&mut self, frames: &mut Vec<String>) {
        let Some(open) = &mut self.open else { return };
        let Some(said) = open.said.take() else { return };
        match &mut open.item.content {
            Content::Message(content) => {
                let Some(part) = content.last_mut() else {
                    return;
                };
                let is_text = part["type"] == "output_text";
                part[if is_text { "text" } else { "refusal" }] = said.as_str().into();
                let part = in_answer(part.clone());
                let event = if is_text {
                    "response.output_text.done"
                } else {
                    "response.refusal.done"
                };
                frames.push(self.about(event, Some("content_index"), |json| {
                    match is_text {
                        true => json
                            .raw(",\"text\":")
                            .text(&said)
                            .raw(",\"logprobs\":")
                            .value(&part["logprobs"]),
                        false => json.raw(",\"refusal\":").text(&said),
                    }
                }));
                frames.push(self.part_frame("response.content_part.done", "content_index", &part));
            }
            Content::Reasoning(thought) => {
                let Some(part) = thought.texts.last_mut() else {
                    return;
                };
                part["text"] = said.as_str().into();
                let part = part.clone();
                let done = |json: Json| json.raw(",\"text\":").text(&said);
                match part["type"] == "summary_text" {
                    true => {
                        let at = "summary_index";
                        frames.push(self.about(
                            "response.reasoning_summary_text.done",
                            Some(at),
                            done,
                        ));
                        frames.push(self.part_frame(
                            "response.reasoning_summary_part.done",
                            at,
                            &part,
                        ));
                    }
                    false => {
                        let at = "content_index";
                        frames.push(self.about("response.reasoning_text.done", Some(at), done));
                        frames.push(self.part_frame("response.content_part.done", at, &part));
                    }
                }
            }
            Content::Call(_) | Content::Other(_) => {}
        }
    }

    fn part_frame(&mut self, name: &str, at: &str, part: &Value) -> String {
        self.about(name, Some(at), |json| json.raw(",\"part\":").value(part))
    }

    /// Says more of a text or a refusal.
    fn say(
        &mut self,
        piece: Piece,
        text: &str,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let goes_on = self.begun.is_none()
            && self
                .open
                .as_ref()
                .is_some_and(|open| match &open.item.content {
                    Content::Message(content) => {
                        let last = content.last().filter(|_| open.said.is_some());
                        last.is_some_and(|last| last.get(piece.field()).is_some())
                    }
                    _ => false,
                });
        if !goes_on {
            self.begin_part(piece, frames)?;
        }
        self.piece_of_part(piece, text, frames);
        Ok(())
    }

    /// Begins a text or a refusal, in the open message if there is one.
    fn begin_part(&mut self, piece: Piece, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let is_message = |open: &Open| matches!(open.item.content, Content::Message(_));
        if self.begun.is_some() || !self.open.as_ref().is_some_and(is_message) {
            let fields = self.begun.take().unwrap_or_default();
            self.open(Content::Message(Vec::new()), fields, frames)?;
        }
        self.close_part(frames);
        let part = content_part(&piece.begin()).unwrap_or_default();
        if let Some(open) = &mut self.open
            && let Content::Message(content) = &mut open.item.content
        {
            content.push(part.clone());
            open.said = Some(String::new());
        }
        frames.push(self.part_frame(
            "response.content_part.added",
            "content_index",
            &in_answer(part),
        ));
        Ok(())
    }

    fn piece_of_part(&mut self, piece: Piece, text: &str, frames: &mut Vec<String>) {
        if let Some(said) = self.open.as_mut().and_then(|open| open.said.as_mut()) {
            said.push_str(text);
        }
        let (event, end) = match piece {
            Piece::Text => ("response.output_text.delta", ",\"logprobs\":[]"),
            Piece::Refusal => ("response.refusal.delta", ""),
        };
        let delta = |json: Json| json.raw(",\"delta\":").text(text).raw(end);
        frames.push(self.about(event, Some("content_index"), delta));
    }

    /// Says more of the reasoning.
    fn think(&mut self, text: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let is_open =
            |open: &Open| matches!(open.item.content, Content::Reasoning(_)) && open.said.is_some();
        if self.begun.is_some() || !self.open.as_ref().is_some_and(is_open) {
            self.begin_thought(frames)?;
            self.begin_thought_part(frames);
        }
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        open.has_empty = false;
        if let Some(said) = &mut open.said {
            said.push_str(text);
        }
        let (event, at) = match open.item.is_raw() {
            true => ("response.reasoning_text.delta", "content_index"),
            false => ("response.reasoning_summary_text.delta", "summary_index"),
        };
        frames.push(self.about(event, Some(at), |json| json.raw(",\"delta\":").text(text)));
        Ok(())
    }

    /// Begins a reasoning, if none is open that can go on.
    fn begin_thought(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let goes_on = |open: &Open| match &open.item.content {
            Content::Reasoning(thought) => !thought.is_sealed,
            _ => false,
        };
        if self.begun.is_some() || !self.open.as_ref().is_some_and(goes_on) {
            let fields = self.begun.take().unwrap_or_default();
            self.open(Content::Reasoning(Thought::default()), fields, frames)?;
        }
        Ok(())
    }

    fn begin_thought_part(&mut self, frames: &mut Vec<String>) {
        self.close_part(frames);
        let Some(open) = &mut self.open else { return };
        let is_raw = open.item.is_raw();
        let part = thought_part("", is_raw);
        if let Content::Reasoning(thought) = &mut open.item.content {
            thought.texts.push(part.clone());
            open.said = Some(String::new());
        }
        frames.push(match is_raw {
            true => self.part_frame("response.content_part.added", "content_index", &part),
            false => self.part_frame(
                "response.reasoning_summary_part.added",
                "summary_index",
                &part,
            ),
        });
    }

    /// Begins a reasoning of which nothing is said yet: a part of the open one if something is said of it later, else one of its own.
    fn begin_empty_thought(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        self.close_empty_thought(frames)?;
        self.begin_thought(frames)?;
        self.close_part(frames);
        if let Some(open) = &mut self.open
            && let Content::Reasoning(thought) = &open.item.content
        {
            open.has_empty = !thought.texts.is_empty();
        }
        Ok(())
    }

    /// Ends the open reasoning if nothing was said of it, or of its last part.
    fn close_empty_thought(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let is_empty = |open: &Open| match &open.item.content {
            Content::Reasoning(thought) => open.has_empty || thought.texts.is_empty(),
            _ => false,
        };
        match self.open.as_ref().is_some_and(is_empty) {
            true => self.close("completed", frames),
            false => Ok(()),
        }
    }

    /// Seals the open reasoning, or one without a text.
    fn seal(&mut self, seal: Option<&str>, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if let Some(open) = self.open.as_mut().filter(|open| open.has_empty) {
            // The part of which nothing is said is the one that is sealed.
            open.has_empty = false;
            self.close("completed", frames)?;
        }
        self.begin_thought(frames)?;
        self.close_part(frames);
        let encrypted = seal.filter(|_| self.encrypted_reasoning);
        if let Some(open) = &mut self.open
            && let Content::Reasoning(thought) = &mut open.item.content
        {
            thought.encrypted = encrypted.map(str::to_owned);
            thought.is_sealed = true;
        }
        Ok(())
    }

    fn redacted(&mut self, data: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let fields = self.begun.take().unwrap_or_default();
        self.open(Content::Reasoning(Thought::default()), fields, frames)?;
        self.seal(Some(data), frames)
    }

    fn start_call(
        &mut self,
        index: usize,
        id: &str,
        name: &str,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let mut fields = self.begun.take().unwrap_or_default();
        if self.custom_tools.contains(name) {
            fields.insert("type".into(), super::item::CUSTOM_CALL.into());
        }
        self.open(Content::Call(ToolCall::new(id, name, "")), fields, frames)?;
        if let Some(open) = &mut self.open {
            open.call = Some(index);
        }
        Ok(())
    }

    /// Says more of the input of the open call.
    fn input(&mut self, input: &str, frames: &mut Vec<String>) {
        let Some(open) = &mut self.open else { return };
        let event = match open.item.is_custom() {
            true => "response.custom_tool_call_input.delta",
            false => "response.function_call_arguments.delta",
        };
        if let Content::Call(call) = &mut open.item.content {
            call.arguments.push_str(input);
        }
        frames.push(self.about(event, None, |json| json.raw(",\"delta\":").text(input)));
    }

    /// Writes a part that does not come in pieces.
    fn write_part(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if let Some(fields) = item_fields(part) {
            return check_no_item(self.begun.replace(fields.clone()), STREAM);
        }
        match part {
            Part::Text(text) | Part::Refusal(text) => {
                let piece = match part {
                    Part::Text(_) => Piece::Text,
                    _ => Piece::Refusal,
                };
                self.begin_part(piece, frames)?;
                if !text.is_empty() {
                    self.piece_of_part(piece, text, frames);
                }
            }
            Part::Reasoning(Reasoning { text, signature }) => {
                self.begin_empty_thought(frames)?;
                if !text.is_empty() {
                    self.think(text, frames)?;
                }
                if let Some(seal) = signature {
                    self.seal(Some(seal), frames)?;
                }
            }
            Part::RedactedReasoning(data) => self.redacted(data, frames)?,
            Part::ToolCall(call) => {
                self.start_call(usize::MAX, &call.id, &call.name, frames)?;
                self.input(&call.arguments, frames);
            }
            Part::Other(Value::Object(item)) => {
                let fields = self.begun.take().unwrap_or_default();
                self.open(Content::Other(item.clone()), fields, frames)?;
            }
            Part::Extra(extra) => self.further(extra, part, frames)?,
            part => return Err(no_place(&describe(part), STREAM)),
        }
        Ok(())
    }

    /// Further fields of what was said last.
    fn further(
        &mut self,
        extra: &Map<String, Value>,
        part: &Part,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        if let Some(open) = self.open.as_mut().filter(|open| open.has_empty) {
            open.has_empty = false;
            self.open(Content::Reasoning(Thought::default()), Map::new(), frames)?;
        }
        let open = self.open.as_mut().filter(|_| self.begun.is_none());
        let open = open.ok_or_else(|| no_place(&describe(part), STREAM))?;
        // A part that is sealed is done.
        if let Content::Reasoning(thought) = &open.item.content
            && thought.is_sealed
            && !thought.texts.is_empty()
        {
            return Err(no_place(&describe(part), STREAM));
        }
        add_fields(&mut open.item, extra, STREAM)?;
        if let Content::Reasoning(thought) = &mut open.item.content {
            // One without a text is all of its item.
            thought.is_sealed |= thought.texts.is_empty();
        }
        if let Content::Message(_) = &open.item.content
            && let Some(annotations) = extra.get("annotations").and_then(Value::as_array)
        {
            for (index, annotation) in annotations.iter().enumerate() {
                let event = "response.output_text.annotation.added";
                frames.push(self.about(event, Some("content_index"), |json| {
                    json.raw(",\"annotation_index\":")
                        .number(index as u64)
                        .raw(",\"annotation\":")
                        .value(annotation)
                }));
            }
        }
        // What follows is a part of its own.
        self.close_part(frames);
        Ok(())
    }

    fn finish(
        &mut self,
        reason: Option<&FinishReason>,
        usage: Option<Usage>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        check_no_item(self.begun.take(), STREAM)?;
        let status = Status::new(reason);
        self.close(status.of_item(true), frames)?;
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

fn out_of_order(event: &StreamEvent, place: &'static str) -> WriteError {
    WriteError::Order {
        wire: WIRE,
        event: event.name(),
        place,
    }
}
