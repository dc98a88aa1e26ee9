//! Writes streamed answers: [`StreamWriter`].

use serde_json::{Map, Value, json};

use super::WIRE;
use super::error::write_stream_error;
use super::finish_and_usage::complete;
use super::response::{write_end, write_response_bytes};
use super::write_step::{check_begun, item_fields, with, write_step};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Part, Reasoning, ToolCall, begins_an_item};
use crate::chat::response::Response;
use crate::wire::write::{Json, WriteError, describe_fields, fields};

const STREAM: &str = "a stream";

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// The frames of a step are its start, its pieces, and its stop. The finish event writes the stop of the last step and
/// `interaction.completed`, and [`end`](StreamWriter::end) writes the end mark. Each event has an `event_id`.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, wire::gemini_interactions::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("v1_1", "gemini-3-flash"), 1_700_000_000);
/// writer.write(&StreamEvent::Text("Hi".into()))?;
///
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Stop), usage: None };
/// let mut frames = writer.write(&finish)?;
/// frames.extend(writer.end());
/// let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
/// assert_eq!(names, ["event: step.stop", "event: interaction.completed", "event: done"]);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    /// Whether the end has the fields that the provider sends with each answer.
    completed: bool,
    /// The frames written so far.
    said: Box<Response>,
    created: u64,
    now: u64,
    /// The number of the last event.
    events: u64,
    started: bool,
    finished: bool,
    /// How many steps have begun.
    steps: u64,
    open: Option<Open>,
    /// The extra fields of the step that is still to begin.
    begun: Option<Map<String, Value>>,
    /// The answer at its end.
    answer: Option<String>,
}

/// The step that is being written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Open {
    /// A `model_output` step, with the kind of its last content.
    Output(Last),
    Thought {
        /// Whether it has a signature or extra fields. Reasoning after it begins another step.
        is_closed: bool,
    },
    /// The call with this index.
    Call(usize),
    /// A step that is whole.
    Whole,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Last {
    /// None yet.
    None,
    /// A text to which more can be added.
    Text,
    /// A text with extra fields.
    WholeText,
    Other,
}

impl StreamWriter {
    /// Creates a writer for a stream with the id, the model and the metadata of `head`. `created` is its time, in seconds since 1970.
    pub fn new(head: &Response, created: u64) -> Self {
        let mut beginning = head.clone();
        beginning.message.parts.clear();
        StreamWriter {
            said: Box::new(beginning),
            completed: false,
            created,
            now: created,
            events: 0,
            started: false,
            finished: false,
            steps: 0,
            open: None,
            begun: None,
            answer: None,
        }
    }

    /// Writes the fields at the end that the provider sends with each answer.
    pub(crate) fn completed(mut self) -> Self {
        self.completed = true;
        self
    }

    /// Sets the time for everything that is written from now on, in seconds since 1970. At first it is the time of the answer's beginning.
    pub fn set_time(&mut self, now: u64) {
        self.now = now;
    }

    /// Returns the frames before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them by itself. Call this method for a stream that begins before its first event.
    pub fn start(&mut self) -> Vec<String> {
        let mut frames = Vec::new();
        self.begin(&mut frames);
        frames
    }

    /// Returns the frames of an event, after those of the stream's beginning if they have not been written. Some events need no frame.
    ///
    /// # Errors
    /// If this wire has no place for the event, such as a refusal, or for a field of the head; or if the event comes after the end, or
    /// continues a tool call whose step has ended.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WIRE.out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        self.begin(&mut frames);
        match event {
            StreamEvent::Text(text) => self.write_text(text, &mut frames)?,
            StreamEvent::Reasoning(text) => self.think(text, &mut frames)?,
            StreamEvent::ReasoningSignature(seal) => self.sign(seal, &mut frames)?,
            StreamEvent::RedactedReasoning(_) => {
                return Err(WIRE.no_place("redacted reasoning", STREAM));
            }
            StreamEvent::Refusal(_) => return Err(WIRE.no_place("a refusal", STREAM)),
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => {
                let mut call = ToolCall::new(id.as_str(), name.as_str(), "");
                call.extra = extra.as_deref().cloned().unwrap_or_default();
                self.call(*index, &call, &mut frames)?;
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                if self.open != Some(Open::Call(*index)) {
                    let place = "of a tool call that has ended or not begun";
                    return Err(WIRE.out_of_order(event, place));
                }
                self.arguments(arguments, &mut frames);
            }
            StreamEvent::Part(part) => self.part(part, &mut frames)?,
            StreamEvent::Finish { .. } => {
                check_begun(self.begun.take(), STREAM)?;
                self.stop(&mut frames);
            }
        }
        self.said.push(event.clone());
        if matches!(event, StreamEvent::Finish { .. }) {
            self.finish(&mut frames)?;
        }
        Ok(frames)
    }

    /// Returns the frame of the end mark.
    pub fn end(&mut self) -> Vec<String> {
        self.finished = true;
        vec!["event: done\ndata: [DONE]\n\n".to_owned()]
    }

    /// Returns the frame of an error that ends the stream.
    pub fn fail(&mut self, error: &ProviderError) -> String {
        self.finished = true;
        write_stream_error(error)
    }

    /// The id and the body of the whole answer, once its end has been written; `None` if the arguments of a call are not JSON.
    pub(crate) fn take_answer(&mut self) -> Option<(String, String)> {
        let answer = self.answer.take()?;
        Some((self.said.id.clone(), answer))
    }

    fn begin(&mut self, frames: &mut Vec<String>) {
        if self.started {
            return;
        }
        self.started = true;
        let interaction = json!({
            "id": self.said.id, "model": self.said.model, "object": "interaction",
            "status": "in_progress",
        });
        let created = Json::new().raw(",\"interaction\":").value(&interaction);
        frames.push(self.frame("interaction.created", created));
        let update = Json::new()
            .raw(",\"interaction_id\":")
            .text(&self.said.id)
            .raw(",\"status\":\"in_progress\"");
        frames.push(self.frame("interaction.status_update", update));
    }

    /// A frame whose name is also the `event_type` of its data, with these extra fields.
    fn frame(&mut self, name: &str, extra_fields: Json) -> String {
        self.events += 1;
        let mut number = itoa::Buffer::new();
        let parts = [
            "event: ",
            name,
            "\ndata: {\"event_type\":\"",
            name,
            "\"",
            extra_fields.as_str(),
            ",\"event_id\":\"",
            number.format(self.events),
            "\"}\n\n",
        ];
        parts.concat()
    }

    fn index(&self) -> Json {
        let index = self.steps.saturating_sub(1);
        Json::new().raw(",\"index\":").number(index)
    }

    /// A piece of the open step.
    fn delta(&mut self, delta: Json, frames: &mut Vec<String>) {
        let extra_fields = self.index().raw(",\"delta\":").raw(delta.as_str());
        frames.push(self.frame("step.delta", extra_fields));
    }

    /// Ends the open step and begins another.
    fn start_step(
        &mut self,
        step: Map<String, Value>,
        open: Open,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        self.stop(frames);
        let step = with(step, self.begun.take(), STREAM)?;
        self.steps += 1;
        let extra_fields = self.index().raw(",\"step\":").value(&step.into());
        frames.push(self.frame("step.start", extra_fields));
        self.open = Some(open);
        Ok(())
    }

    fn stop(&mut self, frames: &mut Vec<String>) {
        if self.open.take().is_some() {
            let index = self.index();
            frames.push(self.frame("step.stop", index));
        }
    }

    /// Puts a content into a step of output that may hold it.
    fn output(&mut self, is_text: bool, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let holds = match self.open {
            Some(Open::Output(Last::Text | Last::WholeText)) => !is_text,
            Some(Open::Output(Last::None | Last::Other)) => true,
            _ => false,
        };
        if !holds || self.begun.is_some() {
            let step = fields(json!({ "type": "model_output" }));
            self.start_step(step, Open::Output(Last::None), frames)?;
        }
        Ok(())
    }

    fn write_text(&mut self, text: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if self.open != Some(Open::Output(Last::Text)) || self.begun.is_some() {
            self.output(true, frames)?;
            self.open = Some(Open::Output(Last::Text));
        }
        let delta = Json::new().raw("{\"type\":\"text\",\"text\":").text(text);
        self.delta(delta.raw("}"), frames);
        Ok(())
    }

    fn think(&mut self, text: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        self.thought(frames)?;
        if !text.is_empty() {
            let delta = Json::new()
                .raw("{\"type\":\"thought_summary\",\"content\":{\"type\":\"text\",\"text\":")
                .text(text);
            self.delta(delta.raw("}}"), frames);
        }
        Ok(())
    }

    /// Begins a thought, unless the open step is one to which more can be added.
    fn thought(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let goes_on = self.open == Some(Open::Thought { is_closed: false });
        if !goes_on || self.begun.is_some() {
            let step = fields(json!({ "type": "thought" }));
            self.start_step(step, Open::Thought { is_closed: false }, frames)?;
        }
        Ok(())
    }

    fn sign(&mut self, seal: &str, frames: &mut Vec<String>) -> Result<(), WriteError> {
        self.thought(frames)?;
        let delta = Json::new()
            .raw("{\"type\":\"thought_signature\",\"signature\":")
            .text(seal);
        self.delta(delta.raw("}"), frames);
        self.open = Some(Open::Thought { is_closed: true });
        Ok(())
    }

    fn call(
        &mut self,
        index: usize,
        call: &ToolCall,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let begins = ToolCall::new(call.id.as_str(), call.name.as_str(), "");
        let step = write_step(&Part::ToolCall(begins), STREAM)?;
        let step = with(step, Some(call.extra.clone()), STREAM)?;
        self.start_step(step, Open::Call(index), frames)?;
        if !call.arguments.is_empty() {
            self.arguments(&call.arguments, frames);
        }
        Ok(())
    }

    fn arguments(&mut self, piece: &str, frames: &mut Vec<String>) {
        let delta = Json::new()
            .raw("{\"type\":\"arguments_delta\",\"arguments\":")
            .text(piece);
        self.delta(delta.raw("}"), frames);
    }

    /// Writes a part that comes whole.
    fn part(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        match part {
            Part::Extra(extra) if begins_an_item(extra) => {
                check_begun(self.begun.take(), STREAM)?;
                self.begun = item_fields(extra);
            }
            Part::Extra(extra) => self.extra(extra, frames)?,
            Part::Text(text) => {
                if self.open == Some(Open::Output(Last::Text)) {
                    self.open = Some(Open::Output(Last::WholeText));
                }
                self.write_text(text, frames)?;
            }
            Part::Reasoning(Reasoning { text, signature }) => {
                if self.open == Some(Open::Thought { is_closed: false }) {
                    self.open = Some(Open::Thought { is_closed: true });
                }
                self.think(text, frames)?;
                if let Some(seal) = signature {
                    self.sign(seal, frames)?;
                }
            }
            Part::ToolCall(call) => {
                let index = self.said.tool_calls().count();
                self.call(index, call, frames)?;
            }
            part => self.other(part, frames)?,
        }
        Ok(())
    }

    fn other(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let mut step = write_step(part, STREAM)?;
        match step.get_mut("content").and_then(Value::as_array_mut) {
            Some(content) if step_is_output(part) => {
                let content = content.pop().unwrap_or_default();
                self.output(false, frames)?;
                self.open = Some(Open::Output(Last::Other));
                self.delta(Json::new().value(&content), frames);
            }
            _ => self.start_step(step, Open::Whole, frames)?,
        }
        Ok(())
    }

    /// Writes the extra fields of the open text or thought, as an empty delta.
    fn extra(
        &mut self,
        extra: &Map<String, Value>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let empty = fields(json!({ "type": "text", "text": "" }));
        match self.open {
            Some(Open::Output(Last::Text)) if self.begun.is_none() => {
                let delta = with(empty, Some(extra.clone()), STREAM)?;
                self.open = Some(Open::Output(Last::WholeText));
                self.delta(Json::new().value(&delta.into()), frames);
            }
            Some(Open::Thought { .. }) if self.begun.is_none() => {
                let content = with(empty, Some(extra.clone()), STREAM)?;
                let delta = json!({ "type": "thought_summary", "content": content });
                self.open = Some(Open::Thought { is_closed: true });
                self.delta(Json::new().value(&delta), frames);
            }
            _ => return Err(WIRE.no_place(&describe_fields(extra), STREAM)),
        }
        Ok(())
    }

    fn finish(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let mut end = write_end(&self.said, self.created, self.now, None)?;
        if self.completed {
            complete(&mut end);
        }
        let extra_fields = Json::new().raw(",\"interaction\":").value(&end.into());
        frames.push(self.frame("interaction.completed", extra_fields));
        self.finished = true;
        let answer = write_response_bytes(&self.said, self.created, self.now, self.completed).ok();
        self.answer = answer.and_then(|answer| String::from_utf8(answer).ok());
        Ok(())
    }
}

/// Whether a part is a content of a `model_output` step, and not a step itself.
fn step_is_output(part: &Part) -> bool {
    match part {
        Part::Other(other) => other["type"]
            .as_str()
            .is_some_and(super::content::is_content),
        _ => true,
    }
}
