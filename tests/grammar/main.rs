//! Every form of the grammar, in a declared mock and in an anonymous one: both are what the builder makes.

mod keys;
#[cfg(feature = "regex")]
mod regex;
mod rules_as_built;
mod tools;
mod turns_as_built;
mod typed;

use std::time::Duration;

use mock_core::builder::*;
use mock_core::scenario::{Matcher, Profile, Scenario, Split, Turn};
use mock_core::{
    Allow, Capabilities, ErrorKind, FinishReason, Message, MockProvider, Request, Response, Usage,
    mock_provider, provider_test,
};
use serde_json::json;
use tests::Played;
use tests::private::{Action, Respond, Responder};

/// All closures are equal.
fn any_closure() -> Matcher {
    when(|_| true)
}

/// A time that is known only when the test runs.
fn computed() -> Duration {
    Duration::from_millis(5)
}
