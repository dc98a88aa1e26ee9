//! Templates, the texts that a mock answers with: their variables.

use proc_macro2::{Ident, Span};
use syn::LitStr;

use super::braces::{FromText, Kind, Mistake, Pieces, is_key, is_name, is_tool};
use crate::lint::Lint;
use crate::syntax::{consists_of, split_text_at};

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Variable(Variable),
}

/// A variable in the braces of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Variable {
    Capture(String),
    User,
    Model,
    Call,
    Field {
        tool: String,
        /// Which of its results, where it says so.
        index: Option<u32>,
        path: String,
    },
}

/// The pieces of a template, and the mistakes in it, which stand for themselves.
pub(super) fn template(literal: &LitStr) -> (Vec<Piece>, Vec<Mistake>) {
    let source = literal.value();
    let mut pieces = Pieces::default();
    let mut rest = source.as_str();
    while let Some((before, brace)) = rest.find(&['{', '}'][..]).map(|at| split_text_at(rest, at)) {
        pieces.text.push_str(before);
        rest = pieces.brace(brace, Kind::Template, &|inside, _| match variable(inside) {
            Some(variable) => Ok(Piece::Variable(variable)),
            None => Err(Mistake::new(
                Lint::UnknownVariable,
                format!("`{{{inside}}}` is not a template variable"),
                no_variable(inside),
            )),
        });
    }
    pieces.text.push_str(rest);
    let mut mistakes = std::mem::take(&mut pieces.mistakes);
    if !mistakes.is_empty() && is_json(&source) {
        mistakes = vec![Mistake::new(
            Lint::JsonInText,
            "the braces in this JSON text would be read as template variables",
            "write `json(object { .. })` for an answer, or `verbatim(..)` for the text as it is",
        )];
    }
    (pieces.finish(), mistakes)
}

/// The help for what is in braces and no variable: `{ city }`, `{city:?}`, or anything else.
fn no_variable(inside: &str) -> String {
    let name = inside.split(':').next().unwrap_or_default().trim();
    let mut words = Vec::new();
    for word in name.split('.') {
        words.push(word.strip_prefix("r#").unwrap_or(word).to_owned());
    }
    let name = words.join(".");
    if let Some((tool, Some(index))) = indexed(&name)
        && is_tool(tool)
    {
        return format!("write a field of the result, as in `{{{tool}[{index}].field}}`");
    }
    match variable(&name) {
        Some(_) => format!("write `{{{name}}}`, or `{{{{` and `}}}}` for braces"),
        None => "write `{{` and `}}` for braces, or `verbatim(..)` for the whole text".to_owned(),
    }
}

/// Whether a text looks like a JSON object, or a list of these.
fn is_json(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let begins = text.starts_with("{\"") || text.starts_with("[{\"");
    begins && text.contains("\":") && text.ends_with(&['}', ']'][..])
}

fn variable(inside: &str) -> Option<Variable> {
    match inside {
        "user" => return Some(Variable::User),
        "model" => return Some(Variable::Model),
        "call" => return Some(Variable::Call),
        _ => {}
    }
    match inside.split_once('.') {
        None if is_name(inside) => Some(Variable::Capture(inside.to_owned())),
        Some((tool, path)) if path.split('.').all(is_key) => {
            let (tool, index) = indexed(tool)?;
            is_tool(tool).then(|| Variable::Field {
                tool: tool.to_owned(),
                index,
                path: path.to_owned(),
            })
        }
        _ => None,
    }
}

/// The name of a tool, and the index in brackets behind it, if there is one; `None` if that is not a number.
fn indexed(tool: &str) -> Option<(&str, Option<u32>)> {
    let Some((tool, index)) = tool.split_once('[') else {
        return Some((tool, None));
    };
    let index = index.strip_suffix(']')?;
    let is_number = consists_of(index, |c| c.is_ascii_digit());
    Some((tool, Some(index.parse().ok().filter(|_| is_number)?)))
}

impl FromText for Piece {
    fn from_text(text: String) -> Self {
        Piece::Text(text)
    }
}

/// The texts of typed arguments, in the closure that makes these.
pub(super) fn texts_ident() -> Ident {
    Ident::new("__mock_core_texts", Span::mixed_site())
}
