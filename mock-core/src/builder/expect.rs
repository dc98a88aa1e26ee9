//! What is expected of all calls of a mock, beside its script. The functions make [`Expectation`]s for
//! [`Scenario::expect`](crate::scenario::Scenario::expect), which are checked when the mock is verified, and for
//! [`Calls::assert`](crate::Calls::assert), which checks one at once.
//!
//! ```
//! use mock_core::{MockProvider, Request, builder::*};
//!
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
//! let expected = [expect::calls(1..=3), expect::sent(system("brief")), expect::tokens(..=4_000)];
//! let llm = MockProvider::new(script([reply("Yes.").times(0..)]).expect(expected));
//!
//! llm.answer(Request::new("gpt-4o").system("Be brief.").user("Is it raining?")).await?;
//! llm.calls().assert(expect::never_sent(has_tool("search")));
//! # Ok(()) }
//! ```

use std::time::Duration;

use serde_json::Value;

use crate::scenario::{Bounds, Expectation, Expected, IntoStr, Matcher, SourceLocation};

#[track_caller]
fn expectation(kind: Expected) -> Expectation {
    Expectation {
        place: SourceLocation::caller(),
        kind,
    }
}

/// The mock gets this many calls: a number or a range. All calls count, also those that fail.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.").times(0..)]);
/// llm.answer(Request::new("gpt-4o")).await?;
///
/// llm.calls().assert(expect::calls(1));
/// llm.calls().assert(expect::calls(..=4));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn calls(range: impl Into<Bounds>) -> Expectation {
    expectation(Expected::Calls(range.into()))
}

/// The matcher holds for at least one request.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o").system("Be terse.").user("hello")).await?;
///
/// llm.calls().assert(expect::sent(system("terse")));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn sent(matcher: Matcher) -> Expectation {
    expectation(Expected::Sent(matcher))
}

/// The matcher holds for no request.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o").user("hello")).await?;
///
/// llm.calls().assert(expect::never_sent(any_user_message("password")));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn never_sent(matcher: Matcher) -> Expectation {
    expectation(Expected::NeverSent(matcher))
}

/// At least one request offers this tool to the model.
///
/// ```
/// use mock_core::{MockProvider, Request, ToolDefinition, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o").with_tool(ToolDefinition::new("search"))).await?;
///
/// llm.calls().assert(expect::offered("search"));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn offered(tool: impl IntoStr) -> Expectation {
    expectation(Expected::Offered(tool.into_str()))
}

/// At least one request has a result of this tool that contains this JSON: each field of an object, and every other value as it is. A text
/// is also compared with a result that is not JSON.
///
/// ```
/// use mock_core::{Message, MockProvider, Request, builder::*};
/// use serde_json::json;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([call("get_weather", [("city", "Paris")]), reply("It is 18 °C.")]);
/// let request = Request::new("gpt-4o").user("What is the weather in Paris?");
/// let answer = llm.answer(request.clone()).await?;
/// let id = &answer.tool_calls().next().unwrap().id;
/// let result = Message::tool(id, r#"{"temp": 18, "wind": 3}"#);
/// llm.answer(request.with_message(answer.message.clone()).with_message(result)).await?;
///
/// llm.calls().assert(expect::result("get_weather", json!({"temp": 18})));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn result(tool: impl IntoStr, value: impl Into<Value>) -> Expectation {
    expectation(Expected::Result {
        tool: tool.into_str(),
        value: value.into().to_string().into(),
    })
}

/// The first result of one tool came before the first result of another. Both have to come.
///
/// ```
/// use mock_core::{Message, MockProvider, Request, ToolCall, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Done.")]);
/// let calls = [ToolCall::new("1", "search", "{}"), ToolCall::new("2", "fetch", "{}")];
/// let request = Request::new("gpt-4o")
///     .with_message(Message::assistant("").with_tool_calls(calls))
///     .with_messages([Message::tool("1", "3 pages"), Message::tool("2", "a page")]);
/// llm.answer(request).await?;
///
/// llm.calls().assert(expect::order("search", "fetch"));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn order(first: impl IntoStr, second: impl IntoStr) -> Expectation {
    expectation(Expected::Order(first.into_str(), second.into_str()))
}

/// All calls are over within this time on tokio's clock, counted from the start of the first call to the end of the last one. A call that
/// has not ended does not meet it.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::new(script([reply("Hi.")]).latency(secs(2)));
/// llm.answer(Request::new("gpt-4o")).await?;
///
/// llm.calls().assert(expect::within(secs(2)));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn within(time: Duration) -> Expectation {
    expectation(Expected::Within(time))
}

/// The tokens of all answers, those of their prompts included, add up to a number in this range. A call without usage, such as one that
/// failed, adds none.
///
/// ```
/// use mock_core::{MockProvider, Request, Usage, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.").usage(Usage::new(11, 7)).times(2)]);
/// for _ in 0..2 {
///     llm.answer(Request::new("gpt-4o")).await?;
/// }
///
/// llm.calls().assert(expect::tokens(36));
/// llm.calls().assert(expect::tokens(..=4_000));
/// # Ok(()) }
/// ```
#[track_caller]
pub fn tokens(range: impl Into<Bounds>) -> Expectation {
    expectation(Expected::Tokens(range.into()))
}

/// The caller honoured each `retry_after`, and there was at least one to honour, as for
/// [`assert_waited_retry_after`](crate::MockProvider::assert_waited_retry_after).
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let turns = [fail(rate_limit().retry_after(secs(2))), reply("Hi.")];
/// let llm = MockProvider::new(script(turns).expect([expect::waited_retry_after()]));
///
/// let error = llm.answer(Request::new("gpt-4o")).await.unwrap_err();
/// tokio::time::sleep(error.retry_after.unwrap()).await;
/// llm.answer(Request::new("gpt-4o")).await?;
/// # Ok(()) }
/// ```
#[track_caller]
pub fn waited_retry_after() -> Expectation {
    expectation(Expected::WaitedRetryAfter)
}

/// Every call received its answer, which may be a failure: none was dropped before its end, and none is in flight.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Hi.")]);
/// llm.answer(Request::new("gpt-4o")).await?;
///
/// llm.calls().assert(expect::every_call_answered());
/// # Ok(()) }
/// ```
#[track_caller]
pub fn every_call_answered() -> Expectation {
    expectation(Expected::EveryCallAnswered)
}

/// The caller drops a call before its end, and starts no other after that. It is not met if no call was dropped.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// let llm = MockProvider::new(script([reply("Hi.")]).latency(secs(9)));
/// let answer = llm.answer(Request::new("gpt-4o"));
/// assert!(tokio::time::timeout(secs(1), answer).await.is_err());
///
/// llm.calls().assert(expect::nothing_after_cancel());
/// # }
/// ```
#[track_caller]
pub fn nothing_after_cancel() -> Expectation {
    expectation(Expected::NothingAfterCancel)
}

/// Each request of a conversation begins with the exact text of the request before it: its tools, its instructions, and each message.
/// Providers cache prompts only then. Retries and `cache_control` are left out.
///
/// This needs the bodies of the requests as they came, so it holds over the wire only: in process, a call fails with
/// [`Unsupported`](crate::ErrorKind::Unsupported). A server keeps bodies only for a mock that expects this.
///
/// ```
/// use mock_core::{MockProvider, builder::*};
///
/// let scenario = script([reply("Hi.").times(0..)]).expect([expect::prompt_prefix_stable()]);
/// let llm = MockProvider::new(scenario); // and serve it with `MockServer`
/// assert!(llm.verify().is_ok());
/// ```
#[track_caller]
pub fn prompt_prefix_stable() -> Expectation {
    expectation(Expected::PromptPrefixStable)
}
