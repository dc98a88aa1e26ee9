//! Ollama, texts: `POST /api/generate`.
//!
//! Its answers are read as those of `/api/chat` are, by [`read_response`](super::read_response) and [`StreamReader`](super::StreamReader), and
//! streamed by [`StreamWriter::generate`](super::StreamWriter::generate).
//!
//! ```
//! use mock_core::wire::ollama::{generate, read_response};
//! use mock_core::{Response, StreamEvent};
//! use serde_json::json;
//!
//! let request = generate::read_request(json!({"model": "llama3.2", "system": "Be brief.", "prompt": "Hello"}))?;
//! assert_eq!(request.user_text().as_deref(), Some("Hello"));
//!
//! let mut response = Response::new("", "llama3.2");
//! response.push(StreamEvent::Text("Hi".into()));
//! let body = generate::write_response(&response, 0)?;
//! assert_eq!(body["response"], "Hi");
//! assert_eq!(read_response(body)?.text(), "Hi");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod request;
mod request_rules;

pub use request::{read_request, write_request};
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
use serde_json::Value;

use super::{Endpoint, response};
use crate::chat::response::Response;
use crate::wire::write::WriteError;

/// Writes the body of an answer of `/api/generate` that is not streamed. `created` is the time in seconds since 1970.
///
/// # Errors
/// As [`write_response`](super::write_response) of `/api/chat`, and if the answer has a tool call.
///
/// ```
/// use mock_core::{Response, wire::ollama::generate::write_response};
///
/// assert_eq!(write_response(&Response::new("", "llama3.2"), 0)?["done"], true);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &Response, created: u64) -> Result<Value, WriteError> {
    response::write(Endpoint::Generate, response, created)
}
