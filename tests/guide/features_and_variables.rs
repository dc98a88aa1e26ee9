//! The features, the environment variables and the versions stand in the manifest and the sources; the documents name each of them.

use crate::helpers::{read, root};

/// The features of `mock-core`, each with the others that it turns on.
fn features() -> Vec<(String, Vec<String>)> {
    let manifest = read(&root().join("mock-core/Cargo.toml"));
    let (_, features) = manifest
        .split_once("\n[features]\n")
        .expect("a table of features");
    let (features, _) = features.split_once("\n[").expect("the next table");
    let lines = features.lines().filter_map(|line| line.split_once(" = "));
    let lines: Vec<_> = lines.filter(|(name, _)| !name.starts_with('#')).collect();
    let is_own = |word: &str| lines.iter().any(|(name, _)| *name == word);
    lines
        .iter()
        .map(|(name, parts)| {
            let parts = parts.split('"').filter(|part| is_own(part));
            ((*name).to_owned(), parts.map(str::to_owned).collect())
        })
        .collect()
}

/// The first column and the rest of each row of this section's tables.
fn rows(document: &str, heading: &str) -> Vec<(String, String)> {
    let markdown = read(&root().join(document));
    let (_, section) = markdown.split_once(heading).expect("the heading");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter_map(|line| {
        let (first, rest) = line.strip_prefix("| `")?.split_once("` |")?;
        Some((first.to_owned(), rest.to_owned()))
    });
    rows.collect()
}

#[test]
fn every_feature_is_in_the_documents_and_so_is_what_it_turns_on() {
    let features = features();
    assert!(features.len() > 10, "{features:?}");
    let rows = rows("docs/features.md", "\n## Cargo features\n");
    let shown: Vec<_> = rows.iter().map(|(name, _)| name).collect();
    for name in &shown {
        let is_there = features.iter().any(|(known, _)| known == *name);
        assert!(is_there, "there is no feature `{name}`");
    }
    let changelog = read(&root().join("CHANGELOG.md"));
    let source = read(&root().join("mock-core/src/lib.rs"));
    let (_, front_page) = source.split_once("//! # Features").expect("a heading");
    for (name, turned_on) in &features {
        let row = rows.iter().find(|(known, _)| known == name);
        let (_, row) = row.unwrap_or_else(|| panic!("`{name}` is not in docs/features.md"));
        let (_, told) = row.split_once("turns on ").unwrap_or_default();
        let told = told.split([',', ';', '|']).next().unwrap_or_default();
        let quoted: Vec<_> = turned_on.iter().map(|other| format!("`{other}`")).collect();
        assert_eq!(told.trim(), quoted.join(" and "), "`{name}`: {row}");
        let is_told = front_page.contains(&format!("//! - `{name}`"));
        assert!(is_told, "`{name}` is not in mock-core/src/lib.rs");
        let words: Vec<_> = changelog.split_whitespace().collect();
        let quoted = format!("`{name}`");
        let is_told = words.windows(2).any(|pair| {
            pair[0] == "feature" && pair[1].trim_end_matches([',', '.', ';', ':']) == quoted
        });
        assert!(is_told, "CHANGELOG.md does not say \"feature `{name}`\"");
    }
}

#[test]
fn every_environment_variable_is_in_the_documents() {
    let source = read(&root().join("mock-core/src/environment_variables.rs"));
    let variables: Vec<_> = source
        .lines()
        .filter_map(|line| line.split_once(": &str = \"")?.1.strip_suffix("\";"))
        .filter(|name| name.starts_with("MOCK_CORE_"))
        .collect();
    assert!(variables.len() >= 6, "{variables:?}");
    let rows = rows("docs/features.md", "\n## Environment variables\n");
    let shown: Vec<_> = rows
        .iter()
        .filter_map(|(shown, _)| Some(shown.split_once('=')?.0))
        .collect();
    let changelog = read(&root().join("CHANGELOG.md"));
    for variable in &variables {
        assert!(shown.contains(variable), "docs/features.md: {variable}");
        assert!(changelog.contains(variable), "CHANGELOG.md: {variable}");
    }
    assert_eq!(shown.len(), variables.len(), "{shown:?}");
}

#[test]
fn the_versions_in_the_documents_are_those_of_the_manifest() {
    let manifest = read(&root().join("Cargo.toml"));
    let version = |key: &str| {
        let (_, rest) = manifest.split_once(key).expect("a key");
        let (version, _) = rest.split_once('"').expect("a text");
        version.to_owned()
    };
    let rust = version("\nrust-version = \"");
    let tokio = version("\ntokio = \"");
    let features = read(&root().join("docs/features.md"));
    assert!(features.contains(&format!("| Rust | {rust} or later")));
    assert!(features.contains(&format!("| tokio | {tokio} or later")));
    for document in ["README.md", "docs/start.md"] {
        let markdown = read(&root().join(document));
        let text = format!("Rust {rust} or later");
        assert!(markdown.contains(&text), "{document}: {text}");
    }
}
