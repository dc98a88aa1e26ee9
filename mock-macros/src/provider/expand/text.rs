//! Texts and their pieces.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::json::{self, JsonPiece};
use super::super::model::{JsonValue, Text};
use super::super::text::{Piece, Variable};
use super::table::{Held, Table};

impl Table<'_> {
    pub(super) fn text(&self, text: &Text) -> TokenStream {
        match text {
            Text::Template(_, pieces) => self.template(pieces),
            Text::Expr(expr) => {
                let text = self.borrowed(expr);
                quote!(__mock_core::Text::Verbatim(#text))
            }
        }
    }

    /// A text that is an expression.
    pub(super) fn borrowed(&self, expr: &Expr) -> TokenStream {
        match self.held {
            Held::Static => quote!(__mock_core::Borrowed(#expr)),
            Held::Owned => quote!(__mock_core::text(#expr)),
        }
    }

    pub(super) fn template(&self, pieces: &[Piece]) -> TokenStream {
        let pieces: Vec<_> = pieces.iter().cloned().map(JsonPiece::Piece).collect();
        self.pieces(&pieces)
    }

    /// A text that is JSON.
    pub(super) fn json(&self, value: &JsonValue) -> TokenStream {
        match (value, self.held) {
            (JsonValue::Json(json), _) => self.pieces(&json::pieces(json)),
            (JsonValue::Expr(expr), Held::Owned) => {
                let json = json_of(expr);
                quote!(__mock_core::Text::Verbatim(#json))
            }
            (JsonValue::Expr(expr), Held::Static) => {
                let null = in_vain(expr);
                quote!(__mock_core::Text::Verbatim(#null))
            }
        }
    }

    /// The JSON text of an object that is no template.
    pub(super) fn metadata(&self, value: &JsonValue) -> TokenStream {
        let pieces = match (value, self.held) {
            (JsonValue::Json(json), _) => json::pieces(json),
            (JsonValue::Expr(expr), Held::Owned) => return quote!(__mock_core::metadata(&(#expr))),
            (JsonValue::Expr(expr), Held::Static) => return in_vain(expr),
        };
        match (pieces.as_slice(), self.held) {
            ([JsonPiece::Piece(Piece::Text(text))], _) => quote!(__mock_core::Borrowed(#text)),
            (pieces, Held::Static) => {
                let mistakes = pieces.iter().filter_map(|piece| match piece {
                    JsonPiece::Expr(expr) => Some(in_vain(expr)),
                    JsonPiece::Piece(_) => None,
                });
                quote!({
                    #(let _: __mock_core::Str = #mistakes;)*
                    __mock_core::Borrowed("null")
                })
            }
            (pieces, Held::Owned) => {
                let texts = pieces.iter().map(|piece| match piece {
                    JsonPiece::Expr(expr) => json_of(expr),
                    JsonPiece::Piece(Piece::Text(text)) => quote!(__mock_core::Borrowed(#text)),
                    JsonPiece::Piece(Piece::Variable(_)) => quote!(__mock_core::Borrowed("")),
                });
                quote!(__mock_core::concat([#(#texts),*]))
            }
        }
    }

    /// A text made of pieces: verbatim if there are no variables in it.
    pub(super) fn pieces(&self, pieces: &[JsonPiece]) -> TokenStream {
        match pieces {
            [] => quote!(__mock_core::Text::Verbatim(__mock_core::Borrowed(""))),
            [JsonPiece::Piece(Piece::Text(text))] => {
                quote!(__mock_core::Text::Verbatim(__mock_core::Borrowed(#text)))
            }
            pieces => {
                let pieces = self.list(pieces.iter().map(|piece| self.piece(piece)));
                quote!(__mock_core::Text::Template(__mock_core::Template { pieces: #pieces }))
            }
        }
    }

    fn piece(&self, piece: &JsonPiece) -> TokenStream {
        let text = match (piece, self.held) {
            (JsonPiece::Piece(Piece::Variable(variable)), _) => {
                let variable = self.variable(variable);
                return quote!(__mock_core::Piece::Variable(__mock_core::Variable::#variable));
            }
            (JsonPiece::Piece(Piece::Text(text)), _) => quote!(__mock_core::Borrowed(#text)),
            (JsonPiece::Expr(expr), Held::Static) => in_vain(expr),
            (JsonPiece::Expr(expr), Held::Owned) => json_of(expr),
        };
        quote!(__mock_core::Piece::Text(#text))
    }

    fn variable(&self, variable: &Variable) -> TokenStream {
        match variable {
            Variable::Capture(name) => quote!(Capture(__mock_core::Borrowed(#name))),
            Variable::User => quote!(User),
            Variable::Model => quote!(Model),
            Variable::Call => quote!(Call),
            Variable::Field { tool, path } => {
                let path = self.mock.wire_path(tool, path);
                let tool = self.mock.wire_name(tool);
                quote! {
                    Field { tool: __mock_core::Borrowed(#tool), path: __mock_core::Borrowed(#path) }
                }
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
        return quote!(__mock_core::Borrowed("null"));
    }
    quote! {
        {
            let _ = || { let _ = &(#expr); };
            __mock_core::Borrowed("null")
        }
    }
}
