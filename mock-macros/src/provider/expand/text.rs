//! Texts and their pieces.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::json::{self, JsonPiece};
use super::super::model::{JsonValue, Text, is_literal};
use super::super::text::{Piece, Variable};
use super::table::{Held, Table};
use super::value::Value;

impl Table<'_> {
    pub(super) fn text(&self, text: &Text) -> Value {
        match text {
            Text::Template(_, pieces) => self.template(pieces),
            Text::Expr(expr) => {
                let text = self.borrowed(expr);
                Value::tuple("__TextVerbatim", quote!(#text))
            }
        }
    }

    /// A text that is an expression.
    pub(super) fn borrowed(&self, expr: &Expr) -> Value {
        match self.held {
            Held::Owned if !is_literal(expr) => {
                let at = expr.span().resolved_at(Span::call_site());
                Value::block(quote_spanned!(at=> __mock_core::IntoStr::into_str(#expr)))
            }
            Held::Static | Held::Owned => Value::tuple("__Borrowed", quote!(#expr)),
        }
    }

    pub(super) fn template(&self, pieces: &[Piece]) -> Value {
        let pieces: Vec<_> = pieces.iter().cloned().map(JsonPiece::Piece).collect();
        self.pieces(&pieces)
    }

    /// A text that is JSON.
    pub(super) fn json(&self, value: &JsonValue) -> Value {
        match (value, self.held) {
            (JsonValue::Json(json), _) => self.pieces(&json::pieces(json)),
            (JsonValue::Expr(expr), Held::Owned) => Value::tuple("__TextVerbatim", json_of(expr)),
            (JsonValue::Expr(expr), Held::Static) => Value::tuple("__TextVerbatim", in_vain(expr)),
        }
    }

    /// The JSON text of an object that is not a template.
    pub(super) fn metadata(&self, value: &JsonValue) -> TokenStream {
        let pieces = match (value, self.held) {
            (JsonValue::Json(json), _) => json::pieces(json),
            (JsonValue::Expr(expr), Held::Owned) => return quote!(__mock_core::metadata(&(#expr))),
            (JsonValue::Expr(expr), Held::Static) => return in_vain(expr),
        };
        match (pieces.as_slice(), self.held) {
            ([JsonPiece::Piece(Piece::Text(text))], _) => quote!(__Borrowed(#text)),
            (pieces, Held::Static) => {
                let mistakes = pieces.iter().filter_map(|piece| match piece {
                    JsonPiece::Expr(expr) => Some(in_vain(expr)),
                    JsonPiece::Piece(_) => None,
                });
                quote!({
                    #(let _: __mock_core::Str = #mistakes;)*
                    __Borrowed("null")
                })
            }
            (pieces, Held::Owned) => {
                let texts = pieces.iter().map(|piece| match piece {
                    JsonPiece::Expr(expr) => json_of(expr),
                    JsonPiece::Piece(Piece::Text(text)) => quote!(__Borrowed(#text)),
                    JsonPiece::Piece(Piece::Variable(_)) => quote!(__Borrowed("")),
                });
                quote!(__mock_core::concat([#(#texts),*]))
            }
        }
    }

    /// A text made of pieces: verbatim if there are no variables in it.
    pub(super) fn pieces(&self, pieces: &[JsonPiece]) -> Value {
        let verbatim = |text| Value::tuple("__TextVerbatim", text);
        match pieces {
            [] => verbatim(quote!(__Borrowed(""))),
            [JsonPiece::Piece(Piece::Text(text))] => verbatim(quote!(__Borrowed(#text))),
            pieces => {
                let pieces = self.list(pieces.iter().map(|piece| self.piece(piece)));
                let template = quote!(__Template { pieces: #pieces });
                Value::tuple("__TextTemplate", template)
            }
        }
    }

    fn piece(&self, piece: &JsonPiece) -> Value {
        let text = match (piece, self.held) {
            (JsonPiece::Piece(Piece::Variable(variable)), _) => {
                let variable = self.variable(variable);
                return Value::tuple("__PieceVariable", quote!(#variable));
            }
            (JsonPiece::Piece(Piece::Text(text)), _) => quote!(__Borrowed(#text)),
            (JsonPiece::Expr(expr), Held::Static) => in_vain(expr),
            (JsonPiece::Expr(expr), Held::Owned) => json_of(expr),
        };
        Value::tuple("__PieceText", text)
    }

    fn variable(&self, variable: &Variable) -> Value {
        match variable {
            Variable::Capture(name) => Value::tuple("__VariableCapture", quote!(__Borrowed(#name))),
            Variable::User => Value::unit("__VariableUser"),
            Variable::Model => Value::unit("__VariableModel"),
            Variable::Call => Value::unit("__VariableCall"),
            Variable::Field { tool, index, path } => {
                let path = self.mock.wire_path(tool, path);
                let tool = self.mock.wire_name(tool);
                let index = match index {
                    Some(index) => quote!(__Some(#index)),
                    None => quote!(__None),
                };
                let fields = quote! {
                    tool: __Borrowed(#tool),
                    index: #index,
                    path: __Borrowed(#path),
                };
                Value::record("__VariableField", fields)
            }
        }
    }
}

/// The JSON of a value. One that serde cannot write is so where it is written.
fn json_of(expr: &Expr) -> TokenStream {
    let at = expr.span().resolved_at(Span::call_site());
    let value = quote_spanned!(at=> &(#expr));
    quote!(__mock_core::json(#value))
}

/// An expression that is a mistake, which has been reported; the compiler may find more in it.
fn in_vain(expr: &Expr) -> TokenStream {
    // A macro may not be there, and that would be told as well.
    if let Expr::Macro(_) = expr {
        return quote!(__Borrowed("null"));
    }
    quote! {
        {
            let _ = || { let _ = &(#expr); };
            __Borrowed("null")
        }
    }
}
