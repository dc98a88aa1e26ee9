//! What is said of a test that is written by half.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, FnArg, Ident, Pat, Token, Visibility, parenthesized, token};

use crate::diagnostics::{Diagnostics, written};
use crate::rule::Rule;

/// Reports an item that is no test, as the parser found it.
pub(super) fn report(item: &TokenStream, error: &Error, diagnostics: &Diagnostics) {
    let what = what.parse2(item.clone());
    match what.unwrap_or(What::Else) {
        What::Fn => diagnostics.syntax(
            Rule::TestSignature,
            error,
            "write a test as in `async fn answers(llm: MockLlm) { .. }`",
        ),
        What::NoType(argument) => {
            let argument_text = written(&argument);
            diagnostics.error_at(
                Rule::TestSignature,
                argument,
                format!("the argument `{argument_text}` has no type"),
                format!("write `{argument_text}: MockLlm`"),
            );
        }
        What::NoArgument(attributes) => diagnostics.error_at(
            Rule::TestSignature,
            attributes,
            "no argument stands behind this attribute",
            "write one, as in `#[mock(..)] llm: MockLlm`",
        ),
        What::Else => diagnostics.syntax(
            Rule::NotAnAsyncFn,
            error,
            "`#[provider_test]` stands before an `async fn`",
        ),
    }
}

enum What {
    /// A fn that does not parse.
    Fn,
    NoType(TokenStream),
    NoArgument(TokenStream),
    /// No fn at all.
    Else,
}

fn what(input: ParseStream<'_>) -> syn::Result<What> {
    let what = begins_fn(input)?;
    rest(input)?;
    Ok(what)
}

fn begins_fn(input: ParseStream<'_>) -> syn::Result<What> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    while input.peek(Token![const]) || input.peek(Token![async]) || input.peek(Token![unsafe]) {
        input.parse::<TokenTree>()?;
    }
    if input.parse::<Option<Token![fn]>>()?.is_none() {
        return Ok(What::Else);
    }
    if input.peek(Ident::peek_any) && input.peek2(token::Paren) {
        input.call(Ident::parse_any)?;
        let content;
        parenthesized!(content in input);
        let slip = arguments(&content);
        rest(&content)?;
        return Ok(slip.unwrap_or(What::Fn));
    }
    Ok(What::Fn)
}

/// The first argument that is none.
fn arguments(input: ParseStream<'_>) -> Option<What> {
    while !input.is_empty() {
        let argument = input.fork();
        if input.parse::<FnArg>().is_err() {
            return slip(&argument).ok().flatten();
        }
        input.parse::<Token![,]>().ok()?;
    }
    None
}

fn slip(input: ParseStream<'_>) -> syn::Result<Option<What>> {
    let is_end = |input: ParseStream<'_>| input.is_empty() || input.peek(Token![,]);
    let attributes = input.call(Attribute::parse_outer)?;
    if is_end(input) {
        let attributes = attributes
            .iter()
            .map(|attribute| attribute.to_token_stream());
        return Ok(Some(What::NoArgument(attributes.collect())));
    }
    let argument = Pat::parse_single(input)?.into_token_stream();
    input.parse::<Option<Token![:]>>()?;
    Ok(is_end(input).then_some(What::NoType(argument)))
}

fn rest(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
