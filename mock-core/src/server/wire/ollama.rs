//! Ollama: answers, embeddings, and the endpoints that are not answers of a model: descriptions of models, and the version.

use bytes::Bytes;
use hyper::http::request::Parts;
use hyper::{Method, StatusCode};
use serde_json::Value;

use super::{AnswerOptions, FrameWriter, Wire, WireFormat, bearer};
use crate::chat::embedding::{EmbeddingRequest, EmbeddingResponse};
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
use crate::chat::response::Response;
use crate::engine::Ids;
use crate::scenario::Profile;
use crate::server::answer_body::AnswerBody;
use crate::server::content_type::{NDJSON, TEXT};
use crate::server::exchange::Ending;
use crate::server::route::{OwnEndpoint, Route, RouteRequest, Routed, only};
use crate::server::served_request::{Reply, ServedRequest};
use crate::wire::ollama::{self, Endpoint, StreamWriter};
use crate::wire::openai::Dialect;
use crate::wire::openai::embeddings::Encoding;
use crate::wire::{ErrorReply, Refused, WriteError};

const CHAT: Wire = &Ollama(Endpoint::Chat);
const GENERATE: Wire = &Ollama(Endpoint::Generate);

#[derive(Debug)]
struct Ollama(Endpoint);

/// Finds the endpoint of a path of Ollama.
pub(super) fn route(request: RouteRequest<'_>) -> Option<Routed<'_>> {
    let (method, path) = (request.method, request.path());
    if path == "/" && request.mock_profile == Profile::Ollama && reads(method) {
        return Some(Routed::new(CHAT, own(OllamaEndpoint::Running)));
    }
    let endpoint = path.strip_prefix("/api/")?;
    let post = |route| only(method, &Method::POST, "POST", route);
    let get = |route| match reads(method) {
        true => route,
        false => Route::Only("GET, HEAD"),
    };
    let (wire, route) = match endpoint {
        "chat" => (CHAT, post(Route::Chat)),
        "generate" => (GENERATE, post(Route::Chat)),
        "embed" => (CHAT, post(Route::Embeddings)),
        "tags" => (CHAT, get(Route::Models)),
        "show" => (CHAT, post(own(OllamaEndpoint::ShowModel))),
        "ps" => (CHAT, get(own(OllamaEndpoint::RunningModels))),
        "version" => (CHAT, get(own(OllamaEndpoint::Version))),
        // OpenRouter's paths are OpenAI's.
        _ if endpoint.starts_with("v1/") => return None,
        _ => (CHAT, Route::Unknown),
    };
    Some(Routed::new(wire, route))
}

fn own(endpoint: OllamaEndpoint) -> Route<'static> {
    Route::Own(Box::new(endpoint))
}

/// Whether a method asks for what is there. Ollama answers `HEAD` wherever it answers `GET`.
fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

impl WireFormat for Ollama {
    fn name(&self) -> &'static str {
        match self.0 {
            Endpoint::Chat => "ollama",
            Endpoint::Generate => "ollama generate",
        }
    }

    fn profile(&self, _mock_profile: Profile) -> Profile {
        Profile::Ollama
    }

    fn request_id_header(&self, _dialect: &Dialect) -> &'static str {
        ollama::REQUEST_ID
    }

    fn request_id(&self, seed: u64, number: u64) -> String {
        ollama::request_id(seed, number)
    }

    fn ids(&self, _dialect: &Dialect, _encrypted_reasoning: bool) -> Ids {
        Ids {
            response: ollama::response_id,
            call: ollama::call_id,
            signature: None,
        }
    }

    fn key<'h>(&self, head: &'h Parts) -> Option<&'h str> {
        bearer(&head.headers)
    }

    fn read_request(
        &self,
        body: &[u8],
        profile: Option<Profile>,
        _model: Option<&str>,
    ) -> Result<Request, Refused> {
        match self.0 {
            Endpoint::Chat => ollama::read_checked(body, profile),
            Endpoint::Generate => ollama::generate::read_checked(body, profile),
        }
    }

    fn write_response(
        &self,
        response: &mut Response,
        _created: u64,
        completed: u64,
        _options: &AnswerOptions,
    ) -> Result<Vec<u8>, WriteError> {
        ollama::write_response_bytes(self.0, response, completed)
    }

    fn write_error(
        &self,
        error: &ProviderError,
        _dialect: &Dialect,
        request_id: &str,
        now: u64,
    ) -> Option<ErrorReply> {
        ollama::write_error(error, request_id, now)
    }

    fn writer(
        &self,
        head: &mut Response,
        created: u64,
        _options: AnswerOptions,
    ) -> Box<dyn FrameWriter> {
        let writer = StreamWriter::new(head, created);
        Box::new(match self.0 {
            Endpoint::Chat => writer,
            Endpoint::Generate => writer.generate(),
        })
    }

    fn malformed_frame(&self) -> &'static str {
        match self.0 {
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
    ) -> Result<EmbeddingRequest, Refused> {
        ollama::embeddings::read_checked(body, profile)
    }

    fn write_embeddings(
        &self,
        response: &EmbeddingResponse,
        _encoding: Encoding,
    ) -> Result<Vec<u8>, WriteError> {
        ollama::embeddings::write_response_bytes(response)
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

    fn streams_by_default(&self) -> bool {
        true
    }
}

impl FrameWriter for StreamWriter {
    fn wire(&self) -> Wire {
        match self.endpoint() {
            Endpoint::Chat => CHAT,
            Endpoint::Generate => GENERATE,
        }
    }

    fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        StreamWriter::write(self, event)
    }

    fn set_time(&mut self, now: u64) {
        StreamWriter::set_time(self, now);
    }

    fn fail(&mut self, error: &ProviderError) -> String {
        ollama::write_stream_error(error)
    }

    fn has_end_mark(&self) -> bool {
        false
    }

    fn end(&mut self) -> Vec<String> {
        Vec::new()
    }
}

/// An endpoint that does not ask the model.
#[derive(Debug)]
enum OllamaEndpoint {
    /// The description of a model, which the body names.
    ShowModel,
    /// The list of the models that run: all of the scenario's.
    RunningModels,
    /// Whether Ollama runs, as clients ask it with `GET /`.
    Running,
    /// The version of Ollama.
    Version,
}

impl OwnEndpoint for OllamaEndpoint {
    fn reads_body(&self) -> bool {
        matches!(self, OllamaEndpoint::ShowModel)
    }

    fn answer(&self, served: ServedRequest, _query: Option<&str>, body: Bytes) -> Reply {
        match self {
            OllamaEndpoint::ShowModel => show_model(served, &body),
            OllamaEndpoint::RunningModels => {
                let engine = &served.connection.server.engine;
                let now = super::time(engine.elapsed());
                let running = ollama::write_running_models(engine.scenario.model_names(), now);
                served.json(StatusCode::OK, &running)
            }
            OllamaEndpoint::Running => {
                let text = b"Ollama is running".to_vec();
                let body = AnswerBody::whole(&served.connection, text, Ending::Completed);
                served.reply(StatusCode::OK, TEXT, body)
            }
            OllamaEndpoint::Version => served.json(StatusCode::OK, &ollama::write_version()),
        }
    }
}

fn show_model(served: ServedRequest, body: &Bytes) -> Reply {
    let model = match ollama::read_shown(body) {
        Ok(model) => model,
        Err(error) => return served.refuse(*error),
    };
    if let Some(mut error) = served.unknown_model(&model) {
        error.status = Some(StatusCode::NOT_FOUND.as_u16());
        return served.refuse(error);
    }
    let shown = ollama::write_model(model, super::CREATED);
    served.json(StatusCode::OK, &shown)
}
