//! The endpoints of Responses that do not ask the model: stored answers, their input, counting tokens, and compaction.

use std::sync::Arc;

use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Value, json};

use super::count_tokens::estimate;
use super::gemini::parameter;
use super::route::ResponsesEndpoint;
use super::served_request::{Reply, ServedRequest};
use super::stored_answers::{Stored, StoringApi};
use super::wire;
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::finish::Usage;
use crate::chat::request::Request;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::wire::openai_responses;

impl ServedRequest {
    /// Answers a request for one of these endpoints.
    pub(super) fn responses_endpoint(
        self,
        of: &ResponsesEndpoint<'_>,
        query: Option<&str>,
        body: &Bytes,
    ) -> Reply {
        let server = Arc::clone(&self.connection.server);
        let resets = server.engine.resets();
        match of {
            ResponsesEndpoint::Answer(id) => {
                match server.stored.get(resets, StoringApi::Responses, id) {
                    Some(_) if asks_for_stream(query) => {
                        let problem = "the mock keeps no stream of an answer: leave `stream` out";
                        self.refuse(bad_request(problem, "stream"))
                    }
                    Some(stored) => {
                        let body = serde_json::from_slice(&stored.answer).unwrap_or_default();
                        self.json(StatusCode::OK, &body)
                    }
                    None => self.refuse(not_found(id)),
                }
            }
            ResponsesEndpoint::Deletion(id) => {
                match server.stored.remove(resets, StoringApi::Responses, id) {
                    true => {
                        let body = json!({ "id": id, "object": "response", "deleted": true });
                        self.json(StatusCode::OK, &body)
                    }
                    false => self.refuse(not_found(id)),
                }
            }
            ResponsesEndpoint::Input(id) => {
                match server.stored.get(resets, StoringApi::Responses, id) {
                    Some(stored) => {
                        let items = openai_responses::input_items(&stored.request, &stored.id);
                        self.json(StatusCode::OK, &page(items, query))
                    }
                    None => self.refuse(not_found(id)),
                }
            }
            ResponsesEndpoint::Tokens => match self.read(body) {
                Ok((request, _)) => {
                    let tokens = estimate(&request);
                    let body = json!({ "object": "response.input_tokens", "input_tokens": tokens });
                    self.json(StatusCode::OK, &body)
                }
                Err(error) => self.refuse(error),
            },
            ResponsesEndpoint::Compaction => match self.read(body) {
                Ok((request, _)) => {
                    let number = self.exchange.number() as u64;
                    let id = openai_responses::response_id(server.engine.seed(), number);
                    // No call has this id: those have the numbers of calls.
                    let id = id.replacen("resp_", "resp_c", 1);
                    let created = wire::time(server.engine.elapsed());
                    let usage = Usage::new(estimate(&request), 1);
                    let body =
                        openai_responses::write_compaction(body, &id, created, number, usage);
                    self.json(StatusCode::OK, &body)
                }
                Err(error) => self.refuse(error),
            },
        }
    }

    /// Completes a request: adds the conversation that it continues, and the items that it refers to by id.
    ///
    /// # Errors
    /// If there is no such answer or item.
    pub(super) fn go_on(
        &self,
        request: &mut Request,
    ) -> Result<Option<Arc<Stored>>, ProviderError> {
        let server = &self.connection.server;
        let resets = server.engine.resets();
        let id = request.extra.get("previous_response_id");
        let previous = match id.and_then(Value::as_str) {
            None => None,
            Some(id) => {
                let stored = server.stored.get(resets, StoringApi::Responses, id);
                if stored.is_none() && !server.is_lenient() {
                    return Err(no_previous(id));
                }
                stored
            }
        };
        if let Some(stored) = &previous {
            stored.join(request);
        }
        let found =
            openai_responses::resolve_references(request, |id| server.stored.item(resets, id));
        match found {
            Err(id) if !server.is_lenient() => Err(no_item(&id)),
            _ => Ok(previous),
        }
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
