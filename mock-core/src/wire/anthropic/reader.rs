use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::block::read_input;
use super::error::read_body;
use super::usage::{read_stop, read_stop_details, read_usage};
use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::finish::FinishReason;
use crate::kind::ErrorKind;
use crate::response::Response;
use crate::scenario::Profile;
use crate::wire::read::{Fields, Path, ReadError, kind_of, read_tree};
use crate::wire::tree::Tree;

/// Reads a streamed answer: the data of one server-sent event after the other.
///
/// The finish event comes with `message_stop`. Empty deltas are no events; a tool call without arguments has the arguments `{}`,
/// told at the end of its block. Citations, and blocks of a kind that has no name here, are left out.
///
/// ```
/// use mock_core::{StreamEvent, wire::anthropic::StreamReader};
///
/// let mut reader = StreamReader::new();
/// assert_eq!(reader.read(r#"{"type":"ping"}"#)?, []);
/// let delta = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}"#;
/// assert_eq!(reader.read(delta)?, [StreamEvent::Text("Hi".into())]);
/// # Ok::<(), mock_core::ProviderError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StreamReader {
    head: Response,
    /// The calls whose blocks are open, by the index of the block.
    open: BTreeMap<u64, OpenCall>,
    /// How many calls have begun.
    calls: usize,
    usage: Option<Map<String, Value>>,
    reason: Option<FinishReason>,
}

#[derive(Debug, Clone)]
struct OpenCall {
    index: usize,
    /// What the call's arguments are if no piece of them comes.
    input: Option<String>,
}

impl Default for StreamReader {
    fn default() -> Self {
        StreamReader::new()
    }
}

impl StreamReader {
    /// A reader at the beginning of a stream.
    pub fn new() -> Self {
        StreamReader {
            head: Response::new("", ""),
            open: BTreeMap::new(),
            calls: 0,
            usage: None,
            reason: None,
        }
    }

    /// An answer that says nothing yet, with the id, the model and the metadata that the stream has told so far: what to
    /// [`push`](Response::push) the events into.
    pub fn head(&self) -> &Response {
        &self.head
    }

    /// The events in the data of one server-sent event.
    ///
    /// # Errors
    /// The provider's failure, if the data is one, and else an [`InvalidResponse`](ErrorKind::InvalidResponse) that says what cannot be
    /// read, and where.
    pub fn read(&mut self, data: &str) -> Result<Vec<StreamEvent>, ProviderError> {
        let unreadable = |error: ReadError| ProviderError {
            message: error.to_string(),
            ..ProviderError::at(Profile::Anthropic, ErrorKind::InvalidResponse)
        };
        let payload = read_tree(data.as_bytes()).map_err(unreadable)?;
        if payload.get("type").and_then(Tree::as_text) == Some("error") {
            return Err(read_body(None, &payload.into()));
        }
        self.read_payload(payload).map_err(unreadable)
    }

    fn read_payload(&mut self, payload: Tree<'_>) -> Result<Vec<StreamEvent>, ReadError> {
        let kind = kind_of(&payload, &Path::Body, "the event's name")?.to_owned();
        let mut fields = Fields::of(payload, &Path::Body)?;
        let mut events = Vec::new();
        match kind.as_str() {
            "message_start" => self.read_head(&mut fields)?,
            "content_block_start" => self.read_start(&mut fields, &mut events)?,
            "content_block_delta" => self.read_delta(&mut fields, &mut events)?,
            "content_block_stop" => {
                let call = self.open.remove(&block_index(&mut fields)?);
                events.extend(call.and_then(|call| {
                    let index = call.index;
                    Some(StreamEvent::ToolCallDelta {
                        index,
                        arguments: call.input?,
                    })
                }));
            }
            "message_delta" => self.read_end(&mut fields, &mut events)?,
            "message_stop" => {
                let usage = self.read_whole_usage()?;
                let finish = self.reason.take();
                events.extend(finish.map(|reason| StreamEvent::Finish { reason, usage }));
            }
            // Pings, and what there may be one day.
            _ => {}
        }
        Ok(events)
    }

    fn read_head(&mut self, fields: &mut Fields<'_, '_>) -> Result<(), ReadError> {
        let path = Path::Body.key("message");
        let mut message = fields.within("message", &path)?;
        self.head.id = message.text("id")?.unwrap_or_default();
        self.head.model = message.text("model")?.unwrap_or_default();
        for constant in ["type", "role", "content", "stop_reason"] {
            message.take(constant);
        }
        self.take_usage(&mut message)?;
        self.head.metadata.extend(message.rest_but_nulls());
        Ok(())
    }

    /// Takes in a usage: each is of the whole answer so far.
    fn take_usage(&mut self, fields: &mut Fields<'_, '_>) -> Result<(), ReadError> {
        let path = fields.path.key("usage");
        let usage = fields.within("usage", &path)?.rest_but_nulls();
        if !usage.is_empty() {
            self.usage.get_or_insert_default().extend(usage);
        }
        Ok(())
    }

    fn read_whole_usage(&mut self) -> Result<Option<crate::finish::Usage>, ReadError> {
        let Some(usage) = self.usage.take() else {
            return Ok(None);
        };
        let path = Path::Body.key("usage");
        read_usage(usage.into(), &path, &mut self.head.metadata).map(Some)
    }

    fn read_start(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let on_wire = block_index(fields)?;
        let path = Path::Body.key("content_block");
        let mut block = fields.within("content_block", &path)?;
        match block.text("type")?.as_deref() {
            Some("text") => push(block.text("text")?, StreamEvent::Text, events),
            Some("thinking") => {
                push(block.text("thinking")?, StreamEvent::Reasoning, events);
                push(
                    block.text("signature")?,
                    StreamEvent::ReasoningSignature,
                    events,
                );
            }
            Some("redacted_thinking") => {
                events.push(StreamEvent::RedactedReasoning(block.required_text("data")?));
            }
            Some("tool_use") => {
                let index = self.calls;
                let id = block.required_text("id")?;
                let name = block.required_text("name")?;
                let input = Some(read_input(&mut block));
                self.open.insert(on_wire, OpenCall { index, input });
                self.calls += 1;
                events.push(StreamEvent::ToolCallStart { index, id, name });
            }
            _ => {}
        }
        Ok(())
    }

    fn read_delta(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        let on_wire = block_index(fields)?;
        let path = Path::Body.key("delta");
        let mut delta = fields.within("delta", &path)?;
        match delta.text("type")?.as_deref() {
            Some("text_delta") => push(delta.text("text")?, StreamEvent::Text, events),
            Some("thinking_delta") => push(delta.text("thinking")?, StreamEvent::Reasoning, events),
            Some("signature_delta") => {
                push(
                    delta.text("signature")?,
                    StreamEvent::ReasoningSignature,
                    events,
                );
            }
            Some("input_json_delta") => {
                let arguments = delta.text("partial_json")?.unwrap_or_default();
                // A block of a tool that the provider runs itself is not open here.
                if let (Some(call), false) = (self.open.get_mut(&on_wire), arguments.is_empty()) {
                    let index = call.index;
                    call.input = None;
                    events.push(StreamEvent::ToolCallDelta { index, arguments });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn read_end(
        &mut self,
        fields: &mut Fields<'_, '_>,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), ReadError> {
        self.take_usage(fields)?;
        let path = Path::Body.key("delta");
        let mut delta = fields.within("delta", &path)?;
        let refusal = read_stop_details(&mut delta, &mut self.head.metadata)?;
        if let Some(reason) = delta.text("stop_reason")? {
            self.reason = Some(read_stop(reason, refusal.is_some()));
        }
        self.head.metadata.extend(delta.rest_but_nulls());
        events.extend(refusal.map(StreamEvent::Refusal));
        Ok(())
    }
}

fn block_index(fields: &mut Fields<'_, '_>) -> Result<u64, ReadError> {
    let index = fields.count("index")?;
    index.ok_or_else(|| fields.path.key("index").missing("the block's number"))
}

fn push(text: Option<String>, event: fn(String) -> StreamEvent, events: &mut Vec<StreamEvent>) {
    events.extend(text.filter(|text| !text.is_empty()).map(event));
}
