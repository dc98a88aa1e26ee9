//! What differs between `/api/chat` and `/api/generate` in an answer: [`Endpoint`].

/// The endpoint that is asked for an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Endpoint {
    /// `/api/chat`, whose answers are messages.
    Chat,
    /// `/api/generate`, whose answers are texts.
    Generate,
}

impl Endpoint {
    /// The field that holds the content of the answer.
    pub(super) fn content(self) -> &'static str {
        match self {
            Endpoint::Chat => "content",
            Endpoint::Generate => "response",
        }
    }
}
