//! What expressions are, looked at from outside.

use syn::Expr;

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
