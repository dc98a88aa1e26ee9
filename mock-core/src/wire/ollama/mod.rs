//! Ollama: `POST /api/chat`, `/api/generate`, `/api/embed` and `/api/show`, `GET /api/tags`, `/api/ps` and `/api/version`.
//!
//! ```
//! use mock_core::wire::ollama::{StreamReader, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("", "llama3.2"), 0);
//! let lines = writer.write(&StreamEvent::Text("Hi".into()))?;
//! assert!(lines[0].contains(r#""message":{"role":"assistant","content":"Hi"},"done":false"#));
//!
//! let mut reader = StreamReader::new();
//! assert_eq!(reader.read(&lines[0])?, [StreamEvent::Text("Hi".into())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How it differs from the neutral types
//!
//! Requests:
//!
//! - A request without the field `stream` asks for a stream.
//! - The temperature and the maximum number of tokens are `temperature` and `num_predict` in `options`.
//! - The content of a message is one text. Several texts are written one after the other in it. Images are in a field beside the content, in
//!   base64 and without a media type; the type is detected from their first bytes.
//! - A tool message names the tool in `tool_name`, which is [`Message::name`](crate::Message::name). It may name the call in `tool_call_id`.
//!
//! Answers:
//!
//! - A stream is newline-delimited JSON, one object a line. It does not use server-sent events.
//! - The arguments of a call are a JSON object. A call is never split, not even in a stream. Its id is optional; an empty id is not written.
//! - An answer has no id. The id of a [`Response`](crate::Response) is not written, and is read as an empty text.
//! - There is no finish reason for calls. [`FinishReason::ToolCalls`](crate::FinishReason::ToolCalls) is written as `stop`, and a `stop` with
//!   calls is read as it.
//! - The usage counts the tokens of the prompt, those of it that come from a cache, and those of the answer. Tokens that are written to a
//!   cache and tokens of reasoning have no place.
//! - Durations are in nanoseconds, in [`Response::metadata`](crate::Response::metadata). An answer without them is written with durations
//!   that are computed from its usage: 1 ms to load the model, 1 ms for each token of the prompt, 10 ms for each token of the answer.

mod call;
pub mod embeddings;
mod endpoint;
mod error;
mod finish_and_usage;
pub mod generate;
mod image;
mod load;
mod message;
mod models;
mod options;
mod request;
mod request_rules;
mod response;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
#[cfg(all(test, feature = "wire"))]
mod tests;

pub(crate) use endpoint::Endpoint;
pub use error::{read_error, write_error, write_stream_error};
pub(crate) use load::write_loaded;
pub(crate) use models::read_shown;
pub use models::{read_models, write_model, write_models, write_running_models, write_version};
pub(crate) use request::stream_by_default;
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
use crate::scenario::Profile;

const WIRE: WireName = WireName("Ollama");

/// The header that holds the id of a request. Ollama sends none; a mock does, so that its exchanges can be told apart.
pub const REQUEST_ID: &str = "x-request-id";

/// Returns the id of an answer: `resp_` and 24 letters and digits, which depends on the seed and the number only. It is not on the wire.
///
/// ```
/// use mock_core::wire::ollama::response_id;
///
/// assert!(response_id(7, 1).starts_with("resp_"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::response(Profile::Ollama, seed, number)
}

/// Returns the id of a tool call: `call_` and 11 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::ollama::call_id(7, 1).len(), 16);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    provider_ids::call(Profile::Ollama, seed, number)
}

/// Returns the id of a request: 32 hexadecimal digits.
///
/// ```
/// assert_eq!(mock_core::wire::ollama::request_id(7, 1).len(), 32);
/// ```
pub fn request_id(seed: u64, number: u64) -> String {
    provider_ids::hex("", 32, seed, number)
}
