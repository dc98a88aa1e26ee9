//! Tests of the table of words.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use proc_macro2::TokenTree;

use super::*;
use crate::mock_provider::words;

#[test]
fn a_word_that_no_one_knows() {
    wrong_items(
        "Weather = «opnai»(\"gpt-4o\"), «lateny» = 80ms..120ms, «sript» = [reply(\"x\")], «voice» = 5",
        &[
            ("`opnai` is not a profile", "did you mean `openai`?"),
            ("unknown key `lateny`", "did you mean `latency`?"),
            ("unknown key `sript`", "did you mean `script`?"),
            ("unknown key `voice`", &keys()),
        ],
    );
    wrong(
        "on(«usr»(\"x\")).«repply»(\"x\"), «repl»(\"x\"), «jump»(), «openai»(\"x\")",
        &[
            ("unknown matcher `usr`", "did you mean `user`?"),
            (
                "unknown action or modifier `repply`",
                "did you mean `reply`?",
            ),
            ("no turn begins with `repl`", "did you mean `reply`?"),
            ("no turn begins with `jump`", &beginnings()),
            (
                "no turn begins with `openai`",
                "the profile comes first: `openai(..)`, or `Name = openai(..)`",
            ),
        ],
    );
    wrong_items(
        "Weather, tools = [t { a: «strng», b: «String», c: «bool», d: «Vec»(string), e: «f64», f: «Option»(string), g: «Value» }]",
        &[
            ("unknown type `strng`", "did you mean `string`?"),
            ("unknown type `String`", "write `string`"),
            ("unknown type `bool`", "write `boolean`"),
            ("unknown type `Vec`", "write `list(..)`"),
            ("unknown type `f64`", "write `number`"),
            ("unknown type `Option`", "write `optional(..)`"),
            ("unknown type `Value`", "write `json`"),
        ],
    );
    wrong(
        "fail(«rate_limt»), fail(«a::b»), fail(rate_limit { «retryafter»: 2s, «reason»: \"x\" })",
        &[
            (
                "unknown kind of failure `rate_limt`",
                "did you mean `rate_limit`?",
            ),
            (
                "expected a kind of failure",
                "kinds: `timeout`, `rate_limit`, `auth`, `connection`, `invalid_response`, `generic`, `overloaded`, `server_error`, `bad_request`, `context_length`, `content_filter`, `permission`, `not_found`, `quota`",
            ),
            (
                "a failure has no field `retryafter`",
                "did you mean `retry_after`?",
            ),
            (
                "a failure has no field `reason`",
                "fields: `message`, `retry_after`, `status`, `code`, `headers`, `body`",
            ),
        ],
    );
}

#[test]
fn a_key_that_other_libraries_have() {
    wrong(
        "«delay» = 20ms",
        &[(
            "unknown key `delay`",
            "write `latency = 120ms` for the time before an answer, or `.every(20ms)` after a stream for the time between its chunks",
        )],
    );
}

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
fn every_word_stands_in_an_example() {
    let used = words_of_the_examples();
    // Words of tests are in no mock.
    let passed_over = ["options", "attributes", "sweeps", "chaos"];
    let lists = words::ALL.iter();
    let lists = lists.filter(|words| !passed_over.contains(&words.module));
    let known = lists.flat_map(|words| words.own).map(|word| word.word);
    let missing: Vec<_> = known.filter(|word| !used.contains(*word)).collect();
    assert!(missing.is_empty(), "in no example: {missing:?}");
}
