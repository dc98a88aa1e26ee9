//! Whether the arguments of a call fit its tool.

use serde_json::{Map, Value};

use super::schema_misfit::{join, misfit_of_fields, misfit_of_items};
use super::{Arguments, Field, Parameters, Schema, ScriptedCall, Text, Tool};
use crate::search::Search;

/// The placeholder for a variable, whose value is known only when the call is made.
const VARIABLE: &str = "\u{fffc}";

impl Tool {
    /// Why the call does not fit this tool, if it does not. Raw arguments, and those of a type, are not checked.
    pub(super) fn misfit_of(&self, call: &ScriptedCall) -> Option<String> {
        let Parameters::Fields(fields) = &self.parameters else {
            return None;
        };
        let json = match &call.arguments {
            Arguments::Text(text) => rendered(text),
            Arguments::Raw(_) => return None,
            // In a declared mock, arguments with expressions of the user are made by a function, as those of typed tools are.
            Arguments::Typed(typed) => {
                let mut texts = Vec::new();
                for text in typed.texts.iter() {
                    texts.push(rendered(text));
                }
                match typed.make.make(&texts) {
                    Ok(json) => json,
                    Err(error) => return Some(error),
                }
            }
        };
        match serde_json::from_str(&json) {
            Ok(Value::Object(values)) => object("", fields, &values),
            _ => Some(format!("`{json}` is not an object")),
        }
    }
}

fn rendered(text: &Text) -> String {
    text.render(&|_| VARIABLE.into())
}

fn object(path: &str, fields: &[Field], values: &Map<String, Value>) -> Option<String> {
    let is_known = |name: &String| fields.any(&|field| field.name == *name);
    if let Some(unknown) = values.keys().find(|name| !is_known(name)) {
        return Some(format!("there is no `{}`", join(path, unknown)));
    }
    misfit_of_fields(path, fields, values, &misfit)
}

fn misfit(schema: &Schema, path: &str, value: &Value) -> Option<String> {
    match (schema, value) {
        (Schema::Optional(_), Value::Null) => None,
        (Schema::Optional(inner), value) => misfit(inner, path, value),
        (Schema::List(inner), Value::Array(items)) => misfit_of_items(path, inner, items, &misfit),
        (Schema::Object(fields), Value::Object(values)) => object(path, fields, values),
        (Schema::OneOf(_), Value::String(text)) if text.contains(VARIABLE) => None,
        (schema, value) => schema.misfit_at(path, value),
    }
}
