//! The arguments of tool calls.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use syn::spanned::Spanned as _;

use super::super::json_text::{self, JsonPiece};
use super::super::parse::{Arguments, Call, Typed, word};
use super::super::templates::texts_ident;
use super::parts::{Held, Table};
use super::value::{Fields, Value};

use crate::search::Search as _;

impl Table<'_> {
    pub(super) fn call(&self, call: &Call) -> Value {
        let name = word(&call.tool);
        let wire = self.mock.wire_name(&name);
        let arguments = match &call.arguments {
            Arguments::Fields(values) => {
                let fields = self.mock.fields(&name);
                self.fields_text(&json_text::object_pieces(values, fields))
            }
            Arguments::Raw(text) => Value::call("__ArgumentsRaw", self.borrowed(text)),
            Arguments::Typed(typed) => self.typed(&call.tool, typed),
        };
        let mut fields = Fields::default();
        fields.put("tool", Value::str(&wire));
        fields.put("arguments", arguments);
        fields.put_option("id", call.id.as_ref().map(|id| self.text(id)));
        Value::call("__ActionCall", fields.record("__ScriptedCall"))
    }

    /// The text of arguments. In a `static` none can be made: there, a function makes it when the call is made.
    fn fields_text(&self, pieces: &[JsonPiece]) -> Value {
        let has_values = pieces.any(&|piece| matches!(piece, JsonPiece::Expr(_)));
        if matches!(self.held, Held::Owned) || !has_values {
            return Value::call("__ArgumentsText", self.pieces(pieces));
        }
        let ident = texts_ident();
        let mut variables = Vec::new();
        let mut parts = TokenStream::new();
        for piece in pieces {
            parts.extend(match piece {
                JsonPiece::Text(text) => quote!(__mock_core::json_text(#text),),
                JsonPiece::Variable(_) => {
                    let index = variables.len();
                    variables.push(piece);
                    quote!(__mock_core::json_escaped(&#ident[#index]),)
                }
                JsonPiece::Expr(expr) => {
                    let at = expr.span().resolved_at(Span::call_site());
                    let value = quote_spanned!(at=> &(#expr));
                    quote!(__mock_core::arguments(#value),)
                }
            });
        }
        let texts = self.list(&variables, &|variable| {
            Some(self.pieces(std::slice::from_ref(*variable)))
        });
        let make = quote! {
            __mock_core::Make::Fn(|#ident| __mock_core::json_of([#parts]))
        };
        typed_arguments(texts, &make)
    }

    /// Arguments of the user's own type: the compiler checks them where they are written.
    fn typed(&self, tool: &Ident, typed: &Typed) -> Value {
        let ident = texts_ident();
        let texts = self.list(&typed.texts, &|text| Some(self.template(&text.pieces)));
        let value = &typed.value;
        let at = tool.span().resolved_at(Span::call_site());
        let arguments = quote_spanned!(at=> __mock_core::arguments(&#value));
        let make = match self.held {
            Held::Static => quote!(__mock_core::Make::Fn(|#ident| #arguments)),
            Held::Owned => quote!(__mock_core::make(move |#ident| #arguments)),
        };
        typed_arguments(texts, &make)
    }
}

fn typed_arguments(texts: Value, make: &TokenStream) -> Value {
    let mut arguments = Fields::default();
    arguments.put("texts", texts);
    arguments.put_tokens("make", make);
    Value::call("__ArgumentsTyped", arguments.record("__TypedArguments"))
}
