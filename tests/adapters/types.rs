//! The types of an imaginary project. Every trait here is written in them.

use std::time::Duration;

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Prompt {
    pub(crate) model: String,
    pub(crate) text: String,
    pub(crate) top_k: u32,
}

/// What is answered.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Reply {
    pub(crate) text: String,
    pub(crate) calls: Vec<Call>,
    pub(crate) end: Option<End>,
}

/// A tool to be run, and with what.
#[derive(Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) tool: String,
    pub(crate) arguments: String,
}

/// How an answer ended, and what it cost.
#[derive(Debug, PartialEq)]
pub(crate) struct End {
    pub(crate) reason: String,
    pub(crate) tokens: (u64, u64),
}

/// A piece of a streamed answer.
#[derive(Debug, PartialEq)]
pub(crate) enum Chunk {
    Text(String),
    Call { id: String, tool: String },
    Arguments(String),
    End(End),
}

/// Why there is no answer.
#[derive(Debug, PartialEq)]
pub(crate) enum LlmError {
    Busy { retry_after: Option<Duration> },
    Status(u16, String),
    Broken(String),
}
