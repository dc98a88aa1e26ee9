//! Writes streamed answers: [`StreamWriter`].

use serde_json::{Map, Value, json};

use super::error::{write_array_error, write_stream_error};
use super::finish_and_usage::{USAGE, complete_usage, write_finish, write_usage};
use super::part::{with_extra, write_part};
use super::response::ExtraFields;
use super::{WIRE, frame};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Part, Reasoning, ToolCall};
use crate::chat::response::Response;
use crate::wire::write::{WriteError, describe, describe_fields, fields, is_whole_object};

const STREAM: &str = "a streamed answer";

/// Writes a streamed answer as server-sent events, or as the pieces of one JSON array.
///
/// Each frame holds one part. A tool call comes whole, as soon as its arguments are. The last frame has the finish reason and the usage; there is no
/// end mark, except that of an array.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::gemini::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("r1", "gemini-2.5-flash"), 0);
/// writer.write(&StreamEvent::Text("Hi".into()))?;
/// let finish = StreamEvent::Finish { reason: Some(FinishReason::Stop), usage: Some(Usage::new(11, 1)) };
/// let frames = writer.write(&finish)?;
/// assert!(frames[0].contains(r#""finishReason":"STOP""#) && frames[0].contains(r#""totalTokenCount":12"#));
/// assert!(writer.end().is_empty());
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    head: Response,
    extra_fields: Option<ExtraFields>,
    pub(crate) is_array: bool,
    /// Whether each frame has the usage so far, with the fields that the provider sends.
    completed: bool,
    /// How many frames have been written.
    frames: usize,
    /// The call whose arguments are still to come.
    open: Option<(usize, ToolCall)>,
    /// The index of the last call.
    last_call: Option<usize>,
    /// The kind of the last part, where more of it may come.
    last: Option<Kind>,
    /// Whether the last part was a refusal. A text after it begins another part.
    last_is_refusal: bool,
    /// Whether anything has been written.
    has_said: bool,
    refusal: Option<String>,
    finished: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Thought,
    /// A thought with its signature: more of it is another thought.
    Signed,
}

impl StreamWriter {
    /// A stream with the id, the model and the metadata of `head`, and with the extra fields of its message. No time of creation is on this
    /// wire.
    pub fn new(head: &Response, _created: u64) -> Self {
        StreamWriter {
            head: head.clone(),
            extra_fields: None,
            is_array: false,
            completed: false,
            frames: 0,
            open: None,
            last_call: None,
            last: None,
            last_is_refusal: false,
            has_said: false,
            refusal: None,
            finished: false,
        }
    }

    /// Writes the pieces of one JSON array instead of server-sent events, as for a request without `alt=sse`.
    ///
    /// ```
    /// use mock_core::{Response, StreamEvent, wire::gemini::StreamWriter};
    ///
    /// let mut writer = StreamWriter::new(&Response::new("r1", "gemini-2.5-flash"), 0).json_array();
    /// let mut body = writer.write(&StreamEvent::Text("Hi".into()))?.concat();
    /// body.push_str(&writer.write(&StreamEvent::Text("!".into()))?.concat());
    /// body.push_str(&writer.end().concat());
    /// let frames: Vec<serde_json::Value> = serde_json::from_str(&body).expect("it is a JSON array");
    /// assert_eq!(frames.len(), 2);
    /// # Ok::<(), mock_core::wire::WriteError>(())
    /// ```
    #[must_use]
    pub fn json_array(mut self) -> Self {
        self.is_array = true;
        self
    }

    /// Writes the usage so far with each frame, and the fields of it that the provider sends and a [`Usage`] does not have.
    pub(crate) fn completed(mut self) -> Self {
        self.completed = true;
        self
    }

    /// The frames of an event. An event may need none, as a refusal, or the beginning of a tool call.
    ///
    /// # Errors
    /// If this wire cannot express the event or the head, if the event comes after the end or continues a tool call that is complete, or if
    /// the arguments of a call are not a JSON object.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WIRE.out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        if !matches!(event, StreamEvent::ToolCallDelta { .. }) {
            self.end_call(&mut frames)?;
        }
        match event {
            StreamEvent::Text(text) => {
                let part = Part::Text(text.clone());
                self.go_on(Kind::Text, text.is_empty(), &part, &mut frames)?;
            }
            StreamEvent::Reasoning(text) => {
                let part = Part::Reasoning(Reasoning::new(text.as_str()));
                self.go_on(Kind::Thought, text.is_empty(), &part, &mut frames)?;
            }
            StreamEvent::ReasoningSignature(seal) => {
                let thought = Reasoning::new("").with_signature(seal.as_str());
                self.part(&Part::Reasoning(thought), &mut frames)?;
                self.last = Some(Kind::Signed);
            }
            StreamEvent::RedactedReasoning(_) => {
                return Err(WIRE.no_place("redacted reasoning", STREAM));
            }
            StreamEvent::Refusal(text) => self.write_refusal(text),
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
                self.arguments(*index, arguments, event, &mut frames)?;
            }
            StreamEvent::Part(part) => self.whole(part, &mut frames)?,
            StreamEvent::Finish { reason, usage } => {
                self.finish(reason.as_ref(), *usage, &mut frames)?;
            }
        }
        Ok(frames)
    }

    /// Goes on with the last part, if it is of this kind, or else begins one.
    fn go_on(
        &mut self,
        kind: Kind,
        is_empty: bool,
        part: &Part,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        match self.last_is_refusal || is_empty && self.last != Some(kind) {
            true => self.begin(kind, is_empty, part, frames)?,
            false => self.part(part, frames)?,
        }
        self.last = Some(kind);
        Ok(())
    }

    /// Keeps a refusal for the end of the answer.
    fn write_refusal(&mut self, text: &str) {
        self.refusal.get_or_insert_default().push_str(text);
        self.last_is_refusal = true;
    }

    fn arguments(
        &mut self,
        index: usize,
        piece: &str,
        event: &StreamEvent,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        match &mut self.open {
            Some((open, call)) if *open == index => {
                call.arguments.push_str(piece);
                if is_whole_object(&call.arguments, piece) {
                    self.end_call(frames)?;
                }
                Ok(())
            }
            // Ignore white space after the end of the arguments.
            _ if self.last_call == Some(index) && piece.trim().is_empty() => Ok(()),
            _ => Err(WIRE.out_of_order(event, "of a tool call that is whole or has not begun")),
        }
    }

    fn end_call(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        match self.open.take() {
            Some((_, call)) => self.part(&Part::ToolCall(call), frames),
            None => Ok(()),
        }
    }

    /// Writes a part that does not come in pieces.
    fn whole(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        match part {
            Part::Text(text) => {
                self.begin(Kind::Text, text.is_empty(), part, frames)?;
                self.last = Some(Kind::Text);
            }
            Part::Reasoning(thought) => {
                let is_empty = thought.text.is_empty() && thought.signature.is_none();
                self.begin(Kind::Thought, is_empty, part, frames)?;
                self.last = Some(match thought.signature {
                    Some(_) => Kind::Signed,
                    None => Kind::Thought,
                });
            }
            Part::Refusal(text) => self.write_refusal(text),
            Part::Extra(extra) => self.extra_fields(extra, frames)?,
            Part::ToolResult(_) => return Err(WIRE.no_place(&describe(part), STREAM)),
            part => self.part(part, frames)?,
        }
        Ok(())
    }

    /// Begins a part of its own. After one of its kind, and where it is empty, it comes in one frame with an empty one.
    fn begin(
        &mut self,
        kind: Kind,
        is_empty: bool,
        part: &Part,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        if !is_empty && self.last != Some(kind) {
            return self.part(part, frames);
        }
        let empty = match kind {
            Kind::Text => Part::Text(String::new()),
            _ => Part::Reasoning(Reasoning::new("")),
        };
        let parts = vec![write_part(&empty, STREAM)?, write_part(part, STREAM)?];
        self.parts(parts, frames)
    }

    /// Extra fields of the part before.
    fn extra_fields(
        &mut self,
        extra: &Map<String, Value>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let empty = match self.last.filter(|_| !self.last_is_refusal) {
            Some(Kind::Text) => json!({ "text": "" }),
            Some(Kind::Thought | Kind::Signed) => json!({ "text": "", "thought": true }),
            None => return Err(WIRE.no_place(&describe_fields(extra), STREAM)),
        };
        let part = with_extra(fields(empty), extra, STREAM)?;
        self.parts(vec![part.into()], frames)?;
        // A text after this part is a part of its own, which must not get the fields of this one.
        self.last = None;
        Ok(())
    }

    fn part(&mut self, part: &Part, frames: &mut Vec<String>) -> Result<(), WriteError> {
        let part = write_part(part, STREAM)?;
        self.last = None;
        self.parts(vec![part], frames)
    }

    fn parts(&mut self, parts: Vec<Value>, frames: &mut Vec<String>) -> Result<(), WriteError> {
        self.has_said = true;
        self.last_is_refusal = false;
        let mut body = self.details()?.head(&self.head)?;
        body.remove(USAGE);
        let content = json!({ "parts": parts, "role": "model" });
        let candidate = json!({ "content": content, "index": 0 });
        body.insert("candidates".into(), json!([candidate]));
        self.frame(body, self.head.usage, frames);
        Ok(())
    }

    /// The further fields in the metadata. Whether they have a place is checked with the first frame.
    fn details(&mut self) -> Result<ExtraFields, WriteError> {
        if let Some(extra_fields) = &self.extra_fields {
            return Ok(extra_fields.clone());
        }
        let extra_fields = ExtraFields::new(&self.head)?;
        if extra_fields.has_other_candidates() {
            return Err(WIRE.no_place("a second of the `candidates`", STREAM));
        }
        Ok(self.extra_fields.insert(extra_fields).clone())
    }

    fn finish(
        &mut self,
        reason: Option<&FinishReason>,
        usage: Option<Usage>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let reason = write_finish(reason, self.refusal.as_deref(), STREAM)?;
        let mut details = self.details()?;
        let mut body = details.head(&self.head)?;
        if !details.is_blocked(reason, !self.has_said && self.refusal.is_none()) {
            let mut candidate = fields(json!({ "index": 0 }));
            if self.has_said || reason != Some("SAFETY") {
                let content = json!({ "parts": [{ "text": "" }], "role": "model" });
                candidate.insert("content".into(), content);
            }
            candidate.extend(reason.map(|reason| ("finishReason".to_owned(), reason.into())));
            let refusal = self.refusal.clone().map(Value::from);
            candidate.extend(refusal.map(|refusal| ("finishMessage".to_owned(), refusal)));
            let candidate = details.candidate(candidate)?;
            body.insert("candidates".into(), json!([candidate]));
        }
        if let Some(usage) = usage {
            details.add_usage(write_usage(usage, body.get(USAGE))?, &mut body)?;
        }
        self.frame(body, None, frames);
        self.finished = true;
        Ok(())
    }

    /// The text before an item of an array.
    fn separator(&mut self) -> &'static str {
        self.frames += 1;
        match self.frames {
            1 => "[",
            _ => ",\r\n",
        }
    }

    /// Adds a frame, with the usage so far if the frame has none.
    fn frame(
        &mut self,
        mut body: Map<String, Value>,
        so_far: Option<Usage>,
        frames: &mut Vec<String>,
    ) {
        if self.completed {
            complete_usage(&mut body, so_far);
        }
        let body = Value::from(body);
        frames.push(match self.is_array {
            true => format!("{}{body}", self.separator()),
            false => frame(&body),
        });
    }

    /// The frame of an error that ends the stream.
    pub(crate) fn fail(&mut self, error: &ProviderError) -> String {
        match self.is_array {
            true => format!("{}{}]", self.separator(), write_array_error(error)),
            false => write_stream_error(error),
        }
    }

    /// The frames of the end mark: the end of an array.
    pub fn end(&mut self) -> Vec<String> {
        match (self.is_array, self.frames) {
            (false, _) => Vec::new(),
            (true, 0) => vec!["[]".to_owned()],
            (true, _) => vec!["]".to_owned()],
        }
    }
}
