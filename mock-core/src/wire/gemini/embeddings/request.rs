//! Reads and writes requests for embeddings.

use serde_json::{Map, Value, json};

use super::Form;
use crate::chat::embedding::{EmbeddingInput, EmbeddingRequest};
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::gemini::WIRE;
use crate::wire::gemini::field_names::in_camel_case;
use crate::wire::gemini::request::without_prefix;
use crate::wire::read::{Fields, Path, ReadError, missing_of};
use crate::wire::write::{WriteError, fields};

const PLACE: &str = "a request for embeddings";

/// The field of a batch that holds its requests, and the field of [`EmbeddingRequest::extra`] that holds what some of them say alone.
const REQUESTS: &str = "requests";

/// Reads the body of a request: of `:batchEmbedContents` if it has `requests`, else of `:embedContent`.
///
/// The texts of a content come together in one input. Fields that [`EmbeddingRequest`] does not have stay in `extra`: `taskType`, `title`,
/// … Where the requests of a batch differ in it, `extra` has `requests`: a list with an object for each of them.
///
/// # Errors
/// If a field has the wrong type, a part is not a text, or the requests of a batch ask for different models or dimensions.
///
/// ```
/// use mock_core::wire::gemini::embeddings::read_request;
/// use serde_json::json;
///
/// let request = read_request(json!({
///     "model": "models/gemini-embedding-001",
///     "content": {"parts": [{"text": "a cat"}]},
///     "taskType": "RETRIEVAL_QUERY",
///     "output_dimensionality": 256,
/// }))?;
/// assert_eq!((&*request.inputs[0].text(), request.dimensions), ("a cat", Some(256)));
/// assert_eq!(request.extra["taskType"], "RETRIEVAL_QUERY");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<EmbeddingRequest, ReadError> {
    read(in_camel_case(body.into()))
}

/// Reads a body whose names are in camelCase.
pub(super) fn read(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    match body.field(REQUESTS) {
        Some(_) => read_batch(body),
        None => read_single(body, &Path::Body),
    }
}

/// Reads a body of `:embedContent`.
pub(super) fn read_one(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    match body.field(REQUESTS) {
        Some(_) => {
            let known = "a content: a list of `requests` goes to `:batchEmbedContents`";
            Err(missing_of(&body, &Path::Body, "content", known))
        }
        None => read(body),
    }
}

/// Reads a body of `:batchEmbedContents`.
pub(super) fn read_many(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    match body.field(REQUESTS) {
        None if body.has("content") => {
            let known = "a list of requests: one `content` goes to `:embedContent`";
            Err(missing_of(&body, &Path::Body, REQUESTS, known))
        }
        Some(_) => read(body),
        None => {
            let known = "a list of requests, each with a `content`";
            Err(missing_of(&body, &Path::Body, REQUESTS, known))
        }
    }
}

fn read_single(body: BorrowedValue<'_>, path: &Path<'_>) -> Result<EmbeddingRequest, ReadError> {
    let mut fields = Fields::new(body, path)?;
    let model = fields.word("model")?.unwrap_or_default();
    let mut request = EmbeddingRequest::new(without_prefix(&model));
    let content_path = path.key("content");
    let text = match fields.take("content") {
        Some(content) => read_text(content, &content_path)?,
        None => String::new(),
    };
    request.inputs.push(EmbeddingInput::Text(text));
    let dimensions_path = path.key("outputDimensionality");
    if let Some(dimensions) = fields.count("outputDimensionality")? {
        let fits = u32::try_from(dimensions).ok();
        let unfit =
            || dimensions_path.unknown(&dimensions.to_string(), "a number up to 4294967295");
        request.dimensions = Some(fits.ok_or_else(unfit)?);
    }
    request.extra = fields.rest();
    Ok(request)
}

/// The texts of a content. Its role says nothing here.
fn read_text(content: BorrowedValue<'_>, path: &Path<'_>) -> Result<String, ReadError> {
    let mut content = Fields::new(content, path)?;
    let path = path.key("parts");
    let mut text = String::new();
    for (index, part) in content.list("parts")?.into_iter().enumerate() {
        let path = path.index(index);
        text += &Fields::new(part, &path)?.required_text("text")?;
    }
    Ok(text)
}

fn read_batch(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let path = Path::Body.key(REQUESTS);
    let model = fields.word("model")?.unwrap_or_default();
    let mut batch = EmbeddingRequest::new(without_prefix(&model));
    let mut rests = Vec::new();
    for (index, tree) in fields.list(REQUESTS)?.into_iter().enumerate() {
        let path = path.index(index);
        let one = read_single(tree, &path)?;
        if index == 0 {
            batch.dimensions = one.dimensions;
            if batch.model.is_empty() {
                batch.model.clone_from(&one.model);
            }
        }
        if !one.model.is_empty() && one.model != batch.model {
            let known = "the model of the path and of the other requests";
            return Err(path.key("model").unknown(&one.model, known));
        }
        if one.dimensions != batch.dimensions {
            let found = one
                .dimensions
                .map_or("none".into(), |number| number.to_string());
            let known = "the same number in each request of a batch, which a mock needs";
            return Err(path.key("outputDimensionality").unknown(&found, known));
        }
        batch.inputs.extend(one.inputs);
        rests.push(one.extra);
    }
    batch.extra = fields.rest();
    let first = rests.first().cloned().unwrap_or_default();
    match rests.all(&|rest| *rest == first) {
        true => batch.extra.extend(first),
        false => {
            let rests: Vec<_> = rests.into_iter().map(Value::from).collect();
            batch.extra.insert(REQUESTS.into(), rests.into());
        }
    }
    Ok(batch)
}

/// Writes the body of a request, as a client would send it to `:embedContent` or to `:batchEmbedContents`.
///
/// # Errors
/// If an input is a list of tokens, or if there is not exactly one input for [`Form::Single`].
///
/// ```
/// use mock_core::EmbeddingRequest;
/// use mock_core::wire::gemini::embeddings::{Form, write_request};
///
/// let request = EmbeddingRequest::new("gemini-embedding-001").with_input("a cat");
/// let body = write_request(&request, Form::Batch)?;
/// assert_eq!(body["requests"][0]["content"]["parts"][0]["text"], "a cat");
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_request(request: &EmbeddingRequest, form: Form) -> Result<Value, WriteError> {
    let mut shared = request.extra.clone();
    let own = match shared.remove(REQUESTS) {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    let requests = request.inputs.iter().enumerate().map(|(index, input)| {
        let EmbeddingInput::Text(text) = input else {
            return Err(WIRE.no_place("tokens", PLACE));
        };
        let mut one: Map<String, Value> = shared.clone();
        one.extend(own.get(index).cloned().map(fields).unwrap_or_default());
        let content = json!({ "parts": [{ "text": text }] });
        one.extend(fields(json!({ "content": content })));
        if !request.model.is_empty() {
            one.insert("model".into(), format!("models/{}", request.model).into());
        }
        if let Some(dimensions) = request.dimensions {
            one.insert("outputDimensionality".into(), dimensions.into());
        }
        Ok(Value::from(one))
    });
    let mut requests = requests.collect::<Result<Vec<_>, _>>()?;
    match (form, requests.pop()) {
        (Form::Single, Some(only)) if requests.is_empty() => Ok(only),
        (Form::Single, _) => Err(WIRE.no_place("any number of texts but one", "`:embedContent`")),
        (Form::Batch, last) => {
            requests.extend(last);
            Ok(json!({ REQUESTS: requests }))
        }
    }
}
