//! The links of the documents lead somewhere, and the book has every page.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::helpers::{read, root};

/// The pages of the book, and the documents beside it.
fn documents() -> Vec<PathBuf> {
    let mut documents: Vec<_> = fs::read_dir(root().join("docs"))
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    documents.sort();
    for document in [
        "README.md",
        "AGENTS.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        documents.push(root().join(document));
    }
    documents
}

/// The text without its blocks of code.
fn prose(markdown: &str) -> String {
    let parts = markdown.split("```").step_by(2);
    parts.collect()
}

/// Returns the targets of all links to files: of those in the text, and of those with a definition of their own, `[S6]: #s6-..`.
fn links(markdown: &str) -> Vec<String> {
    let prose = prose(markdown);
    let inline = prose.split("](").skip(1);
    let inline = inline.filter_map(|rest| Some(rest.split_once(')')?.0));
    let defined = prose.lines().filter(|line| line.starts_with('['));
    let defined = defined.filter_map(|line| Some(line.split_once("]: ")?.1));
    inline
        .chain(defined)
        .filter(|target| !target.contains("://"))
        .map(str::to_owned)
        .collect()
}

/// A name in brackets is a link if it has a definition. Otherwise, the brackets are part of the text.
#[test]
fn every_rule_in_brackets_has_a_definition() {
    let semantics = read(&root().join("docs/semantics.md"));
    let prose = prose(&semantics);
    let names: Vec<_> = prose
        .split("[S")
        .skip(1)
        .filter_map(|rest| rest.split_once(']'))
        .filter(|(number, rest)| {
            number.chars().all(|c| c.is_ascii_digit()) && !rest.starts_with(':')
        })
        .collect();
    assert!(names.len() > 20, "only {}", names.len());
    for (number, _) in names {
        let definition = format!("\n[S{number}]: #s{number}-");
        assert!(prose.contains(&definition), "[S{number}]");
    }
}

/// Returns the anchors that headings have on the usual hosts: lower-case, `-` for spaces, no punctuation.
fn anchors(markdown: &str) -> BTreeSet<String> {
    let headings = prose(markdown);
    let headings = headings.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|heading| {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept = heading.chars().filter_map(|c| match c {
                ' ' => Some('-'),
                '-' | '_' => Some(c),
                c => c.is_alphanumeric().then_some(c),
            });
            kept.collect()
        })
        .collect()
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut broken = Vec::new();
    let mut count = 0;
    for document in documents() {
        let markdown = read(&document);
        let folder = document.parent().expect("a folder");
        for link in links(&markdown) {
            count += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => document.clone(),
                file => folder.join(file),
            };
            let leads = match (target.exists(), anchor) {
                (there, "") => there,
                (false, _) => false,
                (true, anchor) => anchors(&read(&target)).contains(anchor),
            };
            if !leads {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
    assert!(count > 50, "only {count}");
}

#[test]
fn the_book_has_every_page() {
    let summary = links(&read(&root().join("docs/SUMMARY.md")));
    let summary: BTreeSet<_> = summary
        .iter()
        .map(|link| root().join("docs").join(link))
        .collect();
    for document in documents() {
        let is_page = document.parent() == Some(&*root().join("docs"));
        if is_page && !document.ends_with("SUMMARY.md") {
            assert!(summary.contains(&document), "{}", document.display());
        }
    }
}

/// Paths within `mock-core/src` or `mock-macros/src` may be short.
#[test]
fn the_architecture_names_files_that_are_there() {
    let architecture = read(&root().join("docs/architecture.md"));
    let prose = prose(&architecture);
    let roots = [
        "",
        "mock-core/src",
        "mock-core/src/engine",
        "mock-macros/src",
    ];
    let paths: Vec<_> = prose
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.contains('/') && !code.contains(['<', '*', ' ']))
        .collect();
    for path in &paths {
        let is_there = roots
            .iter()
            .any(|folder| root().join(folder).join(path).exists());
        assert!(is_there, "{path}");
    }
    assert!(paths.len() > 30, "only {}", paths.len());
}

/// A package page knows no relative paths. The placeholder stands in the workspace's manifest alone, and here for its links.
#[test]
fn the_pages_of_the_packages_have_whole_links_that_lead_somewhere() {
    let manifest = read(&root().join("Cargo.toml"));
    let (_, home) = manifest.split_once("\nrepository = \"").expect("a key");
    let (home, _) = home.split_once('"').expect("a text");
    let home = format!("{home}/blob/main/");
    for package in ["mock-core", "mock-core/cassette", "mock-macros"] {
        let mut page = read(&root().join(package).join("README.md"));
        if package == "mock-core" {
            page += &front_page();
        }
        let prose = prose(&page);
        let links = prose.split("](").skip(1);
        let links: Vec<_> = links
            .filter_map(|rest| Some(rest.split_once(')')?.0))
            .collect();
        assert!(!links.is_empty(), "{package}");
        for link in links {
            let path = link.strip_prefix(&home);
            let leads = path.is_some_and(|path| root().join(path).exists());
            assert!(leads, "{package}: {link}");
        }
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            let ours = read(&root().join(licence));
            assert_eq!(read(&root().join(package).join(licence)), ours);
        }
    }
}

/// The book's part of the front page of the library's documentation.
fn front_page() -> String {
    let source = read(&root().join("mock-core/src/lib.rs"));
    let (_, book) = source.split_once("//! # The book").expect("a heading");
    let (book, _) = book.split_once("//! # Features").expect("the next heading");
    book.to_owned()
}
