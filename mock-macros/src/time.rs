//! Lengths of time.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Lit, UnOp};

use crate::diagnostics::Diagnostics;
use crate::syntax::bare;

/// A length of time: a literal, or an expression of the type `Duration`.
pub(crate) enum Time {
    Literal(Duration),
    Expr(Expr),
}

impl Time {
    /// A length of time. A literal needs its unit.
    pub(crate) fn read(expr: &Expr, diagnostics: &Diagnostics) -> Time {
        let literal = match bare(expr) {
            Expr::Lit(literal) => literal,
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_))
                    && matches!(bare(&unary.expr), Expr::Lit(_)) =>
            {
                diagnostics.error_at(expr, "a time is not negative", "remove the `-`");
                return Time::Literal(Duration::ZERO);
            }
            _ => return Time::Expr(expr.clone()),
        };
        let (digits, suffix) = match &literal.lit {
            Lit::Int(int) => (int.base10_digits().to_owned(), int.suffix().to_owned()),
            Lit::Float(float) => (float.base10_digits().to_owned(), float.suffix().to_owned()),
            Lit::Str(text) => {
                let help = match is_time(&text.value()) {
                    true => format!("remove the quotes: `{}`", text.value()),
                    false => "write a number and its unit, as in `120ms`".to_owned(),
                };
                diagnostics.error_at(expr, "a time is not a string", help);
                return Time::Literal(Duration::ZERO);
            }
            _ => {
                diagnostics.error_at(
                    expr,
                    "expected a time",
                    "write a number and its unit, as in `120ms`",
                );
                return Time::Literal(Duration::ZERO);
            }
        };
        match parse_time(&digits, &suffix) {
            Some(time) => Time::Literal(time),
            None => {
                let (message, help) = match suffix.as_str() {
                    "" => (
                        format!("`{digits}` has no unit"),
                        format!("add the unit, as in `{digits}ms`"),
                    ),
                    _ => (
                        format!("`{digits}{suffix}` is not a time"),
                        format!("units are `us`, `ms`, `s`, `m` and `h`, as in `{digits}ms`"),
                    ),
                };
                diagnostics.error_at(expr, message, help);
                Time::Literal(Duration::ZERO)
            }
        }
    }
}

impl ToTokens for Time {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Time::Literal(time) => {
                let (secs, nanos) = (time.as_secs(), time.subsec_nanos());
                tokens.extend(quote!(::core::time::Duration::new(#secs, #nanos)));
            }
            Time::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

fn is_time(text: &str) -> bool {
    let unit = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(unit);
    !digits.is_empty() && parse_time(digits, unit).is_some()
}

fn parse_time(digits: &str, unit: &str) -> Option<Duration> {
    let nanos = match unit {
        "us" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        "m" => 60e9,
        "h" => 3_600e9,
        _ => return None,
    };
    let whole = digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(nanos as u64));
    match whole {
        Some(nanos) => Some(Duration::from_nanos(nanos)),
        None => Duration::try_from_secs_f64(digits.parse::<f64>().ok()? * nanos / 1e9).ok(),
    }
}
