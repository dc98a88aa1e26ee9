//! Ollama: answers and embeddings.

use serde_json::Value;

use super::super::request::api_key::KeyPlace;
use super::{AnswerOptions, BoxedWriter, Checked, FrameWriter, ServedWire, Wire};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::server::content_type::NDJSON;
use crate::wire::ollama::{self, Endpoint, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::openai::embeddings::Encoding;
use crate::wire::{ErrorResponse, WriteError};

pub(in crate::server) const CHAT: Wire = &Ollama {
    endpoint: Endpoint::Chat,
    embeds_prompt: false,
};
pub(in crate::server) const GENERATE: Wire = &Ollama {
    endpoint: Endpoint::Generate,
    embeds_prompt: false,
};
/// The older endpoint for embeddings.
pub(in crate::server) const PROMPT_EMBEDDINGS: Wire = &Ollama {
    endpoint: Endpoint::Chat,
    embeds_prompt: true,
};

#[derive(Debug)]
struct Ollama {
    endpoint: Endpoint,
    /// Whether a request for embeddings has one `prompt`.
    embeds_prompt: bool,
}

impl ServedWire for Ollama {
    fn name(&self) -> &'static str {
        match (self.endpoint, self.embeds_prompt) {
            (_, true) => "ollama embeddings",
            (Endpoint::Chat, false) => "ollama",
            (Endpoint::Generate, false) => "ollama generate",
        }
    }

    fn provider(&self) -> Profile {
        Profile::Ollama
    }

    fn request_id(&self, _dialect: &Dialect, seed: u64, number: u64) -> (&'static str, String) {
        (ollama::REQUEST_ID, ollama::request_id(seed, number))
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: ollama::response_id,
            call: ollama::call_id,
            signature: None,
            call_signature: None,
        }
    }

    fn key_places(&self) -> &'static [KeyPlace] {
        &[KeyPlace::Bearer]
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<Request> {
        let request = match self.endpoint {
            Endpoint::Chat => ollama::read_checked(body, profile),
            Endpoint::Generate => ollama::generate::read_checked(body, profile),
        };
        request.map(ollama::stream_by_default)
    }

    fn answer_without_model(&self, request: &Request, created: u64) -> Option<Value> {
        ollama::write_loaded(self.endpoint, request, created)
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        ollama::write_response_bytes(self.endpoint, response, completed)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorResponse> {
        ollama::write_error(error, request_id, now)
    }

    fn writer(&self, head: &mut Response, created: u64, _options: AnswerOptions) -> BoxedWriter {
        let writer = StreamWriter::new(head, created);
        Box::new(match self.endpoint {
            Endpoint::Chat => writer,
            Endpoint::Generate => writer.generate(),
        })
    }

    fn malformed_frame(&self) -> &'static str {
        match self.endpoint {
            Endpoint::Chat => "{\"model\":\"m\",\"message\":{\"role\":\"assis\n",
            Endpoint::Generate => "{\"model\":\"m\",\"respo\n",
        }
    }

    fn malformed_body(&self) -> &'static str {
        self.malformed_frame().trim_end()
    }

    fn read_embeddings(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Checked<EmbeddingRequest> {
        match self.embeds_prompt {
            true => ollama::embeddings::read_prompt_checked(body, profile),
            false => ollama::embeddings::read_checked(body, profile),
        }
    }

    fn write_embeddings(
        &self,
        response: &EmbeddingResponse,
        _encoding: Encoding,
    ) -> Result<Vec<u8>, WriteError> {
        match self.embeds_prompt {
            true => ollama::embeddings::write_prompt_response_bytes(response),
            false => ollama::embeddings::write_response_bytes(response),
        }
    }

    fn write_models(&self, models: &[&str], created: u64) -> Value {
        ollama::write_models(models.iter().copied(), created)
    }

    fn models_field(&self) -> &'static str {
        "models"
    }

    fn stream_type(&self) -> &'static str {
        NDJSON
    }
}

impl FrameWriter for StreamWriter {
    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn set_time(&mut self, now: u64) {
        StreamWriter::set_time(self, now);
    }

    fn fail(&mut self, error: &ProviderError, _request_id: &str) -> String {
        ollama::write_stream_error(error)
    }

    fn has_end_mark(&self) -> bool {
        false
    }

    fn end(&mut self) -> Vec<String> {
        Vec::new()
    }
}
