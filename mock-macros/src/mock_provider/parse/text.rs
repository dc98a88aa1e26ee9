//! Texts of answers.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
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
        let expr = bare(expr);
        if let Some(text) = literal(expr) {
            return Text::Template(text.clone(), self.template(text));
        }
        let (at, help): (&dyn ToTokens, _) = match expr {
            Expr::Call(call) if is_word(&call.func, "verbatim") => return self.verbatim(call),
            Expr::Call(call) if self.is_no_function(call) => return no_text(),
            literal if is_literal(literal) => (literal, in_quotes(literal)),
            null if is_word(null, "null") => (null, "write `\"\"` for an empty text".to_owned()),
            Expr::Array(pieces) => (pieces, one_text(pieces)),
            Expr::Tuple(_) => (expr, ONE_TEXT.to_owned()),
            Expr::Struct(object) if object.path.is_ident("object") => (
                &object.path,
                "write the JSON as a text, `verbatim(r#\"{..}\"#)`, or answer with `json(object { .. })`"
                    .to_owned(),
            ),
            Expr::Closure(closure) => (
                closure,
                format!("write `respond_with({})` for an answer", written(closure)),
            ),
            _ if self.is_no_text(expr) => return no_text(),
            _ => return Text::Expr(self.own(expr)),
        };
        let message = "expected a text";
        self.error_at(Lint::ExpectedText, at, message, help);
        no_text()
    }

    /// Whether a call can be nothing but one of a word of the grammar or of the builder. That is reported.
    fn is_no_function(&self, call: &ExprCall) -> bool {
        let word = path_word(&call.func);
        let (message, help) = match word {
            Some(word) if is_misspelt_verbatim(word) => (
                format!("unknown word `{word}`"),
                "did you mean `verbatim`?".to_owned(),
            ),
            _ if is_template(call) => (
                "`template` is a word of the builder".to_owned(),
                format!(
                    "a text is a template as it is: write `{}`",
                    written(&call.args)
                ),
            ),
            _ => return false,
        };
        self.error_at(Lint::ExpectedText, &word, message, help);
        true
    }

    pub(super) fn verbatim(&self, call: &ExprCall) -> Text {
        let mut arguments = call.args.iter();
        let text = arguments.next();
        if text.is_none() || arguments.next().is_some() {
            self.error_at(
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

const ONE_TEXT: &str = "write one text, as in `\"Hello\"`";

/// The help for a list where one text stands: its texts as one.
fn one_text(list: &syn::ExprArray) -> String {
    let mut text = String::new();
    for piece in &list.elems {
        match literal(piece) {
            Some(piece) => text.push_str(&piece.value()),
            None => return ONE_TEXT.to_owned(),
        }
    }
    format!("write one text: `{text:?}`")
}
