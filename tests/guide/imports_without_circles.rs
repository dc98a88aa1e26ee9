//! No file imports, over any number of others, from a file that imports from it. A file and the module above it are one unit, and do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The path of a module or an item: `["engine", "select_turn"]`.
type Segments = Vec<String>;

/// A crate's modules, each with what it imports.
struct Crate {
    modules: BTreeMap<Segments, Vec<Segments>>,
}

impl Crate {
    fn read(src: &str) -> Crate {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(src);
        let mut modules = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder of the repository") {
                let path = entry.expect("an entry").path();
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                if name.ends_with("tests") || name == "bin" || name == "main" {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") {
                    let inside = path.strip_prefix(&root).expect("it is in the folder");
                    let mut module = segments(&inside.with_extension("").to_string_lossy(), "/");
                    module.pop_if(|last| last == "mod" || last == "lib");
                    let source = fs::read_to_string(&path).expect("UTF-8");
                    modules.insert(module, imports(&source));
                }
            }
        }
        Crate { modules }
    }

    /// The module that an import leads to, through re-exports.
    fn target(&self, from: &Segments, import: &Segments, steps: usize) -> Option<Segments> {
        let mut at = from.clone();
        let mut rest = import.as_slice();
        match rest.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &rest[1..]),
            "self" => rest = &rest[1..],
            "super" => {}
            child => {
                at.push(child.to_owned());
                self.modules.get(&at)?;
                rest = &rest[1..];
            }
        }
        while let Some((_, behind)) = rest.split_first().filter(|(first, _)| *first == "super") {
            at.pop();
            rest = behind;
        }
        while let Some((next, behind)) = rest.split_first() {
            at.push(next.clone());
            if !self.modules.contains_key(&at) {
                at.pop();
                break;
            }
            rest = behind;
        }
        let exported = rest.first().and_then(|item| {
            let mut exports = self.modules[&at].iter();
            exports.find(|export| export.last() == Some(item) && *export != import)
        });
        match exported {
            Some(export) if steps > 0 => self.target(&at, export, steps - 1).or(Some(at)),
            _ => Some(at),
        }
    }

    /// Each module with the modules that it imports from, except those above and below it.
    fn edges(&self) -> BTreeMap<&Segments, BTreeSet<Segments>> {
        let mut edges = BTreeMap::new();
        for (module, imports) in &self.modules {
            let targets = imports
                .iter()
                .filter_map(|import| self.target(module, import, 8))
                .filter(|target| !target.starts_with(module) && !module.starts_with(target));
            edges.insert(module, targets.collect());
        }
        edges
    }

    /// The modules that can be reached from themselves, one a line.
    fn circles(&self) -> String {
        let edges = self.edges();
        let mut circles = String::new();
        for &module in edges.keys() {
            let mut reached = BTreeSet::new();
            let mut next: Vec<&Segments> = edges[module].iter().collect();
            while let Some(at) = next.pop() {
                if reached.insert(at) {
                    next.extend(&edges[at]);
                }
            }
            if reached.contains(module) {
                circles += &format!("{}\n", module.join("/"));
            }
        }
        circles
    }
}

fn segments(path: &str, separator: &str) -> Segments {
    path.split(separator).map(str::to_owned).collect()
}

/// What the `use` items of a file name, except those of its tests.
fn imports(source: &str) -> Vec<Segments> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut all = Vec::new();
    for statement in code.split_inclusive(';') {
        let Some(at) = statement.rfind("use ") else {
            continue;
        };
        let (before, tree) = (&statement[..at], &statement[at + 4..]);
        let line = before.rsplit('\n').next().unwrap_or_default();
        if line.is_empty() || line.starts_with("pub") {
            let tree: String = tree.trim_end_matches(';').split_whitespace().collect();
            expand("", &tree, &mut all);
        }
    }
    all
}

/// Adds the paths of a tree of imports: `a::{b, c::d}` are `a::b` and `a::c::d`.
fn expand(prefix: &str, tree: &str, all: &mut Vec<Segments>) {
    let Some((before, inside)) = tree.split_once('{') else {
        let path = format!("{prefix}{tree}");
        // White space is gone, so `as` cannot be told from a name: no name here ends so.
        all.push(segments(path.trim_end_matches("::self"), "::"));
        return;
    };
    let inside = inside.strip_suffix('}').unwrap_or(inside);
    let (mut depth, mut start) = (0, 0);
    for (at, character) in inside.char_indices().chain([(inside.len(), ',')]) {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                if start < at {
                    expand(&format!("{prefix}{before}"), &inside[start..at], all);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

#[test]
fn a_tree_of_imports_names_each_path() {
    let source = "use super::{a::{self, B}, c};\npub(crate) use crate::d::E;\nfn f() { use x::Y; }\n#[cfg(test)]\nuse z::Z;";
    let paths: Vec<_> = imports(source).iter().map(|path| path.join("::")).collect();
    assert_eq!(
        paths,
        ["super::a", "super::a::B", "super::c", "crate::d::E"]
    );
}

#[test]
fn a_circle_is_found_through_a_re_export() {
    let module = |name: &str, uses: &str| (segments(name, "/"), imports(uses));
    let modules = [
        (Vec::new(), imports("pub use b::inner::B;")),
        module("a", "use crate::B;"),
        module("b", ""),
        module("b/inner", "use super::super::c::C;"),
        module("c", "use crate::a;"),
        module("d", "use crate::a;"),
    ];
    let modules = BTreeMap::from(modules);
    assert_eq!(Crate { modules }.circles(), "a\nb/inner\nc\n");
}

#[test]
fn no_imports_go_round_in_a_circle() {
    for src in ["mock-core/src", "mock-core/cassette/src", "mock-macros/src"] {
        let read = Crate::read(src);
        assert!(read.modules.len() > 40, "{src}");
        assert_eq!(read.circles(), "", "{src}");
    }
}
