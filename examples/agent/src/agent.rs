//! The agent and its loop.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::future::join_all;
use futures::stream::{self, StreamExt};
use thiserror::Error;

use crate::llm::{
    ChatTurn, Completion, CompletionEvent, CompletionRequest, CompletionStream, Llm, LlmError,
    StopReason, TokenUsage, ToolUse,
};
use crate::retry::RetryPolicy;
use crate::tool::{Tool, Toolbox};

/// A model with instructions and tools, ready to answer questions.
#[derive(Clone)]
#[must_use]
pub struct Agent<L> {
    llm: L,
    model: String,
    system: String,
    tools: Toolbox,
    retry: RetryPolicy,
    max_rounds: usize,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The text of the last completion, cut short if it reached the token limit.
    pub text: String,
    /// The tokens of all completions.
    pub usage: TokenUsage,
    /// How many completions the answer took.
    pub rounds: usize,
    /// The whole conversation, from the question to the answer.
    pub turns: Vec<ChatTurn>,
}

/// What happens on the way to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// The next piece of the model's text.
    Text(&'a str),
    /// A tool is about to run.
    ToolStarted(&'a ToolUse),
    /// A tool has run.
    ToolFinished {
        /// The use that was made of the tool.
        tool: &'a ToolUse,
        /// The tool's answer to the model.
        output: &'a str,
    },
    /// A request failed and will be sent again.
    Retrying {
        /// Why the request failed.
        error: &'a LlmError,
        /// The wait before it is sent again.
        wait: Duration,
    },
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AgentError {
    /// A request failed for good before any of its text arrived.
    #[error(transparent)]
    Llm(#[from] LlmError),
    /// A stream failed after its first text, which is not an answer without the rest.
    #[error("the completion was interrupted")]
    Interrupted {
        /// The text up to the failure.
        partial: String,
        /// The failure.
        #[source]
        error: LlmError,
    },
    /// A stream ended too soon, or the token limit cut off the completion.
    #[error("the completion was truncated")]
    Truncated {
        /// The text up to the end.
        partial: String,
    },
    /// The model stopped for a reason of its provider's, such as a filter.
    #[error("the model stopped: {reason}")]
    Stopped {
        /// The provider's word for it.
        reason: String,
    },
    /// The model still asked for tools in the last round it was allowed.
    #[error("no answer after {0} rounds")]
    TooManyRounds(usize),
}

type Sink<'a> = dyn FnMut(Progress<'_>) + Send + 'a;

#[derive(Clone, Copy)]
enum Delivery {
    Whole,
    Streamed,
}

impl<L: Llm> Agent<L> {
    /// Creates an agent without tools.
    pub fn new(llm: L) -> Self {
        Self {
            llm,
            model: "gpt-4o".to_owned(),
            system: "You are a helpful assistant. Use your tools when they help.".to_owned(),
            tools: Toolbox::default(),
            retry: RetryPolicy::default(),
            max_rounds: 8,
        }
    }

    /// Sets the name of the model, `gpt-4o` by default.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = model.into();
        self
    }

    /// Sets the instructions that precede each conversation.
    pub fn system(mut self, system: impl Into<String>) -> Self {
        self.system = system.into();
        self
    }

    /// Adds a tool, in place of any other of the same name.
    pub fn tool(mut self, tool: impl Tool + 'static) -> Self {
        self.tools.add(tool);
        self
    }

    /// Sets how failed requests are retried.
    pub fn retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how many completions an answer may take, 8 by default.
    pub fn max_rounds(mut self, max_rounds: usize) -> Self {
        self.max_rounds = max_rounds;
        self
    }

    /// Answers a question.
    pub async fn ask(&self, question: &str) -> Result<Answer, AgentError> {
        self.converse(question, Delivery::Whole, &mut |_| {}).await
    }

    /// Answers a question and reports progress to `sink` as it is made.
    ///
    /// A request is retried only until the first text of its stream, so no text
    /// is reported twice. A tool use that breaks off before that is asked for again.
    pub async fn ask_streaming(
        &self,
        question: &str,
        sink: &mut (dyn FnMut(Progress<'_>) + Send),
    ) -> Result<Answer, AgentError> {
        self.converse(question, Delivery::Streamed, sink).await
    }

    async fn converse(
        &self,
        question: &str,
        delivery: Delivery,
        sink: &mut Sink<'_>,
    ) -> Result<Answer, AgentError> {
        let mut request = self.request(question);
        let mut usage = TokenUsage::default();
        for rounds in 1..=self.max_rounds {
            let completion = self.round(&request, delivery, sink).await?;
            usage += completion.usage;
            let (text, tool_uses) = (completion.text, completion.tool_uses);
            match completion.stop {
                StopReason::EndTurn | StopReason::ToolUse => {}
                StopReason::MaxTokens => return Err(AgentError::Truncated { partial: text }),
                StopReason::Other(reason) => return Err(AgentError::Stopped { reason }),
            }
            request.turns.push(ChatTurn::Assistant {
                text: text.clone(),
                tool_uses: tool_uses.clone(),
            });
            if tool_uses.is_empty() {
                return Ok(Answer {
                    text,
                    usage,
                    rounds,
                    turns: request.turns,
                });
            }
            // After the last round the model would not see the outputs.
            if rounds < self.max_rounds {
                request.turns.extend(self.run_tools(&tool_uses, sink).await);
            }
        }
        Err(AgentError::TooManyRounds(self.max_rounds))
    }

    fn request(&self, question: &str) -> CompletionRequest {
        CompletionRequest {
            model: self.model.clone(),
            system: self.system.clone(),
            turns: vec![ChatTurn::User(question.to_owned())],
            tools: self.tools.specs(),
        }
    }

    async fn round(
        &self,
        request: &CompletionRequest,
        delivery: Delivery,
        sink: &mut Sink<'_>,
    ) -> Result<Completion, AgentError> {
        let on_retry = |error: &LlmError, wait| sink(Progress::Retrying { error, wait });
        match delivery {
            Delivery::Whole => {
                let call = || self.llm.complete(request.clone());
                Ok(self.retry.run(on_retry, call).await?)
            }
            Delivery::Streamed => {
                let stream = self.retry.run(on_retry, || self.open(request)).await?;
                Draft::default().read(stream, sink).await
            }
        }
    }

    /// Opens a stream and reads up to its first text, or to its end: a failure until
    /// then shows to nobody, so that the request can be sent again.
    async fn open(&self, request: &CompletionRequest) -> Result<CompletionStream, LlmError> {
        let mut events = self.llm.complete_stream(request.clone()).await?.fuse();
        let mut read = Vec::new();
        while let Some(event) = events.next().await.transpose()? {
            let is_text = matches!(event, CompletionEvent::Text(_));
            read.push(Ok(event));
            if is_text {
                break;
            }
        }
        Ok(stream::iter(read).chain(events).boxed())
    }

    async fn run_tools(&self, tool_uses: &[ToolUse], sink: &mut Sink<'_>) -> Vec<ChatTurn> {
        for tool in tool_uses {
            sink(Progress::ToolStarted(tool));
        }
        let outputs = join_all(tool_uses.iter().map(|tool| self.tools.run(tool))).await;
        let mut turns = Vec::with_capacity(outputs.len());
        for (tool, output) in tool_uses.iter().zip(outputs) {
            sink(Progress::ToolFinished {
                tool,
                output: &output,
            });
            turns.push(ChatTurn::ToolOutput {
                tool_use_id: tool.id.clone(),
                output,
            });
        }
        turns
    }
}

/// A completion whose stream is still being read.
#[derive(Default)]
struct Draft {
    text: String,
    tool_uses: BTreeMap<usize, ToolUse>,
}

impl Draft {
    async fn read(
        mut self,
        stream: CompletionStream,
        sink: &mut Sink<'_>,
    ) -> Result<Completion, AgentError> {
        match self.read_events(stream, sink).await {
            Ok(Some((stop, usage))) => Ok(Completion {
                text: self.text,
                tool_uses: self.tool_uses.into_values().collect(),
                stop,
                usage,
            }),
            Ok(None) => Err(AgentError::Truncated { partial: self.text }),
            Err(error) => Err(AgentError::Interrupted {
                partial: self.text,
                error,
            }),
        }
    }

    /// Returns `None` if the stream ends before the completion is done.
    async fn read_events(
        &mut self,
        mut stream: CompletionStream,
        sink: &mut Sink<'_>,
    ) -> Result<Option<(StopReason, TokenUsage)>, LlmError> {
        while let Some(event) = stream.next().await.transpose()? {
            match event {
                CompletionEvent::Text(text) => {
                    sink(Progress::Text(&text));
                    self.text.push_str(&text);
                }
                CompletionEvent::ToolUseStart { index, id, name } => {
                    self.start_tool_use(index, id, name)?;
                }
                CompletionEvent::ToolUseInput { index, json } => {
                    self.extend_tool_use(index, &json)?;
                }
                CompletionEvent::Done { stop, usage } => return Ok(Some((stop, usage))),
            }
        }
        Ok(None)
    }

    fn start_tool_use(&mut self, index: usize, id: String, name: String) -> Result<(), LlmError> {
        let input = String::new();
        let started = self.tool_uses.insert(index, ToolUse { id, name, input });
        match started {
            None => Ok(()),
            Some(_) => Err(LlmError::InvalidResponse(format!(
                "tool use {index} started twice"
            ))),
        }
    }

    fn extend_tool_use(&mut self, index: usize, json: &str) -> Result<(), LlmError> {
        let tool_use = self.tool_uses.get_mut(&index).ok_or_else(|| {
            LlmError::InvalidResponse(format!("input for tool use {index}, which has not started"))
        })?;
        tool_use.input.push_str(json);
        Ok(())
    }
}
