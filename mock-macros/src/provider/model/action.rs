//! What a turn answers with.

use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprStruct, Lit, LitInt, LitStr};

use super::super::text::{self, Piece};
use super::super::words;
use super::{Action, Call, Failure, Json, JsonKind, Reader, Text, literal, path_word};
use crate::diagnostics::did_you_mean;

impl Reader<'_> {
    pub(super) fn text(&self, expr: &Expr) -> Text {
        match literal(expr) {
            Some(literal) => Text::Template(literal.clone(), self.template(literal)),
            None => match verbatim(expr) {
                Some(inner) => Text::Expr(inner.clone()),
                None => Text::Expr(expr.clone()),
            },
        }
    }

    fn template(&self, literal: &LitStr) -> Vec<Piece> {
        let (pieces, mistakes) = text::template(literal);
        self.mistakes(literal, mistakes);
        pieces
    }

    pub(super) fn stream(&self, expr: &Expr) -> Action {
        match expr {
            Expr::Array(pieces) => {
                Action::Stream(pieces.elems.iter().map(|piece| self.text(piece)).collect())
            }
            other => {
                self.diagnostics.error_at(
                    other,
                    "`stream` takes a list of texts",
                    "write `stream([\"Hel\", \"lo\"])`",
                );
                Action::Stream(Vec::new())
            }
        }
    }

    pub(super) fn call(&self, expr: &Expr) -> Option<Call> {
        match expr {
            Expr::Struct(call) => Some(Call {
                tool: self.word_of(&call.path)?,
                arguments: self.object(call),
            }),
            Expr::Path(path) => Some(Call {
                tool: self.word_of(&path.path)?,
                arguments: Vec::new(),
            }),
            other => {
                self.diagnostics.error_at(
                    other,
                    "expected a tool and its arguments",
                    "write them as in `call(get_weather { city: \"Paris\" })`",
                );
                None
            }
        }
    }

    fn object(&self, object: &ExprStruct) -> Vec<(Ident, Json)> {
        let members = self.members(object).into_iter();
        members
            .map(|(name, value)| (name, self.json(value)))
            .collect()
    }

    fn json(&self, expr: &Expr) -> Json {
        let kind = match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => JsonKind::Text(text.clone(), self.template(text)),
                Lit::Int(int) => JsonKind::Integer(self.digits(int)),
                Lit::Float(float) => JsonKind::Number(float.base10_digits().to_owned()),
                Lit::Bool(boolean) => JsonKind::Boolean(boolean.value),
                _ => JsonKind::Expr(expr.clone()),
            },
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
                match self.json(&unary.expr).kind {
                    JsonKind::Integer(digits) => JsonKind::Integer(format!("-{digits}")),
                    JsonKind::Number(digits) => JsonKind::Number(format!("-{digits}")),
                    _ => JsonKind::Expr(expr.clone()),
                }
            }
            Expr::Array(items) => {
                JsonKind::List(items.elems.iter().map(|item| self.json(item)).collect())
            }
            Expr::Struct(object) => JsonKind::Object(self.object(object)),
            Expr::Path(_)
                if path_word(expr).is_some_and(|word| word == "None" || word == "null") =>
            {
                JsonKind::Null
            }
            other => JsonKind::Expr(other.clone()),
        };
        Json {
            span: expr.span(),
            kind,
        }
    }

    /// A whole number, which needs no suffix.
    fn digits(&self, int: &LitInt) -> String {
        if !int.suffix().is_empty() {
            self.diagnostics.error(
                int.span(),
                format!("a JSON number has no suffix `{}`", int.suffix()),
                format!("write `{}`", int.base10_digits()),
            );
        }
        int.base10_digits().to_owned()
    }

    pub(super) fn failure(&self, expr: &Expr) -> Option<Failure> {
        let (path, fields) = match expr {
            Expr::Path(path) => (&path.path, Vec::new()),
            Expr::Struct(failure) => (&failure.path, self.members(failure)),
            other => {
                self.diagnostics.error_at(
                    other,
                    "expected a kind of failure",
                    "write it as in `fail(rate_limit { retry_after: 2s })`",
                );
                return None;
            }
        };
        let word = path.get_ident();
        let kinds = words::KINDS.iter();
        let Some((word, kind)) =
            word.and_then(|word| Some((word, kinds.clone().find(|kind| word == kind.word)?)))
        else {
            let name = word.map(Ident::to_string).unwrap_or_default();
            self.diagnostics.error_at(
                path,
                format!("unknown kind of failure `{name}`"),
                did_you_mean(&name, "kinds", kinds.map(|kind| kind.word)),
            );
            return None;
        };
        let mut failure = Failure {
            word: word.clone(),
            kind,
            message: None,
            retry_after: None,
            status: None,
        };
        for (name, value) in fields {
            match name.to_string().as_str() {
                "message" => failure.message = Some(self.text(value)),
                "retry_after" => failure.retry_after = Some((name, self.time(value))),
                "status" => failure.status = Some(value.clone()),
                other => self.diagnostics.error(
                    name.span(),
                    format!("a failure has no field `{other}`"),
                    did_you_mean(other, "fields", words::FAILURE_FIELDS.iter().copied()),
                ),
            }
        }
        Some(failure)
    }
}

/// What is in `verbatim(..)`.
fn verbatim(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Call(call) if path_word(&call.func).is_some_and(|word| word == "verbatim") => {
            call.args.first()
        }
        _ => None,
    }
}
