//! Reads and writes lists of models.

use serde_json::{Value, json};

use crate::wire::listed_model::{self, Model};
use crate::wire::read::ReadError;
use crate::wire::time;
use crate::wire::write::{fields, texts};

/// Writes the body of `GET /v1/models`, all on one page. `created` is the time of the models without a time of their own, in seconds since
/// 1970.
///
/// ```
/// use mock_core::wire::anthropic::{read_models, write_models};
///
/// let body = write_models(["claude-big", "claude-small"], 1_700_000_000);
/// assert_eq!((&body["last_id"], &body["has_more"]), (&"claude-small".into(), &false.into()));
/// let models = read_models(body)?;
/// assert_eq!(models[0].id, "claude-big");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models(models: impl IntoIterator<Item = impl Into<Model>>, created: u64) -> Value {
    write(listed_model::listed(models), created)
}

fn write(models: Vec<Model>, created: u64) -> Value {
    let created = time::rfc3339(created);
    let mut data = Vec::with_capacity(models.len());
    for model in models {
        let defaults = texts(&[
            ("type", "model"),
            ("display_name", &model.id),
            ("created_at", &created),
        ]);
        data.push(model.write(fields(defaults)));
    }
    let id = |model: Option<&Value>| model.map(|model| model["id"].clone());
    let (first, last) = (id(data.first()), id(data.last()));
    json!({ "data": data, "has_more": false, "first_id": first, "last_id": last })
}

/// Reads the models in the body of `GET /v1/models`, with all of their fields.
///
/// # Errors
/// If a model has no id.
pub fn read_models(body: Value) -> Result<Vec<Model>, ReadError> {
    listed_model::read(body)
}
