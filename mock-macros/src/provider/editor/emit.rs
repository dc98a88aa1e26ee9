//! The items that are emitted.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::Editor;
use crate::crate_path::CratePath;

impl Editor {
    pub(super) fn emit(mut self, crate_path: &CratePath) -> TokenStream {
        let words = words(&self.words, &self.unknown);
        let tools = self.tools.emit();
        let turns = &self.turns;
        let turns = (!turns.is_empty()).then(|| quote!(enum turns { #(#turns),* }));
        let templates = self.templates();
        for_editors(crate_path, &quote!(#words #tools #turns #templates))
    }

    /// Templates as what the compiler knows: the texts of `format_args!`, whose variables are items.
    fn templates(&self) -> Option<TokenStream> {
        let templates = &self.templates;
        let captures = self.captures.iter().enumerate();
        let captures = captures.filter_map(|(index, (name, pattern))| {
            let mut earlier = self.captures.iter().take(index);
            let is_new = !earlier.any(|(earlier, _)| earlier == name);
            let mut name = syn::parse_str::<Ident>(name).ok().filter(|_| is_new)?;
            // It stands in the pattern. With a span of the user's, to rename it would be to replace all of the pattern.
            name.set_span(pattern.span().resolved_at(Span::mixed_site()));
            let pattern = pattern.value();
            Some(quote!(static #name: &str = #pattern;))
        });
        (!templates.is_empty()).then(|| {
            quote!({
                use words::variables::*;
                #(#captures)*
                #(::core::format_args!(#templates);)*
            })
        })
    }
}

/// Words, each with the module that it is in, and those that are none, or are to come.
pub(crate) fn words(
    known: &[(&'static str, Ident)],
    unknown: &[(&'static str, Option<Ident>)],
) -> TokenStream {
    let mut modules: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (module, word) in known {
        modules.entry(*module).or_default().push(word);
    }
    let modules = modules.iter().map(|(module, words)| {
        let module = format_ident!("{module}");
        quote!(#module::{#(#words),*})
    });
    let known = (!known.is_empty()).then(|| quote!({ use words::{#(#modules),*}; }));
    // As paths of values: that there is no such word is reported once. A word that is being completed is looked up where, without it,
    // the same module stands; so those with a word stand first.
    let mut unknown: Vec<_> = unknown.iter().collect();
    unknown.sort_by_key(|(module, word)| (*module, word.is_none()));
    let unknown = unknown.iter().map(|(module, word)| {
        let module = format_ident!("{module}");
        let word = word.as_ref().map(|word| quote!(::#word));
        quote!(words::#module #word;)
    });
    quote! {
        #known
        #(#unknown)*
    }
}

/// Statements that only editors read.
pub(crate) fn for_editors(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    quote! {
        #[allow(nonstandard_style, unexpected_cfgs)]
        const _: () = {
            #[cfg(rust_analyzer)]
            {
                use #crate_path::__private::words;
                #statements
            }
        };
    }
}
