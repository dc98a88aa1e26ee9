//! Mock LLM providers for tests. The compiler checks your scenarios, and they run behind your own provider trait on virtual time.
//!
//! ```test_harness
//! use mock_core::{MockProvider, Request, mock_provider, provider_test};
//!
//! mock_provider!(
//!     Weather = openai("gpt-4o"),
//!     tools = [get_weather { city: string }],
//!     script = [
//!         on(user("weather in {city}")).call(get_weather { city: "{city}" }),
//!         fail(rate_limit { retry_after: 2s }).times(2),
//!         on(tool_result(get_weather))
//!             .stream(["It is ", "{get_weather.temp}", " °C in {city}."])
//!             .every(20ms),
//!     ],
//! );
//!
//! /// Code under test.
//! struct Agent<'a>(&'a MockProvider);
//! # impl Agent<'_> {
//! #     async fn ask(&self, text: &str) -> Result<String, mock_core::ProviderError> {
//! #         let tools = self.0.tool_definitions();
//! #         let mut request = tools.into_iter().fold(Request::new("gpt-4o").user(text), Request::with_tool);
//! #         loop {
//! #             let answer = match self.0.answer(request.clone()).await {
//! #                 Err(error) if error.is_retryable() => {
//! #                     tokio::time::sleep(error.retry_after.unwrap_or_default()).await;
//! #                     continue;
//! #                 }
//! #                 answer => answer?,
//! #             };
//! #             let Some(call) = answer.tool_calls().next() else {
//! #                 return Ok(answer.text().into_owned());
//! #             };
//! #             let result = mock_core::Message::tool(&call.id, r#"{"temp": 18}"#);
//! #             request = request.with_message(answer.message.clone()).with_message(result);
//! #         }
//! #     }
//! # }
//!
//! #[provider_test]
//! async fn the_agent_waits_out_the_rate_limit(llm: Weather) -> Result<(), mock_core::ProviderError> {
//!     let answer = Agent(&llm).ask("What is the weather in Paris?").await?;
//!
//!     assert_eq!(answer, "It is 18 °C in Paris.");
//!     assert_eq!(llm.calls().len(), 4);
//!     llm.assert_waited_retry_after();
//!     Ok(())
//! }
//! ```
//!
//! - [`mock_provider!`] declares a mock. [`#[provider_test]`](macro@provider_test) runs a test with it.
//! - [`MockProvider`] goes behind your trait: write a newtype around it that implements `From<MockProvider>` and your trait. It answers a
//!   [`Request`], records its [`calls`](MockProvider::calls), and is verified when the test ends.
//! - [`builder`] has functions that build the same scenarios at run time, [`scenario`] has their types, and [`testkit`] has helpers that
//!   many tests need.
//!
//! # The book
//!
//! - [Start here](https://example.com/mock-core/blob/main/docs/start.md) has a complete first test. [Your provider's trait](https://example.com/mock-core/blob/main/docs/adapters.md) has a newtype for each shape of trait.
//! - [Scenarios](https://example.com/mock-core/blob/main/docs/scenarios.md), [asserting](https://example.com/mock-core/blob/main/docs/asserting.md), [time](https://example.com/mock-core/blob/main/docs/time.md), [over the wire](https://example.com/mock-core/blob/main/docs/server.md), [many tests](https://example.com/mock-core/blob/main/docs/suites.md),
//!   [recordings](https://example.com/mock-core/blob/main/docs/cassettes.md) and [recipes](https://example.com/mock-core/blob/main/docs/recipes.md) show what you can write.
//! - [When something is wrong](https://example.com/mock-core/blob/main/docs/troubleshooting.md) starts from the symptom.
//! - The [grammar](https://example.com/mock-core/blob/main/docs/grammar.md) lists every word of the macros, and the [semantics](https://example.com/mock-core/blob/main/docs/semantics.md) have the exact behaviour.
//!
//! # Features
//!
//! All features are off by default.
//!
//! - `cassette`: recorded exchanges, read from files and replayed: the module `cassette`. It turns on `wire`.
//! - `compression`: the server reads request bodies in gzip, deflate, Brotli or Zstandard. It turns on `server`.
//! - `foreign-tcp`: on Linux, the paused clock sees the data on TCP connections to other servers, so it waits less for them. `server`
//!   turns it on.
//! - `gemini`: the server speaks the wires of Gemini, too. It turns on `server`.
//! - `multi-thread`: tests on tokio's multi-threaded runtime, `#[provider_test(flavor = "multi_thread", clock = "real")]`.
//! - `ollama`: the server speaks the wire of Ollama, too. It turns on `server`.
//! - `pictures`: an HTML page for each test, in the folder that `MOCK_CORE_PICTURES` names, and [`Calls::to_mermaid`](Calls).
//! - `record`: `Recorder` records exchanges with real providers into cassettes. It turns on `cassette`, which replays them.
//! - `regex`: regular expressions in place of patterns, `user(regex("(?i)paris"))`.
//! - `schema`: the JSON schemas of tools whose arguments are types of your own, by `schemars`.
//! - `serde`: `Serialize` and `Deserialize` for requests, responses, events and their parts, and `Serialize` for calls, exchanges and
//!   transcripts.
//! - `server`: `MockServer`, which serves a mock on the loopback address to unmodified clients of OpenAI and Anthropic.
//! - `sweep`: tests that run many times, each time with other faults or another seed: the options `sweep`, `seeds` and `chaos` of
//!   `#[provider_test]`.
//! - `tower`: a mock is a `tower::Service<Request>`.
//! - `tracing`: each call is a span with OpenTelemetry's names for generative AI.
//! - `wire`: the module `wire`, which reads and writes the formats of the providers. With it, a mock in process can answer with `raw(..)`
//!   and `frames(..)`. It turns on `gemini` and `ollama`.

#![cfg_attr(not(test), warn(clippy::too_many_lines))]
// Without these features, nothing calls the parts of the engine and the harness that only a server or tests with many runs need.
#![cfg_attr(
    not(all(feature = "server", feature = "sweep")),
    allow(dead_code, unreachable_pub)
)]
// The pages of the documentation show which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod chat;
mod plural;
// Without the feature `server`, parts of the engine are unused.
mod engine;
mod environment_variables;
mod harness;
mod hide_secrets;
mod journal;
mod lock;
mod mock;
#[cfg(feature = "pictures")]
mod pictures;
mod private;
#[cfg(feature = "cassette")]
mod record;
#[cfg(feature = "cassette")]
mod recorded_api;
#[cfg(feature = "cassette")]
mod replay_cassette;
mod report;
mod runtime;
#[cfg(feature = "cassette")]
mod script_source;
mod sealed;
mod search;
#[cfg(feature = "server")]
mod server;
mod shuttle_locks;
mod similar_words;
mod sort_and_group;
#[cfg(feature = "tracing")]
mod telemetry;
#[cfg(test)]
mod test_effort;
mod timings;
#[cfg(feature = "tower")]
mod tower;
mod transcript;

pub mod builder;
#[cfg(feature = "cassette")]
pub mod cassette;
pub mod scenario;
pub mod testkit;
#[cfg(feature = "wire")]
pub mod wire;
// The server uses only a part of the wires.
#[cfg(all(feature = "server", not(feature = "wire")))]
#[allow(dead_code, unreachable_pub, unused_imports)]
mod wire;

/// Declares a mock of an LLM provider.
///
/// With a name, it is an item: a struct with `new()`, `Default`, `Clone` and `Debug` that derefs to [`MockProvider`]. Without a name, it is
/// an expression of type [`MockProvider`].
///
/// ```
/// use mock_core::{Request, builder::ms, mock_provider};
///
/// mock_provider!(
///     Weather = openai("gpt-4o"),
///     latency = 80ms,
///     script = [
///         on(user("weather in {city}")).reply("It is 18 °C in {city}."),
///         fail(rate_limit { retry_after: 2s }),
///     ],
///     otherwise = reply("Ask me about the weather."),
/// );
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() -> Result<(), mock_core::ProviderError> {
/// let weather = Weather::new();
/// let ask = |text: &str| weather.answer(Request::new("gpt-4o").user(text));
///
/// assert_eq!(ask("What is the weather in Paris?").await?.text(), "It is 18 °C in Paris.");
/// assert_eq!(ask("And in Rome?").await.unwrap_err().status, Some(429));
/// assert_eq!(ask("Hello").await?.text(), "Ask me about the weather.");
/// assert_eq!(weather.calls()[0].duration(), Some(ms(80)));
///
/// let greeter = mock_provider!(reply("Hi.").forever());
/// assert_eq!(greeter.answer(Request::default()).await?.text(), "Hi.");
/// # Ok(()) }
/// ```
///
/// A turn consists of matchers, `on(matcher, ..)`, then actions, then modifiers. Each word is documented at the function of the same name in
/// [`builder`].
///
/// - Matchers: [`user`](builder::user), [`any_user_message`](builder::any_user_message), [`system`](builder::system), [`model`](builder::model),
///   [`tool_result`](builder::tool_result), [`has_tool`](builder::has_tool), [`any_of`](builder::any_of), [`all_of`](builder::all_of),
///   [`not`](builder::not), [`when`](builder::when).
/// - Actions: [`reply`](builder::reply), [`stream`](builder::stream), [`reasoning`](builder::reasoning)
///   with its `.signature(..)`, [`refusal`](builder::refusal), [`json`](builder::json), [`call`](builder::call),
///   [`respond_with`](builder::respond_with), [`embed`](builder::embed), [`gate`](builder::gate), [`driven`](builder::driven), [`hang`](builder::hang),
///   [`fail`](builder::fail) with a kind of failure.
/// - Modifiers: `.times(2)`, `.forever()`, `.ttft(300ms)`, `.every(20ms)`, `.tokens_per_second(50)`, `.split(chars(4))`,
///   `.pieces(3)`, `.finish(length)`, `.usage(11, 7)`, `.keepalive(10s)`, `.flush(each)`, `.named(first)`, and the faults `.cut_after(n)`, `.end_after(n)`,
///   `.stall_after(n)`, `.error_after(n, kind)`, `.malformed_after(n)`: methods of [`Turn`](scenario::Turn).
///
/// Texts are templates: `{city}` is a capture of a matcher, `{user}` is the user's last message, and `{get_weather.temp}` is a field of a
/// tool's result. A time is a literal with a unit (`us`, `ms`, `s`, `m`, `h`) or an expression of type `Duration`.
pub use mock_macros::mock_provider;
/// Turns an async fn into a test. It injects mocks, pauses tokio's clock, and verifies the scripts when the test ends.
///
/// ```test_harness
/// use mock_core::{MockProvider, Request, TestClock, mock_provider, provider_test};
///
/// mock_provider!(Greeter, script = [reply("Hi.").ttft(60s)]);
///
/// #[provider_test(timeout = 5m)]
/// async fn greets(llm: Greeter, clock: TestClock, #[mock(fail(auth))] locked: MockProvider) {
///     let hello = || Request::new("gpt-4o").user("Hello");
///
///     assert_eq!(llm.answer(hello()).await.unwrap().text(), "Hi.");
///     assert_eq!(clock.elapsed().as_secs(), 60); // and no real time
///     assert!(locked.answer(hello()).await.is_err());
/// }
/// ```
///
/// The fn returns `()` or a `Result` whose error implements `Debug`. An argument is one of these:
///
/// - a mock that [`mock_provider!`] declares, by its type; each argument is a new mock; also `&T`, `&mut T` or `Arc<T>` of it;
/// - with `#[mock(..)]`, any type that implements `From<MockProvider>`, or [`FromMock`] if making it can fail. It is made from a declared
///   mock, `#[mock(Greeter)]`, or from a scenario, `#[mock(reply("Hi."))]`; also `&T` or `Arc<T>` of it;
/// - the [`TestClock`], which reads, holds and advances the test's clock;
/// - a [`TestDir`], an empty folder, and the [`TestJournal`], the calls of all mocks;
/// - the [`TestSeed`], which seeds all random choices in the test;
/// - a `Recorder`, with the feature `cassette`: the recording of the test;
/// - a type of yours that implements [`FromTest`].
///
/// # Panics
///
/// The test fails if its body panics, returns an `Err` or exceeds its time-out, if a request does not match the script of a mock, or if a turn
/// is not used. With `#[should_panic]`, it fails unless its body panics, and mocks are not verified.
pub use mock_macros::provider_test;

pub use chat::count_tokens::count_tokens;
pub use chat::embedding::{EmbeddingInput, EmbeddingRequest, EmbeddingResponse};
pub use chat::error::{ProviderError, RawResponse};
pub use chat::error_kind::ErrorKind;
pub use chat::event::StreamEvent;
pub use chat::finish_and_usage::{FinishReason, Usage};
pub use chat::message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
pub use chat::provider::{BoxEventStream, Provider};
pub use chat::request::{Request, ToolDefinition};
pub use chat::response::{IntoResponse, Response};
pub use chat::unknown_name::UnknownName;
pub use engine::{EmbeddingFuture, EventStream, EventStreamFuture, ResponseFuture};
pub use harness::{
    FromMock, FromTest, HeldClock, Test, TestClock, TestDir, TestJournal, TestOutcome, TestSeed,
};
pub use journal::calls::{Call, Calls, CallsIter, Outcome};
pub use mock::MockProvider;
pub use mock::driver::Driver;
pub use mock::gate::Gate;
#[cfg(feature = "cassette")]
pub use record::{RecordError, RecordMode, RecordProblem, Recorder};
pub use report::{Problem, ProblemKind, Report};
pub use scenario::{Allow, Capabilities};
#[cfg(feature = "server")]
pub use server::{Ending, Exchange, MockServer};
pub use timings::{CallTimings, Timings};
pub use transcript::Transcript;

/// The items that the expansions of the macros use. They are not part of the public interface: any release may change them. The version in
/// the name keeps the macros of another release away from them.
#[doc(hidden)]
pub mod __private_0_1_0 {
    pub use crate::private::*;
}
