//! The code of the README and the book, as tests; and that they show just this code.

#[path = "guide/adapters.rs"]
mod adapters;
#[path = "guide/asked.rs"]
mod asked;
#[path = "guide/cases.rs"]
mod cases;
#[path = "guide/embeddings.rs"]
mod embeddings;
#[path = "guide/failures_table.rs"]
mod failures_table;
#[path = "guide/features.rs"]
mod features;
#[path = "guide/first.rs"]
mod first;
#[path = "guide/gates_and_drivers.rs"]
mod gates_and_drivers;
#[path = "guide/grammar.rs"]
mod grammar;
#[path = "guide/grammar_parity.rs"]
mod grammar_parity;
#[path = "guide/images.rs"]
mod images;
#[path = "guide/lanes.rs"]
mod lanes;
#[path = "guide/links.rs"]
mod links;
#[path = "guide/llms.rs"]
mod llms;
#[path = "guide/parity.rs"]
mod parity;
#[path = "guide/recorded.rs"]
mod recorded;
#[path = "guide/refusals_table.rs"]
mod refusals_table;
#[path = "guide/scenarios.rs"]
mod scenarios;
#[path = "guide/seeds.rs"]
mod seeds;
#[path = "guide/served.rs"]
mod served;
#[path = "guide/sources.rs"]
mod sources;
#[path = "guide/surface.rs"]
mod surface;
#[path = "guide/sweep.rs"]
mod sweep;
#[path = "guide/symptoms.rs"]
mod symptoms;
#[path = "guide/testkit.rs"]
mod testkit;
#[path = "guide/weather.rs"]
mod weather;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use mock_core::{Request, mock_provider};

/// The text of every fenced block of this language, without the indent of the list that it is in.
fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let mut blocks = Vec::new();
    for (at, _) in markdown.match_indices(&fence) {
        let line = markdown[..at].rfind('\n').map_or(0, |end| end + 1);
        let list = format!("\n{}", &markdown[line..at]);
        let rest = &markdown[at + fence.len()..];
        if let Some((block, _)) = rest.split_once("```") {
            blocks.push(block.replace(&list, "\n").trim().to_owned());
        }
    }
    blocks
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

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
        "tests/gallery",
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
        // One entry that is not an expression keeps rustfmt from all of it.
        let expected = if mock.contains("vis = ") {
            &mangled
        } else {
            mock
        };
        assert_eq!(rustfmt(&mangled).trim(), expected);
    }
    assert!(mocks.len() >= 14, "only {}", mocks.len());
}

/// Where that is: in `guide/parity.rs` and `guide/grammar_parity.rs`, where cases are, or where a feature is asked for.
#[test]
fn every_mock_of_the_documents_is_built_without_the_macro_too() {
    let parity = read(&root().join("tests/guide/parity.rs"));
    let grammar = read(&root().join("tests/guide/grammar_parity.rs"));
    let cases = read(&root().join("tests/guide/cases.rs"));
    let asked = read(&root().join("tests/guide/asked.rs"));
    let matches = read(&root().join("tests/grammar/regex.rs"));
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

#[test]
fn every_rule_of_the_semantics_has_a_test() {
    let semantics = read(&root().join("docs/semantics.md"));
    let mut tests = String::new();
    let folders = [
        "mock-core/src/record/tests",
        "tests/harness",
        "tests/recorder",
        "tests/semantics",
        "tests/server",
    ];
    for folder in folders {
        for entry in fs::read_dir(root().join(folder)).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                tests += &read(&path);
            }
        }
    }
    let numbers: BTreeSet<u32> = semantics
        .split("\n### S")
        .skip(1)
        .map(|rule| rule.split(',').next().expect("a first part"))
        .map(|number| number.parse().expect("the number of a rule"))
        .collect();
    assert!(numbers.len() >= 32, "{numbers:?}");
    for number in numbers {
        let test = tests.contains(&format!("fn s{number:02}_"));
        assert!(test, "S{number} has no test");
    }
}

#[tokio::test]
async fn the_book_shows_what_a_red_test_prints() {
    let mock = mock_provider!(on(user("Welcome {name}.")).reply("Hi, {name}!"));
    let request = Request::new("gpt-4o").user("Greet Ada.");
    mock.answer(request)
        .await
        .expect_err("the request is not scripted");
    let report = mock.verify().expect_err("the request is not scripted");

    let start = read(&root().join("docs/start.md"));
    let shown = blocks(&start, "text").concat();

    let here = report.to_string();
    let line = here
        .split("guide.rs:")
        .nth(1)
        .expect("the report names this file");
    let line: String = line.chars().take_while(char::is_ascii_digit).collect();
    let file = here
        .split(" (")
        .nth(1)
        .and_then(|rest| rest.split(&line).next());
    let place = format!("{}{line}", file.expect("the report names this file"));
    let expected = here
        .replace("mock `mock`", "mock `llm`")
        .replace(&place, "tests/first.rs:54");
    assert!(
        shown.contains(&expected),
        "{expected}\n\nis not in\n\n{shown}"
    );
    std::mem::forget(mock);
}

#[test]
fn the_lines_of_the_adapters_are_those_that_the_documents_tell() {
    let adapters = read(&root().join("docs/adapters.md"));
    let rows: Vec<_> = adapters
        .lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once("](../tests/gallery/")?;
            let (file, rest) = rest.split_once(") | ")?;
            let (lines, _) = rest.split_once(" |")?;
            Some((file, lines.parse::<usize>().ok()?))
        })
        .collect();
    assert_eq!(rows.len(), 13, "{rows:?}");
    for (file, told) in rows {
        let source = read(&root().join("tests/gallery").join(file));
        let (_, rest) = source.split_once("// The adapter.").expect(file);
        let (adapter, _) = rest.split_once("// The suite.").expect(file);
        let lines = adapter.lines().filter(|line| !line.trim().is_empty());
        assert_eq!(lines.count(), told, "{file}");
        let commonest = file == "boxed.rs";
        assert!(!commonest || told <= 15, "the commonest adapter is short");
    }
}
