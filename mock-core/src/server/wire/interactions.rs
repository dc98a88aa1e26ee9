//! Gemini's Interactions: its answers, and the endpoints that do not ask the model: stored interactions.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::gemini;
use super::{AnswerOptions, FrameWriter, Wire, WireFormat};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::server::route::{OwnEndpoint, Route, Routed, only, parameter};
use crate::server::served_request::{Reply, ServedRequest};
use crate::server::stored_answers::Stored;
use crate::wire::gemini_interactions::{self, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::{ErrorReply, Refused, WriteError};

const INTERACTIONS: Wire = &Interactions;

/// The path prefixes.
const BASES: [&str; 2] = ["/v1beta/interactions", "/v1/interactions"];

#[derive(Debug)]
struct Interactions;

/// Finds the endpoint of a path of Interactions; `None` if the path belongs to another API.
pub(super) fn route<'p>(method: &Method, path: &'p str) -> Option<Routed<'p>> {
    if path == "/interactions" {
        return Some(Routed::new(INTERACTIONS, Route::Unknown));
    }
    let rest = BASES.iter().find_map(|base| path.strip_prefix(base))?;
    let own = |of| Route::Own(Box::new(of));
    let decoded = |id: &'p str| percent_decode_str(id).decode_utf8_lossy();
    let route = match rest.strip_prefix('/') {
        None if rest.is_empty() => only(method, &Method::POST, "POST", Route::Chat),
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

impl WireFormat for Interactions {
    fn name(&self) -> &'static str {
        "gemini interactions"
    }

    fn profile(&self, _mock_profile: Profile) -> Profile {
        Profile::Gemini
    }

    fn request_id_header(&self, dialect: &Dialect) -> &'static str {
        gemini::WIRE.request_id_header(dialect)
    }

    fn request_id(&self, seed: u64, number: u64) -> String {
        gemini::WIRE.request_id(seed, number)
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: gemini_interactions::response_id,
            call: gemini_interactions::call_id,
            signature: Some(gemini_interactions::signature),
        }
    }

    fn key<'h>(&self, head: &'h Parts) -> Option<&'h str> {
        gemini::key(head)
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Result<Request, Refused> {
        gemini_interactions::read_checked(body, profile)
    }

    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        gemini_interactions::write_response_bytes(response, created, completed)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        gemini_interactions::write_error(error, request_id, now)
    }

    fn writer(
        &self,
        head: &mut Response,
        created: u64,
        _options: AnswerOptions,
    ) -> Box<dyn FrameWriter> {
        Box::new(StreamWriter::new(head, created))
    }

    fn malformed_frame(&self) -> &'static str {
        "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":0,\"del\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"v1_1\",\"object\":\"interaction\",\"ste"
    }

    fn continue_conversation(
        &self,
        served: &ServedRequest,
        request: &mut Request,
    ) -> Result<Option<Arc<Stored>>, ProviderError> {
        continue_conversation(served, request)
    }

    fn stores_answers(&self) -> bool {
        true
    }

    fn join_history(&self, request: &mut Request, before: &[(&[u8], &[u8])]) {
        gemini_interactions::join_history(request, before);
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        gemini::write_models(models, created)
    }

    fn models_field(&self) -> &'static str {
        gemini::WIRE.models_field()
    }

    fn opens_streams(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
    fn wire(&self) -> Wire {
        INTERACTIONS
    }

    fn open(&mut self) -> Result<Vec<String>, WriteError> {
        Ok(self.start())
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn take_answer(&mut self) -> Option<(String, String)> {
        StreamWriter::take_answer(self)
    }

    fn set_time(&mut self, now: u64) {
        StreamWriter::set_time(self, now);
    }

    fn fail(&mut self, error: &ProviderError) -> String {
        StreamWriter::fail(self, error)
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
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
    fn answer(&self, served: ServedRequest, query: Option<&str>, _body: Bytes) -> Reply {
        let server = Arc::clone(&served.connection.server);
        let resets = server.engine.resets();
        let is_set = |name| parameter(query, name) == Some("true");
        match self {
            InteractionsEndpoint::Answer(id) => match server.stored.get(resets, INTERACTIONS, id) {
                Some(_) if is_set("stream") => {
                    let mut error = ProviderError::at(Profile::Gemini, ErrorKind::BadRequest);
                    error.message =
                        "the mock keeps no stream of an interaction: leave `stream` out".to_owned();
                    served.refuse(error)
                }
                Some(stored) => {
                    let body = serde_json::from_slice(&stored.answer);
                    let mut body: Value = body.unwrap_or_default();
                    if is_set("include_input") {
                        body["input"] = gemini_interactions::input_steps(&stored.request);
                    }
                    served.json(StatusCode::OK, &body)
                }
                None => served.refuse(not_found(id)),
            },
            InteractionsEndpoint::Deletion(id) => {
                match server.stored.remove(resets, INTERACTIONS, id) {
                    true => served.json(StatusCode::OK, &json!({})),
                    false => served.refuse(not_found(id)),
                }
            }
        }
    }
}

/// Adds the conversation that a request continues.
///
/// # Errors
/// If there is no such interaction.
fn continue_conversation(
    served: &ServedRequest,
    request: &mut Request,
) -> Result<Option<Arc<Stored>>, ProviderError> {
    let server = &served.connection.server;
    let id = request.extra.get("previous_interaction_id");
    let Some(id) = id.and_then(Value::as_str) else {
        return Ok(None);
    };
    let resets = server.engine.resets();
    let stored = server.stored.get(resets, INTERACTIONS, id);
    if stored.is_none() && !server.is_lenient() {
        return Err(not_found(id));
    }
    if let Some(stored) = &stored {
        stored.join(request);
    }
    Ok(stored)
}

fn not_found(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let mut error = ProviderError::at(Profile::Gemini, ErrorKind::NotFound);
    error.message = format!(
        "Interaction with id '{id}' not found. [mock: no interaction of this server that was stored has this id since the last reset]"
    );
    error.code = Some("not_found".into());
    error.status = Some(StatusCode::NOT_FOUND.as_u16());
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::route::tests::routed;

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
