//! The text of JSON, made of pieces.

use proc_macro2::Ident;
use syn::Expr;

use super::braces::{FromText, Pieces};
use super::parse::{Field, Json, JsonKind, Type, word};
use super::templates::{Piece, Variable};

/// A piece of a text that may be JSON.
pub(super) enum JsonPiece {
    Text(String),
    Variable(Variable),
    /// A value that is written as JSON when the mock is made.
    Expr(Expr),
}

impl FromText for JsonPiece {
    fn from_text(text: String) -> Self {
        JsonPiece::Text(text)
    }
}

impl From<&Piece> for JsonPiece {
    fn from(piece: &Piece) -> Self {
        match piece {
            Piece::Text(text) => JsonPiece::Text(text.clone()),
            Piece::Variable(variable) => JsonPiece::Variable(variable.clone()),
        }
    }
}

/// The text of a value.
pub(super) fn pieces(json: &Json) -> Vec<JsonPiece> {
    let mut out = Pieces::default();
    push_json(&mut out, json, None);
    out.finish()
}

/// The text of an object. Where its fields are declared, they have the names that these say.
pub(super) fn object_pieces(values: &[(Ident, Json)], fields: Option<&[Field]>) -> Vec<JsonPiece> {
    let mut out = Pieces::default();
    push_object(&mut out, values, fields);
    out.finish()
}

fn push_object(out: &mut Pieces<JsonPiece>, values: &[(Ident, Json)], fields: Option<&[Field]>) {
    out.text.push('{');
    for (index, (name, value)) in values.iter().enumerate() {
        if index > 0 {
            out.text.push(',');
        }
        let mut fields = fields.unwrap_or_default().iter();
        let field = fields.find(|field| field.name == *name);
        let wire = field.map_or_else(|| word(name), Field::wire_name);
        out.text.push('"');
        push_json_escaped(&mut out.text, &wire);
        out.text.push_str("\":");
        push_json(out, value, field.map(|field| &field.ty));
    }
    out.text.push('}');
}

fn push_json(out: &mut Pieces<JsonPiece>, json: &Json, ty: Option<&Type>) {
    let ty = ty.map(Type::required);
    match &json.kind {
        JsonKind::Text(_, pieces) => {
            out.text.push('"');
            for piece in pieces {
                match piece {
                    Piece::Text(text) => push_json_escaped(&mut out.text, text),
                    variable => out.push(variable.into()),
                }
            }
            out.text.push('"');
        }
        JsonKind::Integer(digits) | JsonKind::Number(digits) => out.text.push_str(digits),
        JsonKind::Boolean(boolean) => out.text.push_str(if *boolean { "true" } else { "false" }),
        JsonKind::Null => out.text.push_str("null"),
        JsonKind::List(items) => {
            let inner = match ty {
                Some(Type::List(inner)) => Some(&**inner),
                _ => None,
            };
            out.text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.text.push(',');
                }
                push_json(out, item, inner);
            }
            out.text.push(']');
        }
        JsonKind::Object(values) => {
            let fields = match ty {
                Some(Type::Object(fields)) => Some(fields.as_slice()),
                _ => None,
            };
            push_object(out, values, fields);
        }
        JsonKind::Expr(expr) => out.push(JsonPiece::Expr(expr.clone())),
    }
}

/// Adds `text` as it stands within a JSON string (RFC 8259, section 7).
fn push_json_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
}
