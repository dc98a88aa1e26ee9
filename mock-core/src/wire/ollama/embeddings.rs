//! Ollama, embeddings: `POST /api/embed`, and the older `POST /api/embeddings`, whose requests have one `prompt` and whose answers have one
//! `embedding`.
//!
//! ```
//! use mock_core::wire::ollama::embeddings;
//! use mock_core::EmbeddingResponse;
//! use serde_json::json;
//!
//! let request = embeddings::read_request(json!({"model": "all-minilm", "input": ["a cat", "a dog"]}))?;
//! assert_eq!(request.inputs.len(), 2);
//!
//! let mut response = EmbeddingResponse::new("all-minilm");
//! response.embeddings = vec![vec![0.5, -0.25]];
//! let body = embeddings::write_response(&response)?;
//! assert_eq!(body["embeddings"], json!([[0.5, -0.25]]));
//! assert_eq!(embeddings::read_response(body)?.embeddings, response.embeddings);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use serde_json::{Value, json};

use super::WIRE;
use super::finish_and_usage::durations;
use super::request_rules::API;
use crate::chat::embedding::{EmbeddingInput, EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::finish_and_usage::Usage;
use crate::scenario::Profile;
use crate::search::Search;
use crate::wire::borrowed_value::BorrowedValue;
use crate::wire::content::{form_of_input, write_input};
use crate::wire::embedding_vector::read_numbers;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::request_rules::{
    RejectedRequest, Rule, RuleScope, Rules, Violation, broken, foreign_body,
};
use crate::wire::write::{WriteError, field, fields, retain};

const INPUT: &str = "a text or a list of texts";
const PLACE: &str = "an answer of /api/embed";

/// Reads the body of a request: one with an `input`, or an older one with a `prompt`. Fields that [`EmbeddingRequest`] does not have stay in `extra`: `truncate`, `options`, `keep_alive`, …
///
/// # Errors
/// If a field has the wrong type.
///
/// ```
/// use mock_core::wire::ollama::embeddings::read_request;
/// use serde_json::json;
///
/// let request = read_request(json!({"model": "all-minilm", "input": "a cat", "truncate": true}))?;
/// assert_eq!(request.inputs[0].text(), "a cat");
/// assert_eq!(request.extra["truncate"], true);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_request(body: Value) -> Result<EmbeddingRequest, ReadError> {
    let body = BorrowedValue::from(body);
    match body.has("prompt") && !body.has("input") {
        true => read_prompt(body),
        false => read(body),
    }
}

/// Reads the body of a request of `/api/embeddings`.
fn read_prompt(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = EmbeddingRequest::new(fields.text("model")?.unwrap_or_default());
    if fields.peek("input").is_some() && fields.peek("prompt").is_none() {
        let expected = "a text: an `input` goes to `/api/embed`";
        return Err(fields.missing("prompt", expected));
    }
    let prompt = fields.required_text("prompt")?;
    request.inputs = vec![EmbeddingInput::Text(prompt)];
    request.extra = fields.rest();
    Ok(request)
}

fn read(body: BorrowedValue<'_>) -> Result<EmbeddingRequest, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut request = EmbeddingRequest::new(fields.text("model")?.unwrap_or_default());
    let path = Path::Body.key("input");
    let input = fields.required("input", INPUT)?;
    request.form = form_of_input(&input);
    request.inputs = read_inputs(input, &path)?;
    let path = Path::Body.key("dimensions");
    if let Some(dimensions) = fields.count("dimensions")? {
        let fits = u32::try_from(dimensions).ok();
        let unfit = || path.unknown(&dimensions.to_string(), "a number up to 4294967295");
        request.dimensions = Some(fits.ok_or_else(unfit)?);
    }
    request.extra = fields.rest();
    Ok(request)
}

fn read_inputs(
    input: BorrowedValue<'_>,
    path: &Path<'_>,
) -> Result<Vec<EmbeddingInput>, ReadError> {
    let items = match input {
        BorrowedValue::Text(text) => return Ok(vec![EmbeddingInput::Text(text.into_owned())]),
        BorrowedValue::List(items) => items,
        other => return Err(path.unlike(&other, INPUT)),
    };
    let items = items
        .into_iter()
        .enumerate()
        .map(|(index, item)| match item {
            BorrowedValue::Text(text) => Ok(EmbeddingInput::Text(text.into_owned())),
            other => Err(path.index(index).unlike(&other, "a text")),
        });
    items.collect()
}

/// Writes the body of a request, as a client would send it.
///
/// # Errors
/// If an input is a list of tokens.
///
/// ```
/// use mock_core::{EmbeddingRequest, wire::ollama::embeddings::write_request};
///
/// let request = EmbeddingRequest::new("all-minilm").with_input("a cat");
/// assert_eq!(write_request(&request)?["input"][0], "a cat");
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_request(request: &EmbeddingRequest) -> Result<Value, WriteError> {
    let inputs = request.inputs.iter().map(|input| match input {
        EmbeddingInput::Text(text) => Ok(json!(text)),
        EmbeddingInput::Tokens(_) => Err(WIRE.no_place("tokens", "a request of /api/embed")),
    });
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let mut body = request.extra.clone();
    body.extend(fields(
        json!({ "model": request.model, "input": write_input(inputs, request.form) }),
    ));
    if let Some(dimensions) = request.dimensions {
        body.insert("dimensions".into(), dimensions.into());
    }
    Ok(body.into())
}

/// Writes the body of an answer. The metadata come with it as extra fields. Where these have no durations, it is written with some that follow
/// from its usage.
///
/// # Errors
/// If a number is not finite, or the metadata give a field another value than the answer itself.
///
/// ```
/// use mock_core::{EmbeddingResponse, wire::ollama::embeddings::write_response};
///
/// let mut response = EmbeddingResponse::new("all-minilm");
/// response.embeddings = vec![vec![1.0, 0.0]];
/// assert_eq!(write_response(&response)?["embeddings"][0][0], 1.0);
/// # Ok::<(), mock_core::wire::WriteError>(())
/// ```
pub fn write_response(response: &EmbeddingResponse) -> Result<Value, WriteError> {
    let numbers = response.embeddings.iter().flatten();
    if let Some(number) = numbers.clone().find(|number| !number.is_finite()) {
        return Err(WIRE.no_place(&format!("the number {number}"), PLACE));
    }
    let mut body = response.metadata.clone();
    let mut own = fields(json!({ "model": response.model }));
    let vectors = response
        .embeddings
        .iter()
        .map(|vector| vector.iter().map(number).collect());
    own.insert("embeddings".into(), Value::Array(vectors.collect()));
    let usage = response.usage.unwrap_or_default();
    let [(_, _), load, (_, prompt), _] = durations(Usage::new(usage.prompt_tokens, 0));
    for (name, duration) in [("total_duration", load.1.saturating_add(prompt)), load] {
        if body.get(name).is_none_or(Value::is_null) {
            own.insert(name.into(), duration.into());
        }
    }
    if let Some(usage) = response.usage {
        own.insert("prompt_eval_count".into(), usage.prompt_tokens.into());
    }
    WIRE.join(&mut body, own, PLACE)?;
    Ok(body.into())
}

/// Writes the body of an answer of `/api/embeddings`: the vector, and the metadata.
fn write_prompt_response(response: &EmbeddingResponse) -> Result<Value, WriteError> {
    let mut body = fields(write_response(response)?);
    let mut vectors = match body.remove("embeddings") {
        Some(Value::Array(vectors)) => vectors,
        _ => Vec::new(),
    };
    if vectors.len() > 1 {
        return Err(WIRE.no_place("a second vector", "an answer of /api/embeddings"));
    }
    retain(&mut body, &mut |name, _| {
        response.metadata.contains_key(name)
    });
    let vector = vectors.pop().unwrap_or_else(|| Value::Array(Vec::new()));
    let own = field("embedding", vector);
    WIRE.join(&mut body, own, PLACE)?;
    Ok(body.into())
}

/// Writes an answer of `/api/embeddings` as bytes.
pub(crate) fn write_prompt_response_bytes(
    response: &EmbeddingResponse,
) -> Result<Vec<u8>, WriteError> {
    let body = write_prompt_response(response)?;
    // Any value can be written.
    Ok(serde_json::to_vec(&body).unwrap_or_default())
}

/// A number with as many digits as a 32-bit one has.
fn number(number: &f32) -> Value {
    // `Debug` writes the shortest digits that identify the `f32`, so 0.1 does not become 0.10000000149.
    format!("{number:?}")
        .parse::<f64>()
        .unwrap_or_default()
        .into()
}

/// Writes the answer as bytes, without a tree of values.
pub(crate) fn write_response_bytes(response: &EmbeddingResponse) -> Result<Vec<u8>, WriteError> {
    let body = write_response(response)?;
    // Serializing a value cannot fail.
    Ok(serde_json::to_vec(&body).unwrap_or_default())
}

/// Reads the body of an answer: one with `embeddings`, or an older one with an `embedding`. Fields that [`EmbeddingResponse`] does not have are in its metadata, as the durations.
///
/// # Errors
/// If a field has the wrong type.
///
/// ```
/// use mock_core::wire::ollama::embeddings::read_response;
/// use serde_json::json;
///
/// let response = read_response(json!({"model": "all-minilm", "embeddings": [[0.5, 1]], "prompt_eval_count": 2}))?;
/// assert_eq!(response.embeddings, [[0.5, 1.0]]);
/// assert_eq!(response.usage.map(|usage| usage.prompt_tokens), Some(2));
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn read_response(body: Value) -> Result<EmbeddingResponse, ReadError> {
    let mut fields = Fields::new(body, &Path::Body)?;
    let mut response = EmbeddingResponse::new(fields.text("model")?.unwrap_or_default());
    let path = Path::Body.key("embeddings");
    for (index, vector) in fields.list("embeddings")?.into_iter().enumerate() {
        let vector = read_vector(vector, &path.index(index))?;
        response.embeddings.push(vector);
    }
    if let Some(vector) = fields.take("embedding") {
        let path = Path::Body.key("embedding");
        response.embeddings.push(read_vector(vector, &path)?);
    }
    let tokens = fields.count("prompt_eval_count")?;
    response.usage = tokens.map(|tokens| Usage::new(tokens, 0));
    response.metadata = fields.rest_but_nulls();
    Ok(response)
}

fn read_vector(vector: BorrowedValue<'_>, path: &Path<'_>) -> Result<Vec<f32>, ReadError> {
    match vector {
        BorrowedValue::List(numbers) => read_numbers(numbers, path),
        other => Err(path.unlike(&other, "a list of numbers")),
    }
}

/// Ollama's message for inputs that are not texts.
const INVALID: &str = "invalid input type";

/// Bodies that cannot be read: those of another API, and those whose input is of another type.
const UNREADABLE: &[Rule] = &[
    Rule {
        id: "foreign_body",
        scope: RuleScope::Everywhere,
        sources: &[API],
        words: "{at} is required",
        help: "this is a request in the format of {}, sent to /api/embed of Ollama",
        rejected: r#"{"input": null, "messages": [{"role": "user", "content": "hi"}]}"#,
        accepted: r#"{"a_field_of_the_future": 1}"#,
        check: |body| foreign_body(body, "input"),
    },
    Rule {
        id: "input_type",
        scope: RuleScope::Everywhere,
        sources: &["langchain-ai/langchain#27831", "ollama/ollama#12441"],
        words: INVALID,
        help: "send `{}` as a text or a list of texts",
        rejected: r#"{"input": [1, 2]}"#,
        accepted: r#"{"input": ["a cat", "a dog"]}"#,
        check: |body| {
            let is_text = |input: &BorrowedValue<'_>| matches!(input, BorrowedValue::Text(_));
            let is_right = match body.field("input")? {
                BorrowedValue::List(items) => items.all(&is_text),
                input => is_text(input),
            };
            (!is_right).then(|| Violation::new("input", "input"))
        },
    },
];

const OF_BODY: &[Rule] = &[Rule {
    id: "model_missing",
    scope: RuleScope::Everywhere,
    sources: &[API],
    words: "model is required",
    help: "",
    rejected: r#"{"model": null}"#,
    accepted: r#"{"model": "nomic-embed-text"}"#,
    check: |body| broken(body.str("model").is_none_or(str::is_empty), "model"),
}];

static RULES: Rules = Rules {
    foreign: UNREADABLE,
    ..PROMPT_RULES
};

/// The rules of `/api/embeddings`.
const PROMPT_RULES: Rules = Rules {
    body: &[OF_BODY],
    // Only Ollama speaks this wire, so its rules hold for every model.
    ..Rules::new(Profile::Ollama, |_| true)
};

/// Returns the rules by which [`check`] rejects requests of `/api/embed`, in the order in which it applies them.
///
/// ```
/// use mock_core::wire::ollama::embeddings::rules;
///
/// assert!(rules().any(|rule| rule.id == "input_type"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.all()
}

/// Rejects the body of a request of `/api/embed` as Ollama would, by these [`rules`]. They apply to every profile.
///
/// # Errors
/// A [`BadRequest`](crate::ErrorKind::BadRequest) that says what is wrong in the provider's words. A body that cannot be read is an error too.
///
/// ```
/// use mock_core::{scenario::Profile, wire::ollama::embeddings::check};
/// use serde_json::json;
///
/// assert!(check(&json!({"model": "all-minilm", "input": "a cat"}), Profile::Ollama).is_ok());
/// assert!(check(&json!({"model": "all-minilm", "input": 4}), Profile::Ollama).is_err());
/// ```
pub fn check(body: &Value, profile: Profile) -> Result<(), ProviderError> {
    let read = RULES.read(body.clone().into(), Some(profile), read);
    read.map(drop).map_err(|rejected| *rejected.error)
}

/// Reads a request from bytes, and rejects it by the rules that hold for the profile, if there is one.
pub(crate) fn read_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<EmbeddingRequest, RejectedRequest> {
    RULES.read_bytes(body, profile, read)
}

/// The same for a request of `/api/embeddings`.
pub(crate) fn read_prompt_checked(
    body: &[u8],
    profile: Option<Profile>,
) -> Result<EmbeddingRequest, RejectedRequest> {
    PROMPT_RULES.read_bytes(body, profile, read_prompt)
}
