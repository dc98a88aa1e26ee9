//! What an editor sees of a test.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

use super::options::Options;
use crate::crate_path::CratePath;
use crate::provider::editor::{Seen, item};
use crate::syntax::{is_comma, is_name, is_type_name};

/// The options of a test, where there are any.
pub(super) fn options(tokens: TokenStream, options: &Options) -> Option<TokenStream> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    if tokens.is_empty() {
        return None;
    }
    let mut seen = TokenStream::new();
    for option in tokens.split(is_comma) {
        let word = match option.first() {
            Some(TokenTree::Ident(word)) if is_name(word) => Some(word.clone()),
            Some(_) => continue,
            None => None,
        };
        Seen::Word("options", word).to_tokens(&mut seen);
    }
    (!seen.is_empty()).then(|| item(&options.crate_path, &seen))
}

/// What stands alone in `#[mock(..)]`, or is to come, which may become the first word of a mock or the name of a declared one.
pub(super) fn argument(tokens: &TokenStream, crate_path: &CratePath) -> Option<TokenStream> {
    let word = match syn::parse2::<Option<Ident>>(tokens.clone()).ok()? {
        Some(name) if is_type_name(&name) => return None,
        word => word,
    };
    let seen = Seen::WordOrCode("entries", word);
    Some(item(crate_path, &quote!(#seen)))
}
