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
//! - A conversation is a list of steps. Consecutive steps of the model (`thought`, `model_output`, `function_call`) are one message of
//!   [`Role::Assistant`](crate::Role::Assistant), in the same order. A `function_result` is a message of [`Role::Tool`](crate::Role::Tool),
//!   whose [`name`](crate::Message::name) is the function, if the step names it.
//! - `system_instruction` is a system message before all others.
//! - A text or an image is one content of a `model_output` step. Consecutive contents share a step, with one exception: a text after a text
//!   begins another step, because a stream does not mark where a text ends. Reasoning after reasoning begins another step too.
//! - Reasoning is a `thought` step, with its text in `summary` and its signature in `signature`.
//! - Extra fields of a content are in a [`Part::Extra`](crate::Part::Extra) after its part. Extra fields of a call are in the call. Extra
//!   fields of any other step are in a [`Part::Extra`](crate::Part::Extra) *before* its parts, with the one field `item`; this part always
//!   begins another step. A step of an unknown type is a [`Part::Other`](crate::Part::Other).
//! - There is a status instead of a finish reason:
//!
//!   | finish reason | status |
//!   | --- | --- |
//!   | [`Stop`](crate::FinishReason::Stop) | `completed` |
//!   | [`ToolCalls`](crate::FinishReason::ToolCalls) | `requires_action` |
//!   | [`Length`](crate::FinishReason::Length) | `incomplete` |
//!   | [`ContentFilter`](crate::FinishReason::ContentFilter) | `failed`, with an error of the code `content_blocked` |
//!   | none | `in_progress` |
//!   | any other | the status of the same name: `cancelled`, `budget_exceeded`, … |
//!
//! - `total_output_tokens` does not include the tokens of thoughts. The neutral count of completion tokens includes them.
//! - Tokens that are written to a cache have no place, and neither has a refusal.

mod content;
mod error;
mod finish_and_usage;
mod previous_interaction;
mod read_step;
mod request;
mod request_rules;
mod response;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
#[cfg(all(test, feature = "wire"))]
mod tests;
mod write_step;

pub use super::gemini::{REQUEST_ID, read_models, request_id, write_models};
pub use error::{read_error, write_error, write_stream_error};
pub(crate) use previous_interaction::{input_steps, join_history};
pub use request::{read_request, write_request};
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
#[cfg(feature = "wire")]
pub use stream_reader::StreamReader;
pub use stream_writer::StreamWriter;

use super::provider_ids;
use super::write::WireName;

const WIRE: WireName = WireName("Gemini Interactions");

/// Returns the id of an answer: `v1_` and 40 letters and digits. It depends only on the seed and the number, and differs for each number.
///
/// ```
/// use mock_core::wire::gemini_interactions::response_id;
///
/// assert!(response_id(7, 1).starts_with("v1_"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::base62("v1_", 40, seed, number)
}

/// Returns the id of a function call: 8 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini_interactions::call_id(7, 1).len(), 8);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    provider_ids::base62("", 8, seed, number)
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
    provider_ids::base62("EroC", 116, seed, number)
}
