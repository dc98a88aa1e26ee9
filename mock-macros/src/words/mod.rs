//! The words of the grammar.

mod documented_words;
mod other_libraries;
mod syntax_kind;
mod table;

use proc_macro2::Ident;

use crate::did_you_mean::{did_you_mean, is_near};
use crate::search::Search as _;
use crate::syntax::push_all;

pub(crate) use documented_words::items;
pub(crate) use other_libraries::*;
pub(crate) use syntax_kind::SyntaxKind;
pub(crate) use table::*;

/// A word of the grammar.
pub(crate) struct Word {
    pub(crate) word: &'static str,
    /// The kind of its argument, or of the value of a key.
    pub(crate) takes: SyntaxKind,
    /// A whole example, as it is written.
    pub(crate) example: &'static str,
    /// A sentence about it.
    pub(crate) says: &'static str,
}

/// The words that may stand in one place.
pub(crate) struct Words {
    /// The module of these words' items, which editors read.
    pub(crate) module: &'static str,
    /// A sentence about all of them.
    pub(crate) about: &'static str,
    pub(crate) own: &'static [Word],
    pub(crate) includes: &'static [&'static Words],
}

impl Words {
    /// Its own words, and then the included ones.
    pub(crate) fn all(&self) -> Vec<&'static Word> {
        let mut all = Vec::new();
        push_all(&mut all, self.own);
        for words in self.includes {
            all.append(&mut words.all());
        }
        all
    }

    pub(crate) fn names(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for &word in &self.all() {
            names.push(word.word);
        }
        names
    }

    pub(crate) fn find(&self, word: &str) -> Option<&'static Word> {
        let own = self.own.find(&|known| known.word == word);
        own.or_else(|| self.includes.iter().find_map(|words| words.find(word)))
    }

    pub(crate) fn find_ident(&self, word: &Ident) -> Option<&'static Word> {
        self.find(&word.to_string())
    }

    /// The help for a word that is none of these: the one that was probably meant, or all of them.
    pub(crate) fn did_you_mean(&self, word: &str) -> String {
        did_you_mean(word, self.module, &self.names())
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// Returns the word if it is one of these.
    pub(crate) fn if_known<'w>(&self, word: Option<&'w Ident>) -> Option<&'w Ident> {
        let word = word?;
        self.has_ident(word).then_some(word)
    }

    pub(crate) fn has_ident(&self, word: &Ident) -> bool {
        self.has(&word.to_string())
    }
}

impl Word {
    /// The variant that a word stands for in an enum of `mock-core`: `RateLimit` for `rate_limit`.
    pub(crate) fn variant(&self) -> String {
        let mut variant = String::new();
        for part in self.word.split('_') {
            let mut letters = part.chars();
            if let Some(first) = letters.next() {
                variant.push(first.to_ascii_uppercase());
            }
            variant.push_str(letters.as_str());
        }
        variant
    }

    /// The word and its parentheses in its example: `ttft(300ms)`.
    pub(crate) fn call(&self) -> &'static str {
        let example = self.example;
        let mut last = self.word;
        for (at, _) in example.match_indices(self.word) {
            let call = example.get(at..).unwrap_or_default();
            let arguments = call.get(self.word.len()..).unwrap_or_default();
            if arguments.starts_with('(') {
                last = closed(call);
            }
        }
        last
    }
}

/// The text up to where its first parenthesis is closed again.
fn closed(text: &str) -> &str {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' if depth <= 1 => return text.get(..=at).unwrap_or(text),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text
}

/// Whether a key's value is a list.
pub(crate) fn is_list(key: &str) -> bool {
    let takes = KEYS.find(key).map(|key| key.takes);
    matches!(
        takes,
        Some(
            SyntaxKind::Tool
                | SyntaxKind::Beginning
                | SyntaxKind::Capability
                | SyntaxKind::Allowance
                | SyntaxKind::Chaos
                | SyntaxKind::Expectation
                | SyntaxKind::Model
        )
    )
}

/// Whether a matcher looks for a text.
pub(crate) fn is_text_matcher(matcher: &str) -> bool {
    MATCHERS
        .find(matcher)
        .is_some_and(|word| word.takes.is_pattern())
}

/// Whether an answer breaks off by this modifier.
pub(crate) fn is_fault(modifier: &str) -> bool {
    let takes = MODIFIERS.find(modifier).map(|word| word.takes);
    matches!(takes, Some(SyntaxKind::Fault | SyntaxKind::ErrorAfter))
}

/// Whether a word where a profile may stand is one, right or misspelt.
pub(crate) fn is_like_a_profile(word: &Ident) -> bool {
    let word = word.to_string();
    !BEGINNINGS.has(&word) && PROFILES.names().any(&|profile| is_near(&word, profile))
}

/// The profile that a word means which is not a step of a turn, whatever its case.
pub(crate) fn profile_meant(word: &str) -> Option<&'static str> {
    let known = PROFILES.find(&word.to_lowercase());
    let foreign = foreign_profile(word).filter(|_| !KINDS.has(word));
    known.map(|profile| profile.word).or(foreign)
}

/// The help for a word of turns that is written as a key.
pub(crate) fn misplaced_key(key: &str) -> Option<String> {
    if key == "on" || MATCHERS.has(key) {
        return Some("a matcher goes in a turn: `on(user(\"hello\")).reply(\"Hi.\")`".to_owned());
    }
    if ACTIONS.has(key) {
        return Some(format!("an action is a turn of its own: `{key}(..)`"));
    }
    let is_modifier = MODIFIERS.has(key);
    is_modifier.then(|| format!("it is a modifier of a turn: `reply(\"Hi.\").{key}(..)`"))
}

/// The kinds of failure that may say how long to wait.
pub(crate) const WAITING_KINDS: &[&str] = &["rate_limit", "overloaded", "server_error"];

/// The kinds of failure that are not an answer, unless they have a status.
pub(crate) const SILENT_KINDS: &[&str] = &["timeout", "connection", "invalid_response"];

/// The fields that a failure of this kind can have. If it is not an answer, it has no headers and no body.
pub(crate) fn fields_of_an_answer(kind: &str, has_status: bool) -> Vec<&'static str> {
    let is_answer = has_status || !SILENT_KINDS.contains(&kind);
    fields_without(kind, if is_answer { &[] } else { &["headers", "body"] })
}

/// The fields of an error in the middle of an answer: the headers have been sent.
pub(crate) fn fields_within_an_answer(kind: &str, _: bool) -> Vec<&'static str> {
    fields_without(kind, &["headers"])
}

fn fields_without(kind: &str, others: &[&str]) -> Vec<&'static str> {
    let waits = WAITING_KINDS.contains(&kind);
    let mut fields = FIELDS.names();
    fields.retain(|field| !others.contains(field) && (waits || *field != "retry_after"));
    fields
}

/// The headers that are the server's to write.
pub(crate) const HEADERS_OF_THE_SERVER: &[&str] = &["content-length", "transfer-encoding"];

/// Whether parentheses behind this word hold what the grammar says.
pub(crate) fn is_word(word: &Ident) -> bool {
    let lists: [&Words; 10] = [
        &BEGINNINGS,
        &MODIFIERS,
        &MATCHERS,
        &TYPES,
        &SPLITS,
        &LATENCIES,
        &USAGES,
        &LINKS,
        &TEXTS,
        &FAULTS,
    ];
    let word = word.to_string();
    lists.any(&|words| words.has(&word)) || PROFILES.has(&word) || word == "other"
}

#[cfg(test)]
mod tests;
