//! Mocks for LLM providers: scenarios checked by the compiler, played behind your own provider trait on virtual time.
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
//! #         let mut request = tools.into_iter().fold(Request::new("gpt-4o").user(text), Request::tool);
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
//! #             request = request.message(answer.message.clone()).message(result);
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
//! - [`mock_provider!`] declares a mock, and [`#[provider_test]`](macro@provider_test) runs a test of it.
//! - [`MockProvider`] is what goes behind your trait: a newtype around it, and `From<MockProvider>`. It answers a [`Request`], keeps a
//!   journal of its [`calls`](MockProvider::calls), and is verified at the test's end.
//! - [`builder`] makes scenarios from functions, [`scenario`] is what they are made of, and [`testkit`] has what tests write again and
//!   again.
//!
//! # Features
//!
//! None is on by default.
//!
//! - `regex`: regular expressions in place of patterns, `user(regex("(?i)paris"))`.
//! - `schema`: the JSON schemas of tools whose arguments are types of your own, by `schemars`.
//! - `serde`: `Serialize` and `Deserialize` for requests, responses, events and what is in them. `server` turns it on.
//! - `server`: `MockServer`, which serves a mock on the loopback address to unmodified clients of OpenAI and Anthropic, and the module
//!   `wire`, which reads and writes their formats.
//! - `tower`: a mock is a `tower::Service<Request>`.

mod clock;
mod conversation;
// Some of it is for servers only.
#[cfg_attr(not(feature = "server"), allow(dead_code))]
mod engine;
mod environment;
mod error;
mod event;
mod finish;
mod gate;
mod harness;
#[doc(hidden)]
mod into;
mod journal;
mod kind;
mod message;
mod mock;
mod nanos;
#[doc(hidden)]
mod parts;
mod profile;
mod provider;
mod report;
mod request;
mod response;
mod secret;
#[cfg(feature = "server")]
mod server;
mod signals;
mod sync;
mod test_context;
#[cfg(feature = "tower")]
mod tower;
mod verdict;
mod words;

pub mod builder;
pub mod scenario;
pub mod testkit;
#[cfg(feature = "server")]
pub mod wire;

/// Declares a mock of an LLM provider.
///
/// With a name it declares a type, which stands where items stand: a struct with `new()`, `Default`, `Clone` and `Debug`, which
/// derefs to [`MockProvider`]. Without a name it is an expression of the type [`MockProvider`].
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
/// A turn is `on(matcher, ..)`, what it answers with, and how: each word is a function of [`builder`] with the same name, and is
/// documented there.
///
/// - Matchers: [`user`](builder::user), [`said`](builder::said), [`system`](builder::system), [`model`](builder::model),
///   [`tool_result`](builder::tool_result), [`has_tool`](builder::has_tool), [`any_of`](builder::any_of), [`not`](builder::not),
///   [`when`](builder::when).
/// - Actions: [`reply`](builder::reply), [`stream`](builder::stream), [`reasoning`](builder::reasoning)
///   with its `.signature(..)`, [`refusal`](builder::refusal), [`json`](builder::json), [`call`](builder::call),
///   [`respond_with`](builder::respond_with), [`gate`](builder::gate), [`driven`](builder::driven), [`hang`](builder::hang),
///   [`fail`](builder::fail) with a kind of failure.
/// - Modifiers: `.times(2)`, `.forever()`, `.ttft(300ms)`, `.every(20ms)`, `.tokens_per_second(50)`, `.split(chars(4))`,
///   `.pieces(3)`, `.finish(length)`, `.usage(11, 7)`, `.named(first)`, and the faults `.cut_after(n)`, `.end_after(n)`,
///   `.stall_after(n)`, `.error_after(n, kind)`, `.malformed_after(n)`: methods of [`Turn`](scenario::Turn).
///
/// Texts are templates: `{city}` is what a matcher has captured, `{user}` the last message of the user, `{get_weather.temp}` a field
/// of a tool's result. A time is a literal with its unit (`us`, `ms`, `s`, `m`, `h`), or an expression of the type `Duration`.
///
pub use mock_macros::mock_provider;
/// Makes an async fn a test: mocks are injected, tokio's clock is paused, and the scripts are verified at the end.
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
///     assert_eq!(clock.elapsed().as_secs(), 60); // and no time on the wall
///     assert!(locked.answer(hello()).await.is_err());
/// }
/// ```
///
/// The fn returns `()`, or a `Result` whose error is `Debug`. An argument is
///
/// - a mock that [`mock_provider!`] declares, by its type: an instance of its own; also `&T`, `&mut T` or `Arc<T>` of it;
/// - with `#[mock(..)]`, any type that implements `From<MockProvider>`, made from a declared mock, `#[mock(Greeter)]`, or from a
///   scenario that stands there, `#[mock(reply("Hi."))]`; also `&T` or `Arc<T>` of it;
/// - the [`TestClock`], which tells the time of the test, and holds or advances it;
/// - the [`TestSeed`], from which all chance in the test comes;
/// - a type of yours that implements [`FromTest`].
///
/// # Panics
///
/// The test fails if its body panics, returns an `Err`, or takes longer than it may; if a request did not fit the script of a mock, or a
/// turn was not used. With `#[should_panic]` it fails unless its body panics, and nothing is verified.
///
pub use mock_macros::provider_test;

pub use engine::{Answer, AnswerStream, EventStream};
pub use error::{ProviderError, RawReply};
pub use event::StreamEvent;
pub use finish::{FinishReason, Usage, count_tokens};
pub use gate::{Driver, Gate};
pub use harness::{
    DeclaredMock, FromMock, FromTest, HeldClock, Test, TestClock, TestOutcome, TestSeed,
};
pub use journal::{Call, Calls, CallsIter, Outcome};
pub use kind::ErrorKind;
pub use message::{Image, Message, Part, Reasoning, Role, ToolCall, ToolResult};
pub use mock::MockProvider;
pub use provider::{BoxEventStream, Provider};
pub use report::Report;
pub use request::{Request, ToolDefinition};
pub use response::{IntoAnswer, Response};
pub use scenario::{Allow, Capabilities};
#[cfg(feature = "server")]
pub use server::{Ending, Exchange, MockServer};

/// What expansions are made of. Nothing here is for use by hand, and all of it may change.
#[doc(hidden)]
pub mod __private {
    use std::sync::Arc;

    pub use core;
    pub use core::option::Option::Some;
    pub use core::time::Duration;
    pub use std;
    pub use std::borrow::Cow::{Borrowed, Owned};

    pub use crate::error::ProviderError;
    pub use crate::finish::{FinishReason, Usage};
    pub use crate::harness::{
        Clock, DeclaredMock, Flavor, Foreign, FromTest, TaskPanics, Test, TestSpec, run,
    };
    pub use crate::into::*;
    // Not the one of the builder.
    pub use crate::into::IntoStr;
    pub use crate::kind::ErrorKind;
    pub use crate::mock::MockProvider;
    pub use crate::request::Request;
    pub use crate::response::{IntoAnswer, Response};
    pub use crate::scenario::*;
    #[cfg(feature = "regex")]
    pub use {regex::Regex as CompiledRegex, std::sync::LazyLock};

    pub mod parts {
        pub use crate::parts::*;
    }

    pub use mock_macros::editor;

    /// What the words of the macros mean, for editors.
    pub mod words {
        pub use crate::words::*;
    }

    /// A declared scenario with constants, whose values the macro has not seen.
    #[track_caller]
    pub fn checked(scenario: &'static Scenario) -> &'static Scenario {
        crate::scenario::playable(scenario)
    }

    #[track_caller]
    pub fn from_static(scenario: &'static Scenario) -> MockProvider {
        MockProvider::new(scenario)
    }

    pub fn predicate(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Predicate {
        Predicate::Shared(Arc::new(test))
    }

    /// Asks a closure that answers: in a call of its own, so that the closure's argument has a type.
    pub fn respond<A: IntoAnswer>(
        respond: impl FnOnce(&Request) -> A,
        request: &Request,
    ) -> Result<Response, ProviderError> {
        respond(request).into_answer()
    }

    pub fn responder<A: IntoAnswer>(
        respond: impl Fn(&Request) -> A + Send + Sync + 'static,
    ) -> Responder {
        Responder::Shared(Arc::new(move |request: &Request| {
            respond(request).into_answer()
        }))
    }

    pub fn make(
        make: impl Fn(&[String]) -> Result<String, String> + Send + Sync + 'static,
    ) -> Make {
        Make::Shared(Arc::new(make))
    }

    /// The JSON text of typed arguments.
    pub fn arguments(value: &impl serde::Serialize) -> Result<String, String> {
        serde_json::to_string(value).map_err(|error| error.to_string())
    }

    /// A text in typed arguments that has no variables.
    pub fn from_literal<T: FromLiteral>(literal: &'static str) -> T {
        T::from_literal(literal)
    }

    /// A text in typed arguments, whose variables have their values.
    pub fn from_rendered<T: FromRendered>(text: &str) -> T {
        T::from_rendered(text)
    }

    /// A list in typed arguments.
    pub fn from_items<T, L: FromItems<T, N>, const N: usize>(items: [T; N]) -> L {
        L::from_items(items)
    }

    /// The JSON text that these parts make, or why one of them cannot be written.
    pub fn json_of<const N: usize>(parts: [Result<String, String>; N]) -> Result<String, String> {
        parts.into_iter().collect()
    }

    /// A part of a JSON text, as it is.
    pub fn json_text(text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }

    /// A text as it stands within a JSON string.
    pub fn json_escaped(text: &str) -> Result<String, String> {
        let quoted = arguments(&text)?;
        Ok(quoted[1..quoted.len() - 1].to_owned())
    }

    /// Texts, one after the other.
    pub fn concat<const N: usize>(texts: [Str; N]) -> Str {
        texts.concat().into()
    }

    /// The JSON schema of a type.
    #[cfg(feature = "schema")]
    pub fn schema<T: schemars::JsonSchema>() -> serde_json::Value {
        schemars::schema_for!(T).to_value()
    }

    /// A status of a declared mock, which is a constant.
    ///
    /// # Panics
    /// If HTTP cannot carry it: then the mock does not compile.
    #[track_caller]
    pub const fn status(status: u16) -> u16 {
        assert!(
            matches!(status, 200..=999),
            "a status is a number from 200 to 999"
        );
        status
    }

    /// What comes with each answer, as JSON text.
    ///
    /// # Panics
    /// If it is no JSON object.
    #[track_caller]
    pub fn metadata(value: &impl serde::Serialize) -> Str {
        match serde_json::to_value(value) {
            Ok(value) => crate::builder::metadata_text(&value),
            Err(error) => panic!("the metadata cannot be written as JSON: {error}"),
        }
    }

    /// A regular expression that the macro has checked.
    #[cfg(feature = "regex")]
    ///
    /// # Panics
    /// If it is too large, which the macro cannot tell.
    pub fn compile(source: &str, file: &str, line: u32) -> CompiledRegex {
        match CompiledRegex::new(source) {
            Ok(regex) => regex,
            Err(error) => panic!(
                "the regular expression `{source}` of the turn at {file}:{line} cannot be used: {error}\n\
                 write a smaller one, or look for the text in `when(|request| ..)`"
            ),
        }
    }

    /// A value as JSON text.
    ///
    /// # Panics
    /// If it cannot be written as JSON.
    #[track_caller]
    pub fn json(value: &impl serde::Serialize) -> Str {
        match serde_json::to_string(value) {
            Ok(json) => json.into(),
            Err(error) => panic!("an argument of a tool call cannot be written as JSON: {error}"),
        }
    }
}
