//! A request and a message in a few words.

use super::formatting::{list, quote};
use crate::chat::conversation::ToolNames;
use crate::chat::message::{Message, Part, Role, ToolResult};
use crate::chat::request::Request;
use crate::search::Search;

/// The text of a tool's result, and what else is in it: `"A cat." and an image`.
fn returned(result: &ToolResult) -> String {
    let is_text = |part: &Part| matches!(part, Part::Text(_));
    let has_text = result.content.is_empty() || result.content.any(&is_text);
    let text = has_text.then(|| quote(&result.text(), 30));
    let mut returned = Vec::from_iter(text);
    for part in &result.content {
        match part {
            Part::Text(_) | Part::Extra(_) => {}
            Part::Image(_) => returned.push("an image".to_owned()),
            part => returned.push(format!("a part `{}`", part.name())),
        }
    }
    returned.join(" and ")
}

/// The question of a request in a few words: its last message, or the inputs of one for embeddings. `None` if it has no message.
pub(super) fn request_summary(request: &Request, is_embedding: bool) -> Option<String> {
    let last = request.last_message()?;
    Some(match (is_embedding, request.messages.len()) {
        (false, _) => message_summary(last, request),
        (true, 1) => format!("embed {}", quote(&last.text(), 40)),
        (true, several) => format!(
            "embed {several} inputs, the last {}",
            quote(&last.text(), 40)
        ),
    })
}

/// Returns a message in a few words.
pub(super) fn message_summary(message: &Message, request: &Request) -> String {
    let mut words = Vec::new();
    let has_results = message.tool_results().next().is_some();
    let tools = has_results.then(|| ToolNames::new(&request.messages));
    for result in message.tool_results() {
        let tool = tools.as_ref().and_then(|tools| tools.tool_of(result));
        words.push(format!(
            "{} returned {}",
            tool.unwrap_or("an unknown tool"),
            returned(result)
        ));
    }
    if message.role == Role::Tool || (message.role == Role::User && !message.is_from_the_user()) {
        return words.join(", ");
    }
    let mut calls = Vec::new();
    for call in message.tool_calls() {
        calls.push(call.name.as_str());
    }
    let (role, text) = (message.role.as_str(), message.text());
    let of_text = match text.is_empty() && !calls.is_empty() {
        true => role.to_owned(),
        false => format!("{role} {}", quote(&text, 40)),
    };
    words.push(match calls.as_slice() {
        [] => of_text,
        _ => format!("{of_text} calls {}", list(&calls)),
    });
    words.join(", ")
}
