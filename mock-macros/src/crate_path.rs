//! The path to `mock-core` in expansions.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::Path;

/// `::mock_core`, or what `crate = path` says.
#[derive(Default)]
pub(crate) struct CratePath(pub(crate) Option<Path>);

impl CratePath {
    /// Whether the crate that is compiled does not depend on `mock-core`, and does not say where else it is: the macro comes from a crate
    /// that re-exports it. Without Cargo that is not known.
    pub(crate) fn is_missing(&self) -> bool {
        if self.0.is_some() {
            return false;
        }
        let Ok(directory) = std::env::var("CARGO_MANIFEST_DIR") else {
            return false;
        };
        let manifest = std::path::Path::new(&directory).join("Cargo.toml");
        std::fs::read_to_string(manifest).is_ok_and(|manifest| !names_mock_core(&manifest))
    }

    /// The error for that, as the declaration of a mock of this name, or as an expression.
    pub(crate) fn not_found(&self, name: Option<&Ident>) -> TokenStream {
        let error = missing_error();
        match name {
            Some(name) => quote!(#error pub struct #name;),
            None => quote!({ #error loop {} }),
        }
    }
}

/// The error where `mock-core` is missing.
pub(crate) fn missing_error() -> TokenStream {
    quote! {
        ::core::compile_error! {
            "this crate does not depend on `mock-core`\nhelp: write where it is re-exported, as in `crate = my_support::mock_core`, or add `mock-core` to the dev-dependencies"
        }
    }
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
    fn a_manifest_that_names_mock_core_in_any_way_depends_on_it() {
        for manifest in [
            "[dev-dependencies]\nmock-core = \"0.1\"",
            "[dependencies]\nmock_core = { path = \"..\" }",
            "[dependencies]\nmocks = { package = \"mock-core\", version = \"0.1\" }",
            "[package]\nname = \"mock-core\"",
        ] {
            assert!(names_mock_core(manifest), "{manifest}");
        }
        assert!(!names_mock_core("[dependencies]\nmy-support = \"1\""));
    }

    #[test]
    fn a_path_that_is_given_is_not_missing() {
        assert!(!CratePath(syn::parse_str("my_support::mock_core").ok()).is_missing());
        assert!(!CratePath(None).is_missing(), "these tests depend on it");
    }
}
