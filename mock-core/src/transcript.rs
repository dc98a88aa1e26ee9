//! The calls of a mock as a short text that is the same in every run: [`Transcript`].

// Few tests call these functions. `#[inline]` leaves their compilation to the crates that do.

use std::fmt::{self, Write as _};

#[cfg(feature = "serde")]
use serde::Serialize;
use serde_json::{Map, Value};

use crate::chat::conversation::ToolNames;
use crate::chat::finish_and_usage::FinishReason;
use crate::chat::message::{Image, Message, Part, ToolCall, ToolResult};
use crate::hide_secrets;
use crate::journal::calls::{Call, Calls, Outcome};
use crate::mock::MockProvider;

/// The calls of a mock, in a form for snapshots: what was asked, and what the mock answered.
///
/// The transcript is the same in every run with the same calls: ids are numbered in the order in which they come, and times and seeds are
/// left out.
///
/// With the feature `serde` it is `Serialize`: a list with a header, the messages and the answer of each call, as texts.
///
/// ```
/// use mock_core::{MockProvider, Request, builder::*};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
/// let llm = MockProvider::script([reply("Yes."), fail(rate_limit())]);
/// let request = Request::new("gpt-4o").system("Be brief.").user("Is it raining?");
/// let answer = llm.answer(request.clone()).await?;
/// let _ = llm.answer(request.with_message(answer.message).user("And now?")).await;
///
/// assert_eq!(llm.transcript().to_string(), "\
/// call 1: gpt-4o
///   system: Be brief.
///   user: Is it raining?
///   -> Yes.
/// call 2: gpt-4o
///   (2 messages as before)
///   assistant: Yes.
///   user: And now?
///   -> rate_limit: status 429
/// ");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize), serde(transparent))]
pub struct Transcript {
    calls: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(Serialize))]
struct Entry {
    call: String,
    request: Vec<String>,
    answer: Vec<String>,
}

impl MockProvider {
    /// Returns the transcript of the calls so far, as the example of [`Transcript`] shows.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.transcript().to_string(), "call 1: gpt-4o\n  user: hello\n  -> Hi.\n");
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn transcript(&self) -> Transcript {
        self.calls().transcript()
    }
}

impl Calls {
    /// Returns the transcript of these calls, as the example of [`Transcript`] shows.
    ///
    /// ```
    /// use mock_core::{MockProvider, Request, builder::*};
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), mock_core::ProviderError> {
    /// let llm = MockProvider::script([reply("Hi.")]);
    /// llm.answer(Request::new("gpt-4o").user("hello")).await?;
    ///
    /// assert_eq!(llm.calls().transcript(), llm.transcript());
    /// # Ok(()) }
    /// ```
    #[inline]
    pub fn transcript(&self) -> Transcript {
        let mut ids = Ids::numbered();
        let mut calls = Vec::new();
        let (mut before, mut tools) = (Vec::new(), Vec::new());
        for call in self {
            let request = call.request();
            let messages = lines(&request.messages, &mut ids);
            let mut same = 0;
            while same < messages.len() && messages.get(same) == before.get(same) {
                same += 1;
            }
            let mut lines_of_request = Vec::new();
            match same {
                0 => {}
                1 => lines_of_request.push("(1 message as before)".to_owned()),
                _ => lines_of_request.push(format!("({same} messages as before)")),
            }
            lines_of_request.append(&mut messages[same..].to_vec());
            let offered = request.tool_names();
            calls.push(Entry {
                call: header(call, offered != tools),
                request: lines_of_request,
                answer: answer(call, &mut ids),
            });
            (before, tools) = (messages, offered);
        }
        Transcript { calls }
    }
}

impl fmt::Display for Transcript {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.calls {
            writeln!(f, "{}", entry.call)?;
            for line in &entry.request {
                writeln!(f, "  {}", line.replace("\n", "\n    "))?;
            }
            for line in &entry.answer {
                writeln!(f, "  -> {}", line.replace("\n", "\n     "))?;
            }
        }
        Ok(())
    }
}

/// The number, the model, and the parameters of a call.
#[inline]
fn header(call: &Call, has_other_tools: bool) -> String {
    let request = call.request();
    let mut header = format!(
        "call {}: {}",
        call.number(),
        hide_secrets::hide(&request.model)
    );
    if call.is_streamed() {
        header.push_str(", streamed");
    }
    if call.embedding().is_some() {
        header.push_str(", embeddings");
    }
    if has_other_tools {
        let mut names = Vec::new();
        for tool in &request.tools {
            names.push(tool.name.clone());
        }
        let names = match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(" "),
        };
        // Over the wire, the name of a tool can be any text.
        let _ = write!(header, ", tools {}", hide_secrets::hide(&names));
    }
    if let Some(temperature) = request.temperature {
        let _ = write!(header, ", temperature {temperature}");
    }
    if let Some(tokens) = request.max_tokens {
        let _ = write!(header, ", max_tokens {tokens}");
    }
    for (name, value) in &request.extra {
        let _ = write!(header, ", {name} {}", hide_secrets::hide_value(name, value));
    }
    header
}

/// Describes the result that the caller got.
#[inline]
pub(crate) fn answer(call: &Call, ids: &mut Ids) -> Vec<String> {
    let mut lines = Vec::new();
    let answer = call.response();
    if let Some(answer) = &answer {
        for part in &answer.message.parts {
            lines.extend(part_line(part, None, ids));
        }
        let is_usual = match &answer.finish_reason {
            Some(FinishReason::Stop | FinishReason::ToolCalls) | None => true,
            Some(_) => false,
        };
        if let (false, Some(reason)) = (is_usual, &answer.finish_reason) {
            lines.push(format!("(finish reason {})", reason.as_str()));
        }
    }
    match call.outcome() {
        None => lines.push("(in flight)".to_owned()),
        Some(Outcome::Completed) if call.embedding().is_some() => {
            lines.push("(embeddings)".to_owned());
        }
        Some(Outcome::Completed) if lines.is_empty() => lines.push("(nothing)".to_owned()),
        Some(Outcome::Completed) => {}
        Some(Outcome::Truncated) => lines.push("(ended without its finish)".to_owned()),
        Some(Outcome::Failed(error)) => lines.push(match error.status {
            Some(status) => format!("{}: status {status}", error.kind),
            None => error.kind.to_string(),
        }),
        Some(Outcome::Cancelled | Outcome::DroppedAfter(_)) => lines.push("(dropped)".to_owned()),
        Some(Outcome::Panicked(_)) => lines.push("(a closure panicked)".to_owned()),
    }
    lines
}

/// The messages of a conversation, a text for each.
pub(crate) fn lines(messages: &[Message], ids: &mut Ids) -> Vec<String> {
    let tools = ToolNames::new(messages);
    let mut lines = Vec::new();
    for message in messages {
        lines.push(line(message, Some(&tools), ids));
    }
    lines
}

/// A message of the conversation with these tools, as a text. It leaves out fields that only the provider has, and with `None` the tools of
/// results.
pub(crate) fn line(message: &Message, tools: Option<&ToolNames<'_>>, ids: &mut Ids) -> String {
    let mut line = message.role.to_string();
    if let Some(name) = message.name.as_deref()
        && message.tool_results().next().is_none()
    {
        let _ = write!(line, " ({})", hide_secrets::hide(name));
    }
    line.push(':');
    for part in &message.parts {
        let tool = match part {
            Part::ToolResult(result) => {
                tools.map(|tools| tools.tool_of(result).unwrap_or("an unknown tool"))
            }
            _ => None,
        };
        if let Some(text) = part_line(part, tool, ids) {
            line.push(' ');
            line.push_str(&text);
        }
    }
    line
}

/// A part as a text; `None` if it only has further fields of another.
fn part_line(part: &Part, tool: Option<&str>, ids: &mut Ids) -> Option<String> {
    Some(match part {
        Part::Text(text) => hide_secrets::hide(text).into_owned(),
        Part::Reasoning(reasoning) => {
            format!("(reasoning: {})", hide_secrets::hide(&reasoning.text))
        }
        Part::RedactedReasoning(_) => "(redacted reasoning)".to_owned(),
        Part::Refusal(text) => format!("(refusal: {})", hide_secrets::hide(text)),
        Part::Image(Image::Url(url)) => format!("(image {})", hide_secrets::hide(url)),
        Part::Image(Image::Base64 { media_type, data }) => {
            format!("({media_type}, {} characters of base64)", data.len())
        }
        Part::Image(Image::File(_)) => "(image by its file)".to_owned(),
        Part::ToolCall(call) => called(call, ids),
        Part::ToolResult(result) => returned(result, tool, ids),
        Part::Extra(_) => return None,
        Part::Other(value) => format!("(other: {})", hide_secrets::hide_value("", value)),
    })
}

fn called(call: &ToolCall, ids: &mut Ids) -> String {
    let arguments = match call.json::<Value>() {
        Ok(arguments) => hide_secrets::hide_value("", &arguments).to_string(),
        Err(_) => hide_secrets::hide(&call.arguments).into_owned(),
    };
    let id = ids.number(&call.id);
    format!("calls {} {arguments}{id}", hide_secrets::hide(&call.name))
}

fn returned(result: &ToolResult, tool: Option<&str>, ids: &mut Ids) -> String {
    let mut content = String::new();
    for part in &result.content {
        if let Some(text) = part_line(part, None, ids) {
            let space = if content.is_empty() { "" } else { " " };
            let _ = write!(content, "{space}{text}");
        }
    }
    let word = if result.is_error {
        "failed with"
    } else {
        "returned"
    };
    let id = ids.number(&result.call_id);
    match tool {
        Some(tool) => format!("{} {word} {content}{id}", hide_secrets::hide(tool)),
        None => format!("{word} {content}{id}"),
    }
}

/// The ids of tool calls, numbered in the order in which they come; `None` leaves them out.
pub(crate) struct Ids(Option<Map<String, Value>>);

impl Ids {
    pub(crate) fn numbered() -> Self {
        Ids(Some(Map::new()))
    }

    pub(crate) fn left_out() -> Self {
        Ids(None)
    }

    /// The number of an id: ` #1`; nothing if it is empty.
    fn number(&mut self, id: &str) -> String {
        let Some(known) = self.0.as_mut().filter(|_| !id.is_empty()) else {
            return String::new();
        };
        let next = known.len() + 1;
        let number = known.entry(id).or_insert_with(|| next.into());
        format!(" #{number}")
    }
}
