//! The lines of the adapters are those that `docs/adapters.md` tells.

use crate::helpers::{read, root};

#[test]
fn the_lines_of_the_adapters_are_those_that_the_documents_tell() {
    let adapters = read(&root().join("docs/adapters.md"));
    let rows: Vec<_> = adapters
        .lines()
        .filter_map(|line| {
            let (_, rest) = line.split_once("](../tests/adapters/")?;
            let (file, rest) = rest.split_once(") | ")?;
            let (lines, _) = rest.split_once(" |")?;
            Some((file, lines.parse::<usize>().ok()?))
        })
        .collect();
    assert_eq!(rows.len(), 14, "{rows:?}");
    for (file, told) in rows {
        let source = read(&root().join("tests/adapters").join(file));
        let (_, rest) = source.split_once("// The adapter.").expect(file);
        let (adapter, _) = rest.split_once("// The shared tests.").expect(file);
        let lines = adapter.lines().filter(|line| !line.trim().is_empty());
        assert_eq!(lines.count(), told, "{file}");
        let commonest = file == "async_trait.rs";
        assert!(!commonest || told <= 15, "the commonest adapter is short");
    }
}
