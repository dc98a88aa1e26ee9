//! Reports an item that is not a test. The compiler parses the item before the macro does and reports most mistakes; the macro does not
//! repeat them.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, FnArg, Ident, Pat, Token, Visibility, parenthesized, token};

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;

/// Reports an item that is not a test, as the parser found it.
pub(super) fn report(item: &TokenStream, error: &Error, diagnostics: &Diagnostics) {
    let (lint, help) = match item_kind.parse2(item.clone()) {
        Ok(ItemKind::ReportedByCompiler) => return,
        Ok(ItemKind::Fn) => (
            Lint::TestSignature,
            "write a test as in `async fn answers(llm: MockLlm) { .. }`",
        ),
        Ok(ItemKind::NotAFn) | Err(_) => (
            Lint::NotAnAsyncFn,
            "`#[provider_test]` goes before an `async fn`",
        ),
    };
    let (lint, message) = match error.to_string() {
        list if list.starts_with("expected one of") => (
            Lint::TestSignature,
            "this does not belong to a test".to_owned(),
        ),
        message => (lint, message),
    };
    diagnostics.error(lint, error.span(), message, help);
}

enum ItemKind {
    /// A fn without parentheses, or with an argument that has no type: the compiler reports it.
    ReportedByCompiler,
    /// Any other fn.
    Fn,
    /// No fn at all.
    NotAFn,
}

fn item_kind(input: ParseStream<'_>) -> syn::Result<ItemKind> {
    let what = begins(input)?;
    rest(input)?;
    Ok(what)
}

fn begins(input: ParseStream<'_>) -> syn::Result<ItemKind> {
    input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    while input.peek(Token![const]) || input.peek(Token![async]) || input.peek(Token![unsafe]) {
        input.parse::<TokenTree>()?;
    }
    if input.parse::<Option<Token![fn]>>()?.is_none() {
        return Ok(ItemKind::NotAFn);
    }
    input.call(Ident::parse_any)?;
    if input.peek(token::Brace) {
        return Ok(ItemKind::ReportedByCompiler);
    }
    if !input.peek(token::Paren) {
        return Ok(ItemKind::Fn);
    }
    let content;
    parenthesized!(content in input);
    let is_reported = has_no_type(&content).unwrap_or(false);
    rest(&content)?;
    Ok(match is_reported {
        true => ItemKind::ReportedByCompiler,
        false => ItemKind::Fn,
    })
}

/// Whether the first argument that does not parse ends where its type should stand.
fn has_no_type(input: ParseStream<'_>) -> syn::Result<bool> {
    let is_end = |input: ParseStream<'_>| input.is_empty() || input.peek(Token![,]);
    while !input.is_empty() {
        let argument = input.fork();
        if input.parse::<FnArg>().is_err() {
            argument.call(Attribute::parse_outer)?;
            if !is_end(&argument) {
                Pat::parse_single(&argument)?;
                argument.parse::<Option<Token![:]>>()?;
            }
            return Ok(is_end(&argument));
        }
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(false)
}

fn rest(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
