//! Declared tools and the types of their arguments.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{List, Str};
use crate::chat::request::ToolDefinition;
use crate::search::Search;

/// A tool that a scenario may call.
#[derive(Debug, Clone)]
#[must_use]
pub struct Tool {
    /// Its name.
    #[doc(hidden)]
    pub name: Str,
    /// Its arguments.
    #[doc(hidden)]
    pub parameters: Parameters,
    /// The fields of its results; `None` if they are not checked.
    #[doc(hidden)]
    pub returns: Option<Schema>,
}

/// The arguments of a tool.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Parameters {
    /// These arguments.
    Fields(List<Field>),
    /// The fields of your own type.
    Typed {
        /// The type's name.
        name: Str,
        /// Its JSON schema, with the feature `schema`.
        schema: Option<fn() -> Value>,
    },
}

/// An argument of a tool, or a field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Str,
    /// Its type.
    pub schema: Schema,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[must_use]
pub enum Schema {
    /// A text.
    #[doc(hidden)]
    String,
    /// A whole number.
    #[doc(hidden)]
    Integer,
    /// A number.
    #[doc(hidden)]
    Number,
    /// `true` or `false`.
    #[doc(hidden)]
    Boolean,
    /// Any JSON value.
    #[doc(hidden)]
    Json,
    /// A list of values of this type.
    #[doc(hidden)]
    List(Node),
    /// A value of this type that may be missing or `null`.
    #[doc(hidden)]
    Optional(Node),
    /// One of these texts.
    #[doc(hidden)]
    OneOf(List<Str>),
    /// An object with these fields.
    #[doc(hidden)]
    Object(List<Field>),
}

/// A schema within a schema: borrowed in a `static`, shared when built at run time.
#[derive(Clone)]
pub enum Node {
    /// Borrowed.
    Static(&'static Schema),
    /// Shared.
    Shared(Arc<Schema>),
}

impl Deref for Node {
    type Target = Schema;

    fn deref(&self) -> &Schema {
        match self {
            Node::Static(schema) => schema,
            Node::Shared(schema) => schema,
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        **self == **other
    }
}

impl Tool {
    /// A tool without arguments, to be completed: `Tool { name, ..Tool::EMPTY }`.
    #[doc(hidden)]
    pub const EMPTY: Tool = Tool {
        name: Str::Borrowed(""),
        parameters: Parameters::Fields(List::Borrowed(&[])),
        returns: None,
    };

    /// Returns the tool as a request offers it, with a JSON schema of its arguments.
    pub fn definition(&self) -> ToolDefinition {
        let definition = ToolDefinition::new(&*self.name);
        match &self.parameters {
            Parameters::Fields(fields) => definition.with_parameters(object(fields)),
            Parameters::Typed { schema, .. } => match schema {
                Some(schema) => definition.with_parameters(schema()),
                None => definition,
            },
        }
    }

    /// The name that two of its arguments have, or two fields of an object among these or its results.
    pub(super) fn duplicate_name(&self) -> Option<&Str> {
        let of_arguments = match &self.parameters {
            Parameters::Fields(fields) => duplicate_name(fields),
            Parameters::Typed { .. } => None,
        };
        of_arguments.or_else(|| self.returns.as_ref()?.duplicate_name())
    }
}

impl Schema {
    fn duplicate_name(&self) -> Option<&Str> {
        match self {
            Schema::List(inner) | Schema::Optional(inner) => inner.duplicate_name(),
            Schema::Object(fields) => duplicate_name(fields),
            _ => None,
        }
    }
}

/// The first of these names that has come before.
pub(super) fn first_repeated<'n>(names: &[&'n Str]) -> Option<&'n Str> {
    let mut known = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        if known.insert(&***name, index).is_some() {
            return Some(name);
        }
    }
    None
}

fn duplicate_name(fields: &[Field]) -> Option<&Str> {
    let mut names = Vec::new();
    for field in fields {
        names.push(&field.name);
    }
    first_repeated(&names).or_else(|| {
        fields
            .iter()
            .find_map(|field| field.schema.duplicate_name())
    })
}

impl Schema {
    /// Returns the type as a JSON schema.
    pub fn to_json(&self) -> Value {
        let mut schema = Map::new();
        let kind = match self {
            Schema::String | Schema::OneOf(_) => "string",
            Schema::Integer => "integer",
            Schema::Number => "number",
            Schema::Boolean => "boolean",
            Schema::List(_) => "array",
            Schema::Json => return Value::Object(schema),
            Schema::Optional(schema) => return schema.to_json(),
            Schema::Object(fields) => return object(fields),
        };
        schema.insert("type".to_owned(), kind.into());
        if let Schema::List(items) = self {
            schema.insert("items".to_owned(), items.to_json());
        }
        if let Schema::OneOf(values) = self {
            let mut names = Vec::new();
            for value in values.iter() {
                names.push(Value::from(&**value));
            }
            schema.insert("enum".to_owned(), Value::Array(names));
        }
        Value::Object(schema)
    }

    /// Why `value` is none of these: what must be, where. `None` if it is one. Fields that are not named may be there.
    pub(crate) fn misfit(&self, value: &Value) -> Option<String> {
        self.misfit_at("", value)
    }

    pub(super) fn misfit_at(&self, path: &str, value: &Value) -> Option<String> {
        let fits = match (self, value) {
            (Schema::Json, _) | (Schema::Optional(_), Value::Null) => true,
            (Schema::Optional(inner), _) => return inner.misfit_at(path, value),
            (Schema::List(inner), Value::Array(items)) => {
                let misfit = &Schema::misfit_at;
                return misfit_of_items(path, inner, items, misfit);
            }
            (Schema::Object(fields), Value::Object(values)) => {
                return misfit_of_fields(path, fields, values, &Schema::misfit_at);
            }
            (Schema::String, value) => value.is_string(),
            (Schema::Integer, value) => value.is_i64() || value.is_u64(),
            (Schema::Number, value) => value.is_number(),
            (Schema::Boolean, value) => value.is_boolean(),
            (Schema::OneOf(values), value) => {
                let value = value.as_str();
                value.is_some_and(|value| values.any(&|known| known == value))
            }
            (Schema::List(_) | Schema::Object(_), _) => false,
        };
        let whole = || "it".to_owned();
        let path = match path {
            "" => whole(),
            path => format!("`{path}`"),
        };
        (!fits).then(|| format!("{path} is not {}", self.article()))
    }

    /// The type in words, for messages.
    fn article(&self) -> String {
        match self {
            Schema::String => "a string".to_owned(),
            Schema::Integer => "an integer".to_owned(),
            Schema::Number => "a number".to_owned(),
            Schema::Boolean => "a boolean".to_owned(),
            Schema::Json => "JSON".to_owned(),
            Schema::List(_) => "a list".to_owned(),
            Schema::Optional(inner) => inner.article(),
            Schema::OneOf(values) => {
                let mut article = "one of ".to_owned();
                for (index, value) in values.iter().enumerate() {
                    let separator = if index > 0 { ", " } else { "" };
                    article.push_str(&format!("{separator}\"{value}\""));
                }
                article
            }
            Schema::Object(_) => "an object".to_owned(),
        }
    }
}

/// The path of what is at `key` of what is at `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        path => format!("{path}.{key}"),
    }
}

/// How a value misses a schema at a path, if it does.
pub(super) type Misfit<'f> = &'f dyn Fn(&Schema, &str, &Value) -> Option<String>;

/// The first misfit of a list.
pub(super) fn misfit_of_items(
    path: &str,
    schema: &Schema,
    items: &[Value],
    misfit: Misfit<'_>,
) -> Option<String> {
    for (index, item) in items.iter().enumerate() {
        let misfit = misfit(schema, &join(path, &index.to_string()), item);
        if misfit.is_some() {
            return misfit;
        }
    }
    None
}

/// The first misfit of an object. Fields that are not named may be there.
pub(super) fn misfit_of_fields(
    path: &str,
    fields: &[Field],
    values: &Map<String, Value>,
    misfit: Misfit<'_>,
) -> Option<String> {
    for field in fields {
        let path = join(path, &field.name);
        let misfit = match values.get(&*field.name) {
            Some(value) => misfit(&field.schema, &path, value),
            None if matches!(field.schema, Schema::Optional(_)) => None,
            None => Some(format!("`{path}` is missing")),
        };
        if misfit.is_some() {
            return misfit;
        }
    }
    None
}

fn object(fields: &[Field]) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields {
        properties.insert(field.name.to_string(), field.schema.to_json());
        if !matches!(field.schema, Schema::Optional(_)) {
            required.push(Value::from(&*field.name));
        }
    }
    let mut object = Map::new();
    object.insert("type".to_owned(), "object".into());
    object.insert("properties".to_owned(), Value::Object(properties));
    object.insert("required".to_owned(), Value::Array(required));
    object.insert("additionalProperties".to_owned(), false.into());
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_misfit_says_what_must_be_where() {
        let fields = |name: &'static str, schema| Field {
            name: name.into(),
            schema,
        };
        let schema = Schema::Object(
            vec![
                fields("temp", Schema::Number),
                fields("unit", Schema::Optional(Node::Static(&Schema::String))),
                fields("days", Schema::List(Node::Static(&Schema::Integer))),
            ]
            .into(),
        );
        for (value, misfit) in [
            (json!({"temp": 1.5, "days": [1], "more": 1}), None),
            (json!({"temp": 1, "unit": null, "days": []}), None),
            (json!({"days": []}), Some("`temp` is missing")),
            (
                json!({"temp": "1", "days": []}),
                Some("`temp` is not a number"),
            ),
            (
                json!({"temp": 1, "days": [1, "2"]}),
                Some("`days.1` is not an integer"),
            ),
            (json!([1]), Some("it is not an object")),
        ] {
            assert_eq!(schema.misfit(&value).as_deref(), misfit, "{value}");
        }
    }
}
