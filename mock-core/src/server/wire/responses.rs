//! OpenAI's Responses: its answers, and the endpoints that do not ask the model: stored answers, their input, counting tokens, and compaction.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::openai::{self, OPENAI};
use super::{AnswerOptions, FrameWriter, Wire, WireFormat};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::finish_and_usage::Usage;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::server::route::{OwnEndpoint, Route, only, parameter};
use crate::server::served_request::{Reply, ServedRequest};
use crate::server::stored_answers::Stored;
use crate::wire::openai::Dialect;
use crate::wire::openai_responses::{self, StreamWriter};
use crate::wire::{ErrorReply, Refused, WriteError};

pub(in crate::server) const RESPONSES: Wire = &Responses;

#[derive(Debug)]
struct Responses;

impl WireFormat for Responses {
    fn name(&self) -> &'static str {
        "openai responses"
    }

    fn profile(&self, mock_profile: Profile) -> Profile {
        match mock_profile.is_dialect() {
            true => mock_profile,
            false => Profile::OpenaiResponses,
        }
    }

    fn request_id_header(&self, dialect: &Dialect) -> &'static str {
        OPENAI.request_id_header(dialect)
    }

    fn request_id(&self, seed: u64, number: u64) -> String {
        OPENAI.request_id(seed, number)
    }

    fn ids(&self, _dialect: &Dialect, encrypted_reasoning: bool) -> Ids {
        Ids {
            response: openai_responses::response_id,
            call: openai_responses::call_id,
            signature: encrypted_reasoning.then_some(openai_responses::signature),
        }
    }

    fn key<'h>(&self, head: &'h Parts) -> Option<&'h str> {
        openai::key(head)
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Result<Request, Refused> {
        openai_responses::read_checked(body, profile)
    }

    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        completed: u64,
        options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        if let Some(responses) = &options.responses {
            responses.fit(response);
        }
        openai_responses::write_response_bytes(response, created, completed)
    }

    fn write_failed(
        &self,
        response: &mut Response,
        error: &ProviderError,
        created: u64,
        options: &AnswerOptions,
    ) -> Option<Result<Vec<u8>, WriteError>> {
        let responses = options.responses.as_deref()?;
        if !openai_responses::fails_the_answer(error) {
            return None;
        }
        responses.fit(response);
        Some(openai_responses::write_failed_bytes(
            response, error, created,
        ))
    }

    fn write_error(
        &self,
        error: &ProviderError,
        dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        match dialect.profile.is_dialect() {
            true => dialect.write_error(error, request_id, now),
            false => openai_responses::write_error(error, request_id, now),
        }
    }

    fn writer(
        &self,
        head: &mut Response,
        created: u64,
        options: AnswerOptions,
    ) -> Box<dyn FrameWriter> {
        if let Some(responses) = &options.responses {
            responses.repeat_request(head);
        }
        let mut writer = StreamWriter::new(head, created);
        if let Some(responses) = options.responses {
            writer = writer
                .encrypted_reasoning(responses.encrypted_reasoning)
                .custom_tools(responses.custom_tools);
        }
        Box::new(writer)
    }

    fn malformed_frame(&self) -> &'static str {
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_num\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"resp_1\",\"object\":\"response\",\"outp"
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
        openai_responses::join_history(request, before);
    }

    fn keepalive(&self, _dialect: &Dialect) -> Option<&'static str> {
        Some(openai_responses::KEEPALIVE)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        openai::write_models(models, created)
    }

    fn opens_streams(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
    fn wire(&self) -> Wire {
        RESPONSES
    }

    fn open(&mut self) -> Result<Vec<String>, WriteError> {
        self.start()
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
        // A part that the wire cannot write has been reported before.
        let frames = StreamWriter::fail(self, error);
        frames.unwrap_or_default().concat()
    }

    fn has_end_mark(&self) -> bool {
        false
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}

/// An endpoint that does not ask the model.
#[derive(Debug)]
pub(in crate::server) enum ResponsesEndpoint<'p> {
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

/// The endpoint of a path below `responses/`.
pub(in crate::server) fn responses<'p>(method: &Method, path: &'p str) -> Route<'p> {
    let own = |of| Route::Own(Box::new(of));
    let post = |of| only(method, &Method::POST, "POST", own(of));
    let decoded = |id: &'p str| percent_decode_str(id).decode_utf8_lossy();
    match path.split_once('/') {
        _ if path.is_empty() => Route::Unknown,
        None if path == "input_tokens" => post(ResponsesEndpoint::Tokens),
        None if path == "compact" => post(ResponsesEndpoint::Compaction),
        None if *method == Method::GET => own(ResponsesEndpoint::Answer(decoded(path))),
        None if *method == Method::DELETE => own(ResponsesEndpoint::Deletion(decoded(path))),
        None => Route::Only("GET, DELETE"),
        Some((id, "input_items")) => {
            let input = own(ResponsesEndpoint::Input(decoded(id)));
            only(method, &Method::GET, "GET", input)
        }
        Some(_) => Route::Unknown,
    }
}

impl OwnEndpoint for ResponsesEndpoint<'_> {
    fn reads_body(&self) -> bool {
        matches!(
            self,
            ResponsesEndpoint::Tokens | ResponsesEndpoint::Compaction
        )
    }

    fn answer(&self, served: ServedRequest, query: Option<&str>, body: Bytes) -> Reply {
        let server = Arc::clone(&served.connection.server);
        let resets = server.engine.resets();
        match self {
            ResponsesEndpoint::Answer(id) => match server.stored.get(resets, RESPONSES, id) {
                Some(_) if asks_for_stream(query) => {
                    let problem = "the mock keeps no stream of an answer: leave `stream` out";
                    served.refuse(bad_request(problem, "stream"))
                }
                Some(stored) => {
                    let body = serde_json::from_slice(&stored.answer).unwrap_or_default();
                    served.json(StatusCode::OK, &body)
                }
                None => served.refuse(not_found(id)),
            },
            ResponsesEndpoint::Deletion(id) => match server.stored.remove(resets, RESPONSES, id) {
                true => {
                    let body = json!({ "id": id, "object": "response", "deleted": true });
                    served.json(StatusCode::OK, &body)
                }
                false => served.refuse(not_found(id)),
            },
            ResponsesEndpoint::Input(id) => match server.stored.get(resets, RESPONSES, id) {
                Some(stored) => {
                    let items = openai_responses::input_items(&stored.request, &stored.id);
                    served.json(StatusCode::OK, &page(items, query))
                }
                None => served.refuse(not_found(id)),
            },
            ResponsesEndpoint::Tokens => match served.read(&body) {
                Ok((request, _)) => {
                    let tokens = request.estimated_tokens();
                    let body = json!({ "object": "response.input_tokens", "input_tokens": tokens });
                    served.json(StatusCode::OK, &body)
                }
                Err(error) => served.refuse(error),
            },
            ResponsesEndpoint::Compaction => match served.read(&body) {
                Ok((request, _)) => {
                    let number = served.exchange.number() as u64;
                    let id = openai_responses::response_id(server.engine.seed(), number);
                    // No call has this id: those have the numbers of calls.
                    let id = id.replacen("resp_", "resp_c", 1);
                    let created = super::time(server.engine.elapsed());
                    let usage = Usage::new(request.estimated_tokens(), 1);
                    let body =
                        openai_responses::write_compaction(&body, &id, created, number, usage);
                    served.json(StatusCode::OK, &body)
                }
                Err(error) => served.refuse(error),
            },
        }
    }
}

/// Completes a request: adds the conversation that it continues, and the items that it refers to by id.
///
/// # Errors
/// If there is no such answer or item.
fn continue_conversation(
    served: &ServedRequest,
    request: &mut Request,
) -> Result<Option<Arc<Stored>>, ProviderError> {
    let server = &served.connection.server;
    let resets = server.engine.resets();
    let id = request.extra.get("previous_response_id");
    let previous = match id.and_then(Value::as_str) {
        None => None,
        Some(id) => {
            let stored = server.stored.get(resets, RESPONSES, id);
            if stored.is_none() && !server.is_lenient() {
                return Err(no_previous(id));
            }
            stored
        }
    };
    if let Some(stored) = &previous {
        stored.join(request);
    }
    let found = openai_responses::resolve_references(request, |id| server.stored.item(resets, id));
    match found {
        Err(id) if !server.is_lenient() => Err(no_item(&id)),
        _ => Ok(previous),
    }
}

fn bad_request(message: &str, param: &str) -> ProviderError {
    let mut error = ProviderError::at(Profile::OpenaiResponses, ErrorKind::BadRequest);
    error.message = message.to_owned();
    error.param = Some(param.into());
    error
}

fn no_previous(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let message = format!(
        "Previous response with id '{id}' not found. [mock: no answer of this server that was stored has this id since the last reset]"
    );
    let mut error = bad_request(&message, "previous_response_id");
    error.code = Some("previous_response_not_found".into());
    error
}

fn no_item(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let message = format!(
        "Item with id '{id}' not found. Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input."
    );
    let mut error = bad_request(&message, "input");
    error.status = Some(404);
    error
}

fn not_found(id: &str) -> ProviderError {
    let message = format!("Response with id '{}' not found.", shorten(id, MAX_QUOTED));
    let mut error = bad_request(&message, "response_id");
    error.status = Some(404);
    error
}

fn asks_for_stream(query: Option<&str>) -> bool {
    parameter(query, "stream") == Some("true")
}

/// Returns a page of a list: the newest first unless the query has `order=asc`, after the item `after`, and at most `limit` items, 20 by
/// default.
fn page(mut items: Vec<Value>, query: Option<&str>) -> Value {
    if parameter(query, "order") != Some("asc") {
        items.reverse();
    }
    if let Some(after) = parameter(query, "after")
        && let Some(at) = items.iter().position(|item| item["id"] == after)
    {
        items.drain(..=at);
    }
    let limit = parameter(query, "limit").and_then(|limit| limit.parse().ok());
    let limit = limit.unwrap_or(20).clamp(1, 100);
    let has_more = items.len() > limit;
    items.truncate(limit);
    let id = |item: Option<&Value>| item.map(|item| item["id"].clone());
    json!({
        "object": "list", "first_id": id(items.first()), "last_id": id(items.last()),
        "has_more": has_more, "data": items,
    })
}
