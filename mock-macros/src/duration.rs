//! Lengths of time.

use std::time::Duration;

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::{Expr, Lit, Token, UnOp};

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::syntax::{bare, ends};

/// The unit that a time at some place usually has: a latency takes milliseconds, a time-out seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Millis,
    Secs,
}

impl Unit {
    fn word(self) -> &'static str {
        match self {
            Unit::Millis => "ms",
            Unit::Secs => "s",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Unit::Millis => "120ms",
            Unit::Secs => "2s",
        }
    }
}

/// A length of time: a literal, or an expression of the type `Duration`.
pub(crate) enum Time {
    Literal(Duration),
    Expr(Expr),
}

impl Time {
    /// A length of time. A literal needs its unit; `usual` is the one to propose for a bare number.
    pub(crate) fn read(expr: &Expr, usual: Unit, diagnostics: &Diagnostics) -> Time {
        match bare(expr) {
            Expr::Lit(literal) => {
                let time = of_literal(&literal.lit, expr, usual, diagnostics);
                Time::Literal(time.unwrap_or_default())
            }
            Expr::Unary(unary)
                if matches!(unary.op, UnOp::Neg(_))
                    && matches!(bare(&unary.expr), Expr::Lit(_)) =>
            {
                diagnostics.error_at(
                    Lint::InvalidTime,
                    expr,
                    "a time is not negative",
                    "remove the `-`",
                );
                Time::Literal(Duration::ZERO)
            }
            other => match literal_within(other) {
                Some(time) => {
                    let help = format!(
                        "write one, as in `{time}`, or an expression of the type `Duration`"
                    );
                    diagnostics.error_at(Lint::InvalidTime, expr, "expected one time", help);
                    Time::Literal(Duration::ZERO)
                }
                None => match token_within(other.to_token_stream()) {
                    Some((token, help)) => {
                        let message = format!("`{token}` is not a Rust value");
                        diagnostics.error(Lint::InvalidTime, token.span(), message, help);
                        Time::Literal(Duration::ZERO)
                    }
                    None => Time::Expr(expr.clone()),
                },
            },
        }
    }

    /// A length of time that says something: more than none. `help` is what to do about one that does not.
    pub(crate) fn read_some(
        expr: &Expr,
        usual: Unit,
        help: &str,
        diagnostics: &Diagnostics,
    ) -> Time {
        let errors = diagnostics.count();
        let time = Time::read(expr, usual, diagnostics);
        if matches!(time, Time::Literal(Duration::ZERO)) && errors == diagnostics.count() {
            diagnostics.error_at(Lint::NoTime, expr, "this is not a time", help);
        }
        time
    }
}

impl ToTokens for Time {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Time::Literal(time) => {
                let (secs, nanos) = (time.as_secs(), time.subsec_nanos());
                for segment in ["core", "time", "Duration", "new"] {
                    <Token![::]>::default().to_tokens(tokens);
                    tokens.append(Ident::new(segment, Span::call_site()));
                }
                let arguments = quote!(#secs, #nanos);
                tokens.append(Group::new(Delimiter::Parenthesis, arguments));
            }
            Time::Expr(expr) => expr.to_tokens(tokens),
        }
    }
}

/// The time that a literal is; `None` if it is none, and that has been reported.
fn of_literal(
    literal: &Lit,
    expr: &Expr,
    usual: Unit,
    diagnostics: &Diagnostics,
) -> Option<Duration> {
    let example = || format!("write a number and its unit, as in `{}`", usual.example());
    let (digits, suffix) = match literal {
        Lit::Int(int) => (int.base10_digits(), int.suffix()),
        Lit::Float(float) => (float.base10_digits(), float.suffix()),
        Lit::Str(text) => {
            let help = match time_in(text.value().trim()) {
                Some(time) => format!("remove the quotes: `{time}`"),
                None => example(),
            };
            diagnostics.error_at(Lint::TimeInQuotes, expr, "a time is not a string", help);
            return None;
        }
        _ => {
            diagnostics.error_at(Lint::InvalidTime, expr, "expected a time", example());
            return None;
        }
    };
    let time = parse_time(digits, suffix);
    if time.is_none() {
        let (lint, message, help) = no_time(digits, suffix, usual);
        diagnostics.error_at(lint, expr, message, help);
    }
    time
}

/// The lint, the message and the help for a number and a unit that are not a time.
fn no_time(digits: &str, suffix: &str, usual: Unit) -> (Lint, String, String) {
    let unit = usual.word();
    if suffix.is_empty() {
        return (
            Lint::TimeWithoutUnit,
            format!("`{digits}` has no unit"),
            format!("add the unit, as in `{digits}{unit}`"),
        );
    }
    let meant = foreign_unit(suffix).filter(|unit| parse_time(digits, unit).is_some());
    let help = match meant {
        Some(unit) => format!("write `{digits}{unit}`"),
        None if self::unit(suffix).is_some() || parse_time(digits, "ms").is_none() => {
            format!("write a shorter time, as in `{}`", usual.example())
        }
        None => format!("units are `us`, `ms`, `s`, `m` and `h`, as in `{digits}{unit}`"),
    };
    let message = format!("`{digits}{suffix}` is not a time");
    (Lint::InvalidTime, message, help)
}

/// The first time within a range or a calculation, which the compiler takes for a number with an odd suffix.
fn literal_within(expr: &Expr) -> Option<String> {
    match bare(expr) {
        Expr::Range(range) => ends(range).into_iter().find_map(literal_within),
        Expr::Binary(binary) => {
            literal_within(&binary.left).or_else(|| literal_within(&binary.right))
        }
        Expr::Lit(literal) => {
            let (digits, unit) = match &literal.lit {
                Lit::Int(int) => (int.base10_digits(), int.suffix()),
                Lit::Float(float) => (float.base10_digits(), float.suffix()),
                _ => return None,
            };
            parse_time(digits, unit).map(|_| format!("{digits}{unit}"))
        }
        _ => None,
    }
}

/// The first time among the tokens of an expression of Rust, but for those in a macro call, and what to write for it.
fn token_within(tokens: TokenStream) -> Option<(Literal, String)> {
    let mut is_macro = false;
    tokens.into_iter().find_map(|token| {
        let is_bang = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
        let was_macro = std::mem::replace(&mut is_macro, is_bang);
        match token {
            TokenTree::Group(group) if !was_macro => token_within(group.stream()),
            TokenTree::Literal(literal) => {
                let (digits, unit) = match Lit::new(literal.clone()) {
                    Lit::Int(int) => (int.base10_digits().to_owned(), int.suffix().to_owned()),
                    Lit::Float(float) => {
                        (float.base10_digits().to_owned(), float.suffix().to_owned())
                    }
                    _ => return None,
                };
                let time = parse_time(&digits, &unit)?;
                let help = match u64::try_from(time.as_millis()) {
                    Ok(millis) if time == Duration::from_millis(millis) => {
                        format!("write `Duration::from_millis({millis})`")
                    }
                    _ => format!("write `Duration::from_nanos({})`", time.as_nanos()),
                };
                Some((literal, help))
            }
            _ => None,
        }
    })
}

/// The time that a text names, as it is to be written: `120ms` for `120 millis`.
fn time_in(text: &str) -> Option<String> {
    let is_of_number: fn(char) -> bool = |c| c.is_ascii_digit() || c == '.';
    let unit = text.trim_start_matches(is_of_number);
    let digits = text.strip_suffix(unit).filter(|_| !unit.is_empty())?;
    let unit = unit.trim();
    let unit = foreign_unit(unit).unwrap_or(unit);
    parse_time(digits, unit).map(|_| format!("{digits}{unit}"))
}

/// The unit that is called otherwise elsewhere.
fn foreign_unit(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "micros" | "usec" | "usecs" | "µs" => "us",
        "millis" | "msec" | "msecs" => "ms",
        "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" => "h",
        _ => return None,
    })
}

/// The unit of time that a word is, here or elsewhere.
pub(crate) fn unit(word: &str) -> Option<&'static str> {
    for unit in &UNITS {
        if *unit == word {
            return Some(unit);
        }
    }
    foreign_unit(word)
}

const UNITS: [&str; 5] = ["us", "ms", "s", "m", "h"];

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
