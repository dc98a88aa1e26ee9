//! [genai](https://docs.rs/genai/0.7.2).

use futures::{FutureExt as _, StreamExt as _};
use genai::adapter::AdapterKind;
use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ChatStreamEvent, Tool, ToolResponse, Usage,
};
use genai::resolver::{AuthData, Endpoint};
use genai::{Client as Sdk, ModelIden, ServiceTarget, webc};
use mock_core::{MockServer, ToolCall};

use crate::{
    Answer, Asked, CLAUDE, Client, Failure, GPT, Round, TOOL, TOOL_DESCRIPTION, Talk, code,
    tool_parameters, transport,
};

/// genai.
pub struct Genai {
    sdk: Sdk,
    target: ServiceTarget,
}

impl Genai {
    /// On the wire of OpenAI.
    pub fn openai(server: &MockServer, http: reqwest::Client) -> Self {
        let model = ModelIden::new(AdapterKind::OpenAI, GPT);
        Genai::new(model, server, http)
    }

    /// On the wire of Anthropic.
    pub fn anthropic(server: &MockServer, http: reqwest::Client) -> Self {
        let model = ModelIden::new(AdapterKind::Anthropic, CLAUDE);
        Genai::new(model, server, http)
    }

    fn new(model: ModelIden, server: &MockServer, http: reqwest::Client) -> Self {
        let sdk = Sdk::builder().with_reqwest(http).build();
        Genai {
            sdk: sdk.expect("nothing of it can fail"),
            target: ServiceTarget {
                endpoint: Endpoint::from_owned(format!("{}/", server.openai_url())),
                auth: AuthData::from_single("any key"),
                model,
            },
        }
    }
}

impl Client for Genai {
    fn ask<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let request = to_request(talk);
            let answer = self.sdk.exec_chat(self.target.clone(), request, None).await;
            let answer = answer.map_err(to_failure)?;
            Ok(Answer {
                text: answer.texts().concat(),
                usage: of_usage(&answer.usage),
                has_finish_reason: answer.stop_reason.is_some(),
                calls: answer.into_tool_calls().into_iter().map(of_call).collect(),
            })
        }
        .boxed()
    }

    fn ask_streaming<'c>(&'c self, talk: &'c Talk) -> Asked<'c> {
        async move {
            let options = ChatOptions::default()
                .with_capture_usage(true)
                .with_capture_tool_calls(true);
            let request = to_request(talk);
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
                    ChatStreamEvent::End(end) => {
                        answer.usage = end.captured_usage.as_ref().and_then(of_usage);
                        answer.has_finish_reason = end.captured_stop_reason.is_some();
                        let calls = end.captured_into_tool_calls().unwrap_or_default();
                        answer.calls = calls.into_iter().map(of_call).collect();
                    }
                    _ => {}
                }
            }
            Ok(answer)
        }
        .boxed()
    }
}

fn to_request(talk: &Talk) -> ChatRequest {
    let tool = Tool::new(TOOL)
        .with_description(TOOL_DESCRIPTION)
        .with_schema(tool_parameters());
    ChatRequest::from_user(&talk.question)
        .with_tools([tool])
        .append_messages(talk.rounds.iter().flat_map(to_messages))
}

fn to_messages(round: &Round) -> [ChatMessage; 2] {
    let calls: Vec<_> = round.answer.calls.iter().map(to_call).collect();
    let results = calls.iter().zip(&round.results);
    let results = results.map(|(call, result)| ToolResponse::from_tool_call(call, result));
    let results: Vec<_> = results.collect();
    [calls.into(), results.into()]
}

fn to_call(call: &ToolCall) -> genai::chat::ToolCall {
    genai::chat::ToolCall {
        call_id: call.id.clone(),
        fn_name: call.name.clone(),
        fn_arguments: serde_json::from_str(&call.arguments).unwrap_or_default(),
        thought_signatures: None,
    }
}

fn of_call(call: genai::chat::ToolCall) -> ToolCall {
    ToolCall::new(call.call_id, call.fn_name, call.fn_arguments.to_string())
}

fn of_usage(usage: &Usage) -> Option<(u64, u64)> {
    let (prompt, completion) = (usage.prompt_tokens?, usage.completion_tokens?);
    Some((prompt.try_into().ok()?, completion.try_into().ok()?))
}

/// Of a stream, the error that has the status and the headers is the cause of the one that is told.
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
        genai::Error::WebModelCall { webc_error, .. } => match webc_error {
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
