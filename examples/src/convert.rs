//! Between the agent's types and those of mocks.

use agent::{
    ChatTurn, Completion, CompletionEvent, CompletionRequest, LlmError, StopReason, TokenUsage,
    ToolSpec, ToolUse,
};
use mock_core::{
    ErrorKind, FinishReason, Message, ProviderError, Request, Response, StreamEvent, ToolCall,
    ToolDefinition, Usage,
};

pub(crate) fn to_request(request: CompletionRequest) -> Request {
    Request::new(request.model)
        .system(request.system)
        .with_messages(request.turns.into_iter().map(to_message))
        .with_tools(request.tools.into_iter().map(to_tool))
}

fn to_message(turn: ChatTurn) -> Message {
    match turn {
        ChatTurn::User(text) => Message::user(text),
        ChatTurn::Assistant { text, tool_uses } => {
            let calls = tool_uses.into_iter();
            let calls = calls.map(|tool| ToolCall::new(tool.id, tool.name, tool.input));
            Message::assistant(text).with_tool_calls(calls)
        }
        ChatTurn::ToolOutput {
            tool_use_id,
            output,
        } => Message::tool(tool_use_id, output),
    }
}

fn to_tool(tool: ToolSpec) -> ToolDefinition {
    ToolDefinition::new(tool.name)
        .with_description(tool.description)
        .with_parameters(tool.input_schema)
}

pub(crate) fn to_completion(response: Response) -> Completion {
    let tool_use = |call: &ToolCall| ToolUse {
        id: call.id.clone(),
        name: call.name.clone(),
        input: call.arguments.clone(),
    };
    Completion {
        text: response.text().into_owned(),
        tool_uses: response.tool_calls().map(tool_use).collect(),
        stop: to_stop(response.finish_reason),
        usage: to_usage(response.usage),
    }
}

pub(crate) fn to_event(
    event: Result<StreamEvent, ProviderError>,
) -> Result<CompletionEvent, LlmError> {
    Ok(match event.map_err(to_error)? {
        StreamEvent::Text(text) => CompletionEvent::Text(text),
        StreamEvent::ToolCallStart {
            index, id, name, ..
        } => CompletionEvent::ToolUseStart { index, id, name },
        StreamEvent::ToolCallDelta { index, arguments } => CompletionEvent::ToolUseInput {
            index,
            json: arguments,
        },
        StreamEvent::Finish { reason, usage } => CompletionEvent::Done {
            stop: to_stop(reason),
            usage: to_usage(usage),
        },
        other => {
            let problem = format!("the agent knows no {} event", other.name());
            return Err(LlmError::InvalidResponse(problem));
        }
    })
}

fn to_stop(reason: Option<FinishReason>) -> StopReason {
    let Some(reason) = reason else {
        return StopReason::Other("none".to_owned());
    };
    match reason {
        FinishReason::Stop => StopReason::EndTurn,
        FinishReason::ToolCalls => StopReason::ToolUse,
        FinishReason::Length => StopReason::MaxTokens,
        other => StopReason::Other(other.as_str().to_owned()),
    }
}

fn to_usage(usage: Option<Usage>) -> TokenUsage {
    let usage = usage.unwrap_or_default();
    TokenUsage {
        input: usage.prompt_tokens,
        output: usage.completion_tokens,
    }
}

pub(crate) fn to_error(error: ProviderError) -> LlmError {
    let retry_after = error.retry_after;
    match (error.kind, error.status) {
        (ErrorKind::RateLimit, _) => LlmError::RateLimited { retry_after },
        (ErrorKind::Overloaded, _) => LlmError::Overloaded { retry_after },
        (ErrorKind::Auth, _) => LlmError::Unauthorized(error.message),
        (ErrorKind::Timeout, _) => LlmError::Timeout,
        (ErrorKind::Connection, _) => LlmError::Connection(error.message),
        (_, status) => match status {
            Some(status) => rejected(status, error.message),
            None => LlmError::InvalidResponse(error.message),
        },
    }
}

fn rejected(status: u16, message: String) -> LlmError {
    LlmError::Rejected { status, message }
}
