//! Reading raw answers: [`RawAnswers`] is implemented by the wires and used by the engine.

use std::borrow::Cow;

use crate::chat::embedding::EmbeddingResponse;
use crate::chat::error::ProviderError;
use crate::chat::event::StreamEvent;
use crate::chat::profile::Profile;
use crate::chat::response::Response;

/// Reads raw answers in process as a client of a provider does. Each method returns `None` if it knows no wire for the profile.
pub(crate) trait RawAnswers: Sync {
    /// Makes a reader at the start of a stream.
    fn frames(&self, profile: Profile) -> Option<Box<dyn ReadFrames>>;

    /// Reads a whole answer.
    fn whole(
        &self,
        profile: Profile,
        status: u16,
        headers: &[(Cow<'static, str>, Cow<'static, str>)],
        body: &str,
    ) -> Option<Result<Response, ProviderError>>;

    /// Reads an answer with embeddings.
    fn embeddings(
        &self,
        profile: Profile,
        status: u16,
        headers: &[(Cow<'static, str>, Cow<'static, str>)],
        body: &str,
    ) -> Option<Result<EmbeddingResponse, ProviderError>>;
}

/// Reads the frames of one streamed answer.
pub(crate) trait ReadFrames: Send + Sync {
    /// Reads the next frame. After an error it returns nothing more.
    fn read(&mut self, frame: &str) -> Vec<Result<StreamEvent, ProviderError>>;

    /// Returns the finish event of frames that end without the end mark of the wire, if they have a finish reason or a usage.
    fn end(&mut self) -> Option<StreamEvent>;

    /// An answer without content, with what the frames so far contain beside their events.
    fn head(&self) -> &Response;
}
