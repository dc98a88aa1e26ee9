//! The documents show code that is tested, formatted and built without the macro too.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::helpers::{blocks, read, root};

/// The documents whose Rust is compiled. In the other chapters, code is shortened, or wrong on purpose.
const CHAPTERS: [&str; 12] = [
    "README.md",
    "mock-core/README.md",
    "docs/start.md",
    "docs/adapters.md",
    "docs/scenarios.md",
    "docs/asserting.md",
    "docs/time.md",
    "docs/server.md",
    "docs/suites.md",
    "docs/cassettes.md",
    "docs/recipes.md",
    "docs/grammar.md",
];

#[test]
fn every_block_of_the_documents_is_code_that_is_tested() {
    let sources: Vec<_> = [
        "tests/guide",
        "tests/adapters",
        "tests/grammar",
        "tests/harness",
        "tests",
        "tests/clients/tower/tests",
        "tests/recipes/support/src",
        "tests/recipes/tests",
        "examples/src",
        "examples",
    ]
    .iter()
    .flat_map(|folder| fs::read_dir(root().join(folder)).expect("the folder is there"))
    .map(|entry| entry.expect("the folder can be read").path())
    .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
    .map(|path| read(&path))
    .collect();
    for document in CHAPTERS {
        let markdown = read(&root().join(document));
        for block in blocks(&markdown, "rust") {
            assert!(
                sources.iter().any(|source| source.contains(&block)),
                "{document} shows code that is in no tested file:\n{block}"
            );
        }
    }
}

#[test]
fn the_profile_for_nextest_is_the_one_of_this_repository() {
    let suites = read(&root().join("docs/suites.md"));
    let profile = read(&root().join(".config/nextest.toml"));
    let shown = blocks(&suites, "toml");
    assert!(!shown.is_empty());
    for block in shown {
        assert!(profile.contains(&block), "{block}");
    }
}

/// The mocks of the documents, each as an item: what is an expression stands in a fn.
fn mocks(documents: impl Iterator<Item = &'static str>) -> Vec<String> {
    let blocks = documents.map(|document| blocks(&read(&root().join(document)), "rust"));
    let blocks: Vec<_> = blocks.flatten().collect();
    blocks.iter().flat_map(|block| mocks_of(block)).collect()
}

fn mocks_of(block: &str) -> Vec<String> {
    let mocks = block
        .match_indices("mock_provider!(")
        .filter_map(|(at, _)| {
            let line = block[..at].rfind('\n').map_or(0, |end| end + 1);
            let (before, end, after) = match block[line..at].trim_start() {
                "" => ("", "\n);", ""),
                "let mock = " => ("fn mock() {\n    let mock = ", "\n    );", "\n}"),
                _ => return None,
            };
            let (mock, _) = block[at..].split_once(end).expect("the end of the mock");
            Some(format!("{before}{mock}{end}{after}"))
        });
    mocks.collect()
}

/// rustfmt formats what is in parentheses. The documents show its result.
#[test]
fn every_mock_of_the_documents_is_as_rustfmt_writes_it() {
    let mocks = mocks(CHAPTERS.into_iter());
    for mock in &mocks {
        let mangled = mock.split_whitespace().collect::<Vec<_>>().join(" ");
        // rustfmt skips the whole mock if one entry is not an expression.
        let expected = if mock.contains("vis = ") {
            &mangled
        } else {
            mock
        };
        assert_eq!(rustfmt(&mangled).trim(), expected);
    }
    assert!(mocks.len() >= 14, "only {}", mocks.len());
}

/// Where that is: in `guide/book_without_the_macro.rs` and `guide/grammar_without_the_macro.rs`, where cases are, or where a feature is asked for.
#[test]
fn every_mock_of_the_documents_is_built_without_the_macro_too() {
    let parity = read(&root().join("tests/guide/book_without_the_macro.rs"));
    let grammar = read(&root().join("tests/guide/grammar_without_the_macro.rs"));
    let cases = read(&root().join("tests/guide/code_of_suites_cases.rs"));
    let asked = read(&root().join("tests/guide/code_of_asserting.rs"));
    let matches = read(&root().join("tests/grammar/regexes.rs"));
    // The recipes are in a workspace of their own.
    let here = CHAPTERS
        .into_iter()
        .filter(|document| *document != "docs/recipes.md");
    for mock in mocks(here) {
        let mut lines = mock.lines().map(str::trim);
        let Some(name) = lines.find(|line| line.starts_with(char::is_uppercase)) else {
            continue;
        };
        let name = name.split([' ', ',']).next().unwrap_or_default();
        let is_built = format!("{name}::new().handle()");
        let built = [&parity, &grammar, &cases, &asked, &matches];
        assert!(
            built.iter().any(|tests| tests.contains(&is_built)),
            "{name}"
        );
    }
}

fn rustfmt(source: &str) -> String {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("rustfmt, which is part of the toolchain");
    let mut stdin = rustfmt.stdin.take().expect("a pipe");
    stdin.write_all(source.as_bytes()).expect("rustfmt reads");
    drop(stdin);
    let output = rustfmt.wait_with_output().expect("rustfmt writes");
    assert!(output.status.success(), "rustfmt: {source}");
    String::from_utf8(output.stdout).expect("a text")
}
