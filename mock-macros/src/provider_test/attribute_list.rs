//! The values in the parentheses of an attribute.

use syn::punctuated::Punctuated;
use syn::{Expr, MetaList, Token};

use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::mock_provider::report_number_mistake;
use crate::syntax::expressions;

/// The expressions in the parentheses of an attribute; `None` if they do not parse, and that has been reported.
pub(super) fn expressions_in(
    list: &MetaList,
    lint: Lint,
    message: &str,
    help: &str,
    diagnostics: &Diagnostics,
) -> Option<Vec<Expr>> {
    let parse = Punctuated::<Expr, Token![,]>::parse_terminated;
    match list.parse_args_with(parse) {
        Ok(parsed) => Some(expressions(&parsed)),
        Err(error) => {
            if !report_number_mistake(list.tokens.clone(), diagnostics) {
                diagnostics.error(lint, error.span(), message, help);
            }
            None
        }
    }
}
