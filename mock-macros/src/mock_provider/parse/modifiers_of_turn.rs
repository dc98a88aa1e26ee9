//! The modifiers of a turn: where each goes, and how to ask a turn for one.

use proc_macro2::Ident;
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::words::{SyntaxKind, Word};
use super::method_chain::Link;
use super::{Count, Modifier, ModifierValue, Reader, Split, Turn};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::push_some;

impl Turn {
    pub(crate) fn modifier(&self, word: &str) -> Option<&Modifier> {
        self.modifiers.find(&|modifier| modifier.known.word == word)
    }

    /// The modifier that sets the pace.
    pub(crate) fn pace(&self) -> Option<&Modifier> {
        self.modifiers
            .find(&|modifier| matches!(modifier.value, ModifierValue::Pace(_)))
    }

    pub(crate) fn split(&self) -> Option<&Split> {
        match &self.modifier("split")?.value {
            ModifierValue::Split(split) => Some(split),
            _ => None,
        }
    }

    pub(crate) fn pieces(&self) -> Option<&Expr> {
        match &self.modifier("pieces")?.value {
            ModifierValue::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn status(&self) -> Option<(&Ident, &Expr)> {
        let modifier = self.modifier("status")?;
        match &modifier.value {
            ModifierValue::Status(status) => Some((&modifier.word, status)),
            _ => None,
        }
    }

    pub(crate) fn headers(&self) -> Option<&[(Expr, Expr)]> {
        match &self.modifier("headers")?.value {
            ModifierValue::Headers(headers) => Some(headers),
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// Reads a modifier into its turn.
    pub(super) fn modifier(&self, turn: &mut Turn, link: &Link<'_>, known: &'static Word) {
        let word = link.word;
        match known.takes {
            SyntaxKind::Count => {
                turn.count_word = Some(word.clone());
                if let Some(count) = self.one(link, "a number or a range") {
                    turn.count = self.count(count);
                    turn.count_span = count.span();
                }
            }
            SyntaxKind::Forever => {
                turn.count_word = Some(word.clone());
                self.nothing(link, "write `.forever()`, or `.times(..)` with a number");
                if link.arguments.is_empty() {
                    turn.count = Count::Range(1, None);
                }
            }
            SyntaxKind::Turn => turn.name = self.name_of_turn(link),
            SyntaxKind::Fault | SyntaxKind::ErrorAfter => match &turn.fault {
                None => turn.fault = self.fault(link, known),
                Some(earlier) => self.error(
                    Lint::SecondFault,
                    word.span(),
                    format_args!("`{}` already breaks off the answer", earlier.word),
                    "remove one of the two",
                ),
            },
            _ => {
                let value = self.modifier_value(link, known);
                let modifier = value.map(|value| Modifier {
                    word: word.clone(),
                    known,
                    value,
                });
                push_some(&mut turn.modifiers, modifier);
            }
        }
    }
}
