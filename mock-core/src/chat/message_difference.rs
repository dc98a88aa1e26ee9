//! Where two messages differ, part by part.

use std::collections::HashMap;
use std::slice;

use serde_json::Value;

use super::conversation::ToolNames;
use super::message::{Message, Part, Reasoning, ToolCall, ToolResult};

const OTHER: &str = "is another ";

/// Whether this difference is one of two texts, which are compared word by word.
pub(crate) fn is_of_texts(difference: &str) -> bool {
    let other = difference.rsplit_once(OTHER);
    other.is_some_and(|(_, name)| name == Part::Text(String::new()).name())
}

/// Returns the index of the first message that differs, and how it does. A message that only one of them has differs.
pub(crate) fn first_difference(expected: &[Message], had: &[Message]) -> Option<(usize, String)> {
    let mut comparison = Comparison {
        tools: (&ToolNames::new(expected), &ToolNames::new(had)),
        ids: Some(Ids::default()),
    };
    for (index, (one, other)) in expected.iter().zip(had).enumerate() {
        if let Some(difference) = comparison.messages(one, other) {
            return Some((index, difference));
        }
    }
    let both = expected.len().min(had.len());
    let is_longer = expected.len() != had.len();
    is_longer.then(|| (both, "only one of the conversations has it".to_owned()))
}

/// Returns how a message of the conversation with these tools differs from an expected one. Ids are not compared. The tool of a result is compared if the
/// expected message names it.
pub(crate) fn difference(
    expected: &Message,
    had: &Message,
    tools: &ToolNames<'_>,
) -> Option<String> {
    let mut comparison = Comparison {
        tools: (&ToolNames::new(slice::from_ref(expected)), tools),
        ids: None,
    };
    comparison.messages(expected, had)
}

/// The participant's name. That of a message with results is the name of their tool.
fn name(message: &Message) -> Option<&str> {
    let has_results = message.tool_results().next().is_some();
    message.name.as_deref().filter(|_| !has_results)
}

/// Ids of two conversations, numbered in the order in which they come.
#[derive(Default)]
struct Ids<'m> {
    expected: HashMap<&'m str, usize>,
    had: HashMap<&'m str, usize>,
}

impl<'m> Ids<'m> {
    /// Whether both ids first occurred at the same position. An empty id counts as a missing one.
    fn are_same(&mut self, expected: &'m str, had: &'m str) -> bool {
        fn number<'m>(known: &mut HashMap<&'m str, usize>, id: &'m str) -> usize {
            let next = known.len();
            *known.entry(id).or_insert(next)
        }
        match (expected.is_empty(), had.is_empty()) {
            (false, false) => number(&mut self.expected, expected) == number(&mut self.had, had),
            (one, other) => one == other,
        }
    }
}

/// The parts that are compared: fields that only the provider has are not.
fn compared(parts: &[Part]) -> Vec<&Part> {
    let mut compared = Vec::new();
    for part in parts {
        if !matches!(part, Part::Extra(_)) {
            compared.push(part);
        }
    }
    compared
}

/// Compares messages of two conversations.
struct Comparison<'m> {
    /// The tools of the results that are expected, and of the others.
    tools: (&'m ToolNames<'m>, &'m ToolNames<'m>),
    /// `None` if ids are not compared.
    ids: Option<Ids<'m>>,
}

impl<'m> Comparison<'m> {
    fn messages(&mut self, expected: &'m Message, had: &'m Message) -> Option<String> {
        let (wanted, role) = (expected.role, had.role);
        if wanted != role {
            return Some(format!("it is the {role}'s, not the {wanted}'s"));
        }
        if name(expected) != name(had) {
            return Some("it has another name".to_owned());
        }
        self.parts(&expected.parts, &had.parts)
    }

    fn parts(&mut self, expected: &'m [Part], had: &'m [Part]) -> Option<String> {
        let (expected, had) = (compared(expected), compared(had));
        for (index, (expected, had)) in expected.iter().zip(&had).enumerate() {
            if let Some(difference) = self.part(expected, had) {
                return Some(format!("part {} {difference}", index + 1));
            }
        }
        let (wanted, had) = (expected.len(), had.len());
        (wanted != had).then(|| match had {
            1 => format!("it has 1 part, not {wanted}"),
            _ => format!("it has {had} parts, not {wanted}"),
        })
    }

    fn part(&mut self, expected: &'m Part, had: &'m Part) -> Option<String> {
        let is_same = match (expected, had) {
            (Part::ToolCall(expected), Part::ToolCall(had)) => return self.call(expected, had),
            (Part::ToolResult(expected), Part::ToolResult(had)) => {
                return self.result(expected, had);
            }
            (Part::Reasoning(expected), Part::Reasoning(had)) => return reasoning(expected, had),
            (expected, had) => expected == had,
        };
        (!is_same).then(|| match (expected.name(), had.name()) {
            (wanted, name) if wanted != name => format!("is {}, not {}", a(name), a(wanted)),
            (name, _) => format!("{OTHER}{name}"),
        })
    }

    fn call(&mut self, expected: &'m ToolCall, had: &'m ToolCall) -> Option<String> {
        let arguments = is_same_json(&expected.arguments, &had.arguments);
        if expected.name != had.name {
            return Some(format!("calls `{}`, not `{}`", had.name, expected.name));
        }
        if !arguments {
            return Some(format!("calls `{}` with other arguments", had.name));
        }
        self.id(&expected.id, &had.id)
    }

    fn result(&mut self, expected: &'m ToolResult, had: &'m ToolResult) -> Option<String> {
        let tools = (self.tools.0.tool_of(expected), self.tools.1.tool_of(had));
        let is_unnamed = self.ids.is_none() && tools.0.is_none();
        if !is_unnamed && tools.0 != tools.1 {
            return Some(match tools {
                (Some(wanted), Some(tool)) => {
                    format!("is the result of `{tool}`, not of `{wanted}`")
                }
                _ => "is the result of another tool".to_owned(),
            });
        }
        match (expected.is_error, had.is_error) {
            (true, false) => return Some("does not say that the tool failed".to_owned()),
            (false, true) => return Some("says that the tool failed".to_owned()),
            _ => {}
        }
        let is_same = match (&*compared(&expected.content), &*compared(&had.content)) {
            ([Part::Text(expected)], [Part::Text(had)]) => is_same_json(expected, had),
            _ => false,
        };
        if !is_same && let Some(difference) = self.parts(&expected.content, &had.content) {
            return Some(format!("has another content: {difference}"));
        }
        self.id(&expected.call_id, &had.call_id)
    }

    fn id(&mut self, expected: &'m str, had: &'m str) -> Option<String> {
        let ids = self.ids.as_mut()?;
        (!ids.are_same(expected, had)).then(|| "has the id of another call".to_owned())
    }
}

/// Whether two texts are equal as JSON, or equal as texts if one of them is not JSON.
fn is_same_json(expected: &str, had: &str) -> bool {
    let json = serde_json::from_str::<Value>;
    match (json(expected), json(had)) {
        (Ok(expected), Ok(had)) => expected == had,
        _ => expected == had,
    }
}

/// Providers add signatures that a test need not know: only an expected one is compared.
fn reasoning(expected: &Reasoning, had: &Reasoning) -> Option<String> {
    if expected.text != had.text {
        return Some("is another reasoning".to_owned());
    }
    let is_expected = expected.signature.is_some();
    match (&expected.signature, &had.signature) {
        (expected, had) if !is_expected || expected == had => None,
        (_, None) => Some("has no signature".to_owned()),
        (_, Some(_)) => Some("has another signature".to_owned()),
    }
}

/// A noun with its article.
fn a(noun: &str) -> String {
    let article = match noun.starts_with(&['a', 'e', 'i', 'o', 'u'][..]) {
        true => "an",
        false => "a",
    };
    format!("{article} {noun}")
}
