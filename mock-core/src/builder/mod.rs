//! Builds scenarios at run time, without the macro. Each word of the macro has a function or a method here, so a turn looks almost the same
//! in both.
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
//! A text can be a `&str`, a `String`, a `&String`, a `Cow<str>`, a `Box<str>` or a `char`. In an answer and in the arguments of a call, a
//! `&'static str` is a template, and the other types are not; [`template`] and [`verbatim`] choose for any of them. As the argument of a
//! matcher, every text is a pattern.
//!
//! The names of this module can collide with others. An import by name takes precedence over one by `*`: if you also have
//! `use tokio::time::*`, write `use tokio::time::timeout;`.

mod actions;
pub mod chaos;
mod embeddings;
pub mod expect;
mod failures;
mod lanes;
mod matchers;
mod modifiers;
#[cfg(feature = "cassette")]
mod replay;
mod scenario;
#[cfg(test)]
mod tests;
mod tool_arguments;
mod tools;
mod turn;

use std::time::Duration;

use crate::scenario::{IntoStr, Text};

pub use actions::*;
pub use embeddings::*;
pub use failures::*;
pub use lanes::*;
pub use matchers::*;
pub use modifiers::*;
#[cfg(feature = "cassette")]
pub use replay::*;
pub(crate) use scenario::metadata_text;
pub use scenario::*;
pub use tool_arguments::{IntoArguments, typed};
pub use tools::*;

/// A text that is not a template: its braces are sent as they are.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply(verbatim("{\"as\": \"it is\"}"))]);
///
/// let answer = llm.answer(Request::new("gpt-4o")).await?;
/// assert_eq!(answer.text(), "{\"as\": \"it is\"}");
/// # Ok(()) }
/// ```
pub fn verbatim(text: impl IntoStr) -> Text {
    Text::Verbatim(text.into_str())
}

/// Makes a template of a text that is not a literal, such as one that the test reads from a file. A literal is a template without it, and
/// so is `include_str!("answer.txt")`.
///
/// # Panics
/// If the text is not a valid template.
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
    Text::parsed(&text.into_str())
}

/// A duration in milliseconds.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(ms(1_500), std::time::Duration::from_millis(1_500));
/// ```
pub const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A duration in seconds.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(secs(2), ms(2_000));
/// ```
pub const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}
