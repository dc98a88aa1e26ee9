//! The key of a conversation: a hash of its messages.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use serde_json::Value;

use crate::chat::message::{Message, Part, Role};

/// A hash for each prefix of a conversation, from no message to all of them.
///
/// The hash covers roles, texts, tool calls (name, arguments as JSON) and results. It leaves out instructions, reasoning, ids and fields
/// that only one provider has, because clients change them between requests. It also leaves out an assistant message at the end, which the
/// answer continues.
pub(super) struct ConversationHash {
    prefixes: Vec<u64>,
    /// Whether the first message is the assistant's. Then the conversation may continue one that has only instructions.
    is_answered_at_once: bool,
}

impl ConversationHash {
    /// Returns the history of a conversation in this lane.
    pub(super) fn new(messages: &[Message], lane: Option<usize>) -> ConversationHash {
        let mut hasher = DefaultHasher::new();
        lane.hash(&mut hasher);
        let mut prefixes = Vec::with_capacity(messages.len() + 1);
        prefixes.push(hasher.finish());
        let (mut first, mut length) = (None, prefixes.len());
        for message in messages {
            if matches!(message.role, Role::System | Role::Developer) {
                continue;
            }
            first = first.or(Some(message.role));
            hash_message(message, &mut hasher);
            prefixes.push(hasher.finish());
            // Assistant messages at the end do not count: the answer continues them.
            if message.role != Role::Assistant {
                length = prefixes.len();
            }
        }
        prefixes.truncate(length);
        ConversationHash {
            prefixes,
            is_answered_at_once: first == Some(Role::Assistant),
        }
    }

    /// Returns the hash of all messages.
    pub(super) fn whole(&self) -> u64 {
        self.prefixes[self.prefixes.len() - 1]
    }

    /// Returns the hashes of the histories that it may continue, the longest first.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = u64> {
        let first = usize::from(!self.is_answered_at_once);
        let last = self.prefixes.len() - 1;
        self.prefixes[first.min(last)..last].iter().rev().copied()
    }
}

fn hash_message(message: &Message, hasher: &mut DefaultHasher) {
    let role = match message.role {
        // Some wires have results in messages of the user.
        Role::User if !message.is_from_the_user() => Role::Tool,
        role => role,
    };
    role.hash(hasher);
    for part in &message.parts {
        match part {
            Part::Text(text) => hasher.write(text.as_bytes()),
            Part::ToolCall(call) => {
                hasher.write_u8(0xfe);
                call.name.hash(hasher);
                match serde_json::from_str(&call.arguments) {
                    Ok(arguments) => hash_json(&arguments, hasher),
                    Err(_) => call.arguments.hash(hasher),
                }
            }
            Part::ToolResult(result) => {
                hasher.write_u8(0xfd);
                result.text().hash(hasher);
            }
            _ => {}
        }
    }
    hasher.write_u8(0xff);
}

/// Hashes JSON. The order of an object's fields does not matter.
fn hash_json(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Object(fields) => {
            let mut sum: u64 = 0;
            for (name, value) in fields {
                let mut field = DefaultHasher::new();
                name.hash(&mut field);
                hash_json(value, &mut field);
                sum = sum.wrapping_add(field.finish());
            }
            (1, sum).hash(hasher);
        }
        Value::Array(items) => {
            (2, items.len()).hash(hasher);
            for item in items {
                hash_json(item, hasher);
            }
        }
        Value::String(text) => (3, text).hash(hasher),
        Value::Number(number) => (4, number).hash(hasher),
        Value::Bool(value) => (5, value).hash(hasher),
        Value::Null => 6.hash(hasher),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::message::{Reasoning, ToolCall};
    use crate::chat::request::Request;

    fn whole(request: &Request) -> u64 {
        ConversationHash::new(&request.messages, None).whole()
    }

    fn request_with(messages: impl IntoIterator<Item = Message>) -> Request {
        Request::new("m").with_messages(messages)
    }

    fn calls(id: &str, arguments: &str) -> Message {
        Message::assistant("I look.").with_tool_calls([ToolCall::new(id, "look", arguments)])
    }

    #[test]
    fn fields_that_clients_change_are_not_compared() {
        let plain = request_with([
            Message::user("hi"),
            calls("1", r#"{"a":1,"b":[2]}"#),
            Message::tool("1", "seen"),
        ]);
        let mut reasoned = calls("7", r#"{ "b": [2], "a": 1 }"#);
        let reasoning = Reasoning {
            text: "hm".to_owned(),
            signature: None,
        };
        reasoned.parts.insert(0, Part::Reasoning(reasoning));
        reasoned.extra.insert("cache".to_owned(), 1.into());
        let mut result = Message::tool("7", "seen");
        result.role = Role::User;
        let other = request_with([
            Message::system("It is noon."),
            Message::user("hi"),
            reasoned,
            result,
            Message::assistant("It "),
        ]);
        assert_eq!(whole(&plain), whole(&other));
    }

    #[test]
    fn all_that_is_said_is_compared() {
        let requests = [
            request_with([]),
            request_with([Message::user("hi")]),
            request_with([Message::user("h"), Message::user("i")]),
            request_with([Message::user("hi"), Message::user("")]),
            request_with([Message::tool("1", "hi")]),
            request_with([Message::assistant("hi"), Message::user("hi")]),
            request_with([calls("1", "{}"), Message::tool("1", "hi")]),
            request_with([calls("1", r#"{"a":1}"#), Message::tool("1", "hi")]),
            request_with([calls("1", r#"{"a":"1"}"#), Message::tool("1", "hi")]),
            request_with([calls("1", r#"{"a":[1]}"#), Message::tool("1", "hi")]),
            request_with([calls("1", "{"), Message::tool("1", "hi")]),
            request_with([calls("1", "{}"), Message::tool("1", "ho")]),
        ];
        let hashes: std::collections::BTreeSet<_> = requests.iter().map(whole).collect();
        assert_eq!(hashes.len(), requests.len());
        let in_a_lane = ConversationHash::new(&requests[1].messages, Some(0)).whole();
        assert!(!hashes.contains(&in_a_lane));
    }

    #[test]
    fn a_conversation_goes_on_from_each_of_its_beginnings() {
        let first = request_with([Message::user("a")]);
        let second = request_with([
            Message::user("a"),
            Message::assistant("b"),
            Message::user("c"),
        ]);
        let third = second
            .clone()
            .with_message(Message::assistant("d"))
            .user("e");
        let history = ConversationHash::new(&third.messages, None);
        let beginnings: Vec<_> = history.beginnings().collect();
        assert_eq!(beginnings.len(), 4);
        assert_eq!(
            (beginnings[1], beginnings[3]),
            (whole(&second), whole(&first))
        );
    }

    #[test]
    fn only_an_answer_goes_on_from_instructions_alone() {
        let instructions = ConversationHash::new(&request_with([]).messages, None);
        assert_eq!(instructions.beginnings().count(), 0);
        let asks = ConversationHash::new(&request_with([Message::user("a")]).messages, None);
        assert_eq!(asks.beginnings().count(), 0);
        let answered = request_with([Message::assistant("a"), Message::user("b")]);
        let answered = ConversationHash::new(&answered.messages, None);
        assert_eq!(answered.beginnings().last(), Some(instructions.whole()));
    }
}
