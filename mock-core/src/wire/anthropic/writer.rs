use serde_json::{Map, Value, json};

use super::WIRE;
use super::usage::{write_stop, write_stop_details, write_usage};
use crate::event::StreamEvent;
use crate::finish::{FinishReason, Usage};
use crate::response::Response;
use crate::wire::write::{WriteError, event, fields, merge};

/// Writes a streamed answer, event by event, as frames of server-sent events.
///
/// The message's head comes before the first event, and a `ping` after the beginning of the first block. The finish event writes
/// all that comes at the end: the end of the last block, the stop reason with the usage, and `message_stop`. A stream that is to
/// end without its end is one whose finish event is never written. A refusal comes at the end too, in `stop_details`.
///
/// ```
/// use mock_core::{FinishReason, Response, StreamEvent, Usage, wire::anthropic::StreamWriter};
///
/// let mut writer = StreamWriter::new(&Response::new("msg_1", "claude"));
/// writer.write(&StreamEvent::Text("Hi".into()))?;
///
/// let finish = StreamEvent::Finish { reason: FinishReason::Stop, usage: Some(Usage::new(11, 1)) };
/// let frames = writer.write(&finish)?;
/// let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
/// assert_eq!(names, ["event: content_block_stop", "event: message_delta", "event: message_stop"]);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamWriter {
    head: Response,
    started: bool,
    pinged: bool,
    finished: bool,
    open: Option<Block>,
    /// Whether the open block has all that it can have: the seal of a thought.
    sealed: bool,
    /// Whether arguments of the open call have been written.
    argued: bool,
    /// How many blocks have begun.
    blocks: usize,
    refusal: Option<String>,
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
    /// A stream with the id, the model and the metadata of `head`. Its usage is what the stream tells at its beginning: the tokens
    /// of the request, and those of the answer so far; zeros if there is none.
    pub fn new(head: &Response) -> Self {
        StreamWriter {
            head: head.clone(),
            started: false,
            pinged: false,
            finished: false,
            open: None,
            sealed: false,
            argued: false,
            blocks: 0,
            refusal: None,
        }
    }

    /// The frames that come before the first event; none if they have been written.
    ///
    /// [`write`](StreamWriter::write) writes them where they are still to come. This is for a stream that is to begin before its
    /// first event.
    ///
    /// # Errors
    /// If more tokens of the head's usage are of the cache than there are.
    pub fn start(&mut self) -> Result<Vec<String>, WriteError> {
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        Ok(frames)
    }

    /// The frames of an event, those of the stream's beginning before them if they are still to come. An event may need none, as a refusal.
    ///
    /// # Errors
    /// If the event comes after the end, or goes on with a tool call whose block has ended.
    pub fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        if self.finished {
            return Err(out_of_order(event, "after the end"));
        }
        let mut frames = Vec::new();
        self.begin(&mut frames)?;
        match event {
            StreamEvent::Text(text) => {
                self.go_on(
                    Block::Text,
                    json!({ "type": "text", "text": "" }),
                    &mut frames,
                );
                self.delta(json!({ "type": "text_delta", "text": text }), &mut frames);
            }
            StreamEvent::Reasoning(text) => {
                self.think(&mut frames);
                self.delta(
                    json!({ "type": "thinking_delta", "thinking": text }),
                    &mut frames,
                );
            }
            StreamEvent::ReasoningSignature(seal) => {
                self.think(&mut frames);
                self.delta(
                    json!({ "type": "signature_delta", "signature": seal }),
                    &mut frames,
                );
                self.sealed = true;
            }
            StreamEvent::RedactedReasoning(data) => {
                self.stop_block(&mut frames);
                self.start_block(
                    json!({ "type": "redacted_thinking", "data": data }),
                    &mut frames,
                );
                self.end_block(&mut frames);
            }
            StreamEvent::Refusal(text) => self.refusal.get_or_insert_default().push_str(text),
            StreamEvent::ToolCallStart { index, id, name } => {
                let block = json!({ "type": "tool_use", "id": id, "name": name, "input": {} });
                self.stop_block(&mut frames);
                self.go_on(Block::Tool(*index), block, &mut frames);
                // The provider begins with an empty piece.
                let delta = json!({ "type": "input_json_delta", "partial_json": "" });
                self.delta(delta, &mut frames);
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                if self.open != Some(Block::Tool(*index)) {
                    return Err(out_of_order(
                        event,
                        "of a tool call that has ended or not begun",
                    ));
                }
                // Of a call without arguments, the provider writes none.
                if !std::mem::replace(&mut self.argued, true) && arguments == "{}" {
                    return Ok(frames);
                }
                let delta = json!({ "type": "input_json_delta", "partial_json": arguments });
                self.delta(delta, &mut frames);
            }
            StreamEvent::Finish { reason, usage } => self.finish(reason, *usage, &mut frames)?,
        }
        Ok(frames)
    }

    fn begin(&mut self, frames: &mut Vec<String>) -> Result<(), WriteError> {
        if self.started {
            return Ok(());
        }
        let usage = write_usage(self.head.usage.unwrap_or_default(), &self.head.metadata)?;
        let mut message = self.head.metadata.clone();
        message.remove("stop_details");
        let own = json!({
            "id": self.head.id, "type": "message", "role": "assistant", "model": self.head.model,
            "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage,
        });
        message.extend(fields(own));
        frames.push(frame("message_start", json!({ "message": message })));
        self.started = true;
        Ok(())
    }

    /// Goes on with the open block, if it is this one, or else begins it.
    fn go_on(&mut self, block: Block, begun: Value, frames: &mut Vec<String>) {
        if self.open != Some(block) || self.sealed {
            self.stop_block(frames);
            self.start_block(begun, frames);
            self.open = Some(block);
        }
    }

    fn think(&mut self, frames: &mut Vec<String>) {
        let begun = json!({ "type": "thinking", "thinking": "", "signature": "" });
        self.go_on(Block::Thinking, begun, frames);
    }

    fn start_block(&mut self, block: Value, frames: &mut Vec<String>) {
        self.sealed = false;
        self.argued = false;
        let start = json!({ "index": self.blocks, "content_block": block });
        frames.push(frame("content_block_start", start));
        self.blocks += 1;
        if !std::mem::replace(&mut self.pinged, true) {
            frames.push(frame("ping", json!({})));
        }
    }

    fn delta(&self, delta: Value, frames: &mut Vec<String>) {
        let delta = json!({ "index": self.blocks.saturating_sub(1), "delta": delta });
        frames.push(frame("content_block_delta", delta));
    }

    fn stop_block(&mut self, frames: &mut Vec<String>) {
        if self.open.take().is_some() {
            self.end_block(frames);
        }
    }

    fn end_block(&self, frames: &mut Vec<String>) {
        let stop = json!({ "index": self.blocks.saturating_sub(1) });
        frames.push(frame("content_block_stop", stop));
    }

    fn finish(
        &mut self,
        reason: &FinishReason,
        usage: Option<Usage>,
        frames: &mut Vec<String>,
    ) -> Result<(), WriteError> {
        let metadata = &self.head.metadata;
        let usage = usage.or(self.head.usage).unwrap_or_default();
        let usage = write_usage(usage, metadata)?;
        let mut delta: Map<String, Value> = fields(json!({
            "stop_reason": write_stop(reason, self.refusal.is_some()),
            "stop_sequence": metadata.get("stop_sequence"),
        }));
        if let Some(details) = write_stop_details(self.refusal.as_deref(), metadata) {
            merge(&mut delta, fields(json!({ "stop_details": details })));
        }
        self.stop_block(frames);
        frames.push(frame(
            "message_delta",
            json!({ "delta": delta, "usage": usage }),
        ));
        frames.push(frame("message_stop", json!({})));
        self.finished = true;
        Ok(())
    }
}

/// A frame whose name is also the `type` of its data.
fn frame(name: &str, mut payload: Value) -> String {
    payload["type"] = name.into();
    event(name, &payload)
}

fn out_of_order(event: &StreamEvent, place: &'static str) -> WriteError {
    WriteError::Order {
        wire: WIRE,
        event: event.name(),
        place,
    }
}
