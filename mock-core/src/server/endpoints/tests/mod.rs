//! Tests of paths: the wire and the route of a request.

#[cfg(all(not(feature = "gemini"), not(feature = "ollama")))]
mod missing_features;

use std::borrow::Cow;

use hyper::header::HeaderValue;
use hyper::{HeaderMap, Uri};

use super::*;

/// Returns the wire of a request, and its route as the derived `Debug` writes it.
pub(in crate::server) fn routed(
    method: &Method,
    path: &str,
    header: &'static str,
) -> (Wire, String) {
    let (wire, route, _) = route_of_mock(method, path, header, Profile::Plain);
    (wire, route)
}

/// The same for a mock with this profile, with the model or deployment that the path names.
pub(in crate::server) fn route_of_mock(
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
fn the_path_determines_the_wire() {
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
    assert_eq!(post("/v1beta/openai/chat/completions"), chat);
    assert_eq!(post("/v1beta/openai/embeddings"), to(OPENAI, "Embeddings"));
    for path in ["/chat/completions", "/beta/chat/completions"] {
        let (wire, route, _) = route_of_mock(&Method::POST, path, "accept", Profile::Deepseek);
        assert_eq!((wire, route), chat, "{path}");
        assert_eq!(post(path).1, "Unknown", "{path}");
    }
}

#[test]
fn a_path_of_azure_names_its_deployment_and_needs_a_version() {
    let post = |path| route_of_mock(&Method::POST, path, "api-key", Profile::Plain);
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
    let get = |header, profile| route_of_mock(&Method::GET, "/v1/models", header, profile).0;
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
fn an_unknown_path_is_distinguished_from_a_wrong_method() {
    let routed = |method, path| routed(&method, path, "accept").1;
    assert_eq!(routed(Method::GET, "/v1/messages"), "Only(\"POST\")");
    assert_eq!(routed(Method::POST, "/v1/models"), "Only(\"GET\")");
    assert_eq!(routed(Method::POST, "/v1/embeddings"), "Embeddings");
    assert_eq!(routed(Method::GET, "/v1/embeddings"), "Only(\"POST\")");
    assert_eq!(routed(Method::POST, "/v1/rerank"), "Unknown");
    assert_eq!(routed(Method::GET, "/v1/models/"), "Unknown");
}
