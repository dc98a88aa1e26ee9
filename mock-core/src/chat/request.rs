//! A request to a provider: [`Request`].

use std::borrow::Cow;

#[cfg(feature = "serde")]
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::conversation;
use crate::chat::count_tokens::tokens;
use crate::chat::message::{Message, Role, ToolResult};
use crate::search::Search;

/// One request to a model: the conversation so far, the tools it may call, and the parameters.
///
/// ```
/// use mock_core::Request;
///
/// let request = Request::new("gpt-4o")
///     .system("Answer in one word.")
///     .user("What is the capital of France?")
///     .with_temperature(0.2)
///     .with_extra("top_k", 40);
/// assert_eq!(request.messages.len(), 2);
/// assert_eq!(request.extra["top_k"], 40);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
pub struct Request {
    /// The requested model. Any name is fine.
    pub model: String,
    /// The conversation so far, oldest first.
    pub messages: Vec<Message>,
    /// The tools that the model may call.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub tools: Vec<ToolDefinition>,
    /// The sampling temperature, if given.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub temperature: Option<f64>,
    /// The maximum number of tokens in the answer, if given.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub max_tokens: Option<u32>,
    /// Whether the request asks for a stream, as it does over HTTP. [`Call::is_streamed`](crate::Call::is_streamed) says how a call was
    /// answered.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub stream: Option<bool>,
    /// All other parameters, under the provider's names.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub extra: Map<String, Value>,
}

impl Request {
    /// Creates a request to `model`, without messages.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o");
    /// assert_eq!(request.model, "gpt-4o");
    /// assert!(request.messages.is_empty());
    /// ```
    pub fn new(model: impl Into<String>) -> Self {
        Request {
            model: model.into(),
            ..Request::default()
        }
    }

    /// Adds a message with instructions for the model.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").system("Be brief.");
    /// assert_eq!(request.system_text().as_deref(), Some("Be brief."));
    /// ```
    #[must_use]
    pub fn system(self, text: impl Into<String>) -> Self {
        self.with_message(Message::system(text))
    }

    /// Adds a message of the user.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").user("Hello");
    /// assert_eq!(request.user_text().as_deref(), Some("Hello"));
    /// ```
    #[must_use]
    pub fn user(self, text: impl Into<String>) -> Self {
        self.with_message(Message::user(text))
    }

    /// Adds a message.
    ///
    /// ```
    /// use mock_core::{Message, Request};
    ///
    /// let request = Request::new("gpt-4o").user("Hello").with_message(Message::assistant("Hi."));
    /// assert_eq!(request.messages[1].text(), "Hi.");
    /// ```
    #[must_use]
    pub fn with_message(mut self, message: Message) -> Self {
        self.messages.push(message);
        self
    }

    /// Adds messages.
    ///
    /// ```
    /// use mock_core::{Message, Request};
    ///
    /// let history = [Message::user("Hello"), Message::assistant("Hi.")];
    /// let request = Request::new("gpt-4o").system("Be brief.").with_messages(history);
    /// assert_eq!(request.messages.len(), 3);
    /// ```
    #[must_use]
    pub fn with_messages(mut self, messages: impl IntoIterator<Item = Message>) -> Self {
        self.messages.extend(messages);
        self
    }

    /// Offers a tool to the model.
    ///
    /// ```
    /// use mock_core::{Request, ToolDefinition};
    ///
    /// let request = Request::new("gpt-4o").with_tool(ToolDefinition::new("get_time"));
    /// assert_eq!(request.tools[0].name, "get_time");
    /// ```
    #[must_use]
    pub fn with_tool(mut self, tool: ToolDefinition) -> Self {
        self.tools.push(tool);
        self
    }

    /// Offers tools to the model.
    ///
    /// ```
    /// use mock_core::{Request, ToolDefinition};
    ///
    /// let tools = ["get_time", "get_weather"].map(ToolDefinition::new);
    /// assert_eq!(Request::new("gpt-4o").with_tools(tools).tools.len(), 2);
    /// ```
    #[must_use]
    pub fn with_tools(mut self, tools: impl IntoIterator<Item = ToolDefinition>) -> Self {
        self.tools.extend(tools);
        self
    }

    /// Sets the sampling temperature.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").with_temperature(0.2);
    /// assert_eq!(request.temperature, Some(0.2));
    /// ```
    #[must_use]
    pub fn with_temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Sets the maximum number of tokens in the answer.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").with_max_tokens(256);
    /// assert_eq!(request.max_tokens, Some(256));
    /// ```
    #[must_use]
    pub fn with_max_tokens(mut self, max_tokens: u32) -> Self {
        self.max_tokens = Some(max_tokens);
        self
    }

    /// Sets whether the request asks for a stream. This matters over HTTP; in process, the method that you call decides.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").with_stream(true);
    /// assert_eq!(request.stream, Some(true));
    /// ```
    #[must_use]
    pub fn with_stream(mut self, stream: bool) -> Self {
        self.stream = Some(stream);
        self
    }

    /// Sets a parameter that has no field of its own. Matchers such as `when` can read it, and reports show it.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").with_extra("top_p", 0.9);
    /// assert_eq!(request.extra["top_p"], 0.9);
    /// ```
    #[must_use]
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }

    /// Sets parameters that have no fields of their own.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let extras = [("top_p".to_owned(), 0.9.into()), ("seed".to_owned(), 7.into())];
    /// let request = Request::new("gpt-4o").with_extras(extras);
    /// assert_eq!(request.extra["seed"], 7);
    /// ```
    #[must_use]
    pub fn with_extras(mut self, extras: impl IntoIterator<Item = (String, Value)>) -> Self {
        self.extra.extend(extras);
        self
    }

    /// Returns the last message that is not from the system or the developer: the user's question, or a tool's result.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").user("Hello").system("Be brief.");
    /// assert_eq!(request.last_message().unwrap().text(), "Hello");
    /// assert_eq!(Request::new("gpt-4o").system("Be brief.").last_message(), None);
    /// ```
    pub fn last_message(&self) -> Option<&Message> {
        let is_not_instruction =
            |message: &&Message| !matches!(message.role, Role::System | Role::Developer);
        self.messages.iter().rfind(is_not_instruction)
    }

    /// Returns the instructions for the model: the texts of the messages of the system and the developer, with a line break between two
    /// messages; `None` if there is no such message.
    ///
    /// ```
    /// use mock_core::Request;
    ///
    /// let request = Request::new("gpt-4o").system("Be brief.").user("Hello").system("Be kind.");
    /// assert_eq!(request.system_text().as_deref(), Some("Be brief.\nBe kind."));
    /// assert_eq!(Request::new("gpt-4o").user("Hello").system_text(), None);
    /// ```
    #[inline]
    pub fn system_text(&self) -> Option<Cow<'_, str>> {
        let mut all: Option<Cow<'_, str>> = None;
        for &message in &self.instructions() {
            let text = message.text();
            match &mut all {
                None => all = Some(text),
                Some(all) => {
                    let all = all.to_mut();
                    all.push('\n');
                    all.push_str(&text);
                }
            }
        }
        all
    }

    /// Returns the text of the last message, if it is from the user. After a tool's result it returns `None`, also if the result is at the end
    /// of a message of the user.
    ///
    /// ```
    /// use mock_core::{Message, Request};
    ///
    /// let request = Request::new("gpt-4o").user("Hello");
    /// assert_eq!(request.user_text().as_deref(), Some("Hello"));
    /// assert_eq!(request.with_message(Message::assistant("Hi.")).user_text(), None);
    /// ```
    pub fn user_text(&self) -> Option<Cow<'_, str>> {
        let last = self.last_message()?;
        let is_the_users = last.role == Role::User && !last.ends_with_a_result();
        is_the_users.then(|| last.text())
    }

    /// The messages of the user, newest first. One that holds only results is not the user's.
    pub(crate) fn user_messages(&self) -> Vec<&Message> {
        let mut messages = Vec::new();
        for message in self.messages.iter().rev() {
            if message.is_from_the_user() {
                messages.push(message);
            }
        }
        messages
    }

    /// The messages of the system and the developer, oldest first.
    pub(crate) fn instructions(&self) -> Vec<&Message> {
        let mut instructions = Vec::new();
        for message in &self.messages {
            if matches!(message.role, Role::System | Role::Developer) {
                instructions.push(message);
            }
        }
        instructions
    }

    /// The names of the tools that it offers, in order.
    pub(crate) fn tool_names(&self) -> Vec<&str> {
        tool_names(&self.tools)
    }

    /// Returns whether it offers this tool to the model.
    pub(crate) fn offers(&self, tool: &str) -> bool {
        self.offered(tool).is_some()
    }

    /// The tool of this name, if the request offers one.
    pub(crate) fn offered(&self, tool: &str) -> Option<&ToolDefinition> {
        self.tools.find(&|offered| offered.name == tool)
    }

    /// Iterates over the tool results since the last message of the assistant, oldest first.
    ///
    /// ```
    /// use mock_core::{Message, Request, ToolCall};
    ///
    /// let call = |id| Message::assistant("").with_tool_calls([ToolCall::new(id, "search", "{}")]);
    /// let request = Request::new("gpt-4o")
    ///     .with_messages([call("call_1"), Message::tool("call_1", "3 pages")])
    ///     .with_messages([call("call_2"), Message::tool("call_2", "5 pages")]);
    /// let results: Vec<_> = request.trailing_tool_results().map(|result| result.text()).collect();
    /// assert_eq!(results, ["5 pages"]);
    /// ```
    pub fn trailing_tool_results(&self) -> impl Iterator<Item = &ToolResult> {
        let mut results = Vec::new();
        for message in &self.messages[conversation::since_the_assistant(&self.messages)..] {
            for result in message.tool_results() {
                results.push(result);
            }
        }
        results.into_iter()
    }

    /// Iterates over the results of this tool in the whole conversation, oldest first.
    ///
    /// ```
    /// use mock_core::{Message, Request, ToolCall};
    ///
    /// let request = Request::new("gpt-4o")
    ///     .with_message(Message::assistant("").with_tool_calls([ToolCall::new("call_1", "search", "{}")]))
    ///     .with_message(Message::tool("call_1", "3 pages"));
    /// let results: Vec<_> = request.tool_results("search").map(|result| result.text()).collect();
    /// assert_eq!(results, ["3 pages"]);
    /// assert_eq!(request.tool_results("fetch").count(), 0);
    /// ```
    pub fn tool_results<'a>(
        &'a self,
        tool: &str,
    ) -> impl Iterator<Item = &'a ToolResult> + use<'a> {
        conversation::results_of(&self.messages, tool).into_iter()
    }

    /// Returns an estimate of its tokens, of four characters each.
    pub(crate) fn estimated_tokens(&self) -> u64 {
        let mut sum = 0;
        for message in &self.messages {
            sum += tokens(message.characters());
        }
        sum
    }

    /// Returns the name of the tool whose call has this id, if the conversation contains that call.
    ///
    /// ```
    /// use mock_core::{Message, Request, ToolCall};
    ///
    /// let call = ToolCall::new("call_1", "get_time", "{}");
    /// let request = Request::new("gpt-4o").with_message(Message::assistant("").with_tool_calls([call]));
    /// assert_eq!(request.tool_of_call("call_1"), Some("get_time"));
    /// assert_eq!(request.tool_of_call("call_2"), None);
    /// ```
    pub fn tool_of_call(&self, call_id: &str) -> Option<&str> {
        for message in self.messages.iter().rev() {
            for call in message.tool_calls() {
                if call.id == call_id {
                    return Some(&call.name);
                }
            }
        }
        None
    }
}

/// A tool that a [`Request`] offers to the model.
///
/// ```
/// use mock_core::ToolDefinition;
/// use serde_json::json;
///
/// let tool = ToolDefinition::new("get_time").with_parameters(json!({"type": "object", "properties": {}}));
/// assert_eq!(tool.name, "get_time");
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(Serialize, Deserialize))]
#[non_exhaustive]
#[must_use]
pub struct ToolDefinition {
    /// Its name.
    pub name: String,
    /// A description for the model.
    #[cfg_attr(feature = "serde", serde(default))]
    pub description: String,
    /// The JSON schema of its arguments; `null` if the request has none.
    pub parameters: Value,
    /// All other fields, under the provider's names.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Map::is_empty")
    )]
    pub extra: Map<String, Value>,
}

impl ToolDefinition {
    /// Creates a tool without description that takes any object.
    ///
    /// ```
    /// use mock_core::ToolDefinition;
    /// use serde_json::json;
    ///
    /// let tool = ToolDefinition::new("get_time");
    /// assert_eq!((&*tool.description, tool.parameters), ("", json!({"type": "object", "properties": {}})));
    /// ```
    pub fn new(name: impl Into<String>) -> Self {
        ToolDefinition {
            name: name.into(),
            description: String::new(),
            parameters: serde_json::json!({ "type": "object", "properties": {} }),
            extra: Map::new(),
        }
    }

    /// Sets the description for the model.
    ///
    /// ```
    /// use mock_core::ToolDefinition;
    ///
    /// let tool = ToolDefinition::new("get_time").with_description("The time in a city");
    /// assert_eq!(tool.description, "The time in a city");
    /// ```
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the JSON schema of its arguments.
    ///
    /// ```
    /// use mock_core::ToolDefinition;
    /// use serde_json::json;
    ///
    /// let city = json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    /// let tool = ToolDefinition::new("get_time").with_parameters(city);
    /// assert_eq!(tool.parameters["required"], json!(["city"]));
    /// ```
    pub fn with_parameters(mut self, parameters: Value) -> Self {
        self.parameters = parameters;
        self
    }

    /// Adds a field that only the provider has.
    ///
    /// ```
    /// use mock_core::ToolDefinition;
    ///
    /// let tool = ToolDefinition::new("get_time").with_extra("strict", true);
    /// assert_eq!(tool.extra["strict"], true);
    /// ```
    pub fn with_extra(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name.into(), value.into());
        self
    }
}

/// The names of tools, in order.
pub(crate) fn tool_names(tools: &[ToolDefinition]) -> Vec<&str> {
    let mut names = Vec::new();
    for tool in tools {
        names.push(&*tool.name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_moved_in_few_instructions() {
        // Moving more than 128 bytes compiles to a call of `memcpy`, which takes 2 % of a mock's answer.
        assert!(size_of::<Request>() <= 128);
    }
}
