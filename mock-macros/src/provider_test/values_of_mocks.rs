//! Values of cases that only a mock of the test uses. Without more, the compiler would call such an argument unused.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{FnArg, Meta, Pat, PatType, Signature, parse_quote};

use super::test_fn::{TestFn, prepares_thread};
use crate::search::Search as _;

/// What the mocks of a test say.
pub(super) fn tokens_of_mocks(signature: &Signature) -> TokenStream {
    let mut tokens = TokenStream::new();
    for input in &signature.inputs {
        if let FnArg::Typed(typed) = input {
            for attribute in &typed.attrs {
                if let (true, Meta::List(list)) =
                    (attribute.path().is_ident("mock"), &attribute.meta)
                {
                    tokens.extend(list.tokens.clone());
                }
            }
        }
    }
    tokens
}

/// Takes the name away from each argument that a mock uses and the body does not. The mock uses the variable of which the argument is made.
pub(super) fn unname(test: &mut TestFn, mocks: &TokenStream) {
    // `#[instrument]` records the arguments by their names.
    if test
        .attributes
        .any(&|attribute| prepares_thread(&attribute.meta))
    {
        return;
    }
    for index in 0..test.signature.inputs.len() {
        if let Some(FnArg::Typed(PatType { pat, .. })) = test.signature.inputs.get_mut(index)
            && let Pat::Ident(named) = &**pat
            && mentions(mocks, &named.ident)
            && !mentions(&test.body, &named.ident)
        {
            **pat = parse_quote!(_);
        }
    }
}

/// Whether the name occurs, or may occur in a text, as in `format!("{city}")`.
fn mentions(tokens: &TokenStream, name: &Ident) -> bool {
    for token in tokens.to_token_stream() {
        let is_there = match &token {
            TokenTree::Ident(ident) => ident == name,
            TokenTree::Literal(literal) => literal.to_string().contains(&format!("{{{name}")),
            TokenTree::Group(group) => mentions(&group.stream(), name),
            TokenTree::Punct(_) => false,
        };
        if is_there {
            return true;
        }
    }
    false
}
