//! Numbers of things.

use syn::{Expr, ExprLit, Lit, LitInt, RangeLimits, UnOp};

use super::{Reader, literal, path_word};
use crate::diagnostics::written;
use crate::lint::Lint;
use crate::syntax::{bare, elements, is_word, split_text_at};

/// A number of things.
pub(in crate::mock_provider) enum Number {
    Literal(u32),
    Expr(Expr),
}

/// A decimal number.
pub(in crate::mock_provider) enum Float {
    Literal(f64),
    Expr(Expr),
}

impl Reader<'_> {
    /// A number of `what`, which is at least one.
    pub(super) fn number(&self, expr: &Expr, what: &str) -> Number {
        let expr = bare(expr);
        if !is_literal(expr) {
            return Number::Expr(expr.clone());
        }
        let int = match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => Some(int),
                _ => None,
            },
            _ => None,
        };
        let number = int.filter(|int| matches!(int.suffix(), "" | "u32"));
        let (message, help) = match number.and_then(|int| int.base10_parse().ok()) {
            Some(0) => (
                format!("the number of {what} is 0"),
                "write a whole number, 1 or more".to_owned(),
            ),
            Some(number) => return Number::Literal(number),
            None => int
                .and_then(|int| not_a_count(int, what, u32::MAX.into()))
                .unwrap_or_else(|| {
                    (
                        format!("expected a number of {what}"),
                        "write a whole number, 1 or more".to_owned(),
                    )
                }),
        };
        self.diagnostics
            .error_at(Lint::InvalidNumber, expr, message, help);
        Number::Literal(1)
    }

    /// A range of numbers of `what`, with both its ends.
    pub(super) fn numbers(
        &self,
        expr: &Expr,
        what: &str,
        example: &str,
    ) -> Option<(Number, Number)> {
        let Expr::Range(range) = bare(expr) else {
            self.diagnostics.error_at(
                Lint::InvalidRange,
                expr,
                "expected a range",
                format_args!("write it as in `{example}`"),
            );
            return None;
        };
        let (Some(least), Some(most)) = (&range.start, &range.end) else {
            self.diagnostics.error_at(
                Lint::InvalidRange,
                expr,
                "the range needs both ends",
                format_args!("write them, as in `{example}`"),
            );
            return None;
        };
        if let RangeLimits::HalfOpen(dots) = &range.limits {
            self.diagnostics.error_at(
                Lint::InvalidRange,
                dots,
                "a range of numbers includes its end",
                "write `..=` and the greatest number",
            );
        }
        let (least, most) = (self.number(least, what), self.number(most, what));
        if let (Number::Literal(low), Number::Literal(high)) = (&least, &most)
            && low > high
        {
            self.diagnostics.error_at(
                Lint::InvalidRange,
                expr,
                "the range is empty",
                format_args!("write the smaller number first: `{high}..={low}`"),
            );
        }
        Some((least, most))
    }

    /// A decimal number, which is not negative.
    pub(super) fn float(&self, expr: &Expr, example: &str) -> Float {
        let expr = bare(expr);
        if !is_literal(expr) {
            return Float::Expr(expr.clone());
        }
        let number = match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) if int.suffix().is_empty() => int.base10_parse().ok(),
                Lit::Float(float) if matches!(float.suffix(), "" | "f64") => {
                    float.base10_parse().ok()
                }
                _ => None,
            },
            _ => None,
        };
        Float::Literal(
            number
                .filter(|number: &f64| number.is_finite())
                .unwrap_or_else(|| {
                    self.diagnostics.error_at(
                        Lint::InvalidNumber,
                        expr,
                        "expected a number, 0 or more",
                        format_args!("write it as in `{example}`"),
                    );
                    1.0
                }),
        )
    }

    /// Whether a declared mock, which is a `static`, has a text that is built when the test runs. That is reported.
    pub(super) fn is_built(&self, expr: &Expr) -> bool {
        let is_built = self.is_declaration
            && match bare(expr) {
                Expr::Macro(text) => text.mac.path.is_ident("format"),
                Expr::MethodCall(text) => text.method == "to_string" || text.method == "to_owned",
                Expr::Call(call) => match bare(&call.func) {
                    Expr::Path(from) => {
                        let path = elements(&from.path.segments);
                        matches!(&*path, [string, from] if string.ident == "String" && from.ident == "from")
                    }
                    _ => false,
                },
                _ => false,
            };
        if is_built {
            self.diagnostics.error_at(
                Lint::ExpectedText,
                expr,
                "a text of a declared mock is a literal or a constant",
                "write it out, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression",
            );
        }
        is_built
    }

    /// A name or a text that is not a template: a string literal, or an expression.
    pub(super) fn plain_text(&self, expr: &Expr, what: &str) -> Option<Expr> {
        let expr = bare(expr);
        if is_literal(expr) && literal(expr).is_none() {
            self.diagnostics.error_at(
                Lint::ExpectedText,
                expr,
                format_args!("{what} is a text"),
                in_quotes(expr),
            );
            return None;
        }
        if self.is_built(expr) {
            return None;
        }
        let json = match expr {
            Expr::Struct(object) if object.path.is_ident("object") => object.path.get_ident(),
            Expr::Call(call) if is_word(&call.func, "json") => path_word(&call.func),
            _ => None,
        };
        if let Some(word) = json {
            self.diagnostics.error_at(
                Lint::ExpectedText,
                word,
                format_args!("{what} is a text"),
                "write the JSON as a text, as in `r#\"{\"error\": \"..\"}\"#`",
            );
            return None;
        }
        Some(expr.clone())
    }
}

impl Reader<'_> {
    /// Reports a literal without a visible character.
    pub(super) fn not_blank(&self, text: &Expr, message: &str, help: &str) -> Option<()> {
        let is_blank = literal(text).is_some_and(|text| text.value().trim().is_empty());
        if is_blank {
            self.diagnostics
                .error_at(Lint::ExpectedText, text, message, help);
        }
        (!is_blank).then_some(())
    }
}

/// The message and the help for a number of `what` that has another type or is greater than `most`.
pub(super) fn not_a_count(int: &LitInt, what: &str, most: u64) -> Option<(String, String)> {
    const TYPES: [&str; 12] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
    ];
    let (digits, suffix) = (int.base10_digits(), int.suffix());
    if !suffix.is_empty() && !TYPES.contains(&suffix) {
        return None;
    }
    let is_small = digits.parse().is_ok_and(|number: u64| number <= most);
    Some(match is_small {
        true => (
            format!("a number of {what} has no suffix `{suffix}`"),
            format!("write `{digits}`"),
        ),
        false => (
            format!("`{int}` is too large for a number of {what}"),
            format!("write at most {most}"),
        ),
    })
}

/// The help for a literal that is to be a text: what to write instead.
pub(super) fn in_quotes(literal: &Expr) -> String {
    let text = match bare(literal) {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Char(char) => char.value().to_string(),
            Lit::ByteStr(text) => return without_prefix(&text.token().to_string()),
            Lit::CStr(text) => return without_prefix(&text.token().to_string()),
            Lit::Byte(byte) => char::from(byte.value()).to_string(),
            other => written(other),
        },
        other => written(other),
    };
    format!("write it in quotes: `{text:?}`")
}

/// The help for `b".."` and `c".."`.
fn without_prefix(token: &str) -> String {
    let (prefix, text) = split_text_at(token, 1);
    format!("remove the `{prefix}`: `{text}`")
}

/// Whether an expression is a literal, or a negative one.
pub(in crate::mock_provider) fn is_literal(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => {
            matches!(unary.op, UnOp::Neg(_)) && matches!(bare(&unary.expr), Expr::Lit(_))
        }
        _ => false,
    }
}
