//! What a turn answers with.

use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprStruct, Lit, LitStr, UnOp, parse_quote};

use super::super::text::{self, Piece};
use super::super::words;
use super::{Action, Call, Failure, Json, JsonKind, Reader, Text, path_word};
use crate::diagnostics::did_you_mean;
use crate::syntax::bare;

impl Reader<'_> {
    pub(super) fn text(&self, expr: &Expr) -> Text {
        match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Text::Template(text.clone(), self.template(text)),
                other => {
                    self.diagnostics.error_at(
                        other,
                        "expected a text",
                        format!(
                            "write it in quotes: `\"{}\"`",
                            other.to_token_stream().to_string().trim_matches('\'')
                        ),
                    );
                    Text::Expr(parse_quote!(""))
                }
            },
            Expr::Call(call) if path_word(&call.func).is_some_and(|word| word == "verbatim") => {
                self.verbatim(call)
            }
            _ => Text::Expr(expr.clone()),
        }
    }

    fn verbatim(&self, call: &ExprCall) -> Text {
        let mut arguments = call.args.iter();
        let text = arguments.next();
        if text.is_none() || arguments.next().is_some() {
            self.diagnostics.error_at(
                call,
                "`verbatim` takes one text",
                "write `verbatim(\"..\")`",
            );
        }
        Text::Expr(text.cloned().unwrap_or_else(|| parse_quote!("")))
    }

    fn template(&self, literal: &LitStr) -> Vec<Piece> {
        let (pieces, mistakes) = text::template(literal);
        self.mistakes(literal, mistakes);
        pieces
    }

    pub(super) fn stream(&self, expr: &Expr) -> Action {
        match bare(expr) {
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
        match bare(expr) {
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
        let expr = bare(expr);
        let kind = match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => JsonKind::Text(text.clone(), self.template(text)),
                Lit::Int(int) => {
                    self.no_suffix(int.span(), int.base10_digits(), int.suffix());
                    JsonKind::Integer(int.base10_digits().to_owned())
                }
                Lit::Float(float) => {
                    self.no_suffix(float.span(), float.base10_digits(), float.suffix());
                    JsonKind::Number(json_number(float.base10_digits()))
                }
                Lit::Bool(boolean) => JsonKind::Boolean(boolean.value),
                _ => JsonKind::Expr(expr.clone()),
            },
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_))
                    && matches!(bare(&unary.expr), Expr::Lit(_)) =>
            {
                match self.json(&unary.expr).kind {
                    JsonKind::Integer(digits) => JsonKind::Integer(format!("-{digits}")),
                    JsonKind::Number(digits) => JsonKind::Number(format!("-{digits}")),
                    _ => JsonKind::Expr(expr.clone()),
                }
            }
            Expr::Call(call) if path_word(&call.func).is_some_and(|word| word == "verbatim") => {
                match self.verbatim(call) {
                    Text::Expr(Expr::Lit(ExprLit {
                        lit: Lit::Str(text),
                        ..
                    })) => {
                        let pieces = vec![Piece::Text(text.value())];
                        JsonKind::Text(text, pieces)
                    }
                    Text::Expr(text) => JsonKind::Expr(text),
                    Text::Template(text, pieces) => JsonKind::Text(text, pieces),
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

    fn no_suffix(&self, span: Span, digits: &str, suffix: &str) {
        if !suffix.is_empty() {
            self.diagnostics.error(
                span,
                format!("a JSON number has no suffix `{suffix}`"),
                format!("write `{digits}`"),
            );
        }
    }

    pub(super) fn failure(&self, expr: &Expr) -> Option<Failure> {
        let (path, fields) = match bare(expr) {
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
                match word {
                    Some(word) => format!("unknown kind of failure `{word}`"),
                    None => "expected a kind of failure".to_owned(),
                },
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
                "status" => match bare(value) {
                    Expr::Lit(literal) if !matches!(literal.lit, Lit::Int(_)) => {
                        self.diagnostics.error_at(
                            value,
                            "a status is a number",
                            "write it as in `status: 429`",
                        );
                    }
                    _ => failure.status = Some(value.clone()),
                },
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

/// The digits of a number as JSON has them (RFC 8259, section 6): none is left out around the point, no zero goes before.
fn json_number(digits: &str) -> String {
    let whole = digits.find(|c: char| !c.is_ascii_digit());
    let (whole, rest) = digits.split_at(whole.unwrap_or(digits.len()));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match rest {
        "." => format!("{whole}.0"),
        rest => format!("{whole}{rest}"),
    }
}
