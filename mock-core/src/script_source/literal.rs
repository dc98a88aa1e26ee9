//! Values as the macro takes them.

use crate::search::Search;
use std::time::Duration;

/// A text as a literal, with as few escapes as it can have.
pub(super) fn literal(text: &str) -> String {
    let escaped = format!("{text:?}");
    // A raw string cannot contain escapes, so every character must be printable.
    let is_shown = !text
        .chars()
        .any(|c| c.is_control() || c.escape_debug().len() > 2);
    if !is_shown || escaped.len() == text.len() + 2 {
        return escaped;
    }
    let mut hashes = "#".to_owned();
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
}

/// A text as a template that stands for it.
pub(super) fn template(text: &str) -> String {
    literal(&text.replace('{', "{{").replace('}', "}}"))
}

/// A time in its largest whole unit.
pub(super) fn time(time: Duration) -> String {
    match (time.subsec_millis(), time.subsec_micros() % 1_000) {
        (0, 0) => format!("{}s", time.as_secs()),
        (_, 0) => format!("{}ms", time.as_millis()),
        _ => format!("{}us", time.as_micros()),
    }
}

/// The beginning of a text, in quotes, on one line, and without secrets.
pub(super) fn quoted_short(text: &str) -> String {
    const MOST: usize = 60;
    let hidden = crate::hide_secrets::hide(text);
    let short: String = hidden.chars().take(MOST).collect();
    let more = if short.len() < hidden.len() {
        "…"
    } else {
        ""
    };
    format!("{short:?}{more}")
}

/// A text without its line breaks, which would end a comment.
pub(super) fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// The names of tools as the macro takes them, and on the wire.
#[derive(Default)]
pub(super) struct ToolNames(Vec<(String, String)>);

/// Words that name nothing in Rust, even behind `r#`.
const NO_NAMES: [&str; 4] = ["_", "crate", "self", "super"];

impl ToolNames {
    /// The tool of this name in a call: `look`, or `get_weather.named("get-weather")` for one that Rust cannot spell.
    pub(super) fn called(&mut self, name: &str) -> String {
        if is_word(name) {
            return name.to_owned();
        }
        let known = self.0.find(&|(_, known)| known == name);
        let word = known.map(|(word, _)| word.clone());
        let word = word.unwrap_or_else(|| self.new_word(name));
        format!("{word}.named({})", literal(name))
    }

    fn new_word(&mut self, name: &str) -> String {
        let letters = name.chars().map(|c| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase(),
            _ => '_',
        });
        let mut word = format!("tool_{}", letters.collect::<String>());
        let is_known = |word: &str| self.0.any(&|(known, _)| known == word);
        while is_known(&word) {
            word.push('_');
        }
        self.0.push((word.clone(), name.to_owned()));
        word
    }
}

/// Whether a name can be written as it is.
fn is_word(name: &str) -> bool {
    let mut letters = name.chars();
    let begins = letters
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == '_');
    begins
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && !NO_NAMES.contains(&name)
        && !KEYWORDS.contains(&name)
        && !name.starts_with("tool_")
}

#[rustfmt::skip]
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];
