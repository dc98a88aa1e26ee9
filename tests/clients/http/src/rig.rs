//! [rig-core](https://docs.rs/rig-core/0.44.0) over HTTP.

use std::error::Error as _;

use futures::{FutureExt as _, StreamExt as _};
use mock_core::{MockServer, ToolCall};
use rig_core::completion::{
    AssistantContent, CompletionRequest, CompletionResponse, Message, ToolDefinition,
};
use rig_core::driver::DynModel;
use rig_core::error::ProviderError;
use rig_core::http_client::Error as HttpError;
use rig_core::message::{AssistantMessage, CallId, ToolName};
use rig_core::operation::Completion;
use rig_core::providers::anthropic::AnthropicConfig;
use rig_core::providers::openai::OpenAIConfig;
use rig_core::streaming::{Item, StreamEvent};

use crate::{
    Answer, Asked, CLAUDE, Client, Failure, GPT, Round, TOOL, TOOL_DESCRIPTION, Talk, code,
    tool_parameters, transport,
};

/// rig-core.
pub struct Rig(DynModel<Completion>);

impl Rig {
    /// On the wire of OpenAI's Chat Completions.
    pub fn openai(server: &MockServer, http: reqwest::Client) -> Self {
        let config = OpenAIConfig::new("any key").with_base_url(server.openai_url());
        let openai = config.connect(rig_reqwest::ReqwestClient::from(http));
        Rig(openai.chat(GPT).erase())
    }

    /// On the wire of Anthropic.
    pub fn anthropic(server: &MockServer, http: reqwest::Client) -> Self {
        let config = AnthropicConfig::new("any key").with_base_url(server.anthropic_url());
        let anthropic = config.connect(rig_reqwest::ReqwestClient::from(http));
        Rig(anthropic.completion(CLAUDE).erase())
    }
}

impl Client for Rig {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let answer = self.0.call(to_request(talk)).await;
            answer.map(of_response).map_err(|error| to_failure(&error))
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let stream = self.0.stream(to_request(talk));
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
}

fn to_request(talk: &Talk) -> CompletionRequest {
    let tool = ToolDefinition::new(tool_name(), TOOL_DESCRIPTION, tool_parameters());
    let mut messages = vec![Message::user(&talk.question)];
    messages.extend(talk.rounds.iter().flat_map(to_messages));
    let last = messages.pop().expect("there is a question");
    CompletionRequest::new(last).messages(messages).tool(tool)
}

fn tool_name() -> ToolName {
    ToolName::new(TOOL).expect("it is not empty")
}

fn to_messages(round: &Round) -> [Message; 2] {
    let calls = round.answer.calls.iter().map(|call| {
        let arguments = serde_json::from_str(&call.arguments).unwrap_or_default();
        AssistantContent::tool_call(&call.id, tool_name(), arguments)
    });
    let answer = Message::Assistant(AssistantMessage::new(calls.collect()));
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
    [answer, Message::tool_results(results.collect())]
}

fn of_response(response: CompletionResponse) -> Answer {
    let calls = response.tool_calls().map(|call| {
        let arguments = call.function.arguments_value().to_string();
        ToolCall::new(call.id.to_string(), &*call.function.name, arguments)
    });
    let usage = response.usage;
    Answer {
        text: response.text(),
        calls: calls.collect(),
        usage: usage.input_tokens.zip(usage.output_tokens),
        has_finish_reason: response.finish_reason().is_some(),
    }
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
