//! In place of Gemini's wires, where the feature `gemini` is off: finds their requests, to reject them.

use crate::server::endpoints::provider_features::GEMINI;
use crate::server::endpoints::route_types::{Route, RouteRequest, Routed};
use crate::server::served_wires::Wire;
use crate::server::served_wires::openai::OPENAI;

/// The wire of answers to requests with Google's keys for paths of nobody.
pub(super) const WITH_GOOGLE_KEY: Wire = OPENAI;

/// Finds out whether a path is an endpoint of Gemini.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let (version, endpoint) = request.path().strip_prefix('/')?.split_once('/')?;
    let is_beta = version == "v1beta";
    if !is_beta && version != "v1" {
        return None;
    }
    let is_own = match endpoint.split_once('/') {
        None if endpoint == "interactions" => true,
        None => endpoint == "models" && (is_beta || request.has_google_key()),
        Some(("interactions", id)) => !id.is_empty() && !id.contains('/'),
        Some(("models", model)) => is_beta || request.has_google_key() || names_method(model),
        Some(_) => false,
    };
    is_own.then(|| Routed::new(OPENAI, Route::Missing(GEMINI)))
}

/// Whether a path below `models` names a method of a model.
fn names_method(models: &str) -> bool {
    let method = models.rsplit_once(':').map(|(_, method)| method);
    matches!(
        method,
        Some(
            "generateContent"
                | "streamGenerateContent"
                | "countTokens"
                | "embedContent"
                | "batchEmbedContents"
        )
    )
}
