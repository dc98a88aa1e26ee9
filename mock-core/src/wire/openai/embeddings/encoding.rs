//! The encoding of vectors, numbers or base64, which a request asks for with `encoding_format`: [`Encoding`].

use serde_json::Value;

use super::{base64, no_place};
use crate::chat::embedding::EmbeddingRequest;
use crate::wire::embedding_vector::write_numbers;
use crate::wire::write::{Json, WriteError};

/// The encoding of vectors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// As lists of numbers: the default.
    #[default]
    Float,
    /// As base64 of 32-bit floating-point numbers, with the lowest byte first.
    Base64,
}

/// Returns the encoding that a request asks for.
pub fn encoding(request: &EmbeddingRequest) -> Encoding {
    let format = request.extra.get("encoding_format").and_then(Value::as_str);
    format.and_then(encoding_of).unwrap_or_default()
}

/// Returns the encoding of this name.
pub(super) fn encoding_of(format: &str) -> Option<Encoding> {
    match format {
        "float" => Some(Encoding::Float),
        "base64" => Some(Encoding::Base64),
        _ => None,
    }
}

/// Writes a vector in an encoding.
pub(super) fn write_vector(
    json: Json,
    vector: &[f32],
    encoding: Encoding,
) -> Result<Json, WriteError> {
    match encoding {
        Encoding::Float => {
            write_numbers(json, vector).map_err(|number| no_place(format!("the number {number}")))
        }
        Encoding::Base64 => Ok(json.text(&base64::encode(vector))),
    }
}
