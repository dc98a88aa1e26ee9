//! The paths of Gemini's Interactions, and the endpoints that do not ask the model: stored interactions.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::Method;
use serde_json::{Value, json};

use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::scenario::Profile;
use crate::server::endpoints::route_types::{
    OwnAnswer, OwnEndpoint, OwnResult, Route, Routed, post,
};
use crate::server::request::path_and_query::{decoded, parameter};
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::gemini_interactions::{INTERACTIONS, no_interaction};
use crate::wire::{gemini_interactions, read_json};

/// The path prefixes.
const BASES: [&str; 2] = ["/v1beta/interactions", "/v1/interactions"];

/// Finds the endpoint of a path of Interactions; `None` if the path belongs to another API.
pub(super) fn route<'p>(method: &Method, path: &'p str) -> Option<Routed<'p>> {
    if path == "/interactions" {
        return Some(Routed::new(INTERACTIONS, Route::Unknown));
    }
    let rest = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    let own = |of| Route::Own(Box::new(of));
    let route = match rest.strip_prefix('/') {
        None if rest.is_empty() => post(method, Route::Chat),
        None => return None,
        Some(id) if id.is_empty() || id.contains('/') => Route::Unknown,
        Some(id) => match *method {
            Method::GET => own(InteractionsEndpoint::Answer(decoded(id))),
            Method::DELETE => own(InteractionsEndpoint::Deletion(decoded(id))),
            _ => Route::Only("GET, DELETE"),
        },
    };
    Some(Routed::new(INTERACTIONS, route))
}

/// An endpoint that does not ask the model.
#[derive(Debug)]
enum InteractionsEndpoint<'p> {
    /// The interaction with this id.
    Answer(Cow<'p, str>),
    /// The deletion of the interaction with this id.
    Deletion(Cow<'p, str>),
}

impl OwnEndpoint for InteractionsEndpoint<'_> {
    fn answer(&self, served: &ServedRequest, query: Option<&str>, _body: Bytes) -> OwnResult {
        let server = &served.connection.server;
        let resets = server.engine.resets();
        let is_set = |name| parameter(query, name) == Some("true");
        let answer = match self {
            InteractionsEndpoint::Answer(id) => {
                let stored = server.stored.get(resets, INTERACTIONS, id);
                let stored = stored.ok_or_else(|| no_interaction(id))?;
                if is_set("stream") {
                    let mut error = ProviderError::at(Profile::Gemini, ErrorKind::BadRequest);
                    error.message =
                        "the mock keeps no stream of an interaction: leave `stream` out".to_owned();
                    return Err(error);
                }
                let answer = read_json(&stored.answer);
                let mut answer: Value = answer.unwrap_or_default();
                if is_set("include_input") {
                    answer["input"] = gemini_interactions::input_steps(&stored.request);
                }
                answer
            }
            InteractionsEndpoint::Deletion(id) => {
                match server.stored.remove(resets, INTERACTIONS, id) {
                    true => json!({}),
                    false => return Err(no_interaction(id)),
                }
            }
        };
        Ok(OwnAnswer::Json(answer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::endpoints::tests::routed;

    #[test]
    fn interactions_that_are_kept_have_paths_of_their_own() {
        let routed = |method: Method, path| routed(&method, path, "accept");
        for (method, path, route) in [
            (Method::POST, "/v1beta/interactions", "Chat"),
            (Method::POST, "/v1/interactions?alt=sse", "Chat"),
            (Method::GET, "/v1beta/interactions", "Only(\"POST\")"),
            (
                Method::GET,
                "/v1beta/interactions/a%20b",
                "Own(Answer(\"a b\"))",
            ),
            (
                Method::DELETE,
                "/v1/interactions/a%20b",
                "Own(Deletion(\"a b\"))",
            ),
            (
                Method::PUT,
                "/v1beta/interactions/a",
                "Only(\"GET, DELETE\")",
            ),
            (Method::POST, "/v1beta/interactions/a/cancel", "Unknown"),
        ] {
            let expected = (INTERACTIONS, route.to_owned());
            assert_eq!(routed(method, path), expected, "{path}");
        }
        let (_, other) = routed(Method::POST, "/v1beta/interactionsx");
        assert_eq!(other, "Unknown");
    }
}
