//! Matches a pattern against a text.

use super::{Pattern, PatternSegment, Until};
use crate::scenario::Str;
use crate::search::{CharTest, WHITE_SPACE};

impl Pattern {
    /// Finds the first place in `text` where the pattern matches, and returns what it captures there.
    pub fn find(&self, text: &str) -> Option<Vec<(Str, String)>> {
        let Some(pieces) = self.words() else {
            return self.find_regex(text);
        };
        let mut search = Search::new(pieces, text, false);
        let found = match first_char(pieces) {
            // If the pattern begins with a literal, try it only where its first character occurs.
            Some(first) => text
                .match_indices(first)
                .any(|(at, _)| search.matches(0, at)),
            None => {
                (0..text.len() + 1).any(|at| text.is_char_boundary(at) && search.matches(0, at))
            }
        };
        search.captures.reverse();
        found.then_some(search.captures)
    }

    /// Returns what the pattern captures in `text` if it matches all of it. A regular expression has its own anchors for that, and may
    /// match anywhere.
    pub fn find_whole(&self, text: &str) -> Option<Vec<(Str, String)>> {
        let Some(pieces) = self.words() else {
            return self.find_regex(text);
        };
        let mut search = Search::new(pieces, text, true);
        let found = search.matches(0, 0);
        search.captures.reverse();
        found.then_some(search.captures)
    }

    #[cfg(feature = "regex")]
    fn find_regex(&self, text: &str) -> Option<Vec<(Str, String)>> {
        let Pattern::Regex(regex) = self else {
            return None;
        };
        let found = regex.captures(text)?;
        let names = regex.capture_names().flatten();
        let captures = names.filter_map(|name| {
            let value = found.name(name)?.as_str().to_owned();
            Some((name.to_owned().into(), value))
        });
        Some(captures.collect())
    }

    #[cfg(not(feature = "regex"))]
    fn find_regex(&self, _: &str) -> Option<Vec<(Str, String)>> {
        None
    }
}

/// The first character of what the pieces match, where that is always the same.
fn first_char(pieces: &[PatternSegment]) -> Option<char> {
    match pieces.first()? {
        PatternSegment::Text(text) => text.chars().next().filter(|first| !first.is_whitespace()),
        _ => None,
    }
}

/// A backtracking search.
///
/// A wildcard that led nowhere leads nowhere from any later place either: it is tried to its end only once.
struct Search<'a> {
    pieces: &'a [PatternSegment],
    text: &'a str,
    /// Whether the whole text must match, and not only a part of it.
    whole: bool,
    /// The captures so far, last first.
    captures: Vec<(Str, String)>,
    /// For each piece, from where on it is known to lead nowhere.
    dead_from: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(pieces: &'a [PatternSegment], text: &'a str, whole: bool) -> Self {
        Search {
            pieces,
            text,
            whole,
            captures: Vec::new(),
            dead_from: Vec::new(),
        }
    }

    fn matches(&mut self, piece: usize, at: usize) -> bool {
        let rest = &self.text[at..];
        match self.pieces.get(piece) {
            None => !self.whole || rest.is_empty(),
            Some(PatternSegment::Text(literal)) => {
                skip_text(literal, rest).is_some_and(|length| self.matches(piece + 1, at + length))
            }
            Some(PatternSegment::Any) => self.matches_anywhere(piece, at, &Self::matches),
            Some(PatternSegment::Capture { name, until }) => {
                let last = piece + 1 == self.pieces.len();
                let length = match until {
                    Until::Next if !last => {
                        let capture = |search: &mut Self, next: usize, end: usize| {
                            search.captures(next, name, at..end)
                        };
                        return self.matches_anywhere(piece, at, &capture);
                    }
                    // The pattern must match the whole text, so nothing may be left.
                    Until::Next if self.whole => None,
                    Until::Next => rest.find(END_OF_PHRASE),
                    Until::Word => rest.find(NOT_OF_WORD),
                    Until::Rest => None,
                };
                self.captures(piece + 1, name, at..at + length.unwrap_or(rest.len()))
            }
        }
    }

    /// Tries what follows the wildcard `piece`, which begins at `at`, at every later place, the nearest first.
    fn matches_anywhere(
        &mut self,
        piece: usize,
        at: usize,
        matches: &dyn Fn(&mut Self, usize, usize) -> bool,
    ) -> bool {
        if self.dead_from.get(piece).is_some_and(|&dead| at >= dead) {
            return false;
        }
        let text = self.text;
        let mut ends = at..text.len() + 1;
        let matched = ends.any(|end| text.is_char_boundary(end) && matches(self, piece + 1, end));
        if !matched {
            self.dead_from.resize(self.pieces.len(), usize::MAX);
            self.dead_from[piece] = at;
        }
        matched
    }

    fn captures(&mut self, next: usize, name: &Str, range: std::ops::Range<usize>) -> bool {
        let value = self.text[range.clone()].trim();
        let matched = !value.is_empty() && self.matches(next, range.end);
        if matched {
            self.captures.push((name.clone(), value.to_owned()));
        }
        matched
    }
}

const END_OF_PHRASE: CharTest = |c| matches!(c, '.' | '?' | '!' | ',' | ';' | ':' | '\n' | '\r');

/// How much of `text` the literal takes, if `text` begins with it; runs of white space are equal.
fn skip_text(literal: &str, text: &str) -> Option<usize> {
    let (mut wanted, mut rest) = (literal, text);
    loop {
        let space = wanted.find(WHITE_SPACE).unwrap_or(wanted.len());
        let (word, after) = wanted.split_at(space);
        rest = rest.strip_prefix(word)?;
        if after.is_empty() {
            return Some(text.len() - rest.len());
        }
        let trimmed = rest.trim_start();
        if trimmed.len() == rest.len() {
            return None;
        }
        (wanted, rest) = (after.trim_start(), trimmed);
    }
}

pub(super) const OF_WORD: CharTest = |c| c.is_alphanumeric() || matches!(c, '_' | '-');
const NOT_OF_WORD: CharTest = |c| !OF_WORD(c);
