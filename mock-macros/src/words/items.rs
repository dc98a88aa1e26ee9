//! The words as items, for editors.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse_str;

use super::{ALL, Place, Word, Words};

/// A module for each list of words, with an item for each word: its value is an example, its docs what it means.
pub(crate) fn items() -> TokenStream {
    ALL.iter().map(|words| module(words)).collect()
}

fn module(words: &Words) -> TokenStream {
    let ident = |name| Ident::new(name, Span::call_site());
    let (module, about) = (ident(words.module), words.about);
    let included = words.includes.iter().map(|words| ident(words.module));
    let items = words
        .own
        .iter()
        .map(|word| item(word, words.module == "types"));
    quote! {
        #[doc = #about]
        pub mod #module {
            #(pub use super::#included::*;)*
            #(#items)*
        }
    }
}

/// `None` where the word is a keyword, as `crate` is.
fn item(word: &Word, is_type: bool) -> Option<TokenStream> {
    let name = parse_str::<Ident>(word.word).ok()?;
    let (says, example) = (word.says, word.example);
    let item = match (is_type, word.takes) {
        (true, Place::Type) => quote!(pub struct #name<T = ()>(pub T);),
        (true, _) => quote!(pub struct #name;),
        (false, _) => quote!(pub const #name: &str = #example;),
    };
    Some(quote!(#[doc = #says] #item))
}
