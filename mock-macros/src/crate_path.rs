//! The path to `mock-core` in expansions.
//!
//! A crate can get the macros through another crate that re-exports `mock_core`. Then `::mock_core` does not exist, and the compiler
//! reports each path of an expansion: some thirty errors a mock. A macro cannot know this for certain. `Cargo.toml` does not tell:
//! `extern crate my_support as mock_core;`, a fork under another name and a build without Cargo all compile. So the macros refuse
//! nothing. If `Cargo.toml` does not contain the name, an expansion is passed through a macro of `mock-core`. If that does not exist,
//! the compiler reports it alone; if it does, nothing changes. A wrong guess is harmless: the file need not be parsed or tracked.

use std::ffi::OsString;
use std::path::Path as FilePath;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// `::mock_core`, or what `crate = path` says.
#[derive(Default)]
pub(crate) struct CratePath(pub(crate) Option<Path>);

impl CratePath {
    /// The expansion, as one error if `::mock_core` does not exist.
    pub(crate) fn guard(&self, expansion: TokenStream) -> TokenStream {
        let is_named =
            |variable, file| std::env::var_os(variable).map(|path| is_named_in(path, file));
        let is_named = is_named("CARGO_MANIFEST_PATH", "")
            .or_else(|| is_named("CARGO_MANIFEST_DIR", "Cargo.toml"));
        self.guard_if(is_named == Some(false), expansion)
    }

    fn guard_if(&self, is_doubtful: bool, expansion: TokenStream) -> TokenStream {
        match &self.0 {
            None if is_doubtful => quote!(::mock_core::__found! { #expansion }),
            _ => expansion,
        }
    }
}

/// Whether a manifest contains the name of `mock-core`. One that cannot be read may.
fn is_named_in(path: OsString, file: &str) -> bool {
    let path = match file {
        "" => path.into(),
        file => FilePath::new(&path).join(file),
    };
    std::fs::read_to_string(path).map_or(true, |manifest| names_mock_core(&manifest))
}

fn names_mock_core(manifest: &str) -> bool {
    manifest.contains("mock-core") || manifest.contains("mock_core")
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
            "[dependencies]\nmocks = { package = \"mock-core\", version = \"0.1\" }",
            "[package]\nname = \"mock-core\"",
        ] {
            assert!(names_mock_core(manifest), "{manifest}");
        }
        assert!(!names_mock_core("[dependencies]\nmy-support = \"1\""));
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_not_doubted() {
        assert!(is_named_in("/none/Cargo.toml".into(), ""));
        assert!(is_named_in("/none".into(), "Cargo.toml"));
    }

    #[test]
    fn only_a_default_path_in_doubt_is_guarded() {
        let given = CratePath(syn::parse_str("my_support::mock_core").ok());
        let guarded =
            |path: &CratePath, is_doubtful| path.guard_if(is_doubtful, quote!(x)).to_string();
        assert_eq!(guarded(&given, true), "x");
        assert_eq!(guarded(&CratePath(None), false), "x");
        assert_eq!(
            guarded(&CratePath(None), true),
            ":: mock_core :: __found ! { x }"
        );
    }
}
