//! Lengths of time.

use std::time::Duration;

use syn::{Expr, Lit, UnOp};

use super::{Latency, Reader, Time, bare};

impl Reader<'_> {
    pub(super) fn latency(&self, expr: Expr) -> Latency {
        let Expr::Range(range) = bare(&expr) else {
            return Latency::Fixed(self.time(&expr));
        };
        let (Some(least), Some(most)) = (&range.start, &range.end) else {
            self.diagnostics.error_at(
                &expr,
                "a range of times has two ends",
                "write both, as in `80ms..120ms`",
            );
            return Latency::None;
        };
        let (least, most) = (self.time(least), self.time(most));
        if let (Time::Literal(a), Time::Literal(b)) = (&least, &most)
            && a >= b
        {
            self.diagnostics.error_at(
                &expr,
                "the range of times is empty",
                "write the shorter time first, as in `80ms..120ms`",
            );
        }
        Latency::Uniform(least, most)
    }

    /// A length of time. A literal needs its unit.
    pub(super) fn time(&self, expr: &Expr) -> Time {
        let literal = match bare(expr) {
            Expr::Lit(literal) => literal,
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_))
                    && matches!(bare(&unary.expr), Expr::Lit(_)) =>
            {
                self.diagnostics
                    .error_at(expr, "a time is not negative", "remove the `-`");
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
                self.diagnostics
                    .error_at(expr, "a time is not a string", help);
                return Time::Literal(Duration::ZERO);
            }
            _ => {
                self.diagnostics.error_at(
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
                self.diagnostics.error_at(expr, message, help);
                Time::Literal(Duration::ZERO)
            }
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
