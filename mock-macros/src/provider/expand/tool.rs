//! Tools and the types of their arguments.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::super::model::{Field, Parameters, Tool, Type};
use super::table::{Held, Table};
use crate::diagnostics::written;

impl Table<'_> {
    pub(super) fn tool(&self, tool: &Tool) -> TokenStream {
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
                        quote!(schema: __mock_core::Some(#schema))
                    }
                    false => quote!(schema: __mock_core::core::option::Option::None),
                };
                Some(quote! {
                    parameters: __mock_core::Parameters::Typed {
                        name: __mock_core::Borrowed(#name),
                        #schema,
                    },
                })
            }
        };
        let returns = tool.returns.as_ref().map(|returns| {
            let schema = self.schema(returns);
            quote!(returns: __mock_core::Some(#schema),)
        });
        quote! {
            __mock_core::Tool {
                name: __mock_core::Borrowed(#name),
                #parameters
                #returns
                ..__mock_core::Tool::NEW
            }
        }
    }

    /// The fields of an object, which are always known when compiling.
    fn fields(&self, fields: &[Field]) -> TokenStream {
        let fields = fields.iter().map(|field| {
            let name = field.wire_name();
            let schema = self.schema(&field.ty);
            quote!(__mock_core::Field { name: __mock_core::Borrowed(#name), schema: #schema })
        });
        self.list(fields)
    }

    fn schema(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::String => quote!(__mock_core::Schema::String),
            Type::Integer => quote!(__mock_core::Schema::Integer),
            Type::Number => quote!(__mock_core::Schema::Number),
            Type::Boolean => quote!(__mock_core::Schema::Boolean),
            Type::Json => quote!(__mock_core::Schema::Json),
            Type::List(inner) => {
                let inner = self.node(inner);
                quote!(__mock_core::Schema::List(#inner))
            }
            Type::Optional(inner) => {
                let inner = self.node(inner);
                quote!(__mock_core::Schema::Optional(#inner))
            }
            Type::OneOf(values) => {
                let values = self.list(
                    values
                        .iter()
                        .map(|value| quote!(__mock_core::Borrowed(#value))),
                );
                quote!(__mock_core::Schema::OneOf(#values))
            }
            Type::Object(fields) => {
                let fields = self.fields(fields);
                quote!(__mock_core::Schema::Object(#fields))
            }
        }
    }

    fn node(&self, ty: &Type) -> TokenStream {
        let schema = self.schema(ty);
        match self.held {
            Held::Static => quote!(__mock_core::Node::Static(&#schema)),
            Held::Owned => quote!(__mock_core::node(#schema)),
        }
    }
}
