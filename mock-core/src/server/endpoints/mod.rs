//! The endpoints of the providers: which path is which, and those that do not ask the model. The paths that several providers share are here;
//! each provider with paths of its own has a module. A provider whose feature is off has a module that knows its paths, so that its requests
//! are rejected with the feature to add.

mod anthropic_count_tokens;
mod azure;
#[cfg(feature = "gemini")]
mod gemini;
#[cfg(not(feature = "gemini"))]
#[path = "without_gemini.rs"]
mod gemini;
#[cfg(feature = "gemini")]
mod gemini_interactions;
mod list_models;
#[cfg(feature = "ollama")]
mod ollama;
#[cfg(not(feature = "ollama"))]
#[path = "without_ollama.rs"]
mod ollama;
mod openai_responses;
pub(super) mod provider_features;
pub(super) mod route_types;
mod scenario_endpoint;
mod suggest_path;

use hyper::Method;

use super::served_wires::Wire;
use super::served_wires::anthropic::ANTHROPIC;
use super::served_wires::openai::OPENAI;
use super::served_wires::openai_responses::RESPONSES;
use crate::scenario::Profile;
use crate::search::Search;
use crate::server::request::path_and_query::decoded;
use anthropic_count_tokens::CountTokens;
pub(super) use azure::api_version;
use route_types::{Route, RouteRequest, Routed, models, post};
pub(super) use suggest_path::suggest_path;

/// The prefixes of the providers' endpoints. Groq and Azure have the second, OpenRouter the third, and Gemini, for clients of OpenAI, the
/// fourth.
const BASES: [&str; 4] = ["/v1/", "/openai/v1/", "/api/v1/", "/v1beta/openai/"];

/// Further prefixes of DeepSeek: <https://api-docs.deepseek.com/guides/chat_prefix_completion> needs the first.
const DEEPSEEK_BASES: [&str; 2] = ["/beta/", "/"];

/// Finds the endpoint of a request. The providers with paths of their own are tried first.
pub(super) fn route(request: RouteRequest<'_>) -> Routed<'_> {
    gemini::route(request)
        .or_else(|| ollama::route(request))
        .unwrap_or_else(|| shared_route(request))
}

/// Finds the endpoint of a path that several providers share.
fn shared_route(request: RouteRequest<'_>) -> Routed<'_> {
    let (method, path) = (request.method, request.path());
    if let Some((deployment, endpoint)) = azure::deployment(path) {
        let (wire, route) = endpoint_route(method, endpoint, OPENAI);
        return Routed {
            deployment: Some(decoded(deployment)),
            ..Routed::new(
                wire,
                match azure::has_api_version(request.uri) {
                    true => route,
                    false => Route::WithoutVersion,
                },
            )
        };
    }
    let deepseek: &[&str] = match request.mock_profile {
        Profile::Deepseek => &DEEPSEEK_BASES,
        _ => &[],
    };
    let mut bases = BASES.iter().chain(deepseek);
    let endpoint = bases.find_map(|base| path.strip_prefix(*base));
    let (wire, route) = match (endpoint, path) {
        (Some(endpoint), _) => endpoint_route(method, endpoint, wire_of(request)),
        (None, "/chat/completions" | "/embeddings") => (OPENAI, Route::Unknown),
        (None, "/responses") => (RESPONSES, Route::Unknown),
        (None, "/messages") => (ANTHROPIC, Route::Unknown),
        (None, _) => (wire_of(request), Route::Unknown),
    };
    Routed::new(wire, route)
}

/// The endpoint of a provider's path without its version. `default` is the wire if the path does not decide it.
fn endpoint_route<'p>(method: &Method, endpoint: &'p str, default: Wire) -> (Wire, Route<'p>) {
    let post = |route| post(method, route);
    match endpoint {
        "chat/completions" => (OPENAI, post(Route::Chat)),
        "responses" => (RESPONSES, post(Route::Chat)),
        "messages" => (ANTHROPIC, post(Route::Chat)),
        "embeddings" => (OPENAI, post(Route::Embeddings)),
        "messages/count_tokens" => (ANTHROPIC, post(Route::Own(Box::new(CountTokens)))),
        _ => match endpoint.strip_prefix("responses/") {
            Some(of) => (RESPONSES, openai_responses::route(method, of)),
            None => {
                let route = models(method, endpoint);
                (default, route.unwrap_or(Route::Unknown))
            }
        },
    }
}

/// Returns the client's wire from its headers and its query, for paths of several providers.
fn wire_of(request: RouteRequest<'_>) -> Wire {
    if request.has_google_key() {
        return gemini::WITH_GOOGLE_KEY;
    }
    let headers = request.headers;
    let anthropic = ["anthropic-version", "x-api-key"];
    if anthropic.any(&|name| headers.contains_key(*name)) {
        return ANTHROPIC;
    }
    if headers.contains_key("authorization") {
        return OPENAI;
    }
    match request.mock_profile {
        Profile::OpenaiResponses => RESPONSES,
        Profile::Anthropic => ANTHROPIC,
        Profile::Gemini => gemini::WITH_GOOGLE_KEY,
        Profile::Plain
        | Profile::Openai
        | Profile::Azure
        | Profile::Openrouter
        | Profile::Deepseek
        | Profile::Mistral
        | Profile::Groq
        | Profile::Xai
        | Profile::Llamacpp
        // Ollama has paths of its own, and OpenAI's.
        | Profile::Ollama => OPENAI,
    }
}

#[cfg(test)]
mod tests;
