//! Scenarios without the macro. What is written here reads as it does there, so that a sentence can move between them.
//!
//! As in the macro, a text written as a literal is a template (see [`IntoText`]), and so is each text in a call's
//! arguments.
//!
//! ```
//! use mock_core::{MockProvider, builder::*};
//!
//! let mock = MockProvider::script([
//!     on(user("weather in {city}")).call("get_weather", [("city", "{city}")]),
//!     fail(rate_limit().retry_after(secs(2))).times(2),
//!     on(tool_result("get_weather")).stream(["It is ", "{get_weather.temp}", " °C."]).every(ms(20)),
//! ]);
//! assert_eq!(mock.scenario().check(), Ok(()));
//! # let _ = std::mem::ManuallyDrop::new(mock);
//! ```
//!
//! A text may be a `&str`, a `String`, a `&String`, a `Cow<str>`, a `Box<str>` or a `char`. As an answer, a `&'static str` is a template,
//! and the others are taken as they are: [`template`] and [`verbatim`] say it for any of them. In a pattern, each text is a pattern.
//!
//! An import by name goes before one by `*`: with `use tokio::time::*` as well, write `use tokio::time::timeout;`.

mod actions;
mod arguments;
mod failures;
mod lanes;
mod matchers;
mod modifiers;
mod scenario;
#[cfg(test)]
mod tests;
mod tools;

use std::time::Duration;

use crate::scenario::{IntoStr, Text};

pub use actions::*;
pub use arguments::{IntoArguments, typed};
pub use failures::*;
pub use lanes::*;
pub use matchers::*;
pub use modifiers::*;
pub(crate) use scenario::metadata_text;
pub use scenario::*;
pub use tools::*;

/// A text that is taken as it is, whatever braces it contains.
///
/// ```
/// use mock_core::builder::*;
///
/// let turn = reply(verbatim("{\"as\": \"it is\"}"));
/// # assert!(script([turn]).check().is_ok());
/// ```
pub fn verbatim(text: impl IntoStr) -> Text {
    Text::Verbatim(text.into_str())
}

/// A template that is not a literal, such as one that is read from a file when the test runs. A literal is a template without it, as is
/// `include_str!("answer.txt")`.
///
/// # Panics
/// If the text is not a template.
///
/// ```
/// use mock_core::builder::*;
///
/// let text: String = "Hello, {user}!".to_owned(); // std::fs::read_to_string("answer.txt")?
/// let turn = reply(template(text));
/// # assert!(script([turn]).check().is_ok());
/// ```
#[track_caller]
pub fn template(text: impl IntoStr) -> Text {
    match Text::parse(&text.into_str()) {
        Ok(text) => text,
        Err(error) => panic!("{error}"),
    }
}

/// So many milliseconds.
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many seconds.
pub const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
