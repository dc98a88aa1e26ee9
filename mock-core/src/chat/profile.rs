//! The provider that a mock imitates: [`Profile`].

use std::str::FromStr;

use crate::chat::unknown_name::UnknownName;

/// The provider that a mock imitates: its name, ids and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// A neutral provider.
    Plain,
    /// OpenAI, Chat Completions.
    Openai,
    /// OpenAI, Responses.
    OpenaiResponses,
    /// Anthropic, Messages.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Ollama.
    Ollama,
    /// OpenAI's models on Azure.
    Azure,
    /// OpenRouter. This and the following speak dialects of OpenAI's wires.
    Openrouter,
    /// DeepSeek.
    Deepseek,
    /// Mistral.
    Mistral,
    /// Groq.
    Groq,
    /// xAI.
    Xai,
    /// The server of llama.cpp.
    Llamacpp,
}

impl Profile {
    /// All profiles.
    pub const ALL: &'static [Profile] = &[
        Profile::Plain,
        Profile::Openai,
        Profile::OpenaiResponses,
        Profile::Anthropic,
        Profile::Gemini,
        Profile::Ollama,
        Profile::Azure,
        Profile::Openrouter,
        Profile::Deepseek,
        Profile::Mistral,
        Profile::Groq,
        Profile::Xai,
        Profile::Llamacpp,
    ];

    /// Returns the provider's name.
    ///
    /// ```
    /// use mock_core::scenario::Profile;
    ///
    /// assert_eq!(Profile::Anthropic.name(), "anthropic");
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Plain => "mock",
            Profile::OpenaiResponses => "openai",
            profile => profile.word(),
        }
    }

    /// Returns whether the provider speaks OpenAI's wires with differences.
    #[cfg(feature = "server")]
    pub(crate) const fn is_dialect(self) -> bool {
        match self {
            Profile::Azure
            | Profile::Openrouter
            | Profile::Deepseek
            | Profile::Mistral
            | Profile::Groq
            | Profile::Xai
            | Profile::Llamacpp => true,
            Profile::Plain
            | Profile::Openai
            | Profile::OpenaiResponses
            | Profile::Anthropic
            | Profile::Gemini
            | Profile::Ollama => false,
        }
    }

    /// Returns the word for it in a scenario.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Profile::Plain => "plain",
            Profile::Openai => "openai",
            Profile::OpenaiResponses => "openai_responses",
            Profile::Anthropic => "anthropic",
            Profile::Gemini => "gemini",
            Profile::Ollama => "ollama",
            Profile::Azure => "azure",
            Profile::Openrouter => "openrouter",
            Profile::Deepseek => "deepseek",
            Profile::Mistral => "mistral",
            Profile::Groq => "groq",
            Profile::Xai => "xai",
            Profile::Llamacpp => "llamacpp",
        }
    }
}

/// Reads the word for it in a scenario: `openai`, `openai_responses`, …
///
/// ```
/// use mock_core::scenario::Profile;
///
/// assert_eq!("openai_responses".parse(), Ok(Profile::OpenaiResponses));
/// assert!("OpenAI".parse::<Profile>().is_err());
/// ```
impl FromStr for Profile {
    type Err = UnknownName;

    #[inline]
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        UnknownName::find("a profile", text, Profile::ALL, Profile::word)
    }
}
