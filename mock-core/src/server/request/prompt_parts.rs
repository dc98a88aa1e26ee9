//! The parts of a request that a provider's cache for prompts covers, as the client wrote them.

use std::ops::Range;

use serde_json::Value;

use crate::engine::server_trait::{Prompt, PromptPart};
use crate::search::Search;

/// The fields of each wire that hold tools, instructions and messages.
const TOOLS: &[&str] = &["tools"];
const INSTRUCTIONS: &[&str] = &[
    "system",
    "instructions",
    "systemInstruction",
    "system_instruction",
];
const MESSAGES: &[&str] = &["messages", INPUT, "contents", "prompt"];

/// The field whose items have a short form: a text is a message of the user.
const INPUT: &str = "input";

/// The fields that name the beginning of the conversation, which the provider has.
const EARLIER: &[&str] = &["previous_response_id", "previous_interaction_id"];

/// Reads the parts of a body, which is JSON; `None` if the provider has the beginning of the conversation.
pub(in crate::server) fn prompt(body: &[u8]) -> Option<Prompt> {
    let members = children(body, start(body));
    let continues = |member: &Child| {
        member.is_named(body, EARLIER)
            || member.is_named(body, &["thread"]) && continues_thread(&body[member.value.clone()])
    };
    if members.any(&continues) {
        return None;
    }
    let mut parts = Vec::new();
    for &(kind, names) in &[
        (PromptPart::Tools, TOOLS),
        (PromptPart::Instructions, INSTRUCTIONS),
    ] {
        let named = members.find(&|member| member.is_named(body, names));
        let text = named.map(|member| compared(&body[member.value.clone()]));
        parts.push((kind, text.unwrap_or_default()));
    }
    for member in &members {
        if !member.is_named(body, MESSAGES) {
            continue;
        }
        let value = &body[member.value.clone()];
        let items = match value.first() {
            Some(b'[') => children(value, 0),
            _ => vec![Child::whole(value.len())],
        };
        for (index, item) in items.into_iter().enumerate() {
            let mut text = compared(&value[item.value]);
            if member.is_named(body, &[INPUT]) {
                text = short(text);
            }
            parts.push((PromptPart::Message(index), text));
        }
    }
    Some(Prompt { parts })
}

/// Whether this is the thread of a request of Anthropic that continues one.
fn continues_thread(thread: &[u8]) -> bool {
    serde_json::from_slice::<Value>(thread).is_ok_and(|thread| thread["type"] == "continue")
}

/// An item of a list, or a field of an object.
struct Child {
    /// Its name in quotes; empty for an item.
    name: Range<usize>,
    value: Range<usize>,
}

impl Child {
    fn whole(length: usize) -> Self {
        Child {
            name: 0..0,
            value: 0..length,
        }
    }

    fn is_named(&self, text: &[u8], names: &[&str]) -> bool {
        let name = &text[self.name.clone()];
        let name = name
            .get(1..name.len().saturating_sub(1))
            .unwrap_or_default();
        names.any(&|known| known.as_bytes() == name)
    }
}

/// The items of the list, or the fields of the object, that begins here. The text is valid JSON.
fn children(text: &[u8], open: usize) -> Vec<Child> {
    let mut children = Vec::new();
    let is_object = text.get(open) == Some(&b'{');
    let mut at = space(text, open + 1);
    while at < text.len() && !matches!(text[at], b']' | b'}') {
        let name = match is_object {
            true => at..end_of_text(text, at),
            false => at..at,
        };
        if is_object {
            at = space(text, space(text, name.end) + 1);
        }
        let end = end_of_value(text, at);
        children.push(Child {
            name,
            value: at..end,
        });
        at = space(text, end);
        if text.get(at) == Some(&b',') {
            at = space(text, at + 1);
        }
    }
    children
}

fn start(text: &[u8]) -> usize {
    let bom = text.starts_with(b"\xef\xbb\xbf");
    space(text, if bom { 3 } else { 0 })
}

/// Returns the end of the white space at `from`.
fn space(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    from + rest.len() - rest.trim_ascii_start().len()
}

/// Returns the end of the quoted text that starts at `from`.
fn end_of_text(text: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// Returns the end of the value that starts at `from`.
fn end_of_value(text: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < text.len() {
        match text[at] {
            b'"' => {
                at = end_of_text(text, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return at + depth,
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return at,
            byte if depth == 0 && byte.is_ascii_whitespace() => return at,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// A value without the fields `cache_control`, which may move from request to request. A list of a single text is that text, since a text
/// can have no such field. All else stays as it is.
fn compared(value: &[u8]) -> Vec<u8> {
    let mut text = without_cache_control(value);
    if text.first() == Some(&b'[')
        && let [only] = children(&text, 0).as_slice()
        && let Some(single) = only_text(&text[only.value.clone()])
    {
        text = single.to_vec();
    }
    text
}

/// The item of an input in its short form: a text for a message of the user that has nothing but this text.
fn short(item: Vec<u8>) -> Vec<u8> {
    let is = |field: &Child, name: &str, values: &[&str]| {
        let value = item.get(field.value.clone()).unwrap_or_default();
        let is_one = |one: &str| value == format!("\"{one}\"").as_bytes();
        field.is_named(&item, &[name]) && values.any(&|one| is_one(one))
    };
    let fields = match item.first() {
        Some(b'{') => children(&item, 0),
        _ => return item,
    };
    let content = fields.find(&|field| {
        field.is_named(&item, &["content"]) && item.get(field.value.start) == Some(&b'"')
    });
    let is_said = fields.all(&|field| {
        field.is_named(&item, &["content"])
            || is(field, "role", &["user"])
            || is(field, "type", &["message", "user_input"])
    });
    match (content, only_text(&item)) {
        (Some(content), _) if is_said => item[content.value.clone()].to_vec(),
        (_, Some(text)) => text.to_vec(),
        _ => item,
    }
}

/// The text of a part that is nothing but a text.
fn only_text(part: &[u8]) -> Option<&[u8]> {
    const KINDS: [&[u8]; 3] = [br#""text""#, br#""input_text""#, br#""output_text""#];
    if part.first() != Some(&b'{') {
        return None;
    }
    let fields = children(part, 0);
    let [one, other] = fields.as_slice() else {
        return None;
    };
    let (kind, text) = match one.is_named(part, &["type"]) {
        true => (one, other),
        false => (other, one),
    };
    let is_text = kind.is_named(part, &["type"])
        && KINDS.contains(&&part[kind.value.clone()])
        && text.is_named(part, &["text"])
        && part.get(text.value.start) == Some(&b'"');
    is_text.then(|| &part[text.value.clone()])
}

fn without_cache_control(value: &[u8]) -> Vec<u8> {
    let (Some(open @ (b'{' | b'[')), Some(close)) = (value.first(), value.last()) else {
        return value.to_vec();
    };
    let mut text = vec![*open];
    let mut before = 1;
    for child in children(value, 0) {
        let begin = match child.name.is_empty() {
            true => child.value.start,
            false => child.name.start,
        };
        if !child.is_named(value, &["cache_control"]) {
            // Leave out the comma and the white space before the field, too.
            let gap = &value[before..begin];
            match text.len() {
                1 => text.extend(gap.iter().filter(|byte| **byte != b',')),
                _ => text.extend(gap),
            }
            text.extend(&value[begin..child.value.start]);
            text.extend(compared(&value[child.value.clone()]));
        }
        before = child.value.end;
    }
    text.extend(&value[before..value.len() - 1]);
    text.push(*close);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str) -> Vec<String> {
        let prompt = prompt(body.as_bytes()).expect("a prompt");
        let parts = prompt.parts.into_iter();
        parts
            .map(|(_, text)| String::from_utf8(text).expect("UTF-8"))
            .collect()
    }

    #[test]
    fn the_parts_of_a_body_are_its_own_text() {
        let body = r#" {"model": "m", "tools" : [ {"name":"a"} ],"system":"Be \"brief\", {x}",
            "messages":[{"role": "user","content":"a, b ]"} , {"a":[1, {"b":null}]}, 1.5e3]}"#;
        assert_eq!(
            texts(body),
            [
                r#"[ {"name":"a"} ]"#,
                r#""Be \"brief\", {x}""#,
                r#"{"role": "user","content":"a, b ]"}"#,
                r#"{"a":[1, {"b":null}]}"#,
                "1.5e3",
            ]
        );
        assert_eq!(texts(r#"{"input":"hi"}"#), ["", "", r#""hi""#]);
    }

    #[test]
    fn only_the_fields_for_caching_are_left_out() {
        for (value, expected) in [
            (r#"{"a": 1, "cache_control": {"type": "x"}}"#, r#"{"a": 1}"#),
            (r#"{"cache_control": {}, "a": 1}"#, r#"{ "a": 1}"#),
            (r#"{"cache_control":{}}"#, "{}"),
            (
                r#"[{"text":"cache_control","cache_control":null},"b"]"#,
                r#"[{"text":"cache_control"},"b"]"#,
            ),
            (
                r#"{"content":[{"type":"text","text":"a","cache_control":{}}]}"#,
                r#"{"content":"a"}"#,
            ),
            (r#"[{"text":"a","type":"text"}]"#, r#""a""#),
            (
                r#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
                r#"[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
            ),
            (
                r#"[{"type":"text","text":{}}]"#,
                r#"[{"type":"text","text":{}}]"#,
            ),
            (r#"[{"text":"a"}]"#, r#"[{"text":"a"}]"#),
            (r#""cache_control""#, r#""cache_control""#),
            ("[ ]", "[ ]"),
            ("{}", "{}"),
        ] {
            let text = compared(value.as_bytes());
            assert_eq!(String::from_utf8_lossy(&text), expected, "{value}");
        }
    }

    #[test]
    fn a_conversation_that_the_provider_has_is_not_compared() {
        for field in EARLIER {
            let body = format!(r#"{{"{field}": "id_1", "input": "hi"}}"#);
            assert!(prompt(body.as_bytes()).is_none(), "{field}");
        }
    }

    #[test]
    fn each_way_to_write_a_users_text_in_an_input_is_the_same() {
        for input in [
            r#""hi""#,
            r#"["hi"]"#,
            r#"[{"role":"user","content":"hi"}]"#,
            r#"[{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}]"#,
            r#"[{"type":"user_input","content":[{"type":"text","text":"hi"}]}]"#,
            r#"{"type":"text","text":"hi"}"#,
            r#"[{"type":"text","text":"hi"}]"#,
        ] {
            let body = format!(r#"{{"input":{input}}}"#);
            assert_eq!(texts(&body), ["", "", r#""hi""#], "{input}");
        }
        for item in [
            r#"{"role":"assistant","content":"hi"}"#,
            r#"{"role":"user","content":"hi","id":"1"}"#,
            r#"{"type":"function_call_output","call_id":"1","output":"hi"}"#,
        ] {
            let body = format!(r#"{{"input":[{item}]}}"#);
            assert_eq!(texts(&body), ["", "", item]);
        }
    }
}
