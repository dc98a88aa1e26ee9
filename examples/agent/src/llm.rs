//! The provider of completions and the types that pass to and from it.

use std::ops::{Add, AddAssign};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::stream::BoxStream;
use serde_json::Value;
use thiserror::Error;

/// A provider of completions.
#[async_trait]
pub trait Llm: Send + Sync {
    /// Completes a conversation and returns the completion as a whole.
    async fn complete(&self, request: CompletionRequest) -> Result<Completion, LlmError>;

    /// Completes a conversation and returns the completion as it is written.
    async fn complete_stream(
        &self,
        request: CompletionRequest,
    ) -> Result<CompletionStream, LlmError>;
}

#[async_trait]
impl<T: Llm + ?Sized> Llm for &T {
    async fn complete(&self, request: CompletionRequest) -> Result<Completion, LlmError> {
        (**self).complete(request).await
    }

    async fn complete_stream(
        &self,
        request: CompletionRequest,
    ) -> Result<CompletionStream, LlmError> {
        (**self).complete_stream(request).await
    }
}

#[async_trait]
impl<T: Llm + ?Sized> Llm for Arc<T> {
    async fn complete(&self, request: CompletionRequest) -> Result<Completion, LlmError> {
        (**self).complete(request).await
    }

    async fn complete_stream(
        &self,
        request: CompletionRequest,
    ) -> Result<CompletionStream, LlmError> {
        (**self).complete_stream(request).await
    }
}

/// The events of a streamed completion. The last is
/// [`CompletionEvent::Done`].
pub type CompletionStream = BoxStream<'static, Result<CompletionEvent, LlmError>>;

/// What to complete, and with which model.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletionRequest {
    /// The name of the model.
    pub model: String,
    /// The instructions that precede the conversation.
    pub system: String,
    /// The conversation so far, oldest turn first.
    pub turns: Vec<ChatTurn>,
    /// The tools the model may use.
    pub tools: Vec<ToolSpec>,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatTurn {
    /// What the user said.
    User(String),
    /// What the model said, and the tools it asked for.
    Assistant {
        /// The text, which may be empty when there are tool uses.
        text: String,
        /// The tools the model asked for.
        tool_uses: Vec<ToolUse>,
    },
    /// What a tool returned.
    ToolOutput {
        /// The [`ToolUse::id`] this is the output of.
        tool_use_id: String,
        /// The output, as the model will read it.
        output: String,
    },
}

/// A model's request to run a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolUse {
    /// The provider's name for this use, which its output refers to.
    pub id: String,
    /// The name of the tool.
    pub name: String,
    /// The input as the JSON text the model wrote, which may be malformed.
    pub input: String,
}

/// A tool as it is described to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSpec {
    /// The name the model calls the tool by.
    pub name: String,
    /// What the tool does and when to use it.
    pub description: String,
    /// The JSON schema of the tool's input.
    pub input_schema: Value,
}

/// A completion as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// The text, which may be empty when there are tool uses.
    pub text: String,
    /// The tools the model asked for.
    pub tool_uses: Vec<ToolUse>,
    /// Why the model stopped.
    pub stop: StopReason,
    /// The tokens this completion took.
    pub usage: TokenUsage,
}

/// Why a model stopped writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopReason {
    /// It had said all it had to say.
    EndTurn,
    /// It waits for the output of tools.
    ToolUse,
    /// It reached the limit on output tokens, perhaps in mid-word.
    MaxTokens,
    /// A reason particular to the provider.
    Other(String),
}

/// A count of tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenUsage {
    /// Tokens the model read.
    pub input: u64,
    /// Tokens the model wrote.
    pub output: u64,
}

impl Add for TokenUsage {
    type Output = Self;

    // Saturating, since the counts come from the provider.
    fn add(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
        }
    }
}

impl AddAssign for TokenUsage {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// One event of a streamed completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompletionEvent {
    /// The next piece of the text.
    Text(String),
    /// The model begins to ask for a tool.
    ToolUseStart {
        /// Tells this tool use from others in the same completion.
        index: usize,
        /// See [`ToolUse::id`].
        id: String,
        /// See [`ToolUse::name`].
        name: String,
    },
    /// The next piece of the input of a tool use that has started.
    ToolUseInput {
        /// The index the tool use started with.
        index: usize,
        /// A piece of JSON text, cut anywhere.
        json: String,
    },
    /// The completion is finished.
    Done {
        /// Why the model stopped.
        stop: StopReason,
        /// The tokens this completion took.
        usage: TokenUsage,
    },
}

/// Why a provider did not complete a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LlmError {
    /// The caller has sent too many requests.
    #[error("rate limited by the provider")]
    RateLimited {
        /// How long the provider asks the caller to wait.
        retry_after: Option<Duration>,
    },
    /// The provider has too much to do.
    #[error("the provider is overloaded")]
    Overloaded {
        /// How long the provider asks the caller to wait.
        retry_after: Option<Duration>,
    },
    /// The credentials are missing, wrong or insufficient.
    #[error("unauthorized: {0}")]
    Unauthorized(String),
    /// The provider did not answer in time.
    #[error("the provider did not answer in time")]
    Timeout,
    /// The provider could not be reached, or the connection broke.
    #[error("connection failed: {0}")]
    Connection(String),
    /// The provider answered with any other error status.
    #[error("rejected with status {status}: {message}")]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// The provider's explanation.
        message: String,
    },
    /// The provider's answer makes no sense.
    #[error("invalid response: {0}")]
    InvalidResponse(String),
}

impl LlmError {
    /// Whether the same request may succeed later.
    ///
    /// A rejection is retryable when its status says that the fault is the
    /// provider's, 500 and up.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. }
            | Self::Overloaded { .. }
            | Self::Timeout
            | Self::Connection(_) => true,
            Self::Rejected { status, .. } => *status >= 500,
            Self::Unauthorized(_) | Self::InvalidResponse(_) => false,
        }
    }

    /// How long the provider asks the caller to wait, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after } | Self::Overloaded { retry_after } => *retry_after,
            _ => None,
        }
    }
}
