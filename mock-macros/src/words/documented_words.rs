//! The words as items, for editors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::parse_str;

use super::{ALL, SyntaxKind, Word, Words};

/// A module for each list of words, with an item for each word: its value is an example, its docs what it means.
pub(crate) fn items() -> TokenStream {
    let mut items = TokenStream::new();
    for words in ALL {
        module(words).to_tokens(&mut items);
    }
    items
}

fn module(words: &Words) -> TokenStream {
    let ident = |name| Ident::new(name, Span::call_site());
    let (module, about) = (ident(words.module), words.about);
    let mut items = TokenStream::new();
    for included in words.includes {
        let included = ident(included.module);
        quote!(pub use super::#included::*;).to_tokens(&mut items);
    }
    for word in words.own {
        item(word, words.module == "types").to_tokens(&mut items);
    }
    quote! {
        #[doc = #about]
        pub mod #module { #items }
    }
}

/// `None` where the word is a keyword, as `crate` is.
fn item(word: &Word, is_type: bool) -> Option<TokenStream> {
    let name = parse_str::<Ident>(word.word).ok()?;
    let (says, example) = (word.says, word.example);
    let item = match (is_type, word.takes) {
        (true, SyntaxKind::Type) => quote!(pub struct #name<T = ()>(pub T);),
        (true, _) => quote!(pub struct #name;),
        (false, _) => quote!(pub const #name: &str = #example;),
    };
    Some(quote!(#[doc = #says] #item))
}
