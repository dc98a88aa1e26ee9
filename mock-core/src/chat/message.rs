//! The messages of a conversation: [`Message`], its [`Part`]s, and tool calls.

mod tool;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::count_tokens::characters;
use crate::chat::unknown_name::UnknownName;
use crate::search::Search;

pub use tool::{ToolCall, ToolResult};

/// Who a [`Message`] is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Role {
    /// Instructions for the model.
    System,
    /// Instructions for the model, as newer OpenAI models call them.
    Developer,
    /// The user.
    User,
    /// The model.
    Assistant,
    /// A tool that the model called.
    Tool,
}

impl Role {
    /// All roles.
    pub const ALL: &'static [Role] = &[
        Role::System,
        Role::Developer,
        Role::User,
        Role::Assistant,
        Role::Tool,
    ];

    /// Returns the role's name on the wire: `"user"`, `"assistant"`, …
    ///
    /// ```
    /// use mock_core::Role;
    ///
    /// assert_eq!(Role::Assistant.as_str(), "assistant");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Role::System => "system",
            Role::Developer => "developer",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        }
    }
}

/// Writes [`as_str`](Role::as_str).
impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Reads the role's [name](Role::as_str).
///
/// ```
/// use mock_core::Role;
///
/// assert_eq!("assistant".parse(), Ok(Role::Assistant));
/// ```
impl FromStr for Role {
    type Err = UnknownName;

    #[inline]
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        UnknownName::find("a role", text, Role::ALL, Role::as_str)
    }
}

/// One message of a conversation.
///
/// ```
/// use mock_core::{Message, Role};
///
/// let message = Message::user("Hello");
/// assert_eq!((message.role, &*message.text()), (Role::User, "Hello"));
/// ```
#[derive(Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct Message {
    /// The author of the message.
    pub role: Role,
    /// Its content, in order.
    pub parts: Vec<Part>,
    /// The participant's name, if the provider has one; for a tool message, the tool's name.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub name: Option<String>,
    /// Every other field of the message, under the name that the provider gives it.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub extra: Map<String, Value>,
    /// How the provider's document has its content.
    #[cfg(feature = "server")]
    #[cfg_attr(feature = "serde", serde(skip))]
    pub(crate) form: ContentForm,
}

/// How a document has a content that is one plain text. It is neither shown, nor compared, nor serialized.
#[cfg(feature = "server")]
#[derive(Clone, Copy, Default)]
pub(crate) enum ContentForm {
    /// Not known: as is usual on the wire.
    #[default]
    Usual,
    /// A text.
    Text,
    /// A list of one part.
    List,
    /// A text that is the whole input of a request.
    Input,
    /// Items of the input of a request, which are in no message.
    #[cfg(feature = "gemini")]
    Items,
}

#[cfg(feature = "server")]
impl PartialEq for ContentForm {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

#[cfg(feature = "server")]
impl Eq for ContentForm {}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("role", &self.role)
            .field("parts", &self.parts)
            .field("name", &self.name)
            .field("extra", &self.extra)
            .finish()
    }
}

impl Message {
    /// Creates a message with these parts.
    ///
    /// ```
    /// use mock_core::{Message, Part, Role};
    ///
    /// let message = Message::new(Role::User, vec![Part::Text("It is ".into()), Part::Text("18 °C.".into())]);
    /// assert_eq!(message.text(), "It is 18 °C.");
    /// ```
    pub fn new(role: Role, parts: Vec<Part>) -> Self {
        Message {
            role,
            parts,
            name: None,
            extra: Map::new(),
            #[cfg(feature = "server")]
            form: ContentForm::Usual,
        }
    }

    /// Creates a message with instructions for the model.
    ///
    /// ```
    /// use mock_core::{Message, Role};
    ///
    /// assert_eq!(Message::system("Be brief.").role, Role::System);
    /// ```
    pub fn system(text: impl Into<String>) -> Self {
        Message::new(Role::System, vec![Part::Text(text.into())])
    }

    /// Creates a message of the user.
    ///
    /// ```
    /// use mock_core::{Message, Role};
    ///
    /// assert_eq!(Message::user("Hello").role, Role::User);
    /// ```
    pub fn user(text: impl Into<String>) -> Self {
        Message::new(Role::User, vec![Part::Text(text.into())])
    }

    /// Creates a message of the model. An empty text adds no part, for example before tool calls.
    ///
    /// ```
    /// use mock_core::{Message, ToolCall};
    ///
    /// let message = Message::assistant("")
    ///     .with_tool_calls([ToolCall::new("call_1", "get_time", "{}")]);
    /// assert_eq!(message.parts.len(), 1);
    /// ```
    pub fn assistant(text: impl Into<String>) -> Self {
        let text = text.into();
        let parts = match text.is_empty() {
            true => Vec::new(),
            false => vec![Part::Text(text)],
        };
        Message::new(Role::Assistant, parts)
    }

    /// Creates a message with the result of the tool call `call_id`.
    ///
    /// ```
    /// use mock_core::{Message, Role};
    ///
    /// let message = Message::tool("call_1", r#"{"temp": 18}"#);
    /// assert_eq!(message.role, Role::Tool);
    /// assert_eq!(message.tool_results().next().unwrap().call_id, "call_1");
    /// ```
    pub fn tool(call_id: impl Into<String>, content: impl Into<String>) -> Self {
        let result = ToolResult::new(call_id, content);
        Message::new(Role::Tool, vec![Part::ToolResult(result)])
    }

    /// Creates a message with the result of the tool `name`, for traits whose results have no ids. It answers the first call of this tool that
    /// has no result.
    ///
    /// ```
    /// use mock_core::{Message, Request, ToolCall};
    ///
    /// let request = Request::new("gemini")
    ///     .with_message(Message::assistant("").with_tool_calls([ToolCall::new("", "get_time", "{}")]))
    ///     .with_message(Message::tool_named("get_time", "noon"));
    /// assert_eq!(request.messages[1].name.as_deref(), Some("get_time"));
    /// ```
    pub fn tool_named(name: impl Into<String>, content: impl Into<String>) -> Self {
        Message {
            name: Some(name.into()),
            ..Message::tool("", content)
        }
    }

    /// Sets the participant's name.
    ///
    /// ```
    /// use mock_core::Message;
    ///
    /// let message = Message::user("Hello").with_name("ada");
    /// assert_eq!(message.name.as_deref(), Some("ada"));
    /// ```
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds a field that only the provider has.
    ///
    /// ```
    /// use mock_core::Message;
    ///
    /// let message = Message::assistant("Hi.").with_extra("reasoning_content", "Hm.");
    /// assert_eq!(message.extra["reasoning_content"], "Hm.");
    /// ```
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// Appends tool calls.
    ///
    /// ```
    /// use mock_core::{Message, ToolCall};
    ///
    /// let calls = [ToolCall::new("call_1", "get_time", "{}"), ToolCall::new("call_2", "get_date", "{}")];
    /// let message = Message::assistant("I will look.").with_tool_calls(calls);
    /// assert_eq!((&*message.text(), message.tool_calls().count()), ("I will look.", 2));
    /// ```
    #[must_use]
    pub fn with_tool_calls(mut self, calls: impl IntoIterator<Item = ToolCall>) -> Self {
        self.parts.extend(calls.into_iter().map(Part::ToolCall));
        self
    }

    /// Returns the message's text: its [`Part::Text`]s, joined. Reasoning, refusals and tool results are not part of it.
    ///
    /// ```
    /// use mock_core::{Message, Part, Reasoning, Role};
    ///
    /// let parts = vec![Part::Reasoning(Reasoning::new("Easy.")), Part::Text("Yes.".into())];
    /// assert_eq!(Message::new(Role::Assistant, parts).text(), "Yes.");
    /// ```
    pub fn text(&self) -> Cow<'_, str> {
        text_of(&self.parts)
    }

    /// Whether the message has a part that the wires read as the user's. Results in a user message are read as tool messages.
    pub(crate) fn is_from_the_user(&self) -> bool {
        let is_of_a_result = |part: &Part| matches!(part, Part::ToolResult(_) | Part::Extra(_));
        let is_all_results = || !self.parts.is_empty() && self.parts.all(&is_of_a_result);
        self.role == Role::User && !is_all_results()
    }

    /// Whether the wires read the last part of the message as a tool's result.
    pub(crate) fn ends_with_a_result(&self) -> bool {
        let is_own = |part: &&Part| !matches!(part, Part::Extra(_));
        let last = || self.parts.iter().rfind(is_own);
        match self.role {
            Role::Tool => true,
            Role::User => matches!(last(), Some(Part::ToolResult(_))),
            _ => false,
        }
    }

    /// Returns the number of characters of its text, including tool results.
    #[inline]
    pub(crate) fn characters(&self) -> u64 {
        characters_in(&self.parts)
    }

    /// Iterates over the tool calls, in order.
    ///
    /// ```
    /// use mock_core::{Message, ToolCall};
    ///
    /// let message = Message::assistant("").with_tool_calls([ToolCall::new("call_1", "get_time", "{}")]);
    /// let names: Vec<_> = message.tool_calls().map(|call| &*call.name).collect();
    /// assert_eq!(names, ["get_time"]);
    /// ```
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.parts.iter().filter_map(|part| match part {
            Part::ToolCall(call) => Some(call),
            _ => None,
        })
    }

    /// Iterates over the tool results, in order.
    ///
    /// ```
    /// use mock_core::Message;
    ///
    /// let message = Message::tool("call_1", "noon");
    /// assert_eq!(message.tool_results().next().unwrap().text(), "noon");
    /// assert_eq!(Message::user("noon").tool_results().count(), 0);
    /// ```
    pub fn tool_results(&self) -> impl DoubleEndedIterator<Item = &ToolResult> {
        self.parts.iter().filter_map(|part| match part {
            Part::ToolResult(result) => Some(result),
            _ => None,
        })
    }
}

/// Whether these extra fields begin another item of OpenAI's Responses. Otherwise they belong to the part before them.
pub(crate) fn begins_an_item(extra: &Map<String, Value>) -> bool {
    extra.len() == 1 && extra.get("item").is_some_and(Value::is_object)
}

/// Joins the texts of parts.
fn text_of(parts: &[Part]) -> Cow<'_, str> {
    let mut text = Cow::Borrowed("");
    let mut is_first = true;
    for part in parts {
        match part {
            Part::Text(more) if std::mem::take(&mut is_first) => text = Cow::Borrowed(more),
            Part::Text(more) => text.to_mut().push_str(more),
            _ => {}
        }
    }
    text
}

fn characters_in(parts: &[Part]) -> u64 {
    let mut sum = 0;
    for part in parts {
        sum += match part {
            Part::Text(text) => characters(text),
            Part::ToolResult(result) => characters_in(&result.content),
            _ => 0,
        };
    }
    sum
}

/// A piece of a [`Message`].
///
/// ```
/// use mock_core::{Image, Message, Part, Role};
///
/// let image = Image::Url("https://example.com/cat.png".into());
/// let question = vec![Part::Text("What is this?".into()), Part::Image(image)];
/// let message = Message::new(Role::User, question);
/// assert!(message.parts.iter().any(|part| matches!(part, Part::Image(_))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text(String),
    /// An image.
    Image(Image),
    /// The model's reasoning in plain text.
    Reasoning(Reasoning),
    /// Encrypted reasoning, to be sent back unchanged.
    RedactedReasoning(String),
    /// The text of a refusal.
    Refusal(String),
    /// A tool call.
    ToolCall(ToolCall),
    /// The result of a tool call.
    ToolResult(ToolResult),
    /// Further fields of the part before, under the provider's names: `cache_control`, `citations`, … For a tool call, use
    /// [`ToolCall::extra`] instead. With the single field `item`, it contains fields of the next item of OpenAI's Responses, such as its
    /// `id`.
    Extra(Map<String, Value>),
    /// A part of any other kind, unchanged: a document, audio, …
    Other(Value),
}

impl Part {
    /// Returns the part's name for messages: `"text"`, `"tool call"`, …
    ///
    /// ```
    /// use mock_core::{Part, ToolCall};
    ///
    /// assert_eq!(Part::ToolCall(ToolCall::new("call_1", "get_time", "{}")).name(), "tool call");
    /// ```
    pub fn name(&self) -> &'static str {
        match self {
            Part::Text(_) => "text",
            Part::Image(_) => "image",
            Part::Reasoning(_) => "reasoning",
            Part::RedactedReasoning(_) => "redacted reasoning",
            Part::Refusal(_) => "refusal",
            Part::ToolCall(_) => "tool call",
            Part::ToolResult(_) => "tool result",
            Part::Extra(_) => "extra",
            Part::Other(_) => "other",
        }
    }

    /// Returns the text, if this part is plain text.
    ///
    /// ```
    /// use mock_core::Part;
    ///
    /// assert_eq!(Part::Text("Hello".into()).as_text(), Some("Hello"));
    /// assert_eq!(Part::Refusal("I cannot help.".into()).as_text(), None);
    /// ```
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Part::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// An image in a [`Message`].
///
/// ```
/// use mock_core::{Image, Message, Part, Role};
///
/// let image = Image::Url("https://example.com/cat.png".into());
/// let message = Message::new(Role::User, vec![Part::Text("What is this?".into()), Part::Image(image)]);
/// assert_eq!(message.text(), "What is this?");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(Serialize, Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Image {
    /// A URL.
    Url(String),
    /// The image itself.
    Base64 {
        /// Its type: `image/png`, `image/jpeg`, …
        media_type: String,
        /// Its bytes in base64.
        data: String,
    },
    /// A file stored by the provider, by its id.
    File(String),
}

/// The model's reasoning before its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct Reasoning {
    /// The reasoning as text.
    pub text: String,
    /// The provider's signature, to be sent back unchanged.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub signature: Option<String>,
}

impl Reasoning {
    /// Creates reasoning without a signature.
    ///
    /// ```
    /// use mock_core::Reasoning;
    ///
    /// let reasoning = Reasoning::new("The user greets.");
    /// assert_eq!((&*reasoning.text, reasoning.signature), ("The user greets.", None));
    /// ```
    pub fn new(text: impl Into<String>) -> Self {
        Reasoning {
            text: text.into(),
            signature: None,
        }
    }

    /// Sets the signature.
    ///
    /// ```
    /// use mock_core::Reasoning;
    ///
    /// let reasoning = Reasoning::new("The user greets.").with_signature("c2lnbmVk");
    /// assert_eq!(reasoning.signature.as_deref(), Some("c2lnbmVk"));
    /// ```
    #[must_use]
    pub fn with_signature(mut self, signature: impl Into<String>) -> Self {
        self.signature = Some(signature.into());
        self
    }
}
