use serde_json::{Value, json};

use crate::wire::read::{Fields, Path, ReadError};
use crate::wire::time;

/// Writes the body of `GET /v1/models`, all on one page; `created` is the time of all of them, in seconds since 1970.
///
/// ```
/// use mock_core::wire::anthropic::{read_models, write_models};
///
/// let body = write_models(["claude-big", "claude-small"], 1_700_000_000);
/// assert_eq!((&body["last_id"], &body["has_more"]), (&"claude-small".into(), &false.into()));
/// assert_eq!(read_models(body)?, ["claude-big", "claude-small"]);
/// # Ok::<(), mock_core::wire::ReadError>(())
/// ```
pub fn write_models<'a>(models: impl IntoIterator<Item = &'a str>, created: u64) -> Value {
    let models: Vec<&str> = models.into_iter().collect();
    let created = time::rfc3339(created);
    let data = models
        .iter()
        .map(|id| json!({ "type": "model", "id": id, "display_name": id, "created_at": created }));
    json!({
        "data": data.collect::<Vec<_>>(), "has_more": false,
        "first_id": models.first(), "last_id": models.last(),
    })
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
