//! Attributes where none may stand.

use syn::parse::ParseStream;
use syn::{Attribute, Expr};

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
    let mut part = |part: &Expr| within(part, tell);
    let own = match expr {
        Expr::Lit(expr) => &expr.attrs,
        Expr::Path(expr) => &expr.attrs,
        Expr::Group(expr) => {
            part(&expr.expr);
            &expr.attrs
        }
        Expr::Paren(expr) => {
            part(&expr.expr);
            &expr.attrs
        }
        Expr::Unary(expr) => {
            part(&expr.expr);
            &expr.attrs
        }
        Expr::Call(expr) => {
            if path_word(&expr.func).is_some_and(words::is_word) {
                elements(&expr.args).into_iter().for_each(part);
            }
            &expr.attrs
        }
        Expr::MethodCall(expr) => {
            part(&expr.receiver);
            if words::is_word(&expr.method) {
                elements(&expr.args).into_iter().for_each(part);
            }
            &expr.attrs
        }
        Expr::Struct(expr) => {
            for field in elements(&expr.fields) {
                part(&field.expr);
            }
            &expr.attrs
        }
        Expr::Array(expr) => {
            elements(&expr.elems).into_iter().for_each(part);
            &expr.attrs
        }
        Expr::Tuple(expr) => {
            elements(&expr.elems).into_iter().for_each(part);
            &expr.attrs
        }
        Expr::Range(expr) => {
            for end in [&expr.start, &expr.end].into_iter().flatten() {
                part(end);
            }
            &expr.attrs
        }
        _ => return,
    };
    tell(own);
}
