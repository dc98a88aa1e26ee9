//! `mock_provider!`: parse, model, check, expand.

mod check;
mod expand;
mod json;
mod model;
mod parse;
mod text;
mod words;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostics::Diagnostics;
use model::Mock;
use parse::Body;

/// Expands `mock_provider!(..)`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::default();
    let mock = read(input, &diagnostics);
    let errors = diagnostics.into_compile_errors();
    if mock.name.is_some() {
        let items = expand::items(&mock);
        quote!(#errors #items)
    } else if mock.is_declaration {
        errors
    } else {
        let mock = expand::expression(&mock);
        quote!({ #errors #mock })
    }
}

/// Whether a word begins a turn, or is another of the grammar's.
pub(crate) fn is_word(word: &syn::Ident) -> bool {
    let known = [words::ACTIONS, words::MATCHERS, words::KEYS];
    known
        .iter()
        .any(|words| words.iter().any(|known| word == known))
}

/// The scenario of `#[mock(..)]`, as an expression of the type `Cow<'static, Scenario>`.
pub(crate) fn scenario(
    input: TokenStream,
    crate_path: &crate::crate_path::CratePath,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let mut mock = read(input, diagnostics);
    if let Some(name) = &mock.name {
        diagnostics.error(
            name.span(),
            format!("a mock of one argument has no name, found `{name}`"),
            format!("declare it with `mock_provider!({name}, ..)` and write `#[mock({name})]`, or leave out `{name}`"),
        );
    }
    if mock.crate_path.0.is_none() {
        mock.crate_path.0.clone_from(&crate_path.0);
    }
    expand::scenario(&mock)
}

fn read(input: TokenStream, diagnostics: &Diagnostics) -> Mock {
    let body = Body::parse(input, diagnostics);
    let mock = Mock::of(body, diagnostics);
    check::check(&mock, diagnostics);
    mock
}

#[cfg(test)]
mod tests;
