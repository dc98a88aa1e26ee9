//! Reads and writes lists of models.

use serde_json::{Map, Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::wire::listed_model::Model;
use crate::wire::read::{Fields, Path, ReadError, read_borrowed};
use crate::wire::time;
use crate::wire::write::{fields, object};

/// The version of Ollama that is imitated.
const VERSION: &str = "0.32.14";

fn details() -> Value {
    json!({
        "parent_model": "", "format": "gguf", "family": "llama", "families": ["llama"],
        "parameter_size": "3.2B", "quantization_level": "Q4_K_M",
    })
}

/// Writes the body of `GET /api/tags`. `created` is the time of the models without a time of their own, in seconds since 1970.
///
/// ```
/// use mock_core::wire::ollama::{read_models, write_models};
///
/// let body = write_models(["llama3.2", "qwen3:4b"], 1_700_000_000);
/// assert_eq!(body["models"][0]["name"], "llama3.2");
/// let models = read_models(body)?;
/// assert_eq!(models[1].id, "qwen3:4b");
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models(models: impl IntoIterator<Item = impl Into<Model>>, created: u64) -> Value {
    let models = models.into_iter().map(|model| {
        let model: Model = model.into();
        let mut listed = fields(json!({
            "name": model.id, "modified_at": time::rfc3339(created), "size": 2_000_000_000,
            "digest": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "details": details(),
        }));
        listed.extend(model.extra);
        listed.insert("model".into(), model.id.into());
        Value::from(listed)
    });
    json!({ "models": models.collect::<Vec<_>>() })
}

/// Writes the body of `GET /api/ps`: all models run, until five minutes after `now`, in seconds since 1970.
///
/// ```
/// use mock_core::wire::ollama::write_running_models;
///
/// let body = write_running_models(["llama3.2"], 0);
/// assert_eq!(body["models"][0]["model"], "llama3.2");
/// assert_eq!(body["models"][0]["expires_at"], "1970-01-01T00:05:00Z");
/// ```
pub fn write_running_models(models: impl IntoIterator<Item = impl Into<Model>>, now: u64) -> Value {
    let mut body = write_models(models, now);
    for model in body["models"].as_array_mut().into_iter().flatten() {
        if let Value::Object(model) = model {
            model.remove("modified_at");
            model.extend(fields(json!({
                "size_vram": 2_000_000_000, "context_length": 4_096,
                "expires_at": time::rfc3339(now.saturating_add(300)),
            })));
        }
    }
    body
}

/// Reads the models in the body of `GET /api/tags`, with all of their fields.
///
/// # Errors
/// If a model has neither a `model` nor a `name`.
pub fn read_models(body: Value) -> Result<Vec<Model>, ReadError> {
    let path = Path::Body.key("models");
    let models = Fields::new(body, &Path::Body)?.list("models")?;
    let models = models.into_iter().enumerate().map(|(index, model)| {
        let path = path.index(index);
        let mut fields = Fields::new(model, &path)?;
        let name = fields.text("name")?;
        let id = fields.text("model")?.or_else(|| name.clone());
        let id = id.ok_or_else(|| fields.missing("model", "a text"))?;
        let mut extra: Map<String, Value> = fields.rest();
        let other = name.filter(|name| *name != id);
        extra.extend(other.map(|name| ("name".to_owned(), name.into())));
        let mut model = Model::from(id);
        model.extra = extra;
        Ok(model)
    });
    models.collect()
}

/// Writes the body of an answer to `POST /api/show`. `created` is the time of a model without a time of its own, in seconds since 1970.
///
/// ```
/// use mock_core::wire::ollama::write_model;
///
/// let body = write_model("llama3.2", 0);
/// assert_eq!(body["capabilities"][0], "completion");
/// assert_eq!(body["model_info"]["llama.context_length"], 131_072);
/// ```
pub fn write_model(model: impl Into<Model>, created: u64) -> Value {
    let model: Model = model.into();
    let mut shown = model_description(&model.id, created);
    shown.extend(model.extra);
    shown.into()
}

/// The fields that every model has.
fn model_description(id: &str, created: u64) -> Map<String, Value> {
    let info = object(&mut [
        ("general.architecture", "llama".into()),
        ("llama.context_length", 131_072.into()),
        ("llama.embedding_length", 3_072.into()),
    ]);
    let capabilities: &[&str] = &["completion", "tools", "thinking", "vision", "embedding"];
    object(&mut [
        ("license", "".into()),
        ("modelfile", format!("FROM {id}\n").into()),
        ("parameters", "".into()),
        ("template", "{{ .Prompt }}".into()),
        ("details", details()),
        ("model_info", info.into()),
        ("capabilities", capabilities.into()),
        ("modified_at", time::rfc3339(created).into()),
    ])
}

/// The model that the body of `POST /api/show` names, in either of its fields.
///
/// # Errors
/// If it is not JSON, or names none.
pub(crate) fn read_shown(body: &[u8]) -> Result<String, Box<ProviderError>> {
    let rejected = |error: ReadError| Box::new(error.at(Profile::Ollama));
    let body = read_borrowed(body).map_err(rejected)?;
    let mut fields = Fields::new(body, &Path::Body).map_err(rejected)?;
    let mut name = |field| fields.text_with_words(field).map_err(rejected);
    if let Some(model) = name("model")?.or(name("name")?) {
        return Ok(model);
    }
    let mut error = ProviderError::at(Profile::Ollama, ErrorKind::BadRequest);
    error.message = "model is required".to_owned();
    Err(Box::new(error))
}

/// Writes the body of `GET /api/version`.
///
/// ```
/// assert!(mock_core::wire::ollama::write_version()["version"].is_string());
/// ```
pub fn write_version() -> Value {
    json!({ "version": VERSION })
}
