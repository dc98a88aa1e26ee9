//! JSON in our notation: literals, lists `[..]` and objects `object { .. }`.

use proc_macro2::{Ident, Span};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprCall, ExprLit, ExprStruct, Lit, LitStr, UnOp};

use super::super::templates::Piece;
use super::{Reader, Text};
use crate::diagnostics::written;
use crate::lint::Lint;
use crate::syntax::{after_leading, bare, is_type, is_word, literal};

/// How string literals in JSON are read.
#[derive(Clone, Copy)]
pub(super) enum Texts {
    Templates,
    Verbatim,
}

/// A value that is to be JSON.
pub(crate) enum JsonValue {
    /// In our notation.
    Json(Json),
    /// Any value that serde can write.
    Expr(Expr),
}

/// A value in the arguments of a call.
pub(crate) struct Json {
    pub(crate) span: Span,
    pub(crate) kind: JsonKind,
}

pub(crate) enum JsonKind {
    Text(LitStr, Vec<Piece>),
    Integer(String),
    Number(String),
    Boolean(bool),
    Null,
    List(Vec<Json>),
    Object(Vec<(Ident, Json)>),
    /// A value that is known only when the test runs.
    Expr(Expr),
}

impl Reader<'_> {
    /// A value of an action or a key that is to be JSON.
    pub(super) fn json_value(&self, expr: &Expr, texts: Texts) -> JsonValue {
        let json = self.json(expr, texts);
        match json.kind {
            JsonKind::Expr(expr) => JsonValue::Expr(expr),
            _ => JsonValue::Json(json),
        }
    }

    pub(super) fn object(&self, object: &ExprStruct, texts: Texts) -> Vec<(Ident, Json)> {
        let mut members = Vec::new();
        for (name, value) in self.members(object) {
            members.push((name, self.json(value, texts)));
        }
        members
    }

    fn json(&self, expr: &Expr, texts: Texts) -> Json {
        let expr = bare(expr);
        let kind = match expr {
            Expr::Lit(literal) => self.json_literal(literal, texts),
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_))
                    && matches!(bare(&unary.expr), Expr::Lit(_)) =>
            {
                match self.json(&unary.expr, texts).kind {
                    JsonKind::Integer(digits) => JsonKind::Integer(format!("-{digits}")),
                    JsonKind::Number(digits) => JsonKind::Number(format!("-{digits}")),
                    other => {
                        self.error_at(
                            Lint::JsonNotation,
                            &unary.op,
                            "only a number has a `-`",
                            "remove it",
                        );
                        match other {
                            JsonKind::Expr(_) => JsonKind::Null,
                            other => other,
                        }
                    }
                }
            }
            Expr::Call(call) if is_word(&call.func, "verbatim") => match self.verbatim(call) {
                Text::Expr(text) => match literal(&text) {
                    Some(text) => JsonKind::Text(text.clone(), vec![Piece::Text(text.value())]),
                    None => JsonKind::Expr(text),
                },
                Text::Template(text, pieces) => JsonKind::Text(text, pieces),
            },
            Expr::Array(items) => {
                let mut list = Vec::new();
                for item in &items.elems {
                    list.push(self.json(item, texts));
                }
                JsonKind::List(list)
            }
            Expr::Struct(value) if is_type(&value.path) => JsonKind::Expr(expr.clone()),
            Expr::Struct(object) => {
                if !object.path.is_ident("object") {
                    self.error_at(
                        Lint::JsonNotation,
                        &object.path,
                        "a JSON object begins with `object`",
                        "write `object { .. }`",
                    );
                }
                JsonKind::Object(self.object(object, texts))
            }
            Expr::Block(block) if block.label.is_none() && block.block.stmts.is_empty() => {
                self.unit(expr, "{}", "object {}");
                JsonKind::Object(Vec::new())
            }
            Expr::Tuple(items) if items.elems.is_empty() => {
                self.unit(expr, "()", "null");
                JsonKind::Null
            }
            Expr::Call(call) if is_word(&call.func, "object") => {
                self.error_at(
                    Lint::JsonNotation,
                    &call.func,
                    "the fields of an `object` go in braces",
                    format_args!("write `object {{ {} }}`", fields_meant(call)),
                );
                JsonKind::Null
            }
            Expr::Path(_) if is_word(expr, "None") || is_word(expr, "null") => JsonKind::Null,
            Expr::Binary(_) if self.is_joined(expr) => JsonKind::Null,
            other => JsonKind::Expr(other.clone()),
        };
        if let JsonKind::Expr(expr) = &kind {
            self.note_expr(expr);
            // The JSON of an expression is known only at run time, even for a literal.
            self.note_code(false, true);
        }
        Json {
            span: expr.span(),
            kind,
        }
    }

    /// Reports Rust's unit, which would be `null` without a word.
    fn unit(&self, expr: &Expr, unit: &str, json: &str) {
        self.error_at(
            Lint::JsonNotation,
            expr,
            format_args!("`{unit}` is not JSON"),
            format_args!("write `{json}`"),
        );
    }

    fn json_literal(&self, literal: &ExprLit, texts: Texts) -> JsonKind {
        match &literal.lit {
            Lit::Str(text) => JsonKind::Text(
                text.clone(),
                match texts {
                    Texts::Templates => self.template(text),
                    Texts::Verbatim => vec![Piece::Text(text.value())],
                },
            ),
            Lit::Int(int) => {
                self.no_suffix(int.span(), int.base10_digits(), int.suffix());
                JsonKind::Integer(int.base10_digits().to_owned())
            }
            Lit::Float(float) => {
                self.no_suffix(float.span(), float.base10_digits(), float.suffix());
                let is_read = float.base10_parse().is_ok_and(f64::is_finite);
                if matches!(texts, Texts::Verbatim) && !is_read {
                    self.error(
                        Lint::JsonNotation,
                        float.span(),
                        format_args!("`{float}` is too large for metadata"),
                        format_args!("write at most `{:e}`", f64::MAX),
                    );
                }
                JsonKind::Number(json_number(float.base10_digits()))
            }
            Lit::Bool(boolean) => JsonKind::Boolean(boolean.value),
            _ => JsonKind::Expr(Expr::Lit(literal.clone())),
        }
    }

    fn no_suffix(&self, span: Span, digits: &str, suffix: &str) {
        if !suffix.is_empty() {
            self.error(
                Lint::JsonNotation,
                span,
                format_args!("a JSON number has no suffix `{suffix}`"),
                format_args!("write `{digits}`"),
            );
        }
    }
}

/// The fields in the parentheses of `object(a = 1)`.
fn fields_meant(call: &ExprCall) -> String {
    let mut fields = Vec::new();
    for argument in &call.args {
        fields.push(match argument {
            Expr::Assign(field) => format!("{}: {}", written(&field.left), written(&field.right)),
            _ => return "city: \"Paris\"".to_owned(),
        });
    }
    fields.join(", ")
}

/// The digits of a number as JSON has them (RFC 8259, section 6): none is left out around the point, no zero goes before.
fn json_number(digits: &str) -> String {
    let rest = after_leading(digits, |c| c.is_ascii_digit());
    let whole = digits.strip_suffix(rest).unwrap_or(digits);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    match rest {
        "." => format!("{whole}.0"),
        rest => format!("{whole}{rest}"),
    }
}
