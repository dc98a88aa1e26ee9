//! Turns that answer requests for embeddings.

use super::actions::turn;
use crate::scenario::{Action, IntoVector, Turn};

/// Begins a turn that answers a request for embeddings with vectors made from the texts. See [`Turn::embed`].
///
/// ```
/// use mock_core::{EmbeddingRequest, MockProvider, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
/// let response = MockProvider::script([embed()]).answer_embedding(request).await?;
/// assert_eq!(response.embeddings[0].len(), 1_536);
/// # Ok(()) }
/// ```
#[track_caller]
pub fn embed() -> Turn {
    turn().embed()
}

/// Begins a turn that answers a request for embeddings with this vector. See [`Turn::embed_with`].
///
/// ```
/// use mock_core::{EmbeddingRequest, MockProvider, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
/// let response = MockProvider::script([embed_with([0.5, -0.25])]).answer_embedding(request).await?;
/// assert_eq!(response.embeddings, [[0.5, -0.25]]);
/// # Ok(()) }
/// ```
#[track_caller]
pub fn embed_with(vector: impl IntoVector) -> Turn {
    turn().embed_with(vector)
}

impl Turn {
    /// Answers a request for embeddings with vectors of length 1 that depend only on the texts: 1,536 dimensions, or as many as the request
    /// asks for. Texts that share words have similar vectors. The vectors are the same in every run and on every platform.
    ///
    /// ```
    /// # use mock_core::{EmbeddingRequest, MockProvider, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let texts = ["the weather in Paris", "Paris: fine weather", "a pivot element"];
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_inputs(texts);
    ///
    /// let vectors = MockProvider::script([embed()]).answer_embedding(request).await?.embeddings;
    /// let similarity = |one: usize, other: usize| -> f32 {
    ///     vectors[one].iter().zip(&vectors[other]).map(|(a, b)| a * b).sum()
    /// };
    /// assert!(similarity(0, 1) > 0.4 && similarity(0, 2) < 0.2);
    /// # Ok(()) }
    /// ```
    pub fn embed(self) -> Self {
        self.action(Action::Embed)
    }

    /// Answers a request for embeddings with this vector, for each input. Several vectors are for as many inputs, in order:
    /// `embed_with([1.0, 0.0]).embed_with([0.0, 1.0])`. A request with another number of inputs or of dimensions does not match.
    ///
    /// ```
    /// # use mock_core::{EmbeddingRequest, MockProvider, builder::*};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let mock = MockProvider::script([embed_with([1.0, 0.0]).embed_with([0.0, 1.0])]);
    ///
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_inputs(["north", "east"]);
    /// let vectors = mock.answer_embedding(request).await?.embeddings;
    /// assert_eq!(vectors, [[1.0, 0.0], [0.0, 1.0]]);
    /// # Ok(()) }
    /// ```
    pub fn embed_with(self, vector: impl IntoVector) -> Self {
        self.action(Action::EmbedVector(vector.into_vector()))
    }
}
