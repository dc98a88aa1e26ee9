//! What a provider answers: [`Response`].

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::ProviderError;
use crate::event::StreamEvent;
use crate::finish::{FinishReason, Usage};
use crate::message::{Message, Part, Reasoning, Role, ToolCall};

/// What a `respond_with` closure may return: a [`Response`], or a `Result` of one. In that, `?` takes each error that is
/// [`Into`] a [`ProviderError`].
///
/// ```
/// use mock_core::builder::respond_with;
/// use mock_core::{ErrorKind, Message, ProviderError};
///
/// struct Offline;
///
/// impl From<Offline> for ProviderError {
///     fn from(_: Offline) -> Self {
///         ProviderError::new(ErrorKind::Connection)
///     }
/// }
///
/// fn look_up(city: &str) -> Result<&str, Offline> {
///     # let _ = city;
///     Err(Offline)
/// }
///
/// let turn = respond_with(|request| {
///     let answer = look_up(&request.model)?;
///     Ok(Message::assistant(answer).into())
/// });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer",
    note = "return a `mock_core::Response`, or a `Result<mock_core::Response, mock_core::ProviderError>`",
    note = "another error becomes one by `?`, or by `.map_err(mock_core::ProviderError::from)`",
    note = "a closure that only panics says what it would answer: `|_| -> Response {{ .. }}`"
)]
pub trait IntoAnswer {
    /// The answer.
    ///
    /// # Errors
    /// The failure that is to be the answer.
    fn into_answer(self) -> Result<Response, ProviderError>;
}

impl IntoAnswer for Response {
    fn into_answer(self) -> Result<Response, ProviderError> {
        Ok(self)
    }
}

/// Of this error only, so that `Ok(..)` need not name it.
impl IntoAnswer for Result<Response, ProviderError> {
    fn into_answer(self) -> Result<Response, ProviderError> {
        self
    }
}

/// A message of the model, as an answer whose id, model and all else the mock fills in.
impl From<Message> for Response {
    fn from(message: Message) -> Self {
        Response {
            message,
            ..Response::new("", "")
        }
    }
}

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
                Some(_) => parts.push(Part::Text(delta)),
                // Most answers are one text: a list with room for that only is smaller, and sooner made.
                None => *parts = vec![Part::Text(delta)],
            },
            StreamEvent::Reasoning(delta) => match parts.last_mut() {
                // What is sealed is complete.
                Some(Part::Reasoning(reasoning)) if reasoning.signature.is_none() => {
                    reasoning.text.push_str(&delta);
                }
                _ => parts.push(Part::Reasoning(Reasoning {
                    text: delta,
                    signature: None,
                })),
            },
            StreamEvent::ReasoningSignature(signature) => match parts.last_mut() {
                Some(Part::Reasoning(reasoning)) => reasoning.signature = Some(signature),
                _ => parts.push(Part::Reasoning(Reasoning {
                    text: String::new(),
                    signature: Some(signature),
                })),
            },
            StreamEvent::RedactedReasoning(data) => parts.push(Part::RedactedReasoning(data)),
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
