//! A modifier: a word of the table and what its parentheses hold.

use proc_macro2::Ident;
use syn::Expr;

use super::super::split_into_entries::rust_name;
use super::super::words::{SyntaxKind, Word};
use super::method_chain::Link;
use super::{Finish, Keepalive, Pace, Reader, Split, Usage, path_word, plain};
use crate::diagnostics::listed;
use crate::duration::Time;
use crate::lint::Lint;
use crate::syntax::{bare, literal};

/// A modifier that is a field of a turn in `mock-core`.
pub(crate) struct Modifier {
    pub(crate) word: Ident,
    pub(crate) known: &'static Word,
    pub(crate) value: ModifierValue,
}

pub(crate) enum ModifierValue {
    Time(Time),
    Pace(Pace),
    Split(Split),
    Number(Expr),
    Finish(Finish),
    Usage(Usage),
    Keepalive(Keepalive),
    /// `each`, or `bytes`.
    Flush(&'static Word),
    Status(Expr),
    Headers(Vec<(Expr, Expr)>),
}

impl Reader<'_> {
    /// The value of a modifier; `None` if it was not understood, and that has been reported.
    pub(super) fn modifier_value(&self, link: &Link<'_>, known: &Word) -> Option<ModifierValue> {
        Some(match known.takes {
            SyntaxKind::Time => {
                let time = self.one(link, "a time")?;
                ModifierValue::Time(self.some_time(time, known.word))
            }
            SyntaxKind::TimeBetween => ModifierValue::Pace(self.every(link)?),
            SyntaxKind::Rate => ModifierValue::Pace(self.tokens_per_second(link)?),
            SyntaxKind::Split => ModifierValue::Split(self.split(link)?),
            SyntaxKind::Number => {
                let number = self.one(link, &format!("a number of {}", known.word))?;
                ModifierValue::Number(self.number(number, known.word))
            }
            SyntaxKind::Keepalive => ModifierValue::Keepalive(self.keepalive(link)?),
            SyntaxKind::Flush => ModifierValue::Flush(self.flush(link)?),
            SyntaxKind::Finish => ModifierValue::Finish(self.finish(link)?),
            SyntaxKind::Cost => ModifierValue::Usage(self.turn_usage(link)?),
            SyntaxKind::Status => {
                let status = self.one(link, "a status")?;
                ModifierValue::Status(self.status(status, ".status(201)")?)
            }
            SyntaxKind::Headers if link.arguments.len() == 2 => {
                return self.reject(
                    Lint::FailureField,
                    &link.whole(),
                    &"headers are a list of names and values",
                    &format_args!("write `headers([({})])`", listed(&link.arguments)),
                );
            }
            SyntaxKind::Headers => {
                const EXAMPLE: &str = ".headers([(\"x-request-id\", \"abc\")])";
                let headers = self.one(link, "a list of headers")?;
                if matches!(bare(headers), Expr::Array(list) if list.elems.is_empty()) {
                    self.error_at(
                        Lint::WrongValue,
                        headers,
                        "there is no header in this list",
                        format_args!("write it as in `{EXAMPLE}`, or remove it"),
                    );
                }
                ModifierValue::Headers(self.headers(headers, EXAMPLE))
            }
            _ => return None,
        })
    }

    /// What tests call a turn.
    pub(super) fn name_of_turn(&self, link: &Link<'_>) -> Option<Ident> {
        let expr = self.one(link, "a name")?;
        let name = path_word(expr);
        if name.is_none() {
            self.error_at(
                Lint::TurnName,
                expr,
                "the name of a turn is one word",
                match literal(expr).map(|name| rust_name(&name.value())) {
                    Some(name) => format!("write `.named({name})`"),
                    None => "write it without quotes, as in `.named(first_answer)`".to_owned(),
                },
            );
        }
        let name = name?;
        // Only keywords that are path segments, such as `self`, get here.
        if syn::parse_str::<Ident>(&name.to_string()).is_err() {
            return self.reject(
                Lint::KeywordName,
                name,
                &format_args!("`{name}` is a keyword of Rust"),
                &"write another name, as in `.named(first_answer)`",
            );
        }
        Some(plain(name))
    }
}
