//! The arguments of a call: they are those of its declared tool, each of its type.

use syn::{Expr, Ident, Lit};

use super::super::parse::{Arguments, Field, Json, JsonKind, Mock, Type, word};
use super::super::templates::Piece;
use super::super::words::Word;
use crate::diagnostics::{Diagnostics, with_commas};
use crate::did_you_mean::{did_you_mean, is_near};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::any_literal;

/// The arguments of a call are those of its tool: none unknown, none missing, each of its type.
pub(super) fn arguments_fit_the_tool(mock: &Mock, diagnostics: &Diagnostics) {
    for &call in &mock.calls() {
        if let Some(fields) = mock.fields(&word(&call.tool))
            && let Arguments::Fields(values) = &call.arguments
        {
            object(Owner::Tool, &call.tool, fields, values, diagnostics);
        }
    }
}

/// The owner of arguments or fields: a tool or an object.
#[derive(Clone, Copy)]
enum Owner {
    Tool,
    Object,
}

fn object(
    whole: Owner,
    name: &Ident,
    fields: &[Field],
    values: &[(Ident, Json)],
    diagnostics: &Diagnostics,
) {
    let (whole, part, word) = match whole {
        Owner::Tool => (format!("tool `{name}`"), "argument", name.to_string()),
        Owner::Object => (format!("object `{name}`"), "field", "object".to_owned()),
    };
    let mut unknown = Vec::new();
    for (argument, value) in values {
        match fields.find(&|field| field.name == *argument) {
            Some(field) => fits(argument, &field.ty, value, diagnostics),
            None => unknown.push(argument),
        }
    }
    let mut missing = Vec::new();
    for field in fields {
        let is_there = values.any(&|(argument, _)| *argument == field.name);
        if !is_there && !matches!(field.ty, Type::Optional(_)) {
            missing.push(field);
        }
    }
    // If one argument is unknown and one is missing, the unknown one is meant for it, unless it resembles another argument.
    let meant = match (&*unknown, &*missing) {
        ([unknown], [meant]) => {
            let unknown = unknown.to_string();
            let is_another = |field: &Field| {
                field.name != meant.name && is_near(&unknown, &field.name.to_string())
            };
            (!fields.any(&is_another)).then(|| meant.name.to_string())
        }
        _ => None,
    };
    let known = names_of(fields);
    // Where nothing is declared, the declaration is what is wrong, once.
    if let ([first, _, ..], []) = (&*unknown, &*known) {
        let declared = with_commas(&unknown, &|argument| format!("{argument}: string"));
        return diagnostics.error(
            Lint::UnknownArgument,
            first.span(),
            format_args!("{whole} has no {part} `{first}`"),
            format_args!("declare all of them, as in `{word} {{ {declared} }}`"),
        );
    }
    for &argument in &unknown {
        diagnostics.error(
            Lint::UnknownArgument,
            argument.span(),
            format_args!("{whole} has no {part} `{argument}`"),
            match known.is_empty() {
                true => {
                    format!("remove it, or declare it, as in `{word} {{ {argument}: string }}`")
                }
                false => did_you_mean(
                    meant.as_deref().unwrap_or(&argument.to_string()),
                    &format!("{part}s"),
                    &known,
                ),
            },
        );
    }
    if !missing.is_empty() && meant.is_none() {
        let names = with_commas(&missing, &|field| format!("`{}`", field.name));
        let written = with_commas(&missing, &|field| with_example(field));
        // The call may have no braces.
        let help = match values.is_empty() {
            true => format!("write `{word} {{ {written} }}`"),
            false => format!("write `{written}`"),
        };
        let plural = if missing.len() == 1 { "" } else { "s" };
        diagnostics.error(
            Lint::MissingArguments,
            name.span(),
            format_args!("{whole} needs the {part}{plural} {names}"),
            help,
        );
    }
}

fn fits(argument: &Ident, ty: &Type, value: &Json, diagnostics: &Diagnostics) {
    let wrong = |expected: &str| {
        diagnostics.error(
            Lint::ArgumentType,
            value.span,
            format_args!("`{argument}` must be {expected}, found {}", found(value)),
            match &value.kind {
                JsonKind::Text(_, pieces) if pieces.any(&|piece| matches!(piece, Piece::Variable(_))) => {
                    format!("a text with variables is a string: declare `{argument}: string`, or write `{argument}: {}`", example(ty))
                }
                _ => format!("write `{argument}: {}`", example(ty)),
            },
        );
    };
    match (ty, &value.kind) {
        (Type::Optional(_), JsonKind::Null) => {}
        (Type::Optional(inner), _) => fits(argument, inner, value, diagnostics),
        (Type::Scalar(_) | Type::OneOf(_), JsonKind::Expr(expr))
            if expected(ty) == TEXT && is_bytes(expr) =>
        {
            wrong(TEXT);
        }
        (_, JsonKind::Expr(_)) | (Type::Json, _) => {}
        (Type::Scalar(scalar), kind) if is_of(scalar, kind) => {}
        (Type::OneOf(values), JsonKind::Text(literal, pieces)) => {
            let text = match pieces.as_slice() {
                [] => "",
                [Piece::Text(text)] => text,
                _ => return,
            };
            if !values.any(&|value| value == text) {
                let written = literal.value();
                let mut known = Vec::new();
                for value in values {
                    known.push(with_braces(value));
                }
                diagnostics.error(
                    Lint::ArgumentType,
                    literal.span(),
                    format_args!("`{written}` is not one of the values of `{argument}`"),
                    did_you_mean(&written, "values", &known),
                );
            }
        }
        (Type::List(inner), JsonKind::List(items)) => {
            items
                .iter()
                .for_each(|item| fits(argument, inner, item, diagnostics));
        }
        (Type::Object(fields), JsonKind::Object(values)) => {
            object(Owner::Object, argument, fields, values, diagnostics);
        }
        _ => wrong(expected(ty)),
    }
}

/// Whether a value is of the type that is this word alone.
fn is_of(scalar: &Word, value: &JsonKind) -> bool {
    match scalar.word {
        "string" => matches!(value, JsonKind::Text(..)),
        "integer" => matches!(value, JsonKind::Integer(_)),
        "number" => matches!(value, JsonKind::Integer(_) | JsonKind::Number(_)),
        _ => matches!(value, JsonKind::Boolean(_)),
    }
}

const TEXT: &str = "a string";

/// The noun for a value of the type.
pub(super) fn expected(ty: &Type) -> &'static str {
    match ty {
        Type::Scalar(scalar) => match scalar.word {
            "string" => TEXT,
            "integer" => "an integer",
            "number" => "a number",
            _ => "a boolean",
        },
        Type::OneOf(_) => TEXT,
        Type::List(_) => "a list",
        Type::Object(_) => "an object",
        Type::Optional(inner) => expected(inner),
        Type::Json => "any JSON",
    }
}

/// Whether it is a literal of bytes, which becomes a list of numbers, or one number.
fn is_bytes(expr: &Expr) -> bool {
    let literal = any_literal(expr);
    matches!(literal, Some(Lit::ByteStr(_) | Lit::CStr(_) | Lit::Byte(_)))
}

fn found(value: &Json) -> &'static str {
    match value.kind {
        JsonKind::Text(..) => "a string",
        JsonKind::Integer(_) => "an integer",
        JsonKind::Number(_) => "a number",
        JsonKind::Boolean(_) => "a boolean",
        JsonKind::Null => "null",
        JsonKind::List(_) => "a list",
        JsonKind::Object(_) => "an object",
        JsonKind::Expr(ref expr) if is_bytes(expr) => "bytes",
        JsonKind::Expr(_) => "an expression",
    }
}

/// A text as a template that stands for it.
fn with_braces(text: &str) -> String {
    text.replace("{", "{{").replace("}", "}}")
}

fn names_of(fields: &[Field]) -> Vec<String> {
    let mut names = Vec::new();
    for field in fields {
        names.push(field.name.to_string());
    }
    names
}

/// A field and a value of its type, to type.
fn with_example(field: &Field) -> String {
    format!("{}: {}", field.name, example(&field.ty))
}

/// A value of the type, to type.
fn example(ty: &Type) -> String {
    match ty {
        Type::Json => "\"..\"".to_owned(),
        Type::Scalar(scalar) => match scalar.word {
            "string" => "\"..\"".to_owned(),
            "integer" => "1".to_owned(),
            "number" => "1.5".to_owned(),
            _ => "true".to_owned(),
        },
        Type::List(inner) => format!("[{}]", example(inner)),
        Type::Optional(inner) => example(inner),
        Type::OneOf(values) => {
            let first = values.first().map(|value| with_braces(value));
            format!("{:?}", first.as_deref().unwrap_or(".."))
        }
        Type::Object(fields) => {
            format!("object {{ {} }}", with_commas(fields, &with_example))
        }
    }
}
