//! A model as a provider lists it: [`Model`].

use serde_json::{Map, Value};

use super::read::{Fields, Path, ReadError};

/// A model in a provider's list.
///
/// ```
/// use mock_core::wire::{Model, openai::{read_models, write_models}};
/// use serde_json::json;
///
/// let listed = json!({"object": "list", "data": [
///     {"id": "mistral-small", "object": "model", "created": 7, "owned_by": "mistralai", "capabilities": {"vision": true}},
/// ]});
/// let models = read_models(listed.clone())?;
/// assert_eq!(models[0].id, "mistral-small");
/// assert_eq!(models[0].extra["capabilities"], json!({"vision": true}));
/// assert_eq!(write_models(models, 0), listed);
/// assert_eq!(Model::from("gpt-4o").id, "gpt-4o");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Model {
    /// The model's name.
    pub id: String,
    /// All other fields. On writing, they replace the defaults.
    pub extra: Map<String, Value>,
}

impl From<&str> for Model {
    fn from(id: &str) -> Self {
        Model {
            id: id.to_owned(),
            extra: Map::new(),
        }
    }
}

impl From<String> for Model {
    fn from(id: String) -> Self {
        Model {
            id,
            extra: Map::new(),
        }
    }
}

impl Model {
    /// The model as an object. Fields that it does not have are taken from `defaults`.
    pub(super) fn write(self, mut defaults: Map<String, Value>) -> Value {
        defaults.extend(self.extra);
        defaults.insert("id".to_owned(), self.id.into());
        defaults.into()
    }
}

/// The models to list. It is compiled once for all wires.
pub(super) fn listed(models: impl IntoIterator<Item = impl Into<Model>>) -> Vec<Model> {
    let mut listed = Vec::new();
    for model in models {
        listed.push(model.into());
    }
    listed
}

/// Reads the models in the field `data` of a body.
///
/// # Errors
/// If a model has no id.
pub(super) fn read(body: Value) -> Result<Vec<Model>, ReadError> {
    let path = Path::Body.key("data");
    let models = Fields::new(body, &Path::Body)?.list("data")?;
    let models = models.into_iter().enumerate().map(|(index, model)| {
        let path = path.index(index);
        let mut fields = Fields::new(model, &path)?;
        Ok(Model {
            id: fields.required_text("id")?,
            extra: fields.rest(),
        })
    });
    models.collect()
}
