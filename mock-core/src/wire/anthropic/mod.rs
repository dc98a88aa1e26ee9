//! Anthropic, Messages: `POST /v1/messages` and `GET /v1/models`.
//!
//! ```
//! use mock_core::wire::anthropic::{StreamReader, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("msg_1", "claude"), 0);
//! let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
//! let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
//! assert_eq!(names, ["event: message_start", "event: content_block_start", "event: ping", "event: content_block_delta"]);
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
//! - The system messages at the beginning of a conversation are the `system` of the request. Later ones are messages of the role `system`,
//!   which newer models accept.
//! - A tool's result is a block in a message of the user. It is read as a message of [`Role::Tool`](crate::Role::Tool). Consecutive results
//!   and the user message after them are written as one message.
//! - A refusal ([`Part::Refusal`](crate::Part::Refusal)) is the `explanation` in `stop_details`, with the stop reason `refusal`. It is read
//!   as a refusal with [`FinishReason::Stop`](crate::FinishReason::Stop), as on the other wires. A stop reason `refusal` without an
//!   explanation is [`FinishReason::ContentFilter`](crate::FinishReason::ContentFilter).
//! - An answer always has a usage. `None` is written as zeros.
//! - The arguments of a call are a JSON value, except in a stream, where they are a text. They are read as a text without white space.
//!   Missing arguments are read as `{}`.

mod block;
mod error;
mod finish_and_usage;
mod fold_deltas;
mod message_thread;
mod models;
mod request;
mod request_rules;
mod response;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
#[cfg(all(test, feature = "wire"))]
mod tests;
mod thinking_signature;

pub(crate) use error::write_error_of_stream;
pub use error::{read_error, write_error, write_stream_error};
pub(crate) use message_thread::{Thread, changed_field, join_history, message_thread};
pub use models::{read_models, write_models};
pub use request::{read_request, write_request};
pub use request_rules::{check, rules};
pub(crate) use request_rules::{
    check_beta_header, check_version_header, check_version_of_fields, read_checked,
};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
#[cfg(feature = "wire")]
pub use stream_reader::StreamReader;
pub use stream_writer::StreamWriter;
pub use thinking_signature::signature;

use super::provider_ids;
use super::write::WireName;
use crate::scenario::Profile;

const WIRE: WireName = WireName("Anthropic Messages");

/// The header that holds the id of a request.
pub const REQUEST_ID: &str = "request-id";

/// The frame that keeps the connection alive while an answer has no content: a `ping`.
pub const KEEPALIVE: &str = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

/// Returns the id of an answer: `msg_01` and 22 letters and digits. It depends only on the seed and the number, and differs for each
/// number.
///
/// ```
/// use mock_core::wire::anthropic::response_id;
///
/// assert!(response_id(7, 1).starts_with("msg_01"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::response(Profile::Anthropic, seed, number)
}

/// Returns the id of a tool call: `toolu_01` and 22 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::anthropic::call_id(7, 1).len(), 30);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    provider_ids::call(Profile::Anthropic, seed, number)
}

/// Returns the id of a request: `req_01` and 22 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::anthropic::request_id(7, 1).len(), 28);
/// ```
pub fn request_id(seed: u64, number: u64) -> String {
    provider_ids::base62("req_01", 22, seed, number)
}
