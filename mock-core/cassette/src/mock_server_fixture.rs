//! The answers of other mock servers: [`Fixture`], a rule whose answer belongs to no wire.

use std::time::Duration;

/// A fixture of aimock or llmposter: an answer to requests of a kind. It is not a recorded exchange, so it answers on each wire.
///
/// ```
/// use mock_core::cassette::Cassette;
///
/// let text = r#"{"fixtures": [{"match": {"userMessage": "hello"}, "response": {"content": "Hi."}}]}"#;
/// let cassette = Cassette::parse(text)?;
/// assert_eq!(cassette.fixtures().len(), 1);
/// assert!(cassette.interactions().is_empty());
/// # Ok::<(), mock_core::cassette::CassetteError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Fixture {
    /// Its line in the file, from 1.
    pub line: u32,
    /// The conditions for the requests that it answers.
    pub conditions: Vec<FixtureCondition>,
    /// The parts of its answer, in order.
    pub parts: Vec<FixturePart>,
    /// Why the answer ends, by the name that a provider has for it.
    pub finish: Option<String>,
    /// The error that it answers with, if it is one.
    pub error: Option<FixtureError>,
    /// The body of an answer that is not in the format of a provider, with the status 200.
    pub body: Option<String>,
    /// The vector of an answer to a request for embeddings.
    pub vector: Vec<f32>,
    /// The tokens of the answer, if it tells them.
    pub usage: Option<FixtureUsage>,
    /// Which of the requests that its conditions hold for it answers, from 0; `None` for all that are left. Fixtures with the same
    /// conditions have the numbers from 0 on.
    pub number: Option<u32>,
    /// The time before the answer.
    pub delay: Duration,
    /// The time before the first piece of a stream.
    pub ttft: Duration,
    /// The time before each piece of a stream.
    pub gap: Duration,
    /// The number of characters in each piece of a stream; `None` for words.
    pub chunk_size: Option<u32>,
    /// Where a stream breaks off, if it does.
    pub end: Option<FixtureEnd>,
    /// The provider whose requests it answers: `openai`, `responses`, `anthropic` or `gemini`.
    pub provider: Option<String>,
}

/// The tokens of a request and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FixtureUsage {
    /// The tokens of the request.
    pub prompt: u64,
    /// The tokens of the answer.
    pub completion: u64,
    /// The tokens of the request that came from a cache.
    pub cached: u64,
    /// The tokens of the answer that are reasoning.
    pub reasoning: u64,
}

/// How a stream breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixtureEnd {
    /// The stream ends after this many frames, without an error and without its last frames.
    Truncated(u32),
    /// The connection breaks after this many frames.
    CutAfterFrames(u32),
    /// The connection breaks after this time.
    CutAfter(Duration),
}

/// A condition for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixtureCondition {
    /// The text of the last user message that has one.
    User(TextCondition),
    /// The text of a request for embeddings.
    Input(TextCondition),
    /// The instructions contain this.
    System(String),
    /// The name of the model.
    Model(TextCondition),
    /// The request offers this tool.
    HasTool(String),
    /// The last message is the result of the tool call with this id.
    ToolCallId(String),
    /// The last message is the result of a tool call, and contains this.
    ToolResult(String),
    /// Whether there is the result of a tool call behind the last user message.
    HasToolResult(bool),
    /// There are at least this many messages of the assistant.
    Assistants(usize),
}

/// A condition for a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextCondition {
    /// The text contains this.
    Contains(String),
    /// The text is this, or this followed by a version: `gpt-4o` and `gpt-4o-2024-08-06`, but not `gpt-4o-mini`.
    Version(String),
    /// A regular expression matches a part of it. A mock with it needs the feature `regex`.
    Pattern(String),
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FixturePart {
    /// A text.
    Text(String),
    /// Reasoning.
    Reasoning(String),
    /// The provider's signature of the reasoning before it.
    Signature(String),
    /// A refusal.
    Refusal(String),
    /// A tool call.
    #[non_exhaustive]
    Call {
        /// The tool.
        name: String,
        /// The arguments, which are JSON.
        arguments: String,
        /// The id; `None` for one that the mock makes.
        id: Option<String>,
    },
}

/// An error that a fixture answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixtureError {
    /// The status, from 400 to 999.
    pub status: u16,
    /// The message.
    pub message: String,
    /// The provider's code.
    pub code: Option<String>,
    /// The time after which the request may be sent again.
    pub retry_after: Option<Duration>,
    /// Further headers of the response.
    pub headers: Vec<(String, String)>,
}

impl Fixture {
    /// Its texts, which may hold secrets.
    pub(crate) fn texts(&mut self) -> Vec<&mut String> {
        let mut texts = Vec::new();
        for condition in &mut self.conditions {
            match condition {
                FixtureCondition::User(condition)
                | FixtureCondition::Input(condition)
                | FixtureCondition::Model(condition) => match condition {
                    TextCondition::Contains(text)
                    | TextCondition::Version(text)
                    | TextCondition::Pattern(text) => texts.push(text),
                },
                FixtureCondition::System(text)
                | FixtureCondition::ToolCallId(text)
                | FixtureCondition::ToolResult(text) => texts.push(text),
                FixtureCondition::HasTool(_)
                | FixtureCondition::HasToolResult(_)
                | FixtureCondition::Assistants(_) => {}
            }
        }
        for part in &mut self.parts {
            match part {
                FixturePart::Text(text)
                | FixturePart::Reasoning(text)
                | FixturePart::Signature(text)
                | FixturePart::Refusal(text) => texts.push(text),
                FixturePart::Call { arguments, id, .. } => {
                    texts.push(arguments);
                    texts.extend(id);
                }
            }
        }
        texts.extend(&mut self.body);
        if let Some(error) = &mut self.error {
            texts.push(&mut error.message);
            texts.extend(error.headers.iter_mut().map(|(_, value)| value));
        }
        texts
    }
}

impl TextCondition {
    /// Whether it holds of a text. `pattern` tells whether a regular expression matches.
    pub fn holds(&self, text: &str, pattern: impl Fn(&str, &str) -> bool) -> bool {
        match self {
            TextCondition::Contains(part) => text.contains(part.as_str()),
            TextCondition::Pattern(source) => pattern(source, text),
            TextCondition::Version(name) => text.strip_prefix(name.as_str()).is_some_and(|rest| {
                let version = rest.strip_prefix('-').unwrap_or_default();
                rest.is_empty() || version.starts_with(|c: char| c.is_ascii_digit())
            }),
        }
    }
}
