//! Counts and other whole numbers.

use std::ops::RangeInclusive;

use syn::{BinOp, Expr, Lit, LitInt, LitStr, RangeLimits, UnOp, parse_quote};

use super::super::words::Words;
use super::{Reader, path_word};
use crate::diagnostics::{number_in_quotes, written};
use crate::lint::Lint;
use crate::syntax::{
    any_literal, bare, elements, integer, is_word, literal, split_text_at, whole_number,
};

/// A decimal number.
pub(crate) enum Float {
    Literal(f64),
    Expr(Expr),
}

/// The range of the numbers between two, the smaller first.
pub(super) fn range_of_numbers(one: &Expr, other: &Expr) -> String {
    let (low, high) = match (whole_number(one), whole_number(other)) {
        (Some(first), Some(second)) if first > second => (other, one),
        _ => (one, other),
    };
    format!("{}..={}", written(low), written(high))
}

impl Reader<'_> {
    /// A number of `what`, which is at least one. A literal is reported if it is none.
    pub(super) fn number(&self, expr: &Expr, what: &str) -> Expr {
        let expr = bare(expr);
        if !is_literal(expr) && !matches!(expr, Expr::Range(_)) {
            return self.own(expr);
        }
        const HELP: &str = "write a whole number, 1 or more";
        let (message, help) = match count(expr, what, u32::MAX.into(), HELP) {
            Ok(0) => (format!("the number of {what} is 0"), HELP.to_owned()),
            Ok(_) => return self.own(expr),
            Err(wrong) => wrong,
        };
        self.error_at(Lint::InvalidNumber, expr, message, help);
        parse_quote!(1)
    }

    /// A number of `what`, of 64 bits; `None` if it is a literal that is none, and that has been reported.
    pub(super) fn long_number(
        &self,
        lint: Lint,
        expr: &Expr,
        what: &str,
        other: &str,
    ) -> Option<Expr> {
        let expr = bare(expr);
        if is_literal(expr)
            && let Err((message, help)) = count(expr, what, u64::MAX, other)
        {
            return self.reject(lint, expr, &message, &help);
        }
        Some(self.own(expr))
    }

    /// A range of numbers of `what`, with both its ends.
    pub(super) fn numbers(&self, expr: &Expr, what: &str, example: &str) -> Option<(Expr, Expr)> {
        let Expr::Range(range) = bare(expr) else {
            return self.reject(
                Lint::InvalidRange,
                expr,
                &"expected a range",
                &format_args!("write it as in `{example}`"),
            );
        };
        let (Some(least), Some(most)) = (&range.start, &range.end) else {
            return self.reject(
                Lint::InvalidRange,
                expr,
                &"the range needs both ends",
                &format_args!("write them, as in `{example}`"),
            );
        };
        if let RangeLimits::HalfOpen(dots) = &range.limits {
            self.error_at(
                Lint::InvalidRange,
                dots,
                "a range of numbers includes its end",
                "write `..=` and the greatest number",
            );
        }
        let (least, most) = (self.number(least, what), self.number(most, what));
        if let (Some(low), Some(high)) = (whole_number(&least), whole_number(&most))
            && low > high
        {
            self.error_at(
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
            return Float::Expr(self.own(expr));
        }
        let number: Option<f64> = match any_literal(expr) {
            Some(Lit::Int(int)) if int.suffix().is_empty() => int.base10_parse().ok(),
            Some(Lit::Float(float)) if matches!(float.suffix(), "" | "f64") => {
                float.base10_parse().ok()
            }
            _ => None,
        };
        if let Some(number) = number.filter(|number| number.is_finite()) {
            return Float::Literal(number);
        }
        self.error_at(
            Lint::InvalidNumber,
            expr,
            "expected a number, 0 or more",
            number_in_quotes(expr, f64::MAX, &format!("write it as in `{example}`")),
        );
        Float::Literal(1.0)
    }

    /// Whether a text is not one of Rust: an operator joins it, or it is built when the test runs, in a declared mock, which is a
    /// `static`. That is reported.
    pub(super) fn is_no_text(&self, expr: &Expr) -> bool {
        self.is_joined(expr) || self.is_built(expr)
    }

    /// Whether an operator joins a literal text with another one. That is reported.
    pub(super) fn is_joined(&self, expr: &Expr) -> bool {
        let Expr::Binary(joined) = bare(expr) else {
            return false;
        };
        let Some(first) = literal(leftmost(expr)) else {
            return false;
        };
        let help = match one_text(expr) {
            Some(text) => format!("write one text: `{text:?}`"),
            None if self.is_declaration => NOT_BUILT.to_owned(),
            None => {
                let text = first.value().replace('{', "{{").replace('}', "}}");
                let values = written(&joined.right);
                match bare(&joined.left) {
                    Expr::Binary(_) => "write it with `format!(\"..\", ..)`".to_owned(),
                    _ => format!("write `format!({:?}, {values})`", text + "{}"),
                }
            }
        };
        let operator = written(&joined.op);
        self.error_at(
            Lint::ExpectedText,
            &joined.op,
            format_args!("`{operator}` does not join texts"),
            help,
        );
        true
    }

    fn is_built(&self, expr: &Expr) -> bool {
        let is_built = self.is_declaration
            && match leftmost(expr) {
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
            self.error_at(
                Lint::ExpectedText,
                expr,
                "a text of a declared mock is a literal or a constant",
                match built_of(expr) {
                    Some(text) => format!("write `{}`", text.token()),
                    None => NOT_BUILT.to_owned(),
                },
            );
        }
        is_built
    }

    /// A name or a text that is not a template: a string literal, or an expression.
    pub(super) fn plain_text(&self, expr: &Expr, what: &str) -> Option<Expr> {
        let expr = bare(expr);
        if is_literal(expr) && literal(expr).is_none() {
            return self.reject(
                Lint::ExpectedText,
                expr,
                &format_args!("{what} is a text"),
                &in_quotes(expr),
            );
        }
        if self.is_no_text(expr) {
            return None;
        }
        let json = match expr {
            Expr::Struct(object) if object.path.is_ident("object") => object.path.get_ident(),
            Expr::Call(call) if is_word(&call.func, "json") => path_word(&call.func),
            _ => None,
        };
        if let Some(word) = json {
            return self.reject(
                Lint::ExpectedText,
                word,
                &format_args!("{what} is a text"),
                &"write the JSON as a text, as in `r#\"{\"error\": \"..\"}\"#`",
            );
        }
        Some(self.own(expr))
    }
}

impl Reader<'_> {
    /// Reports a literal without a visible character.
    pub(super) fn not_blank(&self, text: &Expr, message: &str, help: &str) -> Option<()> {
        let is_blank = literal(text).is_some_and(|text| text.value().trim().is_empty());
        if is_blank {
            self.error_at(Lint::ExpectedText, text, message, help);
        }
        (!is_blank).then_some(())
    }
}

/// The help for a text of a declared mock that is built when the test runs.
const NOT_BUILT: &str = "write it out, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression";

/// The literal that is all of which a text is built: `"x".to_owned()`.
fn built_of(expr: &Expr) -> Option<LitStr> {
    match bare(expr) {
        Expr::Macro(text) => {
            let literal: LitStr = syn::parse2(text.mac.tokens.clone()).ok()?;
            // Text in braces would become a template variable.
            let is_plain = !literal.value().contains(['{', '}']);
            is_plain.then_some(literal)
        }
        Expr::MethodCall(text) if text.args.is_empty() => literal(&text.receiver).cloned(),
        Expr::Call(call) if call.args.len() == 1 => literal(call.args.first()?).cloned(),
        _ => None,
    }
}

/// The first operand of an expression with operators.
fn leftmost(expr: &Expr) -> &Expr {
    match bare(expr) {
        Expr::Binary(joined) => leftmost(&joined.left),
        other => other,
    }
}

/// The literal texts that `+` or `&` joins, as one.
pub(super) fn one_text(expr: &Expr) -> Option<String> {
    match bare(expr) {
        Expr::Binary(joined) if matches!(joined.op, BinOp::Add(_) | BinOp::BitAnd(_)) => {
            let mut text = one_text(&joined.left)?;
            text.push_str(&one_text(&joined.right)?);
            Some(text)
        }
        other => literal(other).map(syn::LitStr::value),
    }
}

/// The numbers that count something.
pub(super) const COUNTS: RangeInclusive<u64> = 1..=u64::MAX;

/// The number of `what` that a literal is, at most `most`; or why it is none, and what to write: `other`, where nothing better can be told.
fn count(expr: &Expr, what: &str, most: u64, other: &str) -> Result<u64, (String, String)> {
    let int = integer(expr);
    let own_suffix = if most == u64::MAX { "u64" } else { "u32" };
    if let Some(int) = int.filter(|int| ["", own_suffix].contains(&int.suffix()))
        && let Ok(number) = int.base10_parse()
        && number <= most
    {
        return Ok(number);
    }
    let wrong = int.and_then(|int| not_a_count(int, what, most));
    Err(wrong.unwrap_or_else(|| {
        let message = format!("expected a number of {what}");
        (message, number_meant(expr, COUNTS, other))
    }))
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

/// The help for a literal that is to be a whole number in a range: the one that `"3"`, `3.0` or `1e3` is, or else `other`.
pub(super) fn number_meant(literal: &Expr, range: RangeInclusive<u64>, other: &str) -> String {
    let number = match any_literal(literal) {
        Some(Lit::Str(text)) => text.value().trim().parse().ok(),
        Some(Lit::Float(float)) => match float.base10_parse::<f64>() {
            Ok(number) if number.fract() == 0.0 && number <= f64::from(u32::MAX) => {
                Some(number as u64)
            }
            _ => None,
        },
        _ => None,
    };
    match number.filter(|number| range.contains(number)) {
        Some(number) => format!("write `{number}`"),
        None => other.to_owned(),
    }
}

/// The word that stands there in quotes, if it is one of these.
pub(super) fn quoted(expr: &Expr, known: &Words) -> Option<String> {
    let word = literal(expr)?.value();
    known.has(&word).then_some(word)
}

/// The help for what is to be one of these words: the one that stands there in quotes, or else all of them.
pub(super) fn word_meant(expr: &Expr, known: &Words) -> String {
    let text = literal(expr).map(LitStr::value).unwrap_or_default();
    match text.trim() {
        word if known.has(word) => format!("remove the quotes: `{word}`"),
        word => known.did_you_mean(word),
    }
}

/// The help for a literal that is to be a text: what to write instead.
pub(super) fn in_quotes(expr: &Expr) -> String {
    if let Expr::Unary(negative) = bare(expr)
        && literal(&negative.expr).is_some()
    {
        return format!("remove the `-`: `{}`", written(&negative.expr));
    }
    let text = match any_literal(expr) {
        Some(Lit::Char(char)) => char.value().to_string(),
        Some(Lit::ByteStr(text)) => return without_prefix(&text.token().to_string()),
        Some(Lit::CStr(text)) => return without_prefix(&text.token().to_string()),
        Some(Lit::Byte(byte)) => char::from(byte.value()).to_string(),
        _ => written(bare(expr)),
    };
    format!("write it in quotes: `{text:?}`")
}

/// The help for `b".."` and `c".."`.
fn without_prefix(token: &str) -> String {
    let (prefix, text) = split_text_at(token, 1);
    format!("remove the `{prefix}`: `{text}`")
}

/// Whether an expression is a literal, or a negative one.
pub(crate) fn is_literal(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Lit(_) => true,
        Expr::Unary(unary) => {
            matches!(unary.op, UnOp::Neg(_)) && matches!(bare(&unary.expr), Expr::Lit(_))
        }
        _ => false,
    }
}
