//! The paths of Google Gemini, which name the model and its method, and the count of the tokens of a request.

use bytes::Bytes;
use hyper::Method;

use super::gemini_interactions;
use crate::server::endpoints::route_types::{
    OwnAnswer, OwnEndpoint, OwnResult, Route, RouteRequest, Routed, models, post,
};
use crate::server::request::path_and_query::{decoded, parameter};
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::Wire;
use crate::server::served_wires::gemini::{BATCH_EMBED, GEMINI, STREAM_ARRAY, STREAM_EVENTS};
use crate::wire::gemini;

/// The wire of requests with Google's keys for paths of several providers.
pub(super) const WITH_GOOGLE_KEY: Wire = GEMINI;

/// The path prefixes of Gemini's endpoints.
const BASES: [&str; 2] = ["/v1/models/", "/v1beta/models/"];

/// Finds the endpoint of a path of Gemini.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let (method, path) = (request.method, request.path());
    if let Some(routed) = model_method(method, path, request.query()) {
        return Some(routed);
    }
    if let Some(routed) = gemini_interactions::route(method, path) {
        return Some(routed);
    }
    // Paths below `openai` are those for clients of OpenAI.
    let endpoint = path.strip_prefix("/v1beta/");
    let endpoint = endpoint.filter(|endpoint| !endpoint.starts_with("openai/"))?;
    let route = match *method {
        // An unknown method of a model.
        Method::POST if decoded(endpoint).contains(':') => None,
        _ => models(method, endpoint),
    };
    Some(Routed::new(GEMINI, route.unwrap_or(Route::Unknown)))
}

/// Finds the method in a path; `None` if the path has no method of a model.
fn model_method<'p>(method: &Method, path: &'p str, query: Option<&str>) -> Option<Routed<'p>> {
    let path = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    let (model, name) = path.rsplit_once(':')?;
    let (wire, route) = match name {
        "generateContent" => (GEMINI, Route::Chat),
        "streamGenerateContent" if parameter(query, "alt") == Some("sse") => {
            (STREAM_EVENTS, Route::Chat)
        }
        "streamGenerateContent" => (STREAM_ARRAY, Route::Chat),
        "countTokens" => (GEMINI, Route::Own(Box::new(CountTokens))),
        "embedContent" => (GEMINI, Route::Embeddings),
        "batchEmbedContents" => (BATCH_EMBED, Route::Embeddings),
        _ => return None,
    };
    if model.is_empty() {
        return None;
    }
    Some(Routed {
        model: Some(decoded(model)),
        ..Routed::new(wire, post(method, route))
    })
}

/// The number of tokens of a request: `:countTokens`.
#[derive(Debug)]
struct CountTokens;

impl OwnEndpoint for CountTokens {
    fn reads_body(&self) -> bool {
        true
    }

    fn answer(&self, served: &ServedRequest, _query: Option<&str>, body: Bytes) -> OwnResult {
        let model = served.model.as_deref();
        if let Some(error) = model.and_then(|model| served.unknown_model(model)) {
            return Err(error);
        }
        let request = gemini::read_counted(&body, served.rules_of(), model)
            .map_err(|rejected| *rejected.error)?;
        served.check_headers(model.unwrap_or_default())?;
        let count = gemini::write_token_count(request.estimated_tokens());
        Ok(OwnAnswer::Json(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Profile;
    use crate::server::content_type::{EVENT_STREAM, JSON};
    use crate::server::endpoints::tests::{route_of_mock, routed};

    /// Returns the wire and the route that are expected.
    fn to(route: &str) -> (Wire, String) {
        (GEMINI, route.to_owned())
    }

    #[test]
    fn a_path_names_the_model_and_the_method() {
        let post = |path: &str| {
            let (wire, route, model) = route_of_mock(&Method::POST, path, "accept", Profile::Plain);
            (wire == GEMINI).then_some((route, model))
        };
        let asked = |route: &str, model: &str| Some((route.to_owned(), Some(model.to_owned())));
        for base in BASES {
            let path = format!("{base}gemini-2.5-flash:generateContent");
            assert_eq!(post(&path), asked("Chat", "gemini-2.5-flash"));
            let path = format!("{base}a%3Ab:countTokens");
            assert_eq!(post(&path), asked("Own(CountTokens)", "a:b"));
            let path = format!("{base}m:batchEmbedContents");
            assert_eq!(post(&path), asked("Embeddings", "m"));
        }
        for other in [
            "/v1/models/a",
            "/v1/models/a:free",
            "/v1/models/:generateContent",
            "/v2/models/a:generateContent",
        ] {
            assert_eq!(post(other), None, "{other}");
        }
    }

    #[test]
    fn a_stream_is_an_array_unless_the_query_asks_for_events() {
        let stream_type = |query: &str| {
            let path = format!("/v1beta/models/m:streamGenerateContent{query}");
            let (wire, _) = routed(&Method::POST, &path, "accept");
            assert!(wire.is_streamed());
            wire.stream_type()
        };
        assert_eq!(stream_type(""), JSON);
        assert_eq!(stream_type("?key=k&alt=json"), JSON);
        assert_eq!(stream_type("?alt=sse&key=k"), EVENT_STREAM);
    }

    #[test]
    fn gemini_has_a_version_of_its_own() {
        let get = |path| routed(&Method::GET, path, "authorization");
        assert_eq!(get("/v1beta/models"), to("Models"));
        let model = to("Model(\"gemini-2.5-flash\")");
        assert_eq!(get("/v1beta/models/gemini-2.5-flash"), model);
        assert_eq!(get("/v1beta/files"), to("Unknown"));
        let method = "/v1beta/models/m:generateContent";
        assert_eq!(get(method), to("Only(\"POST\")"));
        let escaped = "/v1beta/models/m%3AgenerateContent";
        let route = routed(&Method::POST, escaped, "accept");
        assert_eq!(route, to("Unknown"), "a path of a model ends with a method");
        let route = routed(&Method::POST, method, "x-api-key");
        assert_eq!(route, to("Chat"));
    }

    #[test]
    fn a_key_of_google_asks_for_the_models_of_gemini() {
        let get = |path, header| routed(&Method::GET, path, header);
        assert_eq!(get("/v1/models", "x-goog-api-key"), to("Models"));
        let one = get("/v1/models/a%2Fb", "x-goog-api-key");
        assert_eq!(one, to("Model(\"a/b\")"));
        assert_eq!(get("/v1/models?key=k", "accept"), to("Models"));
        let (wire, ..) = route_of_mock(&Method::GET, "/v1/models", "accept", Profile::Gemini);
        assert_eq!(wire, GEMINI);
    }
}
