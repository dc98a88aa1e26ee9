//! The end of an answer and its cost: [`FinishReason`] and [`Usage`].

use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};

/// Why a model stopped.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum FinishReason {
    /// The answer is complete.
    Stop,
    /// The answer reached the token limit.
    Length,
    /// The model calls tools and waits for their results.
    ToolCalls,
    /// A content filter stopped the answer.
    ContentFilter,
    /// A reason that only one provider has, by its name on the wire.
    Other(Cow<'static, str>),
}

impl FinishReason {
    /// Returns the reason of an answer that stopped by itself, on wires that have no reason of their own for tool calls.
    #[cfg(feature = "server")]
    pub(crate) fn stopped(has_calls: bool) -> Self {
        match has_calls {
            true => FinishReason::ToolCalls,
            false => FinishReason::Stop,
        }
    }

    /// Returns the reason's name: `"stop"`, `"length"`, `"tool_calls"`, `"content_filter"` or the provider's own.
    ///
    /// ```
    /// use mock_core::FinishReason;
    ///
    /// assert_eq!(FinishReason::ToolCalls.as_str(), "tool_calls");
    /// ```
    pub fn as_str(&self) -> &str {
        match self {
            FinishReason::Stop => "stop",
            FinishReason::Length => "length",
            FinishReason::ToolCalls => "tool_calls",
            FinishReason::ContentFilter => "content_filter",
            FinishReason::Other(name) => name,
        }
    }
}

/// Writes [`as_str`](FinishReason::as_str).
impl fmt::Display for FinishReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The numbers of tokens of a request and its answer.
///
/// ```
/// use mock_core::Usage;
///
/// let usage = Usage::new(100, 20).cache_read(80).reasoning(5);
/// assert_eq!(usage.prompt_tokens, 100);
/// assert_eq!(usage.total_tokens(), 120);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
#[must_use]
pub struct Usage {
    /// Tokens of the request, including those read from or written to a cache. This is OpenAI's `prompt_tokens`. Anthropic's `input_tokens`
    /// do not include [`cache_read_tokens`](Usage::cache_read_tokens) and [`cache_write_tokens`](Usage::cache_write_tokens).
    pub prompt_tokens: u64,
    /// Tokens of the answer, including those of reasoning.
    pub completion_tokens: u64,
    /// Tokens of the request that were read from the provider's cache; a part of `prompt_tokens`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub cache_read_tokens: u64,
    /// Tokens of the request that were written to the provider's cache; a part of `prompt_tokens`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub cache_write_tokens: u64,
    /// Tokens of reasoning; a part of `completion_tokens`.
    #[cfg_attr(feature = "serde", serde(default))]
    pub reasoning_tokens: u64,
}

impl Usage {
    /// Creates a usage from the tokens of the request and of the answer.
    ///
    /// ```
    /// use mock_core::Usage;
    ///
    /// let usage = Usage::new(11, 7);
    /// assert_eq!((usage.prompt_tokens, usage.completion_tokens), (11, 7));
    /// ```
    pub const fn new(prompt_tokens: u64, completion_tokens: u64) -> Self {
        Usage {
            prompt_tokens,
            completion_tokens,
            cache_read_tokens: 0,
            cache_write_tokens: 0,
            reasoning_tokens: 0,
        }
    }

    /// Sets the number of the request's tokens that were read from the cache.
    ///
    /// ```
    /// use mock_core::Usage;
    ///
    /// assert_eq!(Usage::new(11, 7).cache_read(8).cache_read_tokens, 8);
    /// ```
    pub const fn cache_read(mut self, tokens: u64) -> Self {
        self.cache_read_tokens = tokens;
        self
    }

    /// Sets the number of the request's tokens that were written to the cache.
    ///
    /// ```
    /// use mock_core::Usage;
    ///
    /// assert_eq!(Usage::new(11, 7).cache_write(8).cache_write_tokens, 8);
    /// ```
    pub const fn cache_write(mut self, tokens: u64) -> Self {
        self.cache_write_tokens = tokens;
        self
    }

    /// Sets the number of the answer's tokens that were reasoning.
    ///
    /// ```
    /// use mock_core::Usage;
    ///
    /// assert_eq!(Usage::new(11, 7).reasoning(5).reasoning_tokens, 5);
    /// ```
    pub const fn reasoning(mut self, tokens: u64) -> Self {
        self.reasoning_tokens = tokens;
        self
    }

    /// Returns the tokens of the request and of the answer together.
    ///
    /// ```
    /// use mock_core::Usage;
    ///
    /// assert_eq!(Usage::new(11, 7).total_tokens(), 18);
    /// ```
    pub const fn total_tokens(self) -> u64 {
        self.prompt_tokens.saturating_add(self.completion_tokens)
    }
}
