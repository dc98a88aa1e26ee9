//! The symptoms in the book are texts that somebody sees: each quoted one is in a recorded message, or in the source of one.

use std::fs;
use std::path::Path;

use crate::helpers::{read, root};

/// What the compiler itself says, of code that no golden file holds.
const OF_THE_COMPILER: [&str; 10] = [
    "borrowed data escapes outside of function",
    "cannot find attribute `case` in this scope",
    "cannot find module or crate `case` in this scope",
    "cannot find value `ready` in this scope",
    "cannot find `mock_core` in the crate root",
    "cannot find type `MockServer` in this scope",
    "closure may outlive the current function",
    "does not live long enough",
    "future cannot be sent between threads safely",
    "unresolved import `mock_core::MockServer`",
];

/// The messages of these files, each file on one line.
fn messages(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let extension = path.extension().unwrap_or_default();
        if path.is_dir() {
            messages(&path, found);
        } else if ["rs", "stderr", "txt"]
            .iter()
            .any(|kind| extension == *kind)
        {
            let text = read(&path).replace("\\\n", " ").replace("\\\"", "\"");
            found.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

/// The texts in quotes of the headings.
fn symptoms(page: &str) -> Vec<&str> {
    let headings = page.lines().filter(|line| line.starts_with("### "));
    headings
        .flat_map(|heading| heading.split('"').skip(1).step_by(2))
        .collect()
}

/// Whether a message has the parts of a symptom between its `…`, in their order.
fn has(message: &str, symptom: &str) -> bool {
    let mut rest = message;
    symptom.split('…').all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

#[test]
fn every_quoted_symptom_is_a_text_that_somebody_sees() {
    let mut seen = OF_THE_COMPILER.map(str::to_owned).to_vec();
    for folder in [
        "mock-core/cassette/src",
        "mock-core/src",
        "mock-macros/src",
        "tests/recipes/mistakes",
        "tests/reports",
        "tests/compile_errors",
    ] {
        messages(&root().join(folder), &mut seen);
    }
    let page = read(&root().join("docs/troubleshooting.md"));
    let symptoms = symptoms(&page);
    for symptom in &symptoms {
        assert!(seen.iter().any(|text| has(text, symptom)), "{symptom}");
    }
    assert!(symptoms.len() > 25, "only {}", symptoms.len());
}
