//! The texts of a scenario: templates, patterns, and the JSON of arguments.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{begins_with, consists_of, push_some, split_text_at};

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(Variable),
}

/// A variable in the braces of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Variable {
    Capture(String),
    User,
    Model,
    Call,
    Field {
        tool: String,
        /// Which of its results, where it says so.
        index: Option<u32>,
        path: String,
    },
}

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

/// A mistake in a text: what is wrong, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) lint: Lint,
    pub(super) message: String,
    pub(super) help: String,
}

impl Mistake {
    fn new(lint: Lint, message: impl Into<String>, help: impl Into<String>) -> Self {
        Mistake {
            lint,
            message: message.into(),
            help: help.into(),
        }
    }

    /// Of a brace that has no other.
    fn stray(brace: char, kind: Kind) -> Self {
        let message = match brace {
            '{' => "`{` is not closed",
            _ => "`}` was not opened",
        };
        let help = match kind {
            Kind::Template => {
                format!("write `{brace}{brace}` for a brace, or `verbatim(..)` for the whole text")
            }
            Kind::Pattern => format!("write `{brace}{brace}` for a brace"),
        };
        Mistake::new(Lint::StrayBrace, message, help)
    }
}

/// The sort of a text with braces. In a pattern they capture, in a template they insert.
#[derive(Clone, Copy)]
enum Kind {
    Template,
    Pattern,
}

/// The pieces of a template, and the mistakes in it, which stand for themselves.
pub(super) fn template(literal: &LitStr) -> (Vec<Piece>, Vec<Mistake>) {
    let source = literal.value();
    let mut pieces = Pieces::default();
    let mut mistakes = Vec::new();
    let mut rest = source.as_str();
    while let Some((before, brace)) = rest.find(&['{', '}'][..]).map(|at| split_text_at(rest, at)) {
        pieces.text.push_str(before);
        rest = match Brace::read(brace, Kind::Template) {
            Brace::Literal(c, after) => {
                pieces.text.push(c);
                after
            }
            Brace::Bad(mistake) => {
                mistakes.push(mistake);
                pieces.text.push_str(brace);
                ""
            }
            Brace::Inside(inside, after) => {
                match variable(inside) {
                    Some(variable) => pieces.push(Piece::Variable(variable)),
                    None => mistakes.push(Mistake::new(
                        Lint::UnknownVariable,
                        format!("`{{{inside}}}` is not a template variable"),
                        no_variable(inside),
                    )),
                }
                after
            }
        };
    }
    pieces.text.push_str(rest);
    if !mistakes.is_empty() && is_json(&source) {
        mistakes = vec![Mistake::new(
            Lint::JsonInText,
            "the braces in this JSON text would be read as template variables",
            "write `json(object { .. })` for an answer, or `verbatim(..)` for the text as it is",
        )];
    }
    (pieces.finish(), mistakes)
}

/// The help for what is in braces and no variable: `{ city }`, `{city:?}`, or anything else.
fn no_variable(inside: &str) -> String {
    let name = inside.split(':').next().unwrap_or_default().trim();
    let mut words = Vec::new();
    for word in name.split('.') {
        words.push(word.strip_prefix("r#").unwrap_or(word).to_owned());
    }
    let name = words.join(".");
    if let Some((tool, Some(index))) = indexed(&name)
        && is_tool(tool)
    {
        return format!("write a field of the result, as in `{{{tool}[{index}].field}}`");
    }
    match variable(&name) {
        Some(_) => format!("write `{{{name}}}`, or `{{{{` and `}}}}` for braces"),
        None => "write `{{` and `}}` for braces, or `verbatim(..)` for the whole text".to_owned(),
    }
}

/// Whether a text looks like a JSON object, or a list of these.
fn is_json(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let begins = text.starts_with("{\"") || text.starts_with("[{\"");
    begins && text.contains("\":") && text.ends_with(&['}', ']'][..])
}

/// The pieces of a pattern, and the mistakes in it.
pub(super) fn pattern(literal: &LitStr) -> (Vec<PatternPiece>, Vec<Mistake>) {
    let source = literal.value();
    let mut pieces = Pieces::default();
    let mut mistakes = Vec::new();
    let mut rest = source.as_str();
    while let Some((before, special)) = rest
        .find(&['{', '}', '*'][..])
        .map(|at| split_text_at(rest, at))
    {
        pieces.text.push_str(before);
        if let Some(after) = special.strip_prefix("**") {
            pieces.text.push('*');
            rest = after;
            continue;
        }
        if let Some(after) = special.strip_prefix('*') {
            pieces.push(PatternPiece::Any);
            rest = after;
            continue;
        }
        rest = match Brace::read(special, Kind::Pattern) {
            Brace::Literal(c, after) => {
                pieces.text.push(c);
                after
            }
            Brace::Bad(mistake) => {
                mistakes.push(mistake);
                pieces.text.push_str(special);
                ""
            }
            Brace::Inside(inside, after) => {
                match capture(inside).and_then(|capture| once(capture, &pieces.pieces)) {
                    Ok(capture) => pieces.push(capture),
                    Err(mistake) => mistakes.push(mistake),
                }
                after
            }
        };
    }
    pieces.text.push_str(rest);
    let pieces = pieces.finish();
    for pair in pieces.windows(2) {
        push_some(&mut mistakes, never_follows(pair));
    }
    (pieces, mistakes)
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
        format!("write `{{{name}}}`, or end the pattern there"),
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

/// The meaning of an opening brace.
enum Brace<'a> {
    /// A doubled brace stands for itself.
    Literal(char, &'a str),
    /// The content of the braces, and the rest of the text.
    Inside(&'a str, &'a str),
    Bad(Mistake),
}

impl<'a> Brace<'a> {
    fn read(text: &'a str, kind: Kind) -> Brace<'a> {
        if let Some(after) = text.strip_prefix("{{") {
            Brace::Literal('{', after)
        } else if let Some(after) = text.strip_prefix("}}") {
            Brace::Literal('}', after)
        } else if let Some(open) = text.strip_prefix('{') {
            match open.split_once('}') {
                Some((inside, after)) => Brace::Inside(inside, after),
                None => Brace::Bad(Mistake::stray('{', kind)),
            }
        } else {
            Brace::Bad(Mistake::stray('}', kind))
        }
    }
}

fn variable(inside: &str) -> Option<Variable> {
    match inside {
        "user" => return Some(Variable::User),
        "model" => return Some(Variable::Model),
        "call" => return Some(Variable::Call),
        _ => {}
    }
    match inside.split_once('.') {
        None if is_name(inside) => Some(Variable::Capture(inside.to_owned())),
        Some((tool, path)) if path.split('.').all(is_key) => {
            let (tool, index) = indexed(tool)?;
            is_tool(tool).then(|| Variable::Field {
                tool: tool.to_owned(),
                index,
                path: path.to_owned(),
            })
        }
        _ => None,
    }
}

/// The name of a tool, and the index in brackets behind it, if there is one; `None` if that is not a number.
fn indexed(tool: &str) -> Option<(&str, Option<u32>)> {
    let Some((tool, index)) = tool.split_once('[') else {
        return Some((tool, None));
    };
    let index = index.strip_suffix(']')?;
    let is_number = consists_of(index, |c| c.is_ascii_digit());
    Some((tool, Some(index.parse().ok().filter(|_| is_number)?)))
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

/// Whether a word can name a capture: a letter or `_`, then letters, digits and `_`.
fn is_name(word: &str) -> bool {
    is_tool(word) && !word.contains('-')
}

/// Whether a word can name a tool, as it is on the wire: the name of a capture, or one with `-` in it.
fn is_tool(word: &str) -> bool {
    begins_with(word, |c| c.is_alphabetic() || c == '_') && is_key(word)
}

/// Whether a word can name a field of a result, or an item by its index: letters, digits, `_` and `-`.
fn is_key(word: &str) -> bool {
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !word.is_empty() && consists_of(word, is_of_key)
}

/// Pieces with the text between them.
pub(super) struct Pieces<P> {
    pub(super) text: String,
    pieces: Vec<P>,
}

impl<P> Default for Pieces<P> {
    fn default() -> Self {
        Pieces {
            text: String::new(),
            pieces: Vec::new(),
        }
    }
}

/// A piece that may be text.
pub(super) trait FromText {
    fn from_text(text: String) -> Self;
}

impl FromText for Piece {
    fn from_text(text: String) -> Self {
        Piece::Text(text)
    }
}

impl FromText for PatternPiece {
    fn from_text(text: String) -> Self {
        PatternPiece::Text(text)
    }
}

impl<P: FromText> Pieces<P> {
    pub(super) fn push(&mut self, piece: P) {
        self.flush();
        self.pieces.push(piece);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces
                .push(P::from_text(std::mem::take(&mut self.text)));
        }
    }

    pub(super) fn finish(mut self) -> Vec<P> {
        self.flush();
        self.pieces
    }
}

/// The texts of typed arguments, in the closure that makes these.
pub(super) fn texts_ident() -> Ident {
    Ident::new("__mock_core_texts", Span::mixed_site())
}

/// Adds `text` as it stands within a JSON string (RFC 8259, section 7).
pub(super) fn push_json_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
}
