//! Which provider a mock speaks for: [`Profile`].

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
}

impl Profile {
    /// The provider's name.
    pub const fn name(self) -> &'static str {
        match self {
            Profile::Plain => "mock",
            Profile::Openai | Profile::OpenaiResponses => "openai",
            Profile::Anthropic => "anthropic",
            Profile::Gemini => "gemini",
            Profile::Ollama => "ollama",
        }
    }

    /// Whether the wire of its provider is spoken here; that of `plain` is the one of the client.
    pub(crate) const fn has_wire(self) -> bool {
        match self {
            Profile::Plain | Profile::Openai | Profile::OpenaiResponses | Profile::Anthropic => {
                true
            }
            Profile::Gemini | Profile::Ollama => false,
        }
    }

    /// The word for it in a scenario.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Profile::Plain => "plain",
            Profile::Openai => "openai",
            Profile::OpenaiResponses => "openai_responses",
            Profile::Anthropic => "anthropic",
            Profile::Gemini => "gemini",
            Profile::Ollama => "ollama",
        }
    }

    pub(crate) const fn response_prefix(self) -> &'static str {
        match self {
            Profile::Openai => "chatcmpl-",
            Profile::Anthropic => "msg_",
            Profile::Plain | Profile::OpenaiResponses | Profile::Gemini | Profile::Ollama => {
                "resp_"
            }
        }
    }

    pub(crate) const fn call_prefix(self) -> &'static str {
        match self {
            Profile::Anthropic => "toolu_",
            _ => "call_",
        }
    }
}
