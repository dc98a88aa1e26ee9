//! What a provider answers: [`Response`].

use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::{FinishReason, Usage};
use crate::chat::message::{Message, Part, Reasoning, Role, ToolCall, begins_an_item};
use crate::sealed::Sealed;
#[cfg(feature = "server")]
use crate::search::Search;

/// A return type of a `respond_with` closure: a [`Response`], or a `Result` of one. With a `Result`, `?` converts every error that
/// implements [`Into`]`<`[`ProviderError`]`>`.
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
    message = "`{Self}` is not an answer",
    note = "return a `mock_core::Response`, or a `Result<mock_core::Response, mock_core::ProviderError>`",
    note = "a text becomes a response by `mock_core::Response::from(mock_core::Message::assistant(text))`",
    note = "another error becomes one by `?`, or by `.map_err(mock_core::ProviderError::from)`",
    note = "a closure that only panics says what it would answer: `|_| -> Response {{ .. }}`"
)]
pub trait IntoResponse: Sealed {
    /// The answer.
    ///
    /// # Errors
    /// The failure that is to be the answer.
    #[doc(hidden)]
    fn into_response(self) -> Result<Response, ProviderError>;
}

impl IntoResponse for Response {
    fn into_response(self) -> Result<Response, ProviderError> {
        Ok(self)
    }
}

/// For this error type only, so that `Ok(..)` needs no type.
impl IntoResponse for Result<Response, ProviderError> {
    fn into_response(self) -> Result<Response, ProviderError> {
        self
    }
}

/// Creates a response with this message. The mock fills in the id, the model, the finish reason and the usage.
impl From<Message> for Response {
    fn from(message: Message) -> Self {
        Response {
            message,
            ..Response::empty()
        }
    }
}

/// A complete answer of a model. Two are equal if their fields are.
///
/// A `respond_with` closure returns one. The mock fills in what is missing: an empty id, model or id of a tool call, and a finish reason or
/// usage that is `None`. To send the response unchanged, call [`verbatim`](Response::verbatim).
///
/// ```
/// use mock_core::{Message, MockProvider, Request, Response, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([respond_with(|request| {
///     Response::from(Message::assistant(format!("{} messages", request.messages.len())))
/// })]);
///
/// let response = llm.answer(Request::new("gpt-4o").user("Hello")).await?;
/// assert_eq!(response.text(), "1 messages");
/// assert_eq!(response.model, "gpt-4o"); // the mock has filled it in
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct Response {
    /// The id of this answer. A mock numbers its answers, so ids are the same in every run.
    pub id: String,
    /// The model that answered.
    pub model: String,
    /// The message, ready to be added to the conversation.
    pub message: Message,
    /// Why the model stopped; `None` if the answer broke off.
    pub finish_reason: Option<FinishReason>,
    /// The tokens that it used, if the provider reports them.
    pub usage: Option<Usage>,
    /// All other fields of the answer.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub metadata: Map<String, Value>,
    /// Headers of the HTTP answer that the scenario or a closure names, in order: names and values. Headers that a provider sends
    /// with every answer are not in it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    #[cfg_attr(feature = "serde", serde(skip))]
    notes: Notes,
}

impl Sealed for Response {}

/// Details of how a response was written on its wire. They are neither shown, nor compared, nor serialized.
#[derive(Clone, Default)]
struct Notes(Option<Box<Noted>>);

#[derive(Clone, Default)]
struct Noted {
    verbatim: bool,
    /// The index of each tool call; empty while each index is the call's position.
    indexes: Vec<usize>,
    /// The metadata that a stream says once, and not in each of its chunks.
    #[cfg(feature = "server")]
    once: Vec<(String, Once)>,
    /// The metadata that a stream begins with other values for.
    #[cfg(feature = "server")]
    at_start: Vec<(String, Value)>,
    /// The fields of items that are not those of the answer.
    #[cfg(feature = "server")]
    items: Vec<NotedItem>,
    /// The deltas that are not at the end of their block.
    #[cfg(feature = "server")]
    deltas: Vec<NotedDelta>,
    /// The choices that are not the first, as each chunk of a stream says them.
    #[cfg(feature = "server")]
    chunks: Vec<Value>,
}

/// The position of a field that is not in every chunk of a stream.
#[cfg(feature = "server")]
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Once {
    #[cfg_attr(not(feature = "wire"), allow(dead_code))]
    AtStart,
    AtEnd,
}

/// The fields that an item of OpenAI's Responses, or a block of Anthropic's Messages, has only in one place of a stream.
#[cfg(feature = "server")]
#[derive(Debug, Clone)]
pub(crate) struct NotedItem {
    /// The id of the item, or the position of the block.
    pub(crate) id: String,
    pub(crate) place: ItemPlace,
    /// The fields that have another value there. A `null` counts as missing.
    pub(crate) fields: Map<String, Value>,
}

/// A delta of a block of Anthropic's Messages that is neither text nor reasoning.
#[cfg(feature = "server")]
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NotedDelta {
    /// The position of the block.
    pub(crate) block: usize,
    /// How many pieces of the block's text precede it.
    pub(crate) after: usize,
    pub(crate) delta: Value,
}

/// The event of a stream that has an item, other than the one that completes it.
#[cfg(feature = "server")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ItemPlace {
    /// When it is added.
    Added,
    /// In the whole answer at the end.
    Answer,
}

impl PartialEq for Notes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Response {
            id,
            model,
            message,
            finish_reason,
            usage,
            metadata,
            headers,
            notes: _,
        } = self;
        f.debug_struct("Response")
            .field("id", id)
            .field("model", model)
            .field("message", message)
            .field("finish_reason", finish_reason)
            .field("usage", usage)
            .field("metadata", metadata)
            .field("headers", headers)
            .finish()
    }
}

impl Response {
    /// Creates an empty response, to [`push`](Response::push) events into.
    ///
    /// ```
    /// use mock_core::Response;
    ///
    /// let response = Response::new("resp_1", "gpt-4o");
    /// assert!(response.text().is_empty() && response.finish_reason.is_none());
    /// ```
    pub fn new(id: impl Into<String>, model: impl Into<String>) -> Self {
        Response {
            id: id.into(),
            model: model.into(),
            message: Message::new(Role::Assistant, Vec::new()),
            finish_reason: None,
            usage: None,
            metadata: Map::new(),
            headers: Vec::new(),
            notes: Notes(None),
        }
    }

    /// Creates a response without an id and a model.
    pub(crate) fn empty() -> Self {
        Response::new(String::new(), String::new())
    }

    /// Sets the finish reason.
    ///
    /// ```
    /// use mock_core::{FinishReason, Message, Response};
    ///
    /// let response = Response::from(Message::assistant("Once upon")).with_finish_reason(FinishReason::Length);
    /// assert_eq!(response.finish_reason, Some(FinishReason::Length));
    /// ```
    #[must_use]
    pub fn with_finish_reason(mut self, reason: FinishReason) -> Self {
        self.finish_reason = Some(reason);
        self
    }

    /// Sets the usage.
    ///
    /// ```
    /// use mock_core::{Message, Response, Usage};
    ///
    /// let response = Response::from(Message::assistant("Hi.")).with_usage(Usage::new(11, 7));
    /// assert_eq!(response.usage, Some(Usage::new(11, 7)));
    /// ```
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }

    /// Adds a field of the answer that only the provider has.
    ///
    /// ```
    /// use mock_core::{Message, Response};
    ///
    /// let response = Response::from(Message::assistant("Hi.")).with_metadata("system_fingerprint", "fp_1");
    /// assert_eq!(response.metadata["system_fingerprint"], "fp_1");
    /// ```
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// Adds a header of the HTTP response.
    ///
    /// ```
    /// use mock_core::{Message, Response};
    ///
    /// let response = Response::from(Message::assistant("Hi.")).with_header("x-request-id", "r1");
    /// assert_eq!(response.headers[0].1, "r1");
    /// ```
    #[must_use]
    pub fn with_header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Marks the response to be sent unchanged.
    ///
    /// The mock does not fill in what is `None` or empty, and adds nothing: no finish reason and no usage where there is none, empty
    /// ids, no signature on reasoning, no `metadata` of the scenario. Over HTTP a `None` is left out or `null`; Anthropic's format
    /// requires a usage, and has zeros for `None`.
    ///
    /// ```
    /// # use mock_core::{MockProvider, Request, builder::*};
    /// use mock_core::{Message, Response};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let turn = respond_with(|_| Response::from(Message::assistant("Hi.")).verbatim());
    /// let answer = MockProvider::script([turn]).answer(Request::new("gpt-4o")).await?;
    /// assert_eq!((&*answer.id, answer.finish_reason, answer.usage), ("", None, None));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn verbatim(mut self) -> Self {
        self.notes.0.get_or_insert_default().verbatim = true;
        self
    }

    /// Whether [`verbatim`](Response::verbatim) was called.
    pub(crate) fn is_verbatim(&self) -> bool {
        self.notes.0.as_ref().is_some_and(|noted| noted.verbatim)
    }

    /// Notes that a stream says a field of the metadata once.
    #[cfg(feature = "server")]
    #[cfg_attr(not(feature = "wire"), allow(dead_code))]
    pub(crate) fn note_once(&mut self, field: &str, once: Once) {
        let noted = &mut self.notes.0.get_or_insert_default().once;
        noted.retain(|(known, _)| known != field);
        noted.push((field.to_owned(), once));
    }

    /// Where a stream says a field of the metadata that it says once; `None` of one that each chunk has.
    #[cfg(feature = "server")]
    pub(crate) fn once(&self, field: &str) -> Option<Once> {
        let noted = self.notes.0.as_deref()?;
        let noted = noted.once.find(&|(known, _)| known == field);
        noted.map(|(_, once)| *once)
    }

    /// Notes the value that a field of the metadata has at the start of a stream, if it is not the one at the end.
    #[cfg(feature = "server")]
    pub(crate) fn note_at_start(&mut self, field: &str, value: Value) {
        let noted = self.notes.0.get_or_insert_default();
        noted.at_start.push((field.to_owned(), value));
    }

    /// The values of the metadata at the start of a stream that are others at its end.
    #[cfg(feature = "server")]
    pub(crate) fn at_start(&self) -> &[(String, Value)] {
        let noted = self.notes.0.as_deref();
        noted.map(|noted| &*noted.at_start).unwrap_or_default()
    }

    /// Notes what a chunk of a stream says of a choice that is not the first.
    #[cfg(feature = "wire")]
    pub(crate) fn note_chunk(&mut self, choice: Value) {
        self.notes.0.get_or_insert_default().chunks.push(choice);
    }

    /// The fields in the chunks of a stream about choices after the first, in order.
    #[cfg(feature = "server")]
    pub(crate) fn noted_chunks(&self) -> &[Value] {
        let noted = self.notes.0.as_deref();
        noted.map(|noted| &*noted.chunks).unwrap_or_default()
    }

    /// Notes the fields that an item of a stream has only in one place.
    #[cfg(feature = "server")]
    pub(crate) fn note_item(&mut self, item: NotedItem) {
        self.notes.0.get_or_insert_default().items.push(item);
    }

    /// Notes a delta of a block, for a writer to write it at the same place.
    #[cfg(feature = "wire")]
    pub(crate) fn note_delta(&mut self, delta: NotedDelta) {
        self.notes.0.get_or_insert_default().deltas.push(delta);
    }

    /// The deltas that a writer writes among the text of their blocks, in order.
    #[cfg(feature = "server")]
    pub(crate) fn noted_deltas(&self) -> &[NotedDelta] {
        let noted = self.notes.0.as_deref();
        noted.map(|noted| &*noted.deltas).unwrap_or_default()
    }

    /// The fields that items of a stream have only in one place.
    #[cfg(feature = "server")]
    pub(crate) fn noted_items(&self) -> &[NotedItem] {
        let noted = self.notes.0.as_deref();
        noted.map(|noted| &*noted.items).unwrap_or_default()
    }

    /// Returns the answer's text.
    ///
    /// ```
    /// use mock_core::{Message, Response};
    ///
    /// assert_eq!(Response::from(Message::assistant("Hi.")).text(), "Hi.");
    /// ```
    pub fn text(&self) -> Cow<'_, str> {
        self.message.text()
    }

    /// Iterates over the tool calls, in order.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([call("get_weather", [("city", "Paris")])]);
    /// let response = llm.answer(Request::new("gpt-4o")).await?;
    /// assert_eq!(response.tool_calls().next().unwrap().arguments, r#"{"city":"Paris"}"#);
    /// # Ok(()) }
    /// ```
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.message.tool_calls()
    }

    /// Adds the next event of a stream. All events of a stream, pushed in order, give the complete answer.
    ///
    /// The arguments of a tool call go to the last call that began with their index. If no call did, a call without id and name is
    /// added for them.
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
                // Most answers have one text. A list with room for one part is smaller and faster to create.
                None => *parts = vec![Part::Text(delta)],
            },
            StreamEvent::Reasoning(delta) => match parts.last_mut() {
                // Signed reasoning is complete, so a new delta begins another part.
                Some(Part::Reasoning(reasoning)) if reasoning.signature.is_none() => {
                    reasoning.text.push_str(&delta);
                }
                _ => parts.push(Part::Reasoning(Reasoning {
                    text: delta,
                    signature: None,
                })),
            },
            StreamEvent::ReasoningSignature(signature) => match parts.last_mut() {
                Some(Part::Reasoning(reasoning)) if reasoning.signature.is_none() => {
                    reasoning.signature = Some(signature);
                }
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
            StreamEvent::ToolCallStart {
                index,
                id,
                name,
                extra,
            } => {
                let mut call = ToolCall::new(id, name, String::new());
                if let Some(extra) = extra {
                    call.extra = *extra;
                }
                self.begin_call(index, call);
            }
            StreamEvent::ToolCallDelta { index, arguments } => {
                let call = self.call_with(index);
                match call.arguments.is_empty() {
                    true => call.arguments = arguments,
                    false => call.arguments.push_str(&arguments),
                }
            }
            StreamEvent::Part(part) => match (*part, parts.last_mut()) {
                (Part::Extra(extra), Some(Part::ToolCall(call))) if !begins_an_item(&extra) => {
                    call.extra.extend(extra);
                }
                (part, _) => parts.push(part),
            },
            StreamEvent::Finish { reason, usage } => {
                self.finish_reason = reason;
                self.usage = usage;
            }
        }
    }

    fn begin_call(&mut self, index: usize, call: ToolCall) {
        let known = self.position_of(index);
        if let Some(begun) = known.and_then(|position| self.nth_call(position))
            && begun.id.is_empty()
            && begun.name.is_empty()
        {
            // The arguments came before the start of the call.
            (begun.id, begun.name, begun.extra) = (call.id, call.name, call.extra);
            return;
        }
        let position = self.tool_calls().count();
        self.message.parts.push(Part::ToolCall(call));
        let noted = self.notes.0.as_ref();
        if index != position || noted.is_some_and(|noted| !noted.indexes.is_empty()) {
            let indexes = &mut self.notes.0.get_or_insert_default().indexes;
            // Calls without a noted index have their position as index. Note those before this call.
            indexes.truncate(position);
            indexes.extend(indexes.len()..position);
            indexes.push(index);
        }
    }

    /// The last tool call that began with `index`. There is one afterwards.
    fn call_with(&mut self, index: usize) -> &mut ToolCall {
        let position = self.position_of(index).unwrap_or_else(|| {
            self.begin_call(index, ToolCall::new("", "", ""));
            self.tool_calls().count() - 1
        });
        self.nth_call(position)
            .expect("a position is that of a call")
    }

    fn position_of(&self, index: usize) -> Option<usize> {
        match self.notes.0.as_deref() {
            Some(Noted { indexes, .. }) if !indexes.is_empty() => {
                let calls = self.tool_calls().count().min(indexes.len());
                indexes[..calls].iter().rposition(|known| *known == index)
            }
            _ => (index < self.tool_calls().count()).then_some(index),
        }
    }

    fn nth_call(&mut self, position: usize) -> Option<&mut ToolCall> {
        let mut before = 0;
        for part in &mut self.message.parts {
            if let Part::ToolCall(call) = part {
                if before == position {
                    return Some(call);
                }
                before += 1;
            }
        }
        None
    }
}
