//! The paths of OpenAI's Responses, and the endpoints that do not ask the model: stored answers, their input, counting tokens, and compaction.

use std::borrow::Cow;

use bytes::Bytes;
use hyper::Method;
use serde_json::{Value, json};

use crate::chat::finish_and_usage::Usage;
use crate::search::Search;
use crate::server::created_at::created_at;
use crate::server::endpoints::route_types::{OwnAnswer, OwnEndpoint, OwnResult, Route, get, post};
use crate::server::request::path_and_query::{decoded, parameter};
use crate::server::served_request::ServedRequest;
use crate::server::served_wires::openai_responses::{RESPONSES, bad_request, no_answer};
use crate::wire::{openai_responses, read_json};

/// An endpoint that does not ask the model.
#[derive(Debug)]
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

/// The endpoint of a path below `responses/`.
pub(super) fn route<'p>(method: &Method, path: &'p str) -> Route<'p> {
    let own = |of| Route::Own(Box::new(of));
    let post = |of| post(method, own(of));
    match path.split_once('/') {
        _ if path.is_empty() => Route::Unknown,
        None if path == "input_tokens" => post(ResponsesEndpoint::Tokens),
        None if path == "compact" => post(ResponsesEndpoint::Compaction),
        None if *method == Method::GET => own(ResponsesEndpoint::Answer(decoded(path))),
        None if *method == Method::DELETE => own(ResponsesEndpoint::Deletion(decoded(path))),
        None => Route::Only("GET, DELETE"),
        Some((id, "input_items")) => {
            let input = own(ResponsesEndpoint::Input(decoded(id)));
            get(method, input)
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

    fn answer(&self, served: &ServedRequest, query: Option<&str>, body: Bytes) -> OwnResult {
        let server = &served.connection.server;
        let resets = server.engine.resets();
        let stored = |id| {
            let stored = server.stored.get(resets, RESPONSES, id);
            stored.ok_or_else(|| no_answer(id))
        };
        let answer = match self {
            ResponsesEndpoint::Answer(id) => {
                let stored = stored(id)?;
                if parameter(query, "stream") == Some("true") {
                    let problem = "the mock keeps no stream of an answer: leave `stream` out";
                    return Err(bad_request(problem, "stream"));
                }
                read_json(&stored.answer).unwrap_or_default()
            }
            ResponsesEndpoint::Deletion(id) => match server.stored.remove(resets, RESPONSES, id) {
                true => json!({ "id": id, "object": "response", "deleted": true }),
                false => return Err(no_answer(id)),
            },
            ResponsesEndpoint::Input(id) => {
                let stored = stored(id)?;
                page(
                    openai_responses::input_items(&stored.request, &stored.id),
                    query,
                )
            }
            ResponsesEndpoint::Tokens => {
                let (request, _) = served.read(&body)?;
                let tokens = request.estimated_tokens();
                json!({ "object": "response.input_tokens", "input_tokens": tokens })
            }
            ResponsesEndpoint::Compaction => {
                let (request, _) = served.read(&body)?;
                let number = served.exchange.number() as u64;
                let id = openai_responses::response_id(server.engine.seed(), number);
                // The `c` keeps the id apart from the ids of answers.
                let id = id.replacen("resp_", "resp_c", 1);
                let created = created_at(server.engine.elapsed());
                let usage = Usage::new(request.estimated_tokens(), 1);
                openai_responses::write_compaction(&body, &id, created, number, usage)
            }
        };
        Ok(OwnAnswer::Json(answer))
    }
}

/// Returns a page of a list: the newest first unless the query has `order=asc`, after the item `after`, and at most `limit` items, 20 by
/// default.
fn page(mut items: Vec<Value>, query: Option<&str>) -> Value {
    if parameter(query, "order") != Some("asc") {
        items.reverse();
    }
    if let Some(after) = parameter(query, "after")
        && let Some(at) = items.position(&|item| item["id"] == after)
    {
        items = items.split_off(at + 1);
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
