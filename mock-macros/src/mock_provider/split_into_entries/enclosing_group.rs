//! The group around tokens that do not parse.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::Ident;

use crate::syntax::is_punct;

/// The group that tokens stand in, and the word before it.
#[derive(Clone, Copy, Default)]
pub(super) struct Enclosing<'a> {
    pub(super) delimiter: Option<Delimiter>,
    pub(super) word: Option<&'a Ident>,
    /// Whether it is in the value of `tools`.
    pub(super) are_tools: bool,
}

impl<'a> Enclosing<'a> {
    /// The word in whose parentheses the tokens stand.
    pub(super) fn called(self) -> Option<&'a Ident> {
        let in_parentheses = self.delimiter == Some(Delimiter::Parenthesis);
        self.word.filter(|_| in_parentheses)
    }
}

pub(super) fn is_keyword(word: &str) -> bool {
    let mut tokens = word.parse::<TokenStream>().unwrap_or_default().into_iter();
    let is_word = matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Ident(_)), None)
    );
    is_word && syn::parse_str::<Ident>(word).is_err()
}

/// Whether the next token is there, and is this sign.
pub(super) fn is_next(token: Option<&TokenTree>, punct: char) -> bool {
    token.is_some_and(|token| is_punct(token, punct))
}
