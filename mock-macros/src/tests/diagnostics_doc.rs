//! The index of lints against the lints.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{mistakes, offset};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::{mock_provider, provider_test};

/// What `docs/diagnostics.md` says of a lint.
struct Entry {
    id: String,
    /// As they are printed, without their help, one a line.
    messages: String,
    /// How many wrong examples it has, with those that other features expand.
    all: usize,
    wrong: Vec<String>,
    right: Vec<String>,
}

/// The entries, in their order, but for those that the features leave no lint for.
fn entries() -> Vec<Entry> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics.md");
    let index = std::fs::read_to_string(path).expect("the index");
    let entries = index.split("\n### ").skip(1).filter_map(|entry| {
        let (id, rest) = entry.split_once('\n').expect("an id");
        let is_absent = |feature: &String| {
            let wrong = rest.split("```rust,wrong").nth(1);
            wrong.is_some_and(|wrong| wrong.starts_with(&format!(",{feature}\n")))
        };
        if absent().iter().any(is_absent) {
            return None;
        }
        Some(Entry {
            id: id.to_owned(),
            messages: blocks(rest, "```text").concat(),
            all: rest.split("```rust,wrong").count() - 1,
            wrong: blocks(rest, "```rust,wrong"),
            right: blocks(rest, "```rust,right"),
        })
    });
    entries.collect()
}

/// The blocks that these features can expand.
fn blocks(entry: &str, fence: &str) -> Vec<String> {
    let blocks = entry.split(fence).skip(1);
    let blocks = blocks.filter_map(|block| {
        let (marks, code) = block.split_once('\n').expect("the end of the fence");
        let is_absent = absent().contains(&marks.trim_start_matches(',').to_owned());
        let code = code.split("\n```").next().expect("a block");
        (!is_absent).then(|| code.to_owned())
    });
    blocks.collect()
}

/// The marks of examples that these features cannot expand.
fn absent() -> [String; 3] {
    let absent = |feature: &str, is_there: bool| match is_there {
        true => format!("no-{feature}"),
        false => feature.to_owned(),
    };
    [
        absent("regex", cfg!(feature = "regex")),
        absent("cassette", cfg!(feature = "cassette")),
        absent("sweep", cfg!(feature = "sweep")),
    ]
}

/// The macros of an example, expanded: what each says, and becomes.
fn expand(code: &str, diagnostics: &Diagnostics) -> Vec<TokenStream> {
    let tokens: TokenStream = code.parse().expect(code);
    let tokens: Vec<_> = tokens.into_iter().collect();
    let mut expansions = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match (token, tokens.get(index + 2)) {
            (TokenTree::Ident(word), Some(TokenTree::Group(body))) if word == "mock_provider" => {
                expansions.push(mock_provider::expand(body.stream(), diagnostics));
            }
            (TokenTree::Group(attribute), _) => {
                if let Some(options) = options(attribute.stream()) {
                    let item = item(&tokens[index + 1..]);
                    expansions.push(provider_test::expand(options, item, diagnostics));
                }
            }
            _ => {}
        }
    }
    assert!(!expansions.is_empty(), "no macro in {code}");
    expansions
}

/// What is between the parentheses of each `mock_provider!` that the index shows as wrong.
pub(crate) fn wrong_mocks() -> Vec<String> {
    let examples = entries().into_iter().flat_map(|entry| entry.wrong);
    examples.flat_map(|code| mocks_in(&code)).collect()
}

/// What is between the parentheses of each `mock_provider!` in the files that the compiler is tested with.
pub(crate) fn mocks_of_compiler_tests() -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/compile_errors")];
    let mut mocks = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let code = fs::read_to_string(path).expect("a file");
                mocks.append(&mut mocks_in(&code));
            }
        }
    }
    mocks.sort();
    mocks
}

fn mocks_in(code: &str) -> Vec<String> {
    let tokens = code.parse().expect("tokens");
    let mut mocks = Vec::new();
    add_mocks(code, tokens, &mut mocks);
    mocks
}

fn add_mocks(code: &str, tokens: TokenStream, mocks: &mut Vec<String>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            continue;
        };
        let is_mock = index
            .checked_sub(2)
            .is_some_and(|word| tokens[word].to_string() == "mock_provider");
        match is_mock {
            true => {
                let start = offset(code, group.span_open().end());
                let end = offset(code, group.span_close().start());
                mocks.push(code[start..end].to_owned());
            }
            false => add_mocks(code, group.stream(), mocks),
        }
    }
}

/// The options of `#[provider_test]`.
fn options(attribute: TokenStream) -> Option<TokenStream> {
    let mut tokens = attribute.into_iter();
    let is_ours = tokens.next()?.to_string() == "provider_test";
    is_ours.then(|| match tokens.next() {
        Some(TokenTree::Group(options)) => options.stream(),
        _ => TokenStream::new(),
    })
}

/// Up to the body, or the semicolon.
fn item(tokens: &[TokenTree]) -> TokenStream {
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    };
    let end = tokens.iter().position(is_end).expect("an item");
    tokens[..=end].iter().cloned().collect()
}

#[test]
fn every_rule_has_an_entry_and_every_entry_a_rule() {
    let ids: Vec<_> = entries().into_iter().map(|entry| entry.id).collect();
    let lints: Vec<_> = Lint::ALL.iter().map(|lint| lint.id()).collect();
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>().len(),
        ids.len(),
        "twice"
    );
    let missing: Vec<_> = lints
        .iter()
        .filter(|id| !ids.iter().any(|known| known == *id))
        .collect();
    assert!(missing.is_empty(), "no entry: {missing:?}");
    let unknown: Vec<_> = ids
        .iter()
        .filter(|id| !lints.contains(&id.as_str()))
        .collect();
    assert!(unknown.is_empty(), "no lint: {unknown:?}");
    assert_eq!(ids, lints, "the order of the lints is that of the index");
}

#[test]
fn a_rejected_example_breaks_only_its_rule_with_the_listed_message() {
    for entry in entries() {
        assert!(!entry.wrong.is_empty(), "{}", entry.id);
        let mut messages: Vec<String> = Vec::new();
        for code in &entry.wrong {
            let diagnostics = Diagnostics::default();
            for expansion in expand(code, &diagnostics) {
                let found = mistakes(code, &expansion);
                assert!(
                    !found.is_empty(),
                    "{}: no mistake in one of {code}",
                    entry.id
                );
                for mistake in found {
                    let message = mistake.text.lines().next().expect("a message").to_owned();
                    if !messages.contains(&message) {
                        messages.push(message);
                    }
                }
            }
            let lints: Vec<_> = diagnostics.lints().iter().map(|lint| lint.id()).collect();
            assert_eq!(lints, [&entry.id], "{code}");
        }
        if entry.wrong.len() == entry.all {
            assert_eq!(entry.messages, messages.join("\n"), "{}", entry.id);
        }
        for message in messages {
            let mut messages = entry.messages.lines();
            assert!(
                messages.any(|messages| messages == message),
                "{}: {message}",
                entry.id
            );
        }
    }
}

#[test]
fn an_accepted_example_breaks_no_rule() {
    for entry in entries() {
        assert!(!entry.right.is_empty(), "{}", entry.id);
        for code in &entry.right {
            let diagnostics = Diagnostics::default();
            for expansion in expand(code, &diagnostics) {
                assert_eq!(mistakes(code, &expansion), [], "{}", entry.id);
                let parsed = syn::parse2::<syn::Expr>(expansion.clone()).is_ok()
                    || syn::parse2::<syn::File>(expansion).is_ok();
                assert!(parsed, "the expansion of {code} does not parse");
            }
            assert!(diagnostics.lints().is_empty(), "{}", entry.id);
        }
    }
}
