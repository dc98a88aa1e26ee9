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
    /// Interactions of Gemini.
    GeminiInteractions,
    /// Ollama's own: `/api/chat` and `/api/generate`.
    Ollama,
}

impl RecordedWire {
    /// All of them.
    pub const ALL: &'static [RecordedWire] = &[
        RecordedWire::Openai,
        RecordedWire::OpenaiResponses,
        RecordedWire::Anthropic,
        RecordedWire::Gemini,
        RecordedWire::GeminiInteractions,
        RecordedWire::Ollama,
    ];

    /// Returns the profile of a mock that speaks it.
    pub const fn profile(self) -> &'static str {
        match self {
            RecordedWire::Openai => "openai",
            RecordedWire::OpenaiResponses => "openai_responses",
            RecordedWire::Anthropic => "anthropic",
            RecordedWire::Gemini | RecordedWire::GeminiInteractions => "gemini",
            RecordedWire::Ollama => "ollama",
        }
    }
}

impl Interaction {
    /// Returns the wire of a request to a model, as the end of the path tells; `None` for every other path. That of a chat ends in
    /// `/chat/completions`, `/responses`, `/messages`, `:generateContent`, `:streamGenerateContent`, `/interactions`, `/api/chat` or
    /// `/api/generate`, and that of [embeddings](Self::asks_embeddings) in `/embeddings`, `:embedContent`, `:batchEmbedContents` or
    /// `/api/embed`. `/api/embeddings` is Ollama's.
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
        if OLLAMA_EMBEDDINGS.contains(&path) {
            Some(RecordedWire::Ollama)
        } else if path.ends_with("/chat/completions") || path.ends_with("/embeddings") {
            Some(RecordedWire::Openai)
        } else if path.ends_with("/responses") {
            Some(RecordedWire::OpenaiResponses)
        } else if path.ends_with("/messages") {
            Some(RecordedWire::Anthropic)
        } else if self.gemini_method().is_some() {
            Some(RecordedWire::Gemini)
        } else if path.ends_with("/interactions") {
            Some(RecordedWire::GeminiInteractions)
        } else if matches!(path, "/api/chat" | "/api/generate") {
            Some(RecordedWire::Ollama)
        } else {
            None
        }
    }

    /// Whether the request is one for embeddings, as the path tells.
    ///
    /// ```
    /// use mock_core::cassette::Interaction;
    ///
    /// assert!(Interaction::new("POST", "/v1/embeddings").asks_embeddings());
    /// assert!(!Interaction::new("POST", "/v1/chat/completions").asks_embeddings());
    /// ```
    pub fn asks_embeddings(&self) -> bool {
        let of_gemini = self.gemini_method();
        self.path.ends_with("/embeddings")
            || OLLAMA_EMBEDDINGS.contains(&&*self.path)
            || of_gemini.is_some_and(|(_, method)| EMBEDDING_METHODS.contains(&method))
    }

    /// Returns the model that the path of a request to Gemini names, and the method, such as `streamGenerateContent`.
    ///
    /// ```
    /// use mock_core::cassette::Interaction;
    ///
    /// let asked = Interaction::new("POST", "/v1beta/models/gemini-2.5-flash:generateContent");
    /// assert_eq!(asked.gemini_method(), Some(("gemini-2.5-flash", "generateContent")));
    /// ```
    pub fn gemini_method(&self) -> Option<(&str, &str)> {
        let (model, method) = self.path.rsplit('/').next()?.split_once(':')?;
        let mut known = CHAT_METHODS.iter().chain(&EMBEDDING_METHODS);
        known
            .any(|known| *known == method)
            .then_some((model, method))
    }
}

/// Methods of a model of Gemini that answer.
const CHAT_METHODS: [&str; 2] = ["generateContent", "streamGenerateContent"];

/// Methods of a model of Gemini that return embeddings.
const EMBEDDING_METHODS: [&str; 2] = ["embedContent", "batchEmbedContents"];

/// The paths of Ollama for embeddings.
const OLLAMA_EMBEDDINGS: [&str; 2] = ["/api/embed", "/api/embeddings"];
