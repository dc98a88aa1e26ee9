//! In place of Gemini's wires, where the feature `gemini` is off: finds their requests, to reject them.

use crate::server::missing_feature::GEMINI;
use crate::server::route::{Route, RouteRequest, Routed};
use crate::server::wire::Wire;
use crate::server::wire::openai::OPENAI;

/// The wire of answers to requests with Google's keys for paths of nobody.
pub(super) const WITH_GOOGLE_KEY: Wire = OPENAI;

/// Finds out whether a path is Gemini's.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let path = request.path();
    let is_own = path.starts_with("/v1beta/")
        || path == "/interactions"
        || path
            .strip_prefix("/v1/interactions")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        || path
            .strip_prefix("/v1/models")
            .is_some_and(|models| request.has_google_key() || names_method(models));
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
