//! Declared tools.

use std::collections::HashMap;

use serde_json::Value;

use super::json_schema::{Field, Schema, object_schema};
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

/// Why a call of a tool does not fit the schema with which a request offers the tool.
pub(crate) enum OtherArguments {
    /// The schema does not have this argument.
    Missing(Str),
    /// The schema requires this argument, and the tool is declared without it.
    Required(String),
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
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let definition = tool("get_weather").arg("city", string()).definition();
    /// assert_eq!(definition.name, "get_weather");
    /// assert_eq!(definition.parameters["required"][0], "city");
    /// ```
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

    /// How the arguments that a call must have differ from those of the schema that a request offers. Only names are compared, and only where
    /// both name arguments: an adapter may leave the schemas out.
    pub(crate) fn other_arguments(&self, offered: &ToolDefinition) -> Option<OtherArguments> {
        let Parameters::Fields(fields) = &self.parameters else {
            return None;
        };
        let schema = &offered.parameters;
        let properties = schema.get("properties")?.as_object()?;
        if properties.is_empty() {
            return None;
        }
        let takes_any = match schema.get("additionalProperties") {
            Some(Value::Bool(takes_any)) => *takes_any,
            other => other.is_some(),
        };
        for Field { name, schema } in fields.iter() {
            let is_optional = matches!(schema, Schema::Optional(_));
            if !is_optional && !takes_any && !properties.contains_key(&**name) {
                return Some(OtherArguments::Missing(name.clone()));
            }
        }
        let required = schema.get("required")?.as_array()?;
        let is_unknown = |name: &&str| !fields.any(&|field| *field.name == **name);
        let unknown = required.iter().filter_map(Value::as_str).find(is_unknown);
        unknown.map(|name| OtherArguments::Required(name.to_owned()))
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
