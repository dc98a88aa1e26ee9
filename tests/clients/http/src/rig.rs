//! [rig-core](https://docs.rs/rig-core/0.44.0) over HTTP.

use std::error::Error as _;

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use mock_core::{MockServer, ToolCall, Usage};
use rig_core::completion::{
    AssistantContent, CompletionRequest, CompletionResponse, Message, ToolDefinition,
};
use rig_core::driver::DynModel;
use rig_core::error::ProviderError;
use rig_core::http_client::Error as HttpError;
use rig_core::message::{CallId, ImageMediaType, ToolName, UserContent};
use rig_core::operation::{Completion, Embedding};
use rig_core::providers::anthropic::{Anthropic, AnthropicConfig};
use rig_core::providers::gemini::{Gemini, GeminiConfig};
use rig_core::providers::ollama::{Ollama, OllamaConfig};
use rig_core::providers::openai::{EncodingFormat, OpenAI, OpenAIConfig};
use rig_core::streaming::{Item, StreamEvent};

use crate::embeddings::{
    EMBEDDER_OF_GEMINI, EMBEDDER_OF_OLLAMA, EMBEDDER_OF_OPENAI, Embedder, Texts, Vectors,
};
use crate::{
    Answer, Asked, CLAUDE, Client, Failure, GEMINI, GPT, Image, LLAMA, Own, Round, TOOL,
    TOOL_DESCRIPTION, Talk, code, count, tool_parameters, transport,
};

/// rig-core.
pub struct Rig {
    provider: Provider,
    model: DynModel<Completion>,
}

enum Provider {
    OpenAI(Box<OpenAI>),
    Anthropic(Box<Anthropic>),
    Gemini(Box<Gemini>),
    Ollama(Box<Ollama>),
}

fn to_openai(server: &MockServer, http: reqwest::Client) -> OpenAI {
    let config = OpenAIConfig::new("any-key").with_base_url(server.openai_url());
    config.connect(rig_reqwest::ReqwestClient::from(http))
}

fn to_gemini(server: &MockServer, http: reqwest::Client) -> Gemini {
    let config = GeminiConfig::new("any-key").with_base_url(server.gemini_url());
    config.connect(rig_reqwest::ReqwestClient::from(http))
}

fn to_ollama(server: &MockServer, http: reqwest::Client) -> Ollama {
    let config = OllamaConfig::new().with_base_url(server.ollama_url());
    let config = config.with_api_key("any-key");
    config.connect(rig_reqwest::ReqwestClient::from(http))
}

impl Rig {
    /// On OpenAI's Chat Completions.
    pub fn openai(server: &MockServer, http: reqwest::Client) -> Self {
        let openai = to_openai(server, http);
        Rig {
            model: openai.chat(GPT).erase(),
            provider: Provider::OpenAI(Box::new(openai)),
        }
    }

    /// On OpenAI's Responses, which rig uses for OpenAI by default.
    pub fn responses(server: &MockServer, http: reqwest::Client) -> Self {
        let openai = to_openai(server, http);
        Rig {
            model: openai.responses(GPT).erase(),
            provider: Provider::OpenAI(Box::new(openai)),
        }
    }

    /// On the wire of Anthropic.
    pub fn anthropic(server: &MockServer, http: reqwest::Client) -> Self {
        let config = AnthropicConfig::new("any-key").with_base_url(server.anthropic_url());
        let anthropic = config.connect(rig_reqwest::ReqwestClient::from(http));
        Rig {
            model: anthropic.completion(CLAUDE).erase(),
            provider: Provider::Anthropic(Box::new(anthropic)),
        }
    }

    /// On Gemini's `generateContent`.
    pub fn gemini(server: &MockServer, http: reqwest::Client) -> Self {
        let gemini = to_gemini(server, http);
        Rig {
            model: gemini.completion(GEMINI).erase(),
            provider: Provider::Gemini(Box::new(gemini)),
        }
    }

    /// On Ollama's `/api/chat`. By default rig uses the Chat Completions that Ollama serves.
    pub fn ollama(server: &MockServer, http: reqwest::Client) -> Self {
        let ollama = to_ollama(server, http);
        Rig {
            model: ollama.native_completion(LLAMA).erase(),
            provider: Provider::Ollama(Box::new(ollama)),
        }
    }
}

impl Client for Rig {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let answer = self.model.call(to_request(talk)).await;
            answer.map(of_response).map_err(|error| to_failure(&error))
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let stream = self.model.stream(to_request(talk));
            let mut stream = stream.map_err(|error| to_failure(&error))?;
            let mut said = String::new();
            while let Some(item) = stream.next().await {
                match item {
                    Ok(Item::Event(StreamEvent::Text { text, .. })) => said.push_str(&text),
                    Ok(_) => {}
                    Err(error) => {
                        let failure = to_failure(&error);
                        return Err(Failure { said, ..failure });
                    }
                }
            }
            let answer = stream.finish().await;
            answer.map(of_response).map_err(|error| to_failure(&error))
        }
        .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
        async move {
            let models = match &self.provider {
                Provider::OpenAI(openai) => openai.list_models().await,
                Provider::Anthropic(anthropic) => anthropic.list_models().await,
                Provider::Gemini(gemini) => gemini.list_models().await,
                Provider::Ollama(ollama) => ollama.list_models().await,
            };
            let models = models.map_err(|error| to_failure(&error))?;
            Ok(models.data.into_iter().map(|model| model.id).collect())
        }
        .boxed()
    }
}

/// rig-core on embeddings. Its models are made for each length of vectors.
pub struct RigEmbeddings(Provider);

impl RigEmbeddings {
    /// Of OpenAI.
    pub fn openai(server: &MockServer, http: reqwest::Client) -> Self {
        RigEmbeddings(Provider::OpenAI(Box::new(to_openai(server, http))))
    }

    /// Of Gemini.
    pub fn gemini(server: &MockServer, http: reqwest::Client) -> Self {
        RigEmbeddings(Provider::Gemini(Box::new(to_gemini(server, http))))
    }

    /// Of Ollama.
    pub fn ollama(server: &MockServer, http: reqwest::Client) -> Self {
        RigEmbeddings(Provider::Ollama(Box::new(to_ollama(server, http))))
    }

    fn model(&self, request: &Texts) -> DynModel<Embedding> {
        let length = request.dimensions.map(|dimensions| dimensions as usize);
        match &self.0 {
            Provider::OpenAI(openai) => {
                let mut model = openai.embedding(EMBEDDER_OF_OPENAI, length);
                model.wire.encoding_format = request.base64.then_some(EncodingFormat::Base64);
                model.erase()
            }
            Provider::Gemini(gemini) => gemini.embedding(EMBEDDER_OF_GEMINI, length).erase(),
            Provider::Ollama(ollama) => ollama.embedding(EMBEDDER_OF_OLLAMA, length).erase(),
            Provider::Anthropic(_) => unreachable!("it has no embeddings"),
        }
    }
}

impl Embedder for RigEmbeddings {
    fn embed<'c>(&'c self, request: &'c Texts) -> BoxFuture<'c, Result<Vectors, Failure>> {
        async move {
            let response = self.model(request).call(request.texts.clone()).await;
            let response = response.map_err(|error| to_failure(&error))?;
            let vectors = response.embeddings.iter();
            Ok(Vectors {
                vectors: vectors.map(|embedding| to_floats(&embedding.vec)).collect(),
                tokens: response.usage.input_tokens,
            })
        }
        .boxed()
    }
}

/// The client reads 32-bit numbers as 64-bit ones.
fn to_floats(vector: &[f64]) -> Vec<f32> {
    vector.iter().map(|number| *number as f32).collect()
}

fn to_request(talk: &Talk) -> CompletionRequest {
    let mut messages = vec![to_question(talk)];
    messages.extend(talk.rounds.iter().flat_map(to_messages));
    let last = messages.pop().expect("there is a question");
    let mut request = CompletionRequest::new(last).messages(messages);
    request.tools = talk.offers_tool.then(tool).into_iter().collect();
    let schema = talk.schema.clone().map(serde_json::from_value);
    request.output_schema = schema.transpose().expect("it is a schema");
    request
}

fn tool() -> ToolDefinition {
    ToolDefinition::new(tool_name(), TOOL_DESCRIPTION, tool_parameters())
}

fn to_question(talk: &Talk) -> Message {
    let png = Some(ImageMediaType::PNG);
    let image = talk.image.map(|image| match image {
        Image::Url(url) => UserContent::image_url(url, png, None),
        Image::Base64(data) => UserContent::image_base64(data, png, None),
    });
    let question = UserContent::text(&talk.question);
    Message::User {
        content: std::iter::once(question).chain(image).collect(),
    }
}

fn tool_name() -> ToolName {
    ToolName::new(TOOL).expect("it is not empty")
}

fn to_messages(round: &Round) -> [Message; 2] {
    let results = round.answer.calls.iter().zip(&round.results);
    let results = results.map(|(call, result)| {
        let content = vec![rig_core::message::ToolResultContent::text(result)];
        rig_core::message::ToolResult {
            call: CallId::from_wire(&call.id),
            name: tool_name(),
            content,
            is_error: false,
        }
    });
    [round.answer.own(), Message::tool_results(results.collect())]
}

fn of_response(response: CompletionResponse) -> Answer {
    let calls = response.tool_calls().map(|call| {
        let arguments = call.function.arguments_value().to_string();
        ToolCall::new(call.id.to_string(), &*call.function.name, arguments)
    });
    let usage = &response.usage;
    let is_told = usage.input_tokens.is_some() && usage.output_tokens.is_some();
    let usage = Usage::new(count(usage.input_tokens), count(usage.output_tokens))
        .cache_read(count(usage.cached_input_tokens))
        .cache_write(count(usage.cache_creation_input_tokens))
        .reasoning(count(usage.reasoning_tokens));
    Answer {
        text: response.text(),
        reasoning: response.reasoning(),
        signature: response.choice.iter().find_map(signature),
        refusal: response.error.clone(),
        calls: calls.collect(),
        usage: is_told.then_some(usage),
        finish_reason: response.finish_reason().map(|reason| format!("{reason:?}")),
        message: response.message().map(Own::new),
    }
}

/// It is in what the client keeps of the provider's own answer.
fn signature(content: &AssistantContent) -> Option<String> {
    let item = content.native_item()?;
    let signature = item.get("signature").or(item.get("thoughtSignature"))?;
    Some(signature.as_str()?.to_owned())
}

fn http(error: &HttpError) -> &'static str {
    let cause = error.source().and_then(|cause| cause.downcast_ref());
    match (error, cause) {
        (HttpError::InvalidContentType(_), _) => "InvalidContentType",
        (_, Some(cause)) => transport(cause),
        _ => "other",
    }
}

fn to_failure(error: &ProviderError) -> Failure {
    let Some(response) = error.provider_response() else {
        return Failure::new(match error {
            ProviderError::Http(error) => format!("Http({})", http(error)),
            ProviderError::Json(_) => "Json".to_owned(),
            ProviderError::Response(_) => "Response".to_owned(),
            ProviderError::Truncated => "Truncated".to_owned(),
            ProviderError::Request(_) => "Request".to_owned(),
            error => format!("{error:?}"),
        });
    };
    let name = match error {
        ProviderError::InvalidAuthentication(_) => "InvalidAuthentication",
        _ => "ProviderResponse",
    };
    let status = response
        .status
        .map(|status| format!("{} ", status.as_u16()));
    let header = response
        .headers
        .as_ref()
        .and_then(|headers| headers.get("retry-after"));
    Failure {
        retry_after: header.and_then(|value| Some(value.to_str().ok()?.to_owned())),
        ..Failure::new(format!(
            "{name}({}{})",
            status.unwrap_or_default(),
            code(&response.body)
        ))
    }
}
