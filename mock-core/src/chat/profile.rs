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

    /// How the provider's ids of answers look.
    pub(crate) const fn response_ids(self) -> IdForm {
        match self {
            Profile::Openai | Profile::Azure | Profile::Groq => IdForm::base62("chatcmpl-", "", 29),
            Profile::Llamacpp => IdForm::base62("chatcmpl-", "", 32),
            Profile::Openrouter => IdForm::base62("gen-", "1700000000-", 20),
            Profile::Anthropic => IdForm::base62("msg_", "01", 22),
            Profile::OpenaiResponses => IdForm::hex("resp_", 48),
            Profile::Ollama | Profile::Plain => IdForm::base62("resp_", "", 24),
            Profile::Gemini => IdForm::base62("", "", 22),
            Profile::Mistral => IdForm::hex("", 32),
            Profile::Deepseek | Profile::Xai => IdForm::UUID,
        }
    }

    /// How the provider's ids of tool calls look.
    pub(crate) const fn call_ids(self) -> IdForm {
        match self {
            Profile::Anthropic => IdForm::base62("toolu_", "01", 22),
            Profile::Deepseek => IdForm::base62("call_", "00_", 24),
            Profile::Ollama => IdForm::base62("call_", "", 11),
            Profile::Gemini => IdForm::base62("", "", 12),
            Profile::Mistral => IdForm::base62("", "", 9),
            Profile::Llamacpp => IdForm::base62("", "", 32),
            _ => IdForm::base62("call_", "", 24),
        }
    }

    /// The prefix of the ids of answers in process, where they are numbered.
    pub(crate) const fn response_prefix(self) -> &'static str {
        self.response_ids().prefix_or("resp_")
    }

    /// The same for ids of tool calls.
    pub(crate) const fn call_prefix(self) -> &'static str {
        self.call_ids().prefix_or("call_")
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

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        UnknownName::find("a profile", text, Profile::ALL, Profile::word)
    }
}

/// How ids look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct IdForm {
    /// What all of them begin with.
    pub(crate) prefix: &'static str,
    /// What follows over the wire, in each of them.
    #[cfg(feature = "server")]
    pub(crate) fixed: &'static str,
    /// How many digits follow over the wire, and which.
    #[cfg(feature = "server")]
    pub(crate) digits: (usize, Digits),
}

/// The digits of ids.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Digits {
    /// Letters and digits.
    Base62,
    /// Hexadecimal ones.
    Hex,
    /// Hexadecimal ones, with dashes as in a UUID.
    Uuid,
}

impl IdForm {
    const UUID: IdForm = IdForm::new("", "", 32, Digits::Uuid);

    const fn base62(prefix: &'static str, fixed: &'static str, digits: usize) -> IdForm {
        IdForm::new(prefix, fixed, digits, Digits::Base62)
    }

    const fn hex(prefix: &'static str, digits: usize) -> IdForm {
        IdForm::new(prefix, "", digits, Digits::Hex)
    }

    #[cfg_attr(not(feature = "server"), expect(unused_variables))]
    const fn new(prefix: &'static str, fixed: &'static str, digits: usize, kind: Digits) -> IdForm {
        IdForm {
            prefix,
            #[cfg(feature = "server")]
            fixed,
            #[cfg(feature = "server")]
            digits: (digits, kind),
        }
    }

    const fn prefix_or(self, other: &'static str) -> &'static str {
        match self.prefix.is_empty() {
            true => other,
            false => self.prefix,
        }
    }
}
