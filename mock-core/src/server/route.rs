//! Routes: a request's method, path and headers decide what it asks for.

use std::borrow::Cow;

use hyper::{HeaderMap, Method, Uri};
use percent_encoding::percent_decode_str;

use super::gemini::{self, ModelMethod, parameter};
use super::wire::{Framing, Wire};
use crate::scenario::Profile;
use crate::wire::ollama::Endpoint;

/// The endpoint of a request.
#[derive(Debug, PartialEq)]
pub(super) enum Route<'p> {
    /// An answer of the model.
    Chat,
    /// Embeddings.
    Embeddings,
    /// How many tokens a request of Messages has.
    CountTokens,
    /// Ollama's description of a model, which the body names.
    ShowModel,
    /// Ollama's list of the models that run.
    RunningModels,
    /// Whether Ollama runs.
    Running,
    /// The version of Ollama.
    Version,
    /// The list of models.
    Models,
    /// This model.
    Model(Cow<'p, str>),
    /// An endpoint of Responses that does not ask the model.
    Responses(ResponsesEndpoint<'p>),
    /// An endpoint of Interactions that does not ask the model.
    Interactions(InteractionsEndpoint<'p>),
    /// A method of a model of Gemini.
    Gemini(ModelMethod<'p>),
    /// An endpoint that only has another method: this one.
    Only(&'static str),
    /// An unknown path.
    Unknown,
    /// A path of Azure without `api-version`.
    WithoutVersion,
}

impl Route<'_> {
    /// Whether the model answers.
    pub(super) fn asks_model(&self) -> bool {
        match self {
            Route::Chat | Route::Embeddings => true,
            Route::Gemini(of) => of.method.asks_model(),
            _ => false,
        }
    }

    /// Whether the body of the request is read.
    pub(super) fn reads_body(&self) -> bool {
        matches!(
            self,
            Route::Chat
                | Route::Embeddings
                | Route::CountTokens
                | Route::Gemini(_)
                | Route::ShowModel
                | Route::Responses(ResponsesEndpoint::Tokens | ResponsesEndpoint::Compaction)
        )
    }
}

/// An endpoint of Interactions that does not ask the model.
#[derive(Debug, PartialEq)]
pub(super) enum InteractionsEndpoint<'p> {
    /// The interaction with this id.
    Answer(Cow<'p, str>),
    /// The deletion of the interaction with this id.
    Deletion(Cow<'p, str>),
}

/// An endpoint of Responses that does not ask the model.
#[derive(Debug, PartialEq)]
pub(super) enum ResponsesEndpoint<'p> {
    /// The answer with this id.
    Answer(Cow<'p, str>),
    /// The deletion of the answer with this id.
    Deletion(Cow<'p, str>),
    /// The input of the answer with this id.
    Input(Cow<'p, str>),
    /// The number of tokens of a request.
    Tokens,
    /// A shorter conversation.
    Compaction,
}

/// Where a request goes.
#[derive(Debug, PartialEq)]
pub(super) struct Routed<'p> {
    pub(super) wire: Wire,
    pub(super) route: Route<'p>,
    /// The deployment that a path of Azure names.
    pub(super) deployment: Option<Cow<'p, str>>,
}

/// Where the endpoints of the providers begin. Groq and Azure have the second, OpenRouter the third.
const BASES: [&str; 3] = ["/v1/", "/openai/v1/", "/api/v1/"];

/// Where the endpoints of Ollama begin.
const OLLAMA: &str = "/api/";

/// Where Interactions begin.
const INTERACTIONS: [&str; 2] = ["/v1beta/interactions", "/v1/interactions"];

/// Where the deployments of Azure begin.
const DEPLOYMENTS: &str = "/openai/deployments/";

/// Where a request goes. `mock_profile` is the provider that the mock speaks for.
pub(super) fn route<'p>(
    method: &Method,
    uri: &'p Uri,
    headers: &HeaderMap,
    mock_profile: Profile,
) -> Routed<'p> {
    let (path, query) = (uri.path(), uri.query());
    let default = || wire_of(query, headers, mock_profile);
    if let Some((wire, route)) = gemini_route(method, path, query) {
        return Routed {
            wire,
            route,
            deployment: None,
        };
    }
    if let Some((deployment, endpoint)) = deployment(path) {
        let (wire, route) = endpoint_route(method, endpoint, || Wire::Openai);
        return Routed {
            wire,
            route: match has_api_version(uri) {
                true => route,
                false => Route::WithoutVersion,
            },
            deployment: Some(percent_decode_str(deployment).decode_utf8_lossy()),
        };
    }
    // DeepSeek has its endpoints at the root, too.
    let root = (mock_profile == Profile::Deepseek).then_some("/");
    let mut bases = BASES.into_iter().chain(root);
    let endpoint = bases.find_map(|base| path.strip_prefix(base));
    let (wire, route) = match (endpoint, path) {
        (Some(endpoint), _) => endpoint_route(method, endpoint, default),
        (None, "/chat/completions") => (Wire::Openai, Route::Unknown),
        (None, "/responses") => (Wire::Responses, Route::Unknown),
        (None, "/messages") => (Wire::Anthropic, Route::Unknown),
        (None, "/embeddings") => (Wire::Openai, Route::Unknown),
        (None, "/interactions") => (Wire::Interactions, Route::Unknown),
        (None, "/") if mock_profile == Profile::Ollama && reads(method) => {
            (Wire::Ollama(Endpoint::Chat), Route::Running)
        }
        (None, path) => match path.strip_prefix(OLLAMA) {
            Some(endpoint) => ollama_route(method, endpoint),
            None => (default(), Route::Unknown),
        },
    };
    Routed {
        wire,
        route,
        deployment: None,
    }
}

/// The endpoint of a path of Gemini.
fn gemini_route<'p>(
    method: &Method,
    path: &'p str,
    query: Option<&str>,
) -> Option<(Wire, Route<'p>)> {
    if let Some((wire, asked)) = gemini::model_method(path, query) {
        return Some((
            wire,
            only(method, &Method::POST, "POST", Route::Gemini(asked)),
        ));
    }
    if let Some(of) = INTERACTIONS.iter().find_map(|base| path.strip_prefix(base)) {
        return Some((Wire::Interactions, interactions(method, of)?));
    }
    let endpoint = path.strip_prefix("/v1beta/")?;
    let is_of_models = endpoint == "models" || endpoint.starts_with("models/");
    Some(match is_of_models {
        true => endpoint_route(method, endpoint, || GEMINI),
        false => (GEMINI, Route::Unknown),
    })
}

/// The endpoint of a provider's path without its version. `default` is the wire if the path does not decide it.
fn endpoint_route<'p>(
    method: &Method,
    endpoint: &'p str,
    default: impl Fn() -> Wire,
) -> (Wire, Route<'p>) {
    let post = |route| only(method, &Method::POST, "POST", route);
    let get = |route| only(method, &Method::GET, "GET", route);
    match endpoint {
        "chat/completions" => (Wire::Openai, post(Route::Chat)),
        "responses" => (Wire::Responses, post(Route::Chat)),
        "messages" => (Wire::Anthropic, post(Route::Chat)),
        "embeddings" => (Wire::Openai, post(Route::Embeddings)),
        "messages/count_tokens" => (Wire::Anthropic, post(Route::CountTokens)),
        "models" => (default(), get(Route::Models)),
        _ => {
            if let Some(of) = endpoint.strip_prefix("responses/") {
                return (Wire::Responses, responses(method, of));
            }
            match endpoint.strip_prefix("models/") {
                Some(model) if !model.is_empty() => {
                    // Clients that take no path for a name write `%2F`.
                    let model = percent_decode_str(model).decode_utf8_lossy();
                    (default(), get(Route::Model(model)))
                }
                _ => (default(), Route::Unknown),
            }
        }
    }
}

/// The endpoint of a path of Ollama.
fn ollama_route<'p>(method: &Method, endpoint: &str) -> (Wire, Route<'p>) {
    let post = |route| only(method, &Method::POST, "POST", route);
    let get = |route| match reads(method) {
        true => route,
        false => Route::Only("GET, HEAD"),
    };
    let route = match endpoint {
        "chat" => post(Route::Chat),
        "generate" => return (Wire::Ollama(Endpoint::Generate), post(Route::Chat)),
        "embed" => post(Route::Embeddings),
        "tags" => get(Route::Models),
        "show" => post(Route::ShowModel),
        "ps" => get(Route::RunningModels),
        "version" => get(Route::Version),
        _ => Route::Unknown,
    };
    (Wire::Ollama(Endpoint::Chat), route)
}

/// Whether a method asks for what is there. Ollama answers `HEAD` wherever it answers `GET`.
fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

fn only<'p>(method: &Method, expected: &Method, name: &'static str, route: Route<'p>) -> Route<'p> {
    match method == expected {
        true => route,
        false => Route::Only(name),
    }
}

fn responses<'p>(method: &Method, path: &'p str) -> Route<'p> {
    let post = |of| only(method, &Method::POST, "POST", Route::Responses(of));
    let decoded = |id: &'p str| percent_decode_str(id).decode_utf8_lossy();
    match path.split_once('/') {
        _ if path.is_empty() => Route::Unknown,
        None if path == "input_tokens" => post(ResponsesEndpoint::Tokens),
        None if path == "compact" => post(ResponsesEndpoint::Compaction),
        None if *method == Method::GET => {
            Route::Responses(ResponsesEndpoint::Answer(decoded(path)))
        }
        None if *method == Method::DELETE => {
            Route::Responses(ResponsesEndpoint::Deletion(decoded(path)))
        }
        None => Route::Only("GET, DELETE"),
        Some((id, "input_items")) => {
            let input = Route::Responses(ResponsesEndpoint::Input(decoded(id)));
            only(method, &Method::GET, "GET", input)
        }
        Some(_) => Route::Unknown,
    }
}

/// The endpoint of the rest of a path of Interactions; `None` if the path belongs to another API.
fn interactions<'p>(method: &Method, rest: &'p str) -> Option<Route<'p>> {
    let decoded = |id: &'p str| percent_decode_str(id).decode_utf8_lossy();
    Some(match rest.strip_prefix('/') {
        None if rest.is_empty() => only(method, &Method::POST, "POST", Route::Chat),
        None => return None,
        Some(id) if id.is_empty() || id.contains('/') => Route::Unknown,
        Some(id) => match *method {
            Method::GET => Route::Interactions(InteractionsEndpoint::Answer(decoded(id))),
            Method::DELETE => Route::Interactions(InteractionsEndpoint::Deletion(decoded(id))),
            _ => Route::Only("GET, DELETE"),
        },
    })
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

/// The wire of Gemini, where nothing is streamed.
const GEMINI: Wire = Wire::Gemini(Framing::Events);

/// Returns the client's wire from its headers and its query, for paths of several providers.
fn wire_of(query: Option<&str>, headers: &HeaderMap, mock_profile: Profile) -> Wire {
    if headers.contains_key("x-goog-api-key") || parameter(query, "key").is_some() {
        return GEMINI;
    }
    let anthropic = ["anthropic-version", "x-api-key"];
    if anthropic.iter().any(|name| headers.contains_key(*name)) {
        return Wire::Anthropic;
    }
    match Wire::from_profile(mock_profile) {
        // Ollama has its own paths, and OpenAI's.
        Wire::Ollama(_) => Wire::Openai,
        wire if !headers.contains_key("authorization") => wire,
        _ => Wire::Openai,
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn routed(method: &Method, path: &str, header: &'static str) -> (Wire, Route<'static>) {
        let routed = at_home(method, path, header, Profile::Plain);
        (routed.wire, routed.route)
    }

    /// The paths of a test are kept for good.
    fn at_home(
        method: &Method,
        path: &str,
        header: &'static str,
        mock_profile: Profile,
    ) -> Routed<'static> {
        let mut headers = HeaderMap::new();
        headers.insert(header, HeaderValue::from_static("x"));
        let uri: Uri = path.parse().expect("it is a path");
        route(method, Box::leak(Box::new(uri)), &headers, mock_profile)
    }

    #[test]
    fn the_path_tells_the_wire() {
        let post = |path, header| routed(&Method::POST, path, header);
        let openai = post("/v1/chat/completions", "x-api-key");
        assert_eq!(openai, (Wire::Openai, Route::Chat));
        let anthropic = post("/v1/messages", "authorization");
        assert_eq!(anthropic, (Wire::Anthropic, Route::Chat));
        let count = post("/v1/messages/count_tokens", "authorization");
        assert_eq!(count, (Wire::Anthropic, Route::CountTokens));
    }

    #[test]
    fn a_path_without_the_version_is_none_of_the_providers() {
        let post = |path, header| routed(&Method::POST, path, header);
        let openai = post("/chat/completions", "x-api-key");
        assert_eq!(openai, (Wire::Openai, Route::Unknown));
        let anthropic = post("/messages", "authorization");
        assert_eq!(anthropic, (Wire::Anthropic, Route::Unknown));
    }

    #[test]
    fn each_provider_has_its_own_base() {
        let chat = (Wire::Openai, Route::Chat);
        let post = |path| routed(&Method::POST, path, "authorization");
        assert_eq!(post("/openai/v1/chat/completions"), chat);
        assert_eq!(post("/api/v1/chat/completions"), chat);
        let responses = (Wire::Responses, Route::Chat);
        assert_eq!(post("/openai/v1/responses"), responses);
        let root = at_home(
            &Method::POST,
            "/chat/completions",
            "accept",
            Profile::Deepseek,
        );
        assert_eq!((root.wire, root.route), chat);
    }

    #[test]
    fn a_path_of_azure_names_its_deployment_and_needs_a_version() {
        let post = |path| at_home(&Method::POST, path, "api-key", Profile::Plain);
        let path = "/openai/deployments/my%20model/chat/completions?api-version=2024-10-21";
        let routed = post(path);
        assert_eq!((routed.wire, routed.route), (Wire::Openai, Route::Chat));
        assert_eq!(routed.deployment.as_deref(), Some("my model"));
        let path = "/openai/deployments/m/embeddings?api-version=1";
        assert_eq!(post(path).route, Route::Embeddings);
        let path = "/openai/deployments/m/responses?x=1&api-version=preview";
        assert_eq!(post(path).wire, Wire::Responses);
        for path in [
            "/openai/deployments/m/chat/completions",
            "/openai/deployments/m/chat/completions?api-version=",
            "/openai/deployments/m/chat/completions?version=1",
        ] {
            assert_eq!(post(path).route, Route::WithoutVersion, "{path}");
        }
        for path in [
            "/openai/deployments",
            "/openai/deployments/",
            "/openai/deployments//a",
        ] {
            assert_eq!(post(path).route, Route::Unknown, "{path}");
        }
    }

    #[test]
    fn headers_tell_the_wire_of_models() {
        for (header, wire) in [
            ("anthropic-version", Wire::Anthropic),
            ("x-api-key", Wire::Anthropic),
            ("authorization", Wire::Openai),
            ("x-goog-api-key", GEMINI),
        ] {
            let list = routed(&Method::GET, "/v1/models", header);
            assert_eq!(list, (wire, Route::Models));
            let one = routed(&Method::GET, "/v1/models/a/b", header);
            assert_eq!(one, (wire, Route::Model("a/b".into())));
            let escaped = routed(&Method::GET, "/v1/models/a%2Fb", header);
            assert_eq!(escaped, one);
        }
        let mock_profile = |profile| wire_of(None, &HeaderMap::new(), profile);
        assert_eq!(mock_profile(Profile::Anthropic), Wire::Anthropic);
        assert_eq!(mock_profile(Profile::Plain), Wire::Openai);
        assert_eq!(mock_profile(Profile::Gemini), GEMINI);
        let by_query = wire_of(Some("key=k"), &HeaderMap::new(), Profile::Plain);
        assert_eq!(by_query, GEMINI);
        let mut bearer = HeaderMap::new();
        bearer.insert("authorization", HeaderValue::from_static("Bearer x"));
        assert_eq!(wire_of(None, &bearer, Profile::Anthropic), Wire::Openai);
    }

    #[test]
    fn answers_of_responses_that_are_kept_have_paths_of_their_own() {
        let routed = |method: Method, path| routed(&method, path, "accept");
        for (method, path, of) in [
            (
                Method::GET,
                "/v1/responses/a",
                ResponsesEndpoint::Answer("a".into()),
            ),
            (
                Method::DELETE,
                "/v1/responses/a",
                ResponsesEndpoint::Deletion("a".into()),
            ),
            (
                Method::GET,
                "/v1/responses/a/input_items",
                ResponsesEndpoint::Input("a".into()),
            ),
            (
                Method::POST,
                "/v1/responses/input_tokens",
                ResponsesEndpoint::Tokens,
            ),
            (
                Method::POST,
                "/v1/responses/compact",
                ResponsesEndpoint::Compaction,
            ),
        ] {
            assert_eq!(
                routed(method, path),
                (Wire::Responses, Route::Responses(of))
            );
        }
        let (_, other) = routed(Method::PUT, "/v1/responses/a");
        assert_eq!(other, Route::Only("GET, DELETE"));
        let (_, other) = routed(Method::POST, "/v1/responses/a/cancel");
        assert_eq!(other, Route::Unknown);
    }

    #[test]
    fn interactions_that_are_kept_have_paths_of_their_own() {
        let routed = |method: Method, path| routed(&method, path, "accept");
        let (wire, id) = (Wire::Interactions, || "a b".into());
        for (method, path, route) in [
            (Method::POST, "/v1beta/interactions", Route::Chat),
            (Method::POST, "/v1/interactions?alt=sse", Route::Chat),
            (Method::GET, "/v1beta/interactions", Route::Only("POST")),
            (
                Method::GET,
                "/v1beta/interactions/a%20b",
                Route::Interactions(InteractionsEndpoint::Answer(id())),
            ),
            (
                Method::DELETE,
                "/v1/interactions/a%20b",
                Route::Interactions(InteractionsEndpoint::Deletion(id())),
            ),
            (
                Method::PUT,
                "/v1beta/interactions/a",
                Route::Only("GET, DELETE"),
            ),
            (
                Method::POST,
                "/v1beta/interactions/a/cancel",
                Route::Unknown,
            ),
        ] {
            assert_eq!(routed(method, path), (wire, route), "{path}");
        }
        let (_, other) = routed(Method::POST, "/v1beta/interactionsx");
        assert_eq!(other, Route::Unknown);
    }

    #[test]
    fn gemini_has_a_version_of_its_own() {
        let get = |path| routed(&Method::GET, path, "authorization");
        assert_eq!(get("/v1beta/models"), (GEMINI, Route::Models));
        let model = (GEMINI, Route::Model("gemini-2.5-flash".into()));
        assert_eq!(get("/v1beta/models/gemini-2.5-flash"), model);
        assert_eq!(get("/v1beta/files"), (GEMINI, Route::Unknown));
        let method = "/v1beta/models/m:generateContent";
        assert_eq!(get(method), (GEMINI, Route::Only("POST")));
        let (wire, asked) = routed(&Method::POST, method, "x-api-key");
        assert_eq!(wire, GEMINI);
        assert!(matches!(asked, Route::Gemini(of) if of.model == "m"));
    }

    #[test]
    fn what_there_is_not_is_told_from_another_method() {
        let routed = |method, path| routed(&method, path, "accept").1;
        assert_eq!(routed(Method::GET, "/v1/messages"), Route::Only("POST"));
        assert_eq!(routed(Method::POST, "/v1/models"), Route::Only("GET"));
        assert_eq!(routed(Method::POST, "/v1/embeddings"), Route::Embeddings);
        assert_eq!(routed(Method::GET, "/v1/embeddings"), Route::Only("POST"));
        assert_eq!(routed(Method::POST, "/v1/rerank"), Route::Unknown);
        assert_eq!(routed(Method::GET, "/v1/models/"), Route::Unknown);
    }
}
