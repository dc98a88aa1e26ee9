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
//! - The path of a request names the model, and says whether the answer is streamed: [`path`]. A body may name the model too.
//! - The API accepts each field in camelCase and in snake_case. Both are read, and camelCase is written. A field that is not known here
//!   keeps its spelling.
//! - The role of the model is `model`. Instructions at the beginning of a conversation come together in `systemInstruction`; there are none
//!   later.
//! - Function responses are parts of the user. Each is read as a message of [`Role::Tool`](crate::Role::Tool) with the name of its function;
//!   written, those that follow one another are one content.
//! - What a function returns is an object here. A text becomes `{"output": text}`, and an error `{"error": text}`; a text that is a JSON object
//!   becomes that object. Read, an object with the single field `output`, `result` or `error` is the text in it, an object with the fields
//!   `name` and `content` is the text in `content` if the name is that of the function, and any other object is a JSON text. An object that
//!   would be written differently is kept as it came.
//! - Calls have no finish reason: an answer that stops with calls has [`FinishReason::ToolCalls`](crate::FinishReason::ToolCalls), and
//!   `STOP` on the wire.
//! - A refusal ([`Part::Refusal`](crate::Part::Refusal)) is the `finishMessage` of an answer with the finish reason `SAFETY`. A `SAFETY` that
//!   explains nothing is [`FinishReason::ContentFilter`](crate::FinishReason::ContentFilter), and so is a blocked prompt, whose
//!   `promptFeedback` is in [`Response::metadata`](crate::Response::metadata).
//! - `candidatesTokenCount` is without the tokens of thoughts. Tokens that are written to a cache have no place.
//! - A call comes whole, also in a stream. Its arguments have to be a JSON object.

pub mod embeddings;
mod error;
mod models;
mod names;
mod part;
#[cfg(feature = "wire")]
mod reader;
mod request;
mod request_rules;
mod response;
#[cfg(all(test, feature = "wire"))]
mod tests;
mod tokens;
mod usage;
mod writer;

pub use error::{read_error, write_error, write_stream_error};
pub use models::{read_models, write_models};
#[cfg(feature = "wire")]
pub use reader::StreamReader;
pub use request::{path, read_request, write_request};
pub(super) use request_rules::is_gemini;
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
pub(crate) use tokens::read_counted;
pub use tokens::write_token_count;
pub use writer::StreamWriter;

use super::id;
use crate::scenario::Profile;

const WIRE: &str = "Gemini";

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
    id::response(Profile::Gemini, seed, number)
}

/// Returns the id of a function call: 12 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini::call_id(7, 1).len(), 12);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    id::call(Profile::Gemini, seed, number)
}

/// Returns the id of a request: 32 hexadecimal digits.
///
/// ```
/// assert_eq!(mock_core::wire::gemini::request_id(7, 1).len(), 32);
/// ```
pub fn request_id(seed: u64, number: u64) -> String {
    id::hex("", 32, seed, number)
}
