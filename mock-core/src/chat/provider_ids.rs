//! How the ids of answers and of tool calls look at each provider.

use super::profile::Profile;

impl Profile {
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

/// How ids look.
#[derive(Clone, Copy)]
pub(crate) struct IdForm {
    /// The prefix of every id.
    pub(crate) prefix: &'static str,
    /// The characters after the prefix, over the wire.
    #[cfg(feature = "server")]
    pub(crate) fixed: &'static str,
    /// How many digits follow over the wire, and which.
    #[cfg(feature = "server")]
    pub(crate) digits: (usize, Digits),
}

/// The digits of ids.
#[derive(Clone, Copy)]
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
