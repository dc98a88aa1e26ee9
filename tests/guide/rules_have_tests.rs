//! Every rule of `docs/semantics.md` has a test.

use std::collections::BTreeSet;
use std::fs;

use crate::helpers::{read, root};

#[test]
fn every_rule_of_the_semantics_has_a_test() {
    let semantics = read(&root().join("docs/semantics.md"));
    let mut tests = String::new();
    let folders = [
        "mock-core/src/record/tests",
        "tests/harness",
        "tests/recorder",
        "tests/in_process",
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
