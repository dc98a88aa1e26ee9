//! The table of words agrees with the builder's docs and `docs/grammar.md`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use quote::ToTokens as _;
use syn::{Attribute, Expr, ImplItem, Item, Lit, Meta};

use super::*;

#[test]
fn the_call_of_a_word_is_cut_out_of_its_example() {
    let call = |words: &Words, word| words.find(word).map(Word::call);
    assert_eq!(call(&STEPS, "ttft"), Some("ttft(300ms)"));
    assert_eq!(call(&STEPS, "stream"), Some("stream([\"Hel\", \"lo\"])"));
    assert_eq!(call(&STEPS, "usage"), Some("usage(11, 7)"));
    assert_eq!(call(&USAGES, "usage"), Some("usage(11, 7)"));
    assert_eq!(call(&OTHERWISE, "cycle"), Some("cycle"));
}

#[test]
fn the_variant_of_a_word_is_in_camel_case() {
    let variant = |words: &Words, word| words.find(word).map(Word::variant);
    assert_eq!(variant(&KINDS, "rate_limit").as_deref(), Some("RateLimit"));
    assert_eq!(variant(&PROFILES, "plain").as_deref(), Some("Plain"));
}

#[test]
fn no_word_is_twice_in_a_list_and_each_example_has_its_word() {
    for words in ALL {
        let mut names: Vec<_> = words.own.iter().map(|word| word.word).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count, "in {}", words.module);
        for word in words.own {
            assert!(word.example.contains(word.word), "{}", word.example);
            assert!(word.says.ends_with('.'), "{}", word.says);
            let variant = word.variant();
            assert!(syn::parse_str::<Ident>(&variant).is_ok(), "{variant}");
            let tokens = word.example.parse::<proc_macro2::TokenStream>();
            assert!(tokens.is_ok(), "{}", word.example);
        }
    }
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The functions of these files of the builder, and the methods of `Turn` in them, with their docs.
fn documented(files: &[&str]) -> HashMap<String, String> {
    let files = files
        .iter()
        .map(|file| read(&format!("mock-core/src/builder/{file}")));
    let items = files.flat_map(|file| syn::parse_file(&file).expect("items").items);
    let mut documented = HashMap::new();
    for item in items {
        match item {
            Item::Fn(function) => {
                let name = function.sig.ident.to_string();
                documented.entry(name).or_insert(docs(&function.attrs));
            }
            Item::Impl(block) if block.self_ty.to_token_stream().to_string() == "Turn" => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item {
                        documented.insert(method.sig.ident.to_string(), docs(&method.attrs));
                    }
                }
            }
            _ => {}
        }
    }
    documented
}

fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
                Expr::Lit(literal) => match &literal.lit {
                    Lit::Str(line) => Some(line.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
    lines.collect::<String>().trim().to_owned()
}

/// What a word means, without its details.
fn gist(word: &Word) -> &str {
    let says = word.says.trim();
    let end = [". ", "; ", ": "]
        .iter()
        .filter_map(|end| says.find(end))
        .min();
    says.get(..end.unwrap_or(says.len() - 1)).unwrap_or(says)
}

#[test]
fn the_builder_documents_a_word_as_the_table_does() {
    for (files, words) in [
        (&["turn.rs", "embeddings.rs", "replay.rs"][..], &ACTIONS),
        (&["modifiers.rs"], &MODIFIERS),
        (&["matchers.rs"], &MATCHERS),
    ] {
        let documented = documented(files);
        for word in words.own {
            let docs = documented.get(word.word);
            let docs = docs.unwrap_or_else(|| panic!("the builder has no `{}`", word.word));
            let gist = gist(word);
            assert!(
                docs.starts_with(gist),
                "`{}` is not \"{gist}\": {docs}",
                word.word
            );
        }
    }
    let failures = read("mock-core/src/builder/failures.rs");
    for kind in KINDS.own {
        let name = format!(" {} => {},", kind.word, kind.variant());
        assert!(
            failures.contains(&name),
            "the builder has no `{}`",
            kind.word
        );
    }
}

#[test]
fn the_docs_list_every_word() {
    let grammar = read("docs/grammar.md");
    let rows = || grammar.lines().filter(|line| line.starts_with("| `"));
    for words in ALL {
        for word in words.own.iter().map(|word| word.word) {
            let is_listed = match words.module {
                "options" => continue,
                "attributes" => rows().any(|row| row.starts_with(&format!("| `#[{word}"))),
                "keys" => rows().any(|row| row.starts_with(&format!("| `{word}` |"))),
                "matchers" | "actions" => rows().any(|row| row.contains(&format!("`{word}("))),
                "modifiers" => rows().any(|row| row.contains(&format!("`.{word}("))),
                _ => grammar.contains(word),
            };
            assert!(
                is_listed,
                "`{word}` of {} is not in docs/grammar.md",
                words.module
            );
        }
    }
}

/// Each key and each option has a row in the docs of its macro, and there are no others. The row of the profile names each profile.
#[test]
fn the_docs_of_the_macros_have_a_row_for_each_key_and_option() {
    let source = read("mock-macros/src/lib.rs");
    let (keys, options) = source.split_once("/// # Options").expect("both macros");
    for (docs, words) in [(keys, &KEYS), (options, &OPTIONS)] {
        let rows = docs.lines().filter_map(|line| line.strip_prefix("/// | `"));
        let of_row = |row: &str| row.split([' ', '`']).next().map(str::to_owned);
        let mut found: Vec<_> = rows.filter_map(of_row).collect();
        found.sort_unstable();
        let mut known = words.names();
        known.sort_unstable();
        assert_eq!(found, known, "the rows of the {}", words.module);
    }
    let profile = keys.lines().find(|line| line.contains("*(profile)*"));
    let profile = profile.expect("a row");
    for word in PROFILES.names() {
        let is_there = profile.contains(&format!("`{word}`"));
        assert!(is_there, "`{word}` is not in the row of the profile");
    }
}
