//! Writes streamed answers: [`StreamWriter`].

use serde_json::{Map, Value};

use super::call::write_call;
use super::finish_and_usage::write_end;
use super::response::{PLACE, WrittenMessage, extra_fields, head};
use super::{Endpoint, WIRE};
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::chat::response::Response;
use crate::wire::time;
use crate::wire::write::{Json, WriteError, describe, is_whole_object};

const STREAM: &str = "a streamed answer";

/// Writes a streamed answer, event by event, as lines of JSON.
///
/// A tool call is written as soon as its arguments are complete. The finish event is the last line, which is `done` and has the metadata of
/// the head. There is no end mark.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::ollama::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("", "llama3.2"), 0);
/// writer.write(&StreamEvent::Text("Hi".into()))?;
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Stop), usage: Some(Usage::new(11, 1)) };
/// let lines = writer.write(&finish)?;
/// assert!(lines[0].contains(r#""done":true,"done_reason":"stop""#) && lines[0].ends_with("}\n"));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    endpoint: Endpoint,
    head: Response,
    created: u64,
    /// The extra fields of the last line, once the head has been checked.
    extra_fields: Option<Map<String, Value>>,
    /// The call whose arguments are still to come.
    open: Option<(usize, ToolCall)>,
    /// The index of the last call.
    last_call: Option<usize>,
    /// How many calls have been written.
    calls: usize,
    finished: bool,
}

impl StreamWriter {
    /// Returns a writer for a stream of `/api/chat` with the model and the metadata of `head`. `created` is the time in seconds since 1970.
    pub fn new(head: &Response, created: u64) -> Self {
        StreamWriter {
            endpoint: Endpoint::Chat,
            head: head.clone(),
            created,
            extra_fields: None,
            open: None,
            last_call: None,
            calls: 0,
            finished: false,
        }
    }

    /// Writes the lines of `/api/generate` instead.
    ///
    /// ```
    /// use mock_core::{Response, StreamEvent, wire::ollama::StreamWriter};
    ///
    /// let mut writer = StreamWriter::new(&Response::new("", "llama3.2"), 0).generate();
    /// let lines = writer.write(&StreamEvent::Text("Hi".into()))?;
    /// assert!(lines[0].contains(r#""response":"Hi","done":false"#));
    /// # Ok::<(), mock_core::wire::WriteError>(())
    /// ```
    #[must_use]
    pub fn generate(mut self) -> Self {
        self.endpoint = Endpoint::Generate;
        self
    }

    /// Sets the time for the lines that follow.
    pub(crate) fn set_time(&mut self, now: u64) {
        self.created = now;
    }

    /// Returns the lines of an event. Some events need none, such as the beginning of a tool call.
    ///
    /// # Errors
    /// If this wire cannot express the event or the head, if the event comes after the end or continues a tool call that is complete, or if
    /// the arguments of a call are not a JSON object.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WIRE.out_of_order(event, "after the end"));
        }
        self.check_head()?;
        let mut lines = Vec::new();
        if !matches!(event, StreamEvent::ToolCallDelta { .. }) {
            self.end_call(&mut lines)?;
        }
        match event {
            StreamEvent::Text(text) => lines.push(self.text(text)),
            StreamEvent::Reasoning(text) => lines.push(self.thinking(text)),
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => {
                let mut call = ToolCall::new(id.as_str(), name.as_str(), "");
                call.extra = extra.as_deref().cloned().unwrap_or_default();
                self.open = Some((*index, call));
                self.last_call = Some(*index);
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                self.arguments(*index, arguments, event, &mut lines)?;
            }
            StreamEvent::Part(part) => self.part(part, &mut lines)?,
            StreamEvent::Finish { reason, usage } => {
                lines.push(self.finish(reason.as_ref(), *usage)?);
            }
            StreamEvent::ReasoningSignature(_) => {
                return Err(WIRE.no_place("a signature of reasoning", STREAM));
            }
            event => return Err(WIRE.no_place(event.name(), STREAM)),
        }
        Ok(lines)
    }

    fn check_head(&mut self) -> Result<(), WriteError> {
        if self.extra_fields.is_none() {
            self.extra_fields = Some(extra_fields(self.endpoint, &self.head)?);
        }
        Ok(())
    }

    /// Writes a part that is not split. It is joined with an earlier part of its kind, since the wire has one field for all of them.
    fn part(&mut self, part: &Part, lines: &mut Vec<String>) -> Result<(), WriteError> {
        match part {
            Part::Text(text) if text.is_empty() => {}
            Part::Text(text) => lines.push(self.text(text)),
            Part::Reasoning(Reasoning {
                signature: Some(_), ..
            }) => return Err(WIRE.no_place("a signature of reasoning", STREAM)),
            Part::Reasoning(thinking) if thinking.text.is_empty() => {}
            Part::Reasoning(thinking) => lines.push(self.thinking(&thinking.text)),
            Part::ToolCall(call) => lines.push(self.call(call)?),
            part => return Err(WIRE.no_place(&describe(part), STREAM)),
        }
        Ok(())
    }

    fn arguments(
        &mut self,
        index: usize,
        piece: &str,
        event: &StreamEvent,
        lines: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        match &mut self.open {
            Some((open, call)) if *open == index => {
                call.arguments.push_str(piece);
                match is_whole_object(&call.arguments, piece) {
                    true => self.end_call(lines),
                    false => Ok(()),
                }
            }
            // Ignore white space after the end of the arguments.
            _ if self.last_call == Some(index) && piece.trim().is_empty() => Ok(()),
            _ => Err(WIRE.out_of_order(event, "of a tool call that is whole or has not begun")),
        }
    }

    fn end_call(&mut self, lines: &mut Vec<String>) -> Result<(), WriteError> {
        if let Some((_, call)) = self.open.take() {
            lines.push(self.call(&call)?);
        }
        Ok(())
    }

    fn call(&mut self, call: &ToolCall) -> Result<String, WriteError> {
        if self.endpoint == Endpoint::Generate {
            return Err(WIRE.no_place("a tool call", "an answer of /api/generate"));
        }
        let written = write_call(call, Some(self.calls), STREAM)?;
        self.calls += 1;
        let calls = Value::from(vec![written]);
        let line = self.begin(Some("")).raw(",\"tool_calls\":").value(&calls);
        Ok(self.go_on(line))
    }

    fn text(&self, text: &str) -> String {
        self.go_on(self.begin(Some(text)))
    }

    fn thinking(&self, text: &str) -> String {
        let line = self.begin(Some("")).raw(",\"thinking\":").text(text);
        self.go_on(line)
    }

    /// The beginning of a line, with its content.
    fn begin(&self, content: Option<&str>) -> Json {
        let line = Json::new()
            .raw("{\"model\":")
            .text(&self.head.model)
            .raw(",\"created_at\":")
            .text(&time::rfc3339(self.created));
        let line = line.raw(match self.endpoint {
            Endpoint::Chat => ",\"message\":{\"role\":\"assistant\",\"content\":",
            Endpoint::Generate => ",\"response\":",
        });
        line.text(content.unwrap_or_default())
    }

    /// The end of a line that is not the last.
    fn go_on(&self, line: Json) -> String {
        let line = line.raw(match self.endpoint {
            Endpoint::Chat => "},\"done\":false}\n",
            Endpoint::Generate => ",\"done\":false}\n",
        });
        line.into_string()
    }

    fn finish(
        &mut self,
        reason: Option<&FinishReason>,
        usage: Option<Usage>,
    ) -> Result<String, WriteError> {
        let mut body = self.extra_fields.take().unwrap_or_default();
        let end = write_end(reason, usage, &body, STREAM)?;
        self.finished = true;
        if body.is_empty() {
            return Ok(self.plain_finish(&end));
        }
        let mut own = WrittenMessage::default().write(self.endpoint)?;
        own.extend(head(&self.head, self.created));
        own.extend(end);
        WIRE.join(&mut body, own, PLACE)?;
        Ok(format!("{}\n", Value::from(body)))
    }

    /// The last line, in the order in which the provider writes its fields.
    fn plain_finish(&self, end: &Map<String, Value>) -> String {
        const FIELDS: [&str; 9] = [
            "done",
            "done_reason",
            "total_duration",
            "load_duration",
            "prompt_eval_count",
            "prompt_eval_cached_count",
            "prompt_eval_duration",
            "eval_count",
            "eval_duration",
        ];
        let mut line = self.begin(None);
        if self.endpoint == Endpoint::Chat {
            line = line.raw("}");
        }
        for name in FIELDS {
            line = line.when(end.get(name), |line, value| {
                line.raw(",").text(name).raw(":").value(value)
            });
        }
        line.raw("}\n").into_string()
    }
}
