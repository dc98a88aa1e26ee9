//! Whether a name says that its value is a secret, which reports hide. Recordings have a list of their own
//! (`detect/secret_names_in_recordings.rs` in `mock-cassette`), which a default build does not have; a test compares both.

use crate::search::Search;
use serde_json::Value;

/// Names that contain one of these belong to secrets.
pub(super) const SECRETS: [&str; 18] = [
    "apikey",
    "accesskey",
    "accountkey",
    "authkey",
    "encryptionkey",
    "masterkey",
    "privatekey",
    "sharedkey",
    "signingkey",
    "subscriptionkey",
    "virtualkey",
    "authorization",
    "credential",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "secret",
];

/// Names that end so describe a secret and do not hold it: `token_count`, `password_length`.
const DESCRIPTIONS: [&str; 30] = [
    "budget",
    "cost",
    "count",
    "counts",
    "details",
    "endpoint",
    "expiration",
    "expires",
    "expiresat",
    "expiresin",
    "expiry",
    "file",
    "ids",
    "length",
    "limit",
    "limits",
    "name",
    "names",
    "path",
    "policy",
    "price",
    "rate",
    "remaining",
    "required",
    "size",
    "ttl",
    "type",
    "url",
    "usage",
    "used",
];

/// How other words go on: `tokenizer`, `secretary`, `passwordless`.
const OTHER_WORDS: [&str; 4] = ["iz", "is", "ar", "less"];

/// How numbers of tokens begin: `max_tokens`, `prompt_tokens`.
const NUMBERS: [&str; 12] = [
    "budget",
    "cache",
    "completion",
    "input",
    "max",
    "min",
    "num",
    "output",
    "prompt",
    "reasoning",
    "thinking",
    "total",
];

/// Words before `token` that make it harmless: `next_page_token`, `eos_token`.
const PLAIN_TOKENS: [&str; 10] = [
    "bos",
    "continuation",
    "eos",
    "mask",
    "next",
    "pad",
    "page",
    "special",
    "stop",
    "unk",
];

/// The kind of value that a name suggests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Secret,
    /// `auth_tokens`: a secret unless it is a number, or a list of numbers.
    Tokens,
    Cookie,
}

impl Kind {
    /// The kind of secret that a name promises, if it does.
    pub(super) fn from_name(name: &str) -> Option<Kind> {
        let name = letters(name);
        if matches!(&*name, "cookie" | "setcookie") {
            return Some(Kind::Cookie);
        }
        let end = |word: &str| Some(name.rfind(word)? + word.len());
        let mut secret = None;
        for word in SECRETS {
            secret = secret.max(end(word));
        }
        let token = end("token");
        let rest = &name[secret.max(token)?..];
        let kind = match token > secret && rest.starts_with('s') {
            true => Kind::Tokens,
            false => Kind::Secret,
        };
        let is_number = || NUMBERS.any(&|word| name.starts_with(word));
        let is_plain = || {
            let before = name.rfind("token").map(|at| &name[..at]);
            before.is_some_and(|before| PLAIN_TOKENS.any(&|word| before.ends_with(word)))
        };
        let is_other = DESCRIPTIONS.any(&|word| rest.ends_with(word))
            || OTHER_WORDS.any(&|word| rest.starts_with(word))
            || name.contains("ratelimit")
            || (kind == Kind::Tokens && is_number())
            || (token > secret && is_plain());
        (!is_other).then_some(kind)
    }

    /// The same of two words: `api key`. The second must be the last of the name.
    pub(super) fn from_words(words: &str) -> Option<Kind> {
        let name = letters(words);
        let is_last = SECRETS.any(&|word| name.ends_with(word));
        is_last.then_some(Kind::Secret)
    }

    /// Whether a value under a name of this kind is no secret. `value` is JSON.
    pub(super) fn allows(self, value: &str) -> bool {
        let numbers = value
            .strip_prefix('[')
            .and_then(|list| list.strip_suffix(']'));
        let are_numbers = || {
            let mut numbers = numbers.unwrap_or(value).split(',');
            numbers.all(|number| number.trim().parse::<f64>().is_ok())
        };
        matches!(value, "" | "true" | "false" | "null" | "None")
            || self == Kind::Tokens && are_numbers()
    }
}

/// Whether a parameter of a URL or a header with this name holds a key.
pub(super) fn is_key(name: &str) -> bool {
    let name = decoded(name).to_ascii_lowercase();
    let last = name.rsplit(&['-', '_'][..]).next().unwrap_or_default();
    let is_key = matches!(last, "key" | "auth") && !name.contains("idempotency");
    // Signatures of URLs (`X-Amz-Signature`), and codes of a login.
    is_key || matches!(last, "sig" | "signature") || name == "code"
}

/// Whether a value under this name must not be printed.
pub(crate) fn is_credential(name: &str, value: &Value) -> bool {
    let Some(kind) = Kind::from_name(name) else {
        return false;
    };
    match value {
        Value::String(text) => !kind.allows(text),
        Value::Object(_) => true,
        plain => !kind.allows(&plain.to_string()),
    }
}

/// The ASCII letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    let mut letters = String::new();
    for c in decoded(name).chars() {
        if c.is_ascii_alphanumeric() {
            letters.push(c.to_ascii_lowercase());
        }
    }
    letters
}

/// A name without its percent-encoding; what is not ASCII is left out.
fn decoded(name: &str) -> String {
    let mut out = String::new();
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'%', [high, low, after @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, after),
                _ => (*first, &rest[1..]),
            },
            _ => (*first, after),
        };
        if byte.is_ascii() {
            out.push(char::from(byte));
        }
        rest = after;
    }
    out
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}
