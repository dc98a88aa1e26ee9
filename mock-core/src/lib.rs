//! Mocks for LLM providers: scenarios checked by the compiler, played behind your own provider trait on virtual time.

mod current;
mod engine;
mod environment;
mod error;
mod event;
mod finish;
mod harness;
mod journal;
mod message;
mod mock;
mod provider;
mod report;
mod request;
mod response;
mod sync;
#[cfg(feature = "tower")]
mod tower;
mod verdict;

pub mod builder;
pub mod scenario;

pub use mock_macros::{mock_provider, provider_test};

pub use engine::{Answer, AnswerStream, EventStream};
pub use error::{ErrorKind, ProviderError};
pub use event::StreamEvent;
pub use finish::{FinishReason, Usage, count_tokens};
pub use harness::{
    DeclaredMock, FromMock, FromTest, HeldClock, Test, TestClock, TestOutcome, TestSeed,
};
pub use journal::{Call, Calls, Outcome};
pub use message::{Message, Part, Reasoning, Role, ToolCall, ToolResult};
pub use mock::MockProvider;
pub use provider::{BoxEventStream, Provider};
pub use report::Report;
pub use request::{Request, ToolDefinition};
pub use response::Response;

/// What expansions are made of. Nothing here is for use by hand, and all of it may change.
#[doc(hidden)]
pub mod __private {
    use std::sync::Arc;

    pub use core;
    pub use core::option::Option::Some;
    pub use core::time::Duration;
    pub use std;
    pub use std::borrow::Cow::{Borrowed, Owned};

    pub use crate::error::ErrorKind;
    pub use crate::harness::{Clock, DeclaredMock, Flavor, FromTest, Test, TestSpec, run};
    pub use crate::mock::MockProvider;
    pub use crate::request::Request;
    pub use crate::scenario::*;

    pub fn from_static(scenario: &'static Scenario) -> MockProvider {
        MockProvider::new(scenario)
    }

    pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
        items.into()
    }

    pub fn text(text: impl Into<Str>) -> Str {
        text.into()
    }

    pub fn node(schema: Schema) -> Node {
        Node::Shared(Arc::new(schema))
    }

    pub fn predicate(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Predicate {
        Predicate::Shared(Arc::new(test))
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
