//! Rules for the declaration of a mock.

use syn::Expr;

use super::super::parse::{Mock, literal};
use crate::diagnostics::Diagnostics;
use crate::lint::Lint;
use crate::search::Search as _;

/// Attributes and a visibility belong to the struct of a declared mock; without a name there is none.
pub(super) fn only_a_declared_mock_has_attributes(mock: &Mock, diagnostics: &Diagnostics) {
    if mock.is_declaration {
        return;
    }
    let help = "remove it, or give the mock a name: `Weather = ..`";
    if let Some(attribute) = mock.attributes.first() {
        diagnostics.error_at(
            Lint::NamelessItem,
            attribute,
            "a mock without a name has no attributes",
            help,
        );
    }
    if let Some(visibility) = &mock.visibility {
        diagnostics.error_at(
            Lint::NamelessItem,
            visibility,
            "a mock without a name has no visibility",
            help,
        );
    }
}

/// A declared mock takes no name away that all of Rust knows.
pub(super) fn names_are_free(mock: &Mock, diagnostics: &Diagnostics) {
    if let Some(name) = &mock.name
        && PRELUDE.any(&|known| name == known)
    {
        diagnostics.error(
            Lint::MockName,
            name.span(),
            format_args!("`{name}` is already a name in Rust's prelude"),
            format_args!("write another, as in `{name}Mock`"),
        );
    }
}

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

/// The types and traits that are known everywhere (Rust 2024), which a struct of the same name would hide.
const PRELUDE: [&str; 33] = [
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "String",
    "Sync",
    "Vec",
];

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
