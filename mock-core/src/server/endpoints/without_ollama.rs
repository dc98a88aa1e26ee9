//! In place of Ollama's wire, where the feature `ollama` is off: finds its requests, to reject them.

use crate::server::endpoints::provider_features::OLLAMA;
use crate::server::endpoints::route_types::{Route, RouteRequest, Routed};
use crate::server::served_wires::openai::OPENAI;

/// Finds out whether a path is an endpoint of Ollama. Other services have paths below `/api/`, too.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let endpoint = request.path().strip_prefix("/api/")?;
    let is_own = matches!(
        endpoint,
        "chat" | "generate" | "embed" | "embeddings" | "tags" | "show" | "ps" | "version"
    );
    is_own.then(|| Routed::new(OPENAI, Route::Missing(OLLAMA)))
}
