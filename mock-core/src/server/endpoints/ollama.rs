//! The paths of Ollama, and the endpoints that do not ask the model: descriptions of models, and the version.

use bytes::Bytes;
use hyper::Method;

use crate::scenario::Profile;
use crate::server::created_at::{START, created_at};
use crate::server::endpoints::route_types::{
    OwnAnswer, OwnEndpoint, OwnResult, Route, RouteRequest, Routed, post,
};
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::ollama::{CHAT, GENERATE, PROMPT_EMBEDDINGS};
use crate::wire::ollama;

/// Finds the endpoint of a path of Ollama.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let (method, path) = (request.method, request.path());
    if path == "/" && request.mock_profile == Profile::Ollama && reads(method) {
        return Some(Routed::new(CHAT, own(OllamaEndpoint::Running)));
    }
    let endpoint = path.strip_prefix("/api/")?;
    let post = |route| post(method, route);
    let get = |route| match reads(method) {
        true => route,
        false => Route::Only("GET, HEAD"),
    };
    let (wire, route) = match endpoint {
        "chat" => (CHAT, post(Route::Chat)),
        "generate" => (GENERATE, post(Route::Chat)),
        "embed" => (CHAT, post(Route::Embeddings)),
        "embeddings" => (PROMPT_EMBEDDINGS, post(Route::Embeddings)),
        "tags" => (CHAT, get(Route::Models)),
        "show" => (CHAT, post(own(OllamaEndpoint::ShowModel))),
        "ps" => (CHAT, get(own(OllamaEndpoint::RunningModels))),
        "version" => (CHAT, get(own(OllamaEndpoint::Version))),
        // OpenRouter's paths are OpenAI's.
        _ if endpoint.starts_with("v1/") => return None,
        _ => (CHAT, Route::Unknown),
    };
    Some(Routed::new(wire, route))
}

fn own(endpoint: OllamaEndpoint) -> Route<'static> {
    Route::Own(Box::new(endpoint))
}

/// Whether a method asks for what is there. Ollama answers `HEAD` wherever it answers `GET`.
fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// An endpoint that does not ask the model.
#[derive(Debug)]
enum OllamaEndpoint {
    /// The description of a model, which the body names.
    ShowModel,
    /// The list of the models that run: all of the scenario's.
    RunningModels,
    /// Whether Ollama runs, as clients ask it with `GET /`.
    Running,
    /// The version of Ollama.
    Version,
}

impl OwnEndpoint for OllamaEndpoint {
    fn reads_body(&self) -> bool {
        matches!(self, OllamaEndpoint::ShowModel)
    }

    fn answer(&self, served: &ServedRequest, _query: Option<&str>, body: Bytes) -> OwnResult {
        let answer = match self {
            OllamaEndpoint::ShowModel => {
                let model = ollama::read_shown(&body).map_err(|error| *error)?;
                served.find_model(&model)?;
                ollama::write_model(model, START)
            }
            OllamaEndpoint::RunningModels => {
                let engine = &served.connection.server.engine;
                let now = created_at(engine.elapsed());
                ollama::write_running_models(engine.scenario.model_names(), now)
            }
            OllamaEndpoint::Running => return Ok(OwnAnswer::Text("Ollama is running")),
            OllamaEndpoint::Version => ollama::write_version(),
        };
        Ok(OwnAnswer::Json(answer))
    }
}
