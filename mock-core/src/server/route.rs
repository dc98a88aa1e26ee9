//! Routes: a request's method, path and headers decide what it asks for.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use hyper::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use super::served_request::{Reply, ServedRequest};
use super::wire::{
    ANTHROPIC, CountTokens, MissingFeature, OPENAI, OWN_PATHS, RESPONSES, Wire, responses, wire_of,
};
use crate::scenario::Profile;

/// The endpoint of a request.
#[derive(Debug)]
pub(super) enum Route<'p> {
    /// An answer of the model.
    Chat,
    /// Embeddings.
    Embeddings,
    /// The list of models.
    Models,
    /// This model.
    Model(Cow<'p, str>),
    /// An endpoint that only this provider has, and that does not ask the model.
    Own(Box<dyn OwnEndpoint + 'p>),
    /// An endpoint that only has another method: this one.
    Only(&'static str),
    /// An unknown path.
    Unknown,
    /// A path of Azure without `api-version`.
    WithoutVersion,
    /// A path of a provider whose feature is off. With all features there is none.
    #[cfg_attr(all(feature = "gemini", feature = "ollama"), allow(dead_code))]
    Missing(MissingFeature),
}

/// An endpoint that only one provider has, and that does not ask the model.
pub(super) trait OwnEndpoint: fmt::Debug + Send + Sync {
    /// Whether the body of the request is read.
    fn reads_body(&self) -> bool {
        false
    }

    fn answer(&self, served: ServedRequest, query: Option<&str>, body: Bytes) -> Reply;
}

impl Route<'_> {
    /// Whether the model answers.
    pub(super) fn asks_model(&self) -> bool {
        matches!(self, Route::Chat | Route::Embeddings)
    }

    /// Whether the body of the request is read.
    pub(super) fn reads_body(&self) -> bool {
        match self {
            Route::Own(endpoint) => endpoint.reads_body(),
            _ => self.asks_model(),
        }
    }
}

/// The destination of a request.
#[derive(Debug)]
pub(super) struct Routed<'p> {
    pub(super) wire: Wire,
    pub(super) route: Route<'p>,
    /// The model that the path names.
    pub(super) model: Option<Cow<'p, str>>,
    /// The deployment that a path of Azure names.
    pub(super) deployment: Option<Cow<'p, str>>,
}

impl<'p> Routed<'p> {
    pub(super) fn new(wire: Wire, route: Route<'p>) -> Self {
        Routed {
            wire,
            route,
            model: None,
            deployment: None,
        }
    }
}

/// The parts of a request that decide its route.
#[derive(Clone, Copy)]
pub(super) struct RouteRequest<'p> {
    pub(super) method: &'p Method,
    pub(super) uri: &'p Uri,
    pub(super) headers: &'p HeaderMap,
    /// The provider that the mock imitates.
    pub(super) mock_profile: Profile,
}

impl<'p> RouteRequest<'p> {
    pub(super) fn path(&self) -> &'p str {
        self.uri.path()
    }

    pub(super) fn query(&self) -> Option<&'p str> {
        self.uri.query()
    }

    /// Whether the request has an API key where Google's clients put it.
    pub(super) fn has_google_key(&self) -> bool {
        self.headers.contains_key("x-goog-api-key") || parameter(self.query(), "key").is_some()
    }
}

/// Where the endpoints of the providers begin. Groq and Azure have the second, OpenRouter the third.
const BASES: [&str; 3] = ["/v1/", "/openai/v1/", "/api/v1/"];

/// The path prefix of Azure's deployments.
const DEPLOYMENTS: &str = "/openai/deployments/";

/// The destination of a request.
pub(super) fn route(request: RouteRequest<'_>) -> Routed<'_> {
    if let Some(routed) = OWN_PATHS.iter().find_map(|find| find(request)) {
        return routed;
    }
    let (method, path) = (request.method, request.path());
    if let Some((deployment, endpoint)) = deployment(path) {
        let (wire, route) = endpoint_route(method, endpoint, OPENAI);
        return Routed {
            deployment: Some(percent_decode_str(deployment).decode_utf8_lossy()),
            ..Routed::new(
                wire,
                match has_api_version(request.uri) {
                    true => route,
                    false => Route::WithoutVersion,
                },
            )
        };
    }
    // DeepSeek has its endpoints at the root, too.
    let root = (request.mock_profile == Profile::Deepseek).then_some("/");
    let mut bases = BASES.into_iter().chain(root);
    let endpoint = bases.find_map(|base| path.strip_prefix(base));
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
    let post = |route| only(method, &Method::POST, "POST", route);
    match endpoint {
        "chat/completions" => (OPENAI, post(Route::Chat)),
        "responses" => (RESPONSES, post(Route::Chat)),
        "messages" => (ANTHROPIC, post(Route::Chat)),
        "embeddings" => (OPENAI, post(Route::Embeddings)),
        "messages/count_tokens" => (ANTHROPIC, post(Route::Own(Box::new(CountTokens)))),
        _ => match endpoint.strip_prefix("responses/") {
            Some(of) => (RESPONSES, responses(method, of)),
            None => {
                let route = models(method, endpoint);
                (default, route.unwrap_or(Route::Unknown))
            }
        },
    }
}

/// The endpoint of `models`, or of one model.
pub(super) fn models<'p>(method: &Method, endpoint: &'p str) -> Option<Route<'p>> {
    let route = match endpoint.strip_prefix("models")? {
        "" => Route::Models,
        rest => {
            let model = rest.strip_prefix('/').filter(|model| !model.is_empty())?;
            // Clients that take no path for a name write `%2F`.
            Route::Model(percent_decode_str(model).decode_utf8_lossy())
        }
    };
    Some(only(method, &Method::GET, "GET", route))
}

pub(super) fn only<'p>(
    method: &Method,
    expected: &Method,
    name: &'static str,
    route: Route<'p>,
) -> Route<'p> {
    match method == expected {
        true => route,
        false => Route::Only(name),
    }
}

/// The deployment that a path of Azure names, and the endpoint.
fn deployment(path: &str) -> Option<(&str, &str)> {
    let (deployment, endpoint) = path.strip_prefix(DEPLOYMENTS)?.split_once('/')?;
    (!deployment.is_empty()).then_some((deployment, endpoint))
}

fn has_api_version(uri: &Uri) -> bool {
    let mut pairs = uri.query().unwrap_or_default().split('&');
    pairs.any(|pair| {
        let version = pair.strip_prefix("api-version=");
        version.is_some_and(|version| !version.is_empty())
    })
}

/// The value of a parameter in a query.
pub(super) fn parameter<'q>(query: Option<&'q str>, name: &str) -> Option<&'q str> {
    let pairs = query?.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value)
        .next_back()
}

#[cfg(test)]
pub(super) mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    /// Returns the wire of a request, and its route as the derived `Debug` writes it.
    pub(in crate::server) fn routed(
        method: &Method,
        path: &str,
        header: &'static str,
    ) -> (Wire, String) {
        let (wire, route, _) = of_mock(method, path, header, Profile::Plain);
        (wire, route)
    }

    /// The same for a mock with this profile, with the model or deployment that the path names.
    pub(in crate::server) fn of_mock(
        method: &Method,
        path: &str,
        header: &'static str,
        mock_profile: Profile,
    ) -> (Wire, String, Option<String>) {
        let mut headers = HeaderMap::new();
        headers.insert(header, HeaderValue::from_static("x"));
        let uri: Uri = path.parse().expect("it is a path");
        let routed = route(RouteRequest {
            method,
            uri: &uri,
            headers: &headers,
            mock_profile,
        });
        let named = routed.model.or(routed.deployment);
        (
            routed.wire,
            format!("{:?}", routed.route),
            named.map(Cow::into_owned),
        )
    }

    /// Returns the wire and the route that are expected.
    fn to(wire: Wire, route: &str) -> (Wire, String) {
        (wire, route.to_owned())
    }

    #[test]
    fn the_path_tells_the_wire() {
        let post = |path, header| routed(&Method::POST, path, header);
        let openai = post("/v1/chat/completions", "x-api-key");
        assert_eq!(openai, to(OPENAI, "Chat"));
        let anthropic = post("/v1/messages", "authorization");
        assert_eq!(anthropic, to(ANTHROPIC, "Chat"));
        let count = post("/v1/messages/count_tokens", "authorization");
        assert_eq!(count, to(ANTHROPIC, "Own(CountTokens)"));
    }

    #[test]
    fn a_path_without_the_version_is_none_of_the_providers() {
        let post = |path, header| routed(&Method::POST, path, header);
        let openai = post("/chat/completions", "x-api-key");
        assert_eq!(openai, to(OPENAI, "Unknown"));
        let anthropic = post("/messages", "authorization");
        assert_eq!(anthropic, to(ANTHROPIC, "Unknown"));
    }

    #[test]
    fn each_provider_has_its_own_base() {
        let chat = to(OPENAI, "Chat");
        let post = |path| routed(&Method::POST, path, "authorization");
        assert_eq!(post("/openai/v1/chat/completions"), chat);
        assert_eq!(post("/api/v1/chat/completions"), chat);
        assert_eq!(post("/openai/v1/responses"), to(RESPONSES, "Chat"));
        let (wire, route, _) = of_mock(
            &Method::POST,
            "/chat/completions",
            "accept",
            Profile::Deepseek,
        );
        assert_eq!((wire, route), chat);
    }

    #[test]
    fn a_path_of_azure_names_its_deployment_and_needs_a_version() {
        let post = |path| of_mock(&Method::POST, path, "api-key", Profile::Plain);
        let path = "/openai/deployments/my%20model/chat/completions?api-version=2024-10-21";
        let (wire, route, deployment) = post(path);
        assert_eq!((wire, route), to(OPENAI, "Chat"));
        assert_eq!(deployment.as_deref(), Some("my model"));
        let path = "/openai/deployments/m/embeddings?api-version=1";
        assert_eq!(post(path).1, "Embeddings");
        let path = "/openai/deployments/m/responses?x=1&api-version=preview";
        assert_eq!(post(path).0, RESPONSES);
        for path in [
            "/openai/deployments/m/chat/completions",
            "/openai/deployments/m/chat/completions?api-version=",
            "/openai/deployments/m/chat/completions?version=1",
        ] {
            assert_eq!(post(path).1, "WithoutVersion", "{path}");
        }
        for path in [
            "/openai/deployments",
            "/openai/deployments/",
            "/openai/deployments//a",
        ] {
            assert_eq!(post(path).1, "Unknown", "{path}");
        }
    }

    #[test]
    fn headers_tell_the_wire_of_models() {
        for (header, wire) in [
            ("anthropic-version", ANTHROPIC),
            ("x-api-key", ANTHROPIC),
            ("authorization", OPENAI),
        ] {
            let list = routed(&Method::GET, "/v1/models", header);
            assert_eq!(list, to(wire, "Models"));
            let one = routed(&Method::GET, "/v1/models/a/b", header);
            assert_eq!(one, to(wire, "Model(\"a/b\")"));
            let escaped = routed(&Method::GET, "/v1/models/a%2Fb", header);
            assert_eq!(escaped, one);
        }
        let get = |header, profile| of_mock(&Method::GET, "/v1/models", header, profile).0;
        assert_eq!(get("accept", Profile::Anthropic), ANTHROPIC);
        assert_eq!(get("accept", Profile::OpenaiResponses), RESPONSES);
        assert_eq!(get("accept", Profile::Plain), OPENAI);
        assert_eq!(get("authorization", Profile::Anthropic), OPENAI);
    }

    #[test]
    fn answers_of_responses_that_are_kept_have_paths_of_their_own() {
        let routed = |method: Method, path| routed(&method, path, "accept");
        for (method, path, of) in [
            (Method::GET, "/v1/responses/a", "Answer(\"a\")"),
            (Method::DELETE, "/v1/responses/a", "Deletion(\"a\")"),
            (Method::GET, "/v1/responses/a/input_items", "Input(\"a\")"),
            (Method::POST, "/v1/responses/input_tokens", "Tokens"),
            (Method::POST, "/v1/responses/compact", "Compaction"),
        ] {
            let expected = to(RESPONSES, &format!("Own({of})"));
            assert_eq!(routed(method, path), expected);
        }
        let (_, other) = routed(Method::PUT, "/v1/responses/a");
        assert_eq!(other, "Only(\"GET, DELETE\")");
        let (_, other) = routed(Method::POST, "/v1/responses/a/cancel");
        assert_eq!(other, "Unknown");
    }

    #[test]
    fn what_there_is_not_is_told_from_another_method() {
        let routed = |method, path| routed(&method, path, "accept").1;
        assert_eq!(routed(Method::GET, "/v1/messages"), "Only(\"POST\")");
        assert_eq!(routed(Method::POST, "/v1/models"), "Only(\"GET\")");
        assert_eq!(routed(Method::POST, "/v1/embeddings"), "Embeddings");
        assert_eq!(routed(Method::GET, "/v1/embeddings"), "Only(\"POST\")");
        assert_eq!(routed(Method::POST, "/v1/rerank"), "Unknown");
        assert_eq!(routed(Method::GET, "/v1/models/"), "Unknown");
    }
}
