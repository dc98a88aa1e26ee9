//! Gemini, embeddings: `POST /v1beta/models/{model}:embedContent` and `:batchEmbedContents`.
//!
//! ```
//! use mock_core::wire::gemini::embeddings::{self, Form};
//! use mock_core::EmbeddingResponse;
//! use serde_json::json;
//!
//! let of = |text: &str| json!({"model": "models/gemini-embedding-001", "content": {"parts": [{"text": text}]}});
//! let request = embeddings::read_request(json!({"requests": [of("a cat"), of("a dog")]}))?;
//! assert_eq!(request.inputs.len(), 2);
//!
//! let mut response = EmbeddingResponse::new("gemini-embedding-001");
//! response.embeddings = vec![vec![0.5, -0.25]];
//! assert_eq!(embeddings::write_response(&response, Form::Single)?["embedding"]["values"], json!([0.5, -0.25]));
//! assert_eq!(embeddings::write_response(&response, Form::Batch)?["embeddings"][0]["values"], json!([0.5, -0.25]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod request;
mod request_rules;
mod response;

pub use request::{read_request, write_request};
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};

/// The form of a request for embeddings and of its answer: `:embedContent` has one content, and `:batchEmbedContents` has several.
///
/// ```
/// use mock_core::wire::gemini::embeddings::Form;
///
/// assert_ne!(Form::Single, Form::Batch);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// One content: `:embedContent`.
    Single,
    /// A list of requests: `:batchEmbedContents`.
    Batch,
}
