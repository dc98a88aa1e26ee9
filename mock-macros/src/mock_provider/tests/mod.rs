//! Tests of `mock_provider!`, and their helpers.

mod answers;
mod arguments_of_calls;
#[cfg(feature = "cassette")]
mod bad_cassettes;
mod brackets;
mod completion;
mod corpus;
mod empty_names;
mod entries;
mod expectations;
mod foreign_notation;
mod help_ends_the_mistake;
mod keys;
mod lanes;
mod matchers;
mod modifiers;
mod one_edit;
mod one_error_per_mistake;
mod one_mistake;
mod other_languages;
mod parity_of_texts;
mod precise_errors;
#[cfg(feature = "regex")]
mod regex;
mod rules;
#[cfg(feature = "cassette")]
mod secrets_in_cassettes;
mod suggestions;
mod table_of_words;
mod times;
mod tool_names;
mod tools;
mod turn_names;
mod turns;
mod typed_help;
mod typed_tools;
mod unexpected_tokens;
mod unknown_words;
mod words_in_quotes;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::tests::{Mistake, Mutants, assert_mistakes, mistakes, unmarked};

fn expand(input: TokenStream) -> TokenStream {
    super::expand(input, &Diagnostics::default())
}

/// The mistakes of a mock. To write the expansion too takes twice as long.
fn mistakes_of(source: &str, input: TokenStream) -> Vec<Mistake> {
    let diagnostics = Diagnostics::default();
    let input = super::split_into_entries::name_first(input, &diagnostics);
    super::read(input, &diagnostics);
    mistakes(source, &diagnostics.to_compile_errors())
}

/// Asserts the mistakes of a mock, each at its mark, and that what is left of it can still be used.
#[track_caller]
fn wrong(marked: &str, expected: &[(&str, &str)]) {
    let expansion = assert_mistakes(marked, expand, expected);
    assert_parses(&expansion, marked);
    typed_help::assert_accepted(&unmarked(marked).0);
}

/// Asserts that there is no mistake.
#[track_caller]
fn right(source: &str) {
    let expansion = assert_mistakes(source, expand, &[]);
    assert_parses(&expansion, source);
}

/// Asserts the mistakes of a declared mock, whose struct and `new` are there all the same.
#[track_caller]
fn wrong_items(marked: &str, expected: &[(&str, &str)]) {
    let expansion = assert_mistakes(marked, expand, expected);
    assert_declares(&expansion, marked);
    typed_help::assert_accepted(&unmarked(marked).0);
}

#[track_caller]
fn assert_declares(expansion: &TokenStream, source: &str) {
    let file: syn::File = syn::parse2(expansion.clone()).expect(source);
    let structs = file
        .items
        .iter()
        .filter(|item| matches!(item, syn::Item::Struct(_)));
    assert_eq!(structs.count(), 1, "the struct of {source}");
    let text = expansion.to_string();
    assert!(text.contains("fn new ()"), "`new` of {source}");
}

/// An expression is in braces, or begins with the path of `MockProvider`.
#[track_caller]
fn assert_parses(expansion: &TokenStream, source: &str) {
    let text = || format!("the expansion of `{source}` does not parse: {expansion}");
    let error = match syn::parse2::<syn::Block>(expansion.clone()) {
        Ok(_) => None,
        Err(_) => syn::parse2::<syn::File>(expansion.clone()).err(),
    };
    assert!(error.is_none(), "{}", text());
}

const ENTRY: &str = "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`";
const BRACES: &str = "write `{{` and `}}` for braces, or `verbatim(..)` for the whole text";

/// The help for a word that is none of these.
fn all_of(what: &str, words: &crate::words::Words) -> String {
    let quoted: Vec<_> = words
        .names()
        .iter()
        .map(|word| format!("`{word}`"))
        .collect();
    format!("{what}: {}", quoted.join(", "))
}

fn keys() -> String {
    all_of("keys", &crate::words::KEYS)
}

fn beginnings() -> String {
    all_of("a turn begins with", &crate::words::BEGINNINGS)
}

fn known_matchers() -> String {
    all_of("matchers", &crate::words::MATCHERS)
}
