//! Google Gemini, Interactions: `POST /v1beta/interactions`.
//!
//! ```
//! use mock_core::wire::gemini_interactions::{StreamReader, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("v1_1", "gemini-3-flash"), 1_700_000_000);
//! let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
//! let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
//! assert_eq!(names, [
//!     "event: interaction.created",
//!     "event: interaction.status_update",
//!     "event: step.start",
//!     "event: step.delta",
//! ]);
//!
//! let mut reader = StreamReader::new();
//! let mut events = Vec::new();
//! for data in frames.iter().filter_map(|frame| frame.split_once("data: ")) {
//!     events.extend(reader.read(data.1)?);
//! }
//! assert_eq!(events, [StreamEvent::Text("Hi".into())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it differs from the neutral types
//!
//! - A conversation is a list of steps. The model's steps that follow one another (thoughts, output, calls) are one message of
//!   [`Role::Assistant`](crate::Role::Assistant), in the same order. The result of a call is a message of
//!   [`Role::Tool`](crate::Role::Tool), with the name of its function if the step has one.
//! - `system_instruction` is a message of the system before all others.
//! - A text or an image is a content of a `model_output` step, and contents next to each other are in one step. A text after a text begins a
//!   step of its own, because a stream has no other sign of where a text ends. So does reasoning after reasoning.
//! - Reasoning is a `thought` step: its text is the `summary`, and its signature is the `signature`.
//! - The extra fields of a content are in a [`Part::Extra`](crate::Part::Extra) after it, those of a call are its own, and those of another
//!   step are in a [`Part::Extra`](crate::Part::Extra) *before* its parts, which has the one field `item`. It begins a step also where the
//!   parts before would share it. A step of another type is a [`Part::Other`](crate::Part::Other).
//! - There is no finish reason, only a status. [`Stop`](crate::FinishReason::Stop) is `completed`,
//!   [`ToolCalls`](crate::FinishReason::ToolCalls) is `requires_action`, [`Length`](crate::FinishReason::Length) is `incomplete`,
//!   [`ContentFilter`](crate::FinishReason::ContentFilter) is `failed` with an error of the code `content_blocked`, and none is
//!   `in_progress`. Another reason has to be called like a status: `cancelled`, `budget_exceeded`, …
//! - `total_output_tokens` is without the tokens of thoughts. Tokens that are written to a cache have no place, and neither has a refusal.

mod content;
mod error;
mod history;
mod read_step;
#[cfg(feature = "wire")]
mod reader;
mod request;
mod request_rules;
mod response;
mod status;
mod step;
#[cfg(all(test, feature = "wire"))]
mod tests;
mod writer;

pub use super::gemini::{REQUEST_ID, read_models, request_id, write_models};
pub use error::{read_error, write_error, write_stream_error};
pub(crate) use history::{input_steps, join_history};
#[cfg(feature = "wire")]
pub use reader::StreamReader;
pub use request::{read_request, write_request};
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
pub use writer::StreamWriter;

use super::id;
use super::write::WriteError;

const WIRE: &str = "Gemini Interactions";

/// Returns the id of an answer: `v1_` and 40 letters and digits. It depends only on the seed and the number, and differs for each number.
///
/// ```
/// use mock_core::wire::gemini_interactions::response_id;
///
/// assert!(response_id(7, 1).starts_with("v1_"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    id::base62("v1_", 40, seed, number)
}

/// Returns the id of a function call: 8 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini_interactions::call_id(7, 1).len(), 8);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    id::base62("", 8, seed, number)
}

/// Returns the signature of a thought: 120 letters and digits of base64.
///
/// ```
/// use mock_core::wire::gemini_interactions::signature;
///
/// assert_eq!(signature(7, 1).len(), 120);
/// assert_ne!(signature(7, 1), signature(7, 2));
/// ```
pub fn signature(seed: u64, number: u64) -> String {
    id::base62("EroC", 116, seed, number)
}

fn no_place(what: &str, place: &'static str) -> WriteError {
    WriteError::NoPlace {
        wire: WIRE,
        what: what.to_owned(),
        place,
    }
}

/// The error of a field that is given another value than the one that it has.
fn duplicate_value(path: &str, place: &'static str) -> WriteError {
    no_place(&format!("a second value of `{path}`"), place)
}
