//! The script of a mock must fit its models and its capabilities.

use syn::Expr;

use super::super::parse::Mock;
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::literal;

/// The model that answers where a request names none is one that the mock has.
pub(super) fn the_own_model_is_one_of_the_models(mock: &Mock, diagnostics: &Diagnostics) {
    let (Some(own), Some(models)) = (&mock.profile.model, mock.models()) else {
        return;
    };
    let name = |expr: &Expr| literal(expr).map(|name| name.value());
    let Some(own_name) = name(own) else {
        return;
    };
    let is_own = |model: &Expr| name(model).is_none_or(|name| name == own_name);
    if !models.is_empty() && !models.any(&is_own) {
        diagnostics.error_at(
            Lint::WrongValue,
            own,
            format_args!("`models` lacks the mock's own model `{own_name}`"),
            format_args!("add `\"{own_name}\"` to `models`"),
        );
    }
}

/// A mock that has not the capability of tools calls none.
pub(super) fn calls_are_capabilities(mock: &Mock, diagnostics: &Diagnostics) {
    if !mock.lacks("capabilities", "tools") {
        return;
    }
    for &call in &mock.calls() {
        diagnostics.error(
            Lint::RejectedCall,
            call.tool.span(),
            "this mock rejects requests that offer tools, but a turn calls one",
            "add `tools` to `capabilities = [..]`, or remove the call",
        );
    }
}
