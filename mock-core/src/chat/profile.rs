//! The provider that a mock imitates: [`Profile`].

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

    pub(crate) const fn response_prefix(self) -> &'static str {
        match self {
            Profile::Openai | Profile::Azure | Profile::Groq | Profile::Llamacpp => "chatcmpl-",
            Profile::Openrouter => "gen-",
            Profile::Anthropic => "msg_",
            _ => "resp_",
        }
    }

    pub(crate) const fn call_prefix(self) -> &'static str {
        match self {
            Profile::Anthropic => "toolu_",
            _ => "call_",
        }
    }
}
