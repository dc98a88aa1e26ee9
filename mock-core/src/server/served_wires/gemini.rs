//! Google Gemini: answers and embeddings.

use serde_json::Value;

use super::super::request::api_key::KeyPlace;
use super::{AnswerOptions, BoxedWriter, Checked, FrameWriter, Header, ServedWire, Wire};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::{CallSignature, Ids};
use crate::scenario::Profile;
use crate::server::content_type::{EVENT_STREAM, JSON};
use crate::wire::gemini::embeddings::{self, Form};
use crate::wire::gemini::{self, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::openai::embeddings::Encoding;
use crate::wire::{ErrorResponse, WriteError};

/// The wire where nothing is streamed.
pub(in crate::server) const GEMINI: Wire = &GENERATE;

const GENERATE: Gemini = Gemini {
    is_array: false,
    is_streamed: false,
    form: Form::Single,
};
pub(in crate::server) const STREAM_EVENTS: Wire = &Gemini {
    is_streamed: true,
    ..GENERATE
};
pub(in crate::server) const STREAM_ARRAY: Wire = &Gemini {
    is_array: true,
    is_streamed: true,
    ..GENERATE
};
pub(in crate::server) const BATCH_EMBED: Wire = &Gemini {
    form: Form::Batch,
    ..GENERATE
};

/// The wire, with what the path says of the answer.
#[derive(Debug)]
struct Gemini {
    /// Whether a stream is a JSON array, in place of server-sent events.
    is_array: bool,
    is_streamed: bool,
    /// The form of embeddings.
    form: Form,
}

impl ServedWire for Gemini {
    fn name(&self) -> &'static str {
        "gemini"
    }

    fn provider(&self) -> Profile {
        Profile::Gemini
    }

    fn request_id(&self, _dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        (gemini::REQUEST_ID, gemini::request_id(seed, number))
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: gemini::response_id,
            call: gemini::call_id,
            signature: None,
            call_signature: Some(CallSignature {
                field: gemini::SIGNATURE,
                sign: gemini::signature,
            }),
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        &[
            KeyPlace::Header("x-goog-api-key"),
            KeyPlace::Query("key"),
            KeyPlace::Bearer,
        ]
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Checked<Request> {
        gemini::read_checked(body, profile, model)
    }

    fn check_headers(&self, header: Header<'_>, profile: Profile, model: &str) -> Checked<()> {
        let content_type = header("content-type");
        gemini::check_content_type(content_type.as_deref(), profile, model)
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        _completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        gemini::write_response_bytes(response)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        gemini::write_error(error, request_id, now)
    }

    fn writer(&self, head: &mut Response, created: u64, _options: AnswerOptions) -> BoxedWriter {
        let writer = StreamWriter::new(head, created).completed();
        Box::new(match self.is_array {
            true => writer.json_array(),
            false => writer,
        })
    }

    fn malformed_frame(&self) -> &'static str {
        match self.is_array {
            true => self.malformed_body(),
            false => "data: {\"candidates\":[{\"content\":{\"par\r\n\r\n",
        }
    }

    fn malformed_body(&self) -> &'static str {
        "{\"candidates\":[{\"content\":{\"par"
    }

    fn read_embeddings(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        model: Option<&str>,
    ) -> Checked<EmbeddingRequest> {
        embeddings::read_checked(body, profile, model, self.form)
    }

    fn write_embeddings(
        &self,
        response: &EmbeddingResponse,
        _encoding: Encoding,
    ) -> Result<Vec<u8>, WriteError> {
        embeddings::write_response_bytes(response, self.form)
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        gemini::write_models(models.iter().copied(), created)
    }

    fn models_field(&self) -> &'static str {
        "models"
    }

    fn stream_type(&self) -> &'static str {
        match self.is_array {
            true => JSON,
            false => EVENT_STREAM,
        }
    }

    fn is_streamed(&self) -> bool {
        self.is_streamed
    }

    fn tells_wait_in_body(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn fail(&mut self, error: &ProviderError, _request_id: &str) -> String {
        StreamWriter::fail(self, error)
    }

    fn has_end_mark(&self) -> bool {
        self.is_array
    }

    fn end(&mut self) -> Vec<String> {
        StreamWriter::end(self)
    }
}
