//! The tool calls in a cassette: they are those of the declared tools.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::parse::{Field, Mock, Type, word};
use super::super::words::Word;
use super::arguments_of_calls::expected;
use crate::diagnostics::Diagnostics;
use crate::did_you_mean::did_you_mean;
use crate::lint::Lint;
use crate::search::Search as _;

/// The calls in a cassette are those of the declared tools.
pub(super) fn recorded_calls_fit_the_tools(mock: &Mock, diagnostics: &Diagnostics) {
    let (Some(recording), Some(tools)) = (mock.recording(), mock.tool_names()) else {
        return;
    };
    let mut reported = BTreeSet::new();
    for interaction in recording.cassette.interactions() {
        for call in interaction.tool_calls() {
            let at = interaction.place_in_body(call.index);
            let place = recording.place_of(at, interaction);
            let tool = tools.find(&|tool| mock.wire_name(tool) == call.name);
            let (message, help) = match tool {
                None => {
                    let name = &call.name;
                    let declared = match tools.is_empty() {
                        true => format!("declare it: `tools = [{name}]`"),
                        false => did_you_mean(name, "tools", &tools),
                    };
                    (
                        format!("a call of `{name}`, which is not declared"),
                        declared,
                    )
                }
                Some(tool) => {
                    let fields = mock.fields(tool);
                    // Arguments that are not JSON are not checked, as with `.raw(..)`.
                    let arguments = serde_json::from_str::<Value>(&call.arguments).ok();
                    let misfit = fields.zip(arguments);
                    let misfit = misfit.and_then(|(fields, value)| misfit_of(fields, &value));
                    let Some(misfit) = misfit else { continue };
                    (
                        format!("a call of `{tool}` that does not fit: {misfit}"),
                        format!("declare `{tool}` as it is called, or record it again"),
                    )
                }
            };
            // One error for each kind of mistake.
            if reported.insert(message.clone()) {
                let message = format!("{place}: {message}");
                diagnostics.error(Lint::CassetteCall, recording.span, message, help);
            }
        }
    }
}

/// Why a value is not an object with these fields; `None` if it is one.
fn misfit_of(fields: &[Field], value: &Value) -> Option<String> {
    let Value::Object(values) = value else {
        return Some(format!("its arguments are {}", kind(value)));
    };
    let known = |name: &str| fields.find(&|field| field.wire_name() == name);
    for (name, value) in values {
        let Some(field) = known(name) else {
            return Some(format!("there is no `{name}`"));
        };
        if let Some(misfit) = misfit(name, &field.ty, value) {
            return Some(misfit);
        }
    }
    let missing = fields.find(&|field| {
        !matches!(field.ty, Type::Optional(_)) && !values.contains_key(&field.wire_name())
    });
    missing.map(|field| format!("`{}` is missing", word(&field.name)))
}

fn misfit(name: &str, ty: &Type, value: &Value) -> Option<String> {
    match (ty, value) {
        (Type::Json, _) | (Type::Optional(_), Value::Null) => None,
        (Type::Optional(inner), _) => misfit(name, inner, value),
        (Type::Scalar(scalar), _) if is_of(scalar, value) => None,
        (Type::OneOf(values), Value::String(text)) => {
            let is_known = values.any(&|value| value == text);
            (!is_known).then(|| format!("`{text}` is not one of the values of `{name}`"))
        }
        (Type::List(inner), Value::Array(items)) => {
            items.iter().find_map(|item| misfit(name, inner, item))
        }
        (Type::Object(fields), Value::Object(_)) => misfit_of(fields, value),
        _ => {
            let (expected, found) = (expected(ty), kind(value));
            Some(format!("`{name}` must be {expected}, found {found}"))
        }
    }
}

/// Whether a value is of the type that is this word alone.
fn is_of(scalar: &Word, value: &Value) -> bool {
    match scalar.word {
        "string" => value.is_string(),
        "integer" => value.is_number() && !value.is_f64(),
        "number" => value.is_number(),
        _ => value.is_boolean(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(number) if number.is_f64() => "a number",
        Value::Number(_) => "an integer",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
