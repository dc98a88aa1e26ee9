//! [genai](https://docs.rs/genai/0.7.2).

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use genai::adapter::AdapterKind;
use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ChatStreamEvent, ContentPart, JsonSpec, MessageContent,
    Tool, ToolResponse,
};
use genai::embed::{EmbedOptions, EmbedRequest};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client as Sdk, ModelIden, ServiceTarget, webc};
use mock_core::{MockServer, ToolCall, Usage};
use serde_json::Value;

use crate::embeddings::{
    EMBEDDER_OF_GEMINI, EMBEDDER_OF_OLLAMA, EMBEDDER_OF_OPENAI, Embedder, Texts, Vectors,
};
use crate::{
    Answer, Asked, CLAUDE, Client, Failure, GEMINI, GPT, Image, LLAMA, Own, PNG, Round, TOOL,
    TOOL_DESCRIPTION, Talk, code, count, tool_parameters, transport,
};

/// genai.
pub struct Genai {
    sdk: Sdk,
    target: ServiceTarget,
}

impl Genai {
    /// On OpenAI's Chat Completions.
    pub fn openai(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::OpenAI, GPT, server, http)
    }

    /// On OpenAI's Responses.
    pub fn responses(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::OpenAIResp, GPT, server, http)
    }

    /// On the wire of Anthropic.
    pub fn anthropic(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::Anthropic, CLAUDE, server, http)
    }

    /// On Gemini's `generateContent`.
    pub fn gemini(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::Gemini, GEMINI, server, http)
    }

    /// On Ollama's `/api/chat`.
    pub fn ollama(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::Ollama, LLAMA, server, http)
    }

    /// On OpenAI's embeddings. The adapters of Responses and Anthropic have none.
    pub fn openai_embeddings(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::OpenAI, EMBEDDER_OF_OPENAI, server, http)
    }

    /// On Gemini's embeddings.
    pub fn gemini_embeddings(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::Gemini, EMBEDDER_OF_GEMINI, server, http)
    }

    /// On Ollama's embeddings.
    pub fn ollama_embeddings(server: &MockServer, http: reqwest::Client) -> Self {
        Genai::new(AdapterKind::Ollama, EMBEDDER_OF_OLLAMA, server, http)
    }

    fn new(kind: AdapterKind, model: &str, server: &MockServer, http: reqwest::Client) -> Self {
        let sdk = Sdk::builder().with_reqwest(http).build();
        let url = match kind {
            AdapterKind::Gemini => format!("{}/v1beta/", server.gemini_url()),
            AdapterKind::Ollama => format!("{}/", server.ollama_url()),
            _ => format!("{}/", server.openai_url()),
        };
        Genai {
            sdk: sdk.expect("nothing of it can fail"),
            target: ServiceTarget {
                endpoint: Endpoint::from_owned(url),
                auth: AuthData::from_single("any-key"),
                model: ModelIden::new(kind, model.to_owned()),
            },
        }
    }
}

impl Client for Genai {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let (request, options) = (to_request(talk), to_options(talk));
            let target = self.target.clone();
            let answer = self.sdk.exec_chat(target, request, Some(&options)).await;
            let answer = answer.map_err(to_failure)?;
            Ok(Answer {
                text: answer.texts().concat(),
                reasoning: answer.reasoning_content.clone().unwrap_or_default(),
                usage: of_usage(&answer.usage),
                finish_reason: answer
                    .stop_reason
                    .as_ref()
                    .map(|reason| format!("{reason:?}")),
                signature: signature(&answer.content),
                calls: calls(&answer.content),
                message: answer.into_assistant_message_for_tool_use().map(Own::new),
                ..Answer::default()
            })
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let (request, options) = (to_request(talk), to_options(talk));
            let target = self.target.clone();
            let response = self
                .sdk
                .exec_chat_stream(target, request, Some(&options))
                .await;
            let mut stream = response.map_err(to_failure)?.stream;
            let mut answer = Answer::default();
            while let Some(event) = stream.next().await {
                let event = event.map_err(|error| Failure {
                    said: answer.text.clone(),
                    ..to_failure(error)
                })?;
                match event {
                    ChatStreamEvent::Chunk(chunk) => answer.text.push_str(&chunk.content),
                    ChatStreamEvent::ReasoningChunk(chunk) => {
                        answer.reasoning.push_str(&chunk.content);
                    }
                    ChatStreamEvent::End(end) => {
                        let reason = end.captured_stop_reason.as_ref();
                        answer.finish_reason = reason.map(|reason| format!("{reason:?}"));
                        answer.usage = end.captured_usage.as_ref().and_then(of_usage);
                        if let Some(content) = &end.captured_content {
                            answer.signature = signature(content);
                            answer.calls = calls(content);
                        }
                        answer.message = end.into_assistant_message_for_tool_use().map(Own::new);
                    }
                    _ => {}
                }
            }
            Ok(answer)
        }
        .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
        async move {
            let ServiceTarget {
                endpoint,
                auth,
                model,
            } = self.target.clone();
            let names = self
                .sdk
                .all_model_names(model.adapter_kind, (endpoint, auth));
            names.await.map_err(to_failure)
        }
        .boxed()
    }
}

impl Embedder for Genai {
    fn embed<'c>(&'c self, request: &'c Texts) -> BoxFuture<'c, Result<Vectors, Failure>> {
        async move {
            let (body, options) = (to_embed_request(request), to_embed_options(request));
            let target = self.target.clone();
            let response = self.sdk.exec_embed(target, body, Some(&options)).await;
            let response = response.map_err(to_failure)?;
            Ok(Vectors {
                tokens: response
                    .usage
                    .prompt_tokens
                    .map(|tokens| count(Some(tokens))),
                vectors: response.into_vectors(),
            })
        }
        .boxed()
    }
}

fn to_embed_request(request: &Texts) -> EmbedRequest {
    match &request.texts[..] {
        [text] => EmbedRequest::from_text(text),
        texts => EmbedRequest::from_texts(texts.to_vec()),
    }
}

fn to_embed_options(request: &Texts) -> EmbedOptions {
    EmbedOptions {
        dimensions: request.dimensions.map(|dimensions| dimensions as usize),
        encoding_format: request.base64.then(|| "base64".to_owned()),
        ..EmbedOptions::new()
    }
}

/// Of a stream, what is to be in its last event; of an answer that comes at once, all is there.
fn to_options(talk: &Talk) -> ChatOptions {
    let options = ChatOptions::default()
        .with_capture_usage(true)
        .with_capture_content(true)
        .with_capture_reasoning_content(true)
        .with_capture_tool_calls(true);
    match talk.schema.clone() {
        Some(schema) => options.with_response_format(JsonSpec::new("answer", schema)),
        None => options,
    }
}

fn to_request(talk: &Talk) -> ChatRequest {
    let request = ChatRequest::from_messages(vec![ChatMessage::user(to_content(talk))])
        .append_messages(talk.rounds.iter().flat_map(to_messages));
    match talk.offers_tool {
        true => request.append_tool(tool()),
        false => request,
    }
}

fn tool() -> Tool {
    Tool::new(TOOL)
        .with_description(TOOL_DESCRIPTION)
        .with_schema(tool_parameters())
}

fn to_content(talk: &Talk) -> MessageContent {
    let question = MessageContent::from_text(&talk.question);
    match talk.image {
        None => question,
        Some(Image::Url(url)) => question.append(ContentPart::from_binary_url(PNG, url, None)),
        Some(Image::Base64(data)) => {
            question.append(ContentPart::from_binary_base64(PNG, data, None))
        }
    }
}

/// Each result is a message of its own: of several in one message, Ollama is sent the last alone.
fn to_messages(round: &Round) -> Vec<ChatMessage> {
    let results = round.answer.calls.iter().zip(&round.results);
    let results = results.map(|(call, result)| ToolResponse::new(&call.id, result).into());
    std::iter::once(round.answer.own()).chain(results).collect()
}

fn calls(content: &MessageContent) -> Vec<ToolCall> {
    content.tool_calls().into_iter().map(of_call).collect()
}

fn signature(content: &MessageContent) -> Option<String> {
    content.first_thought_signature().map(str::to_owned)
}

/// Arguments that are not JSON are passed on as a text.
fn of_call(call: &genai::chat::ToolCall) -> ToolCall {
    let arguments = match &call.fn_arguments {
        Value::String(text) => text.clone(),
        arguments => arguments.to_string(),
    };
    ToolCall::new(&call.call_id, &call.fn_name, arguments)
}

fn of_usage(usage: &genai::chat::Usage) -> Option<Usage> {
    let prompt = usage.prompt_tokens_details.clone().unwrap_or_default();
    let completion = usage.completion_tokens_details.clone().unwrap_or_default();
    (usage.prompt_tokens.is_some() && usage.completion_tokens.is_some()).then(|| {
        Usage::new(count(usage.prompt_tokens), count(usage.completion_tokens))
            .cache_read(count(prompt.cached_tokens))
            .cache_write(count(prompt.cache_creation_tokens))
            .reasoning(count(completion.reasoning_tokens))
    })
}

/// Of a stream, the error that has the status and the headers is the cause of the reported one.
fn to_failure(error: genai::Error) -> Failure {
    let cause = match &error {
        genai::Error::WebStream { error, .. } => error.downcast_ref().map(to_words),
        _ => None,
    };
    let (words, retry_after) = to_words(&error);
    match cause {
        Some((cause, retry_after)) => Failure {
            retry_after,
            ..Failure::new(format!("{words}({cause})"))
        },
        None => Failure {
            retry_after,
            ..Failure::new(words)
        },
    }
}

/// An error, and the header `retry-after` if it has it.
fn to_words(error: &genai::Error) -> (String, Option<String>) {
    let retry_after = error
        .headers()
        .and_then(|headers| headers.get("retry-after"));
    let retry_after = retry_after.and_then(|value| Some(value.to_str().ok()?.to_owned()));
    let words = match error {
        genai::Error::WebModelCall { webc_error, .. }
        | genai::Error::WebAdapterCall { webc_error, .. } => match webc_error {
            webc::Error::ResponseFailedStatus { status, body, .. } => {
                format!("ResponseFailedStatus({} {})", status.as_u16(), code(body))
            }
            webc::Error::Reqwest(error) => format!("Reqwest({})", transport(error)),
            error => variant(error),
        },
        genai::Error::HttpError { status, body, .. } => {
            format!("HttpError({} {})", status.as_u16(), code(body))
        }
        genai::Error::WebStream { error, .. } => match error.downcast_ref() {
            Some(error) => format!("WebStream({})", transport(error)),
            None => "WebStream".to_owned(),
        },
        genai::Error::ChatResponse { body, .. } => {
            format!("ChatResponse({})", code(&body.to_string()))
        }
        error => variant(error),
    };
    (words, retry_after)
}

/// The name of an error's variant.
fn variant(error: &impl std::fmt::Debug) -> String {
    let error = format!("{error:?}");
    let end = error.find(|c: char| !c.is_alphanumeric());
    error[..end.unwrap_or(error.len())].to_owned()
}
