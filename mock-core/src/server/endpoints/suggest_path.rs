//! Suggests a path in place of one that no endpoint has.

use hyper::Uri;
use percent_encoding::percent_decode_str;

use super::route;
use crate::scenario::Profile;
use crate::server::endpoints::route_types::{Route, RouteRequest};
use crate::similar_words::is_similar;

/// The paths without a part of their own. A wrong path is compared with them.
const PATHS: [&str; 14] = [
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/embeddings",
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/v1/models",
    "/v1beta/interactions",
    "/v1beta/models",
    "/api/chat",
    "/api/generate",
    "/api/embed",
    "/api/tags",
    "/api/show",
    "/api/version",
];

/// At most so many segments at the end of a path are tried as an endpoint. The longest endpoint has four.
const LONGEST: usize = 8;

/// The methods of a model of Gemini.
const MODEL_METHODS: [&str; 5] = [
    "generateContent",
    "streamGenerateContent",
    "countTokens",
    "embedContent",
    "batchEmbedContents",
];

/// Returns the path of an endpoint that a request with a path of none probably means.
pub(in crate::server) fn suggest_path(request: RouteRequest<'_>) -> Option<String> {
    let path = percent_decode_str(request.path()).decode_utf8().ok()?;
    let mut segments: Vec<&str> = path.split('/').collect();
    segments.retain(|segment| !segment.is_empty());
    let (first, last) = (segments.first()?, segments.last()?);
    let whole = format!("/{}", segments.join("/"));
    let mut candidates = vec![whole.clone(), whole.to_ascii_lowercase()];
    // Ollama's paths have common words, so only a path that begins with `api` is compared with them. Gemini's methods have a version of
    // their own.
    let versions = match *first {
        "api" => &["/api"][..],
        "openai" if request.mock_profile != Profile::Gemini => &["/openai/v1"],
        _ if last.contains(':') => &["/v1beta"],
        _ => &["/v1", "/v1beta"],
    };
    // Try each end of the path, since the base URL may be wrong or missing. A wrong version is left out.
    for begin in segments.len().saturating_sub(LONGEST)..segments.len() {
        let rest = segments[begin..].join("/");
        candidates.push(format!("/{rest}"));
        for version in versions {
            candidates.push(format!("{version}/{rest}"));
        }
    }
    // A method of one of Gemini's models, such as `gemini-2.5-pro:generateContent`.
    if let Some((model, method)) = last.split_once(':') {
        for known in MODEL_METHODS {
            let is_begun = !method.is_empty() && known.starts_with(method);
            if is_begun || is_similar(method, known) {
                candidates.push(format!("/v1beta/models/{model}:{known}"));
            }
        }
    }
    for known in PATHS {
        let is_begun = segments.len() > 1 && known.starts_with(&format!("{whole}/"));
        let is_longer = whole
            .strip_prefix(known)
            .is_some_and(|rest| !rest.contains('/'));
        let is_end =
            *first == "v1" && known.starts_with("/v1/") && known.ends_with(&format!("/{last}"));
        if is_begun || is_longer || is_end || is_similar(known, &whole) {
            candidates.push(known.to_owned());
        }
    }
    candidates
        .into_iter()
        .find(|candidate| *candidate != request.path() && is_served(request, candidate))
}

/// Whether a path is of an endpoint with the request's method.
fn is_served(request: RouteRequest<'_>, path: &str) -> bool {
    let Ok(uri) = path.parse::<Uri>() else {
        return false;
    };
    let routed = route(RouteRequest {
        uri: &uri,
        ..request
    });
    matches!(
        routed.route,
        Route::Chat | Route::Embeddings | Route::Models | Route::Own(_)
    )
}
