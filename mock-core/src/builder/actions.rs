//! The actions of a turn, as functions that begin one.

use std::time::Duration;

use super::{IntoArguments, IntoMatchers};
use crate::chat::request::Request;
use crate::chat::response::IntoResponse;
use crate::scenario::{Failure, IntoPieces, IntoStr, IntoText, SourceLocation, Turn};

/// Begins a turn that answers only requests for which all these matchers hold: one matcher, or an array of them.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([on([user("weather"), model("gpt-4*")]).reply("It is sunny.")]);
///
/// let request = Request::new("gpt-4o").user("How is the weather?");
/// assert_eq!(llm.answer(request).await?.text(), "It is sunny.");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn on(matchers: impl IntoMatchers) -> Turn {
    Turn {
        matchers: matchers.into_matchers().into(),
        ..turn()
    }
}

/// Begins a turn that answers with a text. See [`Turn::reply`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.text(), "Hi.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a literal is not a valid template.
#[track_caller]
pub fn reply(text: impl IntoText) -> Turn {
    turn().reply(text)
}

/// Begins a turn that answers with reasoning. See [`Turn::reasoning`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reasoning("Let me see.").reply("Yes.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.text(), "Yes.");
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a literal is not a valid template.
#[track_caller]
pub fn reasoning(text: impl IntoPieces) -> Turn {
    turn().reasoning(text)
}

/// Begins a turn that answers with a refusal. See [`Turn::refusal`].
///
/// ```
/// use mock_core::{MockProvider, Part, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([refusal("I cannot say.")]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.message.parts[0], Part::Refusal("I cannot say.".into()));
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a literal is not a valid template.
#[track_caller]
pub fn refusal(text: impl IntoPieces) -> Turn {
    turn().refusal(text)
}

/// Begins a turn that answers with these pieces of text. See [`Turn::stream`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
/// use mock_core::testkit::collect;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([stream(["Hel", "lo"])]);
///
/// let answer = collect(llm.answer_stream(Request::new("gpt-4o")).await?).await;
/// assert_eq!(answer.pieces(), ["Hel", "lo"]);
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a literal is not a valid template.
#[track_caller]
pub fn stream<T: IntoText>(pieces: impl IntoIterator<Item = T>) -> Turn {
    turn().stream(pieces)
}

/// Begins a turn that calls a tool. See [`Turn::call`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([call("search", [("query", "rust")])]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// let call = answer.tool_calls().next().unwrap();
/// assert_eq!((&*call.name, &*call.arguments), ("search", r#"{"query":"rust"}"#));
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text in the arguments is not a valid template.
#[track_caller]
pub fn call(tool: impl IntoStr, arguments: impl IntoArguments) -> Turn {
    turn().call(tool, arguments)
}

/// Begins a turn that answers with JSON. See [`Turn::json`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([json([("city", "Paris")])]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.text(), r#"{"city":"Paris"}"#);
/// # Ok(()) }
/// ```
///
/// # Panics
/// If a text in it is not a valid template.
#[track_caller]
pub fn json(value: impl IntoArguments) -> Turn {
    turn().json(value)
}

/// Begins a turn that answers with the return value of a closure. See [`Turn::respond_with`].
///
/// ```
/// use mock_core::{Message, MockProvider, Request, Response, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([respond_with(|request| {
///     Response::from(Message::assistant(format!("You sent {} messages.", request.messages.len())))
/// })]);
///
/// let answer = llm.answer(Request::new("gpt-4o").user("Hello")).await?;
/// assert_eq!(answer.text(), "You sent 1 messages.");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn respond_with<A: IntoResponse>(
    respond: impl Fn(&Request) -> A + Send + Sync + 'static,
) -> Turn {
    turn().respond_with(respond)
}

/// Begins a turn that answers with exactly this HTTP body. See [`Turn::raw`].
///
/// ```
/// use mock_core::builder::*;
///
/// let rules = [on(path("GET /v1/files")).raw("[]")];
/// assert!(script([]).rules(rules).check().is_ok());
/// ```
#[track_caller]
pub fn raw(body: impl IntoStr) -> Turn {
    turn().raw(body)
}

/// Begins a turn that answers with exactly these frames. See [`Turn::frames`].
///
/// ```
/// use mock_core::builder::*;
///
/// let turn = frames(["data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"]);
/// assert!(script([turn]).check().is_ok());
/// ```
#[track_caller]
pub fn frames<F: IntoStr>(frames: impl IntoIterator<Item = F>) -> Turn {
    turn().frames(frames)
}

/// Begins a turn that answers with the awaited value of an async closure. See [`Turn::respond_with_async`].
///
/// ```
/// use mock_core::{Message, MockProvider, Request, Response, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([respond_with_async(|request| async move {
///     tokio::task::yield_now().await;
///     Response::from(Message::assistant(request.model))
/// })]);
///
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "gpt-4o");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn respond_with_async<A, F>(respond: impl Fn(Request) -> F + Send + Sync + 'static) -> Turn
where
    A: IntoResponse,
    F: Future<Output = A> + Send + 'static,
{
    turn().respond_with_async(respond)
}

/// Begins a turn that never answers. See [`Turn::hang`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([hang()]);
///
/// let answer = llm.answer(Request::new("gpt-4o"));
/// assert!(tokio::time::timeout(secs(60), answer).await.is_err());
/// # Ok(()) }
/// ```
#[track_caller]
pub fn hang() -> Turn {
    turn().hang()
}

/// Begins a turn that first sends nothing for this time. See [`Turn::pause`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([pause(secs(2)).reply("Hi.")]);
///
/// llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(llm.calls()[0].duration(), Some(secs(2)));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn pause(time: Duration) -> Turn {
    turn().pause(time)
}

/// Begins a turn that waits until the test opens a gate. See [`Turn::gate`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([gate("door").reply("Come in.")]);
///
/// llm.gate("door").open();
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Come in.");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn gate(name: impl IntoStr) -> Turn {
    turn().gate(name)
}

/// Begins a turn that emits the events that the test pushes. See [`Turn::driven`].
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([driven("live")]);
///
/// llm.driver("live").text("Hi.");
/// llm.driver("live").finish();
/// assert_eq!(llm.answer(Request::new("gpt-4o")).await?.text(), "Hi.");
/// # Ok(()) }
/// ```
#[track_caller]
pub fn driven(name: impl IntoStr) -> Turn {
    turn().driven(name)
}

/// Begins a turn that fails. See [`Turn::fail`].
///
/// ```
/// use mock_core::{ErrorKind, MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([fail(overloaded())]);
///
/// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
/// assert_eq!((error.kind, error.status), (ErrorKind::Overloaded, Some(503)));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn fail(failure: Failure) -> Turn {
    turn().fail(failure)
}

#[track_caller]
pub(super) fn turn() -> Turn {
    Turn {
        place: SourceLocation::caller(),
        ..Turn::EMPTY
    }
}
