//! Reads and writes lists of models.

use serde_json::{Value, json};

use super::request::without_prefix;
use crate::wire::listed_model::Model;
use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::write::fields;

/// Writes the body of `GET /v1beta/models`, all on one page. This wire has no times.
///
/// ```
/// use mock_core::wire::gemini::{read_models, write_models};
///
/// let body = write_models(["gemini-2.5-flash"], 1_700_000_000);
/// assert_eq!(body["models"][0]["name"], "models/gemini-2.5-flash");
/// assert_eq!(read_models(body)?[0].id, "gemini-2.5-flash");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models(models: impl IntoIterator<Item = impl Into<Model>>, _created: u64) -> Value {
    let models = models.into_iter().map(|model| write_model(model.into()));
    json!({ "models": models.collect::<Vec<_>>() })
}

fn write_model(model: Model) -> Value {
    let id = without_prefix(&model.id);
    let mut written = fields(json!({
        "version": "001", "displayName": id, "inputTokenLimit": 1_048_576, "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens", "embedContent"],
    }));
    let name = match id.contains('/') {
        true => id.to_owned(),
        false => format!("models/{id}"),
    };
    written.extend(model.extra);
    written.insert("name".into(), name.into());
    written.into()
}

/// Reads the models in the body of `GET /v1beta/models`, with all of their fields. Their ids are their names without `models/`.
///
/// # Errors
/// If a model has no name.
pub fn read_models(body: Value) -> Result<Vec<Model>, ReadError> {
    let path = Path::Body.key("models");
    let models = Fields::new(body, &Path::Body)?.list("models")?;
    let models = models.into_iter().enumerate().map(|(index, model)| {
        let path = path.index(index);
        let mut fields = Fields::new(model, &path)?;
        let name = fields.required_text("name")?;
        let mut model = Model::from(without_prefix(&name));
        model.extra = fields.rest();
        Ok(model)
    });
    models.collect()
}
