//! The endpoints of Gemini's Interactions that do not ask the model: stored interactions.

use std::sync::Arc;

use hyper::StatusCode;
use serde_json::{Value, json};

use super::gemini::parameter;
use super::route::InteractionsEndpoint;
use super::served_request::{Reply, ServedRequest};
use super::stored_answers::{Stored, StoringApi};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::request::Request;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::wire::gemini_interactions;

impl ServedRequest {
    /// Answers a request for one of these endpoints.
    pub(super) fn interactions_endpoint(
        self,
        of: &InteractionsEndpoint<'_>,
        query: Option<&str>,
    ) -> Reply {
        let server = Arc::clone(&self.connection.server);
        let resets = server.engine.resets();
        let api = StoringApi::Interactions;
        let is_set = |name| parameter(query, name) == Some("true");
        match of {
            InteractionsEndpoint::Answer(id) => match server.stored.get(resets, api, id) {
                Some(_) if is_set("stream") => {
                    let mut error = ProviderError::at(Profile::Gemini, ErrorKind::BadRequest);
                    error.message =
                        "the mock keeps no stream of an interaction: leave `stream` out".to_owned();
                    self.refuse(error)
                }
                Some(stored) => {
                    let body = serde_json::from_slice(&stored.answer);
                    let mut body: Value = body.unwrap_or_default();
                    if is_set("include_input") {
                        body["input"] = gemini_interactions::input_steps(&stored.request);
                    }
                    self.json(StatusCode::OK, &body)
                }
                None => self.refuse(not_found(id)),
            },
            InteractionsEndpoint::Deletion(id) => match server.stored.remove(resets, api, id) {
                true => self.json(StatusCode::OK, &json!({})),
                false => self.refuse(not_found(id)),
            },
        }
    }

    /// Adds the conversation that a request continues.
    ///
    /// # Errors
    /// If there is no such interaction.
    pub(super) fn go_on_from_interaction(
        &self,
        request: &mut Request,
    ) -> Result<Option<Arc<Stored>>, ProviderError> {
        let server = &self.connection.server;
        let id = request.extra.get("previous_interaction_id");
        let Some(id) = id.and_then(Value::as_str) else {
            return Ok(None);
        };
        let resets = server.engine.resets();
        let stored = server.stored.get(resets, StoringApi::Interactions, id);
        if stored.is_none() && !server.is_lenient() {
            return Err(not_found(id));
        }
        if let Some(stored) = &stored {
            stored.join(request);
        }
        Ok(stored)
    }
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
