//! Patterns for texts, with captures.

mod search;
#[cfg(test)]
mod tests;

use std::fmt;

use search::{Search, is_of_word};

use super::{List, Str};
use crate::sealed::Sealed;
use crate::search::{CharTest, Search as _};

/// A pattern for a text: words, `*` for any text, and `{name}` for a capture.
///
/// Case matters, and runs of white space are equal. A capture is the shortest non-empty text up to what follows it in the pattern. At the
/// end of the pattern it goes up to one of `.?!,;:` or the end of the line. It is trimmed.
///
/// ```
/// use mock_core::scenario::Pattern;
///
/// let pattern = Pattern::parse("weather in {city}")?;
/// let captures = pattern.find("What is the weather in New York?").expect("the text contains it");
/// assert_eq!(captures, [("city".into(), "New York".to_owned())]);
/// # Ok::<(), mock_core::scenario::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub enum Pattern {
    /// Words, stars and captures, in order.
    #[doc(hidden)]
    Words(List<PatternSegment>),
    /// A regular expression. Its named groups are captures.
    #[cfg(feature = "regex")]
    #[doc(hidden)]
    Regex(super::Regex),
}

impl Sealed for Pattern {}

/// A piece of a [`Pattern`].
#[derive(Debug, Clone, PartialEq)]
pub enum PatternSegment {
    /// This text.
    Text(Str),
    /// `*`: any text, or none.
    Any,
    /// `{name}`: a capture.
    Capture {
        /// The name of the capture.
        name: Str,
        /// How far it goes.
        until: Until,
    },
}

/// How far a capture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// `{name}`: up to what follows in the pattern.
    Next,
    /// `{name:word}`: to the end of the word.
    Word,
    /// `{name:rest}`: to the end of the text.
    Rest,
}

/// Why a text is not a [`Pattern`].
#[derive(Clone, PartialEq, Eq)]
pub struct PatternError {
    pattern: String,
    problem: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a pattern: {}", self.pattern, self.problem)
    }
}

/// The text of `Display`, so that `unwrap` prints it.
impl fmt::Debug for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for PatternError {}

impl Pattern {
    /// Parses a pattern with the syntax of `user("..")`.
    ///
    /// # Errors
    /// If a brace is not closed or does not contain a name, if a name captures twice, or if a capture leaves nothing for what follows it.
    /// `{{` and `}}` are braces, `**` is a star.
    pub fn parse(source: &str) -> Result<Pattern, PatternError> {
        let fail = |problem: String| PatternError {
            pattern: source.to_owned(),
            problem,
        };
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut rest = source;
        while let Some(next) = rest.chars().next() {
            let doubled = rest[next.len_utf8()..].starts_with(next);
            match next {
                '{' | '}' | '*' if doubled => {
                    text.push(next);
                    rest = &rest[2..];
                }
                '*' => {
                    flush(&mut text, &mut pieces);
                    pieces.push(PatternSegment::Any);
                    rest = &rest[1..];
                }
                '{' => {
                    let (inside, after) = rest[1..].split_once('}').ok_or_else(|| {
                        fail("`{` is not closed; write `{{` for a brace".to_owned())
                    })?;
                    flush(&mut text, &mut pieces);
                    let capture = capture(inside).and_then(|capture| once(capture, &pieces));
                    pieces.push(capture.map_err(fail)?);
                    rest = after;
                }
                '}' => {
                    return Err(fail(
                        "`}` was not opened; write `}}` for a brace".to_owned(),
                    ));
                }
                other => {
                    text.push(other);
                    rest = &rest[other.len_utf8()..];
                }
            }
        }
        flush(&mut text, &mut pieces);
        for pair in pieces.windows(2) {
            if let Some(problem) = never_follows(pair) {
                return Err(fail(problem));
            }
        }
        Ok(Pattern::Words(pieces.into()))
    }

    /// Finds the first place in `text` where the pattern matches, and returns what it captures there.
    pub fn find(&self, text: &str) -> Option<Vec<(Str, String)>> {
        let Some(pieces) = self.words() else {
            return self.find_regex(text);
        };
        let mut search = Search::new(pieces, text, false);
        let found = match first_char(pieces) {
            // If a pattern begins with a letter, it is tried only where that letter occurs.
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
}

impl Pattern {
    /// The method and the pattern of a path, of one that is written as `GET /v1/files/*`.
    ///
    /// # Errors
    /// If it does not begin with a method in capital letters, or with `/`, `*` or a capture.
    pub(crate) fn into_path(self) -> Result<(Option<Str>, Pattern), PatternError> {
        let fail = |pattern: &Pattern, problem: &str| {
            Err(PatternError {
                pattern: pattern.to_string(),
                problem: problem.to_owned(),
            })
        };
        let Some(pieces) = self.words() else {
            return Ok((None, self));
        };
        let (method, rest) = match pieces.first() {
            Some(PatternSegment::Text(first)) => match first.split_once(' ') {
                Some((method, rest)) => (Some(method.to_owned()), rest.trim_start().to_owned()),
                None => (None, first.to_string()),
            },
            _ => (None, String::new()),
        };
        let is_method =
            |method: &String| !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
        if method.as_ref().is_some_and(|method| !is_method(method)) {
            return fail(
                &self,
                "a method is in capital letters, as in `GET /v1/files/*`",
            );
        }
        let is_bare = pieces.len() == usize::from(!rest.is_empty() || method.is_some());
        if (is_bare || !rest.is_empty()) && !rest.starts_with('/') {
            return fail(&self, "a path begins with `/`, as in `/v1/files/*`");
        }
        let mut path = pieces.to_vec();
        if method.is_some() {
            match rest.is_empty() {
                true => drop(path.remove(0)),
                false => path[0] = PatternSegment::Text(rest.into()),
            }
        }
        Ok((method.map(Str::from), Pattern::Words(path.into())))
    }

    /// Its parts; `None` for a regular expression.
    pub(crate) fn words(&self) -> Option<&[PatternSegment]> {
        match self {
            Pattern::Words(pieces) => Some(pieces),
            #[cfg(feature = "regex")]
            Pattern::Regex(_) => None,
        }
    }

    /// The text that it is, if there is nothing else in it.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self.words()? {
            [PatternSegment::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it looks for nothing, which every text contains.
    pub(crate) fn is_blank(&self) -> bool {
        match self {
            Pattern::Words(pieces) => {
                let blank = |piece: &PatternSegment| matches!(piece, PatternSegment::Text(text) if text.trim().is_empty());
                pieces.iter().all(blank)
            }
            #[cfg(feature = "regex")]
            Pattern::Regex(regex) => regex.as_str().is_empty(),
        }
    }

    /// The names of what it may capture.
    pub(crate) fn captures(&self) -> Vec<&str> {
        match self {
            Pattern::Words(pieces) => {
                let mut names = Vec::new();
                for piece in pieces.iter() {
                    if let PatternSegment::Capture { name, .. } = piece {
                        names.push(&**name);
                    }
                }
                names
            }
            #[cfg(feature = "regex")]
            Pattern::Regex(regex) => regex.capture_names().flatten().collect(),
        }
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

fn flush(text: &mut String, pieces: &mut Vec<PatternSegment>) {
    if !text.is_empty() {
        pieces.push(PatternSegment::Text(std::mem::take(text).into()));
    }
}

fn capture(inside: &str) -> Result<PatternSegment, String> {
    let (name, kind) = match inside.split_once(':') {
        None => (inside, None),
        Some((name, kind)) => (name, Some(kind)),
    };
    if !super::template::is_name(name) {
        return Err(format!(
            "`{{{inside}}}` does not name a capture; write `{{{{` and `}}}}` for braces"
        ));
    }
    let until = match kind {
        None => Until::Next,
        Some("word") => Until::Word,
        Some("rest") => Until::Rest,
        Some(other) => {
            return Err(format!(
                "`{other}` is not a kind of capture; write `{{{name}:word}}` or `{{{name}:rest}}`"
            ));
        }
    };
    reserved(name)?;
    Ok(PatternSegment::Capture {
        name: name.to_owned().into(),
        until,
    })
}

/// Rejects a name that templates use for something else.
///
/// # Errors
/// The mistake, and the remedy.
pub(super) fn reserved(name: &str) -> Result<(), String> {
    match name {
        "user" | "model" | "call" => Err(format!(
            "`{{{name}}}` already has a meaning in templates; use another name"
        )),
        _ => Ok(()),
    }
}

/// A capture, if none before it has its name. A name that begins with `_` may come again.
fn once(capture: PatternSegment, earlier: &[PatternSegment]) -> Result<PatternSegment, String> {
    let name = |piece: &PatternSegment| match piece {
        PatternSegment::Capture { name, .. } if !name.starts_with('_') => Some(name.clone()),
        _ => None,
    };
    match name(&capture) {
        Some(own) if earlier.any(&|piece| name(piece).as_ref() == Some(&own)) => Err(format!(
            "two captures are named `{{{own}}}`; use another name, or `*` for any text"
        )),
        _ => Ok(capture),
    }
}

/// Why the second of two pieces can never match behind the first.
fn never_follows(pieces: &[PatternSegment]) -> Option<String> {
    let [PatternSegment::Capture { name, until }, next] = pieces else {
        return None;
    };
    let keeps = match (until, next) {
        (Until::Rest, PatternSegment::Text(_) | PatternSegment::Capture { .. }) => {
            "all of the text"
        }
        (Until::Word, PatternSegment::Text(text)) if text.starts_with(is_of_word as CharTest) => {
            "the whole word"
        }
        (
            Until::Word,
            PatternSegment::Capture {
                until: Until::Word, ..
            },
        ) => "the whole word",
        _ => return None,
    };
    let capture = PatternSegment::Capture {
        name: name.clone(),
        until: *until,
    };
    Some(format!(
        "`{capture}` keeps {keeps}, so what follows never matches; write `{{{name}}}`, or end the pattern there"
    ))
}

/// The pattern as it is written in `user("..")`.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "regex")]
        if let Pattern::Regex(regex) = self {
            return write!(f, "regex({:?})", regex.as_str());
        }
        let mut pieces = self.words().unwrap_or_default().iter();
        pieces.try_for_each(|piece| write!(f, "{piece}"))
    }
}

/// The piece as it is written in a pattern.
impl fmt::Display for PatternSegment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PatternSegment::Text(text) => text.chars().try_for_each(|c| match c {
                '{' | '}' | '*' => write!(f, "{c}{c}"),
                _ => write!(f, "{c}"),
            }),
            PatternSegment::Any => f.write_str("*"),
            PatternSegment::Capture { name, until } => match until {
                Until::Next => write!(f, "{{{name}}}"),
                Until::Word => write!(f, "{{{name}:word}}"),
                Until::Rest => write!(f, "{{{name}:rest}}"),
            },
        }
    }
}
