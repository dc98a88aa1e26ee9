//! Tools and the types of their arguments.

use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::model::{Field, Parameters, Tool, Type};
use super::table::{Held, Table};
use super::value::Value;
use crate::diagnostics::written;

impl Table<'_> {
    pub(super) fn tool(&self, tool: &Tool) -> Value {
        let name = tool.wire_name();
        let parameters = match &tool.parameters {
            Parameters::Fields(fields) if fields.is_empty() => None,
            Parameters::Fields(fields) => {
                let fields = self.fields(fields);
                Some(quote!(parameters: __mock_core::Parameters::Fields(#fields),))
            }
            Parameters::Typed(ty) => {
                let name = written(ty);
                let schema = match cfg!(feature = "schema") {
                    true => {
                        let schema = quote_spanned!(ty.span()=> __mock_core::schema::<#ty>);
                        quote!(schema: __Some(#schema))
                    }
                    false => quote!(schema: __mock_core::core::option::Option::None),
                };
                Some(quote! {
                    parameters: __mock_core::Parameters::Typed {
                        name: __Borrowed(#name),
                        #schema,
                    },
                })
            }
        };
        let returns = tool.returns.iter().map(|returns| self.schema(returns));
        let fields = quote! {
            name: __Borrowed(#name),
            #parameters
            #(returns: __Some(#returns),)*
            ..__TOOL
        };
        Value::record("__Tool", fields)
    }

    /// The fields of an object, which are always known when compiling.
    fn fields(&self, fields: &[Field]) -> Value {
        let fields = fields.iter().map(|field| {
            let name = field.wire_name();
            let schema = self.schema(&field.ty);
            let fields = quote!(name: __Borrowed(#name), schema: #schema);
            Value::record("__Field", fields)
        });
        self.list(fields)
    }

    fn schema(&self, ty: &Type) -> Value {
        match ty {
            Type::String => Value::unit("__SchemaString"),
            Type::Integer => Value::unit("__SchemaInteger"),
            Type::Number => Value::unit("__SchemaNumber"),
            Type::Boolean => Value::unit("__SchemaBoolean"),
            Type::Json => Value::unit("__SchemaJson"),
            Type::List(inner) => {
                let inner = self.node(inner);
                Value::tuple("__SchemaList", quote!(#inner))
            }
            Type::Optional(inner) => {
                let inner = self.node(inner);
                Value::tuple("__SchemaOptional", quote!(#inner))
            }
            Type::OneOf(values) => {
                let values = values.iter();
                let values = values.map(|value| Value::tuple("__Borrowed", quote!(#value)));
                let values = self.list(values);
                Value::tuple("__SchemaOneOf", quote!(#values))
            }
            Type::Object(fields) => {
                let fields = self.fields(fields);
                Value::tuple("__SchemaObject", quote!(#fields))
            }
        }
    }

    fn node(&self, ty: &Type) -> Value {
        let schema = self.schema(ty);
        match self.held {
            Held::Static => Value::tuple("__NodeStatic", quote!(&#schema)),
            Held::Owned => Value::tuple("__node", quote!(#schema)),
        }
    }
}
