//! The values of a JSON text and where they are: [`scalars`] and [`decode`].

use std::borrow::Cow;
use std::ops::Range;

use serde_core::de::IgnoredAny;

/// A step of the path to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step<'t> {
    /// The name of a field, as it is written.
    Field(&'t str),
    /// The index of an item.
    Item(usize),
}

/// A text, a number, `true`, `false` or `null` of a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scalar {
    /// Its range, without the quotes of a text.
    pub(crate) range: Range<usize>,
    pub(crate) is_text: bool,
}

/// # Errors
/// If this is not JSON.
pub(crate) fn check(text: &str) -> Result<(), serde_json::Error> {
    serde_json::from_str::<IgnoredAny>(text).map(|_| ())
}

/// Whether this is a JSON object or array.
pub(crate) fn is_document(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && check(text).is_ok()
}

/// Gives each scalar of a JSON document to `visit`, in the order of the text. Field names are not scalars.
pub(crate) fn scalars<'t>(text: &'t str, mut visit: impl FnMut(&[Step<'t>], Scalar)) {
    let bytes = text.as_bytes();
    let mut path: Vec<Step<'t>> = Vec::new();
    let mut is_key = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'{' => {
                path.push(Step::Field(""));
                is_key = true;
            }
            b'[' => path.push(Step::Item(0)),
            b'}' | b']' => {
                path.pop();
                is_key = false;
            }
            b',' => match path.last_mut() {
                Some(Step::Item(index)) => *index += 1,
                Some(Step::Field(_)) => is_key = true,
                None => {}
            },
            b'"' => {
                let range = at + 1..end_of_text(bytes, at + 1);
                at = range.end;
                match path.last_mut() {
                    Some(last) if is_key => {
                        *last = Step::Field(&text[range]);
                        is_key = false;
                    }
                    _ => visit(
                        &path,
                        Scalar {
                            range,
                            is_text: true,
                        },
                    ),
                }
            }
            b':' => {}
            byte if byte.is_ascii_whitespace() => {}
            _ => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
                let length = bytes[at..].iter().position(ends);
                let end = length.map_or(bytes.len(), |length| at + length);
                visit(
                    &path,
                    Scalar {
                        range: at..end,
                        is_text: false,
                    },
                );
                at = end;
                continue;
            }
        }
        at += 1;
    }
}

pub(crate) fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A JSON text without its escapes, which knows where its bytes were.
#[derive(Debug)]
pub(crate) struct Decoded<'t> {
    pub(crate) text: Cow<'t, str>,
    /// The place of each byte, and of the end; empty if nothing was escaped.
    places: Vec<usize>,
}

impl Decoded<'_> {
    /// Maps a range of the text to the decoded text.
    pub(crate) fn place(&self, range: &Range<usize>) -> Range<usize> {
        match self.places.is_empty() {
            true => range.clone(),
            false => self.places[range.start]..self.places[range.end],
        }
    }
}

/// Decodes what is between the quotes of a JSON text. An escape that means nothing stays as it is.
pub(crate) fn decode(raw: &str) -> Decoded<'_> {
    if !raw.contains('\\') {
        return Decoded {
            text: raw.into(),
            places: Vec::new(),
        };
    }
    let mut text = String::with_capacity(raw.len());
    let mut places = Vec::with_capacity(raw.len() + 1);
    let mut at = 0;
    while let Some(c) = raw[at..].chars().next() {
        let (c, length) = match c {
            '\\' => escape(&raw[at..]).unwrap_or((c, 1)),
            c => (c, c.len_utf8()),
        };
        text.push(c);
        places.resize(text.len(), at);
        at += length;
    }
    places.push(raw.len());
    Decoded {
        text: text.into(),
        places,
    }
}

/// The character of an escape, and how long the escape is.
fn escape(raw: &str) -> Option<(char, usize)> {
    let c = match raw.as_bytes().get(1)? {
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        c @ (b'"' | b'\\' | b'/') => char::from(*c),
        b'u' => {
            let unit = |at: usize| u32::from_str_radix(raw.get(at..at + 4)?, 16).ok();
            let high = unit(2)?;
            if let Some(c) = char::from_u32(high) {
                return Some((c, 6));
            }
            let low = raw.get(6..8).filter(|text| *text == "\\u");
            let low = low.and_then(|_| unit(8))?;
            if !(0xd800..0xdc00).contains(&high) || !(0xdc00..0xe000).contains(&low) {
                return None;
            }
            let c = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return char::from_u32(c).map(|c| (c, 12));
        }
        _ => return None,
    };
    Some((c, 2))
}

/// A path as it is written in a message: `messages[0].content`.
pub(crate) fn shown(path: &[Step<'_>]) -> String {
    use std::fmt::Write as _;

    let mut shown = String::new();
    for step in path {
        // Writing to a text does not fail.
        let _ = match step {
            Step::Field(name) if shown.is_empty() => write!(shown, "{name}"),
            Step::Field(name) => write!(shown, ".{name}"),
            Step::Item(index) => write!(shown, "[{index}]"),
        };
    }
    shown
}
