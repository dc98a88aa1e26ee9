//! What templates and patterns have in common: texts with names in braces, and the mistakes in them.

use crate::lint::Lint;
use crate::syntax::{begins_with, consists_of};

/// A mistake in a text: what is wrong, and what to write.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) lint: Lint,
    pub(super) message: String,
    pub(super) help: String,
}

impl Mistake {
    pub(super) fn new(lint: Lint, message: impl Into<String>, help: impl Into<String>) -> Self {
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
pub(super) enum Kind {
    Template,
    Pattern,
}

/// The meaning of an opening brace.
pub(super) enum Brace<'a> {
    /// A doubled brace stands for itself.
    Literal(char, &'a str),
    /// The content of the braces, and the rest of the text.
    Inside(&'a str, &'a str),
    Bad(Mistake),
}

impl<'a> Brace<'a> {
    pub(super) fn read(text: &'a str, kind: Kind) -> Brace<'a> {
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

/// Pieces with the text between them.
pub(super) struct Pieces<P> {
    pub(super) text: String,
    pub(super) pieces: Vec<P>,
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

/// Whether a word can name a capture: a letter or `_`, then letters, digits and `_`.
pub(super) fn is_name(word: &str) -> bool {
    is_tool(word) && !word.contains('-')
}

/// Whether a word can name a tool, as it is on the wire: the name of a capture, or one with `-` in it.
pub(super) fn is_tool(word: &str) -> bool {
    begins_with(word, |c| c.is_alphabetic() || c == '_') && is_key(word)
}

/// Whether a word can name a field of a result, or an item by its index: letters, digits, `_` and `-`.
pub(super) fn is_key(word: &str) -> bool {
    let is_of_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    !word.is_empty() && consists_of(word, is_of_key)
}
