use serde_json::{Value, json};

use crate::wire::read::{Fields, Path, ReadError};

/// Writes the body of `GET /v1/models`; `created` is the time of all of them, in seconds since 1970.
///
/// ```
/// use mock_core::wire::openai::{read_models, write_models};
///
/// let body = write_models(["gpt-4o", "gpt-4o-mini"], 1_700_000_000);
/// assert_eq!(body["data"][0]["id"], "gpt-4o");
/// assert_eq!(read_models(body)?, ["gpt-4o", "gpt-4o-mini"]);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models<'a>(models: impl IntoIterator<Item = &'a str>, created: u64) -> Value {
    let models = models
        .into_iter()
        .map(|id| json!({ "id": id, "object": "model", "created": created, "owned_by": "openai" }));
    json!({ "object": "list", "data": models.collect::<Vec<_>>() })
}

/// Reads the names in the body of `GET /v1/models`.
///
/// # Errors
/// If a model has no id.
pub fn read_models(body: Value) -> Result<Vec<String>, ReadError> {
    let path = Path::Body.key("data");
    let models = Fields::new(body, &Path::Body)?.list("data")?;
    let ids = models.into_iter().enumerate().map(|(index, model)| {
        let path = path.index(index);
        Fields::new(model, &path)?.required_text("id")
    });
    ids.collect()
}
