//! The events of a streamed answer: [`StreamEvent`].

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

use serde_json::{Map, Value};

use crate::chat::count_tokens::characters;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::Part;

/// One event of a streamed answer.
///
/// A complete stream ends with exactly one [`Finish`](StreamEvent::Finish).
///
/// ```
/// use futures::TryStreamExt;
/// use mock_core::{FinishReason, MockProvider, Request, StreamEvent, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([stream(["It is ", "18 °C."])]);
///
/// let mut events = llm.answer_stream(Request::new("gpt-4o").user("How warm?")).await?;
/// let mut text = String::new();
/// while let Some(event) = events.try_next().await? {
///     match event {
///         StreamEvent::Text(delta) => text += &delta,
///         StreamEvent::Finish { reason, .. } => assert_eq!(reason, Some(FinishReason::Stop)),
///         _ => {}
///     }
/// }
/// assert_eq!(text, "It is 18 °C.");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum StreamEvent {
    /// More of the answer's text.
    Text(String),
    /// More of the model's reasoning.
    Reasoning(String),
    /// More of a refusal.
    Refusal(String),
    /// The start of a tool call.
    ToolCallStart {
        /// The number by which [`ToolCallDelta`](StreamEvent::ToolCallDelta) refers to the call. A mock counts 0, 1, …; other
        /// providers may leave gaps, or begin with 1.
        index: usize,
        /// The call's id.
        id: String,
        /// The tool's name.
        name: String,
        /// Every other field of the call, as in [`ToolCall::extra`](crate::ToolCall::extra); `None` if there are none.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        extra: Option<Box<Map<String, Value>>>,
    },
    /// More of the arguments of a tool call.
    ToolCallDelta {
        /// The index with which the call began.
        index: usize,
        /// The next piece of its arguments, a JSON text.
        arguments: String,
    },
    /// The provider's signature of the preceding reasoning, to be sent back unchanged.
    ReasoningSignature(String),
    /// Encrypted reasoning, whole, to be sent back unchanged.
    RedactedReasoning(String),
    /// A whole part: an image, a block that only one provider has ([`Part::Other`]), or further fields of the preceding part
    /// ([`Part::Extra`]).
    ///
    /// A text, a reasoning or a refusal begins a new part, and the deltas of its kind that follow belong to it. Without this event
    /// they belong to the part before, if that is of their kind.
    Part(Box<Part>),
    /// The answer is complete.
    Finish {
        /// Why the model stopped, if the provider says.
        reason: Option<FinishReason>,
        /// The usage of the answer, if the provider reports it.
        usage: Option<Usage>,
    },
}

impl StreamEvent {
    /// Returns whether the event carries content: text, reasoning, a refusal, or a piece of arguments.
    ///
    /// ```
    /// use mock_core::StreamEvent;
    ///
    /// assert!(StreamEvent::Text("Hel".into()).is_delta());
    /// assert!(!StreamEvent::Finish { reason: None, usage: None }.is_delta());
    /// ```
    #[inline]
    pub fn is_delta(&self) -> bool {
        match self {
            StreamEvent::Text(_) | StreamEvent::Reasoning(_) | StreamEvent::Refusal(_) => true,
            StreamEvent::ToolCallDelta { .. } => true,
            StreamEvent::ToolCallStart { .. }
            | StreamEvent::ReasoningSignature(_)
            | StreamEvent::RedactedReasoning(_)
            | StreamEvent::Part(_)
            | StreamEvent::Finish { .. } => false,
        }
    }

    /// Returns the number of characters of content in it.
    pub(crate) fn characters(&self) -> u64 {
        match self {
            StreamEvent::Text(text) | StreamEvent::Reasoning(text) | StreamEvent::Refusal(text) => {
                characters(text)
            }
            StreamEvent::ToolCallDelta { arguments, .. } => characters(arguments),
            _ => 0,
        }
    }

    /// Returns the event's name for messages: `"text"`, `"tool call"`, …
    ///
    /// ```
    /// use mock_core::StreamEvent;
    ///
    /// assert_eq!(StreamEvent::Text("Hel".into()).name(), "text");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            StreamEvent::Text(_) => "text",
            StreamEvent::Reasoning(_) => "reasoning",
            StreamEvent::Refusal(_) => "refusal",
            StreamEvent::ReasoningSignature(_) => "reasoning signature",
            StreamEvent::RedactedReasoning(_) => "redacted reasoning",
            StreamEvent::ToolCallStart { .. } => "tool call",
            StreamEvent::ToolCallDelta { .. } => "tool call arguments",
            StreamEvent::Part(part) => part.name(),
            StreamEvent::Finish { .. } => "finish",
        }
    }
}
