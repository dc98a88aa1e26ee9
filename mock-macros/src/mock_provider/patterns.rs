//! Patterns, the texts that matchers compare: their captures, and those of regular expressions.

use syn::LitStr;

use super::braces::{FromText, Kind, Mistake, Pieces, is_name};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{push_some, split_text_at};

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PatternPiece {
    Text(String),
    Any,
    Capture { name: String, until: Until },
}

/// How far a capture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Next,
    Word,
    Rest,
}

impl FromText for PatternPiece {
    fn from_text(text: String) -> Self {
        PatternPiece::Text(text)
    }
}

/// The pieces of a pattern, and the mistakes in it.
pub(super) fn pattern(literal: &LitStr) -> (Vec<PatternPiece>, Vec<Mistake>) {
    let source = literal.value();
    let mut pieces = Pieces::default();
    let mut rest = source.as_str();
    while let Some((before, special)) = rest
        .find(&['{', '}', '*'][..])
        .map(|at| split_text_at(rest, at))
    {
        pieces.text.push_str(before);
        rest = if let Some(after) = special.strip_prefix("**") {
            pieces.text.push('*');
            after
        } else if let Some(after) = special.strip_prefix('*') {
            pieces.push(PatternPiece::Any);
            after
        } else {
            pieces.brace(special, Kind::Pattern, &|inside, earlier| {
                once(capture(inside)?, earlier)
            })
        };
    }
    pieces.text.push_str(rest);
    let mut mistakes = std::mem::take(&mut pieces.mistakes);
    let pieces = pieces.finish();
    for pair in pieces.windows(2) {
        push_some(&mut mistakes, has_no_end(pair));
        push_some(&mut mistakes, never_follows(pair));
    }
    (pieces, mistakes)
}

/// Why the first of two pieces has no end that the pattern names.
fn has_no_end(pieces: &[PatternPiece]) -> Option<Mistake> {
    let [
        PatternPiece::Capture {
            name: first,
            until: Until::Next,
        },
        PatternPiece::Capture { name, until },
    ] = pieces
    else {
        return None;
    };
    let kind = match until {
        Until::Next => "",
        Until::Word => ":word",
        Until::Rest => ":rest",
    };
    Some(Mistake::new(
        Lint::InvalidCapture,
        format!("`{{{first}}}{{{name}{kind}}}` has no text between the captures"),
        format!("write one, as in `{{{first}}} {{{name}{kind}}}`"),
    ))
}

/// Why no text has the second of two pieces behind the first, where the first keeps what the second needs.
fn never_follows(pieces: &[PatternPiece]) -> Option<Mistake> {
    let [PatternPiece::Capture { name, until }, next] = pieces else {
        return None;
    };
    let is_of_word: fn(char) -> bool = |c| c.is_alphanumeric() || matches!(c, '_' | '-');
    let (kind, kept) = match (until, next) {
        (Until::Rest, PatternPiece::Text(_) | PatternPiece::Capture { .. }) => {
            ("rest", "the rest of the text")
        }
        (Until::Word, PatternPiece::Text(text)) if text.starts_with(is_of_word) => {
            ("word", "the rest of the word")
        }
        (
            Until::Word,
            PatternPiece::Capture {
                until: Until::Word, ..
            },
        ) => ("word", "the rest of the word"),
        _ => return None,
    };
    Some(Mistake::new(
        Lint::InvalidCapture,
        format!("`{{{name}:{kind}}}` captures {kept}, so nothing can follow it"),
        match next {
            PatternPiece::Capture { .. } => {
                format!("write `{{{name}}} ` with a space, or end the pattern there")
            }
            _ => format!("write `{{{name}}}`, or end the pattern there"),
        },
    ))
}

/// The names of a regular expression's groups, which are captures, and the mistakes in it.
#[cfg(feature = "regex")]
pub(super) fn regex(literal: &LitStr) -> (Vec<String>, Vec<Mistake>) {
    let source = literal.value();
    let names = match groups(&source) {
        Ok(names) => names,
        Err(mistake) => return (Vec::new(), vec![mistake]),
    };
    let mistakes = names.iter().filter_map(|name| {
        reserved(name).or_else(|| {
            (!is_name(name)).then(|| {
                Mistake::new(
                    Lint::InvalidRegex,
                    format!("no template can name the group `{name}`"),
                    "write its name in letters, digits and `_`, as in `(?<city>..)`",
                )
            })
        })
    });
    let mistakes = mistakes.collect();
    (names, mistakes)
}

#[cfg(feature = "regex")]
fn groups(source: &str) -> Result<Vec<String>, Mistake> {
    use regex_syntax::hir::{Hir, HirKind};

    fn collect(hir: &Hir, names: &mut Vec<String>) {
        match hir.kind() {
            HirKind::Capture(capture) => {
                names.extend(capture.name.iter().map(ToString::to_string));
                collect(&capture.sub, names);
            }
            HirKind::Repetition(repetition) => collect(&repetition.sub, names),
            HirKind::Concat(parts) | HirKind::Alternation(parts) => {
                parts.iter().for_each(|part| collect(part, names));
            }
            HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => {}
        }
    }

    let (problem, at) = match regex_syntax::parse(source) {
        Ok(hir) => {
            let mut names = Vec::new();
            collect(&hir, &mut names);
            return Ok(names);
        }
        Err(regex_syntax::Error::Parse(error)) => (error.kind().to_string(), error.span().start),
        Err(regex_syntax::Error::Translate(error)) => {
            (error.kind().to_string(), error.span().start)
        }
        Err(other) => {
            return Err(Mistake::new(
                Lint::InvalidRegex,
                "this is not a regular expression",
                other.to_string(),
            ));
        }
    };
    let rest = source.get(at.offset..).unwrap_or_default();
    let place = match crate::syntax::beginning(rest, 12) {
        "" => "at its end".to_owned(),
        rest => format!("at `{rest}`"),
    };
    let before = source.get(..at.offset).unwrap_or(source).chars().count();
    let character = before.saturating_add(1);
    Err(Mistake::new(
        Lint::InvalidRegex,
        format!("this is not a regular expression: {problem}, {place} (character {character})"),
        "correct it there, or write the text without `regex(..)` for a plain pattern",
    ))
}

fn capture(inside: &str) -> Result<PatternPiece, Mistake> {
    let (name, kind) = match inside.split_once(':') {
        None => (inside, None),
        Some((name, kind)) => (name, Some(kind)),
    };
    if !is_name(name) {
        return Err(Mistake::new(
            Lint::InvalidCapture,
            format!("`{{{inside}}}` does not name a capture"),
            match is_name(name.trim()) && kind.is_none() {
                true => format!(
                    "write `{{{}}}`, or `{{{{` and `}}}}` for braces",
                    name.trim()
                ),
                false => "write a name, as in `{city}`, or `{{` and `}}` for braces".to_owned(),
            },
        ));
    }
    let until = match kind {
        None => Until::Next,
        Some("word") => Until::Word,
        Some("rest") => Until::Rest,
        Some(kind) => {
            return Err(Mistake::new(
                Lint::InvalidCapture,
                format!("unknown kind of capture `{kind}`"),
                format!("write `{{{name}}}`, `{{{name}:word}}` or `{{{name}:rest}}`"),
            ));
        }
    };
    if let Some(mistake) = reserved(name) {
        return Err(mistake);
    }
    Ok(PatternPiece::Capture {
        name: name.to_owned(),
        until,
    })
}

/// A capture that is none of the earlier ones again. Names that begin with `_` say that nobody asks for them.
fn once(capture: PatternPiece, earlier: &[PatternPiece]) -> Result<PatternPiece, Mistake> {
    let name = |piece: &PatternPiece| match piece {
        PatternPiece::Capture { name, .. } => Some(name.clone()),
        _ => None,
    };
    match name(&capture).filter(|own| !own.starts_with('_')) {
        Some(own) if earlier.any(&|piece| name(piece).as_ref() == Some(&own)) => Err(Mistake::new(
            Lint::InvalidCapture,
            format!("two captures are named `{{{own}}}`"),
            format!(
                "use another name for one of the two, as in `{{other_{own}}}`, or `*` for any text"
            ),
        )),
        _ => Ok(capture),
    }
}

/// The mistake of a capture that is called as a variable is.
fn reserved(name: &str) -> Option<Mistake> {
    super::words::VARIABLES.has(name).then(|| {
        Mistake::new(
            Lint::ReservedCapture,
            format!("`{{{name}}}` already has a meaning in templates"),
            format!("use another name, as in `{{the_{name}}}`"),
        )
    })
}
