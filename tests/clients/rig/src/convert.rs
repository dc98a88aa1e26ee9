//! Between rig's types and those of mocks.

use mock_core::{
    ErrorKind, FinishReason, Message, Part, ProviderError, Reasoning, Request, Response, Role,
    StreamEvent, ToolCall, ToolDefinition, ToolResult, Usage,
};
use rig_core as rig;
use rig_core::http_client::{self, HeaderMap, HeaderValue, StatusCode};
use rig_core::message::{AssistantContent, ToolResultContent, UserContent};
use rig_core::operation::Finish;
use rig_core::test_utils::{MockFrame, MockStreamEvent};
use serde_json::{Map, Value};

pub(crate) fn to_request(
    request: rig::completion::CompletionRequest,
) -> Result<Request, rig::ProviderError> {
    let extra = to_extra(&request)?;
    let mut messages = Vec::new();
    for message in request.chat_history {
        messages.extend(to_messages(message)?);
    }
    let mut to = Request::new(request.model.unwrap_or_default())
        .with_messages(messages)
        .with_tools(request.tools.into_iter().map(to_tool));
    to.temperature = request.temperature;
    let limit = request.max_tokens.map(u32::try_from).transpose();
    to.max_tokens = limit.map_err(|error| {
        rig::ProviderError::Response(format!("`max_tokens` is too large: {error}"))
    })?;
    to.extra = extra;
    Ok(to)
}

/// All that a mock's request has no field for, under the names that it has in rig.
fn to_extra(
    request: &rig::completion::CompletionRequest,
) -> Result<Map<String, Value>, serde_json::Error> {
    let mut extra: Map<_, _> = serde_json::from_value(serde_json::to_value(request)?)?;
    let known = ["model", "chat_history", "documents", "tools"];
    for field in known.into_iter().chain(["temperature", "max_tokens"]) {
        extra.remove(field);
    }
    for group in ["options", "additional_params"] {
        if let Some(Value::Object(parameters)) = extra.remove(group) {
            extra.extend(parameters);
        }
    }
    // Parameters that are not set are `null`.
    extra.retain(|_, value| !value.is_null());
    Ok(extra)
}

/// The results of tools are messages of their own; in rig they are the user's.
fn to_messages(message: rig::message::Message) -> Result<Vec<Message>, rig::ProviderError> {
    let of = |role, parts: Vec<Part>| (!parts.is_empty()).then(|| Message::new(role, parts));
    Ok(match message {
        rig::message::Message::System { content } => vec![Message::system(content)],
        rig::message::Message::User { content } => {
            let parts: Result<Vec<_>, _> = content.into_iter().map(of_the_user).collect();
            let is_result = |part: &Part| matches!(part, Part::ToolResult(_));
            let (results, said) = parts?.into_iter().partition(is_result);
            let messages = [of(Role::Tool, results), of(Role::User, said)];
            messages.into_iter().flatten().collect()
        }
        rig::message::Message::Assistant(turn) => {
            let parts: Result<_, _> = turn.content.into_iter().map(of_the_model).collect();
            vec![Message::new(Role::Assistant, parts?)]
        }
    })
}

fn of_the_user(content: UserContent) -> Result<Part, rig::ProviderError> {
    Ok(match content {
        UserContent::Text(text) => Part::Text(text.text),
        UserContent::Document(document) => Part::Text(document.data.to_string()),
        UserContent::ToolResult(result) => {
            let content: Result<String, _> = result.content.into_iter().map(to_content).collect();
            let mut returned = ToolResult::new(result.call.to_string(), content?);
            returned.is_error = result.is_error;
            Part::ToolResult(returned)
        }
        _ => return Err(no_word_for("media from the user")),
    })
}

fn to_content(content: ToolResultContent) -> Result<String, rig::ProviderError> {
    match content {
        ToolResultContent::Text(text) => Ok(text.text),
        ToolResultContent::Json { value } => Ok(value.to_string()),
        ToolResultContent::Image(_) => Err(no_word_for("an image from a tool")),
    }
}

fn of_the_model(content: AssistantContent) -> Result<Part, rig::ProviderError> {
    Ok(match content {
        AssistantContent::Text(text) => Part::Text(text.text),
        AssistantContent::Reasoning(reasoning) => Part::Reasoning(Reasoning::new(reasoning.text)),
        AssistantContent::ToolCall(call) => {
            let function = call.function;
            let arguments = function.invalid_arguments;
            let arguments =
                arguments.unwrap_or_else(|| Value::Object(function.arguments).to_string());
            Part::ToolCall(ToolCall::new(call.id.to_string(), function.name, arguments))
        }
        _ => return Err(no_word_for("an image from the model")),
    })
}

fn to_tool(tool: rig::completion::ToolDefinition) -> ToolDefinition {
    ToolDefinition::new(tool.name)
        .with_description(tool.description)
        .with_parameters(tool.parameters)
}

/// A whole answer, as rig gets it. One that broke off has no end, and rig calls it truncated.
pub(crate) fn to_frames(
    response: Response,
) -> impl Iterator<Item = Result<MockFrame, rig::ProviderError>> {
    let end = response.finish_reason.map(|reason| {
        Ok(MockStreamEvent::FinalResponse(Finish {
            response_id: Some(response.id),
            model: Some(response.model),
            ..to_finish(Some(reason), response.usage)
        }))
    });
    let parts = response.message.parts.into_iter().map(|part| match part {
        Part::Text(text) => Ok(MockStreamEvent::Text(text)),
        Part::Reasoning(reasoning) => Ok(MockStreamEvent::reasoning(reasoning.text)),
        Part::ToolCall(ToolCall {
            id,
            name,
            arguments,
            ..
        }) => Ok(MockStreamEvent::tool_call(id, name, arguments.into())),
        other => {
            let problem = format!("rig has no word for {other:?}");
            Err(rig::ProviderError::Response(problem))
        }
    });
    parts.chain(end).map(|event| event.map(MockFrame::Event))
}

/// An event of a stream, as rig gets it. Mocks number the `calls` of an answer, rig goes by their ids.
pub(crate) fn to_frame(
    event: Result<StreamEvent, ProviderError>,
    calls: &mut Vec<String>,
) -> Result<MockFrame, rig::ProviderError> {
    Ok(MockFrame::Event(match event.map_err(to_error)? {
        StreamEvent::Text(text) => MockStreamEvent::Text(text),
        StreamEvent::Reasoning(text) => MockStreamEvent::reasoning_delta(text),
        StreamEvent::ToolCallStart { id, name, .. } => {
            calls.push(id.clone());
            MockStreamEvent::tool_call_name_delta(id, name)
        }
        StreamEvent::ToolCallDelta { index, arguments } => {
            MockStreamEvent::tool_call_arguments_delta(&calls[index], arguments)
        }
        StreamEvent::Finish { reason, usage } => {
            MockStreamEvent::FinalResponse(to_finish(reason, usage))
        }
        other => {
            let problem = format!("rig has no word for a {} event", other.name());
            return Err(rig::ProviderError::Response(problem));
        }
    }))
}

fn to_finish(reason: Option<FinishReason>, usage: Option<Usage>) -> Finish {
    Finish {
        reason: reason.map(to_reason),
        usage: usage.map(to_usage).unwrap_or_default(),
        ..Finish::default()
    }
}

fn to_reason(reason: FinishReason) -> rig::completion::FinishReason {
    match reason {
        FinishReason::Stop => rig::completion::FinishReason::Stop,
        FinishReason::Length => rig::completion::FinishReason::Length,
        FinishReason::ToolCalls => rig::completion::FinishReason::ToolCalls,
        FinishReason::ContentFilter => rig::completion::FinishReason::ContentFilter,
        other => rig::completion::FinishReason::Other(other.as_str().to_owned()),
    }
}

fn to_usage(usage: Usage) -> rig::completion::Usage {
    rig::completion::Usage::new()
        .input_tokens(usage.prompt_tokens)
        .output_tokens(usage.completion_tokens)
        .total_tokens(usage.total_tokens())
}

pub(crate) fn to_error(error: ProviderError) -> rig::ProviderError {
    let mut headers = HeaderMap::new();
    if let Some(wait) = error.retry_after {
        let seconds = wait.as_secs_f64().ceil() as u64;
        headers.insert("retry-after", HeaderValue::from(seconds));
    }
    match error.status.map(StatusCode::from_u16) {
        Some(Ok(status)) => rig::ProviderError::from_http_response(status, error.message)
            .with_provider_code(Some(error.kind.to_string()))
            .with_response_headers(Some(headers)),
        _ if error.kind == ErrorKind::InvalidResponse => {
            rig::ProviderError::Response(error.message)
        }
        _ if error.is_retryable() => http_client::Error::instance(error).into(),
        _ => rig::ProviderError::Provider(error.message),
    }
}

fn no_word_for(content: &str) -> rig::ProviderError {
    rig::ProviderError::request(format!("a mock has no word for {content}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_rig_does_not_know_is_an_error_that_names_it() {
        let refusal = StreamEvent::Refusal("No.".to_owned());
        let error = to_frame(Ok(refusal), &mut Vec::new()).expect_err("rig does not know it");
        let said = "ResponseError: rig has no word for a refusal event";
        assert_eq!(error.to_string(), said);
    }
}
