//! OpenAI, embeddings: `POST /v1/embeddings`.
//!
//! ```
//! use mock_core::wire::openai::embeddings::{self, Encoding};
//! use mock_core::EmbeddingResponse;
//! use serde_json::json;
//!
//! let request = embeddings::read_request(json!({"model": "text-embedding-3-small", "input": ["a cat", "a dog"]}))?;
//! assert_eq!(request.inputs.len(), 2);
//!
//! let mut response = EmbeddingResponse::new("text-embedding-3-small");
//! response.embeddings = vec![vec![0.5, -0.25]];
//! let body = embeddings::write_response(&response, Encoding::Float)?;
//! assert_eq!(body["data"], json!([{"object": "embedding", "index": 0, "embedding": [0.5, -0.25]}]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod base64;
mod encoding;
mod request;
mod request_rules;
mod response;

pub use encoding::{Encoding, encoding};
pub use request::{read_request, write_request};
pub(crate) use request_rules::read_checked;
pub use request_rules::{check, rules};
pub(crate) use response::write_response_bytes;
pub use response::{read_response, write_response};

use crate::wire::write::WriteError;

/// Returns the error for what an answer has no place for.
fn no_place(what: String) -> WriteError {
    WriteError::NoPlace {
        wire: "OpenAI Embeddings",
        what,
        place: "an answer",
    }
}
