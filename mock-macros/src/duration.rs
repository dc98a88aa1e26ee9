//! Lengths of time.

use std::cmp::Ordering;
use std::time::Duration;

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::{Expr, ExprField, Lit, Member, Token, UnOp};

use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{after_leading, any_literal, bare, consists_of, ends};

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
                let time = literal_duration(&literal.lit, expr, usual, diagnostics);
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
            Expr::Field(field) if unit_behind_a_dot(field).is_some() => {
                let message = format!("`{}` is not a time", written(field));
                let time = unit_behind_a_dot(field).unwrap_or_default();
                let help = format!("write `{time}`");
                diagnostics.error_at(Lint::InvalidTime, field, message, help);
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
            diagnostics.error_at(Lint::NoTime, expr, "this time is zero", help);
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
fn literal_duration(
    literal: &Lit,
    expr: &Expr,
    usual: Unit,
    diagnostics: &Diagnostics,
) -> Option<Duration> {
    let example = || format!("write a number and its unit, as in `{}`", usual.example());
    if let Lit::Str(text) = literal {
        let help = match time_in(text.value().trim()) {
            Some(time) => format!("remove the quotes: `{time}`"),
            None => example(),
        };
        return diagnostics.reject(Lint::TimeInQuotes, expr, &"a time is not a string", &help);
    }
    let Some((digits, suffix)) = digits_and_unit(literal) else {
        return diagnostics.reject(Lint::InvalidTime, expr, &"expected a time", &example());
    };
    let time = parse_time(digits, suffix);
    let wrong = match time {
        None => Some(no_time(digits, suffix, usual)),
        Some(time) => not_as_written(&literal.to_token_stream().to_string(), suffix, time),
    };
    if let Some((lint, message, help)) = wrong {
        diagnostics.error_at(lint, expr, message, help);
    }
    time
}

/// A number and the suffix that is its unit, if there is one.
fn digits_and_unit(literal: &Lit) -> Option<(&str, &str)> {
    match literal {
        Lit::Int(int) => Some((int.base10_digits(), int.suffix())),
        Lit::Float(float) => Some((float.base10_digits(), float.suffix())),
        _ => None,
    }
}

/// Returns the lint, the message and the help for a time whose number is not decimal, or that is shorter than a nanosecond.
fn not_as_written(token: &str, suffix: &str, time: Duration) -> Option<(Lint, String, String)> {
    let number = token.strip_suffix(suffix).unwrap_or(token);
    let is_decimal = |c: char| is_of_number(c) || c == '_';
    let meant = in_largest_unit(time);
    if time.is_zero() && is_positive(number) {
        return Some((
            Lint::InvalidTime,
            format!("`{token}` is shorter than a nanosecond"),
            SHORTEST.to_owned(),
        ));
    }
    (!consists_of(number, is_decimal)).then(|| {
        (
            Lint::InvalidTime,
            format!("`{token}` is not a decimal number with a unit"),
            format!("write `{meant}`"),
        )
    })
}

/// The help for a time that is shorter than a nanosecond.
const SHORTEST: &str = "write `0.001us` or more";

/// Whether a number is not zero.
fn is_positive(digits: &str) -> bool {
    digits.contains(&['1', '2', '3', '4', '5', '6', '7', '8', '9'][..])
}

/// The units of a mock, the largest first: the word, how many nanoseconds it has, and what it is called elsewhere.
const UNITS: [(&str, u64, &str); 5] = [
    ("h", 3_600_000_000_000, "hr hrs hour hours"),
    ("m", 60_000_000_000, "min mins minute minutes"),
    ("s", 1_000_000_000, "sec secs second seconds"),
    (
        "ms",
        1_000_000,
        "millis msec msecs millisecond milliseconds",
    ),
    (
        "us",
        1_000,
        "micros usec usecs microsecond microseconds \u{b5}s \u{3bc}s",
    ),
];

/// The words for nanoseconds, which are not a unit of a mock.
const NANOSECONDS: [&str; 4] = ["ns", "nanos", "nanosecond", "nanoseconds"];

const NANOS_OF_A_DAY: u64 = 24 * 3_600_000_000_000;

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
    let help = match in_this_notation(digits, suffix) {
        Some(time) => format!("write `{time}`"),
        None if NANOSECONDS.contains(&suffix) && is_positive(digits) => SHORTEST.to_owned(),
        None if !is_positive(digits) => {
            format!("write a longer time, as in `{}`", usual.example())
        }
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
        other => {
            let (digits, unit) = digits_and_unit(any_literal(other)?)?;
            parse_time(digits, unit).map(|_| format!("{digits}{unit}"))
        }
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
                let read = Lit::new(literal.clone());
                let (digits, unit) = digits_and_unit(&read)?;
                let time = parse_time(digits, unit)?;
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
pub(crate) fn time_in(text: &str) -> Option<String> {
    let unit = after_leading(text, is_of_number);
    let digits = text.strip_suffix(unit).filter(|_| !unit.is_empty())?;
    let unit = unit.trim_start();
    match parse_time(digits, unit) {
        Some(_) => Some(format!("{digits}{unit}")),
        None => in_this_notation(digits, unit),
    }
}

/// The time that a number and a unit of another notation name, as it is to be written: `90s` for `1m30s`.
fn in_this_notation(digits: &str, unit: &str) -> Option<String> {
    if let Some(unit) = self::unit(unit) {
        return parse_time(digits, unit).map(|_| format!("{digits}{unit}"));
    }
    let (mut sum, mut shortest) = (Duration::ZERO, u64::MAX);
    let mut rest = format!("{digits}{unit}");
    while !rest.is_empty() {
        let behind = after_leading(&rest, is_of_number);
        let digits = rest.strip_suffix(behind)?;
        let next = after_leading(behind.trim_start(), char::is_alphabetic);
        let unit = behind.strip_suffix(next)?.trim_start();
        let nanos = match unit {
            unit if NANOSECONDS.contains(&unit) => 1,
            "d" | "day" | "days" => NANOS_OF_A_DAY,
            unit => nanos_of(self::unit(unit)?)?,
        };
        // `1h 30m` is one time, and `5ms 6ms` is not.
        if nanos >= shortest {
            return None;
        }
        shortest = nanos;
        sum = sum.checked_add(multiple(digits, nanos)?)?;
        rest = next.trim_start().to_owned();
    }
    (!sum.is_zero()).then(|| in_largest_unit(sum))
}

/// Two times beside each other, as one: `90m` for `1h 30m`.
pub(crate) fn sum(one: &str, other: &str) -> Option<String> {
    in_this_notation("", &format!("{one} {other}"))
}

/// A time as a whole number of the largest unit that it is a multiple of.
fn in_largest_unit(time: Duration) -> String {
    let nanos = time.as_nanos();
    for (unit, of_unit, _) in UNITS {
        if nanos.checked_rem(of_unit.into()) == Some(0) {
            let number = nanos.checked_div(of_unit.into()).unwrap_or_default();
            return format!("{number}{unit}");
        }
    }
    let (micros, nanos) = (time.as_micros(), time.subsec_nanos() % 1_000);
    let decimals = format!("{micros}.{nanos:03}");
    format!("{}us", decimals.trim_end_matches('0'))
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || c == '.'
}

/// The time that a number is with the unit behind its dot, as in `1.ms`.
fn unit_behind_a_dot(field: &ExprField) -> Option<String> {
    let (Expr::Lit(literal), Member::Named(unit)) = (bare(&field.base), &field.member) else {
        return None;
    };
    let number = literal.to_token_stream().to_string();
    let unit = self::unit(&unit.to_string())?;
    parse_time(&number, unit).map(|_| format!("{number}{unit}"))
}

/// The unit of time that a word is, here or elsewhere.
pub(crate) fn unit(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let known = UNITS
        .find(&|(unit, _, others)| *unit == word || others.split(' ').any(|other| other == word));
    known.map(|(unit, ..)| *unit)
}

/// Whether a suffix is a unit of time as the grammar writes it.
pub(crate) fn is_unit(suffix: &str) -> bool {
    nanos_of(suffix).is_some()
}

/// The range of the times between two that are written there, the shorter first. It is one time if they are equal.
pub(crate) fn range_of_times(one: &Expr, other: &Expr) -> Option<String> {
    let times = (literal_time(one)?, literal_time(other)?);
    let (one, other) = (written(one), written(other));
    Some(match times.0.cmp(&times.1) {
        Ordering::Less => format!("{one}..{other}"),
        Ordering::Equal => one,
        Ordering::Greater => format!("{other}..{one}"),
    })
}

/// The time that is written there, with its unit.
fn literal_time(expr: &Expr) -> Option<Duration> {
    match any_literal(expr)? {
        Lit::Int(int) => parse_time(int.base10_digits(), int.suffix()),
        Lit::Float(float) => parse_time(float.base10_digits(), float.suffix()),
        _ => None,
    }
}

fn parse_time(digits: &str, unit: &str) -> Option<Duration> {
    multiple(digits, nanos_of(unit)?)
}

/// How many nanoseconds a unit has.
fn nanos_of(unit: &str) -> Option<u64> {
    let known = UNITS.find(&|(known, ..)| *known == unit);
    known.map(|(_, nanos, _)| *nanos)
}

/// A number of units of so many nanoseconds.
fn multiple(digits: &str, nanos: u64) -> Option<Duration> {
    let number = digits.parse::<u64>().ok();
    match number.and_then(|number| number.checked_mul(nanos)) {
        Some(nanos) => Some(Duration::from_nanos(nanos)),
        None => {
            let number = digits.parse::<f64>().ok()?;
            Duration::try_from_secs_f64(number * nanos as f64 / 1e9).ok()
        }
    }
}
