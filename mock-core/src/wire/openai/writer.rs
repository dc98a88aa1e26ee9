use serde::Serialize;
use serde_json::{Map, Value, json};

use super::WIRE;
use super::message::no_place;
use super::usage::write_usage;
use crate::event::StreamEvent;
use crate::finish::{FinishReason, Usage};
use crate::response::Response;
use crate::wire::write::{WriteError, data, fields, merge};

/// How the first choice of a chunk begins.
const FIRST_CHOICE: &str = ",\"choices\":[{\"index\":0,";

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// The role comes before the first event. The finish event writes all that comes at the end: the finish reason, the usage if it
/// was asked for, and `[DONE]`. A stream that is to end without its end is one whose finish event is never written.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::openai::StreamWriter};
///
/// let head = Response::new("chatcmpl-1", "gpt-4o");
/// let mut writer = StreamWriter::new(&head, 1_700_000_000).include_usage(true);
/// assert_eq!(writer.write(&StreamEvent::Text("Hi".into()))?.len(), 2);
///
/// let finish = StreamEvent::Finish { reason: FinishReason::Stop, usage: Some(Usage::new(11, 1)) };
/// let frames = writer.write(&finish)?;
/// assert_eq!(frames.last().map(String::as_str), Some("data: [DONE]\n\n"));
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    /// What all chunks have in common, as an object that is still open.
    chunk: String,
    metadata: Map<String, Value>,
    include_usage: bool,
    answers: usize,
    started: bool,
    finished: bool,
}

impl StreamWriter {
    /// A stream with the id, the model and the metadata of `head`; `created` is its time, in seconds since 1970.
    pub fn new(head: &Response, created: u64) -> Self {
        let mut chunk = head.metadata.clone();
        chunk.remove("usage");
        chunk.remove("choices");
        let own = json!({
            "id": head.id, "object": "chat.completion.chunk", "created": created, "model": head.model,
        });
        merge(&mut chunk, fields(own));
        let mut chunk = Value::from(chunk).to_string();
        chunk.pop();
        StreamWriter {
            chunk,
            metadata: head.metadata.clone(),
            include_usage: false,
            answers: 1,
            started: false,
            finished: false,
        }
    }

    /// Whether the stream tells its usage, as the request asks with `stream_options.include_usage`; by default it does not.
    pub fn include_usage(mut self, include_usage: bool) -> Self {
        self.include_usage = include_usage;
        self
    }

    /// How many answers the stream has, as the request asks with `n`; by default one. All are the same: each event becomes a frame for each
    /// of them.
    ///
    /// ```
    /// use mock_core::{Response, StreamEvent, wire::openai::StreamWriter};
    ///
    /// let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "gpt-4o"), 0).answers(2);
    /// writer.start();
    /// let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
    /// assert!(frames[0].contains(r#""choices":[{"index":0,"#) && frames[1].contains(r#""choices":[{"index":1,"#));
    /// # Ok::<(), mock_core::wire::WriteError>(())
    /// ```
    pub fn answers(mut self, answers: usize) -> Self {
        self.answers = answers;
        self
    }

    /// The frames that come before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them where they are still to come. This is for a stream that is to begin before its
    /// first event.
    pub fn start(&mut self) -> Vec<String> {
        let frames = self.start_with("".into(), Value::Null);
        self.for_each_answer(frames)
    }

    /// The frames of the first answer, each followed by those of the others.
    fn for_each_answer(&self, frames: Vec<String>) -> Vec<String> {
        if self.answers == 1 {
            return frames;
        }
        let head = "data: ".len() + self.chunk.len();
        let mut all = Vec::with_capacity(frames.len() * self.answers);
        for frame in frames {
            // The frames of the usage and of the end have no choice.
            let choice = frame
                .get(head..)
                .and_then(|choice| choice.strip_prefix(FIRST_CHOICE));
            let others = choice.map(|choice| {
                (1..self.answers).map(move |index| {
                    format!(
                        "data: {},\"choices\":[{{\"index\":{index},{choice}",
                        self.chunk
                    )
                })
            });
            let others: Vec<_> = others.into_iter().flatten().collect();
            all.push(frame);
            all.extend(others);
        }
        all
    }

    fn start_with(&mut self, content: Value, refusal: Value) -> Vec<String> {
        if std::mem::replace(&mut self.started, true) {
            return Vec::new();
        }
        let delta = json!({ "role": "assistant", "content": content, "refusal": refusal });
        vec![self.choice(&delta, None)]
    }

    /// The frame of a call's beginning. One that is said first begins the stream.
    fn start_call(&mut self, call: Value) -> String {
        let mut delta = fields(json!({ "tool_calls": [call] }));
        if !std::mem::replace(&mut self.started, true) {
            let start = json!({ "role": "assistant", "content": null, "refusal": null });
            merge(&mut delta, fields(start));
        }
        self.choice(&delta, None)
    }

    /// The frames of an event, those of the stream's beginning before them if they are still to come.
    ///
    /// # Errors
    /// If the event has no place on this wire, as redacted reasoning and signatures have none, or comes after the end.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        let frames = self.write_first(event)?;
        Ok(self.for_each_answer(frames))
    }

    /// The frames of the first answer.
    fn write_first(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(WriteError::Order {
                wire: WIRE,
                event: event.name(),
                place: "after the end",
            });
        }
        let rare;
        let mut delta = Delta::default();
        match event {
            StreamEvent::Text(text) => delta.content = Some(text),
            StreamEvent::Reasoning(text) => delta.reasoning_content = Some(text),
            StreamEvent::Refusal(text) => delta.refusal = Some(text),
            StreamEvent::ToolCallStart { index, id, name } => {
                let call = json!({
                    "index": index, "id": id, "type": "function",
                    "function": { "name": name, "arguments": "" },
                });
                return Ok(vec![self.start_call(call)]);
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                rare = json!([{ "index": index, "function": { "arguments": arguments } }]);
                delta.tool_calls = Some(&rare);
            }
            StreamEvent::ReasoningSignature(_) | StreamEvent::RedactedReasoning(_) => {
                return Err(no_place(event.name(), "a stream"));
            }
            StreamEvent::Finish { reason, usage } => {
                let mut frames = self.start_with("".into(), Value::Null);
                frames.extend(self.finish(reason, *usage));
                return Ok(frames);
            }
        }
        let (content, refusal) = match event {
            StreamEvent::Text(_) | StreamEvent::Reasoning(_) => ("".into(), Value::Null),
            StreamEvent::Refusal(_) => (Value::Null, "".into()),
            _ => (Value::Null, Value::Null),
        };
        let mut frames = self.start_with(content, refusal);
        frames.push(self.choice(&delta, None));
        Ok(frames)
    }

    fn finish(&mut self, reason: &FinishReason, usage: Option<Usage>) -> Vec<String> {
        self.finished = true;
        let mut frames = vec![self.choice(&Delta::default(), Some(reason))];
        if let Some(usage) = usage.filter(|_| self.include_usage) {
            let usage = write_usage(usage, &self.metadata);
            frames.push(self.chunk("", &usage.to_string()));
        }
        frames.push(data(&"[DONE]"));
        frames
    }

    fn choice(&self, delta: &impl Serialize, reason: Option<&FinishReason>) -> String {
        let choice = Choice {
            index: 0,
            delta,
            logprobs: Value::Null,
            finish_reason: reason.map(FinishReason::as_str),
        };
        // What it is made of can be written.
        let choice = serde_json::to_string(&choice).unwrap_or_default();
        self.chunk(&choice, if self.include_usage { "null" } else { "" })
    }

    /// A frame, with the text of a choice and of the usage. To put texts together takes a fifth of what a tree of values does.
    fn chunk(&self, choice: &str, usage: &str) -> String {
        let (comma, usage) = match usage {
            "" => ("", ""),
            usage => (",\"usage\":", usage),
        };
        let parts = [
            "data: ",
            &self.chunk,
            ",\"choices\":[",
            choice,
            "]",
            comma,
            usage,
            "}\n\n",
        ];
        parts.concat()
    }
}

#[derive(Serialize)]
struct Choice<'c, D> {
    index: u32,
    delta: &'c D,
    logprobs: Value,
    finish_reason: Option<&'c str>,
}

/// What an event says.
#[derive(Default, Serialize)]
struct Delta<'e> {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<&'e Value>,
}
