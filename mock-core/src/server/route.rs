//! What a request asks for: a function of its method, its path and its headers.

use std::borrow::Cow;

use hyper::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::wire::Wire;
use crate::scenario::Profile;

/// What a request asks for.
#[derive(Debug, PartialEq)]
pub(super) enum Route<'p> {
    /// An answer of the model.
    Chat,
    /// Embeddings.
    Embeddings,
    /// The list of the models.
    Models,
    /// This model.
    Model(Cow<'p, str>),
    /// What there is of Responses beside answers of the model.
    Responses(Of<'p>),
    /// What there is only with another method: this one.
    Only(&'static str),
    /// What there is not.
    Unknown,
}

/// What there is of Responses beside answers of the model.
#[derive(Debug, PartialEq)]
pub(super) enum Of<'p> {
    /// The answer with this id.
    Answer(Cow<'p, str>),
    /// That the answer with this id is forgotten.
    Deletion(Cow<'p, str>),
    /// The input of the answer with this id.
    Input(Cow<'p, str>),
    /// How many tokens a request has.
    Tokens,
    /// A shorter conversation.
    Compaction,
}

fn responses<'p>(method: &Method, path: &'p str) -> Route<'p> {
    let only = |expected, of| match *method == expected {
        true => Route::Responses(of),
        false if expected == Method::GET => Route::Only("GET"),
        false => Route::Only("POST"),
    };
    let decoded = |id: &'p str| percent_decode_str(id).decode_utf8_lossy();
    match path.split_once('/') {
        _ if path.is_empty() => Route::Unknown,
        None if path == "input_tokens" => only(Method::POST, Of::Tokens),
        None if path == "compact" => only(Method::POST, Of::Compaction),
        None if *method == Method::GET => Route::Responses(Of::Answer(decoded(path))),
        None if *method == Method::DELETE => Route::Responses(Of::Deletion(decoded(path))),
        None => Route::Only("GET, DELETE"),
        Some((id, "input_items")) => only(Method::GET, Of::Input(decoded(id))),
        Some(_) => Route::Unknown,
    }
}

/// The wire of a request, and what it asks for. `home` is the provider that the mock speaks for.
pub(super) fn route<'p>(
    method: &Method,
    path: &'p str,
    headers: &HeaderMap,
    home: Profile,
) -> (Wire, Route<'p>) {
    let told = || wire_of(headers, home);
    let of = |expected: Method, route| match *method == expected {
        true => route,
        false => Route::Only(match expected {
            Method::GET => "GET",
            _ => "POST",
        }),
    };
    match path {
        "/v1/chat/completions" => (Wire::Openai, of(Method::POST, Route::Chat)),
        "/v1/responses" => (Wire::Responses, of(Method::POST, Route::Chat)),
        "/v1/messages" => (Wire::Anthropic, of(Method::POST, Route::Chat)),
        "/v1/embeddings" => (Wire::Openai, of(Method::POST, Route::Embeddings)),
        "/v1/models" => (told(), of(Method::GET, Route::Models)),
        "/chat/completions" => (Wire::Openai, Route::Unknown),
        "/responses" => (Wire::Responses, Route::Unknown),
        "/messages" => (Wire::Anthropic, Route::Unknown),
        "/embeddings" => (Wire::Openai, Route::Unknown),
        path if path.starts_with("/v1/responses/") => {
            let rest = path.strip_prefix("/v1/responses/");
            (Wire::Responses, responses(method, rest.unwrap_or_default()))
        }
        path => match path.strip_prefix("/v1/models/") {
            Some(model) if !model.is_empty() => {
                // Clients that take no path for a name write `%2F`.
                let model = percent_decode_str(model).decode_utf8_lossy();
                (told(), of(Method::GET, Route::Model(model)))
            }
            _ => (told(), Route::Unknown),
        },
    }
}

/// The wire that a client speaks where the path does not tell.
fn wire_of(headers: &HeaderMap, home: Profile) -> Wire {
    let anthropic = ["anthropic-version", "x-api-key"];
    if anthropic.iter().any(|name| headers.contains_key(*name)) {
        return Wire::Anthropic;
    }
    match Wire::of_profile(home) {
        Some(wire) if !headers.contains_key("authorization") => wire,
        _ => Wire::Openai,
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn routed<'p>(method: &Method, path: &'p str, header: &'static str) -> (Wire, Route<'p>) {
        let mut headers = HeaderMap::new();
        headers.insert(header, HeaderValue::from_static("x"));
        route(method, path, &headers, Profile::Plain)
    }

    #[test]
    fn the_path_tells_the_wire() {
        let post = |path, header| routed(&Method::POST, path, header);
        let openai = post("/v1/chat/completions", "x-api-key");
        assert_eq!(openai, (Wire::Openai, Route::Chat));
        let anthropic = post("/v1/messages", "authorization");
        assert_eq!(anthropic, (Wire::Anthropic, Route::Chat));
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
    fn headers_tell_the_wire_of_models() {
        for (header, wire) in [
            ("anthropic-version", Wire::Anthropic),
            ("x-api-key", Wire::Anthropic),
            ("authorization", Wire::Openai),
        ] {
            let list = routed(&Method::GET, "/v1/models", header);
            assert_eq!(list, (wire, Route::Models));
            let one = routed(&Method::GET, "/v1/models/a/b", header);
            assert_eq!(one, (wire, Route::Model("a/b".into())));
            let escaped = routed(&Method::GET, "/v1/models/a%2Fb", header);
            assert_eq!(escaped, one);
        }
        let home = |profile| wire_of(&HeaderMap::new(), profile);
        assert_eq!(home(Profile::Anthropic), Wire::Anthropic);
        assert_eq!(home(Profile::Plain), Wire::Openai);
        let mut bearer = HeaderMap::new();
        bearer.insert("authorization", HeaderValue::from_static("Bearer x"));
        assert_eq!(wire_of(&bearer, Profile::Anthropic), Wire::Openai);
    }

    #[test]
    fn answers_of_responses_that_are_kept_have_paths_of_their_own() {
        let routed = |method: Method, path| routed(&method, path, "accept");
        for (method, path, of) in [
            (Method::GET, "/v1/responses/a", Of::Answer("a".into())),
            (Method::DELETE, "/v1/responses/a", Of::Deletion("a".into())),
            (
                Method::GET,
                "/v1/responses/a/input_items",
                Of::Input("a".into()),
            ),
            (Method::POST, "/v1/responses/input_tokens", Of::Tokens),
            (Method::POST, "/v1/responses/compact", Of::Compaction),
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
