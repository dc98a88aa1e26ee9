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

/// Pieces with the text between them, as far as they have been read.
pub(super) struct Pieces<P> {
    pub(super) text: String,
    pub(super) mistakes: Vec<Mistake>,
    pieces: Vec<P>,
}

impl<P> Default for Pieces<P> {
    fn default() -> Self {
        Pieces {
            text: String::new(),
            mistakes: Vec::new(),
            pieces: Vec::new(),
        }
    }
}

/// Reads what stands in braces behind these pieces.
type ReadInside<P> = dyn Fn(&str, &[P]) -> Result<P, Mistake>;

/// A piece that may be text.
pub(super) trait FromText {
    fn from_text(text: String) -> Self;
}

impl<P: FromText> Pieces<P> {
    pub(super) fn push(&mut self, piece: P) {
        self.flush();
        self.pieces.push(piece);
    }

    /// Reads on from a brace: what stands in it is the piece that `read` makes of it and of the pieces before. Returns the rest of the text.
    pub(super) fn brace<'a>(&mut self, text: &'a str, kind: Kind, read: &ReadInside<P>) -> &'a str {
        // A doubled brace is a literal brace.
        for (doubled, brace) in [("{{", '{'), ("}}", '}')] {
            if let Some(after) = text.strip_prefix(doubled) {
                self.text.push(brace);
                return after;
            }
        }
        let open = text.strip_prefix('{');
        let Some((inside, after)) = open.and_then(|open| open.split_once('}')) else {
            let brace = if open.is_some() { '{' } else { '}' };
            self.mistakes.push(Mistake::stray(brace, kind));
            self.text.push_str(text);
            return "";
        };
        match read(inside, &self.pieces) {
            Ok(piece) => self.push(piece),
            Err(mistake) => self.mistakes.push(mistake),
        }
        after
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
