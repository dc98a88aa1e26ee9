//! Helpers that many tests need: ready-made mocks, test conversations, collected streams, and assertions on answers.
//!
//! ```
//! use mock_core::{MockProvider, Request, builder::*, testkit::*};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
//! let llm = failing_mock(rate_limit().retry_after(secs(60)), 1);
//! let request = Request::new("gpt-4o").with_messages(test_messages("Hello"));
//!
//! assert_valid_response(&llm.answer(request.clone()).await?);
//! assert!(llm.answer(request).await.is_err());
//! # Ok(()) }
//! ```
//!
//! You can call a ready-made mock any number of times, or not at all: an unused turn does not fail the test. If the conversation matters,
//! write a script.

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

use std::future::poll_fn;
use std::ops::DerefMut;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_core::Stream;
use serde_core::Serialize;

use crate::builder::{IntoArguments, fail, reply, stream};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::message::{Message, Part, Role, ToolCall};
use crate::chat::response::Response;
use crate::engine::EventStream;
use crate::mock::MockProvider;
use crate::scenario::{Failure, IntoStr, IntoText};
use crate::sealed::Sealed;
use crate::search::Search;

/// A mock that always answers with this text.
///
/// # Panics
/// If a literal is not a template.
///
/// ```
/// use mock_core::{Request, testkit::simple_mock};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = simple_mock("You said: {user}");
/// let answer = llm.answer(Request::new("gpt-4o").user("hello")).await?;
/// assert_eq!(answer.text(), "You said: hello");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn simple_mock(text: impl IntoText) -> MockProvider {
    MockProvider::script([reply(text).times(0..)])
}

/// A mock that always answers with these pieces of text, with this delay before each.
///
/// # Panics
/// If there are no pieces, or a literal is not a template.
///
/// ```
/// use mock_core::{Request, builder::ms, testkit::streaming_mock};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = streaming_mock(["Hel", "lo"], ms(20));
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Hello");
/// assert_eq!(llm.calls()[0].duration(), Some(ms(40)));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn streaming_mock<T: IntoText>(
    pieces: impl IntoIterator<Item = T>,
    delay: Duration,
) -> MockProvider {
    MockProvider::script([stream(pieces).ttft(delay).every(delay).times(0..)])
}

/// A mock that answers `successes` times with `Success call 1`, `Success call 2`, …, and then always fails.
///
/// # Panics
/// If the failure cannot be played: for example, if it has a `retry_after`, and its kind takes none.
///
/// ```
/// use mock_core::{ErrorKind, Request, builder::timeout, testkit::failing_mock};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = failing_mock(timeout(), 1);
///
/// let response = llm.answer(Request::new("gpt-4o")).await?;
/// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
///
/// assert_eq!(response.text(), "Success call 1");
/// assert_eq!(error.kind, ErrorKind::Timeout);
/// # Ok(()) }
/// ```
#[track_caller]
#[inline]
pub fn failing_mock(failure: Failure, successes: u32) -> MockProvider {
    let mut turns = Vec::new();
    if successes > 0 {
        turns.push(reply("Success call {call}").times(0..=successes));
    }
    turns.push(fail(failure).times(0..));
    MockProvider::script(turns)
}

/// A mock that always answers with this text and these tool calls, each a name and its arguments.
///
/// # Panics
/// If a literal, or a text in the arguments, is not a template.
///
/// ```
/// use mock_core::{Request, testkit::tool_calling_mock};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = tool_calling_mock("Searching...", [("search", [("query", "rust")])]);
///
/// let response = llm.answer(Request::new("gpt-4o")).await?;
///
/// let calls: Vec<_> = response.tool_calls().collect();
/// assert_eq!((&*calls[0].name, &*calls[0].arguments), ("search", r#"{"query":"rust"}"#));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn tool_calling_mock<N: IntoStr, A: IntoArguments>(
    text: impl IntoText,
    calls: impl IntoIterator<Item = (N, A)>,
) -> MockProvider {
    let mut turn = reply(text).times(0..);
    for (tool, arguments) in calls {
        turn = turn.call(tool, arguments);
    }
    MockProvider::script([turn])
}

/// A conversation that has just begun: `You are a helpful assistant.`, and this text of the user.
///
/// ```
/// use mock_core::{Request, testkit::test_messages};
///
/// let request = Request::new("gpt-4o").with_messages(test_messages("Hello"));
/// assert_eq!(request.user_text().as_deref(), Some("Hello"));
/// ```
pub fn test_messages(text: impl Into<String>) -> Vec<Message> {
    vec![
        Message::system("You are a helpful assistant."),
        Message::user(text),
    ]
}

/// A tool call as a model makes it. Its id is `call_` and eight hexadecimal digits. They depend only on the name and the arguments, so the
/// id is the same in every run.
///
/// # Panics
/// If the arguments cannot be written as JSON.
///
/// ```
/// use mock_core::{Message, testkit::test_tool_call};
///
/// let call = test_tool_call("search", &serde_json::json!({"query": "rust"}));
///
/// assert_eq!(call.arguments, r#"{"query":"rust"}"#);
/// let result = Message::tool(&call.id, "[]");
/// let asked = Message::assistant("").with_tool_calls([call]);
/// # let _ = (asked, result);
/// ```
#[track_caller]
pub fn test_tool_call(name: impl Into<String>, arguments: &impl Serialize) -> ToolCall {
    let name = name.into();
    let arguments = match serde_json::to_string(arguments) {
        Ok(arguments) => arguments,
        Err(error) => panic!("the arguments of `{name}` cannot be written as JSON: {error}"),
    };
    let id = format!("call_{:08x}", digest(&[&name, &arguments]));
    ToolCall::new(id, name, arguments)
}

/// FNV-1a, which std promises of no hasher to stay the same.
#[inline]
fn digest(texts: &[&str]) -> u32 {
    let mut digest: u32 = 0x811c_9dc5;
    let mut add = |byte: u8| digest = (digest ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    for text in texts {
        text.bytes().for_each(&mut add);
        add(0);
    }
    digest
}

/// A stream that was read to its end.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*, testkit::collect};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([stream(["It is ", "18 °C."]).cut_after(1)]);
///
/// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
/// assert_eq!(answer.pieces(), ["It is "]);
/// assert_eq!(answer.response.text(), "It is ");
/// assert!(answer.error().is_some());
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Collected {
    /// The items of the stream, in order.
    pub items: Vec<Result<StreamEvent, ProviderError>>,
    /// The answer that the events add up to. If the stream failed, the part of the answer before the failure.
    pub response: Response,
}

impl Collected {
    /// Returns the pieces of the answer's text, in order.
    ///
    /// ```
    /// use mock_core::{Request, testkit::{collect, simple_mock}};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = simple_mock("One two.");
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.pieces(), ["One ", "two."]);
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn pieces(&self) -> Vec<&str> {
        let mut pieces = Vec::new();
        for item in &self.items {
            if let Ok(StreamEvent::Text(text)) = item {
                pieces.push(text.as_str());
            }
        }
        pieces
    }

    #[inline]
    fn push(&mut self, item: Result<StreamEvent, ProviderError>) {
        if let Ok(event) = &item {
            self.response.push(event.clone());
        }
        self.items.push(item);
    }

    /// Returns the error with which the stream failed, if it did.
    ///
    /// ```
    /// use mock_core::{ErrorKind, MockProvider, Request, builder::*, testkit::collect};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("One two.").cut_after(1)]);
    /// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
    /// assert_eq!(answer.error().map(|error| error.kind), Some(ErrorKind::Connection));
    /// assert_eq!(answer.response.text(), "One ");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn error(&self) -> Option<&ProviderError> {
        self.items.iter().find_map(|item| item.as_ref().err())
    }
}

/// A stream of the events of an answer, for [`collect`]: an [`EventStream`], or any other stream that is pinned, such as a
/// [`BoxEventStream`](crate::BoxEventStream).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be collected",
    label = "not an `EventStream`, and not a pinned stream of events",
    note = "pin it: `collect(Box::pin(stream))`"
)]
pub trait AnswerEvents: Sealed + Stream<Item = Result<StreamEvent, ProviderError>> {
    /// Returns what is known of the answer before its first event: its id and its model. By default, both are empty.
    fn head(&self) -> Response {
        Response::new("", "")
    }
}

impl Sealed for EventStream {}

impl<P> Sealed for Pin<P> {}

impl AnswerEvents for EventStream {
    fn head(&self) -> Response {
        self.empty_response()
    }
}

impl<P> AnswerEvents for Pin<P>
where
    P: DerefMut + Unpin,
    P::Target: Stream<Item = Result<StreamEvent, ProviderError>>,
{
}

/// Reads a stream to its end. The events do not contain the id and the model of the answer: they are known for an [`EventStream`], and
/// empty for any other stream.
///
/// ```
/// use mock_core::{Request, builder::ms, testkit::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = streaming_mock(["Hel", "lo"], ms(0));
///
/// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
///
/// assert_eq!(answer.pieces(), ["Hel", "lo"]);
/// assert_eq!(answer.response.text(), "Hello");
/// assert_valid_stream(&answer.items);
/// # Ok(()) }
/// ```
pub async fn collect(stream: impl AnswerEvents) -> Collected {
    let mut collected = Collected {
        items: Vec::new(),
        response: stream.head(),
    };
    let mut stream = pin!(stream);
    while let Some(item) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        collected.push(item);
    }
    collected
}

/// Asserts that an answer is complete: it is the assistant's, it has a text, a refusal or a tool call, and it has a finish reason and a
/// usage.
///
/// # Panics
/// If it is not complete. The message has the reason.
///
/// ```
/// use mock_core::{Request, testkit::{assert_valid_response, simple_mock}};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let answer = simple_mock("Hi.").answer(Request::new("gpt-4o")).await?;
/// assert_valid_response(&answer);
/// # Ok(()) }
/// ```
#[track_caller]
#[inline]
pub fn assert_valid_response(response: &Response) {
    let says = |part: &Part| match part {
        Part::Text(text) | Part::Refusal(text) => !text.is_empty(),
        Part::ToolCall(_) => true,
        _ => false,
    };
    let message = &response.message;
    let problem = if message.role != Role::Assistant {
        format!("its role is `{}`, not `assistant`", message.role.as_str())
    } else if !message.parts.any(&says) {
        "it has no text, no refusal and no tool call".to_owned()
    } else if response.finish_reason.is_none() {
        "it has no finish reason: it broke off".to_owned()
    } else if response.usage.is_none() {
        "it has no usage".to_owned()
    } else {
        return;
    };
    panic!("not a valid response: {problem}\n{response:#?}");
}

/// Asserts that these are the items of a complete stream: none of them is a failure, and only the last one is the finish.
///
/// # Panics
/// If they are not. The message has the reason and the number of the item, counted from 1.
///
/// ```
/// use mock_core::{Request, testkit::{assert_valid_stream, collect, simple_mock}};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let stream = simple_mock("Hi.").answer_stream(Request::new("gpt-4o")).await?;
/// assert_valid_stream(&collect(stream).await.items);
/// # Ok(()) }
/// ```
#[track_caller]
#[inline]
pub fn assert_valid_stream(items: &[Result<StreamEvent, ProviderError>]) {
    if let Err(problem) = check_stream(items) {
        panic!("not a valid stream: {problem}\n{items:#?}");
    }
}

#[inline]
fn check_stream(items: &[Result<StreamEvent, ProviderError>]) -> Result<(), String> {
    let count = items.len();
    let is_end = |item: &Result<_, _>| matches!(item, Err(_) | Ok(StreamEvent::Finish { .. }));
    let Some(end) = items.position(&is_end) else {
        return Err(match count {
            0 => "it is empty".to_owned(),
            _ => format!("none of its {count} items is the finish"),
        });
    };
    let number = end + 1;
    if number < count {
        let end = items[end].as_ref().map_or("failure", StreamEvent::name);
        let next = items[number].as_ref().map_or("failure", StreamEvent::name);
        return Err(format!(
            "item {} of {count}, a {next}, comes after the {end}",
            number + 1
        ));
    }
    match &items[end] {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "item {number} of {count} is a failure ({}): {error}",
            error.kind
        )),
    }
}

#[cfg(test)]
mod tests;
