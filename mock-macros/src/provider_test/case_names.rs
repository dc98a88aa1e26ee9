//! The names of the tests that cases make.

use quote::ToTokens;
use syn::{Expr, Ident, Lit, UnOp};

use crate::diagnostics::written;
use crate::syntax::{any_literal, bare, beginning, insert_at};

/// How long the part of a name that a value makes may be, in characters.
const LONGEST: usize = 40;

/// The names of values for an argument, in their order: the argument's name and the value, as far as it is letters, digits and `_`.
/// A name that is there already gets a number.
pub(super) fn names_of_values(argument: &str, values: &[Expr]) -> Vec<String> {
    let mut parts = Vec::new();
    for value in values {
        parts.push(words_of_value(value));
    }
    unique(argument, &parts)
}

/// The same of declared mocks.
pub(super) fn names_of_mocks<T: ToTokens>(argument: &str, mocks: &[T]) -> Vec<String> {
    let mut parts = Vec::new();
    for mock in mocks {
        let last = mock.to_token_stream().into_iter().last();
        let last = last.map(|word| word.to_string());
        parts.push(words(&last.unwrap_or_default()));
    }
    unique(argument, &parts)
}

fn unique(argument: &str, parts: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    // Sorted, for a binary search: there may be many names.
    let mut seen: Vec<String> = Vec::new();
    for part in parts {
        let plain = name(argument, part);
        let mut unique = plain.clone();
        let mut number = 2_usize;
        let at = loop {
            match seen.binary_search(&unique) {
                Ok(_) => unique = format!("{plain}_{number}"),
                Err(at) => break at,
            }
            number = number.saturating_add(1);
        };
        insert_at(&mut seen, at, unique.clone());
        names.push(unique);
    }
    names
}

/// `argument_part`, or the part alone for an argument without a name.
fn name(argument: &str, part: &str) -> String {
    let argument = words(argument.trim_start_matches("r#"));
    let whole = match (argument.trim_matches('_'), part) {
        ("", part) => part.to_owned(),
        (argument, "") => argument.to_owned(),
        (argument, part) => format!("{argument}_{part}"),
    };
    match syn::parse_str::<Ident>(&whole) {
        Ok(_) => whole,
        // A number or a keyword is not an identifier.
        Err(_) => format!("value_{whole}"),
    }
}

/// A name for a case with these values, in lower case.
pub(super) fn suggested(values: &[Expr]) -> Option<String> {
    let first = words_of_value(values.first()?).to_lowercase();
    syn::parse_str::<Ident>(&first).is_ok().then_some(first)
}

fn words_of_value(value: &Expr) -> String {
    match (bare(value), any_literal(value)) {
        (_, Some(Lit::Str(text))) if text.value().is_empty() => "empty".to_owned(),
        (_, Some(Lit::Str(text))) => words(&text.value()),
        (_, Some(Lit::Char(char))) => words(&char.value().to_string()),
        (Expr::Unary(negative), _) if matches!(negative.op, UnOp::Neg(_)) => {
            format!("minus_{}", words_of_value(&negative.expr))
        }
        (other, _) => words(&written(other)),
    }
}

/// The letters, digits and underscores of a text, with one `_` for all else between them.
fn words(text: &str) -> String {
    let mut words = String::new();
    for c in text.chars() {
        if is_of_an_identifier(c) {
            words.push(c);
        } else if !words.ends_with('_') && !words.is_empty() {
            words.push('_');
        }
    }
    beginning(&words, LONGEST).trim_end_matches('_').to_owned()
}

fn is_of_an_identifier(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || c == '_',
        false => c.is_alphanumeric() && syn::parse_str::<Ident>(&format!("a{c}")).is_ok(),
    }
}
