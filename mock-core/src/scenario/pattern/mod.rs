//! Patterns for texts, with captures.

mod match_text;
pub(super) mod parse;
#[cfg(test)]
mod tests;

use std::fmt;

use super::{List, Str};
use crate::sealed::Sealed;
use crate::search::consists_of;

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
    /// The method and the pattern of a path, of one that is written as `GET /v1/files/*`.
    ///
    /// # Errors
    /// If it does not begin with a method in capital letters, or with `/`, `*` or a capture.
    #[inline]
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
            |method: &String| !method.is_empty() && consists_of(method, |c| c.is_ascii_uppercase());
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
