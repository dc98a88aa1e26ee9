//! Parses patterns, and finds the mistakes in them.

use super::match_text::OF_WORD;
use super::{Pattern, PatternError, PatternSegment, Until};
use crate::scenario::template::is_name;
use crate::search::Search as _;

impl Pattern {
    /// Parses a pattern with the syntax of `user("..")`.
    ///
    /// # Errors
    /// If a brace is not closed or does not contain a name, if a name captures twice, if a capture leaves nothing for what follows it, or if
    /// nothing says where it ends.
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
            if let Some(problem) = has_no_end(pair).or_else(|| never_follows(pair)) {
                return Err(fail(problem));
            }
        }
        Ok(Pattern::Words(pieces.into()))
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
    if !is_name(name) {
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
pub(in crate::scenario) fn reserved(name: &str) -> Result<(), String> {
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

/// Why the first of two pieces has no end that the pattern names.
fn has_no_end(pieces: &[PatternSegment]) -> Option<String> {
    match pieces {
        [
            PatternSegment::Capture {
                name,
                until: Until::Next,
            },
            next @ PatternSegment::Capture { .. },
        ] => Some(format!(
            "`{{{name}}}{next}` has no text between the captures; write one, as in `{{{name}}} {next}`"
        )),
        _ => None,
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
        (Until::Word, PatternSegment::Text(text)) if text.starts_with(OF_WORD) => "the whole word",
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
