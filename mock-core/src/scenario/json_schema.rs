//! The types of a tool's arguments and results, and their JSON schemas.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{List, Str};

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
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for Node {
    #[inline]
    fn eq(&self, other: &Node) -> bool {
        **self == **other
    }
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
            Schema::Object(fields) => return object_schema(fields),
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
}

/// Returns the JSON schema of an object with these fields, and no others.
pub(super) fn object_schema(fields: &[Field]) -> Value {
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

/// Returns the JSON schema of a Rust type.
#[cfg(feature = "schema")]
pub fn schema<T: schemars::JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}
