//! Where the recording of a test is, and the command that records it.

use std::path::PathBuf;

use crate::engine::seed_of;

/// The folder of recordings, in the package of the test.
const FOLDER: &str = "tests/cassettes";

/// The longest name of a file, in bytes. Most file systems take 255, and the name of a new file is longer for a moment.
const LONGEST: usize = 200;

/// The file of a test: `tests/cassettes/` and the test's path, as in `agent__weather__asks.yaml`. A second recorder of the test has `__2`
/// behind it, and so on.
pub(super) fn file(test: &str, number: usize) -> PathBuf {
    let name: String = test
        .replace("::", "__")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut name = shortened(name, test);
    if number > 1 {
        name += &format!("__{number}");
    }
    PathBuf::from(FOLDER).join(name + ".yaml")
}

/// A name that is not too long. What is cut off still makes a difference.
fn shortened(mut name: String, test: &str) -> String {
    if name.len() > LONGEST {
        let end = (0..=LONGEST - 17)
            .rev()
            .find(|end| name.is_char_boundary(*end));
        name.truncate(end.unwrap_or_default());
        name += &format!("_{:016x}", seed_of(&[test]));
    }
    name
}

/// The command that records a test; all tests if its name is not known. `test` is without the name of its crate.
pub(super) fn command(mode: &str, test: Option<&str>) -> String {
    let test = test.map_or(String::new(), |test| format!(" -- --exact {test}"));
    // Cargo sets the variable when it runs a test.
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let mut manifests = folder
        .iter()
        .flat_map(|folder| folder.ancestors())
        .map(|folder| std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default());
    let manifest = manifests.next().unwrap_or_default();
    let workspace = manifests
        .find(|manifest| manifest.contains("[workspace"))
        .unwrap_or_default();
    let name = name_of_this_crate(&manifest, &workspace);
    format!("MOCK_CORE_RECORD={mode} cargo test --features {name}/record{test}")
}

/// The name of this crate in a manifest, which may have it from its workspace.
fn name_of_this_crate<'m>(manifest: &'m str, workspace: &'m str) -> &'m str {
    let is_inherited = |name: &&str| {
        let names_it = |line: &str| {
            let word = line.trim_start_matches(['"', '\'']).strip_prefix(name);
            let rest = word.map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
            rest.is_some_and(|rest| rest.starts_with(['.', '=']))
                || line.starts_with('[') && line.ends_with(&format!(".{name}]"))
        };
        manifest.lines().map(str::trim).any(names_it)
    };
    let inherited = renamed(workspace).filter(is_inherited);
    renamed(manifest).or(inherited).unwrap_or("mock-core")
}

/// The name that a manifest gives this crate, if it is another one.
fn renamed(manifest: &str) -> Option<&str> {
    let mut table = "";
    for line in manifest.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            table = header.split(']').next()?.rsplit('.').next()?;
            continue;
        }
        let spaceless = line.replace([' ', '\''], "").replace('"', "");
        let is_ours =
            |rest: &str| !rest.starts_with(|c: char| c == '-' || c == '_' || c.is_alphanumeric());
        if !line.starts_with('#')
            && let Some((_, rest)) = spaceless.split_once("package=mock-core")
            && is_ours(rest)
        {
            let key = line.split(['.', '=']).next()?.trim();
            let name = if key == "package" { table } else { key };
            return Some(name.trim_matches(['"', '\'']));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_command_has_the_name_that_the_manifest_gives_this_crate() {
        for (manifest, name) in [
            (
                "[dev-dependencies]\nmock-core = { version = \"0.1\" }",
                None,
            ),
            ("[dev-dependencies]\nmock-core.workspace = true", None),
            (
                "[dev-dependencies]\nother = { package = \"mock-core-extra\" }",
                None,
            ),
            ("# llm = { package = \"mock-core\" }", None),
            (
                "[dev-dependencies]\nllm-mocks = { version = \"0.1\", package = \"mock-core\" }",
                Some("llm-mocks"),
            ),
            (
                "[dependencies]\nmocks = { package='mock-core' }",
                Some("mocks"),
            ),
            (
                "[dependencies]\nmocks.package = \"mock-core\"",
                Some("mocks"),
            ),
            (
                "[target.'cfg(unix)'.dependencies.\"llm_mocks\"]\nversion = \"0.1\"\npackage = \"mock-core\"",
                Some("llm_mocks"),
            ),
        ] {
            assert_eq!(renamed(manifest), name, "{manifest}");
        }
        let workspace = "[workspace.dependencies]\nllm-mocks = { package = \"mock-core\" }";
        for (manifest, name) in [
            (
                "[dev-dependencies]\nllm-mocks.workspace = true",
                "llm-mocks",
            ),
            (
                "[dependencies]\nllm-mocks = { workspace = true }",
                "llm-mocks",
            ),
            ("[dependencies.llm-mocks]\nworkspace = true", "llm-mocks"),
            ("[dependencies]\nmock-core = \"0.1\"", "mock-core"),
            ("[dependencies]\nllm-mocks-extra = \"0.1\"", "mock-core"),
        ] {
            assert_eq!(name_of_this_crate(manifest, workspace), name, "{manifest}");
        }
        assert_eq!(
            command("record", Some("a")),
            "MOCK_CORE_RECORD=record cargo test --features mock-core/record -- --exact a"
        );
    }

    #[test]
    fn a_file_has_the_name_of_its_test() {
        let named = |test, number| file(test, number).display().to_string();
        assert_eq!(
            named("agent::weather::asks", 1),
            "tests/cassettes/agent__weather__asks.yaml"
        );
        assert_eq!(named("a::r#async", 2), "tests/cassettes/a__r_async__2.yaml");

        let long = "m::".repeat(200);
        let tests = [long.clone(), long.clone() + "a", long + "ä"];
        let files: HashSet<_> = tests.iter().map(|test| file(test, 1)).collect();
        assert_eq!(files.len(), tests.len());
        for file in files {
            let name = file.file_name().expect("it has one");
            assert!(name.len() <= LONGEST + ".yaml".len(), "{name:?}");
        }
    }
}
