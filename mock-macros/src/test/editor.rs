//! What an editor sees of the options of a test.

use proc_macro2::{TokenStream, TokenTree};

use super::options::{OPTIONS, Options};
use crate::provider::editor::{for_editors, words};

pub(super) fn items(tokens: TokenStream, options: &Options) -> Option<TokenStream> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
    let given = tokens.split(is_comma).filter_map(<[TokenTree]>::first);
    let given = given.filter_map(|word| match word {
        TokenTree::Ident(word) if word != "crate" => Some(("options", word.clone())),
        _ => None,
    });
    let (known, unknown): (Vec<_>, Vec<_>) =
        given.partition(|(_, word)| OPTIONS.iter().any(|option| word == option));
    let unknown: Vec<_> = unknown
        .into_iter()
        .map(|(module, word)| (module, Some(word)))
        .collect();
    let is_empty = known.is_empty() && unknown.is_empty();
    (!is_empty).then(|| for_editors(&options.crate_path, &words(&known, &unknown)))
}
