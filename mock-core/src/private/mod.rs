//! The items that the expansions of the macros use. Do not use them yourself: any of them may change.

#![allow(missing_docs)]

pub mod aliases;
pub(crate) mod conversions;

use std::sync::Arc;

pub use core;
pub use core::option::Option::Some;
pub use core::time::Duration;
pub use std;
pub use std::borrow::Cow::{Borrowed, Owned};

pub use crate::chat::error::ProviderError;
pub use crate::chat::finish_and_usage::{FinishReason, Usage};
pub use crate::harness::{
    Clock, DeclaredMock, Flavor, Foreign, FromTest, Network, TaskPanics, Test, TestSpec, run,
};
pub use crate::scenario::chaos::{Chaos, ChaosFault};
pub use crate::{__editor_only as editor_only, __multi_thread as multi_thread};
#[cfg(feature = "sweep")]
pub use crate::{
    harness::{Seeds, Sweep, run_seeds, run_sweep},
    scenario::sweep::SweepFault,
};
pub use conversions::*;
// The type itself, not the functions of the builder.
pub use crate::chat::error_kind::ErrorKind;
pub use crate::chat::request::Request;
pub use crate::chat::response::{IntoResponse, Response};
pub use crate::mock::MockProvider;
#[cfg(feature = "schema")]
pub use crate::scenario::schema;
pub use crate::scenario::tree::*;
pub use conversions::IntoStr;
#[cfg(feature = "regex")]
pub use {regex::Regex as CompiledRegex, std::sync::LazyLock};

pub use aliases as parts;
pub use mock_macros::editor;

/// Code that only editors read: for a build, there is none.
#[cfg(rust_analyzer)]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor_only {
    ($($code:tt)*) => { $($code)* };
}

/// Code that only editors read: for a build, there is none.
#[cfg(not(rust_analyzer))]
#[doc(hidden)]
#[macro_export]
macro_rules! __editor_only {
    ($($code:tt)*) => {};
}

/// The words of the macros as documented items: under `cfg(rust_analyzer)`, expansions mention those that are used, so that an editor can
/// complete each and show what it means.
#[cfg(rust_analyzer)]
#[allow(non_upper_case_globals, non_camel_case_types)]
pub mod words {
    mock_macros::editor_words!();
}

/// Gives an expression in a scenario its type.
pub struct OfType<T> {
    pub value: T,
}

/// A declared scenario with constants, whose values the macro has not seen.
#[track_caller]
pub fn checked(scenario: &'static Scenario) -> &'static Scenario {
    crate::scenario::playable(scenario)
}

/// A scenario with the exchanges that were recorded in a file.
///
/// # Panics
/// If the file cannot be read, which the macro has checked.
#[cfg(feature = "cassette")]
pub fn replayed(
    scenario: std::borrow::Cow<'static, Scenario>,
    file: &str,
    bytes: &[u8],
) -> Scenario {
    match crate::cassette::Cassette::parse_bytes(bytes) {
        Ok(cassette) => scenario.into_owned().replaying(cassette.named(file)),
        Err(error) => panic!("{error}"),
    }
}

#[track_caller]
pub fn from_static(scenario: &'static Scenario) -> MockProvider {
    MockProvider::new(scenario)
}

pub fn predicate(test: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Predicate {
    Predicate::Shared(Arc::new(test))
}

/// Asks a closure that answers: in a call of its own, so that the closure's argument has a type.
pub fn respond<A: IntoResponse>(
    respond: impl FnOnce(&Request) -> A,
    request: &Request,
) -> Result<Response, ProviderError> {
    respond(request).into_response()
}

pub fn responder<A: IntoResponse>(
    respond: impl Fn(&Request) -> A + Send + Sync + 'static,
) -> Responder {
    Responder::Shared(Arc::new(move |request: &Request| {
        respond(request).into_response()
    }))
}

pub fn make(make: impl Fn(&[String]) -> Result<String, String> + Send + Sync + 'static) -> Make {
    Make::Shared(Arc::new(make))
}

/// The JSON text of typed arguments.
pub fn arguments(value: &impl serde_core::Serialize) -> Result<String, String> {
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
    let quoted = serde_json::Value::from(text).to_string();
    Ok(quoted[1..quoted.len() - 1].to_owned())
}

/// Texts, one after the other.
pub fn concat<const N: usize>(texts: [Str; N]) -> Str {
    crate::scenario::concat(&texts)
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

/// The fields that every answer has, as JSON text.
///
/// # Panics
/// If it is no JSON object.
#[track_caller]
pub fn metadata(value: &impl serde_core::Serialize) -> Str {
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
pub fn json(value: &impl serde_core::Serialize) -> Str {
    match serde_json::to_string(value) {
        Ok(json) => json.into(),
        Err(error) => panic!("an argument of a tool call cannot be written as JSON: {error}"),
    }
}
