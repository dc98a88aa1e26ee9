//! Tests of the table of words.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use proc_macro2::TokenTree;

use super::*;
use crate::mock_provider::words;

/// The words of the mocks in `docs/grammar.md`, and of the variables in their texts.
fn words_of_the_examples() -> HashSet<String> {
    fn collect(tokens: TokenStream, words: &mut HashSet<String>) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => collect(group.stream(), words),
                TokenTree::Punct(_) => {}
                text => {
                    let text = text.to_string();
                    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                    words.extend(parts.map(str::to_owned));
                }
            }
        }
    }
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let read = |page| fs::read_to_string(docs.join(page)).expect(page);
    let (grammar, diagnostics) = (read("grammar.md"), read("diagnostics.md"));
    let mut words = HashSet::new();
    // The word `secrets` needs a file that has one, which is among the examples of mistakes.
    let of_files = diagnostics.split("```rust,right,cassette\n").skip(1);
    for block in grammar.split("```rust\n").skip(1).chain(of_files) {
        let (block, _) = block.split_once("\n```").expect("the end of the block");
        for mock in block.split("mock_provider!(").skip(1) {
            let (mock, _) = mock.split_once("\n);").unwrap_or((mock, ""));
            if let Ok(tokens) = mock.parse() {
                collect(tokens, &mut words);
            }
        }
    }
    words
}

#[test]
fn every_word_is_in_an_example() {
    let used = words_of_the_examples();
    // Words of tests are in no mock.
    let passed_over = ["options", "attributes", "sweeps", "chaos"];
    let lists = words::ALL.iter();
    let lists = lists.filter(|words| !passed_over.contains(&words.module));
    let known = lists.flat_map(|words| words.own).map(|word| word.word);
    let missing: Vec<_> = known.filter(|word| !used.contains(*word)).collect();
    assert!(missing.is_empty(), "in no example: {missing:?}");
}
