//! Reads and writes answers to requests for embeddings.

use serde_json::Value;

use super::encoding::{Encoding, write_vector};
use super::{base64, no_place};
use crate::chat::embedding::EmbeddingResponse;
use crate::chat::finish_and_usage::Usage;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::embedding_vector::read_numbers;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields, join};

/// Writes the body of an answer. Its metadata become extra fields.
///
/// # Errors
/// If a vector has a number that JSON cannot represent, or if the metadata contradict a field of the answer.
pub fn write_response(
    response: &EmbeddingResponse,
    encoding: Encoding,
) -> Result<Value, WriteError> {
    with_metadata(write_own(response, encoding)?, response)
}

/// Writes the answer as bytes, without a tree of values.
pub(crate) fn write_response_bytes(
    response: &EmbeddingResponse,
    encoding: Encoding,
) -> Result<Vec<u8>, WriteError> {
    let own = write_own(response, encoding)?;
    match response.metadata.is_empty() {
        true => Ok(own.into_bytes()),
        false => Ok(with_metadata(own, response)?.to_string().into_bytes()),
    }
}

fn with_metadata(own: Json, response: &EmbeddingResponse) -> Result<Value, WriteError> {
    let mut body = response.metadata.clone();
    join(&mut body, fields(own.tree()))
        .map_err(|path| no_place(format!("the field `{path}` with two values")))?;
    Ok(body.into())
}

fn write_own(response: &EmbeddingResponse, encoding: Encoding) -> Result<Json, WriteError> {
    let mut json = Json::new().raw("{\"object\":\"list\",\"data\":[");
    for (index, vector) in response.embeddings.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        json = json
            .raw(comma)
            .raw("{\"object\":\"embedding\",\"index\":")
            .number(index as u64)
            .raw(",\"embedding\":");
        json = write_vector(json, vector, encoding)?.raw("}");
    }
    let json = json.raw("],\"model\":").text(&response.model);
    let json = json.when(response.usage, |json, usage| {
        json.raw(",\"usage\":{\"prompt_tokens\":")
            .number(usage.prompt_tokens)
            .raw(",\"total_tokens\":")
            .number(usage.total_tokens())
            .raw("}")
    });
    Ok(json.raw("}"))
}

/// Reads the body of an answer. The vectors are in the order of their indexes.
///
/// # Errors
/// If a field has the wrong type, or a vector is neither a list of numbers nor base64.
///
/// ```
/// use mock_core::EmbeddingResponse;
/// use mock_core::wire::openai::embeddings::{Encoding, read_response, write_response};
///
/// let mut response = EmbeddingResponse::new("text-embedding-3-small");
/// response.embeddings = vec![vec![0.1, -0.2], vec![0.3, 0.4]];
/// for encoding in [Encoding::Float, Encoding::Base64] {
///     assert_eq!(read_response(write_response(&response, encoding)?)?, response);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_response(body: Value) -> Result<EmbeddingResponse, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut response = EmbeddingResponse::new(fields.text("model")?.unwrap_or_default());
    fields.text("object")?;
    let path = Path::Body.key("data");
    let mut vectors = Vec::new();
    for (at, item) in fields.list("data")?.into_iter().enumerate() {
        let path = path.index(at);
        let mut item = Fields::new(item, &path)?;
        let index = item.count("index")?.unwrap_or(at as u64);
        let path = path.key("embedding");
        let vector = item.take("embedding");
        let vector = vector.ok_or_else(|| path.missing("a list of numbers"))?;
        vectors.push((index, read_vector(vector, &path)?));
    }
    vectors.sort_by_key(|(index, _)| *index);
    response.embeddings = vectors.into_iter().map(|(_, vector)| vector).collect();
    if let Some(usage) = fields.take("usage") {
        let path = Path::Body.key("usage");
        let mut usage = Fields::new(usage, &path)?;
        let prompt = usage.count("prompt_tokens")?.unwrap_or_default();
        let total = usage.count("total_tokens")?.unwrap_or(prompt);
        response.usage = Some(Usage::new(prompt, total.saturating_sub(prompt)));
        fields.keep("usage", usage.rest());
    }
    response.metadata = fields.rest_but_nulls();
    Ok(response)
}

fn read_vector(vector: BorrowedValue<'_>, path: &Path<'_>) -> Result<Vec<f32>, ReadError> {
    let numbers = match vector {
        BorrowedValue::Text(text) => {
            let vector = base64::decode(&text);
            return vector.ok_or_else(|| path.unknown(&text, "base64 of 32-bit numbers"));
        }
        BorrowedValue::List(numbers) => numbers,
        other => return Err(path.unlike(&other, "a list of numbers, or base64")),
    };
    read_numbers(numbers, path)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_that_is_not_of_32_bits_is_an_error() {
        for (number, is_read) in [
            (json!(-0.5), true),
            (json!(1e-60), true),
            (json!(3.4e38), true),
            (json!(1e39), false),
            (json!(-1e300), false),
            (json!("1"), false),
        ] {
            let body = json!({ "data": [{ "embedding": [0.5, number] }] });
            let read = read_response(body);
            assert_eq!(read.is_ok(), is_read, "{number}");
            if let Err(error) = read {
                assert!(
                    error.to_string().contains("data[0].embedding[1]"),
                    "{error}"
                );
            }
        }
    }
}
