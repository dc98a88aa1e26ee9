//! Tools and the types of their arguments.

use proc_macro2::Ident;
use syn::{Expr, ExprCall, ExprStruct, Member, Path};

use super::super::words;
use super::{Field, Reader, Tool, Type, literal, path_word};
use crate::diagnostics::did_you_mean;

impl Reader<'_> {
    pub(super) fn tool(&self, expr: &Expr) -> Option<Tool> {
        match expr {
            Expr::Struct(tool) => Some(Tool {
                name: self.word_of(&tool.path)?,
                arguments: self.fields(tool),
            }),
            Expr::Path(path) => Some(Tool {
                name: self.word_of(&path.path)?,
                arguments: Vec::new(),
            }),
            other => {
                self.diagnostics.error_at(
                    other,
                    "expected a tool",
                    "write its name and its arguments, as in `get_weather { city: string }`",
                );
                None
            }
        }
    }

    pub(super) fn word_of(&self, path: &Path) -> Option<Ident> {
        let word = path.get_ident().cloned();
        if word.is_none() {
            self.diagnostics.error_at(
                path,
                "expected the name of a tool",
                "write one word, as in `get_weather`",
            );
        }
        word
    }

    fn fields(&self, object: &ExprStruct) -> Vec<Field> {
        let fields = self.members(object).into_iter();
        fields
            .map(|(name, value)| Field {
                ty: self.ty(value),
                name,
            })
            .collect()
    }

    /// The named members of a struct literal, each name once.
    pub(super) fn members<'e>(&self, object: &'e ExprStruct) -> Vec<(Ident, &'e Expr)> {
        if let Some(rest) = &object.rest {
            self.diagnostics
                .error_at(rest, "`..` has no meaning here", "write all fields");
        }
        let mut members: Vec<(Ident, &Expr)> = Vec::new();
        for field in &object.fields {
            let Member::Named(name) = &field.member else {
                self.diagnostics
                    .error_at(&field.member, "expected a name", "write `name: value`");
                continue;
            };
            if members.iter().any(|(known, _)| known == name) {
                self.diagnostics.error(
                    name.span(),
                    format!("`{name}` is given twice"),
                    format!("remove one of the two `{name}`"),
                );
                continue;
            }
            members.push((name.clone(), &field.expr));
        }
        members
    }

    fn ty(&self, expr: &Expr) -> Type {
        let unknown = |word: &Ident| {
            self.diagnostics.error(
                word.span(),
                format!("unknown type `{word}`"),
                foreign_type(&word.to_string()).unwrap_or_else(|| {
                    did_you_mean(&word.to_string(), "types", words::TYPES.iter().copied())
                }),
            );
            Type::Json
        };
        match expr {
            Expr::Path(_) => match path_word(expr) {
                Some(word) => match word.to_string().as_str() {
                    "string" => Type::String,
                    "integer" => Type::Integer,
                    "number" => Type::Number,
                    "boolean" => Type::Boolean,
                    "json" => Type::Json,
                    _ => unknown(word),
                },
                None => self.not_a_type(expr),
            },
            Expr::Call(call) => {
                let Some(word) = path_word(&call.func) else {
                    return self.not_a_type(expr);
                };
                match word.to_string().as_str() {
                    "list" => Type::List(Box::new(self.inner_type(word, call))),
                    "optional" => Type::Optional(Box::new(self.inner_type(word, call))),
                    "one_of" => Type::OneOf(
                        call.args
                            .iter()
                            .filter_map(|value| self.string(value))
                            .collect(),
                    ),
                    _ => unknown(word),
                }
            }
            Expr::Struct(object) if object.path.is_ident("object") => {
                Type::Object(self.fields(object))
            }
            other => self.not_a_type(other),
        }
    }

    fn inner_type(&self, word: &Ident, call: &ExprCall) -> Type {
        match call.args.first() {
            Some(inner) => self.ty(inner),
            None => {
                self.diagnostics.error(
                    word.span(),
                    format!("`{word}` needs a type"),
                    format!("write `{word}(string)`"),
                );
                Type::Json
            }
        }
    }

    fn not_a_type(&self, expr: &Expr) -> Type {
        self.diagnostics.error_at(
            expr,
            "expected a type",
            did_you_mean("", "types", words::TYPES.iter().copied()),
        );
        Type::Json
    }

    fn string(&self, expr: &Expr) -> Option<String> {
        match literal(expr) {
            Some(text) => Some(text.value()),
            None => {
                self.diagnostics.error_at(
                    expr,
                    "expected a string literal",
                    "write a text in quotes",
                );
                None
            }
        }
    }
}

/// The help for a type by its Rust or JSON name.
fn foreign_type(word: &str) -> Option<String> {
    let known = match word {
        "String" | "str" | "text" => "string",
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" | "isize" | "int" => {
            "integer"
        }
        "f32" | "f64" | "float" => "number",
        "bool" => "boolean",
        "Vec" | "array" => "list(..)",
        "Option" => "optional(..)",
        "Value" | "any" => "json",
        _ => return None,
    };
    Some(format!("write `{known}`"))
}
