//! How an answer breaks off.

use proc_macro2::{Ident, Span};
use syn::{Expr, Lit, LitInt};

use super::super::words::{self, AfterWord, SyntaxKind, Word};
use super::method_chain::Link;
use super::number::{COUNTS, is_literal, not_a_count, number_meant};
use super::{Failure, Reader, path_word};
use crate::diagnostics::written;
use crate::duration::{self, Time, Unit};
use crate::lint::Lint;
use crate::syntax::{any_literal, bare, is_word};

/// How an answer breaks off.
pub(crate) struct Fault {
    pub(crate) word: Ident,
    pub(crate) known: &'static Word,
    /// The failure of a word that takes one.
    pub(crate) failure: Option<Failure>,
    pub(crate) after: After,
}

/// When an answer breaks off: after so many deltas, after all of them, after its finish, after all of it, or after a time.
pub(crate) enum After {
    Deltas(Span, u32),
    All,
    /// The span of the word.
    Finish(Span),
    Done(Span),
    Time(Time),
    Expr(Expr),
}

/// What the word of a fault takes.
const AFTER: &str = "a number of deltas, `all`, `finish`, or a time";

impl Reader<'_> {
    /// A fault, such as `cut_after(2)`; `None` if it was not understood, and that has been reported.
    pub(super) fn fault(&self, link: &Link<'_>, known: &'static Word) -> Option<Fault> {
        let word = known.word;
        let takes_failure = known.takes == SyntaxKind::ErrorAfter;
        let wanted = if takes_failure { 2 } else { 1 };
        if let Some(extra) = link.arguments.get(wanted) {
            self.diagnostics.error_at(
                Lint::ExtraArgument,
                extra,
                match takes_failure {
                    true => format!("`{word}` takes only two arguments"),
                    false => format!("`{word}` takes only one argument"),
                },
                "remove this",
            );
        }
        let example = match takes_failure {
            true => format!("{word}(1, server_error)"),
            false => format!("{word}(1)"),
        };
        let needs = |what: &str, example: &str| {
            self.diagnostics.error(
                Lint::NeedsArgument,
                link.word.span(),
                format_args!("`{word}` needs {what}"),
                format_args!("write `.{example}`"),
            );
            None
        };
        let after = match link.arguments.as_slice() {
            [] => return needs(AFTER, &example),
            [failure] if takes_failure && kind_of_failure(failure).is_some() => {
                return needs(AFTER, &format!("{word}(1, {})", written(failure)));
            }
            [after, ..] => *after,
        };
        let failure = match link.arguments.get(1) {
            _ if !takes_failure => None,
            Some(failure) => {
                self.is_kind_of_failure(after, failure)?;
                Some(self.failure(failure)?)
            }
            None => return needs("a kind of failure", &example),
        };
        Some(Fault {
            word: link.word.clone(),
            known,
            failure,
            after: self.after(known, after),
        })
    }

    /// Whether `error_after(2, server_error)` has both in their order, and the kind alone. That it has not is reported.
    fn is_kind_of_failure(&self, after: &Expr, failure: &Expr) -> Option<()> {
        let first = kind_of_failure(after);
        let within = match bare(failure) {
            Expr::Call(call) if is_word(&call.func, "fail") => call.args.first(),
            _ => None,
        };
        let is_one = matches!(bare(failure), Expr::Path(_) | Expr::Struct(_));
        let (expr, message, help) = match (first, within) {
            (Some(_), _) if !is_one => (
                after,
                "the number of deltas comes first",
                format!(
                    "write `.error_after({}, {})`",
                    written(failure),
                    written(after)
                ),
            ),
            (_, Some(within)) => (
                failure,
                "expected a kind of failure, without `fail`",
                format!(
                    "write `.error_after({}, {})`",
                    written(after),
                    written(within)
                ),
            ),
            _ if !is_one => (
                failure,
                "expected a kind of failure",
                "write it as in `.error_after(1, rate_limit { retry_after: 2s })`".to_owned(),
            ),
            _ => return Some(()),
        };
        let lint = Lint::UnknownFailure;
        self.diagnostics.error_at(lint, expr, message, help);
        None
    }

    /// A whole number is a number of deltas, and one with a unit a time.
    fn deltas_or_time(&self, expr: &Expr, int: &LitInt) -> After {
        if int.suffix().is_empty()
            && let Ok(deltas) = int.base10_parse()
        {
            return After::Deltas(int.span(), deltas);
        }
        if let Some((message, help)) = not_a_count(int, "deltas", u32::MAX.into()) {
            self.diagnostics
                .error(Lint::InvalidNumber, int.span(), message, help);
            return After::All;
        }
        After::Time(self.time(expr, Unit::Millis))
    }

    fn neither_deltas_nor_time(&self, known: &Word, expr: &Expr) -> After {
        let word = known.word;
        let failure = match known.takes {
            SyntaxKind::ErrorAfter => ", server_error",
            _ => "",
        };
        let example =
            format!("write `.{word}(1{failure})`, or a time, as in `.{word}(300ms{failure})`");
        self.diagnostics.error_at(
            Lint::InvalidNumber,
            expr,
            format_args!("expected {AFTER}"),
            number_meant(expr, COUNTS, &example),
        );
        After::All
    }

    fn after(&self, known: &Word, expr: &Expr) -> After {
        if let Some(word) = path_word(bare(expr)) {
            match AfterWord::find(word) {
                Some(AfterWord::all) => return After::All,
                Some(AfterWord::finish) => return After::Finish(word.span()),
                Some(AfterWord::done) => return After::Done(word.span()),
                None => {}
            }
        }
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => self.deltas_or_time(expr, int),
                Lit::Str(text)
                    if words::PLACES.has(text.value().trim())
                        || text.value().trim().parse::<u32>().is_ok() =>
                {
                    self.diagnostics.error_at(
                        Lint::InvalidNumber,
                        expr,
                        "a number of deltas is not a string",
                        format_args!("remove the quotes: `{}`", text.value().trim()),
                    );
                    After::All
                }
                Lit::Str(text) if duration::time_in(text.value().trim()).is_none() => {
                    self.neither_deltas_nor_time(known, expr)
                }
                Lit::Float(number) if number.suffix().is_empty() => {
                    self.neither_deltas_nor_time(known, expr)
                }
                Lit::Str(_) | Lit::Float(_) => After::Time(self.time(expr, Unit::Millis)),
                _ => self.neither_deltas_nor_time(known, expr),
            },
            Expr::Unary(negative) if is_literal(expr) && is_plain_number(&negative.expr) => {
                self.diagnostics.error_at(
                    Lint::InvalidNumber,
                    negative,
                    format_args!("`{}` is not a number of deltas", written(negative)),
                    "write a whole number, as in `1`",
                );
                After::All
            }
            range @ Expr::Range(_) => {
                self.diagnostics.error_at(
                    Lint::InvalidNumber,
                    range,
                    "a range is not a number of deltas",
                    "write a whole number, as in `1`",
                );
                After::All
            }
            negative if is_literal(negative) => After::Time(self.time(negative, Unit::Millis)),
            other => After::Expr(self.own(other)),
        }
    }
}

/// The word of a failure that there is.
pub(super) fn kind_of_failure(expr: &Expr) -> Option<&Ident> {
    let word = match bare(expr) {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Struct(failure) => failure.path.get_ident(),
        _ => None,
    };
    words::KINDS.if_known(word)
}

/// Whether it is a number without a unit.
fn is_plain_number(expr: &Expr) -> bool {
    any_literal(expr).is_some_and(|literal| {
        matches!(literal, Lit::Int(_) | Lit::Float(_)) && literal.suffix().is_empty()
    })
}
