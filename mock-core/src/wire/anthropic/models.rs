//! Lists of models, read and written.

use serde_json::{Value, json};

use crate::wire::models::{self, Model};
use crate::wire::read::ReadError;
use crate::wire::time;
use crate::wire::write::fields;

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
    let created = time::rfc3339(created);
    let models = models.into_iter().map(|model| {
        let model = model.into();
        let defaults = json!({ "type": "model", "display_name": model.id, "created_at": created });
        model.write(fields(defaults))
    });
    let models: Vec<_> = models.collect();
    let id = |model: Option<&Value>| model.map(|model| model["id"].clone());
    let (first, last) = (id(models.first()), id(models.last()));
    json!({ "data": models, "has_more": false, "first_id": first, "last_id": last })
}

/// Reads the models in the body of `GET /v1/models`, with all of their fields.
///
/// # Errors
/// If a model has no id.
pub fn read_models(body: Value) -> Result<Vec<Model>, ReadError> {
    models::read(body)
}
