use std::ops::Deref;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{List, Str};
use crate::request::ToolDefinition;

/// A tool that a scenario may call.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its name.
    pub name: Str,
    /// Its arguments.
    pub arguments: List<Field>,
}

/// An argument of a tool, or a field of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Str,
    /// What it may hold.
    pub schema: Schema,
}

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Schema {
    /// A text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Anything.
    Json,
    /// A list of such values.
    List(Node),
    /// Such a value, or none.
    Optional(Node),
    /// One of these texts.
    OneOf(List<Str>),
    /// An object with these fields.
    Object(List<Field>),
}

/// A schema within a schema: borrowed in a `static`, shared when built at run time.
#[derive(Debug, Clone)]
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

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        **self == **other
    }
}

impl Tool {
    /// The tool as a request offers it, with a JSON schema of its arguments.
    pub fn definition(&self) -> ToolDefinition {
        ToolDefinition::new(&*self.name).parameters(object(&self.arguments))
    }
}

impl Schema {
    /// The same as a JSON schema.
    pub fn to_json(&self) -> Value {
        match self {
            Schema::String => json!({ "type": "string" }),
            Schema::Integer => json!({ "type": "integer" }),
            Schema::Number => json!({ "type": "number" }),
            Schema::Boolean => json!({ "type": "boolean" }),
            Schema::Json => json!({}),
            Schema::List(items) => json!({ "type": "array", "items": items.to_json() }),
            Schema::Optional(schema) => schema.to_json(),
            Schema::OneOf(values) => json!({ "type": "string", "enum": values }),
            Schema::Object(fields) => object(fields),
        }
    }
}

fn object(fields: &[Field]) -> Value {
    let properties: Map<_, _> = fields
        .iter()
        .map(|field| (field.name.to_string(), field.schema.to_json()))
        .collect();
    let required: Vec<_> = fields
        .iter()
        .filter(|field| !matches!(field.schema, Schema::Optional(_)))
        .map(|field| &field.name)
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}
