//! Texts that a mock says.

use proc_macro2::{Ident, Span};
use syn::{Expr, ExprCall, ExprLit, Lit, LitStr};

use super::super::templates::{self, Piece};
use super::number::{in_quotes, is_literal};
use super::{Reader, path_word};
use crate::diagnostics::written;
use crate::did_you_mean::edits;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, is_word, literal};

/// A text: a template, or an expression that is taken as it is.
pub(crate) enum Text {
    Template(LitStr, Vec<Piece>),
    Expr(Expr),
}

impl Reader<'_> {
    pub(super) fn text(&self, expr: &Expr) -> Text {
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Text::Template(text.clone(), self.template(text)),
                other => {
                    self.diagnostics.error_at(
                        Lint::ExpectedText,
                        other,
                        "expected a text",
                        in_quotes(expr),
                    );
                    no_text()
                }
            },
            Expr::Call(call) if is_word(&call.func, "verbatim") => self.verbatim(call),
            Expr::Array(pieces) => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    pieces,
                    "expected a text",
                    one_text(pieces),
                );
                no_text()
            }
            Expr::Call(call) if path_word(&call.func).is_some_and(is_misspelt_verbatim) => {
                if let Some(word) = path_word(&call.func) {
                    self.diagnostics.error(
                        Lint::ExpectedText,
                        word.span(),
                        format_args!("unknown word `{word}`"),
                        "did you mean `verbatim`?",
                    );
                }
                no_text()
            }
            Expr::Call(call) if is_template(call) => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    &call.func,
                    "`template` is a word of the builder",
                    format_args!(
                        "a text is a template as it is: write `{}`",
                        written(&call.args)
                    ),
                );
                no_text()
            }
            other if is_literal(other) || is_word(other, "null") => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    other,
                    "expected a text",
                    text_meant(other),
                );
                no_text()
            }
            Expr::Struct(object) if object.path.is_ident("object") => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    &object.path,
                    "expected a text",
                    "write the JSON as a text, `verbatim(r#\"{..}\"#)`, or answer with `json(object { .. })`",
                );
                no_text()
            }
            Expr::Closure(closure) => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    closure,
                    "expected a text",
                    format_args!("write `respond_with({})` for an answer", written(closure)),
                );
                no_text()
            }
            Expr::Tuple(_) => {
                self.diagnostics.error_at(
                    Lint::ExpectedText,
                    expr,
                    "expected a text",
                    "write one text, as in `\"Hello\"`",
                );
                no_text()
            }
            _ if self.is_no_text(expr) => no_text(),
            _ => Text::Expr(self.own(expr)),
        }
    }

    pub(super) fn verbatim(&self, call: &ExprCall) -> Text {
        let mut arguments = call.args.iter();
        let text = arguments.next();
        if text.is_none() || arguments.next().is_some() {
            self.diagnostics.error_at(
                Lint::ExpectedText,
                call,
                "`verbatim` takes one text",
                "write `verbatim(\"..\")`",
            );
        }
        match text {
            Some(text) => Text::Expr(self.own(text)),
            None => no_text(),
        }
    }

    pub(super) fn template(&self, literal: &LitStr) -> Vec<Piece> {
        let (pieces, mistakes) = templates::template(literal);
        self.mistakes(literal, mistakes);
        pieces
    }
}

/// The help for a literal that is not a text, or for the word `null`.
fn text_meant(expr: &Expr) -> String {
    match is_literal(expr) {
        true => in_quotes(expr),
        false => "write `\"\"` for an empty text".to_owned(),
    }
}

/// The placeholder for a text with a mistake.
fn no_text() -> Text {
    Text::Expr(empty_text())
}

pub(super) fn empty_text() -> Expr {
    Expr::Lit(ExprLit {
        attrs: Vec::new(),
        lit: Lit::Str(LitStr::new("", Span::call_site())),
    })
}

/// Whether a function can be nothing but `verbatim` with a slip in it.
fn is_misspelt_verbatim(word: &Ident) -> bool {
    let word = word.to_string();
    let distance = edits(&word, "verbatim");
    distance <= 2 && !word.starts_with("verbatim")
}

/// Whether this is `template(..)` of one text that is known when it compiles. With any other, it may be a function of the user's.
fn is_template(call: &ExprCall) -> bool {
    let is_known = |text: &Expr| match bare(text) {
        Expr::Macro(text) => text.mac.path.is_ident("include_str"),
        text => literal(text).is_some(),
    };
    is_word(&call.func, "template") && call.args.len() == 1 && call.args.all(&is_known)
}

/// The help for a list where one text stands: its texts as one.
fn one_text(list: &syn::ExprArray) -> String {
    let mut text = String::new();
    for piece in &list.elems {
        match literal(piece) {
            Some(piece) => text.push_str(&piece.value()),
            None => return "write one text, as in `\"Hello\"`".to_owned(),
        }
    }
    format!("write one text: `{text:?}`")
}
