//! Completion and hover in a test's options and arguments.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens as _, quote};

use super::options::Options;
use crate::crate_path::CratePath;
use crate::editor_only_code::{Seen, item};
use crate::syntax::{is_comma, is_name, is_type_name};
use crate::words::{OPTIONS, Words};

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
        let takes = word.as_ref().and_then(|word| OPTIONS.find_ident(word));
        Seen::Word("options", word).to_tokens(&mut seen);
        if let (Some(words), Some(value)) = (
            takes.and_then(|word| word.takes.beginnings()),
            option.get(2..),
        ) {
            values(words, value, &mut seen);
        }
    }
    (!seen.is_empty()).then(|| item(&options.crate_path, &seen))
}

/// The words in the value of an option: one, or a list of them.
fn values(words: &'static Words, value: &[TokenTree], seen: &mut TokenStream) {
    match value {
        [] => Seen::Word(words.module, None).to_tokens(seen),
        [TokenTree::Ident(word), ..] if is_name(word) => {
            Seen::Word(words.module, Some(word.clone())).to_tokens(seen)
        }
        [TokenTree::Group(list), ..] => {
            let list: Vec<_> = list.stream().into_iter().collect();
            list.split(is_comma)
                .for_each(|value| values(words, value, seen));
        }
        _ => {}
    }
}

/// The only word in `#[mock(..)]`, or none yet. It may become the first word of a mock or the name of a declared mock.
pub(super) fn argument(tokens: &TokenStream, crate_path: &CratePath) -> Option<TokenStream> {
    let mut tokens = tokens.clone().into_iter();
    let word = match (tokens.next(), tokens.next()) {
        (None, _) => None,
        (Some(TokenTree::Ident(word)), None) if is_name(&word) && !is_type_name(&word) => {
            Some(word)
        }
        _ => return None,
    };
    let seen = Seen::WordOrCode("entries", word);
    Some(item(crate_path, &quote!(#seen)))
}
