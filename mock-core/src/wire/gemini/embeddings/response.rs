//! Reads and writes answers to requests for embeddings.

use serde_json::{Map, Value};

use super::Form;
use crate::chat::embedding::EmbeddingResponse;
use crate::chat::finish_and_usage::Usage;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::embedding_vector::{read_numbers, write_numbers};
use crate::wire::gemini::WIRE;
use crate::wire::gemini::finish_and_usage::USAGE;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::{Json, WriteError, fields};

const PLACE: &str = "an answer with embeddings";

/// The count of a usage.
const PROMPT: &str = "promptTokenCount";

/// Writes the body of an answer. The metadata are written as extra fields. The answer does not name its model.
///
/// # Errors
/// If a number is not finite, if there is not exactly one vector for [`Form::Single`], or if the metadata give a field another value than the
/// answer itself.
///
/// ```
/// use mock_core::EmbeddingResponse;
/// use mock_core::wire::gemini::embeddings::{Form, write_response};
///
/// let mut response = EmbeddingResponse::new("gemini-embedding-001");
/// response.embeddings = vec![vec![1.0, 0.0]];
/// assert_eq!(write_response(&response, Form::Single)?["embedding"]["values"][0], 1.0);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &EmbeddingResponse, form: Form) -> Result<Value, WriteError> {
    with_metadata(write_own(response, form)?, response)
}

/// Writes the answer as bytes, without a tree of values.
pub(crate) fn write_response_bytes(
    response: &EmbeddingResponse,
    form: Form,
) -> Result<Vec<u8>, WriteError> {
    let own = write_own(response, form)?;
    match response.metadata.is_empty() {
        true => Ok(own.into_bytes()),
        false => Ok(with_metadata(own, response)?.to_string().into_bytes()),
    }
}

fn with_metadata(own: Json, response: &EmbeddingResponse) -> Result<Value, WriteError> {
    let mut body = response.metadata.clone();
    WIRE.join(&mut body, fields(own.tree()), PLACE)?;
    Ok(body.into())
}

fn write_own(response: &EmbeddingResponse, form: Form) -> Result<Json, WriteError> {
    let json = match (form, &response.embeddings[..]) {
        (Form::Single, [vector]) => write_vector(Json::new().raw("{\"embedding\":"), vector)?,
        (Form::Single, _) => {
            return Err(WIRE.no_place("any number of vectors but one", "`:embedContent`"));
        }
        (Form::Batch, vectors) => {
            let mut json = Json::new().raw("{\"embeddings\":[");
            for (index, vector) in vectors.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                json = write_vector(json.raw(comma), vector)?;
            }
            json.raw("]")
        }
    };
    let json = json.when(response.usage, |json, usage| {
        let json = json.raw(",").text(USAGE).raw(":{").text(PROMPT).raw(":");
        json.number(usage.prompt_tokens).raw("}")
    });
    Ok(json.raw("}"))
}

fn write_vector(json: Json, vector: &[f32]) -> Result<Json, WriteError> {
    let written = write_numbers(json.raw("{\"values\":"), vector);
    let json = written.map_err(|number| WIRE.no_place(&format!("the number {number}"), PLACE))?;
    Ok(json.raw("}"))
}

/// Reads the body of an answer of either form. Fields that [`EmbeddingResponse`] does not have are in its metadata.
///
/// # Errors
/// If a field has the wrong type.
///
/// ```
/// use mock_core::wire::gemini::embeddings::read_response;
/// use serde_json::json;
///
/// let response = read_response(json!({"embeddings": [{"values": [0.5, 1]}, {"values": [0.25, 0]}]}))?;
/// assert_eq!(response.embeddings, [[0.5, 1.0], [0.25, 0.0]]);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<EmbeddingResponse, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut response = EmbeddingResponse::new("");
    let path = Path::Body.key("embedding");
    if let Some(single) = fields.take("embedding") {
        response.embeddings.push(read_values(single, &path)?);
    }
    let path = Path::Body.key("embeddings");
    for (index, vector) in fields.list("embeddings")?.into_iter().enumerate() {
        let vector = read_values(vector, &path.index(index))?;
        response.embeddings.push(vector);
    }
    let path = Path::Body.key(USAGE);
    let mut usage = fields.within(USAGE, &path)?;
    let tokens = usage.count(PROMPT)?;
    response.usage = tokens.map(|tokens| Usage::new(tokens, 0));
    let rest: Map<String, Value> = usage.rest_but_nulls();
    fields.keep(USAGE, rest);
    response.metadata = fields.rest_but_nulls();
    Ok(response)
}

fn read_values(tree: BorrowedValue<'_>, path: &Path<'_>) -> Result<Vec<f32>, ReadError> {
    let mut fields = Fields::new(tree, path)?;
    let path = path.key("values");
    match fields.take("values") {
        Some(BorrowedValue::List(numbers)) => read_numbers(numbers, &path),
        Some(other) => Err(path.unlike(&other, "a list of numbers")),
        None => Err(path.missing("a list of numbers")),
    }
}
