//! Reads and writes requests for embeddings.

use serde_json::{Value, json};

use super::encoding::encoding_of;
use crate::chat::embedding::{EmbeddingInput, EmbeddingRequest};
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{form_of_input, write_input};
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::fields;

const INPUT: &str = "a text, a list of texts, a list of tokens or a list of those";
const TOKEN: &str = "a token, which is a whole number from 0 to 4294967295";

/// Reads the body of a request. Fields that [`EmbeddingRequest`] does not have are in `extra`: `user`, `encoding_format`, …
///
/// # Errors
/// If a field has the wrong type, or `encoding_format` is unknown.
///
/// ```
/// use mock_core::EmbeddingInput;
/// use mock_core::wire::openai::embeddings::read_request;
/// use serde_json::json;
///
/// let request = read_request(json!({"model": "text-embedding-3-small", "input": [9906, 1917], "dimensions": 256}))?;
/// assert_eq!(request.inputs, [EmbeddingInput::Tokens(vec![9906, 1917])]);
/// assert_eq!(request.dimensions, Some(256));
///
/// let error = read_request(json!({"input": ["a", 4]})).unwrap_err();
/// assert_eq!(error.to_string(), "`input[1]` is a number: give it a text");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<EmbeddingRequest, ReadError> {
    read(body.into())
}

pub(super) fn read(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = EmbeddingRequest::new(fields.text("model")?.unwrap_or_default());
    let path = Path::Body.key("input");
    let input = fields.required("input", INPUT)?;
    request.form = form_of_input(&input);
    request.inputs = read_inputs(input, &path)?;
    let path = Path::Body.key("dimensions");
    if let Some(dimensions) = fields.count("dimensions")? {
        let fits = u32::try_from(dimensions).ok();
        request.dimensions =
            Some(fits.ok_or_else(|| {
                path.unknown(&dimensions.to_string(), "a number up to 4294967295")
            })?);
    }
    if let Some(format) = fields.word("encoding_format")? {
        if encoding_of(&format).is_none() {
            let path = Path::Body.key("encoding_format");
            return Err(path.unknown(&format, "`float` or `base64`"));
        }
        fields.keep("encoding_format", BorrowedValue::Text(format));
    }
    request.extra = fields.rest();
    Ok(request)
}

/// One input, or a list of inputs. All items have the type of the first one.
fn read_inputs(
    input: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<Vec<EmbeddingInput>, ReadError> {
    let items = match input {
        BorrowedValue::Text(text) => return Ok(vec![EmbeddingInput::Text(text.into_owned())]),
        BorrowedValue::List(items) => items,
        other => return Err(path.unlike(&other, INPUT)),
    };
    if let Some(BorrowedValue::Number(_)) = items.first() {
        return Ok(vec![read_tokens(items, path)?]);
    }
    let are_tokens = matches!(items.first(), Some(BorrowedValue::List(_)));
    let mut inputs = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        inputs.push(match (item, are_tokens) {
            (BorrowedValue::Text(text), false) => EmbeddingInput::Text(text.into_owned()),
            (BorrowedValue::List(tokens), true) => read_tokens(tokens, &path.index(index))?,
            (other, false) => return Err(path.index(index).unlike(&other, "a text")),
            (other, true) => return Err(path.index(index).unlike(&other, "a list of tokens")),
        });
    }
    Ok(inputs)
}

fn read_tokens(
    items: Vec<BorrowedValue<'_>>,
    path: &Path<'_>,
) -> Result<EmbeddingInput, ReadError> {
    let mut tokens = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let token = match item {
            BorrowedValue::Number(number) => {
                number.as_u64().and_then(|token| token.try_into().ok())
            }
            _ => None,
        };
        let Some(token) = token else {
            return Err(path.index(index).unlike(item, TOKEN));
        };
        tokens.push(token);
    }
    Ok(EmbeddingInput::Tokens(tokens))
}

/// Writes the body of a request, as a client would send it. Inputs are a list, unless the request was read from one that is
/// not.
///
/// ```
/// use mock_core::EmbeddingRequest;
/// use mock_core::wire::openai::embeddings::{read_request, write_request};
///
/// let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat").with_dimensions(256);
/// assert_eq!(read_request(write_request(&request))?, request);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_request(request: &EmbeddingRequest) -> Value {
    let inputs = request.inputs.iter().map(|input| match input {
        EmbeddingInput::Text(text) => json!(text),
        EmbeddingInput::Tokens(tokens) => json!(tokens),
    });
    let mut body = request.extra.clone();
    body.extend(fields(json!({
        "model": request.model, "input": write_input(inputs.collect(), request.form),
    })));
    if let Some(dimensions) = request.dimensions {
        body.insert("dimensions".into(), dimensions.into());
    }
    body.into()
}
