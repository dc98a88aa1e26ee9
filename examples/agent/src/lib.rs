//! A small LLM agent: it asks a model, runs the tools the model calls for, and
//! asks again until the model answers.
//!
//! The provider is anything that implements [`Llm`], whole or streamed.
//!
//! ```
//! # async fn example(llm: impl agent::Llm) -> Result<(), agent::AgentError> {
//! use agent::{Agent, WeatherTool};
//!
//! let agent = Agent::new(llm).model("gpt-4o").tool(WeatherTool);
//! let answer = agent.ask("What is the weather in Paris?").await?;
//! println!("{}", answer.text);
//! # Ok(())
//! # }
//! ```

mod agent;
mod llm;
mod retry;
mod tool;

pub use crate::agent::{Agent, AgentError, Answer, Progress};
pub use crate::llm::{
    ChatTurn, Completion, CompletionEvent, CompletionRequest, CompletionStream, Llm, LlmError,
    StopReason, TokenUsage, ToolSpec, ToolUse,
};
pub use crate::retry::RetryPolicy;
pub use crate::tool::{Tool, Toolbox, WeatherTool};
