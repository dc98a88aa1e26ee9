//! `mock_provider!`: its syntax is split into entries, each is parsed into the model of a mock, checked, and expanded.

mod braces;
mod check;
pub(crate) mod completion;
mod expand;
mod json_notation;
mod json_text;
mod parse;
mod patterns;
#[cfg(feature = "cassette")]
pub(crate) mod read_cassette_file;
mod split_into_entries;
mod suggest_failure;
mod templates;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Expr, LitStr};

use crate::diagnostics::{Diagnostics, written};
use crate::editor_only_code;
use crate::lint::Lint;
use crate::syntax::{is_type, literal};
use crate::words;
use parse::Mock;
use split_into_entries::Body;
pub(crate) use split_into_entries::report_number_mistake;

/// Expands `mock_provider!(..)`, with the mistakes in it.
pub(crate) fn expand(input: TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    let input = split_into_entries::name_first(input, diagnostics);
    let mock = read(input.clone(), diagnostics);
    // The code for the editor comes first, because errors have the same spans.
    let seen = completion::expand(&mock, input);
    if let Some(error) = mock.crate_path.missing() {
        diagnostics.discard();
        return match &mock.name {
            Some(name) => quote!(#error pub struct #name;),
            None => quote!({ #error loop {} }),
        };
    }
    if mock.may_be_no_name {
        // Only an error is valid both as an item and as an expression.
        return diagnostics.first();
    }
    if mock.name.is_some() || mock.is_declaration {
        let editor = editor_only_code::item(&mock.crate_path, &seen);
        let errors = diagnostics.to_item();
        let items = expand::items(&mock);
        quote!(#editor #errors #items)
    } else {
        let editor = editor_only_code::statement(&mock.crate_path, &seen);
        let errors = diagnostics.to_compile_errors();
        let expression = expand::expression(&mock);
        quote!({ #editor #errors #expression })
    }
}

/// The scenario of `#[mock(..)]`, as an expression of the type `Cow<'static, Scenario>`.
pub(crate) fn scenario(
    input: TokenStream,
    crate_path: &crate::crate_path::CratePath,
    diagnostics: &Diagnostics,
) -> TokenStream {
    let input = match declared(&input) {
        Some(name) => {
            diagnostics.error_at(
                Lint::MockAttribute,
                &input,
                "a declared mock is given by its path only",
                format_args!("write `#[mock({name})]`"),
            );
            TokenStream::new()
        }
        None => input,
    };
    let mut mock = read(input.clone(), diagnostics);
    if let Some(name) = &mock.name {
        diagnostics.error(
            Lint::NamedArgument,
            name.span(),
            format_args!("a mock in `#[mock(..)]` has no name, found `{name}`"),
            format_args!("declare it with `mock_provider!({name}, ..)` and write `#[mock({name})]`, or leave out `{name}`"),
        );
    }
    if mock.crate_path.0.is_none() {
        mock.crate_path.0.clone_from(&crate_path.0);
    }
    let seen = completion::expand(&mock, input);
    let editor = editor_only_code::item(&mock.crate_path, &seen);
    let scenario = expand::scenario(&mock);
    quote!({ #editor #scenario })
}

/// The path of the declared mock that is meant by `"Weather"`, or by `Weather::new()`.
fn declared(input: &TokenStream) -> Option<String> {
    let expr = syn::parse2(input.clone()).ok()?;
    if let Some(name) = literal(&expr).map(LitStr::value) {
        return is_type(&syn::parse_str(&name).ok()?).then_some(name);
    }
    match expr {
        Expr::Call(call) if call.args.is_empty() => match *call.func {
            Expr::Path(new) => {
                let mut path = new.path;
                path.segments.pop();
                path.segments.pop_punct();
                is_type(&path).then(|| written(&path))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The kind of a word of the grammar, and its place in `#[mock(..)]`.
pub(crate) fn word_of_the_grammar(word: &Ident) -> Option<(&'static str, String)> {
    let word = word.to_string();
    if words::ACTIONS.has(&word) {
        Some(("an action", format!("{word}(..)")))
    } else if words::KEYS.has(&word) {
        Some(("a key", format!("{word} = .., reply(\"Hi.\")")))
    } else if words::PROFILES.has(&word) {
        Some(("a profile", format!("{word}, reply(\"Hi.\")")))
    } else if words::MATCHERS.has(&word) {
        Some(("a matcher", format!("on({word}(..)).reply(\"Hi.\")")))
    } else {
        (word == "on").then(|| {
            (
                "a word of turns",
                "on(user(\"hello\")).reply(\"Hi.\")".to_owned(),
            )
        })
    }
}

fn read(input: TokenStream, diagnostics: &Diagnostics) -> Mock {
    let body = Body::parse(input, diagnostics);
    let mock = Mock::from_body(body, diagnostics);
    check::check(&mock, diagnostics);
    diagnostics.report_behind_entries();
    mock
}

#[cfg(test)]
mod tests;
