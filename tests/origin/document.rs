//! `docs/origin.md` shows code that is tested, names tests that exist, and decides what was open.

use std::fs;
use std::path::{Path, PathBuf};

/// A line of one of the document's tables.
struct Line {
    number: String,
    mark: String,
    was: String,
    declaration: String,
    builder: String,
    tests: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document() -> String {
    fs::read_to_string(root().join("docs/origin.md")).expect("the document is there")
}

/// The lines of all tables: number, mark, the original, declaration, builder, tests.
fn lines(document: &str) -> Vec<Line> {
    let rows = document.lines().filter(|line| line.starts_with("| "));
    let rows = rows.map(|row| row.replace("\\|", "¦"));
    let cells = rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect());
    cells
        .filter_map(|cells: Vec<String>| match &cells[..] {
            [_, number, mark, was, declaration, builder, tests, _]
                if number.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                Some(Line {
                    number: number.clone(),
                    mark: mark.clone(),
                    was: was.clone(),
                    declaration: declaration.clone(),
                    builder: builder.clone(),
                    tests: code(tests),
                })
            }
            [_, first, ..] => {
                let is_head = first.is_empty() || first.starts_with("---");
                assert!(is_head, "a line of another shape: {cells:?}");
                None
            }
            _ => None,
        })
        .collect()
}

/// What stands between backticks.
fn code(cell: &str) -> Vec<String> {
    let code = cell.split('`').skip(1).step_by(2);
    code.map(|code| code.replace('¦', "|")).collect()
}

/// Code without that by which rustfmt lays it out: white space, and the comma before an end.
fn bare(code: &str) -> String {
    let bare: String = code.split_whitespace().collect();
    [")", "]", "}"]
        .into_iter()
        .fold(bare, |bare, end| bare.replace(&format!(",{end}"), end))
}

/// Whether it is code to run, and nothing is left out of it.
fn is_whole(code: &str) -> bool {
    let left_out = ["(..", "{..", "\"..", " .."];
    code.contains(['(', '=']) && !left_out.iter().any(|gap| code.contains(gap))
}

/// The text of a file, or of all files in a folder and in those in it.
fn text_of(path: &Path) -> String {
    if path.is_file() {
        return fs::read_to_string(path).unwrap_or_default();
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = entries.map(|entry| entry.expect("the folder can be read").path());
    paths.map(|path| text_of(&path)).collect()
}

/// The file that a test's path leads to: `origin::latency::constant` to `tests/origin/origin/latency.rs`.
fn source(test: &str) -> Option<(String, &str)> {
    let (modules, name) = test.rsplit_once("::")?;
    let folders = ["tests", "tests/origin", "examples", "mock-core/src"];
    // The module of tests has a file of its own, or is in the file of the module that it tests.
    let files = [modules, modules.trim_end_matches("::tests")];
    let mut paths = files.iter().flat_map(|module| {
        let file = format!("{}.rs", module.replace("::", "/"));
        folders.map(|folder| root().join(folder).join(&file))
    });
    let source = paths.find_map(|path| fs::read_to_string(path).ok())?;
    Some((source, name))
}

/// Whether there is a function of this name below an attribute that makes it a test.
fn is_test(source: &str, name: &str) -> bool {
    let function = source.split_once(&format!("fn {name}("));
    let above = function.and_then(|(before, _)| before.rsplit_once('\n'));
    above.is_some_and(|(above, _)| {
        let mut attributes = above.lines().rev().take_while(|line| !line.is_empty());
        attributes.any(|line| ["#[test]", "#[provider_test]"].contains(&line.trim()))
    })
}

#[test]
fn no_line_is_without_a_declaration_a_builder_call_and_a_test() {
    for line in lines(&document()) {
        assert!(!line.declaration.is_empty(), "{}", line.number);
        assert!(!line.builder.is_empty(), "{}", line.number);
        assert!(!line.tests.is_empty(), "{} has no test", line.number);
    }
}

#[test]
fn declarations_and_builders_are_code_that_is_tested() {
    let tested: String = [
        "tests/origin",
        "tests/compile_errors",
        "tests/breaker.rs",
        "tests/in_process",
        "examples",
        "mock-core/src/testkit.rs",
        "mock-core/src/testkit/tests.rs",
    ]
    .iter()
    .map(|path| bare(&text_of(&root().join(path))))
    .collect();
    for line in lines(&document()) {
        let shown = code(&line.declaration)
            .into_iter()
            .chain(code(&line.builder));
        for code in shown.filter(|code| is_whole(code)) {
            assert!(
                tested.contains(&bare(&code)),
                "{}: `{code}` is tested nowhere",
                line.number
            );
        }
    }
}

#[test]
fn every_test_that_is_named_exists() {
    for line in lines(&document()) {
        for test in &line.tests {
            let exists = source(test).is_some_and(|(source, name)| is_test(&source, name));
            assert!(exists, "{}: there is no test `{test}`", line.number);
        }
    }
}

#[test]
fn every_example_of_the_document_is_built_as_a_test() {
    let manifest = fs::read_to_string(root().join("examples/Cargo.toml"));
    let manifest = manifest.expect("the manifest is there");
    let examples: Vec<_> = manifest.split("[[example]]").skip(1).collect();
    let document = document();
    let (_, section) = document.split_once("## 9.").expect("the examples");
    for test in lines(section).iter().flat_map(|line| &line.tests) {
        let (example, _) = test.split_once("::").expect("a path");
        let name = format!("name = \"{example}\"");
        let declared = examples.iter().find(|declared| declared.contains(&name));
        let declared = declared.unwrap_or_else(|| panic!("there is no example `{example}`"));
        assert!(
            declared.contains("test = true"),
            "`{example}` is not tested"
        );
    }
}

#[test]
fn flaws_and_open_questions_are_decided() {
    for line in lines(&document()) {
        let decision = line
            .was
            .split_once("decided: ")
            .map(|(_, decision)| decision);
        match &*line.mark {
            "K" => assert_eq!(decision, None, "{}", line.number),
            "F" | "?" => assert!(
                decision.is_some_and(|decision| !decision.is_empty()),
                "{} is not decided",
                line.number
            ),
            mark => panic!("{}: there is no mark `{mark}`", line.number),
        }
    }
}

#[test]
fn the_lines_are_numbered_and_counted() {
    let document = document();
    let lines = lines(&document);
    let in_section = |section: usize| {
        let section = format!("{section}.");
        lines
            .iter()
            .filter(move |line| line.number.starts_with(&section))
    };
    for section in 0..=9 {
        for (line, number) in in_section(section).zip(1..) {
            assert_eq!(line.number, format!("{section}.{number}"));
        }
    }
    assert_eq!((in_section(8).count(), in_section(9).count()), (27, 10));
    assert_eq!(
        (0..=9)
            .map(|section| in_section(section).count())
            .sum::<usize>(),
        lines.len()
    );

    let marked = |mark: &str| lines.iter().filter(|line| line.mark == mark).count();
    let counted = format!(
        "Of {} lines, {} are kept; {} flaws and {} open questions are decided.",
        lines.len(),
        marked("K"),
        marked("F"),
        marked("?"),
    );
    assert!(
        document.contains(&counted),
        "the document does not say: {counted}"
    );
}
