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
            let pattern = pattern.to_string();
            Some(quote!(static #name: &str = #pattern;))
        });
        (!templates.is_empty()).then(|| {
            quote!({
                use __mock_core::words::variables::*;
                #(#captures)*
                #(__mock_core::core::format_args!(#templates);)*
            })
        })
    }
}

/// Words, each with the module that it is in, and those that are in none yet.
pub(crate) fn words(
    known: &[(&'static str, Ident)],
    unknown: &[(&'static str, Ident)],
) -> TokenStream {
    let mut modules: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (module, word) in known {
        modules.entry(*module).or_default().push(word);
    }
    let modules = modules.iter().map(|(module, words)| {
        let module = format_ident!("{module}");
        quote!(#module::{#(#words),*})
    });
    // As paths of values: that there is no such word is reported once.
    let unknown = unknown.iter().map(|(module, word)| {
        let module = format_ident!("{module}");
        quote!(__mock_core::words::#module::#word;)
    });
    quote! {
        { use __mock_core::words::{#(#modules),*}; }
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
                use #crate_path::__private as __mock_core;
                #statements
            }
        };
    }
}
