//! What most of these tests need: the names in scope, and values for both mocks.

pub(crate) use std::time::Duration;

pub(crate) use mock_core::builder::*;
pub(crate) use mock_core::scenario::{Matcher, Profile, Scenario, Split, Turn};
pub(crate) use mock_core::{
    Allow, Capabilities, ErrorKind, FinishReason, Message, MockProvider, Request, Response, Usage,
    mock_provider, provider_test,
};
pub(crate) use serde_json::json;
pub(crate) use tests::Played;
pub(crate) use tests::private::{Action, Respond, Responder};

/// All closures are equal.
pub(crate) fn any_closure() -> Matcher {
    when(|_| true)
}

/// A time that is known only when the test runs.
pub(crate) fn computed() -> Duration {
    Duration::from_millis(5)
}
