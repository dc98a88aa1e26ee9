//! Messages of assertions that do not hold, each with a diff.

use serde_json::Value;

use super::detail::Detail;
use super::diff::Diff;
use super::expectation::undecided;
use super::formatting::{count, exact, list, shorten};
use super::mismatch_reason::MismatchReason;
use super::turn::matcher as written;
use super::{INDENT, WIDTH, matcher_mismatch};
use crate::chat::message_difference::is_of_texts;
use crate::chat::request::{ToolDefinition, tool_names};
use crate::engine::expectations::holds;
use crate::hide_secrets;
use crate::journal::calls::Call;
use crate::scenario::{Matcher, Pattern, PatternSegment};
use crate::search::Search;

/// The message where an expectation needs what is only kept if the scenario has it.
pub(crate) const NOT_AFTERWARDS: &str = "`prompt_prefix_stable` needs the bodies of all requests: give it to the scenario, `expect = [prompt_prefix_stable]` or `.expect([expect::prompt_prefix_stable()])`";

/// A matcher does not hold for the request of a call.
pub(crate) fn not_sent(matcher: &Matcher, call: &Call) -> String {
    let why = match holds(matcher, call) {
        Err(why) => MismatchReason::from_text(format_args!("{}", undecided(&why, call))),
        Ok(_) => matcher_mismatch::why(matcher, call),
    };
    let source = written(matcher);
    let headline = format!(
        "call {} did not send `{}`: {}",
        call.number(),
        shorten(&source, 60),
        why.brief
    );
    let mut detail = Detail::default();
    detail.text("expected:", format_args!("{source}"));
    detail.block("but:", &why.lines);
    detail.below(headline)
}

/// A conversation differs from the expected one, first in the message with the index `at`.
pub(crate) fn other_conversation(
    expected: &[String],
    messages: &[String],
    at: usize,
    difference: &str,
) -> String {
    let number = at + 1;
    let there = count(messages.len(), "message");
    let wanted = expected.len();
    const NOTHING: &str = "nothing more";
    match (expected.get(at), messages.get(at)) {
        (Some(one), Some(other)) => {
            let mut headline = format!("message {number} of the conversation differs");
            if wanted != messages.len() {
                let are = if messages.len() == 1 { "is" } else { "are" };
                headline.push_str(&format!(", and there {are} {there}, not {wanted}"));
            }
            differ(headline, one, other, Some(difference))
        }
        (Some(missing), None) => message(
            format!("the conversation has {there}, not {wanted}: message {number} is missing"),
            &hide_secrets::hide(missing),
            NOTHING,
        ),
        (None, more) => message(
            format!("the conversation has {there}, not {wanted}: message {number} is one too many"),
            NOTHING,
            &hide_secrets::hide(more.map_or("", String::as_str)),
        ),
    }
}

/// A message of a conversation that is not the expected one.
pub(crate) struct OtherMessage {
    pub(crate) line: String,
    /// How it differs.
    pub(crate) difference: String,
    /// Whether it has a result of the expected tool.
    pub(crate) is_of_tool: bool,
}

/// A message is not in a conversation.
pub(crate) fn no_message(wanted: &str, messages: &[OtherMessage]) -> String {
    let role = |line: &str| line.split(':').next().unwrap_or_default().to_owned();
    let changes = |line: &str| match line == wanted {
        true => Some(0),
        false => Some(diff(wanted, line)?.count()),
    };
    // Find the nearest message: the one with the fewest changes, and the latest of several. A result of the expected tool goes before other
    // messages. A message that cannot be compared comes last.
    let mut nearest = None;
    let mut least = None;
    for message in messages.iter().rev() {
        if role(&message.line) != role(wanted) {
            continue;
        }
        let changes = changes(&message.line).unwrap_or(usize::MAX);
        let distance = (!message.is_of_tool, changes);
        if least.is_none_or(|least| distance < least) {
            (nearest, least) = (Some(message), Some(distance));
        }
    }
    let headline = "the conversation does not have this message".to_owned();
    match nearest {
        Some(near) => differ(headline, wanted, &near.line, Some(&near.difference)),
        None => message(
            headline,
            wanted,
            &format!("it has no message of the {}", role(wanted)),
        ),
    }
}

/// The tools that a request offers are not the expected ones.
#[inline]
pub(crate) fn other_tools(
    expected: &[ToolDefinition],
    offered: &[ToolDefinition],
) -> Option<String> {
    let (wanted, had) = (tool_names(expected), tool_names(offered));
    if wanted != had {
        let listed = |names: &[&str]| match names.is_empty() {
            true => "no tools".to_owned(),
            false => list(names),
        };
        let headline = match wanted.all(&|name| had.contains(name)) && wanted.len() == had.len() {
            true => "the request offers its tools in another order",
            false => "the request offers other tools",
        };
        return Some(message(
            headline.to_owned(),
            &listed(&wanted),
            &listed(&had),
        ));
    }
    for (wanted, had) in expected.iter().zip(offered) {
        let described = !wanted.description.is_empty() && wanted.description != had.description;
        if described {
            let headline = format!("the tool `{}` has another description", wanted.name);
            return Some(differ(
                headline,
                &wanted.description,
                &had.description,
                None,
            ));
        }
        if let Some((path, wanted_value, had_value)) =
            other_value(&wanted.parameters, &had.parameters)
        {
            let path = match path.is_empty() {
                true => String::new(),
                false => format!(" at `{}`", shorten(&path, 60)),
            };
            let headline = format!("the tool `{}` has another schema{path}", wanted.name);
            return Some(message(headline, &value(wanted_value), &value(had_value)));
        }
    }
    None
}

/// A value of a schema, which may not be there.
fn value(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(value) => shorten(&hide_secrets::hide_value("", value).to_string(), 300),
    }
}

/// A path in JSON, and the values there.
type Place<'v> = (String, Option<&'v Value>, Option<&'v Value>);

/// The first place where two schemas differ. The order of `required` does not count, and an empty one is the same as none.
fn other_value<'v>(wanted: &'v Value, had: &'v Value) -> Option<Place<'v>> {
    let beneath = |key: &str, (path, wanted, had): Place<'v>| {
        let path = match path.is_empty() {
            true => key.to_owned(),
            false => format!("{key}.{path}"),
        };
        (path, wanted, had)
    };
    match (wanted, had) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, wanted) in one {
                if key == "required" && is_same_set(Some(wanted), other.get(key)) {
                    continue;
                }
                let place = match other.get(key) {
                    Some(had) => other_value(wanted, had),
                    None => Some((String::new(), Some(wanted), None)),
                };
                if let Some(place) = place {
                    return Some(beneath(key, place));
                }
            }
            for (key, had) in other {
                let is_empty = key == "required" && is_same_set(None, Some(had));
                if !one.contains_key(key) && !is_empty {
                    return Some(beneath(key, (String::new(), None, Some(had))));
                }
            }
            None
        }
        (wanted, had) => (wanted != had).then_some((String::new(), Some(wanted), Some(had))),
    }
}

/// Whether two lists of names, which may not be there, have the same names.
fn is_same_set(one: Option<&Value>, other: Option<&Value>) -> bool {
    fn names(list: Option<&Value>) -> Option<&[Value]> {
        match list {
            None => Some(&[]),
            Some(Value::Array(names)) if names.all(&Value::is_string) => Some(names),
            Some(_) => None,
        }
    }
    let (Some(one), Some(other)) = (names(one), names(other)) else {
        return false;
    };
    one.all(&|name| other.contains(name)) && other.all(&|name| one.contains(name))
}

/// Two texts that differ, with marks below what differs where they are alike. How messages differ is said if the texts do not show it: they
/// leave out secrets, and of a call or a result many words differ at once.
fn differ(headline: String, wanted: &str, had: &str, difference: Option<&str>) -> String {
    let difference = difference.map(hide_secrets::hide);
    let Some(diff) = diff(wanted, had) else {
        let headline = match difference {
            Some(difference) => format!("{headline}: {difference}"),
            None => headline,
        };
        let (wanted, had) = (exact(wanted, 400), exact(had, 400));
        return message(headline, &wanted, &had);
    };
    let how = match difference {
        Some(difference) if diff.count() > 1 && !is_of_texts(&difference) => difference.into(),
        _ => diff.summary(),
    };
    let headline = format!("{headline}: {how}");
    let [expected, but] = diff.sides(WIDTH - INDENT);
    let mut detail = Detail::default();
    detail.block("expected:", &expected);
    detail.block("but:", &but);
    detail.below(headline)
}

fn diff(wanted: &str, had: &str) -> Option<Diff> {
    let piece = PatternSegment::Text(wanted.to_owned().into());
    Diff::new(&Pattern::Words(vec![piece].into()), had)
}

/// Two texts, each in as many lines as it takes.
fn message(headline: String, expected: &str, but: &str) -> String {
    let mut detail = Detail::default();
    detail.text("expected:", format_args!("{expected}"));
    detail.text("but:", format_args!("{but}"));
    detail.below(headline)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn required_is_a_set_and_an_empty_one_is_none() {
        for (one, other, is_same) in [
            (json!({}), json!({"required": []}), true),
            (
                json!({"required": ["a", "b"]}),
                json!({"required": ["b", "a"]}),
                true,
            ),
            (json!({"required": ["a"]}), json!({}), false),
            (
                json!({"required": ["a"]}),
                json!({"required": ["b"]}),
                false,
            ),
            (json!({"required": null}), json!({}), false),
            (json!({"required": [1]}), json!({"required": [2]}), false),
            (
                json!({"enum": ["a", "b"]}),
                json!({"enum": ["b", "a"]}),
                false,
            ),
            (json!({"enum": []}), json!({}), false),
            (json!({"required": {"type": "string"}}), json!({}), false),
        ] {
            for (one, other) in [(&one, &other), (&other, &one)] {
                let beneath = |value: &Value| json!({"properties": {"p": value}});
                let at_top = other_value(one, other);
                assert_eq!(at_top.is_none(), is_same, "{one} {other}");
                let (one, other) = (beneath(one), beneath(other));
                assert_eq!(
                    other_value(&one, &other).is_none(),
                    is_same,
                    "{one} {other}"
                );
            }
        }
    }
}
