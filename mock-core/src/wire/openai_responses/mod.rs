//! OpenAI, Responses: `POST /v1/responses`.
//!
//! ```
//! use mock_core::wire::openai_responses::{StreamReader, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("resp_1", "gpt-4o"), 1_700_000_000);
//! let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
//! let names: Vec<_> = frames.iter().filter_map(|frame| frame.lines().next()).collect();
//! assert_eq!(names, [
//!     "event: response.created",
//!     "event: response.in_progress",
//!     "event: response.output_item.added",
//!     "event: response.content_part.added",
//!     "event: response.output_text.delta",
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
//! - A conversation is a list of items. Consecutive items of the model (`reasoning`, `message`, calls) are one message of
//!   [`Role::Assistant`](crate::Role::Assistant), in the same order. The result of a call is a message of [`Role::Tool`](crate::Role::Tool).
//! - `instructions` are a system message before all others.
//! - A text or a refusal is a content part of a `message` item. Consecutive ones share an item.
//! - Reasoning is an item whose `summary` has one entry for each part, and whose `encrypted_content` is the signature. Reasoning that has
//!   only `encrypted_content` is [`Part::RedactedReasoning`](crate::Part::RedactedReasoning).
//! - Extra fields of an item (`id`, `phase`, …) are in a [`Part::Extra`](crate::Part::Extra) *before* its parts, with the one field `item`.
//!   This part always begins another item. Three fields in `item` set the form of the item:
//!   `type: custom_tool_call` makes the next call a call of a custom tool, whose input is the arguments of the call;
//!   `content: reasoning_text` makes the next reasoning raw text instead of a summary;
//!   `status: null` gives the next reasoning a status, which it does not have by default.
//!   The default id and the default status of an item in an answer are not kept.
//! - There is a status instead of a finish reason:
//!
//!   | finish reason | status |
//!   | --- | --- |
//!   | [`Stop`](crate::FinishReason::Stop) | `completed`, without calls |
//!   | [`ToolCalls`](crate::FinishReason::ToolCalls) | `completed`, with calls |
//!   | [`Length`](crate::FinishReason::Length) | `incomplete`, with the reason `max_output_tokens` |
//!   | [`ContentFilter`](crate::FinishReason::ContentFilter) | `incomplete`, with the reason `content_filter` |
//!   | none | `incomplete`, without a reason |
//!   | the name of a status: `failed`, `cancelled`, … | that status |
//!   | any other | `incomplete`, with that reason |
//!
//! - An answer repeats the parameters of its request. [`echo`] returns them. Parameters with the provider's default value are not kept.

mod content;
mod echo;
mod error;
mod finish_and_usage;
mod item;
#[cfg(feature = "wire")]
mod item_differences;
mod options;
mod previous_response;
mod read_item;
mod request;
mod request_rules;
mod response;
mod response_object;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
#[cfg(all(test, feature = "wire"))]
mod tests;

pub use super::openai::{KEEPALIVE, REQUEST_ID, call_id, read_models, request_id, write_models};
pub use echo::echo;
pub(crate) use error::fails_the_answer;
pub use error::{read_error, write_error, write_stream_error};
pub(crate) use options::ResponsesOptions;
pub(crate) use previous_response::{
    input_items, join_history, missing_reasoning, output_items, resolve_references,
    write_compaction,
};
pub use request::{read_request, write_request};
pub use request_rules::{check, rules};
pub(crate) use request_rules::{check_content_type, read_checked};
pub use response::{read_response, write_response};
pub(crate) use response::{write_failed_bytes, write_response_bytes};
#[cfg(feature = "wire")]
pub use stream_reader::StreamReader;
pub use stream_writer::StreamWriter;

use super::provider_ids;
use super::write::WireName;
use crate::scenario::Profile;

const WIRE: WireName = WireName("OpenAI Responses");

/// Returns the id of an answer: `resp_` and 48 hexadecimal digits. It depends only on the seed and the number, and differs for each number.
///
/// ```
/// use mock_core::wire::openai_responses::response_id;
///
/// assert!(response_id(7, 1).starts_with("resp_"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::response(Profile::OpenaiResponses, seed, number)
}

/// Returns the `encrypted_content` of a block of reasoning: 120 letters and digits of base64.
///
/// ```
/// use mock_core::wire::openai_responses::signature;
///
/// assert_eq!(signature(7, 1).len(), 120);
/// assert_ne!(signature(7, 1), signature(7, 2));
/// ```
pub fn signature(seed: u64, number: u64) -> String {
    provider_ids::base62("gAAAAAB", 113, seed, number)
}

/// The id that an item of an answer has where the answer gives it none.
fn item_id(prefix: &str, response: &str, index: usize) -> String {
    // FNV-1a, so that the ids are the same in every run and in every release of Rust.
    let seed = response.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    provider_ids::hex(prefix, 48, seed, index as u64)
}
