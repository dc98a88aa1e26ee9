//! Names on the wire, `.named("..")`: a tool has one, and no two arguments of a tool have the same.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::super::parse::{Field, Mock, Parameters, Type, word};
use crate::diagnostics::{Diagnostics, position};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::split_at;

/// The name of a tool on the wire is given in one place.
pub(super) fn tools_are_named_once(mock: &Mock, diagnostics: &Diagnostics) {
    let mut named: Vec<(&Ident, Span, String)> = Vec::new();
    for &call in &mock.calls() {
        let Some(wire) = &call.wire else { continue };
        let (tool, name) = (&call.tool, wire.value());
        if mock.tools.is_some() {
            // An undeclared tool has already been reported.
            if mock.tool(&word(tool)).is_some() {
                diagnostics.error(
                    Lint::WireName,
                    wire.span(),
                    "a tool's name on the wire goes in `tools`",
                    format_args!(
                        "write `.named({name:?})` after `{tool}` there, and remove it here"
                    ),
                );
            }
            continue;
        }
        let Some((_, first, other)) = named.find(&|(known, ..)| *known == tool) else {
            named.push((tool, wire.span(), name));
            continue;
        };
        if *other != name {
            diagnostics.error(
                Lint::WireName,
                wire.span(),
                format_args!("`{tool}` is already named `{other}`"),
                format_args!(
                    "write the same name as in line {}, or another word for another tool",
                    position(*first).0
                ),
            );
        }
    }
}

/// No two arguments of a declared tool, and no two fields of an object in them or in its result, have one name.
pub(super) fn arguments_are_named_apart(mock: &Mock, diagnostics: &Diagnostics) {
    for tool in mock.declared_tools() {
        if let Parameters::Fields(fields) = &tool.parameters {
            are_named_apart(fields, diagnostics);
        }
        if let Some(returns) = &tool.returns {
            are_named_apart_in(returns, diagnostics);
        }
    }
}

fn are_named_apart_in(ty: &Type, diagnostics: &Diagnostics) {
    match ty {
        Type::Object(fields) => are_named_apart(fields, diagnostics),
        Type::List(inner) | Type::Optional(inner) => are_named_apart_in(inner, diagnostics),
        Type::Scalar(_) | Type::Json | Type::OneOf(_) => {}
    }
}

fn are_named_apart(fields: &[Field], diagnostics: &Diagnostics) {
    for (index, field) in fields.iter().enumerate() {
        let wire = field.wire_name();
        let mut before = split_at(fields, index).0.iter();
        if let Some(first) = before.find(|first| first.wire_name() == wire) {
            diagnostics.error(
                Lint::WireName,
                field.wire.as_ref().map_or(field.name.span(), LitStr::span),
                format_args!("`{}` is already named `{wire}`", first.name),
                format_args!(
                    "write another name here or in line {}",
                    position(first.name.span()).0
                ),
            );
        }
        are_named_apart_in(&field.ty, diagnostics);
    }
}
