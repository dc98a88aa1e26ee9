//! Tools and the types of their arguments.

use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::parse::{Field, Parameters, Tool, Type};
use super::parts::{Held, Table};
use super::value::{Fields, Value, part};
use crate::diagnostics::written;

impl Table<'_> {
    pub(super) fn tool(&self, tool: &Tool) -> Value {
        let mut fields = Fields::default();
        fields.put("name", Value::str(&tool.wire_name()));
        match &tool.parameters {
            Parameters::Fields(declared) => {
                let declared = self.fields(declared);
                fields.put("parameters", Value::call("__ParametersFields", declared));
            }
            Parameters::Typed(ty) => {
                let mut typed = Fields::default();
                typed.put("name", Value::str(&written(ty)));
                let schema = cfg!(feature = "schema").then(|| {
                    let schema = quote_spanned!(ty.span()=> __mock_core::schema::<#ty>);
                    Value::expression(&schema)
                });
                typed.put_option("schema", schema);
                fields.put("parameters", typed.record("__ParametersTyped"));
            }
        }
        let returns = tool.returns.as_ref();
        fields.put_option("returns", returns.map(|returns| self.schema(returns)));
        fields.record("__Tool")
    }

    /// The fields of an object, which are always known when compiling.
    fn fields(&self, fields: &[Field]) -> Value {
        self.list(fields, &|field| {
            let mut fields = Fields::default();
            fields.put("name", Value::str(&field.wire_name()));
            fields.put("schema", self.schema(&field.ty));
            Some(fields.record("__Field"))
        })
    }

    fn schema(&self, ty: &Type) -> Value {
        match ty {
            Type::Scalar(word) => Value::unit(&part("Schema", word)),
            Type::Json => Value::unit("__SchemaJson"),
            Type::List(inner) => Value::call("__SchemaList", self.node(inner)),
            Type::Optional(inner) => Value::call("__SchemaOptional", self.node(inner)),
            Type::OneOf(values) => {
                let values = self.list(values, &|value| Some(Value::str(value)));
                Value::call("__SchemaOneOf", values)
            }
            Type::Object(fields) => Value::call("__SchemaObject", self.fields(fields)),
        }
    }

    fn node(&self, ty: &Type) -> Value {
        let schema = self.schema(ty);
        match self.held {
            Held::Static => Value::tuple("__NodeStatic", quote!(&#schema)),
            Held::Owned => Value::call("__node", schema),
        }
    }
}
