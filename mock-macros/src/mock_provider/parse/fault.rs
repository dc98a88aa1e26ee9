//! How an answer breaks off.

use proc_macro2::{Ident, Span};
use syn::{Expr, Lit};

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

/// The arguments of a fault.
const AFTER: &str = "a number of deltas, `all`, `finish`, or a time";

impl Reader<'_> {
    /// A fault, such as `cut_after(2)`; `None` if it was not understood, and that has been reported.
    pub(super) fn fault(&self, link: &Link<'_>, known: &'static Word) -> Option<Fault> {
        let word = known.word;
        let takes_failure = known.takes == SyntaxKind::ErrorAfter;
        let (wanted, only, example) = match takes_failure {
            true => (2, "two arguments", format!("{word}(1, server_error)")),
            false => (1, "one argument", format!("{word}(1)")),
        };
        if let Some(extra) = link.arguments.get(wanted) {
            self.error_at(
                Lint::ExtraArgument,
                extra,
                format_args!("`{word}` takes only {only}"),
                "remove this",
            );
        }
        let needs = |what: &str, example: &str| {
            self.reject(
                Lint::NeedsArgument,
                &link.word,
                &format_args!("`{word}` needs {what}"),
                &format_args!("write `.{example}`"),
            )
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
                Some(self.failure(failure, words::fields_within_an_answer)?)
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
        let right = |after: &Expr, failure: &Expr| {
            let (after, failure) = (written(after), written(failure));
            format!("write `.error_after({after}, {failure})`")
        };
        let is_one = matches!(bare(failure), Expr::Path(_) | Expr::Struct(_));
        let (expr, message, help) = match (first, within) {
            (Some(_), _) if !is_one => (
                after,
                "the number of deltas comes first",
                right(failure, after),
            ),
            (_, Some(within)) => (
                failure,
                "expected a kind of failure, without `fail`",
                right(after, within),
            ),
            _ if !is_one => (
                failure,
                "expected a kind of failure",
                "write it as in `.error_after(1, rate_limit { retry_after: 2s })`".to_owned(),
            ),
            _ => return Some(()),
        };
        let lint = Lint::UnknownFailure;
        self.reject(lint, expr, &message, &help)
    }

    /// A whole number is a number of deltas, and one with a unit a time.
    fn after(&self, known: &Word, expr: &Expr) -> After {
        let expr = bare(expr);
        if let Some(word) = path_word(expr) {
            match AfterWord::find(word) {
                Some(AfterWord::all) => return After::All,
                Some(AfterWord::finish) => return After::Finish(word.span()),
                Some(AfterWord::done) => return After::Done(word.span()),
                None => {}
            }
        }
        let time = || After::Time(self.time(expr, Unit::Millis));
        let neither = || neither_deltas_nor_time(known, expr);
        const EXAMPLE: &str = "write a whole number, as in `1`";
        let (message, help) = match (expr, any_literal(expr)) {
            (_, Some(Lit::Int(int))) => match (int.suffix(), int.base10_parse()) {
                ("", Ok(deltas)) => return After::Deltas(int.span(), deltas),
                _ => match not_a_count(int, "deltas", u32::MAX.into()) {
                    Some(wrong) => wrong,
                    None => return time(),
                },
            },
            (_, Some(Lit::Str(text))) => match text.value().trim() {
                place if words::PLACES.has(place) || place.parse::<u32>().is_ok() => (
                    "a number of deltas is not a string".to_owned(),
                    format!("remove the quotes: `{place}`"),
                ),
                text if duration::time_in(text).is_some() => return time(),
                _ => neither(),
            },
            (_, Some(Lit::Float(number))) if !number.suffix().is_empty() => return time(),
            (_, Some(_)) => neither(),
            (Expr::Unary(negative), _) if is_literal(expr) && is_plain_number(&negative.expr) => (
                format!("`{}` is not a number of deltas", written(negative)),
                EXAMPLE.to_owned(),
            ),
            (Expr::Range(_), _) => (
                "a range is not a number of deltas".to_owned(),
                EXAMPLE.to_owned(),
            ),
            _ if is_literal(expr) => return time(),
            _ => return After::Expr(self.own(expr)),
        };
        self.error_at(Lint::InvalidNumber, expr, message, help);
        After::All
    }
}

fn neither_deltas_nor_time(known: &Word, expr: &Expr) -> (String, String) {
    let word = known.word;
    let failure = match known.takes {
        SyntaxKind::ErrorAfter => ", server_error",
        _ => "",
    };
    let example =
        format!("write `.{word}(1{failure})`, or a time, as in `.{word}(300ms{failure})`");
    (
        format!("expected {AFTER}"),
        number_meant(expr, COUNTS, &example),
    )
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
