//! Mistakes in the place of a matcher: an unknown word, another expression, or several matchers where one is expected.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{BinOp, Expr, UnOp};

use super::super::words;
use super::{Reader, path_word};
use crate::diagnostics::{listed, with_commas, written};
use crate::lint::Lint;
use crate::syntax::{bare, literal};

impl Reader<'_> {
    pub(super) fn unknown_matcher(&self, word: &Ident, name: &str, arguments: &[&Expr]) {
        let (message, help) = match name {
            "on" if !arguments.is_empty() => (
                "`on(..)` begins a turn, and is not a matcher".to_owned(),
                format!("write `{}`", listed(arguments)),
            ),
            _ => (
                format!("unknown matcher `{name}`"),
                words::foreign_matcher(name)
                    .map(str::to_owned)
                    .unwrap_or_else(|| words::MATCHERS.did_you_mean(name)),
            ),
        };
        self.error(Lint::UnknownMatcher, word.span(), message, help);
    }

    pub(super) fn not_a_matcher(&self, expr: &Expr) {
        let help = match (literal(expr), expr) {
            (Some(text), _) => format!("write `user({})`", text.token()),
            (None, Expr::Binary(joined)) if is_or(joined.op) => {
                format!("write `any_of({})`", listed(&operands(expr, is_or)))
            }
            (None, Expr::Binary(joined)) if is_and(joined.op) => {
                format!("write `all_of({})`", listed(&operands(expr, is_and)))
            }
            (None, Expr::Array(list)) if list.elems.first().is_some_and(is_matcher) => {
                format!("write `all_of({})`", written(&list.elems))
            }
            (None, Expr::Unary(not)) if matches!(not.op, UnOp::Not(_)) => {
                format!("write `not({})`", written(&not.expr))
            }
            (None, Expr::Binary(compared)) if is_word_of_matchers(&compared.left) => {
                format!(
                    "write `{}({})`",
                    written(&compared.left),
                    written(&compared.right)
                )
            }
            // `user = "hi"`
            (None, Expr::Assign(set)) if is_word_of_matchers(&set.left) => {
                format!("write `{}({})`", written(&set.left), written(&set.right))
            }
            (None, other) if of_the_request(other.to_token_stream()) => {
                format!("write `when(|request| {})`", written(other))
            }
            (None, Expr::Infer(_) | Expr::Range(_)) => {
                "begin with the action: a turn without `on(..)` answers any request".to_owned()
            }
            (None, Expr::Closure(_)) => format!("write `when({})`", written(expr)),
            _ => words::MATCHERS.did_you_mean(""),
        };
        self.error_at(Lint::UnknownMatcher, expr, "expected a matcher", help);
    }
}

fn is_word_of_matchers(expr: &Expr) -> bool {
    path_word(expr).is_some_and(|word| words::MATCHERS.has_ident(word))
}

/// Whether an expression is code that asks the request, as `request.model == "gpt-4o"`.
fn of_the_request(tokens: TokenStream) -> bool {
    matches!(tokens.into_iter().next(), Some(TokenTree::Ident(word)) if word == "request")
}

/// Whether an expression is a matcher, by its word.
pub(super) fn is_matcher(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Call(call) => {
            path_word(&call.func).is_some_and(|word| words::MATCHERS.has_ident(word))
        }
        _ => false,
    }
}

pub(super) fn is_or(operator: BinOp) -> bool {
    matches!(operator, BinOp::BitOr(_) | BinOp::Or(_))
}

fn is_and(operator: BinOp) -> bool {
    matches!(operator, BinOp::BitAnd(_) | BinOp::And(_))
}

/// The operands of an operator, from left to right.
pub(super) fn operands(expr: &Expr, joins: fn(BinOp) -> bool) -> Vec<&Expr> {
    match bare(expr) {
        Expr::Binary(joined) if joins(joined.op) => {
            let mut all = operands(&joined.left, joins);
            all.append(&mut operands(&joined.right, joins));
            all
        }
        operand => vec![operand],
    }
}

/// The matcher of several matchers, each with one of these patterns.
pub(super) fn matcher_of_each(several: &str, word: &Ident, patterns: &[&Expr]) -> String {
    let each = with_commas(patterns, &|pattern| {
        format!("{word}({})", written(*pattern))
    });
    format!("{several}({each})")
}
