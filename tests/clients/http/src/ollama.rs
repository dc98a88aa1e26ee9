//! [ollama-rs](https://docs.rs/ollama-rs/0.3.6).

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use mock_core::{MockServer, ToolCall, Usage};
use ollama_rs::Ollama;
use ollama_rs::error::OllamaError;
use ollama_rs::generation::chat::request::ChatMessageRequest;
use ollama_rs::generation::chat::{
    ChatMessage, ChatMessageFinalResponseData, ChatMessageResponse, MessageRole,
};
use ollama_rs::generation::embeddings::request::{EmbeddingsInput, GenerateEmbeddingsRequest};
use ollama_rs::generation::images;
use ollama_rs::generation::tools::{ToolFunctionInfo, ToolInfo, ToolType};

use crate::embeddings::{EMBEDDER_OF_OLLAMA, Embedder, Texts, Vectors};
use crate::{
    Answer, Asked, Client, Failure, Image, LLAMA, Own, Round, TIME_OUT, TOOL, TOOL_DESCRIPTION,
    Talk, code, tool_parameters,
};

/// ollama-rs.
pub struct OllamaRs(Ollama);

impl OllamaRs {
    /// It takes an HTTP client of an earlier version, and sends no key.
    pub fn new(server: &MockServer) -> Self {
        let http = reqwest_0_12::Client::builder().no_proxy().timeout(TIME_OUT);
        let ollama = Ollama::builder().url(server.ollama_url());
        OllamaRs(
            ollama
                .reqwest_client(http.build().expect("an HTTP client"))
                .build(),
        )
    }
}

impl Client for OllamaRs {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let answer = self.0.send_chat_messages(to_request(talk)).await;
            Ok(of_response(answer.map_err(|error| to_failure(&error))?))
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let stream = self.0.send_chat_messages_stream(to_request(talk)).await;
            let mut stream = stream.map_err(|error| to_failure(&error))?;
            let mut message = ChatMessage::assistant(String::new());
            let mut answer = Answer::default();
            while let Some(part) = stream.next().await {
                let Ok(part) = part else {
                    // The client prints what went wrong, and returns `()`.
                    let failure = Failure::new("()");
                    let said = message.content;
                    return Err(Failure { said, ..failure });
                };
                message.content.push_str(&part.message.content);
                if let Some(thinking) = &part.message.thinking {
                    message.thinking.get_or_insert_default().push_str(thinking);
                }
                message
                    .tool_calls
                    .extend(part.message.tool_calls.iter().cloned());
                answer = of_response(part);
            }
            Ok(Answer {
                usage: answer.usage,
                finish_reason: answer.finish_reason,
                ..of_message(message)
            })
        }
        .boxed()
    }

    fn models(&self) -> BoxFuture<'_, Result<Vec<String>, Failure>> {
        async move {
            let models = self.0.list_local_models().await;
            let models = models.map_err(|error| to_failure(&error))?;
            Ok(models.into_iter().map(|model| model.name).collect())
        }
        .boxed()
    }
}

impl Embedder for OllamaRs {
    fn embed<'c>(&'c self, request: &'c Texts) -> BoxFuture<'c, Result<Vectors, Failure>> {
        async move {
            let response = self.0.generate_embeddings(to_embed_request(request)).await;
            let response = response.map_err(|error| to_failure(&error))?;
            Ok(Vectors {
                vectors: response.embeddings,
                tokens: None,
            })
        }
        .boxed()
    }
}

fn to_embed_request(request: &Texts) -> GenerateEmbeddingsRequest {
    let input = match &request.texts[..] {
        [text] => EmbeddingsInput::Single(text.clone()),
        texts => EmbeddingsInput::Multiple(texts.to_vec()),
    };
    let body = GenerateEmbeddingsRequest::new(EMBEDDER_OF_OLLAMA.to_owned(), input);
    match request.dimensions {
        Some(dimensions) => body.dimensions(dimensions),
        None => body,
    }
}

fn to_request(talk: &Talk) -> ChatMessageRequest {
    let question = ChatMessage::user(talk.question.clone());
    let question = match talk.image {
        None => question,
        // The client has no field for the URL of an image.
        Some(Image::Url(_)) => question,
        Some(Image::Base64(data)) => question.add_image(images::Image::from_base64(data)),
    };
    let rounds = talk.rounds.iter().flat_map(to_messages);
    let messages = std::iter::once(question).chain(rounds).collect();
    let request = ChatMessageRequest::new(LLAMA.to_owned(), messages);
    let request = match talk.offers_tool {
        true => request.tools(vec![tool()]),
        false => request,
    };
    match talk.schema.clone() {
        Some(schema) => request.format(serde_json::from_value(schema).expect("it is a schema")),
        None => request,
    }
}

fn tool() -> ToolInfo {
    let parameters = serde_json::from_value(tool_parameters());
    ToolInfo {
        tool_type: ToolType::Function,
        function: ToolFunctionInfo {
            name: TOOL.to_owned(),
            description: TOOL_DESCRIPTION.to_owned(),
            parameters: parameters.expect("it is a schema"),
        },
    }
}

/// Its results name neither the tool nor the call: their order tells which call they answer.
fn to_messages(round: &Round) -> Vec<ChatMessage> {
    let results = round.results.iter().cloned().map(ChatMessage::tool);
    std::iter::once(round.answer.own()).chain(results).collect()
}

fn of_response(response: ChatMessageResponse) -> Answer {
    Answer {
        usage: response.final_data.as_ref().map(of_counts),
        // The client reads only that the answer has ended, not the reason.
        finish_reason: response.done.then(|| "done".to_owned()),
        ..of_message(response.message)
    }
}

fn of_message(message: ChatMessage) -> Answer {
    debug_assert_eq!(message.role, MessageRole::Assistant);
    let calls = message.tool_calls.iter().map(|call| {
        let arguments = call.function.arguments.to_string();
        ToolCall::new("", &call.function.name, arguments)
    });
    Answer {
        text: message.content.clone(),
        reasoning: message.thinking.clone().unwrap_or_default(),
        calls: calls.collect(),
        message: Some(Own::new(message)),
        ..Answer::default()
    }
}

fn of_counts(counts: &ChatMessageFinalResponseData) -> Usage {
    Usage::new(counts.prompt_eval_count, counts.eval_count)
}

/// An answer with a status is a text without it.
fn to_failure(error: &OllamaError) -> Failure {
    Failure::new(match error {
        OllamaError::JsonError(_) => "JsonError".to_owned(),
        OllamaError::ReqwestError(error) => format!("ReqwestError({})", transport(error)),
        OllamaError::InternalError(error) => format!("InternalError({})", error.message),
        OllamaError::Other(body) => format!("Other({})", code(body)),
        OllamaError::ToolCallError(_) => "ToolCallError".to_owned(),
    })
}

/// What kind of error of the HTTP client it is.
fn transport(error: &reqwest_0_12::Error) -> &'static str {
    match () {
        () if error.is_timeout() => "time-out",
        () if error.is_connect() => "connect",
        () if error.is_body() => "body",
        () if error.is_decode() => "decode",
        () => "request",
    }
}
