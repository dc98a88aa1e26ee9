//! Reads the documents and the code in them.

use std::fs;
use std::path::{Path, PathBuf};

/// The text of every fenced block of this language, without the indent of the list that it is in.
pub(crate) fn blocks(markdown: &str, language: &str) -> Vec<String> {
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

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
