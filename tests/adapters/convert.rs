//! The newtype, and the conversions. A project writes them once, whatever the shape of its trait.

use std::ops::Deref;

use mock_core::{ErrorKind, FinishReason, MockProvider, ProviderError};
use mock_core::{Request, Response, StreamEvent, ToolCall, Usage};

use crate::types::{Call, Chunk, End, LlmError, Prompt, Reply};

#[derive(Clone)]
pub(crate) struct MockLlm(MockProvider);

impl From<MockProvider> for MockLlm {
    fn from(mock: MockProvider) -> Self {
        MockLlm(mock)
    }
}

impl Deref for MockLlm {
    type Target = MockProvider;

    fn deref(&self) -> &MockProvider {
        &self.0
    }
}

// The conversions.
impl From<Prompt> for Request {
    fn from(prompt: Prompt) -> Self {
        let request = Request::new(prompt.model).user(prompt.text);
        request.with_extra("top_k", prompt.top_k)
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        let call = |call: &ToolCall| Call {
            id: call.id.clone(),
            tool: call.name.clone(),
            arguments: call.arguments.clone(),
        };
        Reply {
            text: response.text().into_owned(),
            calls: response.tool_calls().map(call).collect(),
            end: response
                .finish_reason
                .map(|reason| end(reason, response.usage)),
        }
    }
}

impl TryFrom<StreamEvent> for Chunk {
    type Error = LlmError;

    fn try_from(event: StreamEvent) -> Result<Self, LlmError> {
        Ok(match event {
            StreamEvent::Text(text) => Chunk::Text(text),
            StreamEvent::ToolCallStart { id, name, .. } => Chunk::Call { id, tool: name },
            StreamEvent::ToolCallDelta { arguments, .. } => Chunk::Arguments(arguments),
            StreamEvent::Finish {
                reason: Some(reason),
                usage,
            } => Chunk::End(end(reason, usage)),
            other => return Err(LlmError::Broken(format!("no chunk for {}", other.name()))),
        })
    }
}

fn end(reason: FinishReason, usage: Option<Usage>) -> End {
    let usage = usage.unwrap_or_default();
    End {
        reason: reason.as_str().to_owned(),
        tokens: (usage.prompt_tokens, usage.completion_tokens),
    }
}

impl From<ProviderError> for LlmError {
    fn from(error: ProviderError) -> Self {
        match (error.kind, error.status) {
            (ErrorKind::RateLimit | ErrorKind::Overloaded, _) => LlmError::Busy {
                retry_after: error.retry_after,
            },
            (_, Some(status)) => LlmError::Status(status, error.message),
            (_, None) => LlmError::Broken(error.message),
        }
    }
}
