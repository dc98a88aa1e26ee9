//! In place of Ollama's wire, where the feature `ollama` is off: finds its requests, to reject them.

use crate::server::missing_feature::OLLAMA;
use crate::server::route::{Route, RouteRequest, Routed};
use crate::server::wire::openai::OPENAI;

/// Finds out whether a path is Ollama's. OpenRouter's paths begin alike, and are OpenAI's.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let endpoint = request.path().strip_prefix("/api/")?;
    (!endpoint.starts_with("v1/")).then(|| Routed::new(OPENAI, Route::Missing(OLLAMA)))
}
