//! OpenAI, Chat Completions: `POST /v1/chat/completions` and `GET /v1/models`. For `POST /v1/embeddings` see [`embeddings`].
//!
//! ```
//! use mock_core::wire::openai::{self, StreamWriter};
//! use mock_core::{Response, StreamEvent};
//!
//! let mut writer = StreamWriter::new(&Response::new("chatcmpl-1", "gpt-4o"), 1_700_000_000);
//! let frames = writer.write(&StreamEvent::Text("Hi".into()))?;
//! assert_eq!(frames.len(), 2, "the role comes first");
//!
//! let mut reader = openai::StreamReader::new();
//! let data = frames[1].strip_prefix("data: ").expect("each frame is a data line");
//! assert_eq!(reader.read(data)?, [StreamEvent::Text("Hi".into())]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The official format has no reasoning. It is written as `reasoning_content`, as compatible servers do, or in the form of the [`Dialect`],
//! and read as `reasoning_content` or `reasoning`.

mod answer_message;
mod dialect;
pub mod embeddings;
mod error;
mod extra_fields;
#[cfg(feature = "wire")]
mod field_counts;
mod finish_and_usage;
mod further_choices;
mod logprobs;
mod message;
mod models;
mod rejection_codes;
mod request;
mod request_rules;
mod response;
pub(in crate::wire) mod shared_rules;
#[cfg(feature = "wire")]
mod stream_reader;
mod stream_writer;
mod streamed_extra_fields;
#[cfg(all(test, feature = "wire"))]
mod tests;

pub use dialect::Dialect;
pub(in crate::wire) use dialect::complete_rejection;
pub(in crate::wire) use error::read_body as read_error_body;
pub use error::{read_error, write_error, write_stream_error};
pub use models::{read_models, write_models};
pub use rejection_codes::rejection_codes;
pub(in crate::wire) use rejection_codes::{MISSING, rejection_code};
pub(crate) use request::service_tier;
pub use request::{answers, includes_usage, read_request, write_request};
pub(in crate::wire) use request::{read_tool, write_tool};
pub use request_rules::{check, rules};
pub(crate) use request_rules::{check_azure_version, check_content_type, read_checked};
pub(in crate::wire) use request_rules::{
    is_openai, is_plain_gpt_5, is_plain_gpt_5_1, samples_by_itself,
};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};
#[cfg(feature = "wire")]
pub use stream_reader::StreamReader;
pub use stream_writer::StreamWriter;

use super::provider_ids;
use super::write::WireName;
use crate::scenario::Profile;

const WIRE: WireName = WireName("OpenAI Chat Completions");

/// The fields that OpenAI adds to each answer and each chunk, as JSON without braces.
const PROVIDER_FIELDS: &str =
    "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_44709d6fcb\"";

/// The header that holds the id of a request.
pub const REQUEST_ID: &str = "x-request-id";

/// The frame that keeps the connection alive while an answer has no content: a comment, as compatible servers send it.
pub const KEEPALIVE: &str = ": keep-alive\n\n";

/// Returns the id of an answer: `chatcmpl-` and 29 letters and digits. It depends only on the seed and the number, and differs for each
/// number.
///
/// ```
/// use mock_core::wire::openai::response_id;
///
/// assert!(response_id(7, 1).starts_with("chatcmpl-"));
/// assert_ne!(response_id(7, 1), response_id(7, 2));
/// ```
pub fn response_id(seed: u64, number: u64) -> String {
    provider_ids::response(Profile::Openai, seed, number)
}

/// Returns the id of a tool call: `call_` and 24 letters and digits.
///
/// ```
/// assert_eq!(mock_core::wire::openai::call_id(7, 1).len(), 29);
/// ```
pub fn call_id(seed: u64, number: u64) -> String {
    provider_ids::call(Profile::Openai, seed, number)
}

/// Returns the id of a request: `req_` and 32 hexadecimal digits.
///
/// ```
/// assert_eq!(mock_core::wire::openai::request_id(7, 1).len(), 36);
/// ```
pub fn request_id(seed: u64, number: u64) -> String {
    provider_ids::hex("req_", 32, seed, number)
}
