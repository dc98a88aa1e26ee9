//! The path to `mock-core` in expansions.
//!
//! A crate can get the macros through another crate that re-exports `mock_core`. Then `::mock_core` does not exist, and the compiler
//! would report each path of an expansion: some thirty errors a mock. So the macros report one error, if the crate's `Cargo.toml` does not
//! contain the name at all, or gives `mock-core` another name only. A crate that renames another one to `mock_core` with `extern crate` is
//! rejected too; it writes `crate = ::mock_core`. Without Cargo, nothing is rejected.

use std::ffi::OsString;
use std::path::Path as FilePath;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::Path;

/// `::mock_core`, or what `crate = path` says.
#[derive(Clone, Default)]
pub(crate) struct CratePath(pub(crate) Option<Path>);

impl CratePath {
    /// The path to what expansions are made of. The version in it makes macros of another version a plain error, not a puzzle.
    pub(crate) fn private(&self) -> TokenStream {
        let version = env!("CARGO_PKG_VERSION")
            .replace(".", "_")
            .replace("-", "_")
            .replace("+", "_");
        let private = format_ident!("__private_{version}");
        quote!(#self::#private)
    }

    /// The one error of an expansion, if the crate that is compiled does not depend on `mock-core` and does not say where else it is.
    pub(crate) fn missing(&self) -> Option<TokenStream> {
        self.missing_if(&Dependency::of_this_crate())
    }

    fn missing_if(&self, dependency: &Dependency) -> Option<TokenStream> {
        let error = match dependency {
            _ if self.0.is_some() => return None,
            Dependency::Named => return None,
            Dependency::Renamed(name) | Dependency::Inherited(name) => {
                let name = name.replace('-', "_");
                format!(
                    "`mock-core` is called `{name}` in this crate\nhelp: write `crate = ::{name}`, as a key of each mock and as an option of each test"
                )
            }
            Dependency::Missing => "this crate does not depend on `mock-core`\nhelp: add it to the dev-dependencies, or write where it is re-exported, as in `crate = my_support::mock_core`".to_owned(),
        };
        Some(quote!(::core::compile_error! { #error }))
    }
}

/// The name of `mock-core` in a manifest.
#[derive(Debug, PartialEq)]
enum Dependency {
    /// The manifest has it under its own name, as far as is known.
    Named,
    /// The manifest has it only under this name.
    Renamed(String),
    /// The manifest of the workspace has it only under this name.
    Inherited(String),
    Missing,
}

impl Dependency {
    /// Reads the manifest of the crate that is compiled.
    fn of_this_crate() -> Dependency {
        let found = |variable, file| std::env::var_os(variable).map(|path| found_in(path, file));
        let found =
            found("CARGO_MANIFEST_PATH", "").or_else(|| found("CARGO_MANIFEST_DIR", "Cargo.toml"));
        found.unwrap_or(Dependency::Named)
    }

    /// The help for a feature that is off.
    #[cfg(any(
        test,
        not(all(feature = "cassette", feature = "regex", feature = "sweep"))
    ))]
    fn with_feature(&self, feature: &str) -> String {
        let start = match self {
            Dependency::Named => "mock-core = { version = \"..\"".to_owned(),
            Dependency::Renamed(name) => {
                format!("{name} = {{ package = \"mock-core\", version = \"..\"")
            }
            Dependency::Inherited(name) => format!("{name} = {{ workspace = true"),
            Dependency::Missing => {
                return format!(
                    "turn it on in the Cargo.toml of the crate that re-exports `mock_core`: `features = [\"{feature}\"]`"
                );
            }
        };
        format!("write `{start}, features = [\"{feature}\"] }}` in Cargo.toml")
    }
}

/// The help for a feature of `mock-core` that is off.
#[cfg(not(all(feature = "cassette", feature = "regex", feature = "sweep")))]
pub(crate) fn feature_help(feature: &str) -> String {
    Dependency::of_this_crate().with_feature(feature)
}

/// Reads a manifest, and that of its workspace. If that fails, the dependency is assumed to be there.
fn found_in(path: OsString, file: &str) -> Dependency {
    let path = match file {
        "" => path.into(),
        file => FilePath::new(&path).join(file),
    };
    let Ok(manifest) = std::fs::read_to_string(&path) else {
        return Dependency::Named;
    };
    let found = dependency(&manifest);
    if found != Dependency::Missing {
        return found;
    }
    let mut folders = path.ancestors().skip(2);
    let workspace = folders.find_map(|folder| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        manifest.contains("[workspace").then_some(manifest)
    });
    workspace.map_or(found, |workspace| inherited(&manifest, &workspace))
}

/// The dependency of a manifest that takes it from its workspace by another name.
fn inherited(manifest: &str, workspace: &str) -> Dependency {
    let Dependency::Renamed(name) = dependency(workspace) else {
        return Dependency::Missing;
    };
    let is_named = |line: &str| {
        let key = line.split(['.', '=']).next().unwrap_or_default();
        let table = line.trim_matches(['[', ']']);
        unquoted(key) == name || line.starts_with('[') && last_key(table) == name
    };
    match manifest.lines().map(str::trim).any(is_named) {
        true => Dependency::Inherited(name),
        false => Dependency::Missing,
    }
}

fn dependency(manifest: &str) -> Dependency {
    let mut renamed = None;
    let mut table = "";
    for line in manifest.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[') {
            table = header.split(']').next().unwrap_or_default();
            if is_mock_core(last_key(table)) {
                return Dependency::Named;
            }
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| names_mock_core(line)) else {
            continue;
        };
        let own = |value: &str| ["\"mock-core\"", "'mock-core'"].contains(&value);
        let key = unquoted(key.split('.').next().unwrap_or_default());
        if is_mock_core(key) || key == "name" && own(value.trim()) {
            return Dependency::Named;
        }
        let spaceless = line.replace(' ', "");
        if spaceless.contains("package=\"mock-core\"") || spaceless.contains("package='mock-core'")
        {
            let name = match key {
                "package" => last_key(table),
                key => key,
            };
            // An inline table over several lines has its name on an earlier line.
            let is_known = !name.ends_with("dependencies");
            renamed = is_known.then(|| name.to_owned());
        }
    }
    match renamed {
        Some(name) => Dependency::Renamed(name),
        None if manifest.lines().any(names_mock_core) => Dependency::Named,
        None => Dependency::Missing,
    }
}

/// Whether a line that is not a comment has the name anywhere.
fn names_mock_core(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with('#');
    !is_comment && (line.contains("mock-core") || line.contains("mock_core"))
}

/// The last part of the name of a table: `llms` in `dependencies.llms`.
fn last_key(table: &str) -> &str {
    unquoted(table.rsplit('.').next().unwrap_or_default())
}

fn unquoted(key: &str) -> &str {
    key.trim().trim_matches(['"', '\''])
}

fn is_mock_core(key: &str) -> bool {
    key == "mock-core" || key == "mock_core"
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote!(::mock_core)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_can_name_mock_core_in_many_ways() {
        for manifest in [
            "[dev-dependencies]\nmock-core = \"0.1\"",
            "[dev-dependencies]\nmock-core.workspace = true",
            "[target.'cfg(unix)'.dev-dependencies.mock-core]\nversion = \"0.1\"",
            "[dependencies]\nmock_core = { path = \"..\" }",
            "[package]\nname = \"mock-core\"",
            "[dependencies]\n\"mock-core\" = \"0.1\"",
            "[dependencies]\nmock_core = { package = \"mock-core\", version = \"0.1\" }",
            "[dependencies]\nmocks = { package = \"mock-core\" }\n[dev-dependencies]\nmock-core = \"0.1\"",
            "[dependencies]\nmocks = {\n  package = \"mock-core\",\n}",
            "[features]\nmocks = [\"mock-core/server\"]",
        ] {
            assert_eq!(dependency(manifest), Dependency::Named, "{manifest}");
        }
        for manifest in [
            "[dependencies]\nmy-support = \"1\"",
            "[dependencies]\n# mocks = { package = \"mock-core\" }",
        ] {
            assert_eq!(dependency(manifest), Dependency::Missing, "{manifest}");
        }
    }

    #[test]
    fn a_manifest_can_give_mock_core_another_name() {
        for manifest in [
            "[dev-dependencies]\nllm-mock = { package = \"mock-core\", path = \"../mock-core\" }",
            "[dependencies]\nllm_mock={version='0.1',package='mock-core'}",
            "[target.'cfg(unix)'.dependencies.llm-mock]\nversion = \"0.1\"\npackage = \"mock-core\" # renamed",
            "[dependencies]\nllm_mock.package = \"mock-core\"",
        ] {
            let renamed = match dependency(manifest) {
                Dependency::Renamed(name) => name.replace('-', "_"),
                other => format!("{other:?}"),
            };
            assert_eq!(renamed, "llm_mock", "{manifest}");
        }
        let renamed = Dependency::Renamed("llm_mock".to_owned());
        let error = CratePath(None).missing_if(&renamed).expect("an error");
        assert!(error.to_string().contains("`crate = ::llm_mock`"));
    }

    #[test]
    fn a_feature_is_turned_on_where_mock_core_has_its_name() {
        let renamed = "[dev-dependencies]\nllm-mock = { package = \"mock-core\", path = \"..\" }";
        for (manifest, help) in [
            (
                "[dev-dependencies]\nmock-core = \"0.1\"",
                "write `mock-core = { version = \"..\", features = [\"sweep\"] }` in Cargo.toml",
            ),
            (
                renamed,
                "write `llm-mock = { package = \"mock-core\", version = \"..\", features = [\"sweep\"] }` in Cargo.toml",
            ),
            (
                "[dependencies]\nmy-support = \"1\"",
                "turn it on in the Cargo.toml of the crate that re-exports `mock_core`: `features = [\"sweep\"]`",
            ),
        ] {
            assert_eq!(dependency(manifest).with_feature("sweep"), help);
        }
    }

    #[test]
    fn a_workspace_can_give_mock_core_another_name() {
        let workspace =
            "[workspace.dependencies]\nllm-mock = { package = \"mock-core\", version = \"0.1\" }";
        for (manifest, name) in [
            (
                "[dev-dependencies]\nllm-mock.workspace = true",
                Some("llm-mock"),
            ),
            (
                "[dev-dependencies]\nllm-mock = { workspace = true, features = [\"server\"] }",
                Some("llm-mock"),
            ),
            (
                "[dev-dependencies.llm-mock]\nworkspace = true",
                Some("llm-mock"),
            ),
            ("[dev-dependencies]\nother.workspace = true", None),
        ] {
            let found = inherited(manifest, workspace);
            let expected = name.map_or(Dependency::Missing, |name| {
                Dependency::Inherited(name.to_owned())
            });
            assert_eq!(found, expected, "{manifest}");
        }
        let found = inherited("[dependencies]\nllm-mock.workspace = true", workspace);
        assert_eq!(
            found.with_feature("sweep"),
            "write `llm-mock = { workspace = true, features = [\"sweep\"] }` in Cargo.toml"
        );
        let error = CratePath(None).missing_if(&found).expect("an error");
        assert!(error.to_string().contains("`crate = ::llm_mock`"));
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_not_doubted() {
        assert_eq!(found_in("/none/Cargo.toml".into(), ""), Dependency::Named);
        assert_eq!(found_in("/none".into(), "Cargo.toml"), Dependency::Named);
    }

    #[test]
    fn only_the_default_path_can_be_missing() {
        let given = CratePath(syn::parse_str("my_support::mock_core").ok());
        assert!(given.missing_if(&Dependency::Missing).is_none());
        assert!(CratePath(None).missing_if(&Dependency::Named).is_none());
        let missing = CratePath(None).missing_if(&Dependency::Missing);
        let error = missing.expect("it is missing");
        assert!(
            error
                .to_string()
                .contains("`crate = my_support::mock_core`")
        );
    }
}
