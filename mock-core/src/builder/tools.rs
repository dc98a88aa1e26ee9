//! Functions for tools and their types.

use std::sync::Arc;

use crate::scenario::{Field, IntoStr, Node, Parameters, Schema, Tool, list_of};

/// Declares a tool without arguments. Add them with [`arg`](Tool::arg) or [`typed`](Tool::typed).
///
/// ```
/// use mock_core::builder::*;
///
/// let weather = tool("get_weather").arg("city", string()).arg("unit", optional(one_of(["celsius", "fahrenheit"])));
/// let turn = call("get_weather", [("city", "Paris")]);
/// assert!(script([turn]).tools([weather]).check().is_ok());
/// ```
pub fn tool(name: impl IntoStr) -> Tool {
    Tool {
        name: name.into_str(),
        ..Tool::EMPTY
    }
}

impl Tool {
    /// Adds an argument.
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let search = tool("search").arg("query", string()).arg("limit", optional(integer()));
    /// assert_eq!(search.definition().parameters["required"][0], "query");
    /// ```
    ///
    /// # Panics
    /// If the tool's arguments are the fields of a type: see [`typed`](Tool::typed).
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

    /// Makes the fields of your own type the tool's arguments.
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
        self.with_type::<T>(None)
    }

    /// Makes the fields of your own type the tool's arguments. With the feature `schema`, as here, a request offers the tool with the
    /// type's JSON schema.
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
        self.with_type::<T>(Some(crate::scenario::schema::<T>))
    }

    fn with_type<T>(mut self, schema: Option<fn() -> serde_json::Value>) -> Self {
        // Only the last segment of the path, as the macro writes it.
        let name = std::any::type_name::<T>().rsplit("::").next();
        self.parameters = Parameters::Typed {
            name: name.unwrap_or_default().into(),
            schema,
        };
        self
    }

    /// Declares the fields of the tool's results, which may have more. A result of another shape does not match
    /// [`tool_result`](super::tool_result).
    ///
    /// ```
    /// use mock_core::builder::*;
    ///
    /// let weather = tool("get_weather").returns(object([("temp", number())]));
    /// let turns = [call("get_weather", ()), on(tool_result("get_weather")).reply("{get_weather.temp} °C")];
    /// assert!(script(turns).tools([weather]).check().is_ok());
    /// ```
    pub fn returns(mut self, schema: Schema) -> Self {
        self.returns = Some(schema);
        self
    }
}

/// A text.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(string().to_json()["type"], "string");
/// ```
pub fn string() -> Schema {
    Schema::String
}

/// A whole number.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(integer().to_json()["type"], "integer");
/// ```
pub fn integer() -> Schema {
    Schema::Integer
}

/// A number.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(number().to_json()["type"], "number");
/// ```
pub fn number() -> Schema {
    Schema::Number
}

/// `true` or `false`.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(boolean().to_json()["type"], "boolean");
/// ```
pub fn boolean() -> Schema {
    Schema::Boolean
}

/// Any JSON value.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(any_json().to_json(), serde_json::json!({}));
/// ```
pub fn any_json() -> Schema {
    Schema::Json
}

/// An object with these fields.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(object([("temp", number())]).to_json()["type"], "object");
/// ```
pub fn object<K: IntoStr, const N: usize>(fields: [(K, Schema); N]) -> Schema {
    let field = |(name, schema): (K, Schema)| Field {
        name: name.into_str(),
        schema,
    };
    Schema::Object(fields.map(field).to_vec().into())
}

/// A list of values of this type.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(list(string()).to_json()["type"], "array");
/// ```
pub fn list(item: Schema) -> Schema {
    Schema::List(Node::Shared(Arc::new(item)))
}

/// A value of this type that may be missing or `null`.
///
/// ```
/// use mock_core::builder::*;
///
/// let search = tool("search").arg("limit", optional(integer()));
/// assert!(script([call("search", ())]).tools([search]).check().is_ok());
/// ```
pub fn optional(schema: Schema) -> Schema {
    Schema::Optional(Node::Shared(Arc::new(schema)))
}

/// One of these texts.
///
/// ```
/// use mock_core::builder::*;
///
/// assert_eq!(one_of(["late", "broken"]).to_json()["enum"][0], "late");
/// ```
pub fn one_of<T: IntoStr>(values: impl IntoIterator<Item = T>) -> Schema {
    Schema::OneOf(list_of(values.into_iter().map(T::into_str)))
}
