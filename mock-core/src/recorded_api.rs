//! What a recorded exchange asks a model for, and in which format: [`Api`].

use mock_cassette::{Interaction, RecordedWire};
use serde_json::Value;

use crate::chat::embedding::EmbeddingRequest;
#[cfg(feature = "record")]
use crate::chat::embedding::EmbeddingResponse;
#[cfg(feature = "record")]
use crate::chat::error::ProviderError;
#[cfg(feature = "record")]
use crate::chat::event::StreamEvent;
use crate::chat::request::Request;
#[cfg(feature = "record")]
use crate::chat::response::Response;
use crate::scenario::Profile;
use crate::scenario::recorded::exchange::RecordedRequest;
#[cfg(feature = "record")]
use crate::wire::ErrorResponse;
use crate::wire::gemini::embeddings::{self as gemini_embeddings, Form};
use crate::wire::ollama::{embeddings as ollama_embeddings, generate};
use crate::wire::openai::embeddings as openai_embeddings;
use crate::wire::{
    ReadError, WriteError, anthropic, gemini, gemini_interactions, ollama, openai, openai_responses,
};

/// The format of a request to a model and of its response.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Api {
    Chat(ChatApi),
    Embeddings(EmbeddingsApi),
}

/// The formats of chats.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum ChatApi {
    Completions,
    Responses,
    Messages,
    Gemini,
    Interactions,
    Ollama,
    Generate,
}

/// The formats of embeddings.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum EmbeddingsApi {
    Openai,
    Gemini(Form),
    Ollama,
}

/// Calls a function of the module of a chat's format.
macro_rules! of {
    ($api:expr, $module:ident => $call:expr) => {
        match $api {
            ChatApi::Completions => {
                use openai as $module;
                $call
            }
            ChatApi::Responses => {
                use openai_responses as $module;
                $call
            }
            ChatApi::Messages => {
                use anthropic as $module;
                $call
            }
            ChatApi::Gemini => {
                use gemini as $module;
                $call
            }
            ChatApi::Interactions => {
                use gemini_interactions as $module;
                $call
            }
            // One reader reads the answers of `/api/generate` and `/api/chat`.
            ChatApi::Ollama | ChatApi::Generate => {
                use ollama as $module;
                $call
            }
        }
    };
}

impl Api {
    /// The format of an exchange, as its path tells; `None` if it asks no model.
    pub(crate) fn from_exchange(interaction: &Interaction) -> Option<Api> {
        let wire = interaction.wire()?;
        let embeds = interaction.asks_embeddings();
        Some(match (wire, embeds) {
            (RecordedWire::Openai, false) => Api::Chat(ChatApi::Completions),
            (RecordedWire::Openai, true) => Api::Embeddings(EmbeddingsApi::Openai),
            (RecordedWire::OpenaiResponses, _) => Api::Chat(ChatApi::Responses),
            (RecordedWire::Anthropic, _) => Api::Chat(ChatApi::Messages),
            (RecordedWire::Gemini, false) => Api::Chat(ChatApi::Gemini),
            (RecordedWire::Gemini, true) => {
                let (_, method) = interaction.gemini_method()?;
                Api::Embeddings(EmbeddingsApi::Gemini(match method {
                    "embedContent" => Form::Single,
                    _ => Form::Batch,
                }))
            }
            (RecordedWire::GeminiInteractions, _) => Api::Chat(ChatApi::Interactions),
            (RecordedWire::Ollama, true) => Api::Embeddings(EmbeddingsApi::Ollama),
            (RecordedWire::Ollama, false) => Api::Chat(match &*interaction.path {
                "/api/generate" => ChatApi::Generate,
                _ => ChatApi::Ollama,
            }),
            _ => return None,
        })
    }

    /// The profile whose readers read it.
    pub(crate) fn profile(self) -> Profile {
        match self {
            Api::Chat(api) => api.profile(),
            Api::Embeddings(EmbeddingsApi::Openai) => Profile::Openai,
            Api::Embeddings(EmbeddingsApi::Gemini(_)) => Profile::Gemini,
            Api::Embeddings(EmbeddingsApi::Ollama) => Profile::Ollama,
        }
    }

    /// The request of an exchange in this format; `None` if it cannot be read.
    pub(crate) fn read_request(self, interaction: &Interaction) -> Option<RecordedRequest> {
        let body: Value = serde_json::from_slice(&interaction.request_body).ok()?;
        let of_path = interaction.gemini_method();
        match self {
            Api::Chat(api) => {
                let mut request = api.read_request(body).ok()?;
                if let (ChatApi::Gemini, Some((model, method))) = (api, of_path) {
                    request.model = model.to_owned();
                    request.stream = (method == "streamGenerateContent").then_some(true);
                }
                Some(RecordedRequest {
                    request,
                    is_embedding: false,
                })
            }
            Api::Embeddings(api) => {
                let mut request = api.read_request(body).ok()?;
                if let Some((model, _)) = of_path {
                    request.model = model.to_owned();
                }
                Some(RecordedRequest {
                    request: request.as_request(),
                    is_embedding: true,
                })
            }
        }
    }

    /// Whether a mock rejects the request of an exchange itself, as the provider does.
    pub(crate) fn rejects(self, interaction: &Interaction) -> bool {
        let Ok(body) = serde_json::from_slice::<Value>(&interaction.request_body) else {
            return true;
        };
        let profile = self.profile();
        let checked = match self {
            Api::Chat(ChatApi::Generate) => generate::check(&body, profile),
            Api::Chat(api) => of!(api, wire => wire::check(&body, profile)),
            Api::Embeddings(EmbeddingsApi::Openai) => openai_embeddings::check(&body, profile),
            Api::Embeddings(EmbeddingsApi::Gemini(_)) => gemini_embeddings::check(&body, profile),
            Api::Embeddings(EmbeddingsApi::Ollama) if interaction.path == "/api/embeddings" => {
                Ok(())
            }
            Api::Embeddings(EmbeddingsApi::Ollama) => ollama_embeddings::check(&body, profile),
        };
        checked.is_err() || self.read_request(interaction).is_none()
    }
}

impl ChatApi {
    pub(crate) fn profile(self) -> Profile {
        match self {
            ChatApi::Completions => Profile::Openai,
            ChatApi::Responses => Profile::OpenaiResponses,
            ChatApi::Messages => Profile::Anthropic,
            ChatApi::Gemini | ChatApi::Interactions => Profile::Gemini,
            ChatApi::Ollama | ChatApi::Generate => Profile::Ollama,
        }
    }

    pub(crate) fn read_request(self, body: Value) -> Result<Request, ReadError> {
        match self {
            ChatApi::Generate => generate::read_request(body),
            api => of!(api, wire => wire::read_request(body)),
        }
    }
}

impl EmbeddingsApi {
    pub(crate) fn read_request(self, body: Value) -> Result<EmbeddingRequest, ReadError> {
        match self {
            EmbeddingsApi::Openai => openai_embeddings::read_request(body),
            EmbeddingsApi::Gemini(_) => gemini_embeddings::read_request(body),
            EmbeddingsApi::Ollama => ollama_embeddings::read_request(body),
        }
    }
}

impl ChatApi {
    pub(crate) fn write_request(self, request: &Request) -> Result<Value, WriteError> {
        match self {
            ChatApi::Generate => generate::write_request(request),
            api => of!(api, wire => wire::write_request(request)),
        }
    }
}

impl EmbeddingsApi {
    pub(crate) fn write_request(self, request: &EmbeddingRequest) -> Result<Value, WriteError> {
        match self {
            EmbeddingsApi::Openai => Ok(openai_embeddings::write_request(request)),
            EmbeddingsApi::Gemini(form) => gemini_embeddings::write_request(request, form),
            EmbeddingsApi::Ollama => ollama_embeddings::write_request(request),
        }
    }
}

/// The writer for a recording in process.
#[cfg(feature = "record")]
impl ChatApi {
    /// The formats for a recording, the most common first.
    pub(crate) const WRITTEN: [ChatApi; 6] = [
        ChatApi::Completions,
        ChatApi::Messages,
        ChatApi::Gemini,
        ChatApi::Interactions,
        ChatApi::Ollama,
        ChatApi::Responses,
    ];

    /// The path and the query of a request.
    pub(crate) fn path(self, request: &Request) -> String {
        match self {
            ChatApi::Completions => "/v1/chat/completions".to_owned(),
            ChatApi::Responses => "/v1/responses".to_owned(),
            ChatApi::Messages => "/v1/messages".to_owned(),
            ChatApi::Gemini => format!("/v1beta{}", gemini::path(request)),
            ChatApi::Interactions => "/v1beta/interactions".to_owned(),
            ChatApi::Ollama => "/api/chat".to_owned(),
            ChatApi::Generate => "/api/generate".to_owned(),
        }
    }

    pub(crate) fn write_response(self, response: &Response) -> Result<Value, WriteError> {
        of!(self, wire => wire::write_response(response, 0))
    }

    pub(crate) fn write_error(self, error: &ProviderError) -> Option<ErrorResponse> {
        of!(self, wire => wire::write_error(error, "", 0))
    }

    /// The content type of a stream.
    pub(crate) fn stream_type(self) -> &'static str {
        match self {
            ChatApi::Ollama | ChatApi::Generate => "application/x-ndjson",
            _ => "text/event-stream",
        }
    }
}

#[cfg(feature = "record")]
impl EmbeddingsApi {
    /// The formats for a recording, the most common first.
    pub(crate) const WRITTEN: [EmbeddingsApi; 3] = [
        EmbeddingsApi::Openai,
        EmbeddingsApi::Gemini(Form::Batch),
        EmbeddingsApi::Ollama,
    ];

    pub(crate) fn path(self, request: &EmbeddingRequest) -> String {
        match self {
            EmbeddingsApi::Openai => "/v1/embeddings".to_owned(),
            EmbeddingsApi::Gemini(form) => {
                let method = match form {
                    Form::Single => "embedContent",
                    Form::Batch => "batchEmbedContents",
                };
                format!("/v1beta/models/{}:{method}", request.model)
            }
            EmbeddingsApi::Ollama => "/api/embed".to_owned(),
        }
    }

    pub(crate) fn write_response(self, response: &EmbeddingResponse) -> Result<Value, WriteError> {
        match self {
            EmbeddingsApi::Openai => {
                openai_embeddings::write_response(response, openai_embeddings::Encoding::Float)
            }
            EmbeddingsApi::Gemini(form) => gemini_embeddings::write_response(response, form),
            EmbeddingsApi::Ollama => ollama_embeddings::write_response(response),
        }
    }

    /// The format whose errors it has.
    pub(crate) fn chat(self) -> ChatApi {
        match self {
            EmbeddingsApi::Openai => ChatApi::Completions,
            EmbeddingsApi::Gemini(_) => ChatApi::Gemini,
            EmbeddingsApi::Ollama => ChatApi::Ollama,
        }
    }
}

/// Writes a stream in the format of a chat.
#[cfg(feature = "record")]
pub(crate) enum ChatWriter {
    Completions(Box<openai::StreamWriter>),
    Responses(Box<openai_responses::StreamWriter>),
    Messages(Box<anthropic::StreamWriter>),
    Gemini(Box<gemini::StreamWriter>),
    Interactions(Box<gemini_interactions::StreamWriter>),
    Ollama(Box<ollama::StreamWriter>),
}

#[cfg(feature = "record")]
impl ChatWriter {
    pub(crate) fn new(api: ChatApi, head: &Response) -> Self {
        match api {
            // Keep a usage that the request did not ask for.
            ChatApi::Completions => {
                let writer = openai::StreamWriter::new(head, 0);
                ChatWriter::Completions(Box::new(writer.include_usage(true)))
            }
            ChatApi::Responses => {
                ChatWriter::Responses(Box::new(openai_responses::StreamWriter::new(head, 0)))
            }
            ChatApi::Messages => {
                ChatWriter::Messages(Box::new(anthropic::StreamWriter::new(head, 0)))
            }
            ChatApi::Gemini => ChatWriter::Gemini(Box::new(gemini::StreamWriter::new(head, 0))),
            ChatApi::Interactions => {
                ChatWriter::Interactions(Box::new(gemini_interactions::StreamWriter::new(head, 0)))
            }
            ChatApi::Ollama => ChatWriter::Ollama(Box::new(ollama::StreamWriter::new(head, 0))),
            ChatApi::Generate => {
                let writer = ollama::StreamWriter::new(head, 0);
                ChatWriter::Ollama(Box::new(writer.generate()))
            }
        }
    }

    pub(crate) fn write(&mut self, event: &StreamEvent) -> Result<Vec<String>, WriteError> {
        match self {
            ChatWriter::Completions(writer) => writer.write(event),
            ChatWriter::Responses(writer) => writer.write(event),
            ChatWriter::Messages(writer) => writer.write(event),
            ChatWriter::Gemini(writer) => writer.write(event),
            ChatWriter::Interactions(writer) => writer.write(event),
            ChatWriter::Ollama(writer) => writer.write(event),
        }
    }

    pub(crate) fn end(&mut self) -> Vec<String> {
        match self {
            ChatWriter::Completions(writer) => writer.end(),
            ChatWriter::Responses(writer) => writer.end(),
            ChatWriter::Messages(writer) => writer.end(),
            ChatWriter::Gemini(writer) => writer.end(),
            ChatWriter::Interactions(writer) => writer.end(),
            // The last line, which has the finish, is also the end mark.
            ChatWriter::Ollama(_) => Vec::new(),
        }
    }
}
