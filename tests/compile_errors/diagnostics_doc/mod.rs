//! The examples of `docs/diagnostics.md`, as files for the compiler.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, iter};

/// The folder of the files.
pub(super) const FOLDER: &str = "compile_errors/diagnostics_doc/mistakes";

/// What stands in the index.
fn index() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/diagnostics.md");
    fs::read_to_string(path).expect("the index")
}

/// Its entries, each with its id, under their headings.
fn sections(index: &str) -> impl Iterator<Item = (&str, Vec<(&str, &str)>)> {
    index.split("\n## ").skip(1).map(|section| {
        let (heading, rest) = section.split_once('\n').expect("a heading");
        let entries = rest.split("\n### ").skip(1);
        let entries = entries.map(|entry| entry.split_once('\n').expect("an id"));
        (heading, entries.collect())
    })
}

/// The examples of an entry that need no feature.
fn examples<'e>(entry: &'e str, sort: &str) -> impl Iterator<Item = &'e str> {
    let fence = format!("\n```rust,{sort}");
    let blocks: Vec<_> = entry.split(&*fence).skip(1).collect();
    blocks.into_iter().filter_map(|block| {
        let (feature, code) = block.split_once('\n').expect("a block");
        // The file of a cassette is that of another package.
        let features = [
            ",regex",
            ",multi-thread",
            ",cassette",
            ",no-cassette",
            ",no-sweep",
        ];
        (!features.contains(&feature)).then(|| code.split("\n```").next().expect("a block"))
    })
}

/// The statements and items of an example, each with all that belongs to it.
fn statements(code: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    for line in code.lines() {
        let is_first = line.starts_with("mock_provider!") || line.starts_with("#[provider_test");
        match statements.last_mut().filter(|_| !is_first) {
            Some(statement) => {
                statement.push('\n');
                statement.push_str(line);
            }
            None => statements.push(line.to_owned()),
        }
    }
    statements
}

/// Writes `wrong/*.rs`: a file for each heading, a fn for each rule.
pub(super) fn write_what_is_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    for (heading, entries) in sections(&index()) {
        let mut file = format!(
            "//! What `docs/diagnostics.md` shows as wrong under \"{heading}\".\n\n{GIVEN}"
        );
        for (id, entry) in entries {
            write!(file, "\nfn {id}() {{\n").expect("a text");
            for statement in examples(entry, "wrong").flat_map(statements) {
                // In a block of its own, for names are used again.
                writeln!(file, "    {{\n{}\n    }}", indented(&statement, 8)).expect("a text");
            }
            file.push_str("}\n");
        }
        file.push_str("\nfn main() {}\n");
        let name = heading.to_lowercase().replace(' ', "_");
        let path = folder.join(name).with_extension("rs");
        let written = fs::read_to_string(&path).unwrap_or_default();
        if super::is_overwriting() {
            fs::write(path, &file).expect("a file");
        } else {
            assert_eq!(
                written,
                file,
                "{} is not as the index has it",
                path.display()
            );
        }
    }
}

/// A file with all that is right.
pub(super) fn right() -> String {
    let index = index();
    let entries = sections(&index).flat_map(|(_, entries)| entries);
    let examples = entries.flat_map(|(id, entry)| {
        let examples = examples(entry, "right").map(|code| match code.contains("fn ") {
            true => indented(code, 4),
            false => {
                let statements = statements(code).into_iter();
                let blocks = statements.map(|statement| {
                    format!("        {{\n{}\n        }}\n", indented(&statement, 12))
                });
                format!("    fn example() {{\n{}    }}", blocks.collect::<String>())
            }
        });
        let examples: Vec<_> = examples.collect();
        let modules = examples.into_iter().enumerate();
        modules.map(move |(number, code)| {
            format!("\nmod {id}_{number} {{\n    use super::*;\n{code}\n}}\n")
        })
    });
    iter::once(GIVEN.to_owned()).chain(examples).collect()
}

fn indented(code: &str, by: usize) -> String {
    let lines = code.lines().map(|line| match line {
        "" => String::new(),
        line => format!("{:by$}{line}", ""),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What the examples take as given.
const GIVEN: &str = "#![allow(unused)]

use std::sync::Arc;

use mock_core::*;

#[derive(serde::Serialize)]
struct SearchArgs {
    query: String,
}

fn answer() -> Response {
    Message::assistant(\"Hi.\").into()
}

async fn look_up(request: Request) -> Response {
    answer()
}

fn city() -> &'static str {
    \"Paris\"
}
";
