//! What the tests of both macros need: the mistakes of an expansion, and input that is nearly right.

pub(crate) mod diagnostics_doc;
mod headers;
pub(crate) mod listed_messages;
mod scenarios_of_repository;

use std::env;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;

/// How many generated inputs a test tries: one in 50 of these, and all of them if the variable `TRY_ALL` is set.
pub(crate) fn tries(all: usize) -> usize {
    if tries_all() { all } else { all / 50 }
}

/// Whether tests try all of their inputs.
pub(crate) fn tries_all() -> bool {
    env::var_os("TRY_ALL").is_some()
}

/// A `compile_error!`: the place it points at, as offsets into the source, and its text. The macros report a mistake in no other way.
#[derive(Debug, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) place: (usize, usize),
    pub(crate) text: String,
}

/// The `compile_error!`s of an expansion, in its order.
pub(crate) fn mistakes(source: &str, expansion: &TokenStream) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    collect(source, expansion, &mut mistakes);
    mistakes
}

fn collect(source: &str, tokens: &TokenStream, mistakes: &mut Vec<Mistake>) {
    let tokens: Vec<_> = tokens.clone().into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match (token, tokens.get(index + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Group(text))) if word == "compile_error" => {
                let start = offset(source, word.span().start());
                let end = offset(source, text.span_close().end());
                let text = syn::parse2::<syn::LitStr>(text.stream()).expect("a text");
                mistakes.push(Mistake {
                    place: (start, end),
                    text: text.value(),
                });
            }
            (TokenTree::Group(group), _) => collect(source, &group.stream(), mistakes),
            _ => {}
        }
    }
}

pub(crate) fn offset(source: &str, place: proc_macro2::LineColumn) -> usize {
    let before = source.split_inclusive('\n').take(place.line - 1);
    let line = before.map(str::len).sum::<usize>();
    let chars = source[line..].chars().take(place.column);
    line + chars.map(char::len_utf8).sum::<usize>()
}

/// Takes the marks `«..»` out of a source: what is left, and the places that were marked.
pub(crate) fn unmarked(marked: &str) -> (String, Vec<(usize, usize)>) {
    let mut source = String::new();
    let mut open = Vec::new();
    let mut places = Vec::new();
    for c in marked.chars() {
        match c {
            '«' => {
                open.push(places.len());
                places.push((source.len(), 0));
            }
            '»' => places[open.pop().expect("an open mark")].1 = source.len(),
            c => source.push(c),
        }
    }
    assert!(open.is_empty(), "a mark is not closed: {marked}");
    (source, places)
}

/// Asserts that an expansion reports exactly what is expected at the marked places, in their order.
#[track_caller]
pub(crate) fn assert_mistakes(
    marked: &str,
    expand: impl Fn(TokenStream) -> TokenStream,
    expected: &[(&str, &str)],
) -> TokenStream {
    let (source, places) = unmarked(marked);
    let tokens = source.parse().expect("tokens");
    let expansion = expand(tokens);
    let found: Vec<_> = mistakes(&source, &expansion)
        .into_iter()
        .map(|mistake| {
            let (start, end) = mistake.place;
            format!("{start} «{}» {}", &source[start..end], mistake.text)
        })
        .collect();
    let texts = expected
        .iter()
        .map(|(message, help)| format!("{message}\nhelp: {help}"));
    assert_eq!(places.len(), expected.len(), "a mark a mistake: {marked}");
    let expected: Vec<_> = places
        .iter()
        .zip(texts)
        .map(|((start, end), text)| format!("{start} «{}» {text}", &source[*start..*end]))
        .collect();
    assert_eq!(found, expected, "{marked}");
    for text in found {
        let message = text.split_once("» ").map_or("", |(_, text)| text);
        assert_eq!(message.lines().count(), 2, "two lines: {message}");
        assert!(
            !message.contains("help: there are no "),
            "a help says what to write: {message}"
        );
        assert!(
            !message.starts_with(char::is_uppercase),
            "lower case: {message}"
        );
    }
    expansion
}

/// Asserts that an expansion allows no lint: a crate that forbids the lint would not compile.
#[track_caller]
pub(crate) fn assert_allows_nothing(expansion: TokenStream, source: &str) {
    let mut tokens = expansion.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // Code for editors, which follows `!`.
            TokenTree::Ident(word) if word == "editor_only" => drop(tokens.nth(1)),
            TokenTree::Ident(word) if word == "allow" => {
                let next = tokens.peek();
                let is_lint = matches!(next, Some(TokenTree::Group(_)));
                assert!(!is_lint, "{source} allows {}", next.unwrap());
            }
            TokenTree::Group(group) => assert_allows_nothing(group.stream(), source),
            _ => {}
        }
    }
}

/// Variants of a source with one to three tokens deleted, doubled, exchanged or cut off, at any depth; always the same.
pub(crate) struct Mutants {
    tokens: TokenStream,
    chance: Chance,
}

impl Mutants {
    pub(crate) fn new(source: &str, seed: u64) -> Mutants {
        Mutants {
            tokens: source.parse().expect("tokens"),
            chance: Chance(seed),
        }
    }
}

impl Iterator for Mutants {
    type Item = TokenStream;

    fn next(&mut self) -> Option<TokenStream> {
        let mut mutant = self.tokens.clone();
        for _ in 0..=self.chance.below(3) {
            mutant = self.chance.mutate(mutant);
        }
        Some(mutant)
    }
}

/// The tokens with one removed, doubled or cut off with all that follow, at any depth.
pub(crate) fn edits(tokens: &[TokenTree]) -> Vec<Edit> {
    let mut edited = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..index], &tokens[index + 1..]);
        let mut add = |middle: &[TokenTree], is_cut: bool| {
            let after = if is_cut { &[] } else { after };
            let tokens = [before, middle, after].concat().into_iter().collect();
            edited.push(Edit { tokens, is_cut });
        };
        add(&[], false);
        add(&[token.clone(), token.clone()], false);
        add(&[], true);
        if let TokenTree::Group(group) = token {
            let inside: Vec<_> = group.stream().into_iter().collect();
            for edit in edits(&inside) {
                let mut with = Group::new(group.delimiter(), edit.tokens);
                with.set_span(group.span());
                add(&[with.into()], edit.is_cut);
            }
        }
    }
    edited
}

pub(crate) struct Edit {
    pub(crate) tokens: TokenStream,
    /// Whether nothing follows but the delimiters that an editor closes.
    is_cut: bool,
}

/// Numbers by the linear congruence of Knuth's MMIX.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    fn mutate(&mut self, tokens: TokenStream) -> TokenStream {
        let mut tokens: Vec<_> = tokens.into_iter().collect();
        if tokens.is_empty() {
            return TokenStream::new();
        }
        let at = self.below(tokens.len());
        if let TokenTree::Group(group) = &tokens[at]
            && self.below(4) > 0
        {
            let mut inner = Group::new(group.delimiter(), self.mutate(group.stream()));
            inner.set_span(group.span());
            tokens[at] = inner.into();
            return tokens.into_iter().collect();
        }
        let other = self.below(tokens.len());
        match self.below(6) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[at].clone()),
            2 => tokens.swap(at, other),
            3 => tokens.truncate(at),
            4 => tokens.insert(at, tokens[other].clone()),
            _ => {
                if let TokenTree::Group(group) = &tokens[at] {
                    let delimiters = [
                        Delimiter::Parenthesis,
                        Delimiter::Brace,
                        Delimiter::Bracket,
                        Delimiter::None,
                    ];
                    let delimiter = delimiters[self.below(delimiters.len())];
                    tokens[at] = Group::new(delimiter, group.stream()).into();
                } else {
                    tokens.remove(at);
                }
            }
        }
        tokens.into_iter().collect()
    }
}

#[test]
#[should_panic(expected = "errors that are not reported: 1")]
fn an_error_that_nobody_reports_fails_the_test() {
    let diagnostics = Diagnostics::default();
    let here = proc_macro2::Span::call_site();
    diagnostics.error(Lint::InvalidEntry, here, "expected an expression", "look");
    let _ = diagnostics.to_compile_errors();
    diagnostics.error(Lint::InvalidEntry, here, "expected identifier", "look");
}
