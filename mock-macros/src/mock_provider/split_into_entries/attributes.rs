//! Attributes where none may stand.

use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Token};

use super::super::words;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::syntax::{elements, path_word};

pub(super) fn attributes(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    match input.call(Attribute::parse_outer) {
        Ok(attributes) => no_attributes(&attributes, diagnostics),
        Err(error) => diagnostics.syntax(Lint::EntryAttributes, &error, "remove this"),
    }
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
    within(expr, &mut |found| no_attributes(found, diagnostics));
}

/// Tells the attributes of an expression, and of those that it is made of where the grammar has any. Closures, blocks and what other
/// functions are given are the user's.
fn within(expr: &Expr, tell: &mut dyn FnMut(&[Attribute])) {
    let own = match expr {
        Expr::Lit(expr) => &expr.attrs,
        Expr::Path(expr) => &expr.attrs,
        Expr::Group(expr) => {
            within(&expr.expr, tell);
            &expr.attrs
        }
        Expr::Paren(expr) => {
            within(&expr.expr, tell);
            &expr.attrs
        }
        Expr::Unary(expr) => {
            within(&expr.expr, tell);
            &expr.attrs
        }
        Expr::Call(expr) => {
            if path_word(&expr.func).is_some_and(words::is_word) {
                within_all(&expr.args, tell);
            }
            &expr.attrs
        }
        Expr::MethodCall(expr) => {
            within(&expr.receiver, tell);
            if words::is_word(&expr.method) {
                within_all(&expr.args, tell);
            }
            &expr.attrs
        }
        Expr::Struct(expr) => {
            for &field in &elements(&expr.fields) {
                within(&field.expr, tell);
            }
            &expr.attrs
        }
        Expr::Array(expr) => {
            within_all(&expr.elems, tell);
            &expr.attrs
        }
        Expr::Tuple(expr) => {
            within_all(&expr.elems, tell);
            &expr.attrs
        }
        Expr::Range(expr) => {
            if let Some(start) = &expr.start {
                within(start, tell);
            }
            if let Some(end) = &expr.end {
                within(end, tell);
            }
            &expr.attrs
        }
        _ => return,
    };
    tell(own);
}

fn within_all(list: &Punctuated<Expr, Token![,]>, tell: &mut dyn FnMut(&[Attribute])) {
    for expr in list {
        within(expr, tell);
    }
}
