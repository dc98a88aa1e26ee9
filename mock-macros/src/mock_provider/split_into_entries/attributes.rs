//! Attributes in places where they are not allowed.

use proc_macro2::TokenTree;
use quote::quote;
use syn::parse::{ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Token, token};

use super::super::words;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::syntax::{elements, ends, path_word};

pub(super) fn attributes(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    match input.call(any_attributes) {
        Ok(attributes) => no_attributes(&attributes, diagnostics),
        Err(error) => diagnostics.syntax(Lint::EntryAttributes, &error, "remove this"),
    }
}

/// Attributes of what follows and, with a `!`, of what is around: `/// ..`, `//! ..`.
pub(super) fn any_attributes(input: ParseStream<'_>) -> syn::Result<Vec<Attribute>> {
    let mut attributes = Vec::new();
    while input.peek(Token![#]) {
        let mut more = match input.peek2(Token![!]) {
            true => input.call(Attribute::parse_inner)?,
            // Parse one attribute at a time: syn's parser of several would accept a `#!` among them.
            false if !input.peek2(token::Bracket) => {
                let mark: Token![#] = input.parse()?;
                let at = if input.is_empty() {
                    mark.span
                } else {
                    input.span()
                };
                return Err(syn::Error::new(at, "expected square brackets"));
            }
            false => {
                let (mark, brackets): (Token![#], TokenTree) = (input.parse()?, input.parse()?);
                Attribute::parse_outer.parse2(quote!(#mark #brackets))?
            }
        };
        attributes.append(&mut more);
    }
    Ok(attributes)
}

pub(crate) fn no_attributes(attributes: &[Attribute], diagnostics: &Diagnostics) {
    for attribute in attributes {
        diagnostics.error_at(
            Lint::EntryAttributes,
            attribute,
            "an entry has no attributes",
            match attribute.path().is_ident("doc") {
                true => "remove this, or write `//` for a comment",
                false => "remove this",
            },
        );
    }
}

pub(super) fn no_attributes_within(expr: &Expr, diagnostics: &Diagnostics) {
    parts(expr, &mut |part| {
        if let Some(attributes) = attributes_of(part) {
            no_attributes(attributes, diagnostics);
        }
    });
}

/// Tells the expressions that an expression is made of where the grammar has any, and then itself. Closures, blocks and what other
/// functions are given are the user's.
pub(super) fn parts(expr: &Expr, tell: &mut dyn FnMut(&Expr)) {
    match expr {
        Expr::Group(group) => parts(&group.expr, tell),
        Expr::Paren(paren) => parts(&paren.expr, tell),
        Expr::Unary(unary) => parts(&unary.expr, tell),
        Expr::Call(call) if path_word(&call.func).is_some_and(words::is_word) => {
            parts_of_all(&call.args, tell);
        }
        Expr::MethodCall(step) => {
            parts(&step.receiver, tell);
            if words::is_word(&step.method) {
                parts_of_all(&step.args, tell);
            }
        }
        Expr::Struct(object) => {
            for &field in &elements(&object.fields) {
                parts(&field.expr, tell);
            }
        }
        Expr::Array(list) => parts_of_all(&list.elems, tell),
        Expr::Tuple(list) => parts_of_all(&list.elems, tell),
        Expr::Range(range) => {
            for &end in &ends(range) {
                parts(end, tell);
            }
        }
        _ => {}
    }
    tell(expr);
}

fn parts_of_all(list: &Punctuated<Expr, Token![,]>, tell: &mut dyn FnMut(&Expr)) {
    for expr in list {
        parts(expr, tell);
    }
}

fn attributes_of(expr: &Expr) -> Option<&[Attribute]> {
    Some(match expr {
        Expr::Lit(expr) => &expr.attrs,
        Expr::Path(expr) => &expr.attrs,
        Expr::Group(expr) => &expr.attrs,
        Expr::Paren(expr) => &expr.attrs,
        Expr::Unary(expr) => &expr.attrs,
        Expr::Call(expr) => &expr.attrs,
        Expr::MethodCall(expr) => &expr.attrs,
        Expr::Struct(expr) => &expr.attrs,
        Expr::Array(expr) => &expr.attrs,
        Expr::Tuple(expr) => &expr.attrs,
        Expr::Range(expr) => &expr.attrs,
        _ => return None,
    })
}
