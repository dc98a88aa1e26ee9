//! The text of JSON in the notation of the grammar: `object { a: 1 }` for `{"a": 1}`.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::{ExprStruct, Ident};

use crate::diagnostics::written;
use crate::syntax::{is_comma, stream};

/// A JSON object, or a list of these, as the grammar writes it; `None` if the text is none, or one that the grammar does not write so.
pub(super) fn from_json(text: &str) -> Option<String> {
    let text = text.trim();
    let is_json =
        text == "{}" || text.starts_with("[{") || text.starts_with('{') && text.contains(':');
    let tokens: TokenStream = is_json.then_some(text)?.parse().ok()?;
    value(&Vec::from_iter(tokens))
}

/// An object in braces as the grammar writes it; `None` if it has another mistake.
pub(super) fn of_object(braces: &Group) -> Option<String> {
    let written = written(braces);
    match braces.stream().into_iter().next() {
        Some(TokenTree::Literal(_)) => from_json(&written),
        _ => {
            let object = format!("object {written}");
            syn::parse_str::<ExprStruct>(&object).ok().map(|_| object)
        }
    }
}

fn value(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [TokenTree::Group(group)] => {
            let mut inside = Vec::from_iter(group.stream());
            // JSON has no trailing comma, but people write one.
            inside.pop_if(|last| is_comma(last));
            let mut items = Vec::new();
            for item in inside.split(is_comma) {
                match (group.delimiter(), item) {
                    (_, []) if inside.is_empty() => {}
                    (Delimiter::Brace, [TokenTree::Literal(name), _, item @ ..]) => {
                        items.push(format!("{}: {}", in_rust(&name.to_string())?, value(item)?));
                    }
                    (Delimiter::Bracket, item) => items.push(value(item)?),
                    _ => return None,
                }
            }
            let items = items.join(", ");
            Some(match (group.delimiter(), &*items) {
                (Delimiter::Bracket, items) => format!("[{items}]"),
                (_, "") => "object {}".to_owned(),
                (_, items) => format!("object {{ {items} }}"),
            })
        }
        [TokenTree::Literal(_)] | [TokenTree::Punct(_), TokenTree::Literal(_)] => {
            Some(written(&stream(tokens)))
        }
        [TokenTree::Ident(word)] => {
            let is_value = word == "true" || word == "false" || word == "null";
            is_value.then(|| word.to_string())
        }
        _ => None,
    }
}

/// The name in quotes, if it is one in Rust too.
fn in_rust(name: &str) -> Option<Ident> {
    let name = name.strip_prefix('"')?.strip_suffix('"')?;
    syn::parse_str(name).ok()
}
