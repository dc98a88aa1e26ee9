//! Reads and writes lists of models.

use serde_json::{Value, json};

use crate::wire::listed_model::{self, Model};
use crate::wire::read::ReadError;
use crate::wire::write::fields;

/// Writes the body of `GET /v1/models`. `created` is the time of the models without a time of their own, in seconds since 1970.
///
/// ```
/// use mock_core::wire::openai::{read_models, write_models};
///
/// let body = write_models(["gpt-4o", "gpt-4o-mini"], 1_700_000_000);
/// assert_eq!(body["data"][0]["id"], "gpt-4o");
/// let models = read_models(body)?;
/// assert_eq!(models[1].id, "gpt-4o-mini");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models(models: impl IntoIterator<Item = impl Into<Model>>, created: u64) -> Value {
    write(listed_model::listed(models), created)
}

fn write(models: Vec<Model>, created: u64) -> Value {
    let mut data = Vec::with_capacity(models.len());
    for model in models {
        let defaults = json!({ "object": "model", "created": created, "owned_by": "openai" });
        data.push(model.write(fields(defaults)));
    }
    json!({ "object": "list", "data": data })
}

/// Reads the models in the body of `GET /v1/models`, with all of their fields.
///
/// # Errors
/// If a model has no id.
pub fn read_models(body: Value) -> Result<Vec<Model>, ReadError> {
    listed_model::read(body)
}
