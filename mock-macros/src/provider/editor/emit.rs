//! The items that are emitted.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::Editor;
use crate::crate_path::CratePath;

impl Editor {
    pub(super) fn emit(mut self) -> TokenStream {
        let words = &self.words;
        let tools = self.tools.emit();
        let turns = &self.turns;
        let turns = (!turns.is_empty()).then(|| quote!(enum turns { #(#turns),* }));
        let templates = self.templates(tools.is_some());
        quote!(#(#words)* { #tools #turns #templates })
    }

    /// Templates as what the compiler knows: the texts of `format_args!`, whose variables are items.
    fn templates(&self, are_tools: bool) -> Option<TokenStream> {
        let templates = &self.templates;
        let captures = self.captures.iter().map(|(name, pattern)| {
            let pattern = pattern.value();
            quote!(static #name: &str = #pattern;)
        });
        let tools = are_tools.then(|| quote! { use tools::*; });
        (!templates.is_empty()).then(|| {
            quote!({
                use ::core::primitive::str;
                use words::variables::*;
                #tools
                #(#captures)*
                #(::core::format_args!(#templates);)*
            })
        })
    }
}

/// What is written where one of a module's words may stand.
pub(crate) enum Seen {
    /// A word, right or not, or none yet.
    Word(&'static str, Option<Ident>),
    /// The same, where it may be of the user's code too.
    WordOrCode(&'static str, Option<Ident>),
}

/// As paths of values: that there is no such word is reported once. They stand as they come, and look alike with a word or without: one
/// that is being completed is looked up where, before it was begun, the same module stood.
impl ToTokens for Seen {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Seen::Word(module, word) => {
                let module = format_ident!("{module}");
                let word = word.as_ref().map(|word| quote!(::#word));
                quote!(words::#module #word;)
            }
            Seen::WordOrCode(module, word) => {
                let module = format_ident!("{module}");
                let word = word.as_ref().map(|word| quote!(#word;));
                quote!({ use words::#module::*; #word })
            }
        });
    }
}

/// An item with statements that only editors read.
pub(crate) fn item(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    let block = block(crate_path, statements);
    quote!(#[allow(nonstandard_style, unexpected_cfgs)] const _: () = #block;)
}

/// The same as a statement, in which local variables are what they are.
pub(crate) fn statement(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    let block = block(crate_path, statements);
    quote!(#[allow(nonstandard_style, unexpected_cfgs)] #block)
}

fn block(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    quote!({
        #[cfg(rust_analyzer)]
        {
            use #crate_path::__private::words;
            #statements
        }
    })
}
