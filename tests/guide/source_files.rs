//! Rules for the sources of both crates that no lint holds.

use std::fs;
use std::path::{Path, PathBuf};

fn sources() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![
        root.join("mock-core/src"),
        root.join("mock-core/cassette/src"),
        root.join("mock-macros/src"),
    ];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    assert!(files.len() > 400, "only {} files", files.len());
    files
}

/// The files like this, one a line.
fn files_that(is_wrong: impl Fn(&str) -> bool) -> String {
    files_of("", is_wrong)
}

/// The files like this whose path contains `part`, one a line.
fn files_of(part: &str, is_wrong: impl Fn(&str) -> bool) -> String {
    let mut wrong = String::new();
    for file in sources() {
        if file.to_string_lossy().contains(part)
            && is_wrong(&fs::read_to_string(&file).expect("UTF-8"))
        {
            wrong += &format!("{}\n", file.display());
        }
    }
    wrong
}

#[test]
fn each_module_begins_with_what_it_holds() {
    assert_eq!(files_that(|source| !source.starts_with("//! ")), "");
}

#[test]
fn the_engine_is_the_same_code_with_and_without_a_server() {
    let has_gate = |source: &str| source.contains("feature = \"server\"");
    for part in [
        "mock-core/src/engine",
        "mock-core/src/scenario",
        "mock-core/src/journal",
    ] {
        assert_eq!(files_of(part, has_gate), "");
        assert_ne!(files_of(part, |_| true), "", "there is no {part}");
    }
}
