use std::sync::Arc;

use crate::scenario::{Field, IntoStr, Node, Parameters, Schema, Tool};

/// A tool without arguments.
pub fn tool(name: impl IntoStr) -> Tool {
    Tool {
        name: name.into_str(),
        ..Tool::EMPTY
    }
}

impl Tool {
    /// Adds an argument.
    ///
    /// # Panics
    /// If the tool's arguments are the fields of a type.
    #[track_caller]
    pub fn arg(mut self, name: impl IntoStr, schema: Schema) -> Self {
        let mut fields = match self.parameters {
            Parameters::Fields(fields) => fields,
            Parameters::Typed { name: ty, .. } => panic!(
                "the arguments of `{}` are the fields of `{ty}`; add `{}` there",
                self.name,
                name.into_str()
            ),
        };
        fields.to_mut().push(Field {
            name: name.into_str(),
            schema,
        });
        self.parameters = Parameters::Fields(fields);
        self
    }

    /// Makes the fields of a type of your own the tool's arguments.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// #[derive(serde::Serialize)]
    /// struct SearchArgs {
    ///     query: String,
    /// }
    ///
    /// let search = || call("search", typed(&SearchArgs { query: "rust".into() }));
    /// let scenario = script([search()]).tools([tool("search").typed::<SearchArgs>()]);
    /// # assert!(scenario.check().is_ok());
    /// ```
    #[cfg(not(feature = "schema"))]
    pub fn typed<T>(self) -> Self {
        self.of_type::<T>(None)
    }

    /// Makes the fields of a type of your own the tool's arguments. With the feature `schema`, as here, a request offers the tool
    /// with the type's JSON schema.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct SearchArgs {
    ///     query: String,
    /// }
    ///
    /// let definition = tool("search").typed::<SearchArgs>().definition();
    /// assert_eq!(definition.parameters["required"][0], "query");
    /// ```
    #[cfg(feature = "schema")]
    pub fn typed<T: schemars::JsonSchema>(self) -> Self {
        self.of_type::<T>(Some(crate::private::schema::<T>))
    }

    fn of_type<T>(mut self, schema: Option<fn() -> serde_json::Value>) -> Self {
        // Of the path, as in the macro, where the type is in scope.
        let name = std::any::type_name::<T>().rsplit("::").next();
        self.parameters = Parameters::Typed {
            name: name.unwrap_or_default().into(),
            schema,
        };
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
pub fn object<K: IntoStr, const N: usize>(fields: [(K, Schema); N]) -> Schema {
    let field = |(name, schema): (K, Schema)| Field {
        name: name.into_str(),
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
pub fn one_of<T: IntoStr>(values: impl IntoIterator<Item = T>) -> Schema {
    Schema::OneOf(
        values
            .into_iter()
            .map(T::into_str)
            .collect::<Vec<_>>()
            .into(),
    )
}
