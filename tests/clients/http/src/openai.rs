//! [async-openai](https://docs.rs/async-openai/0.43.0).

use async_openai::Client as Sdk;
use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::middleware::ReqwestService;
use async_openai::types::chat::{
    ChatCompletionMessageToolCall, ChatCompletionMessageToolCallChunk,
    ChatCompletionMessageToolCalls, ChatCompletionRequestAssistantMessage,
    ChatCompletionRequestMessage, ChatCompletionRequestMessageContentPartImage,
    ChatCompletionRequestMessageContentPartText, ChatCompletionRequestToolMessage,
    ChatCompletionRequestUserMessage, ChatCompletionRequestUserMessageContent,
    ChatCompletionStreamOptions, ChatCompletionTool, ChatCompletionTools, CompletionUsage,
    CreateChatCompletionRequest, FunctionCall, FunctionObject, ImageUrl, ResponseFormat,
    ResponseFormatJsonSchema,
};
use async_openai::types::embeddings::{CreateEmbeddingRequest, EmbeddingInput, EncodingFormat};
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use mock_core::{MockServer, ToolCall, Usage};
use serde_json::Value;

use crate::embeddings::{EMBEDDER_OF_OPENAI, Embedder, Texts, Vectors};
use crate::{
    Answer, Asked, Client, Failure, GPT, Image, Own, PNG, Round, TOOL, TOOL_DESCRIPTION, Talk,
    count, tool_parameters, transport,
};

/// async-openai.
pub struct AsyncOpenai(Sdk<OpenAIConfig>);

impl AsyncOpenai {
    /// As it comes: it tries again, three times at most.
    pub fn new(server: &MockServer, http: reqwest::Client) -> Self {
        AsyncOpenai(sdk(server, http))
    }

    /// It tries once.
    pub fn without_retries(server: &MockServer, http: reqwest::Client) -> Self {
        let AsyncOpenai(sdk) = AsyncOpenai::new(server, http.clone());
        AsyncOpenai(sdk.with_http_service(ReqwestService::new(http)))
    }
}

/// The client, pointed at a server.
pub(crate) fn sdk(server: &MockServer, http: reqwest::Client) -> Sdk<OpenAIConfig> {
    let config = OpenAIConfig::new()
        .with_api_base(server.openai_url())
        .with_api_key("any-key");
    Sdk::build(http, config)
}

/// The names of the models that it lists.
pub(crate) fn list_models(sdk: &Sdk<OpenAIConfig>) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
    async move {
        let models = sdk.models().list().await.map_err(to_failure)?;
        Ok(models.data.into_iter().map(|model| model.id).collect())
    }
    .boxed()
}

impl Client for AsyncOpenai {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let response = self.0.chat().create(to_request(talk)).await;
            let response = response.map_err(to_failure)?;
            let choice = response.choices.into_iter().next();
            let choice = choice.ok_or_else(|| Failure::new("no choices"))?;
            let calls = choice.message.tool_calls.unwrap_or_default();
            let calls: Vec<_> = calls.into_iter().filter_map(of_call).collect();
            let text = choice.message.content.unwrap_or_default();
            Ok(Answer {
                message: Some(Own::new(to_message(&text, &calls))),
                text,
                refusal: choice.message.refusal,
                calls,
                usage: response.usage.map(of_usage),
                finish_reason: choice.finish_reason.map(|reason| format!("{reason:?}")),
                ..Answer::default()
            })
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let mut request = to_request(talk);
            request.stream_options = Some(ChatCompletionStreamOptions {
                include_usage: Some(true),
                include_obfuscation: None,
            });
            let stream = self.0.chat().create_stream(request).await;
            let mut stream = stream.map_err(to_failure)?;
            let mut answer = Answer::default();
            while let Some(chunk) = stream.next().await {
                let chunk = chunk.map_err(|error| Failure {
                    said: answer.text.clone(),
                    ..to_failure(error)
                })?;
                answer.usage = answer.usage.or(chunk.usage.map(of_usage));
                for choice in chunk.choices {
                    answer.text.extend(choice.delta.content);
                    for piece in choice.delta.tool_calls.unwrap_or_default() {
                        add_piece(&mut answer.calls, piece);
                    }
                    if let Some(words) = choice.delta.refusal {
                        answer.refusal.get_or_insert_default().push_str(&words);
                    }
                    let reason = choice.finish_reason.map(|reason| format!("{reason:?}"));
                    answer.finish_reason = answer.finish_reason.or(reason);
                }
            }
            answer.message = Some(Own::new(to_message(&answer.text, &answer.calls)));
            Ok(answer)
        }
        .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
        list_models(&self.0)
    }
}

impl Embedder for AsyncOpenai {
    fn embed<'c>(&'c self, request: &'c Texts) -> BoxFuture<'c, Result<Vectors, Failure>> {
        async move {
            let (embeddings, body) = (self.0.embeddings(), to_embedding_request(request));
            if request.base64 {
                let response = embeddings.create_base64(body).await.map_err(to_failure)?;
                let vectors = response.data.into_iter().map(|item| item.embedding.into());
                return Ok(Vectors {
                    vectors: vectors.collect(),
                    tokens: Some(response.usage.prompt_tokens.into()),
                });
            }
            let response = embeddings.create(body).await.map_err(to_failure)?;
            Ok(Vectors {
                vectors: response
                    .data
                    .into_iter()
                    .map(|item| item.embedding)
                    .collect(),
                tokens: Some(response.usage.prompt_tokens.into()),
            })
        }
        .boxed()
    }
}

fn to_embedding_request(request: &Texts) -> CreateEmbeddingRequest {
    CreateEmbeddingRequest {
        model: EMBEDDER_OF_OPENAI.to_owned(),
        input: match &request.texts[..] {
            [text] => EmbeddingInput::String(text.clone()),
            texts => EmbeddingInput::StringArray(texts.to_vec()),
        },
        encoding_format: request.base64.then_some(EncodingFormat::Base64),
        dimensions: request.dimensions,
        user: None,
    }
}

fn to_request(talk: &Talk) -> CreateChatCompletionRequest {
    let question = ChatCompletionRequestUserMessage::from(to_content(talk));
    let rounds = talk.rounds.iter().flat_map(to_messages);
    CreateChatCompletionRequest {
        model: GPT.to_owned(),
        messages: std::iter::once(question.into()).chain(rounds).collect(),
        tools: talk.offers_tool.then(|| vec![tool()]),
        response_format: talk.schema.clone().map(to_format),
        ..Default::default()
    }
}

fn tool() -> ChatCompletionTools {
    ChatCompletionTools::Function(ChatCompletionTool {
        function: FunctionObject {
            name: TOOL.to_owned(),
            description: Some(TOOL_DESCRIPTION.to_owned()),
            parameters: Some(tool_parameters()),
            strict: None,
        },
    })
}

fn to_content(talk: &Talk) -> ChatCompletionRequestUserMessageContent {
    let image = match talk.image {
        None => return talk.question.as_str().into(),
        Some(Image::Url(url)) => ImageUrl::from(url),
        Some(Image::Base64(data)) => ImageUrl::from(format!("data:{PNG};base64,{data}")),
    };
    let question = ChatCompletionRequestMessageContentPartText::from(talk.question.as_str());
    let image = ChatCompletionRequestMessageContentPartImage::from(image);
    vec![question.into(), image.into()].into()
}

fn to_format(schema: Value) -> ResponseFormat {
    ResponseFormat::JsonSchema {
        json_schema: ResponseFormatJsonSchema {
            description: None,
            name: "answer".to_owned(),
            schema,
            strict: Some(true),
        },
    }
}

/// What a program keeps of an answer: the client has no message of its own that goes back as it came.
fn to_message(text: &str, calls: &[ToolCall]) -> ChatCompletionRequestAssistantMessage {
    ChatCompletionRequestAssistantMessage {
        content: (!text.is_empty()).then(|| text.into()),
        tool_calls: Some(calls.iter().map(to_call).collect()),
        ..Default::default()
    }
}

fn to_messages(round: &Round) -> Vec<ChatCompletionRequestMessage> {
    let answer: ChatCompletionRequestAssistantMessage = round.answer.own();
    let results = round.answer.calls.iter().zip(&round.results);
    let results = results.map(|(call, result)| {
        ChatCompletionRequestMessage::Tool(ChatCompletionRequestToolMessage {
            content: result.as_str().into(),
            tool_call_id: call.id.clone(),
        })
    });
    std::iter::once(answer.into()).chain(results).collect()
}

fn to_call(call: &ToolCall) -> ChatCompletionMessageToolCalls {
    ChatCompletionMessageToolCalls::Function(ChatCompletionMessageToolCall {
        id: call.id.clone(),
        function: FunctionCall {
            name: call.name.clone(),
            arguments: call.arguments.clone(),
        },
    })
}

fn of_call(call: ChatCompletionMessageToolCalls) -> Option<ToolCall> {
    match call {
        ChatCompletionMessageToolCalls::Function(call) => {
            let function = call.function;
            Some(ToolCall::new(call.id, function.name, function.arguments))
        }
        ChatCompletionMessageToolCalls::Custom(_) => None,
    }
}

/// A call has its id and its name in its first piece, and of its arguments a piece in each.
fn add_piece(calls: &mut Vec<ToolCall>, piece: ChatCompletionMessageToolCallChunk) {
    let function = piece.function.unwrap_or_default();
    if let Some(id) = piece.id {
        calls.push(ToolCall::new(id, function.name.unwrap_or_default(), ""));
    }
    if let Some(call) = calls.get_mut(piece.index as usize) {
        call.arguments.extend(function.arguments);
    }
}

fn of_usage(usage: CompletionUsage) -> Usage {
    let prompt = usage.prompt_tokens_details.unwrap_or_default();
    let completion = usage.completion_tokens_details.unwrap_or_default();
    Usage::new(usage.prompt_tokens.into(), usage.completion_tokens.into())
        .cache_read(count(prompt.cached_tokens))
        .cache_write(count(prompt.cache_write_tokens))
        .reasoning(count(completion.reasoning_tokens))
}

pub(crate) fn to_failure(error: OpenAIError) -> Failure {
    Failure::new(match error {
        OpenAIError::ApiError(response) => {
            let error = response.api_error;
            // For a 5xx, the client uses the body as the message.
            let code = error.code.or(error.r#type);
            let code = code.unwrap_or_else(|| crate::code(&error.message));
            format!("ApiError({} {code})", response.status_code.as_u16())
        }
        OpenAIError::Reqwest(error) => format!("Reqwest({})", transport(&error)),
        OpenAIError::JSONDeserialize(..) => "JSONDeserialize".to_owned(),
        OpenAIError::StreamError(_) => "StreamError".to_owned(),
        error => format!("{error:?}"),
    })
}
