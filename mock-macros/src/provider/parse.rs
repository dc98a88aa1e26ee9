//! From tokens to entries: each is parsed on its own, so that one bad entry does not take the rest down.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{End, ParseStream, Parser as _};
use syn::{Attribute, Expr, Ident, Path, Token, Visibility, bracketed, token};

use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;

/// What is written between the delimiters of `mock_provider!(..)`, or of `#[mock(..)]`.
pub(crate) struct Body {
    pub(crate) crate_path: CratePath,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
    pub(crate) name: Option<Ident>,
    pub(crate) profile: Option<Expr>,
    pub(crate) entries: Vec<Entry>,
    /// Turns that stand in the list itself.
    pub(crate) turns: Vec<Expr>,
}

/// `key = value`
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// What stands to the right of a key.
pub(crate) enum Value {
    /// `[item, item]`
    List(Vec<Expr>),
    Expr(Expr),
    /// It did not parse; that has been reported.
    Bad,
}

impl Body {
    pub(crate) fn parse(tokens: TokenStream, diagnostics: &Diagnostics) -> Body {
        let mut body = Body {
            crate_path: CratePath::default(),
            attributes: Vec::new(),
            visibility: None,
            name: None,
            profile: None,
            entries: Vec::new(),
            turns: Vec::new(),
        };
        let parser = |input: ParseStream<'_>| {
            body.head(input, diagnostics);
            separated(input, diagnostics, |input| body.entry(input, diagnostics));
            Ok(())
        };
        if let Err(error) = parser.parse2(tokens) {
            diagnostics.push(error);
        }
        body
    }

    /// Attributes, visibility and name, if there are any.
    fn head(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        match input.call(Attribute::parse_outer) {
            Ok(attributes) => self.attributes = attributes,
            Err(error) => diagnostics.push(error),
        }
        if input.peek(Token![pub]) {
            match input.parse() {
                Ok(visibility) => self.visibility = Some(visibility),
                Err(error) => diagnostics.push(error),
            }
        }
        let is_name = self.visibility.is_some()
            || is_upper_case(input)
                && (input.peek2(Token![=]) || input.peek2(Token![,]) || input.peek2(End));
        if !is_name {
            return;
        }
        match input.call(Ident::parse_any) {
            Ok(name) => self.name = Some(name),
            Err(_) => diagnostics.error(
                input.span(),
                "expected the name of the mock",
                "write a name after `pub`, as in `pub Weather = openai(\"gpt-4o\")`",
            ),
        }
        if input.peek(Token![=]) && input.parse::<Token![=]>().is_ok() {
            self.profile = expression(input, diagnostics);
        }
        end_of_entry(input, diagnostics);
    }

    fn entry(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        let is_word = input.peek(Ident::peek_any);
        let is_key = is_word && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let has_colon = is_word && input.peek2(Token![:]) && !input.peek2(Token![::]);
        if !is_key && !has_colon {
            self.turns.extend(expression(input, diagnostics));
            return;
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            return;
        };
        if has_colon {
            diagnostics.error(
                input.span(),
                format!("expected `=` after `{key}`, found `:`"),
                format!("write `{key} = ..`"),
            );
        }
        // It is one of the two that were peeked at.
        let _ = input.parse::<TokenTree>();
        if key == "crate" {
            match input.call(Path::parse_mod_style) {
                Ok(path) => self.crate_path = CratePath(Some(path)),
                Err(error) => diagnostics.push(error),
            }
            return;
        }
        if key == "vis" {
            match input.parse() {
                Ok(visibility) => self.visibility = Some(visibility),
                Err(error) => diagnostics.push(error),
            }
            return;
        }
        let value = match input.peek(token::Bracket) {
            true => list(input, diagnostics).map(Value::List),
            false => expression(input, diagnostics).map(Value::Expr),
        };
        self.entries.push(Entry {
            key,
            value: value.unwrap_or(Value::Bad),
        });
    }
}

fn is_upper_case(input: ParseStream<'_>) -> bool {
    let name = input.fork().call(Ident::parse_any);
    name.is_ok_and(|name| name.unraw().to_string().starts_with(char::is_uppercase))
}

/// A list in brackets, item by item.
fn list(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Vec<Expr>> {
    let content = match bracketed_content(input) {
        Ok(content) => content,
        Err(error) => {
            diagnostics.push(error);
            return None;
        }
    };
    let mut items = Vec::new();
    separated(&content, diagnostics, |input| {
        items.extend(expression(input, diagnostics))
    });
    Some(items)
}

fn bracketed_content<'a>(input: ParseStream<'a>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    let content;
    bracketed!(content in input);
    Ok(content)
}

/// What stands between commas.
fn separated(
    input: ParseStream<'_>,
    diagnostics: &Diagnostics,
    mut item: impl FnMut(ParseStream<'_>),
) {
    while !input.is_empty() {
        item(input);
        end_of_entry(input, diagnostics);
    }
}

/// A whole expression up to the next comma or the end, or nothing, and then an error has been reported.
fn expression(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Expr> {
    let ahead = input.fork();
    match ahead.parse::<Expr>() {
        Ok(expr) => {
            input.advance_to(&ahead);
            Some(expr)
        }
        Err(error) => {
            diagnostics.error(
                error.span(),
                error.to_string(),
                "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`",
            );
            skip(input);
            None
        }
    }
}

/// The comma after an entry. What stands before it and does not belong there is reported and skipped.
fn end_of_entry(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    if !input.is_empty() && !input.peek(Token![,]) {
        diagnostics.error(
            input.span(),
            "expected `,`",
            "write a comma between entries",
        );
        skip(input);
    }
    // Where the input is at its end, there is no comma to take.
    let _ = input.parse::<Option<Token![,]>>();
}

fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) && input.parse::<TokenTree>().is_ok() {}
}
