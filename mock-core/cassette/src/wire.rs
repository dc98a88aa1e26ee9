//! The wire of a recorded exchange, as its path tells: [`RecordedWire`].

use crate::Interaction;

/// The wire format of a request to a model and of its response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordedWire {
    /// Chat completions of OpenAI, and of the providers that speak them.
    Openai,
    /// Responses of OpenAI.
    OpenaiResponses,
    /// Messages of Anthropic.
    Anthropic,
    /// `generateContent` of Gemini.
    Gemini,
    /// `/api/chat` of Ollama.
    Ollama,
}

impl RecordedWire {
    /// All of them.
    pub const ALL: &'static [RecordedWire] = &[
        RecordedWire::Openai,
        RecordedWire::OpenaiResponses,
        RecordedWire::Anthropic,
        RecordedWire::Gemini,
        RecordedWire::Ollama,
    ];

    /// Returns the profile of a mock that speaks it.
    pub const fn profile(self) -> &'static str {
        match self {
            RecordedWire::Openai => "openai",
            RecordedWire::OpenaiResponses => "openai_responses",
            RecordedWire::Anthropic => "anthropic",
            RecordedWire::Gemini => "gemini",
            RecordedWire::Ollama => "ollama",
        }
    }
}

impl Interaction {
    /// Returns the wire of a request to a model, as the end of the path tells: `/chat/completions`, `/responses`, `/messages`,
    /// `:generateContent`, `:streamGenerateContent` or `/api/chat`; `None` for every other path.
    ///
    /// ```
    /// use mock_core::cassette::{Interaction, RecordedWire};
    ///
    /// let chat = Interaction::new("POST", "/v1/chat/completions");
    /// assert_eq!(chat.wire(), Some(RecordedWire::Openai));
    /// assert_eq!(Interaction::new("GET", "/v1/models").wire(), None);
    /// ```
    pub fn wire(&self) -> Option<RecordedWire> {
        let path = &*self.path;
        if path.ends_with("/chat/completions") {
            Some(RecordedWire::Openai)
        } else if path.ends_with("/responses") {
            Some(RecordedWire::OpenaiResponses)
        } else if path.ends_with("/messages") {
            Some(RecordedWire::Anthropic)
        } else if self.gemini_model().is_some() {
            Some(RecordedWire::Gemini)
        } else if path == "/api/chat" {
            Some(RecordedWire::Ollama)
        } else {
            None
        }
    }

    /// Returns the model that the path of a request to Gemini names, and whether the path asks for a stream.
    pub fn gemini_model(&self) -> Option<(&str, bool)> {
        let (model, method) = self.path.rsplit('/').next()?.split_once(':')?;
        match method {
            "generateContent" => Some((model, false)),
            "streamGenerateContent" => Some((model, true)),
            _ => None,
        }
    }
}
