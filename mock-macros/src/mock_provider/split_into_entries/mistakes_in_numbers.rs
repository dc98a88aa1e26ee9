//! Mistakes in numbers, times and ranges that Rust does not read: `.5s`, `1.5.2s`, `10%`, `1..=`.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};

use super::super::words::{self, SyntaxKind};
use super::enclosing_group::{Enclosing, is_next};
use crate::diagnostics::{Diagnostics, Mistake};
use crate::duration;
use crate::lint::Lint;
use crate::syntax::{after_leading, begins_with_digit, consists_of, is_punct, split_at, stream};

/// Reports the first mistake in the numbers of `option = value, ..`, or of values with commas between them, if there is one.
pub(crate) fn report_number_mistake(tokens: TokenStream, diagnostics: &Diagnostics) -> bool {
    let mistake = first(&Vec::from_iter(tokens), None);
    let is_there = mistake.is_some();
    if let Some(mistake) = mistake {
        mistake.report(diagnostics);
    }
    is_there
}

fn first<'t>(tokens: &'t [TokenTree], mut word: Option<&'t Ident>) -> Option<Mistake> {
    for (index, token) in tokens.iter().enumerate() {
        if let (TokenTree::Ident(option), Some(equals)) =
            (token, tokens.get(index.saturating_add(1)))
            && is_punct(equals, '=')
        {
            word = Some(option);
        }
        let enclosing = Enclosing {
            word,
            ..Enclosing::default()
        };
        let mistake = match token {
            TokenTree::Group(group) => first(&Vec::from_iter(group.stream()), word),
            _ => mistake(tokens, index, enclosing),
        };
        if mistake.is_some() {
            return mistake;
        }
    }
    None
}

/// The mistake that begins at a token, if there is one.
pub(super) fn mistake(
    tokens: &[TokenTree],
    index: usize,
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let (before, from) = split_at(tokens, index);
    let begins = match before.last() {
        None => true,
        Some(TokenTree::Punct(punct)) => punct.as_char() != '.',
        Some(_) => false,
    };
    let first_is = |punct| is_next(from.first(), punct);
    match from {
        [TokenTree::Punct(_), TokenTree::Literal(number), ..]
            if begins && first_is('.') && is_number(number) =>
        {
            let at = stream(split_at(from, 2).0);
            let message = "a number begins with a digit";
            let help = format!("write `0.{number}`");
            Some(Mistake::new(Lint::InvalidNumber, &at, message, help))
        }
        [TokenTree::Punct(_), TokenTree::Literal(number), ..]
            if begins && first_is('+') && is_number(number) =>
        {
            let at = stream(split_at(from, 1).0);
            let message = "a number has no `+`";
            let help = "remove the `+`";
            Some(Mistake::new(Lint::InvalidNumber, &at, message, help))
        }
        [TokenTree::Literal(number), second, rest @ ..] if is_number(number) => {
            behind_a_number(number, second, rest, from)
        }
        [TokenTree::Punct(_), second, third, rest @ ..]
            if first_is('.') && is_punct(second, '.') =>
        {
            range(before, third, rest, from, enclosing)
        }
        _ => None,
    }
}

/// Tokens directly after a number: a second point, a per cent sign, another number.
fn behind_a_number(
    number: &Literal,
    second: &TokenTree,
    rest: &[TokenTree],
    from: &[TokenTree],
) -> Option<Mistake> {
    let digits = number.to_string();
    let at = |length| stream(split_at(from, length).0);
    match (second, rest.first()) {
        (TokenTree::Punct(_), Some(TokenTree::Literal(decimals)))
            if is_punct(second, '.') && digits.contains('.') && is_number(decimals) =>
        {
            let unit = decimals.to_string();
            let unit = after_leading(&unit, |c| c.is_ascii_digit());
            let message = format!("`{digits}.{decimals}` has two points");
            let help = format!("write one, as in `{digits}{unit}`");
            Some(Mistake::new(Lint::InvalidNumber, &at(3), message, help))
        }
        (TokenTree::Punct(_), None) if is_punct(second, '%') => {
            let fraction = digits.parse::<f64>().ok()? / 100.0;
            // Round the inexact quotient: it has two decimals more than the number.
            let decimals = digits
                .split_once('.')
                .map_or(0, |(_, decimals)| decimals.len());
            let rounded = format!("{fraction:.*}", decimals.saturating_add(2));
            let fraction: f64 = rounded.parse().ok()?;
            let message = format!("`{digits}%` is not a number");
            let help = format!("write `{fraction:?}`");
            Some(Mistake::new(Lint::InvalidNumber, &at(2), message, help))
        }
        (TokenTree::Literal(decimals), _) if digits.ends_with('.') && is_number(decimals) => {
            let message = format!("`{digits}` has no decimals");
            let help = format!("write `{digits}{decimals}`, without the space");
            Some(Mistake::new(Lint::InvalidNumber, &at(2), message, help))
        }
        (TokenTree::Literal(other), _) => {
            let time = duration::sum(&digits, &other.to_string())?;
            let message = "expected one time";
            let help = format!("write `{time}`");
            Some(Mistake::new(Lint::InvalidTime, &at(2), message, help))
        }
        _ => None,
    }
}

/// A range with three points, or one whose end is missing behind `..=`.
fn range(
    before: &[TokenTree],
    third: &TokenTree,
    rest: &[TokenTree],
    from: &[TokenTree],
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let at = stream(split_at(from, 3).0);
    let is_between = matches!(before.last(), Some(TokenTree::Literal(_)))
        && matches!(rest.first(), Some(TokenTree::Literal(_)));
    if is_punct(third, '.') && is_between {
        let message = "a range has no third `.`";
        let help = "write `..=`";
        return Some(Mistake::new(Lint::InvalidRange, &at, message, help));
    }
    if !is_punct(third, '=') || !rest.first().is_none_or(|next| is_punct(next, ',')) {
        return None;
    }
    let word = enclosing.word?.to_string();
    let known = words::STEPS.find(&word);
    let known = known.or_else(|| words::EXPECTATIONS.find(&word));
    let has_no_end =
        known.is_some_and(|known| matches!(known.takes, SyntaxKind::Count | SyntaxKind::Bounds));
    let given = match before.last() {
        Some(TokenTree::Literal(start)) => {
            let start = start.to_string();
            twice(&start).map(|end| (start, end))
        }
        _ => None,
    };
    let (start, end) = given.unwrap_or_else(|| {
        let example = if word == "latency" {
            ("80ms", "160ms")
        } else {
            ("1", "2")
        };
        (example.0.to_owned(), example.1.to_owned())
    });
    let closed = format!("{start}..={end}");
    let help = match &*word {
        _ if has_no_end => format!("write `{start}..` for no end, or an end, as in `{closed}`"),
        "latency" | "random" | "seeds" => format!("write the end, as in `{closed}`"),
        _ => return None,
    };
    let message = "the range has no end";
    Some(Mistake::new(Lint::InvalidRange, &at, message, help))
}

/// A decimal number or a time that is twice as large, and not zero.
fn twice(number: &str) -> Option<String> {
    let unit = after_leading(number, |c| c.is_ascii_digit() || matches!(c, '_' | '.'));
    if !consists_of(unit, char::is_alphabetic) {
        return None;
    }
    let digits = number.strip_suffix(unit)?.replace('_', "");
    match digits.parse::<u64>() {
        Ok(number) => Some(format!("{}{unit}", number.max(1).checked_mul(2)?)),
        Err(_) => Some(format!(
            "{}{unit}",
            digits.parse::<f64>().ok()?.ceil() * 2.0
        )),
    }
}

fn is_number(literal: &Literal) -> bool {
    begins_with_digit(&literal.to_string())
}
