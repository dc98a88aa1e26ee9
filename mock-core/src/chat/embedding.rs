//! Embeddings: [`EmbeddingRequest`] and [`EmbeddingResponse`].

use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::count_tokens::count_tokens;
use crate::chat::finish_and_usage::Usage;
#[cfg(feature = "server")]
use crate::chat::message::ContentForm;
use crate::chat::request::Request;
use crate::chat::response::Response;

/// How many dimensions a request may ask for.
pub(crate) const MOST_DIMENSIONS: u32 = 16_384;

/// The problem of a request without inputs.
pub(crate) const EMPTY_INPUT: &str = "`input` is empty: send at least one text";

/// A request for the embeddings of texts.
///
/// ```
/// use mock_core::EmbeddingRequest;
///
/// let request = EmbeddingRequest::new("text-embedding-3-small")
///     .with_inputs(["a cat", "a dog"])
///     .with_dimensions(256);
/// assert_eq!(request.inputs.len(), 2);
/// ```
#[derive(Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct EmbeddingRequest {
    /// The requested model. Any name is fine.
    pub model: String,
    /// The inputs to embed, in order. The answer has one vector for each input.
    pub inputs: Vec<EmbeddingInput>,
    /// How long each vector is to be, if the request says so.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub dimensions: Option<u32>,
    /// All other parameters, under the provider's names.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub extra: Map<String, Value>,
    /// How the provider's document has its input.
    #[cfg(feature = "server")]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) form: ContentForm,
}

impl fmt::Debug for EmbeddingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmbeddingRequest")
            .field("model", &self.model)
            .field("inputs", &self.inputs)
            .field("dimensions", &self.dimensions)
            .field("extra", &self.extra)
            .finish()
    }
}

/// An input of an [`EmbeddingRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum EmbeddingInput {
    /// A text.
    Text(String),
    /// A text as the numbers of its tokens.
    Tokens(Vec<u32>),
}

impl EmbeddingInput {
    /// Returns the text. Tokens are a JSON list: `[9906, 1917]`.
    ///
    /// ```
    /// use mock_core::EmbeddingInput;
    ///
    /// assert_eq!(EmbeddingInput::from("a cat").text(), "a cat");
    /// assert_eq!(EmbeddingInput::Tokens(vec![9906, 1917]).text(), "[9906, 1917]");
    /// ```
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            EmbeddingInput::Text(text) => text.into(),
            EmbeddingInput::Tokens(tokens) => format!("{tokens:?}").into(),
        }
    }

    /// How many tokens it has: those given, or a quarter of its characters.
    fn tokens(&self) -> u64 {
        match self {
            EmbeddingInput::Text(text) => count_tokens(text),
            EmbeddingInput::Tokens(tokens) => tokens.len() as u64,
        }
    }
}

impl From<&str> for EmbeddingInput {
    fn from(text: &str) -> Self {
        EmbeddingInput::Text(text.to_owned())
    }
}

impl From<String> for EmbeddingInput {
    fn from(text: String) -> Self {
        EmbeddingInput::Text(text)
    }
}

impl From<Vec<u32>> for EmbeddingInput {
    fn from(tokens: Vec<u32>) -> Self {
        EmbeddingInput::Tokens(tokens)
    }
}

impl EmbeddingRequest {
    /// Creates a request to `model` without inputs.
    ///
    /// ```
    /// use mock_core::EmbeddingRequest;
    ///
    /// assert!(EmbeddingRequest::new("text-embedding-3-small").inputs.is_empty());
    /// ```
    pub fn new(model: impl Into<String>) -> Self {
        EmbeddingRequest {
            model: model.into(),
            ..EmbeddingRequest::default()
        }
    }

    /// Adds a text, or a list of tokens.
    ///
    /// ```
    /// use mock_core::EmbeddingRequest;
    ///
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_input("a cat");
    /// assert_eq!(request.inputs[0].text(), "a cat");
    /// ```
    #[must_use]
    pub fn with_input(mut self, input: impl Into<EmbeddingInput>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// Adds texts, or lists of tokens.
    ///
    /// ```
    /// use mock_core::EmbeddingRequest;
    ///
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_inputs(["a cat", "a dog"]);
    /// assert_eq!(request.inputs.len(), 2);
    /// ```
    #[must_use]
    pub fn with_inputs<I: Into<EmbeddingInput>>(
        mut self,
        inputs: impl IntoIterator<Item = I>,
    ) -> Self {
        self.inputs.extend(inputs.into_iter().map(Into::into));
        self
    }

    /// Sets how long each vector is to be.
    ///
    /// ```
    /// use mock_core::EmbeddingRequest;
    ///
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_dimensions(256);
    /// assert_eq!(request.dimensions, Some(256));
    /// ```
    #[must_use]
    pub fn with_dimensions(mut self, dimensions: u32) -> Self {
        self.dimensions = Some(dimensions);
        self
    }

    /// Sets a parameter that has no field of its own.
    ///
    /// ```
    /// use mock_core::EmbeddingRequest;
    ///
    /// let request = EmbeddingRequest::new("text-embedding-3-small").with_extra("user", "ada");
    /// assert_eq!(request.extra["user"], "ada");
    /// ```
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// The same as matchers, reports and the journal see it: each input is a message of the user.
    pub(crate) fn as_request(&self) -> Request {
        let mut request = Request::new(&*self.model).with_extras(self.extra.clone());
        if let Some(dimensions) = self.dimensions {
            request = request.with_extra("dimensions", dimensions);
        }
        let inputs = self.inputs.iter();
        inputs.fold(request, |request, input| request.user(input.text()))
    }

    /// The request that [`as_request`](Self::as_request) shows so. Inputs that were tokens are texts.
    #[cfg(feature = "cassette")]
    pub(crate) fn from_request(request: &Request) -> Self {
        let mut extra = request.extra.clone();
        let dimensions = extra.remove("dimensions").and_then(|value| value.as_u64());
        EmbeddingRequest {
            dimensions: dimensions.and_then(|dimensions| dimensions.try_into().ok()),
            extra,
            ..EmbeddingRequest::new(&*request.model)
        }
        .with_inputs(
            request
                .messages
                .iter()
                .map(|message| message.text().into_owned()),
        )
    }

    /// The tokens of all inputs.
    pub(crate) fn tokens(&self) -> u64 {
        let mut sum = 0;
        for input in &self.inputs {
            sum += input.tokens();
        }
        sum
    }

    /// Why no provider answers it, if none does: the field, and what is wrong with it.
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        if self.inputs.is_empty() {
            return Some(("input", EMPTY_INPUT.to_owned()));
        }
        let dimensions = self.dimensions?;
        (!(1..=MOST_DIMENSIONS).contains(&dimensions)).then(|| {
            let problem = format!(
                "`dimensions` is {dimensions}: give it a number from 1 to {MOST_DIMENSIONS}"
            );
            ("dimensions", problem)
        })
    }
}

/// The answer to an [`EmbeddingRequest`].
///
/// ```
/// use mock_core::{EmbeddingResponse, Usage};
///
/// let response = EmbeddingResponse::new("text-embedding-3-small")
///     .with_embedding([0.6, 0.8])
///     .with_usage(Usage::new(2, 0));
/// assert_eq!(response.embeddings, [[0.6, 0.8]]);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct EmbeddingResponse {
    /// The model that answered.
    pub model: String,
    /// The vectors, in the order of the inputs.
    pub embeddings: Vec<Vec<f32>>,
    /// The tokens that the request used, if the provider reports them.
    pub usage: Option<Usage>,
    /// All other fields of the answer.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub metadata: Map<String, Value>,
    /// Headers of the HTTP answer that the scenario names, in order: names and values.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl EmbeddingResponse {
    /// Splits it into an answer without vectors, and the vectors.
    pub(crate) fn into_response(self) -> (Response, Vec<Vec<f32>>) {
        let mut response = Response::new(String::new(), self.model).verbatim();
        (response.usage, response.metadata) = (self.usage, self.metadata);
        (response, self.embeddings)
    }

    /// Creates an answer of `model` without vectors.
    ///
    /// ```
    /// use mock_core::EmbeddingResponse;
    ///
    /// assert!(EmbeddingResponse::new("text-embedding-3-small").embeddings.is_empty());
    /// ```
    pub fn new(model: impl Into<String>) -> Self {
        EmbeddingResponse {
            model: model.into(),
            ..EmbeddingResponse::default()
        }
    }

    /// Adds the vector of the next input.
    ///
    /// ```
    /// use mock_core::EmbeddingResponse;
    ///
    /// let response = EmbeddingResponse::new("text-embedding-3-small").with_embedding([0.5, -0.25]);
    /// assert_eq!(response.embeddings, [[0.5, -0.25]]);
    /// ```
    #[must_use]
    pub fn with_embedding(mut self, vector: impl Into<Vec<f32>>) -> Self {
        self.embeddings.push(vector.into());
        self
    }

    /// Adds the vectors of the next inputs, in order.
    ///
    /// ```
    /// use mock_core::EmbeddingResponse;
    ///
    /// let response = EmbeddingResponse::new("text-embedding-3-small").with_embeddings([[0.5, -0.25], [0.0, 1.0]]);
    /// assert_eq!(response.embeddings.len(), 2);
    /// ```
    #[must_use]
    pub fn with_embeddings<V: Into<Vec<f32>>>(
        mut self,
        vectors: impl IntoIterator<Item = V>,
    ) -> Self {
        self.embeddings.extend(vectors.into_iter().map(Into::into));
        self
    }

    /// Sets the tokens that the request took.
    ///
    /// ```
    /// use mock_core::{EmbeddingResponse, Usage};
    ///
    /// let response = EmbeddingResponse::new("text-embedding-3-small").with_usage(Usage::new(4, 0));
    /// assert_eq!(response.usage, Some(Usage::new(4, 0)));
    /// ```
    #[must_use]
    pub fn with_usage(mut self, usage: Usage) -> Self {
        self.usage = Some(usage);
        self
    }
}
