//! What a provider answers: [`Response`], why it ended, and what it cost.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::event::StreamEvent;
use crate::message::{Message, Part, Reasoning, Role, ToolCall};

/// A whole answer of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Response {
    /// The provider's id of this answer. A mock counts: the same in every run.
    pub id: String,
    /// The model that answered.
    pub model: String,
    /// What it said, ready to be added to the conversation.
    pub message: Message,
    /// Why it stopped; `None` if the answer broke off without saying.
    pub finish_reason: Option<FinishReason>,
    /// What it cost, if the provider said.
    pub usage: Option<Usage>,
    /// Anything else that came with it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}

impl Response {
    /// An answer that says nothing yet: what [`push`](Response::push) is called on.
    pub fn new(id: impl Into<String>, model: impl Into<String>) -> Self {
        Response {
            id: id.into(),
            model: model.into(),
            message: Message::new(Role::Assistant, Vec::new()),
            finish_reason: None,
            usage: None,
            metadata: Map::new(),
        }
    }

    /// The answer's text.
    pub fn text(&self) -> Cow<'_, str> {
        self.message.text()
    }

    /// The tool calls in it, in order.
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.message.tool_calls()
    }

    /// Takes in the next event of a stream, so that a stream collects into the answer it carries.
    ///
    /// ```
    /// use mock_core::{Response, StreamEvent};
    ///
    /// let mut response = Response::new("resp_1", "gpt-4o");
    /// response.push(StreamEvent::Text("Hel".into()));
    /// response.push(StreamEvent::Text("lo".into()));
    /// assert_eq!(response.text(), "Hello");
    /// ```
    pub fn push(&mut self, event: StreamEvent) {
        let parts = &mut self.message.parts;
        match event {
            StreamEvent::Text(delta) => match parts.last_mut() {
                Some(Part::Text(text)) => text.push_str(&delta),
                _ => parts.push(Part::Text(delta)),
            },
            StreamEvent::Reasoning(delta) => match parts.last_mut() {
                Some(Part::Reasoning(reasoning)) => reasoning.text.push_str(&delta),
                _ => parts.push(Part::Reasoning(Reasoning {
                    text: delta,
                    signature: None,
                })),
            },
            StreamEvent::Refusal(delta) => match parts.last_mut() {
                Some(Part::Refusal(refusal)) => refusal.push_str(&delta),
                _ => parts.push(Part::Refusal(delta)),
            },
            StreamEvent::ToolCallStart { id, name, .. } => {
                parts.push(Part::ToolCall(ToolCall::new(id, name, String::new())));
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                let mut calls = parts.iter_mut().filter_map(|part| match part {
                    Part::ToolCall(call) => Some(call),
                    _ => None,
                });
                if let Some(call) = calls.nth(index) {
                    match call.arguments.is_empty() {
                        true => call.arguments = arguments,
                        false => call.arguments.push_str(&arguments),
                    }
                }
            }
            StreamEvent::Finish { reason, usage } => {
                self.finish_reason = Some(reason);
                self.usage = usage;
            }
        }
    }
}

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FinishReason {
    /// It said all it wanted to say.
    Stop,
    /// It reached the limit of tokens.
    Length,
    /// It waits for the results of its tool calls.
    ToolCalls,
    /// A filter stopped it.
    ContentFilter,
    /// A reason of this provider's own, by its name on the wire.
    Other(Cow<'static, str>),
}

impl FinishReason {
    /// The reason's name: `"stop"`, `"length"`, `"tool_calls"`, `"content_filter"` or the provider's own.
    pub fn as_str(&self) -> &str {
        match self {
            FinishReason::Stop => "stop",
            FinishReason::Length => "length",
            FinishReason::ToolCalls => "tool_calls",
            FinishReason::ContentFilter => "content_filter",
            FinishReason::Other(name) => name,
        }
    }
}

/// How many tokens a request and its answer took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the request.
    pub prompt_tokens: u64,
    /// Tokens of the answer.
    pub completion_tokens: u64,
}

impl Usage {
    /// So many tokens in, so many out.
    pub const fn new(prompt_tokens: u64, completion_tokens: u64) -> Self {
        Usage {
            prompt_tokens,
            completion_tokens,
        }
    }

    /// Tokens of both.
    pub const fn total_tokens(self) -> u64 {
        self.prompt_tokens + self.completion_tokens
    }
}

/// A rough count of the tokens in a text: a quarter of its characters, rounded down.
///
/// A mock counts the tokens of a request message by message, and those of an answer over its whole text.
///
/// ```
/// assert_eq!(mock_core::count_tokens("Hello, world!"), 3);
/// ```
pub fn count_tokens(text: &str) -> u64 {
    text.chars().count() as u64 / 4
}
