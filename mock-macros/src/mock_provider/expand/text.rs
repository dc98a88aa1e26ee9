//! Texts and their pieces.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::json_text::{self, JsonPiece};
use super::super::parse::{JsonValue, Text, is_literal};
use super::super::templates::{Piece, Variable};
use super::super::words;
use super::parts::{Held, Table};
use super::value::{Fields, Value, of_type};

impl Table<'_> {
    pub(super) fn text(&self, text: &Text) -> Value {
        match text {
            Text::Template(_, pieces) => self.template(pieces),
            Text::Expr(expr) => Value::call("__TextVerbatim", self.borrowed(expr)),
        }
    }

    /// A text that is an expression.
    pub(super) fn borrowed(&self, expr: &Expr) -> Value {
        match self.held {
            Held::Owned if !is_literal(expr) => {
                let at = expr.span().resolved_at(Span::call_site());
                Value::block(quote_spanned!(at=> __mock_core::IntoStr::into_str(#expr)))
            }
            Held::Static | Held::Owned => {
                let text = quote!(&'static __mock_core::core::primitive::str);
                Value::tuple("__Borrowed", of_type(&text, expr))
            }
        }
    }

    /// A list of texts that are expressions.
    pub(super) fn texts(&self, texts: &[Expr]) -> Value {
        self.list(texts, &|text| Some(self.borrowed(text)))
    }

    pub(super) fn template(&self, pieces: &[Piece]) -> Value {
        let mut all = Vec::new();
        for piece in pieces {
            all.push(piece.into());
        }
        self.pieces(&all)
    }

    /// A text that is JSON.
    pub(super) fn json(&self, value: &JsonValue) -> Value {
        match value {
            JsonValue::Json(json) => self.pieces(&json_text::pieces(json)),
            JsonValue::Expr(expr) => Value::call("__TextVerbatim", self.json_of(expr)),
        }
    }

    /// The JSON text of an object that is not a template.
    pub(super) fn metadata(&self, value: &JsonValue) -> Value {
        match (value, self.held) {
            (JsonValue::Expr(expr), Held::Owned) => {
                Value::block(quote!(__mock_core::metadata(&(#expr))))
            }
            _ => self.json_text(value),
        }
    }

    /// The JSON text of a value that is not a template.
    pub(super) fn json_text(&self, value: &JsonValue) -> Value {
        let pieces = match value {
            JsonValue::Json(json) => json_text::pieces(json),
            JsonValue::Expr(expr) => return self.json_of(expr),
        };
        if let [JsonPiece::Text(text)] = pieces.as_slice() {
            return Value::str(text);
        }
        let mut texts = TokenStream::new();
        for piece in &pieces {
            let text = match piece {
                JsonPiece::Expr(expr) => self.json_of(expr),
                JsonPiece::Text(text) => Value::str(text),
                JsonPiece::Variable(_) => Value::str(""),
            };
            texts.extend(match self.held {
                Held::Static => quote!(let _: __mock_core::Str = #text;),
                Held::Owned => quote!(#text,),
            });
        }
        Value::block(match self.held {
            Held::Static => quote!(#texts __Borrowed("null")),
            Held::Owned => quote!(__mock_core::concat([#texts])),
        })
    }

    /// A text made of pieces: verbatim if there are no variables in it.
    pub(super) fn pieces(&self, pieces: &[JsonPiece]) -> Value {
        match pieces {
            [] => Value::call("__TextVerbatim", Value::str("")),
            [JsonPiece::Text(text)] => Value::call("__TextVerbatim", Value::str(text)),
            pieces => {
                let mut template = Fields::default();
                template.put(
                    "pieces",
                    self.list(pieces, &|piece| Some(self.piece(piece))),
                );
                Value::call("__TextTemplate", template.record("__Template"))
            }
        }
    }

    fn piece(&self, piece: &JsonPiece) -> Value {
        let text = match piece {
            JsonPiece::Variable(variable) => {
                return Value::call("__SegmentVariable", self.variable(variable));
            }
            JsonPiece::Text(text) => Value::str(text),
            JsonPiece::Expr(expr) => self.json_of(expr),
        };
        Value::call("__SegmentText", text)
    }

    /// The JSON of a value. One that serde cannot write is so where it is written.
    fn json_of(&self, expr: &Expr) -> Value {
        match self.held {
            Held::Static => in_vain(expr),
            Held::Owned => {
                let at = expr.span().resolved_at(Span::call_site());
                let value = quote_spanned!(at=> &(#expr));
                Value::block(quote!(__mock_core::json(#value)))
            }
        }
    }

    fn variable(&self, variable: &Variable) -> Value {
        match variable {
            Variable::Capture(name) => Value::call("__VariableCapture", Value::str(name)),
            Variable::User => Value::unit("__VariableUser"),
            Variable::Model => Value::unit("__VariableModel"),
            Variable::Call => Value::unit("__VariableCall"),
            Variable::Field { tool, index, path } => {
                let path = self.mock.wire_path(tool, path);
                let tool = self.mock.wire_name(tool);
                let mut fields = Fields::default();
                fields.put("tool", Value::str(&tool));
                let index = index.as_ref();
                fields.put_option("index", index.map(|index| Value::expression(index)));
                fields.put("path", Value::str(&path));
                fields.record("__VariableField")
            }
        }
    }
}

/// An expression that is a mistake, which has been reported; the compiler may find more in it.
fn in_vain(expr: &Expr) -> Value {
    // Leave out an unknown macro or a word of another language, such as `None` for `null`: the compiler would report it as well.
    if matches!(expr, Expr::Macro(_)) || words::foreign_json(expr).is_some() {
        return Value::str("null");
    }
    Value::block(quote! {
        let _ = || { let _ = &(#expr); };
        __Borrowed("null")
    })
}
