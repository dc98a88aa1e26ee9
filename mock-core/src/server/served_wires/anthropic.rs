//! Anthropic: Messages.

use serde_json::Value;

use super::super::request::api_key::KeyPlace;
use super::{AnswerOptions, FrameWriter, ServedWire, Wire};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::wire::anthropic::{self, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::{ErrorReply, RejectedRequest, WriteError};

pub(in crate::server) const ANTHROPIC: Wire = &Anthropic;

#[derive(Debug)]
struct Anthropic;

impl ServedWire for Anthropic {
    fn name(&self) -> &'static str {
        "anthropic"
    }

    fn provider(&self) -> Profile {
        Profile::Anthropic
    }

    fn request_id(&self, _dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        (anthropic::REQUEST_ID, anthropic::request_id(seed, number))
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: anthropic::response_id,
            call: anthropic::call_id,
            signature: Some(anthropic::signature),
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        &[KeyPlace::Header("x-api-key"), KeyPlace::Bearer]
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Result<Request, RejectedRequest> {
        anthropic::read_checked(body, profile)
    }

    fn check_headers(
        &self,
        header: &dyn Fn(&str) -> Option<String>,
        profile: Profile,
        model: &str,
    ) -> Result<(), RejectedRequest> {
        let version = header("anthropic-version");
        anthropic::check_version_header(version.as_deref(), profile, model)
    }

    fn check_headers_of_fields(
        &self,
        header: &dyn Fn(&str) -> Option<String>,
        profile: Profile,
        request: &Request,
    ) -> Result<(), RejectedRequest> {
        let version = header("anthropic-version");
        anthropic::check_version_of_fields(version.as_deref(), profile, request)?;
        let beta = header("anthropic-beta");
        anthropic::check_beta_header(beta.as_deref(), profile, request)
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        _completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        anthropic::write_response_bytes(response)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        anthropic::write_error(error, request_id, now)
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
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"del\n\n"
    }

    fn malformed_body(&self) -> &'static str {
        "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assis"
    }

    fn keepalive(&self, _dialect: &Dialect) -> Option<&'static str> {
        Some(anthropic::KEEPALIVE)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        anthropic::write_models(models.iter().copied(), created)
    }
}

impl FrameWriter for StreamWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn fail(&mut self, error: &ProviderError) -> String {
        anthropic::write_stream_error(error)
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}
