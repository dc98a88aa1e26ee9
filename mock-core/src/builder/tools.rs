use std::borrow::Cow;
use std::sync::Arc;

use crate::scenario::{Field, Node, Parameters, Schema, Str, Tool};

/// A tool without arguments.
pub fn tool(name: impl Into<Str>) -> Tool {
    Tool {
        name: name.into(),
        ..Tool::NEW
    }
}

impl Tool {
    /// Adds an argument.
    ///
    /// # Panics
    /// If the tool's arguments are the fields of a type.
    #[track_caller]
    pub fn arg(mut self, name: impl Into<Str>, schema: Schema) -> Self {
        let mut fields = match self.parameters {
            Parameters::Fields(fields) => fields,
            Parameters::Typed { name: ty, .. } => panic!(
                "the arguments of `{}` are the fields of `{ty}`; add `{}` there",
                self.name,
                name.into()
            ),
        };
        fields.to_mut().push(Field {
            name: name.into(),
            schema,
        });
        self.parameters = Parameters::Fields(fields);
        self
    }

    /// What the tool's results hold. A result that is otherwise does not fit.
    pub fn returns(mut self, schema: Schema) -> Self {
        self.returns = Some(schema);
        self
    }
}

/// A text.
pub fn string() -> Schema {
    Schema::String
}

/// A whole number.
pub fn integer() -> Schema {
    Schema::Integer
}

/// A number.
pub fn number() -> Schema {
    Schema::Number
}

/// `true` or `false`.
pub fn boolean() -> Schema {
    Schema::Boolean
}

/// Anything.
pub fn any_json() -> Schema {
    Schema::Json
}

/// An object with these fields.
pub fn object<const N: usize>(fields: [(&'static str, Schema); N]) -> Schema {
    let field = |(name, schema)| Field {
        name: Cow::Borrowed(name),
        schema,
    };
    Schema::Object(fields.map(field).to_vec().into())
}

/// A list of such values.
pub fn list(item: Schema) -> Schema {
    Schema::List(Node::Shared(Arc::new(item)))
}

/// Such a value, or none.
pub fn optional(schema: Schema) -> Schema {
    Schema::Optional(Node::Shared(Arc::new(schema)))
}

/// One of these texts.
pub fn one_of<T: Into<Str>>(values: impl IntoIterator<Item = T>) -> Schema {
    Schema::OneOf(values.into_iter().map(T::into).collect::<Vec<_>>().into())
}
