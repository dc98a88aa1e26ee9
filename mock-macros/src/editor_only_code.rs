//! Items that only editors read: they complete the words of the macros, and show what is known of them.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::Token;

use crate::crate_path::CratePath;

/// A word as an editor sees it.
pub(crate) enum Seen {
    /// A word, right or not, or none yet.
    Word(&'static str, Option<Ident>),
    /// The same, where it may be of the user's code too.
    WordOrCode(&'static str, Option<Ident>),
}

/// As paths of values: that there is no such word is reported once. They stand as they come, and look alike with a word or without: one
/// that is being completed is looked up where, before it was begun, the same module stood.
impl ToTokens for Seen {
    /// There are many: token by token, as a `quote!` within another takes longer.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let (Seen::Word(module, word) | Seen::WordOrCode(module, word)) = self;
        let module = Ident::new(module, Span::call_site());
        match self {
            Seen::Word(..) => {
                tokens.append(Ident::new("words", Span::call_site()));
                <Token![::]>::default().to_tokens(tokens);
                tokens.append(module);
                if let Some(word) = word {
                    <Token![::]>::default().to_tokens(tokens);
                    tokens.append(word.clone());
                }
                <Token![;]>::default().to_tokens(tokens);
            }
            Seen::WordOrCode(..) => {
                let word = word.as_ref().map(|word| quote!(#word;));
                let block = quote!(use words::#module::*; #word);
                tokens.append(Group::new(Delimiter::Brace, block));
            }
        }
    }
}

/// An item with statements that only editors read.
pub(crate) fn item(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    let statement = statement(crate_path, statements);
    quote!(const _: () = { #statement };)
}

/// The same as a statement, in which local variables are what they are. It goes through a macro of `mock-core`: a `cfg` would be one of the
/// user's crate, and the compiler warns of names that a crate does not declare.
pub(crate) fn statement(crate_path: &CratePath, statements: &TokenStream) -> TokenStream {
    let private = crate_path.private();
    quote! {
        #private::editor_only! {
            #[allow(nonstandard_style)]
            {
                use #private::words;
                #statements
            }
        }
    }
}
