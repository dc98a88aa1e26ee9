//! Writes streamed answers: [`StreamWriter`].

use serde_json::{Map, Value, json};

use super::WIRE;
use super::block::{complete, with_extra};
use super::finish_and_usage::{
    UsageFields, complete_usage, split_extra_fields, write_stop, write_stop_details, write_usage,
};
use super::fold_deltas::{end_input, fold_delta, is_input};
use super::response::extra_fields;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning};
use crate::chat::response::{NotedDelta, NotedItem, Once, Response};
use crate::search::Search;
use crate::wire::write::{
    Json, WriteError, constant, describe, describe_fields, fields, has_type, retain, split, texts,
};

const PLACE: &str = "an answer";
const STREAM: &str = "a stream";

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// The head of the message precedes the first event, and a `ping` follows the beginning of the first block. The finish event writes the end
/// of the last block, and the stop reason with the usage; [`end`](StreamWriter::end) writes `message_stop`. For a stream that breaks off,
/// stop writing before the end. A refusal is sent with the stop reason, in `stop_details`.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::anthropic::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("msg_1", "claude"), 0);
/// writer.write(&StreamEvent::Text("Hi".into()))?;
///
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Stop), usage: Some(Usage::new(11, 1)) };
/// let frames = writer.write(&finish)?;
/// let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
/// assert_eq!(names, ["event: content_block_stop", "event: message_delta"]);
/// assert!(writer.end()[0].starts_with("event: message_stop"));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    head: Response,
    /// Whether the usage has the fields that the provider sends.
    completed: bool,
    started: bool,
    pinged: bool,
    finished: bool,
    open: Option<Block>,
    /// Whether nothing can be added to the open block: its thought has a signature, or its text has citations.
    sealed: bool,
    /// Whether the open call has had arguments; and whether they were `{}`, which is not written.
    argued: bool,
    has_none: bool,
    /// The extra fields of the stop, which are written at the end.
    end: Map<String, Value>,
    /// The extra fields of the event of the stop.
    beside_end: Map<String, Value>,
    /// The extra fields of the usage.
    usage: Map<String, Value>,
    /// How many blocks have begun.
    blocks: usize,
    /// How many pieces of text the last one has had.
    pieces: usize,
    refusal: Option<String>,
    /// Whether the last part was a refusal.
    last_is_refusal: bool,
}

/// The block that is being written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Block {
    Text,
    Thinking,
    /// A call, by its index among the answer's calls.
    Tool(usize),
}

impl StreamWriter {
    /// Creates a writer for a stream with the id, the model and the metadata of `head`, and the extra fields of its message. The usage of
    /// `head` is sent at the beginning: the tokens of the request, and those of the answer so far; zeros if there is none. This wire has no
    /// time of creation.
    pub fn new(head: &Response, _created: u64) -> Self {
        StreamWriter {
            head: head.clone(),
            completed: false,
            started: false,
            pinged: false,
            finished: false,
            open: None,
            sealed: false,
            argued: false,
            has_none: false,
            end: Map::new(),
            beside_end: Map::new(),
            usage: Map::new(),
            blocks: 0,
            pieces: 0,
            refusal: None,
            last_is_refusal: false,
        }
    }

    /// Writes the fields of the usage that the provider sends, and a [`Usage`] does not have.
    pub(crate) fn completed(mut self) -> Self {
        self.completed = true;
        self
    }

    /// Returns the frames before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them by itself. Call this method for a stream that begins before its first event.
    ///
    /// # Errors
    /// If this wire has no place for a field of the head, or if its usage has more cached tokens than tokens.
    pub fn start(&mut self) -> Result<Vec<String>, WriteError> {
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        Ok(frames)
    }

    /// Returns the frames of an event, after those of the stream's beginning if they have not been written. Some events need no frame, such
    /// as a refusal.
    ///
    /// # Errors
    /// If this wire has no place for the event, such as an image, or for a field of the head; or if the event comes after the end, or
    /// continues a tool call whose block has ended.
    ///
    /// A block begins with its first event, which needs all of its fields: a [`StreamReader`](super::StreamReader) notes them in its head.
    /// The only later fields ([`Part::Extra`]) with a place are the `citations` of a text.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WIRE.out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        match event {
            StreamEvent::Text(text) => {
                self.say(&mut frames);
                self.text_piece(text, &mut frames);
            }
            StreamEvent::Reasoning(text) => {
                self.think(&mut frames);
                self.delta(THINKING, text, &mut frames);
            }
            StreamEvent::ReasoningSignature(seal) => {
                self.think(&mut frames);
                self.seal(seal, &mut frames);
            }
            StreamEvent::RedactedReasoning(data) => self.redacted(data, &mut frames),
            StreamEvent::Refusal(text) => self.write_refusal(text),
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => self.start_call(*index, id, name, extra.as_deref(), &mut frames)?,
            StreamEvent::Part(part) => self.write_part(part, &mut frames)?,
            StreamEvent::ToolCallDelta { index, arguments } => {
                if self.open != Some(Block::Tool(*index)) {
                    return Err(
                        WIRE.out_of_order(event, "of a tool call that has ended or not begun")
                    );
                }
                self.arguments(arguments, &mut frames);
            }
            StreamEvent::Finish { reason, usage } => {
                self.finish(reason.as_ref(), *usage, &mut frames)?;
            }
        }
        Ok(frames)
    }

    fn begin(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if self.started {
            return Ok(());
        }
        let mut message = extra_fields(&self.head)?;
        for &key in &["stop_reason", "stop_sequence", "stop_details", "container"] {
            self.end.extend(message.remove_entry(key));
        }
        let is_at_end = |name: &str| self.head.once(name) == Some(Once::AtEnd);
        let (at_end, mut message) = split(message, &is_at_end);
        self.beside_end.extend(at_end);
        if let Some(Value::Object(usage)) = message.get_mut("usage") {
            let (begin, end) = split_extra_fields(std::mem::take(usage));
            (*usage, self.usage) = (begin, end);
        }
        let own = json!({
            "id": self.head.id, "type": "message", "role": "assistant", "model": self.head.model,
            "content": [], "stop_reason": null, "stop_sequence": null, "stop_details": null,
            "container": null, "usage": write_usage(self.head.usage, UsageFields::Message)?,
        });
        WIRE.join(&mut message, fields(own), PLACE)?;
        let mut message = Value::from(message);
        if self.completed {
            complete_usage(&mut message["usage"]);
        }
        let start = begin_frame("message_start").raw(",\"message\":");
        frames.push(end_frame(start.value(&message)));
        self.started = true;
        Ok(())
    }

    /// Writes a part that does not come in pieces.
    fn write_part(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        match part {
            Part::Text(text) => {
                self.stop_block(frames);
                self.say(frames);
                if !text.is_empty() {
                    self.text_piece(text, frames);
                }
            }
            Part::Reasoning(Reasoning { text, signature }) => {
                self.stop_block(frames);
                self.think(frames);
                if !text.is_empty() {
                    self.delta(THINKING, text, frames);
                }
                if let Some(seal) = signature {
                    self.seal(seal, frames);
                }
            }
            Part::RedactedReasoning(data) => self.redacted(data, frames),
            Part::Refusal(text) => self.write_refusal(text),
            Part::ToolCall(call) => {
                self.start_call(usize::MAX, &call.id, &call.name, Some(&call.extra), frames)?;
                self.arguments(&call.arguments, frames);
                self.stop_block(frames);
            }
            Part::Other(block) if has_type(block) => self.other(block, frames),
            Part::Extra(extra) => self.extra_fields(extra, frames)?,
            Part::Image(_) | Part::ToolResult(_) | Part::Other(_) => {
                return Err(WIRE.no_place(&describe(part), STREAM));
            }
        }
        Ok(())
    }

    fn redacted(&mut self, data: &str, frames: &mut Vec<String>) {
        self.stop_block(frames);
        let block = texts(&[("type", "redacted_thinking"), ("data", data)]);
        self.start_block(block, frames);
        self.end_block(frames);
    }

    /// Keeps a refusal for the end of the answer. A text after it is a part of its own.
    fn write_refusal(&mut self, text: &str) {
        self.sealed = true;
        self.last_is_refusal = true;
        self.refusal.get_or_insert_default().push_str(text);
    }

    fn start_call(
        &mut self,
        index: usize,
        id: &str,
        name: &str,
        extra: Option<&Map<String, Value>>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let mut block = json!({ "type": "tool_use", "id": id, "name": name, "input": {} });
        if let Some(extra) = extra {
            block = with_extra(block, extra, STREAM)?;
        }
        self.stop_block(frames);
        self.go_on(Block::Tool(index), || block, frames);
        // The provider begins with an empty piece.
        self.delta(INPUT, "", frames);
        Ok(())
    }

    fn arguments(&mut self, arguments: &str, frames: &mut Vec<String>) {
        // For a call without arguments, the provider writes no further piece.
        if !std::mem::replace(&mut self.argued, true) && arguments == "{}" {
            self.has_none = true;
            return;
        }
        if std::mem::take(&mut self.has_none) {
            self.delta(INPUT, "{}", frames);
        }
        self.delta(INPUT, arguments, frames);
    }

    /// Writes a block that only this provider has. The input of a tool that the provider runs is streamed as that of any other tool.
    fn other(&mut self, block: &Value, frames: &mut Vec<String>) {
        let (mut begun, deltas) = match self.noted_block(block) {
            Some(noted) => noted,
            None => split_input(block),
        };
        self.stop_block(frames);
        self.start_block(begun.take(), frames);
        for delta in &deltas {
            self.noted_delta(delta, frames);
        }
        self.end_block(frames);
    }

    /// The beginning of the next block and its deltas, if those that are noted make up this block.
    fn noted_block(&self, block: &Value) -> Option<(Value, Vec<Value>)> {
        let begun = self.noted(self.blocks)?;
        let deltas = self.noted_deltas(self.blocks);
        let deltas: Vec<_> = deltas.map(|noted| noted.delta.clone()).collect();
        let mut whole = begun.clone();
        for delta in &deltas {
            fold_delta(&mut whole, delta);
        }
        if deltas.any(&is_input) {
            end_input(&mut whole);
        }
        (Some(&whole) == block.as_object()).then(|| (begun.clone().into(), deltas))
    }

    /// Extra fields of the open block.
    fn extra_fields(
        &mut self,
        extra: &Map<String, Value>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let mut others = extra.clone();
        let citations = match (self.open, others.get("citations")) {
            (Some(Block::Text), Some(Value::Array(_) | Value::Null)) if !self.last_is_refusal => {
                others.remove("citations")
            }
            _ => None,
        };
        let mut written = Map::new();
        if let Some(last) = self.blocks.checked_sub(1) {
            written = self.noted(last).cloned().unwrap_or_default();
            for noted in self.noted_deltas(last) {
                if noted.after <= self.pieces {
                    fold_delta(&mut written, &noted.delta);
                }
            }
        }
        retain(&mut others, &mut |name, value| {
            written.get(name) != Some(value)
        });
        if !others.is_empty() {
            return Err(WIRE.no_place(&describe_fields(&others), STREAM));
        }
        if let Some(Value::Array(citations)) = &citations {
            let written = written.get("citations").and_then(Value::as_array);
            let written = written.map(Vec::as_slice).unwrap_or_default();
            let more = citations.strip_prefix(written).unwrap_or(citations);
            for citation in more {
                let delta = self.begin_delta(CITATION).value(citation);
                frames.push(end_frame(delta.raw("}")));
            }
        }
        // A text after these fields is a part of its own.
        self.sealed = true;
        Ok(())
    }

    /// Goes on with the open block, if it is this one, or else begins it.
    fn go_on(&mut self, block: Block, begun: impl FnOnce() -> Value, frames: &mut Vec<String>) {
        if self.open != Some(block) || self.sealed {
            self.stop_block(frames);
            self.start_block(begun(), frames);
            self.open = Some(block);
        }
    }

    fn say(&mut self, frames: &mut Vec<String>) {
        let begun = || constant(r#"{"type": "text", "text": ""}"#);
        self.go_on(Block::Text, begun, frames);
    }

    fn text_piece(&mut self, text: &str, frames: &mut Vec<String>) {
        self.delta(TEXT, text, frames);
        self.pieces += 1;
        self.deltas_after_piece(frames);
    }

    /// Writes the deltas that are noted for the place after the last piece of text.
    fn deltas_after_piece(&self, frames: &mut Vec<String>) {
        let Some(last) = self.blocks.checked_sub(1) else {
            return;
        };
        for noted in self.noted_deltas(last) {
            if noted.after == self.pieces {
                self.noted_delta(&noted.delta, frames);
            }
        }
    }

    fn noted_delta(&self, delta: &Value, frames: &mut Vec<String>) {
        let frame = self.begin_frame_of_block("content_block_delta");
        frames.push(end_frame(frame.raw(",\"delta\":").value(delta)));
    }

    /// The deltas that are noted for a block.
    fn noted_deltas(&self, position: usize) -> impl Iterator<Item = &NotedDelta> {
        let noted = self.head.noted_deltas().iter();
        noted.filter(move |noted| noted.block == position)
    }

    fn think(&mut self, frames: &mut Vec<String>) {
        let begun = || constant(r#"{"type": "thinking", "thinking": "", "signature": ""}"#);
        self.go_on(Block::Thinking, begun, frames);
    }

    fn seal(&mut self, seal: &str, frames: &mut Vec<String>) {
        self.delta(SIGNATURE, seal, frames);
        self.sealed = true;
    }

    fn start_block(&mut self, block: Value, frames: &mut Vec<String>) {
        self.sealed = false;
        self.argued = false;
        self.has_none = false;
        self.last_is_refusal = false;
        let mut block = complete(block);
        if let (Some(noted), Some(block)) = (self.noted(self.blocks), block.as_object_mut()) {
            for (name, value) in noted {
                block.entry(name).or_insert_with(|| value.clone());
            }
        }
        self.blocks += 1;
        self.pieces = 0;
        let is_text = block["type"] == "text";
        let start = self.begin_frame_of_block("content_block_start");
        frames.push(end_frame(start.raw(",\"content_block\":").value(&block)));
        if !std::mem::replace(&mut self.pinged, true) {
            frames.push(end_frame(begin_frame("ping")));
        }
        if is_text {
            self.deltas_after_piece(frames);
        }
    }

    /// The extra fields that are noted for a block, so that it begins with them.
    fn noted(&self, position: usize) -> Option<&Map<String, Value>> {
        let mut noted = self.head.noted_items().iter();
        let is_of_block = |item: &&NotedItem| item.id.parse() == Ok(position);
        noted.find(is_of_block).map(|item| &item.fields)
    }

    /// A frame about the block that began last, up to its index.
    fn begin_frame_of_block(&self, name: &str) -> Json {
        let index = self.blocks.saturating_sub(1) as u64;
        begin_frame(name).raw(",\"index\":").number(index)
    }

    /// The frame of a delta, up to its value.
    fn begin_delta(&self, (kind, field): Delta) -> Json {
        self.begin_frame_of_block("content_block_delta")
            .raw(",\"delta\":{\"type\":\"")
            .raw(kind)
            .raw("\",\"")
            .raw(field)
            .raw("\":")
    }

    fn delta(&self, delta: Delta, text: &str, frames: &mut Vec<String>) {
        frames.push(end_frame(self.begin_delta(delta).text(text).raw("}")));
    }

    fn stop_block(&mut self, frames: &mut Vec<String>) {
        if self.open.take().is_some() {
            self.end_block(frames);
        }
    }

    fn end_block(&self, frames: &mut Vec<String>) {
        frames.push(end_frame(self.begin_frame_of_block("content_block_stop")));
    }

    fn finish(
        &mut self,
        reason: Option<&FinishReason>,
        usage: Option<Usage>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let mut own = fields(json!({
            "stop_reason": reason.map(|reason| write_stop(reason, self.refusal.is_some())),
            "stop_sequence": null, "stop_details": null, "container": null,
        }));
        if let Some(details) = write_stop_details(self.refusal.as_deref()) {
            own.insert("stop_details".to_owned(), details);
        }
        let mut delta = std::mem::take(&mut self.end);
        WIRE.join(&mut delta, own, PLACE)?;
        let mut usage = fields(write_usage(usage, UsageFields::Delta)?);
        WIRE.join_at(&mut usage, std::mem::take(&mut self.usage), "usage.", PLACE)?;
        self.stop_block(frames);
        let mut payload = std::mem::take(&mut self.beside_end);
        payload.insert("delta".to_owned(), delta.into());
        payload.insert("usage".to_owned(), usage.into());
        let end = payload
            .iter()
            .fold(begin_frame("message_delta"), |json, (name, value)| {
                json.raw(",").text(name).raw(":").value(value)
            });
        frames.push(end_frame(end));
        self.finished = true;
        Ok(())
    }

    /// Returns the frames of the end mark, which follow those of the finish event.
    pub fn end(&mut self) -> Vec<String> {
        vec![end_frame(begin_frame("message_stop"))]
    }
}

/// The beginning of a block and its deltas: the input of a tool comes in pieces.
fn split_input(block: &Value) -> (Value, Vec<Value>) {
    let mut begun = block.clone();
    let is_tool = block["type"]
        .as_str()
        .is_some_and(|kind| kind.ends_with("tool_use"));
    let mut deltas = Vec::new();
    if let Some(input @ Value::Object(_)) = begun.get_mut("input")
        && is_tool
    {
        let input = std::mem::replace(input, json!({}));
        if input != json!({}) {
            for piece in ["", &input.to_string()] {
                deltas.push(texts(&[("type", INPUT.0), (INPUT.1, piece)]));
            }
        }
    }
    (begun, deltas)
}

/// The kind of a delta, and the field that holds its value.
type Delta = (&'static str, &'static str);

const TEXT: Delta = ("text_delta", "text");
const THINKING: Delta = ("thinking_delta", "thinking");
const SIGNATURE: Delta = ("signature_delta", "signature");
const INPUT: Delta = ("input_json_delta", "partial_json");
const CITATION: Delta = ("citations_delta", "citation");

/// A frame whose name is also the `type` of its data, up to that.
fn begin_frame(name: &str) -> Json {
    Json::new()
        .raw("event: ")
        .raw(name)
        .raw("\ndata: {\"type\":\"")
        .raw(name)
        .raw("\"")
}

fn end_frame(frame: Json) -> String {
    frame.raw("}\n\n").into_string()
}
