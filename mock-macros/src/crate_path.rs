//! The path to `mock-core` in expansions.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// `::mock_core`, or what `crate = path` says.
#[derive(Default)]
pub(crate) struct CratePath(pub(crate) Option<Path>);

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote!(::mock_core)),
        }
    }
}
