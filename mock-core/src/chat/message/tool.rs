//! Tool calls and their results: [`ToolCall`] and [`ToolResult`].

use std::borrow::Cow;
use std::fmt;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use serde_core::de::DeserializeOwned;
use serde_json::{Map, Value};

#[cfg(feature = "server")]
use super::ContentForm;
use super::{Part, text_of};

/// A tool call of the model.
///
/// ```
/// use mock_core::{Message, ToolCall};
/// use serde_json::Value;
///
/// let call = ToolCall::new("call_1", "get_weather", r#"{"city": "Paris"}"#);
/// assert_eq!(call.json::<Value>().unwrap()["city"], "Paris");
///
/// let result = Message::tool(&call.id, r#"{"temp": 18}"#);
/// assert_eq!(result.tool_results().next().unwrap().call_id, "call_1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct ToolCall {
    /// The id by which a result refers to this call; empty if your trait has no ids, in which case the tool's name counts.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments as the model wrote them: usually a JSON object, but models also write incomplete JSON.
    pub arguments: String,
    /// Every other field of the call, under the name that the provider gives it, to be sent back unchanged: the signature of the thought
    /// behind it, `cache_control`, …
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub extra: Map<String, Value>,
}

impl ToolCall {
    /// Creates a call of the tool `name` with `arguments`, a JSON text.
    ///
    /// ```
    /// use mock_core::ToolCall;
    ///
    /// let call = ToolCall::new("call_1", "get_weather", r#"{"city":"Paris"}"#);
    /// assert_eq!((&*call.id, &*call.name), ("call_1", "get_weather"));
    /// ```
    pub fn new(
        id: impl Into<String>,
        name: impl Into<String>,
        arguments: impl Into<String>,
    ) -> Self {
        ToolCall {
            id: id.into(),
            name: name.into(),
            arguments: arguments.into(),
            extra: Map::new(),
        }
    }

    /// Adds a field that only the provider has.
    ///
    /// ```
    /// use mock_core::ToolCall;
    /// use serde_json::json;
    ///
    /// let signed = json!({"google": {"thought_signature": "c2lnbmVk"}});
    /// let call = ToolCall::new("call_1", "get_time", "{}").with_extra("extra_content", signed);
    /// assert_eq!(call.extra["extra_content"]["google"]["thought_signature"], "c2lnbmVk");
    /// ```
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// Reads the arguments as JSON: as a [`serde_json::Value`] or as your own type.
    ///
    /// # Errors
    /// If the arguments are not JSON, or do not match the type.
    ///
    /// ```
    /// # use mock_core::ToolCall;
    /// let call = ToolCall::new("call_1", "get_weather", r#"{"city":"Paris"}"#);
    /// assert_eq!(call.json::<serde_json::Value>()?["city"], "Paris");
    /// assert!(ToolCall::new("call_2", "get_weather", r#"{"city":"#).json::<serde_json::Value>().is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.arguments)
    }
}

/// The result of a tool call.
///
/// ```
/// use mock_core::{Message, Part, Role, ToolResult};
///
/// let failed = ToolResult::new("call_1", "no such city").with_is_error(true);
/// let message = Message::new(Role::Tool, vec![Part::ToolResult(failed)]);
/// assert_eq!(message.tool_results().next().unwrap().text(), "no such city");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct ToolResult {
    /// The [`ToolCall::id`] that it answers; empty if your trait has no ids, see [`Message::tool_named`](crate::Message::tool_named).
    pub call_id: String,
    /// The parts that the tool returned: usually one text, often JSON. Some providers also accept images, documents, …
    pub content: Vec<Part>,
    /// Whether the tool failed.
    #[cfg_attr(feature = "serde", serde(default))]
    pub is_error: bool,
    /// How the provider's document has its content.
    #[cfg(feature = "server")]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) form: ContentForm,
}

impl fmt::Debug for ToolResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolResult")
            .field("call_id", &self.call_id)
            .field("content", &self.content)
            .field("is_error", &self.is_error)
            .finish()
    }
}

impl ToolResult {
    /// Creates the result of the tool call `call_id`: a text, often JSON.
    ///
    /// ```
    /// use mock_core::{Image, Message, Part, Role, ToolResult};
    ///
    /// let result = ToolResult::new("call_1", "A cat.").with(Part::Image(Image::Url("https://example.com/cat.png".into())));
    /// assert_eq!(result.text(), "A cat.");
    /// let message = Message::new(Role::Tool, vec![Part::ToolResult(result)]);
    /// assert_eq!(message.tool_results().count(), 1);
    /// ```
    pub fn new(call_id: impl Into<String>, text: impl Into<String>) -> Self {
        ToolResult {
            call_id: call_id.into(),
            content: vec![Part::Text(text.into())],
            is_error: false,
            #[cfg(feature = "server")]
            form: ContentForm::Usual,
        }
    }

    /// Appends a part.
    ///
    /// ```
    /// use mock_core::{Part, ToolResult};
    ///
    /// let result = ToolResult::new("call_1", "18").with(Part::Text(" °C".into()));
    /// assert_eq!(result.text(), "18 °C");
    /// ```
    #[must_use]
    pub fn with(mut self, part: Part) -> Self {
        self.content.push(part);
        self
    }

    /// Returns the result's text: its [`Part::Text`]s, joined.
    ///
    /// ```
    /// use mock_core::ToolResult;
    ///
    /// assert_eq!(ToolResult::new("call_1", "18 °C").text(), "18 °C");
    /// ```
    pub fn text(&self) -> Cow<'_, str> {
        text_of(&self.content)
    }

    /// Reads the text as JSON: as a [`serde_json::Value`] or as your own type.
    ///
    /// # Errors
    /// If the text is not JSON, or does not match the type.
    ///
    /// ```
    /// use mock_core::ToolResult;
    ///
    /// let result = ToolResult::new("call_1", r#"{"temp": 18}"#);
    /// assert_eq!(result.json::<serde_json::Value>()?["temp"], 18);
    /// assert!(ToolResult::new("call_1", "18 °C").json::<serde_json::Value>().is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.text())
    }

    /// Sets whether the tool failed.
    ///
    /// ```
    /// use mock_core::ToolResult;
    ///
    /// let result = ToolResult::new("call_1", "no such city").with_is_error(true);
    /// assert!(result.is_error);
    /// ```
    #[must_use]
    pub fn with_is_error(mut self, is_error: bool) -> Self {
        self.is_error = is_error;
        self
    }
}
