//! The items that are emitted for a mock.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::Editor;

impl Editor {
    pub(super) fn emit(mut self) -> TokenStream {
        let mut words = TokenStream::new();
        for word in &self.words {
            word.to_tokens(&mut words);
        }
        let tools = self.tools.emit();
        let mut turns = TokenStream::new();
        for turn in &self.turns {
            quote!(#turn,).to_tokens(&mut turns);
        }
        let turns = (!turns.is_empty()).then(|| quote!(enum turns { #turns }));
        let templates = self.templates(tools.is_some());
        quote!(#words { #tools #turns #templates })
    }

    /// Templates as what the compiler knows: the texts of `format_args!`, whose variables are items.
    fn templates(&self, are_tools: bool) -> Option<TokenStream> {
        if self.templates.is_empty() {
            return None;
        }
        let mut statements = TokenStream::new();
        for (name, pattern) in &self.captures {
            let pattern = pattern.value();
            quote!(static #name: &str = #pattern;).to_tokens(&mut statements);
        }
        for template in &self.templates {
            quote!(::core::format_args!(#template);).to_tokens(&mut statements);
        }
        let tools = are_tools.then(|| quote! { use tools::*; });
        Some(quote!({
            use ::core::primitive::str;
            use words::variables::*;
            #tools
            #statements
        }))
    }
}
