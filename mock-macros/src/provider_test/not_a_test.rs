//! Reports an item that is not a test. The compiler parses the item before the macro does and reports most mistakes; the macro does not
//! repeat them.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, FnArg, Ident, Pat, Token, Visibility, parenthesized, token};

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;

/// Reports an item that is not a test, as the parser found it. Returns the item, or what is left of it.
pub(super) fn report(item: TokenStream, error: &Error, diagnostics: &Diagnostics) -> TokenStream {
    match item_kind(item.clone()) {
        ItemKind::HasUntypedArgument => item,
        // The compiler drops the wrong argument, and would report that `#[mock]` or the argument's name is not found. If it does accept this
        // fn, the test fails.
        ItemKind::Fn(name) => quote! {
            #[::core::prelude::v1::test]
            fn #name() {
                ::core::panic!("`#[provider_test]` cannot read this test")
            }
        },
        ItemKind::NotAFn => {
            diagnostics.syntax(
                Lint::NotAnAsyncFn,
                error,
                "`#[provider_test]` goes before an `async fn`",
            );
            item
        }
    }
}

/// What the compiler has parsed, although `syn` cannot. If it is a fn, the compiler has reported why.
enum ItemKind {
    /// A fn without parentheses, or with an argument that has no type.
    HasUntypedArgument,
    /// Any other fn, and its name.
    Fn(Ident),
    NotAFn,
}

fn item_kind(item: TokenStream) -> ItemKind {
    let mut kind = ItemKind::NotAFn;
    let read = |input: ParseStream<'_>| {
        kind = begins(input)?;
        rest(input)
    };
    // It fails if something remains unread in an attribute, although the kind is known.
    let _ = read.parse2(item);
    kind
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
    let name = input.call(Ident::parse_any)?;
    if input.peek(token::Brace) {
        return Ok(ItemKind::HasUntypedArgument);
    }
    if !input.peek(token::Paren) {
        return Ok(ItemKind::Fn(name));
    }
    let content;
    parenthesized!(content in input);
    let is_untyped = has_no_type(&content).unwrap_or(false);
    rest(&content)?;
    Ok(match is_untyped {
        true => ItemKind::HasUntypedArgument,
        false => ItemKind::Fn(name),
    })
}

/// Whether the first argument that does not parse ends where its type should stand.
fn has_no_type(input: ParseStream<'_>) -> syn::Result<bool> {
    while input.fork().parse::<FnArg>().is_ok() {
        input.parse::<FnArg>()?;
        input.parse::<Token![,]>()?;
    }
    let is_end = |input: ParseStream<'_>| input.is_empty() || input.peek(Token![,]);
    let argument = input.fork();
    argument.call(Attribute::parse_outer)?;
    if !is_end(&argument) {
        Pat::parse_single(&argument)?;
        argument.parse::<Option<Token![:]>>()?;
    }
    Ok(is_end(&argument))
}

fn rest(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}
