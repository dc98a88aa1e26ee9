//! The path to `mock-core` in expansions.
//!
//! A crate can get the macros through another crate that re-exports `mock_core`. Then `::mock_core` does not exist, and the compiler
//! would report each path of an expansion: some thirty errors a mock. So the macros report one error, if the crate's `Cargo.toml` does not
//! contain the name at all. A crate that renames another one to `mock_core` with `extern crate` is rejected too; it writes
//! `crate = ::mock_core`. Without Cargo, nothing is rejected.

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
        let is_named =
            |variable, file| std::env::var_os(variable).map(|path| is_named_in(path, file));
        let is_named = is_named("CARGO_MANIFEST_PATH", "")
            .or_else(|| is_named("CARGO_MANIFEST_DIR", "Cargo.toml"));
        self.missing_if(is_named == Some(false))
    }

    fn missing_if(&self, is_missing: bool) -> Option<TokenStream> {
        (is_missing && self.0.is_none()).then(|| {
            quote! {
                ::core::compile_error! {
                    "this crate does not depend on `mock-core`\nhelp: add it to the dev-dependencies, or write where it is re-exported, as in `crate = my_support::mock_core`"
                }
            }
        })
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
    fn only_the_default_path_can_be_missing() {
        let given = CratePath(syn::parse_str("my_support::mock_core").ok());
        assert!(given.missing_if(true).is_none());
        assert!(CratePath(None).missing_if(false).is_none());
        let error = CratePath(None).missing_if(true).expect("it is missing");
        assert!(
            error
                .to_string()
                .contains("`crate = my_support::mock_core`")
        );
    }
}
