//! The group around tokens that do not parse.

use proc_macro2::{Delimiter, TokenTree};
use syn::Ident;
use syn::ext::IdentExt as _;
use syn::parse::Parser as _;

/// The group that tokens stand in, and the word before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Enclosing<'a> {
    pub(super) delimiter: Option<Delimiter>,
    pub(super) word: Option<&'a Ident>,
}

pub(super) fn is_keyword(word: &str) -> bool {
    let is_word = Ident::parse_any.parse_str(word).is_ok();
    is_word && syn::parse_str::<Ident>(word).is_err()
}

pub(super) fn is_punct(token: &TokenTree, punct: char) -> bool {
    match token {
        TokenTree::Punct(token) => token.as_char() == punct,
        _ => false,
    }
}
