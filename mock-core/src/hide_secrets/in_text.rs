//! Secrets within a text: `password = x`, `"api_key": "x"`, `Bearer x`, `sk-..`.
//!
//! One pass from left to right, in linear time. Whatever the text is (JSON, JSON within a JSON string, a URL, headers, a sentence), a
//! secret is either a key that one knows by its beginning, or the value behind a name that promises one.

use std::borrow::Cow;
use std::ops::Range;

use super::HIDDEN;
use super::secret_names_in_reports::{self, Kind};
use crate::search::{CharTest, DIGIT, Search};

/// How keys begin, and how many characters follow at least. A scan of recorded exchanges knows the same beginnings, and their sources
/// (`detect/api_key_shapes.rs` in `mock-cassette`). A report hides shorter keys than a scan reports, because here a mistake costs less.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 3),
    ("sk_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("csk-", 8),
    ("ek_", 24),
    ("gsk_", 8),
    ("xai-", 8),
    ("AIza", 16),
    ("AQ.Ab", 16),
    ("AKIA", 12),
    ("ASIA", 12),
    ("ABIA", 12),
    ("ACCA", 12),
    ("ABSK", 24),
    ("bedrock-api-key-", 12),
    ("ghp_", 8),
    ("gho_", 8),
    ("ghs_", 8),
    ("ghu_", 8),
    ("ghr_", 8),
    ("github_pat_", 8),
    ("glpat-", 8),
    ("hf_", 12),
    ("api_org_", 12),
    ("npm_", 12),
    ("pypi-AgEI", 12),
    ("dop_v1_", 12),
    ("dapi", 32),
    ("SG.", 40),
    ("r8_", 24),
    ("fw_", 20),
    ("tgp_v1_", 8),
    ("lsv2_", 12),
    ("tvly-", 12),
    ("VENICE_INFERENCE_KEY_", 12),
    ("nvapi-", 8),
    ("pplx-", 8),
    ("xoxa-", 8),
    ("xoxb-", 8),
    ("xoxe-", 8),
    ("xoxp-", 8),
    ("xoxs-", 8),
    ("xapp-", 8),
    ("ya29.", 8),
    ("eyJ", 16),
];

#[cfg(all(test, feature = "cassette"))]
pub(super) fn prefixes() -> impl Iterator<Item = &'static str> {
    PREFIXES.iter().map(|(prefix, _)| *prefix)
}

/// The schemes of `Authorization` that precede one token.
const TOKEN_SCHEMES: &[&str] = &["Bearer", "Basic", "Token", "ApiKey", "Negotiate", "NTLM"];

/// The schemes of `Authorization` that precede a list of parameters.
const PARAMETER_SCHEMES: &[&str] = &["Digest", "Hawk", "OAuth", "AWS4-HMAC-SHA256"];

/// The scheme with this name, in any case.
pub(super) fn scheme(name: &str) -> Option<&'static str> {
    for &schemes in &[TOKEN_SCHEMES, PARAMETER_SCHEMES] {
        for scheme in schemes {
            if scheme.eq_ignore_ascii_case(name) {
                return Some(scheme);
            }
        }
    }
    None
}

/// Words that follow `bearer` in sentences.
const NOT_TOKENS: &[&str] = &[
    "authentication",
    "authorization",
    "certificate",
    "credential",
    "credentials",
];

/// A text without secrets.
pub(crate) fn hide_in_text(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    // The current word. It may be followed by the value that a name announces.
    let mut word = 0..0;
    let mut value: Option<Value> = None;
    while let Some(c) = text[at..].chars().next() {
        if let Some(found) = value.take_if(|value| at >= value.range.start) {
            // A key found on the way may already have replaced the value.
            if at == found.range.start {
                out.push_str(&text[copied..at]);
                for &part in &[&*found.quote, HIDDEN, &*found.quote] {
                    out.push_str(part);
                }
            }
            at = at.max(found.range.end);
            copied = at;
            word = at..at;
            continue;
        }
        let begins = !text[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        if begins && let Some(key) = key_at(text, at) {
            out.push_str(&text[copied..key.start]);
            out.push_str(HIDDEN);
            at = key.end;
            copied = at;
            word = at..at;
            continue;
        }
        if value.is_none() && at >= word.end && is_of_name(c) {
            let length = text[at..].find(NOT_OF_NAME);
            let end = length.map_or(text.len(), |length| at + length);
            let before = (!word.is_empty() && &text[word.end..at] == " ").then_some(word.start);
            word = at..end;
            value = value_of(text, before, word.clone());
        }
        at += c.len_utf8();
    }
    match copied {
        0 => Cow::Borrowed(text),
        _ => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '%')
}

const NOT_OF_NAME: CharTest = |c| !is_of_name(c);

/// The password in `postgres://user:password@host`, if the part behind `://` begins here.
fn password_of_url(text: &str, at: usize) -> Option<Range<usize>> {
    if !text[..at].ends_with("://") {
        return None;
    }
    let ends: CharTest =
        |c| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '\\' | '`');
    let authority = text[at..].split(ends).next()?;
    let (user, _host) = authority.rsplit_once('@')?;
    let (name, password) = user.split_once(':')?;
    let start = at + name.len() + 1;
    (!password.is_empty()).then_some(start..start + password.len())
}

/// The text between the first and the last line of a private key in PEM (RFC 7468), or up to the end if the last line is missing.
fn private_key(text: &str, at: usize) -> Option<Range<usize>> {
    let label = text[at..].strip_prefix("-----BEGIN ")?;
    let (label, _) = label.split_once("-----")?;
    // `PRIVATE KEY BLOCK` is OpenPGP's (RFC 9580).
    let is_key = label.ends_with("PRIVATE KEY") || label.ends_with("PRIVATE KEY BLOCK");
    if !is_key || label.len() > 40 {
        return None;
    }
    let start = at + "-----BEGIN ".len() + label.len() + "-----".len();
    let length = text[start..].find("-----END ");
    let end = length.map_or(text.len(), |length| start + length);
    (start < end).then_some(start..end)
}

/// A key that is known by its beginning, or the token behind `Bearer`.
fn key_at(text: &str, at: usize) -> Option<Range<usize>> {
    let is_behind_key: CharTest =
        |c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.' | '+' | '/' | '=');
    let length = |text: &str| text.find(is_behind_key).unwrap_or(text.len());
    if let Some(range) = password_of_url(text, at).or_else(|| private_key(text, at)) {
        return Some(range);
    }
    let text = &text[at..];
    for &(prefix, least) in PREFIXES {
        if let Some(rest) = text.strip_prefix(prefix) {
            let length = rest[..length(rest)]
                .trim_end_matches(&['.', '/', '='][..])
                .len();
            if length >= least {
                return Some(at..at + prefix.len() + length);
            }
        }
    }
    if !text.get(..6)?.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let rest = text[6..].trim_start();
    let begin = text.len() - rest.len();
    if begin == 6 {
        return None;
    }
    let token = &rest[..length(rest)];
    let is_long = token.len() >= 8 && !NOT_TOKENS.contains(&token.trim_end_matches('.'));
    let is_token = is_long || token.contains(DIGIT);
    is_token.then_some(at + begin..at + begin + token.len())
}

/// The place of a secret that has a name.
struct Value {
    range: Range<usize>,
    /// The quote to put around its replacement.
    quote: String,
}

/// The secret behind a name: `name: value`, `"name": "value"`, `name=value`, `--name value`.
fn value_of(text: &str, before: Option<usize>, word: Range<usize>) -> Option<Value> {
    let name = &text[word.clone()];
    let behind = &text[word.end..];
    let quote = Quote::read(behind);
    let quote_length = quote.map_or(0, Quote::length);
    // Only JSON has line breaks around its colons.
    let space = |text: &str| match quote {
        Some(quote) => quote.space(text),
        None => text.len() - text.trim_start_matches(&[' ', '\t'][..]).len(),
    };
    let joint_at = word.end + quote_length + space(&behind[quote_length..]);
    let joint = &text[joint_at..];
    let length = joint.len() - joint.trim_start_matches(&[':', '=', '>'][..]).len();
    let joint = &joint[..length.min(3)];
    let is_flag = name.starts_with("--") && behind.starts_with(' ');
    if joint.starts_with("::") || joint.starts_with('>') || (joint.is_empty() && !is_flag) {
        return None;
    }
    let in_url = joint == "=" && text[..word.start].ends_with(&['?', '&'][..]);
    let at = joint_at + joint.len();
    let at = match in_url {
        true => at,
        false => at + space(&text[at..]),
    };
    let value = &text[at..];
    let kind = Kind::from_name(name)
        .or_else(|| Kind::from_words(&text[before?..word.end]))
        .or_else(|| (in_url && secret_names_in_reports::is_key(name)).then_some(Kind::Secret))?;
    if let Some(opening) = Quote::read(value) {
        let value = &value[opening.length()..];
        let begin = at + opening.length();
        let closes = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | ')' | ']' | '}');
        // No value follows: the next character may close a bracket around the name.
        if quote.is_none() && value.chars().next().is_none_or(closes) {
            return None;
        }
        let (length, _) = opening.end(value);
        let is_plain = kind.allows(&value[..length]);
        return (!is_plain).then(|| Value::new(begin, length));
    }
    if kind == Kind::Cookie {
        let first = value.split(&[' ', ';'][..]).next().unwrap_or_default();
        let is_cookie = first.contains('=');
        return is_cookie.then(|| Value::new(at, rest_of_line(value)));
    }
    if name.to_ascii_lowercase().ends_with("authorization") {
        let (scheme, after) = value.split_once(' ').unwrap_or((value, ""));
        let is_one_of = |known: &[&str]| known.any(&|is| is.eq_ignore_ascii_case(scheme));
        let token = after.trim_start_matches(' ');
        let begin = at + value.len() - token.len();
        if is_one_of(TOKEN_SCHEMES) {
            let length = bare(token, false);
            return (length > 0).then(|| Value::new(begin, length));
        }
        if is_one_of(PARAMETER_SCHEMES) {
            return Some(Value::new(begin, rest_of_line(token)));
        }
    }
    let length = bare(value, in_url);
    let is_plain = kind.allows(&value[..length]);
    (!is_plain).then(|| Value {
        range: at..at + length,
        // Keep the quotes, so that JSON stays JSON.
        quote: behind[..quote_length].to_owned(),
    })
}

impl Value {
    fn new(at: usize, length: usize) -> Self {
        Value {
            range: at..at + length,
            quote: String::new(),
        }
    }
}

fn rest_of_line(text: &str) -> usize {
    text.find(&['\n', '\r'][..]).unwrap_or(text.len())
}

/// How long a value without quotes is: to the next white space, quote, `,`, `;` or `&`, and over what is in brackets.
fn bare(text: &str, in_url: bool) -> usize {
    // If a part of the value is already hidden, that part is the whole value.
    let mut closed = text.strip_prefix(HIDDEN).map_or(0, |_| HIDDEN.len());
    let mut at = closed;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '(' | '[' | '{' if !in_url => {
                at += group(&text[at..]);
                closed = at;
            }
            ',' | ';' if in_url => at += 1,
            '#' if in_url => break,
            ',' | ';' | '&' | '"' | '\'' | '`' | '\\' | '<' => break,
            c if c.is_whitespace() => break,
            c => at += c.len_utf8(),
        }
    }
    // Leave out the end of a sentence, or a closing bracket.
    let word = text[..at].trim_end_matches(&['.', '?', '!', ':', ')', ']', '}'][..]);
    word.len().max(closed)
}

/// How long a text in brackets is; all of the text if they are not closed.
fn group(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let quote = matches!(c, '"' | '\\').then(|| Quote::read(&text[at..]));
        if let Some(quote) = quote.flatten() {
            at += quote.length();
            at += quote.end(&text[at..]).1;
            continue;
        }
        match c {
            '\\' => {
                at = text.len() - text[at..].trim_start_matches('\\').len();
                continue;
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        at += c.len_utf8();
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// A quote, and the backslashes before it: one for a text within a text, three for one within that.
#[derive(Clone, Copy)]
struct Quote {
    backslashes: usize,
    mark: char,
}

impl Quote {
    /// The quote that a text begins with.
    fn read(text: &str) -> Option<Quote> {
        let rest = text.trim_start_matches('\\');
        let mark = rest.chars().next()?;
        matches!(mark, '"' | '\'' | '`').then_some(Quote {
            backslashes: text.len() - rest.len(),
            mark,
        })
    }

    fn length(self) -> usize {
        self.backslashes + 1
    }

    /// How much white space a text begins with; within a text, line breaks are `\n`.
    fn space(self, text: &str) -> usize {
        let mut rest = text.trim_start();
        if self.backslashes == 0 {
            return text.len() - rest.len();
        }
        loop {
            let after = rest.trim_start_matches('\\');
            match after.strip_prefix(&['n', 'r', 't'][..]) {
                Some(next) if after.len() < rest.len() => rest = next.trim_start(),
                _ => break,
            }
        }
        text.len() - rest.len()
    }

    /// Where the text that it opens ends, without and with its closing quote; at the whole text's end if nothing closes it.
    fn end(self, text: &str) -> (usize, usize) {
        let mut backslashes = 0;
        for (at, c) in text.char_indices() {
            if c == self.mark && self.closes(backslashes) {
                return (at - backslashes.min(self.backslashes), at + 1);
            }
            backslashes = match c {
                '\\' => backslashes + 1,
                _ => 0,
            };
        }
        (text.len(), text.len())
    }

    /// Each level of texts doubles the backslashes. Fewer are of a text around this one, which ends there too.
    fn closes(self, backslashes: usize) -> bool {
        let own = self.backslashes;
        backslashes < own || ((backslashes - own) / (own + 1)).is_multiple_of(2)
    }
}
