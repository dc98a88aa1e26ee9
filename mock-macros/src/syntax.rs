//! What expressions are, looked at from outside.

use proc_macro2::TokenTree;
use syn::ext::IdentExt as _;
use syn::{Attribute, Expr, Ident, Type};

/// An expression without the parentheses, or the invisible groups of a `macro_rules!`, around it.
pub(crate) fn bare(mut expr: &Expr) -> &Expr {
    loop {
        expr = match expr {
            Expr::Group(group) => &group.expr,
            Expr::Paren(paren) => &paren.expr,
            bare => return bare,
        };
    }
}

/// Whether an item can be called so, which a keyword cannot.
pub(crate) fn is_name(word: &Ident) -> bool {
    syn::parse2::<Ident>(TokenTree::from(word.clone()).into()).is_ok()
}

/// Whether a word looks like the name of a type: `Weather`, `_Weather`, and what has no upper case.
pub(crate) fn is_type_name(word: &Ident) -> bool {
    let word = word.unraw().to_string();
    let mut letters = word.trim_start_matches('_').chars();
    letters.next().is_some_and(|first| !first.is_lowercase())
}

/// The same of a type.
pub(crate) fn bare_type(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            bare => return bare,
        };
    }
}

/// Tells the attributes of an expression, and of those that it is made of where the grammar has any. Closures and blocks are the user's.
pub(crate) fn attributes(expr: &Expr, tell: &mut dyn FnMut(&[Attribute])) {
    let mut within = |part: &Expr| attributes(part, tell);
    let own = match expr {
        Expr::Lit(expr) => &expr.attrs,
        Expr::Path(expr) => &expr.attrs,
        Expr::Group(expr) => {
            within(&expr.expr);
            &expr.attrs
        }
        Expr::Paren(expr) => {
            within(&expr.expr);
            &expr.attrs
        }
        Expr::Unary(expr) => {
            within(&expr.expr);
            &expr.attrs
        }
        Expr::Call(expr) => {
            expr.args.iter().for_each(within);
            &expr.attrs
        }
        Expr::MethodCall(expr) => {
            within(&expr.receiver);
            expr.args.iter().for_each(within);
            &expr.attrs
        }
        Expr::Struct(expr) => {
            expr.fields.iter().for_each(|field| within(&field.expr));
            &expr.attrs
        }
        Expr::Array(expr) => {
            expr.elems.iter().for_each(within);
            &expr.attrs
        }
        Expr::Tuple(expr) => {
            expr.elems.iter().for_each(within);
            &expr.attrs
        }
        Expr::Range(expr) => {
            expr.start
                .iter()
                .chain(&expr.end)
                .for_each(|end| within(end));
            &expr.attrs
        }
        _ => return,
    };
    tell(own);
}
