//! Google Gemini: `generateContent`, `streamGenerateContent`, `countTokens` and embeddings, under `/v1` and `/v1beta`, and `GET /v1beta/models`.
//!
//! ```
//! use mock_core::wire::gemini::{StreamReader, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("r1", "gemini-2.5-flash"), 0);
//! let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
//! assert!(frames[0].starts_with(r#"data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]"#));
//!
//! let mut reader = StreamReader::new();
//! let data = frames[0].trim_start_matches("data: ");
//! assert_eq!(reader.read(data)?, [StreamEvent::Text("Hi".into())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it differs from the neutral types
//!
//! Requests:
//!
//! - The model, and whether the answer is streamed, are in the path of the request: [`path`]. The body may name the model too.
//! - The API accepts each field in camelCase and in snake_case. Both are read; camelCase is written. Unknown fields keep their spelling.
//! - The assistant's role is called `model`.
//! - The system messages at the beginning of a conversation are the `systemInstruction`. Later system messages have no place.
//! - The result of a call is a `functionResponse` in a message of the role `user`. It is read as a message of
//!   [`Role::Tool`](crate::Role::Tool) whose [`name`](crate::Message::name) is the function. Consecutive results are written as one message.
//! - A `functionResponse` is a JSON object, while a neutral result is a text. A text that is a JSON object is written as that object; any
//!   other text is written as `{"output": text}`, and an error as `{"error": text}`. On reading, an object whose only field is `output`,
//!   `result` or `error` becomes the text in it; an object of `name` and `content` becomes the text in `content` if `name` is the function;
//!   any other object becomes its JSON text. An object that these rules would not write the same way is kept unchanged.
//!
//! Answers:
//!
//! - There is no finish reason for calls. [`FinishReason::ToolCalls`](crate::FinishReason::ToolCalls) is written as `STOP`, and a `STOP` with
//!   calls is read as it.
//! - A refusal ([`Part::Refusal`](crate::Part::Refusal)) is the `finishMessage` of an answer with the finish reason `SAFETY`. A `SAFETY`
//!   without a `finishMessage` is [`FinishReason::ContentFilter`](crate::FinishReason::ContentFilter). So is a blocked prompt; its
//!   `promptFeedback` is in [`Response::metadata`](crate::Response::metadata).
//! - `candidatesTokenCount` does not include the tokens of thoughts. The neutral count of completion tokens includes them. Tokens that are
//!   written to a cache have no place.
//! - A call is never split, not even in a stream. Its arguments must be a JSON object.

mod count_tokens;
pub mod embeddings;
mod error;
mod field_names;
mod finish_and_usage;
mod models;
mod part;
mod request;
mod request_rules;
mod response;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
#[cfg(all(test, feature = "wire"))]
mod tests;

pub(crate) use count_tokens::read_counted;
pub use count_tokens::write_token_count;
pub use error::{read_error, write_error, write_stream_error};
pub use models::{read_models, write_models};
pub use request::{path, read_request, write_request};
pub(super) use request_rules::is_gemini;
pub use request_rules::{check, rules};
pub(crate) use request_rules::{check_content_type, read_checked};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
#[cfg(feature = "wire")]
pub use stream_reader::StreamReader;
pub use stream_writer::StreamWriter;

use super::provider_ids;
use super::write::WireName;
use crate::scenario::Profile;

const WIRE: WireName = WireName("Gemini");

/// Writes a server-sent event as the provider ends it.
fn frame(body: &impl std::fmt::Display) -> String {
    format!("data: {body}\r\n\r\n")
}

/// The header that holds the id of a request. Google sends none; a mock does, so that its exchanges can be told apart.
pub const REQUEST_ID: &str = "x-request-id";

/// Returns the id of an answer: 22 letters and digits, which depends on the seed and the number only.
///
/// ```
/// use mock_core::wire::gemini::response_id;
///
/// assert_eq!(response_id(7, 1).len(), 22);
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::response(Profile::Gemini, seed, number)
}

/// Returns the id of a function call: 12 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini::call_id(7, 1).len(), 12);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    provider_ids::call(Profile::Gemini, seed, number)
}

/// The field of a part for the signature of a thought.
pub(crate) const SIGNATURE: &str = "thoughtSignature";

/// Returns the signature of a function call: 120 letters and digits of base64.
///
/// ```
/// use mock_core::wire::gemini::signature;
///
/// assert_eq!(signature(7, 1).len(), 120);
/// assert_ne!(signature(7, 1), signature(7, 2));
/// ```
pub fn signature(seed: u64, number: u64) -> String {
    provider_ids::base62("CrcB", 116, seed, number)
}

/// Returns the id of a request: 32 hexadecimal digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini::request_id(7, 1).len(), 32);
/// ```
pub fn request_id(seed: u64, number: u64) -> String {
    provider_ids::hex("", 32, seed, number)
}
