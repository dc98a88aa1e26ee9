//! Ids that a provider generates: `chatcmpl-…`, `call_…`, UUIDs.

use std::ops::Range;

use super::placeholder::is_redacted;

/// How ids begin. Source: the API references of OpenAI, Anthropic, Google, Mistral, OpenRouter and Amazon Bedrock.
const PREFIXES: &[&str] = &[
    "asst_",
    "batch_",
    "call_",
    "chatcmpl-",
    "ci_",
    "cmpl-",
    "cntr_",
    "conv_",
    "event_",
    "fc_",
    "file-",
    "file_",
    "fs_",
    "gen-",
    "ig_",
    "item_",
    "mcp_",
    "mcpr_",
    "msg_",
    "msgbatch_",
    "req_",
    "resp_",
    "rs_",
    "run_",
    "sess_",
    "srvtoolu_",
    "step_",
    "thread_",
    "toolu_",
    "tooluse_",
    "upload_",
    "v1_",
    "vs_",
    "ws_",
];

/// The fixed part of placeholder UUIDs.
const PLACEHOLDER_UUID: &str = "00000000-0000-4000-8000-";

/// The shape of an id. Its placeholder has the same shape, since clients check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum IdShape {
    Prefixed(&'static str),
    Uuid,
    /// Nine letters and digits, as Mistral demands.
    Nine,
    Other,
}

impl IdShape {
    /// The id with this number.
    pub(crate) fn numbered(self, number: usize) -> String {
        match self {
            IdShape::Prefixed(prefix) => format!("{prefix}REDACTED_{number}"),
            IdShape::Uuid => format!("{PLACEHOLDER_UUID}{number:012}"),
            IdShape::Nine => format!("RED{number:06}"),
            IdShape::Other => format!("id_REDACTED_{number}"),
        }
    }
}

/// The number of a placeholder of an id.
pub(crate) fn number_of(id: &str) -> Option<usize> {
    let digits = id
        .strip_prefix(PLACEHOLDER_UUID)
        .filter(|digits| digits.len() == 12);
    let digits = digits.or_else(|| id.strip_prefix("RED").filter(|digits| digits.len() == 6));
    let digits = digits.or_else(|| Some(id.rsplit_once("REDACTED_")?.1))?;
    digits.parse().ok()
}

/// Whether this text is a placeholder of an id.
pub(crate) fn is_placeholder_id(id: &str) -> bool {
    number_of(id).is_some() || is_redacted(id)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The bytes that an id may begin with.
const FIRST: [bool; 256] = {
    let mut first = [false; 256];
    let mut index = 0;
    while index < PREFIXES.len() {
        first[PREFIXES[index].as_bytes()[0] as usize] = true;
        index += 1;
    }
    first
};

/// The id that begins here, within a text.
pub(super) fn id_within(text: &str, at: usize) -> Option<(Range<usize>, IdShape)> {
    if !FIRST[usize::from(text.as_bytes()[at])] {
        return None;
    }
    let second = text.as_bytes().get(at + 1);
    let likely = PREFIXES.iter();
    for &prefix in likely.filter(|prefix| prefix.as_bytes().get(1) == second) {
        let Some(rest) = text[at..].strip_prefix(prefix) else {
            continue;
        };
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let rest = rest[..length].trim_end_matches(['-', '_']);
        let is_placeholder = number_of(rest).is_some() && is_redacted(rest);
        if is_placeholder || is_made(rest) || uuid(rest) == Some(rest.len()) {
            return Some((
                at..at + prefix.len() + rest.len(),
                IdShape::Prefixed(prefix),
            ));
        }
    }
    None
}

/// Whether a part of a text looks generated: letters and digits, not words.
fn is_made(text: &str) -> bool {
    let longest = text
        .split(['_', '-'])
        .map(str::len)
        .max()
        .unwrap_or_default();
    let has = |is: fn(&u8) -> bool| text.bytes().any(|byte| is(&byte));
    longest >= 12 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// How long the UUID is that begins a text.
fn uuid(text: &str) -> Option<usize> {
    let text = text.get(..36)?;
    let is_uuid = text.char_indices().all(|(at, c)| match at {
        8 | 13 | 18 | 23 => c == '-',
        _ => c.is_ascii_hexdigit(),
    });
    is_uuid.then_some(36)
}

/// The shape of a whole value that is an id. `is_named` says that the name of its field promises one.
pub(super) fn id_whole(value: &str, is_named: bool) -> Option<IdShape> {
    if value.len() > 200 || !value.chars().all(is_word) {
        return None;
    }
    if uuid(value) == Some(value.len()) {
        return Some(IdShape::Uuid);
    }
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let has_digit = has(u8::is_ascii_digit);
    let has_letter = has(u8::is_ascii_alphabetic);
    let prefix = PREFIXES.iter().find(|prefix| {
        let rest = value.strip_prefix(**prefix);
        let is_plain = |rest: &str| rest.len() >= 4 && !rest.contains(['_', '-']);
        // Ollama writes `call_` and eight small letters.
        let is_sure = is_named || has_digit || **prefix == "call_";
        rest.is_some_and(|rest| is_sure && is_plain(rest) || number_of(rest).is_some())
    });
    if let Some(prefix) = prefix {
        return Some(IdShape::Prefixed(prefix));
    }
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let has_both_cases = has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    if value.len() == 9 && is_plain && has_digit && (has_both_cases || number_of(value).is_some()) {
        return Some(IdShape::Nine);
    }
    let is_hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_other = match is_named {
        true => value.len() >= 8 && (has_digit && has_letter),
        false => value.len() >= 16 && has_digit && (is_hex || is_made(value) && has_both_cases),
    };
    (is_other || number_of(value).is_some()).then_some(IdShape::Other)
}
