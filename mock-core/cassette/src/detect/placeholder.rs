//! Placeholders of secrets: those that this library writes, and those of other tools.

/// The placeholder of a credential.
pub(crate) const REDACTED: &str = "[REDACTED]";

/// Words that tools and people write instead of a secret: vcr's filters, `<OPENAI_API_KEY>`, rig's `[REDACTED]`, httpmock's `********`.
const WORDS: &[&str] = &[
    "censored",
    "changeme",
    "dummy",
    "empty",
    "example",
    "fake",
    "filtered",
    "hidden",
    "invalid",
    "insert",
    "lmstudio",
    "masked",
    "mock",
    "mocked",
    "none",
    "null",
    "ollama",
    "omitted",
    "placeholder",
    "removed",
    "replace",
    "sample",
    "sanitized",
    "scrubbed",
    "secret",
    "string",
    "stub",
    "test",
    "testing",
    "todo",
    "undefined",
    "unused",
    "your",
];

/// Words that name a value and are not one: `any key`, `api-key`, `my-token`.
const NAMES: &[&str] = &[
    "a",
    "access",
    "an",
    "any",
    "api",
    "apikey",
    "auth",
    "bearer",
    "here",
    "key",
    "my",
    "not",
    "openai",
    "anthropic",
    "password",
    "proj",
    "sk",
    "the",
    "token",
];

/// Whether a value is a placeholder of a secret.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    if value.is_empty() || is_redacted(value) || is_variable(value) || is_repeated(value) {
        return true;
    }
    let words = || value.split(|c: char| !c.is_ascii_alphanumeric());
    let is = |list: &[&str], word: &str| list.iter().any(|known| known.eq_ignore_ascii_case(word));
    let words: Vec<&str> = words().filter(|word| !word.is_empty()).collect();
    // `sk_test_4eC39HqLyjWDarjtT1zdp7dc` is a key, `sk-test-key` is not.
    let is_random = |word: &&str| word.len() >= 12 && is_mixed(word);
    if words.iter().any(is_random) {
        return value.contains("EXAMPLE");
    }
    words.iter().any(|word| is(WORDS, word)) || words.iter().all(|word| is(NAMES, word))
}

/// Whether a value says that it was taken out: `[REDACTED]`, `call_REDACTED_1`, `**FILTERED**`.
pub(crate) fn is_redacted(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    lower.contains("redacted") || lower.contains("filtered") || lower.contains("scrubbed")
}

/// `<API_KEY>`, `{{key}}`, `${KEY}`, `%KEY%`, `$KEY`.
fn is_variable(value: &str) -> bool {
    let value = value.rsplit(' ').next().unwrap_or(value);
    [
        ("<", ">"),
        ("{{", "}}"),
        ("${", "}"),
        ("%", "%"),
        ("[", "]"),
    ]
    .iter()
    .any(|(start, end)| value.starts_with(start) && value.ends_with(end))
        || value.strip_prefix('$').is_some_and(is_constant)
}

fn is_constant(name: &str) -> bool {
    let is_constant = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !name.is_empty() && name.chars().all(is_constant)
}

/// `********`, `sk-xxxxxxxx`, `sk-...abcd`: most characters are the same one.
fn is_repeated(value: &str) -> bool {
    if value.contains("***") || value.contains("...") || value.contains('…') {
        return true;
    }
    let run = |c: char| value.chars().filter(|other| *other == c).count();
    let most = value.chars().map(run).take(64).max().unwrap_or_default();
    value.len() >= 6 && most * 4 >= value.chars().count() * 3
}

/// Whether a word has letters and digits, or capitals within it.
pub(crate) fn is_mixed(word: &str) -> bool {
    let has = |is: fn(&char) -> bool| word.chars().any(|c| is(&c));
    let has_letter = has(char::is_ascii_alphabetic);
    let has_digit = has(char::is_ascii_digit);
    let has_both_cases = has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase);
    has_letter && (has_digit || has_both_cases)
}
