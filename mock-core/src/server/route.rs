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
    /// The list of the models.
    Models,
    /// This model.
    Model(Cow<'p, str>),
    /// What there is only with another method: this one.
    Only(&'static str),
    /// What there is not.
    Unknown,
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
        "/v1/models" => (told(), of(Method::GET, Route::Models)),
        "/chat/completions" => (Wire::Openai, Route::Unknown),
        "/responses" => (Wire::Responses, Route::Unknown),
        "/messages" => (Wire::Anthropic, Route::Unknown),
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
    fn what_there_is_not_is_told_from_another_method() {
        let routed = |method, path| routed(&method, path, "accept").1;
        assert_eq!(routed(Method::GET, "/v1/messages"), Route::Only("POST"));
        assert_eq!(routed(Method::POST, "/v1/models"), Route::Only("GET"));
        assert_eq!(routed(Method::POST, "/v1/embeddings"), Route::Unknown);
        assert_eq!(routed(Method::GET, "/v1/models/"), Route::Unknown);
    }
}
