//! Mocks for LLM providers: scenarios checked by the compiler, played behind your own provider trait on virtual time.

mod current;
mod engine;
mod environment;
mod error;
mod event;
mod finish;
mod gate;
mod harness;
mod journal;
mod kind;
mod message;
mod mock;
mod profile;
mod provider;
mod report;
mod request;
mod response;
#[cfg(feature = "server")]
mod server;
mod sync;
#[cfg(feature = "tower")]
mod tower;
mod verdict;
mod words;

pub mod builder;
pub mod scenario;
pub mod testkit;
#[cfg(feature = "server")]
pub mod wire;

pub use mock_macros::{mock_provider, provider_test};

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
    pub use crate::harness::{Clock, DeclaredMock, Flavor, FromTest, Test, TestSpec, run};
    pub use crate::kind::ErrorKind;
    pub use crate::mock::MockProvider;
    pub use crate::request::Request;
    pub use crate::response::{IntoAnswer, Response};
    pub use crate::scenario::*;
    #[cfg(feature = "regex")]
    pub use {regex::Regex as CompiledRegex, std::sync::LazyLock};

    /// What the words of the macros mean, for editors.
    pub mod words {
        pub use crate::words::*;
    }

    pub fn from_static(scenario: &'static Scenario) -> MockProvider {
        MockProvider::new(scenario)
    }

    pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
        items.into()
    }

    pub fn text(text: impl Into<Str>) -> Str {
        text.into()
    }

    /// When an answer of a declared mock breaks off, by a constant: no trait can be asked in a `static`.
    pub struct DeltasOrTime<T>(pub T);

    impl DeltasOrTime<u32> {
        pub const fn after(self) -> After {
            After::Deltas(self.0)
        }
    }

    impl DeltasOrTime<Duration> {
        pub const fn after(self) -> After {
            After::Time(self.0)
        }
    }

    pub fn node(schema: Schema) -> Node {
        Node::Shared(Arc::new(schema))
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
    pub fn compile(source: &str) -> CompiledRegex {
        match CompiledRegex::new(source) {
            Ok(regex) => regex,
            Err(error) => panic!("{error}"),
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
