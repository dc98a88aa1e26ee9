//! Declared tools.

use std::collections::HashMap;

use serde_json::Value;

use super::json_schema::{Field, Schema, object_schema};
use super::{List, Str};
use crate::chat::request::ToolDefinition;

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
            Parameters::Fields(fields) => definition.with_parameters(object_schema(fields)),
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
