//! What is allowed only in a mock with a name: attributes, a visibility, JSON that is written out.

use syn::Expr;

use super::super::parse::{
    ActionKind, ExpectationKind, Json, JsonKind, JsonValue, Mock, is_literal,
};
use super::super::{json_notation, words};
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, elements, ends_with, is_word, literal};

/// Attributes and a visibility belong to the struct of a declared mock; without a name there is none.
pub(super) fn only_a_declared_mock_has_attributes(mock: &Mock, diagnostics: &Diagnostics) {
    // A turn that was not understood may be the name.
    let may_have_name = mock.turns.first().is_some_and(|first| !first.is_whole);
    if mock.is_declaration || may_have_name {
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

/// In a `static` the JSON of answers and of metadata is written out, so that each value in it is a literal.
pub(super) fn json_of_a_declared_mock_is_known(mock: &Mock, diagnostics: &Diagnostics) {
    if !mock.is_declaration {
        return;
    }
    for &action in &mock.actions() {
        if let ActionKind::Json(value) = action {
            value_is_known(value, diagnostics);
        }
    }
    if let Some(value) = mock.metadata() {
        value_is_known(value, diagnostics);
    }
    for expectation in mock.expectations() {
        if let ExpectationKind::Result(_, value) = &expectation.kind {
            value_is_known(value, diagnostics);
        }
    }
}

fn value_is_known(value: &JsonValue, diagnostics: &Diagnostics) {
    match value {
        JsonValue::Json(json) => known(json, diagnostics),
        JsonValue::Expr(expr) => not_known(expr, diagnostics),
    }
}

fn known(value: &Json, diagnostics: &Diagnostics) {
    match &value.kind {
        JsonKind::Expr(expr) => not_known(expr, diagnostics),
        JsonKind::List(items) => {
            for item in items {
                known(item, diagnostics);
            }
        }
        JsonKind::Object(fields) => {
            for (_, value) in fields {
                known(value, diagnostics);
            }
        }
        _ => {}
    }
}

fn not_known(expr: &Expr, diagnostics: &Diagnostics) {
    let help = match literal_meant(expr) {
        Some(literal) => format!("write `{literal}`"),
        None => "write it out, as in `object { city: \"Paris\" }`, or leave out the name of the mock: `let mock = mock_provider!(..)` takes any expression".to_owned(),
    };
    let message = "a value in the JSON of a declared mock is a literal";
    diagnostics.error_at(Lint::JsonNotKnown, expr, message, help);
}

/// Methods that make a `String` of a text.
const CONVERSIONS: [&str; 3] = ["into", "to_owned", "to_string"];

/// The literal that is meant by an expression of Rust or a word of another language: `json!({"a": 1})`, `vec![1]`, `Some(5)`,
/// `"x".to_owned()`, `nil`.
fn literal_meant(expr: &Expr) -> Option<String> {
    match bare(expr) {
        Expr::Macro(call) if ends_with(&call.mac.path, "json") => {
            json_notation::from_json(&call.mac.tokens.to_string())
        }
        Expr::Macro(list) if ends_with(&list.mac.path, "vec") => {
            Some(format!("[{}]", written(&list.mac.tokens)))
        }
        Expr::Call(call) if is_word(&call.func, "Some") => match elements(&call.args).as_slice() {
            [value] if is_literal(value) => Some(written(value)),
            _ => None,
        },
        Expr::MethodCall(call) if CONVERSIONS.any(&|it| call.method == *it) => {
            literal(&call.receiver).map(|text| text.token().to_string())
        }
        word => words::foreign_json(word).map(str::to_owned),
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
