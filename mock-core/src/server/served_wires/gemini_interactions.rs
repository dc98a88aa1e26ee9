//! Gemini's Interactions.

use hyper::StatusCode;
use serde_json::Value;

use super::super::request::api_key::KeyPlace;
use super::gemini::GEMINI;
use super::{
    AnswerOptions, BoxedWriter, Checked, FrameWriter, Header, PreviousAnswer, ServedWire, Wire,
};
use crate::chat::error::ProviderError;
use crate::chat::error_kind::ErrorKind;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::report::{MAX_QUOTED, shorten};
use crate::scenario::Profile;
use crate::wire::gemini_interactions::{self, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::{ErrorResponse, WriteError};

pub(in crate::server) const INTERACTIONS: Wire = &Interactions;

#[derive(Debug)]
struct Interactions;

impl ServedWire for Interactions {
    fn name(&self) -> &'static str {
        "gemini interactions"
    }

    fn provider(&self) -> Profile {
        Profile::Gemini
    }

    fn request_id(&self, dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        GEMINI.request_id(dialect, seed, number)
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: gemini_interactions::response_id,
            call: gemini_interactions::call_id,
            signature: Some(|seed, number, _| gemini_interactions::signature(seed, number)),
            call_signature: None,
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        GEMINI.key_places()
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<Request> {
        gemini_interactions::read_checked(body, profile)
    }

    fn check_headers(&self, header: Header<'_>, profile: Profile, model: &str) -> Checked<()> {
        GEMINI.check_headers(header, profile, model)
    }

    fn write_response(
        &self,
        response: &mut Response,
        created: u64,
        completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        gemini_interactions::write_response_bytes(response, created, completed, true)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        gemini_interactions::write_error(error, request_id, now)
    }

    fn writer(&self, head: &mut Response, created: u64, _options: AnswerOptions) -> BoxedWriter {
        Box::new(StreamWriter::new(head, created).completed())
    }

    fn malformed_frame(&self) -> &'static str {
        "event: step.delta\ndata: {\"event_type\":\"step.delta\",\"index\":0,\"del\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"v1_1\",\"object\":\"interaction\",\"ste"
    }

    fn previous_answer<'r>(&self, request: &'r Request) -> Option<PreviousAnswer<'r>> {
        Some(PreviousAnswer {
            id: request.extra.get("previous_interaction_id")?.as_str()?,
            not_stored: no_interaction,
        })
    }

    fn stores_answer(&self, request: &Request) -> bool {
        request.extra.get("store") != Some(&Value::Bool(false))
    }

    fn join_history(&self, request: &mut Request, before: &[(&[u8], &[u8])]) {
        gemini_interactions::join_history(request, before);
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        GEMINI.write_models(models, created)
    }

    fn models_field(&self) -> &'static str {
        GEMINI.models_field()
    }

    fn opens_streams(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
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

    fn fail(&mut self, error: &ProviderError, _request_id: &str) -> String {
        StreamWriter::fail(self, error)
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}

/// The error of a request that names an interaction that is not stored.
pub(in crate::server) fn no_interaction(id: &str) -> ProviderError {
    let id = shorten(id, MAX_QUOTED);
    let mut error = ProviderError::at(Profile::Gemini, ErrorKind::NotFound);
    error.message = format!(
        "Interaction with id '{id}' not found. [mock: no interaction of this server that was stored has this id since the last reset]"
    );
    error.code = Some("not_found".into());
    error.status = Some(StatusCode::NOT_FOUND.as_u16());
    error
}
