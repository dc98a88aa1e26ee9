//! Values of cases that only a mock of the test uses. Without more, the compiler would call such an argument unused.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::{FnArg, Meta, Pat, PatIdent, PatType, Signature};

use super::test_fn::TestFn;
use crate::syntax::{is_punct, split_at, stream};

/// The values that the mocks of a test use.
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

/// Has the body use each argument that a mock uses: the mock uses the variable of which the argument is made.
pub(super) fn use_in_body(test: &mut TestFn, mocks: &TokenStream) {
    let mut uses = TokenStream::new();
    for input in &test.signature.inputs {
        if let FnArg::Typed(PatType { pat, .. }) = input
            && let Pat::Ident(PatIdent { ident, .. }) = &**pat
            && mentions(mocks, ident)
        {
            quote!(let _ = &#ident;).to_tokens(&mut uses);
        }
    }
    if !uses.is_empty() {
        test.body = begun_with(uses, std::mem::take(&mut test.body));
    }
}

/// A block with these statements before all others, but behind its attributes.
fn begun_with(statements: TokenStream, block: TokenStream) -> TokenStream {
    let Some(TokenTree::Group(block)) = block.clone().into_iter().next() else {
        return block;
    };
    let within: Vec<_> = block.stream().into_iter().collect();
    let attributes = within
        .chunks(3)
        .take_while(|tokens| is_inner_attribute(tokens));
    let (attributes, rest) = split_at(&within, attributes.count().saturating_mul(3));
    let (attributes, rest) = (stream(attributes), stream(rest));
    let mut begun = Group::new(block.delimiter(), quote!(#attributes #statements #rest));
    begun.set_span(block.span());
    TokenTree::from(begun).into()
}

fn is_inner_attribute(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [number, bang, TokenTree::Group(_)] if is_punct(number, '#') && is_punct(bang, '!'))
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
