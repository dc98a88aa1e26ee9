//! How an answer breaks off.

use proc_macro2::{Ident, Span};
use syn::{Expr, Lit};

use super::link::Link;
use super::{Failure, Reader, path_word};
use crate::syntax::bare;
use crate::time::Time;

/// How an answer breaks off.
pub(in crate::provider) struct Fault {
    pub(in crate::provider) word: Ident,
    pub(in crate::provider) kind: FaultKind,
    pub(in crate::provider) after: After,
}

pub(in crate::provider) enum FaultKind {
    Cut,
    End,
    Stall,
    Error(Failure),
    Malformed,
}

/// When an answer breaks off: after so many deltas, after all of them, or after a time.
pub(in crate::provider) enum After {
    Deltas(Span, u32),
    All,
    Time(Time),
    Expr(Expr),
}

impl Reader<'_> {
    /// A fault, such as `cut_after(2)`; `None` if it was not understood, and that has been reported.
    pub(super) fn fault(&self, link: &Link<'_>) -> Option<Fault> {
        let word = link.word.to_string();
        let takes_failure = word == "error_after";
        let wanted = 1 + usize::from(takes_failure);
        if let Some(extra) = link.arguments.get(wanted) {
            self.diagnostics.error_at(
                extra,
                format!("`{word}` takes only {wanted}"),
                "remove this",
            );
        }
        let example = match takes_failure {
            true => format!("{word}(2, server_error)"),
            false => format!("{word}(2)"),
        };
        let Some(after) = link.arguments.first() else {
            self.diagnostics.error(
                link.word.span(),
                format!("`{word}` needs a number of deltas, `all`, or a time"),
                format!("write `.{example}`"),
            );
            return None;
        };
        let kind = match word.as_str() {
            "cut_after" => FaultKind::Cut,
            "end_after" => FaultKind::End,
            "stall_after" => FaultKind::Stall,
            "malformed_after" => FaultKind::Malformed,
            _ => match link.arguments.get(1) {
                Some(failure) => FaultKind::Error(self.failure(failure)?),
                None => {
                    self.diagnostics.error(
                        link.word.span(),
                        "`error_after` needs a kind of failure",
                        format!("write `.{example}`"),
                    );
                    return None;
                }
            },
        };
        Some(Fault {
            word: link.word.clone(),
            kind,
            after: self.after(after),
        })
    }

    fn after(&self, expr: &Expr) -> After {
        if path_word(bare(expr)).is_some_and(|word| word == "all") {
            return After::All;
        }
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) if int.suffix().is_empty() => match int.base10_parse() {
                    Ok(deltas) => After::Deltas(int.span(), deltas),
                    Err(_) => {
                        self.diagnostics.error(
                            int.span(),
                            format!("`{int}` is not a number of deltas"),
                            "write a whole number, as in `2`",
                        );
                        After::All
                    }
                },
                _ => After::Time(self.time(expr)),
            },
            other => After::Expr(other.clone()),
        }
    }
}
