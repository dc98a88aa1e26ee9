//! The head of a body: attributes, a visibility, a name and a profile, in all the spellings that people try.

use proc_macro2::{Delimiter, Group, Punct, TokenStream, TokenTree};
use quote::TokenStreamExt as _;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{AttrStyle, Attribute, Ident, Lit, LitStr, Path, Token, token};

use super::super::words;
use super::attributes::any_attributes;
use super::{Body, commas, end_of_entry, expression, skip};
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::syntax::{begins_with, is_type_name};

impl Body {
    /// Attributes, visibility, name and profile, if there are any.
    pub(super) fn head(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        commas(input, diagnostics);
        let entry = input.cursor();
        let is_pub = self.read_visibility(input, diagnostics);
        let lower_case = lower_case_name(input);
        self.is_declaration = is_pub
            || lower_case.is_some()
            || is_item_keyword(input)
            || path_to_name(input).is_some()
            || is_upper_case(input) && (!begins_expression(input) || has_body(input))
            || quoted_name(input).is_some();
        if !self.is_declaration {
            return;
        }
        let lower_case = match is_pub {
            true => input.fork().parse().ok().and_then(|name| upper_case(&name)),
            false => lower_case,
        };
        self.may_be_no_name = !is_pub && lower_case.is_some() && is_all(input);
        self.read_name(lower_case, input, diagnostics);
        no_generics(input, diagnostics);
        self.no_body(input, diagnostics);
        if self.read_profile(input, diagnostics) {
            end_of_entry(entry, input, diagnostics);
        }
    }

    /// Attributes and visibility: whether there is a `pub`.
    fn read_visibility(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) -> bool {
        match input.call(any_attributes) {
            Ok(mut attributes) => {
                no_inner_attributes(&mut attributes, diagnostics);
                self.attributes = attributes;
            }
            Err(error) => {
                let help = "write an attribute, as in `#[doc = \"..\"]`";
                diagnostics.syntax(Lint::InvalidEntry, &error, help);
                return self.read_visibility(input, diagnostics);
            }
        }
        let is_pub = input.peek(Token![pub]);
        if is_pub {
            match input.parse() {
                Ok(visibility) => {
                    self.visibility = Some(visibility);
                    no_restriction(input, diagnostics);
                }
                Err(error) => {
                    diagnostics.syntax(Lint::WrongValue, &error, "write `pub` or `pub(crate)`");
                    // Skip the parentheses after `pub`.
                    let _ = input.parse::<TokenTree>();
                }
            }
        }
        is_pub
    }

    /// The name; one that is in lower case is given as it should be.
    fn read_name(
        &mut self,
        lower_case: Option<Ident>,
        input: ParseStream<'_>,
        diagnostics: &Diagnostics,
    ) {
        if let Some(name) = &lower_case {
            diagnostics.error(
                Lint::MockName,
                input.span(),
                "the name of a mock begins with an upper-case letter",
                match self.may_be_no_name {
                    true => format!("write `{name}`, or begin with a turn, as in `reply(\"Hi.\")`"),
                    false => format!("write `{name}`"),
                },
            );
        }
        if let Some(name) = quoted_name(input) {
            diagnostics.error(
                Lint::MockName,
                input.span(),
                "the name of a mock is not a text",
                format_args!("write `{name}`"),
            );
            self.name = Some(name);
            // Skip the token that was looked at.
            let _ = input.parse::<Lit>();
            return;
        }
        if let Some((path, name)) = path_to_name(input) {
            diagnostics.error_at(
                Lint::MockName,
                &path,
                "the name of a mock is one word",
                format_args!("write `{name}`"),
            );
            self.name = Some(name);
            // Skip the token that was looked at.
            let _ = input.call(Path::parse_mod_style);
            return;
        }
        let span = input.span();
        let (is_keyword, is_end) = (is_item_keyword(input), input.is_empty());
        match input.parse::<Ident>() {
            Ok(name) if !is_keyword => self.name = Some(lower_case.unwrap_or(name)),
            word => {
                // A keyword. The name may follow.
                let keyword = word.or_else(|_| input.call(Ident::parse_any)).ok();
                let name: Option<Ident> = match keyword.as_ref().is_some_and(begins_signature) {
                    true => None,
                    false => input.parse().ok(),
                };
                let upper_case = name.as_ref().and_then(upper_case);
                let help = match (keyword, &name, &upper_case) {
                    (Some(keyword), Some(_), None) if keyword == "public" => {
                        "write `pub` in place of `public`".to_owned()
                    }
                    (Some(keyword), Some(name), Some(upper_case)) => {
                        format!("write `{upper_case}` in place of `{keyword} {name}`")
                    }
                    (Some(keyword), Some(_), None) => format!("remove `{keyword}`"),
                    _ => "write it first, as in `Weather = openai(\"gpt-4o\")`".to_owned(),
                };
                self.name = upper_case.or(name);
                let message = "expected the name of the mock";
                match (&self.visibility, is_end) {
                    // The end of the mock has no place.
                    (Some(visibility), true) if diagnostics.count() == 0 => {
                        diagnostics.error_at(Lint::MockName, visibility, message, help);
                    }
                    (_, true) => {}
                    (_, false) => diagnostics.error(Lint::MockName, span, message, help),
                }
                if self.name.is_none() && !input.peek(Token![=]) {
                    skip(input);
                }
            }
        }
    }

    /// Passes over parentheses and braces after the name.
    fn no_body(&self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        let (Some(name), true) = (
            &self.name,
            input.peek(token::Brace) || input.peek(token::Paren),
        ) else {
            return;
        };
        let group = input.fork().parse::<Group>();
        let has_entries =
            input.peek(token::Brace) || group.is_ok_and(|group| begins_with_key(&group));
        let help = match has_entries {
            true => format!("write `{name}, script = [..]`"),
            false => format!("write `{name} = openai`"),
        };
        let message = "the name has no parentheses and no braces";
        diagnostics.error(Lint::MockName, input.span(), message, help);
        // Skip the token that was peeked at.
        let _ = input.parse::<TokenTree>();
    }

    /// The profile, if there is one after the name; and whether the end of an entry is what follows.
    fn read_profile(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) -> bool {
        if let (Some(sign), Some(name)) = (sign(input), &self.name) {
            let found = written(&sign);
            let is_entry = begins_entry(input);
            let (expected, help) = match is_entry {
                true => (",", format!("write `{name}, ..`")),
                false => ("=", format!("write `{name} = ..`")),
            };
            let message = format!("expected `{expected}` after `{name}`, found `{found}`");
            diagnostics.error_at(Lint::ColonForEquals, &sign, message, help);
            if is_entry {
                return false;
            }
            if !input.is_empty() && !input.peek(Token![,]) {
                self.profile = expression(input, None, diagnostics);
            }
        } else if input.peek(Token![=])
            && let Ok(equals) = input.parse::<Token![=]>()
        {
            match input.is_empty() || input.peek(Token![,]) {
                true => diagnostics.error_at(
                    Lint::UnknownProfile,
                    &equals,
                    "expected a profile",
                    "write one, as in `= openai(\"gpt-4o\")`",
                ),
                false => self.profile = expression(input, None, diagnostics),
            }
        }
        true
    }
}

/// Turns attributes of the file, as `#![allow(..)]`, into those of the mock.
fn no_inner_attributes(attributes: &mut [Attribute], diagnostics: &Diagnostics) {
    for attribute in attributes {
        if let AttrStyle::Inner(mark) = attribute.style {
            attribute.style = AttrStyle::Outer;
            let help = match attribute.path().is_ident("doc") {
                true => "write `///` for a comment on the mock".to_owned(),
                false => format!("write `#[{}]`", written(&attribute.meta)),
            };
            let message = "an attribute of a mock has no `!`";
            diagnostics.error(Lint::MockName, mark.span, message, help);
        }
    }
}

/// Passes over parentheses after `pub` that are none of its own: `pub(foo)`.
pub(super) fn no_restriction(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    let span = input.span();
    if input.peek(token::Paren)
        && let Ok(parentheses) = input.parse::<TokenTree>()
    {
        let message = format!("`pub{}` is not a visibility", written(&parentheses));
        let path = match &parentheses {
            TokenTree::Group(group) => written(&group.stream()),
            _ => String::new(),
        };
        let help = format!("write `pub`, `pub(crate)` or `pub(in {path})`");
        diagnostics.error(Lint::WrongValue, span, message, help);
    }
}

/// The tokens that people write for the `=` or the `,` after a name.
fn sign(input: ParseStream<'_>) -> Option<TokenStream> {
    let is_equals = input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]);
    let mut sign = TokenStream::new();
    while !is_equals
        && !input.peek(Token![,])
        && let Ok(punct) = input.parse::<Punct>()
    {
        sign.append(punct);
    }
    (!sign.is_empty()).then_some(sign)
}

/// Whether a turn or a key stands there.
fn begins_entry(input: ParseStream<'_>) -> bool {
    let word = input.fork().call(Ident::parse_any);
    word.is_ok_and(|word| words::BEGINNINGS.has_ident(&word) || words::KEYS.has_ident(&word))
}

/// Passes over generics after the name.
fn no_generics(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    if !input.peek(Token![<]) {
        return;
    }
    let span = input.span();
    while !input.is_empty() && !input.peek(Token![=]) && !input.peek(Token![,]) {
        // The input has another token.
        let _ = input.parse::<TokenTree>();
    }
    diagnostics.error(
        Lint::MockName,
        span,
        "a mock has no generics",
        "remove them",
    );
}

/// The name that was probably meant by `weather = openai(..)`.
fn lower_case_name(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word: Ident = ahead.parse().ok()?;
    let is_profile = |word: &Ident| words::PROFILES.has_ident(word);
    let is_name = match ahead.parse::<Token![=]>() {
        Ok(_) => is_profile(&ahead.call(Ident::parse_any).ok()?),
        Err(_) => (ahead.is_empty() || ahead.peek(Token![,])) && !words::is_like_a_profile(&word),
    };
    let is_key = words::KEYS.has_ident(&word) || words::foreign_key(&word.to_string()).is_some();
    let is_name = is_name && !is_key && !words::ACTIONS.has_ident(&word);
    match is_name {
        true => upper_case(&word),
        false => None,
    }
}

/// A name that begins with a lower-case letter, as it should be: `weather_service` as `WeatherService`.
fn upper_case(name: &Ident) -> Option<Ident> {
    let word = name.unraw().to_string();
    let mut upper_case = String::new();
    for part in word.split('_') {
        let mut letters = part.chars();
        if let Some(first) = letters.next() {
            upper_case.push_str(&first.to_uppercase().to_string());
        }
        upper_case.push_str(letters.as_str());
    }
    let mut upper_case: Ident = syn::parse_str(&upper_case).ok()?;
    upper_case.set_span(name.span());
    begins_with(&word, char::is_lowercase).then_some(upper_case)
}

/// Whether there is no more than one word.
fn is_all(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<Ident>().is_ok() && ahead.is_empty()
}

/// Whether the input begins like an item: `struct Weather`, `mock Weather`.
fn is_item_keyword(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return false;
    };
    if ITEM_KEYWORDS.contains(&&*word.to_string()) || begins_signature(&word) {
        return ahead.peek(Ident::peek_any);
    }
    let is_known = words::KEYS.has_ident(&word) && word != "crate"
        || words::BEGINNINGS.has_ident(&word)
        || words::foreign_step(&word.to_string()).is_some()
        || words::is_like_a_profile(&word);
    // If there are two names, the first is the mock's.
    !is_known && !is_type_name(&word) && ahead.parse().is_ok_and(|name| is_type_name(&name))
}

const ITEM_KEYWORDS: [&str; 7] = ["struct", "enum", "type", "mod", "static", "const", "let"];

/// Whether it is a keyword behind which no name of a mock stands.
fn begins_signature(word: &Ident) -> bool {
    ["async", "extern", "fn", "impl", "trait", "unsafe"].contains(&&*word.to_string())
}

/// Whether the first word goes on as no name does: `Weather::new()`, `Weather(5)`.
fn begins_expression(input: ParseStream<'_>) -> bool {
    input.peek2(Token![::])
        || input.peek2(Token![.])
        || input.peek2(Token![!]) && !input.peek2(Token![!=])
        || input.peek2(token::Paren)
        || input.peek2(token::Bracket)
        || input.peek2(token::Brace)
}

/// Whether the first word is all that stands before a body in braces, or a profile in parentheses: `Weather { .. }`,
/// `Weather(openai)`.
fn has_body(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    if ahead.call(Ident::parse_any).is_err() {
        return false;
    }
    let is_body = match ahead.parse::<TokenTree>() {
        Ok(TokenTree::Group(group)) => match (group.delimiter(), group.stream().into_iter().next())
        {
            (Delimiter::Brace, _) => true,
            (Delimiter::Parenthesis, _) if begins_with_key(&group) => true,
            (Delimiter::Parenthesis, Some(TokenTree::Ident(word))) => {
                words::PROFILES.has_ident(&word)
            }
            _ => false,
        },
        _ => false,
    };
    is_body && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// Whether a key and its `=` are the first in a group: `(script = ..)`.
fn begins_with_key(group: &Group) -> bool {
    let mut tokens = group.stream().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Ident(key)), Some(TokenTree::Punct(sign))) => {
            words::KEYS.has_ident(&key) && sign.as_char() == '='
        }
        _ => false,
    }
}

/// The path and its last word in `mocks::Weather, script = [..]`, and in `mocks::Weather = openai`.
fn path_to_name(input: ParseStream<'_>) -> Option<(Path, Ident)> {
    let ahead = input.fork();
    let path = ahead.call(Path::parse_mod_style).ok()?;
    let name = path.segments.last()?.ident.clone();
    let is_name = path.segments.len() > 1 && is_type_name(&name);
    (is_name && goes_on_as_a_name(&ahead)).then_some((path, name))
}

/// Whether what was read stands where a name does: before a profile, or before a key.
fn goes_on_as_a_name(ahead: ParseStream<'_>) -> bool {
    ahead.peek(Token![=])
        || ahead.peek(Token![,]) && ahead.peek2(Ident::peek_any) && ahead.peek3(Token![=])
}

/// The name in `"Weather", script = [..]`, and in `"Weather" = openai`.
fn quoted_name(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let literal: LitStr = ahead.parse().ok()?;
    let mut name: Ident = syn::parse_str(&literal.value()).ok()?;
    name.set_span(literal.span());
    (is_type_name(&name) && goes_on_as_a_name(&ahead)).then_some(name)
}

fn is_upper_case(input: ParseStream<'_>) -> bool {
    let name = input.fork().call(Ident::parse_any);
    name.is_ok_and(|name| is_type_name(&name))
}
