//! From tokens to entries: each is parsed on its own, so that one bad entry does not take the rest down.

mod explain;
mod names;
mod rules;
mod steps;

use proc_macro2::{Delimiter, Punct, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, Ident, Lit, LitStr, Path, Token, Visibility, bracketed, token};

pub(in crate::provider) use names::rust_name;
pub(crate) use rules::{Arm, Rules};
pub(in crate::provider) use rules::{ONE_PATTERN, in_a_guard};

use super::words;
use crate::diagnostics::{Diagnostics, did_you_mean, written};
use crate::rule::Rule;

/// What is written between the delimiters of `mock_provider!(..)`, or of `#[mock(..)]`.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
    /// Whether a name is given, even if it is none.
    pub(crate) is_declaration: bool,
    pub(crate) name: Option<Ident>,
    pub(crate) profile: Option<Expr>,
    pub(crate) entries: Vec<Entry>,
    /// Turns that stand in the list itself.
    pub(crate) turns: Items,
}

/// What stands in a list; `None` if it did not parse, and that has been reported.
pub(crate) type Items = Vec<Option<Expr>>;

/// `key = value`
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// What stands to the right of a key.
pub(crate) enum Value {
    /// `[item, item]`
    List(Items),
    Expr(Expr),
    /// `match request { .. }`
    Rules(Rules),
    /// Of `crate`.
    Path(Path),
    /// Of `vis`.
    Visibility(Visibility),
    /// It did not parse; that has been reported.
    Bad,
}

impl Body {
    pub(crate) fn parse(tokens: TokenStream, diagnostics: &Diagnostics) -> Body {
        let mut body = Body::default();
        let parser = |input: ParseStream<'_>| {
            body.head(input, diagnostics);
            separated(input, diagnostics, |input| body.entry(input, diagnostics));
            Ok(())
        };
        // All that can go wrong is reported where it does.
        let _ = parser.parse2(tokens);
        body
    }

    /// Attributes, visibility, name and profile, if there are any.
    fn head(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        commas(input, diagnostics);
        let is_pub = self.read_visibility(input, diagnostics);
        let lower_case = lower_case_name(input);
        self.is_declaration = is_pub
            || lower_case.is_some()
            || is_item_keyword(input)
            || is_upper_case(input) && (!begins_expression(input) || has_body(input))
            || quoted_name(input).is_some();
        if !self.is_declaration {
            return;
        }
        let lower_case = match is_pub {
            true => input.fork().parse().ok().and_then(|name| upper_case(&name)),
            false => lower_case,
        };
        self.read_name(lower_case, input, diagnostics);
        no_generics(input, diagnostics);
        self.no_body(input, diagnostics);
        if self.read_profile(input, diagnostics) {
            end_of_entry(input, diagnostics);
        }
    }

    /// Attributes and visibility: whether there is a `pub`.
    fn read_visibility(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) -> bool {
        match input.call(Attribute::parse_outer) {
            Ok(attributes) => self.attributes = attributes,
            Err(error) => diagnostics.syntax(
                Rule::InvalidEntry,
                &error,
                "write an attribute, as in `#[doc = \"..\"]`",
            ),
        }
        let is_pub = input.peek(Token![pub]);
        if is_pub {
            match input.parse() {
                Ok(visibility) => self.visibility = Some(visibility),
                Err(error) => {
                    diagnostics.syntax(Rule::WrongValue, &error, "write `pub` or `pub(crate)`");
                    // The parentheses after `pub`.
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
                Rule::MockName,
                input.span(),
                "the name of a mock begins with an upper-case letter",
                format!("write `{name}`"),
            );
        }
        if let Some(name) = quoted_name(input) {
            diagnostics.error(
                Rule::MockName,
                input.span(),
                "the name of a mock is no text",
                format!("write `{name}`"),
            );
            self.name = Some(name);
            // It was looked at.
            let _ = input.parse::<Lit>();
            return;
        }
        let span = input.span();
        match input.parse::<Ident>() {
            Ok(name) => self.name = Some(lower_case.unwrap_or(name)),
            Err(_) => {
                // A keyword, after which the name may stand.
                let keyword = input.call(Ident::parse_any).ok();
                let name: Option<Ident> = input.parse().ok();
                let upper_case = name.as_ref().and_then(upper_case);
                let help = match (keyword, &name, &upper_case) {
                    (Some(keyword), Some(name), Some(upper_case)) => {
                        format!("write `{upper_case}` in place of `{keyword} {name}`")
                    }
                    (Some(keyword), Some(_), None) => format!("remove `{keyword}`"),
                    _ => "write it first, as in `Weather = openai(\"gpt-4o\")`".to_owned(),
                };
                self.name = upper_case.or(name);
                diagnostics.error(Rule::MockName, span, "expected the name of the mock", help);
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
        let help = match input.peek(token::Brace) {
            true => format!("write `{name}, script = [..]`"),
            false => format!("write `{name} = openai`"),
        };
        let message = "no parentheses and no braces follow the name";
        diagnostics.error(Rule::MockName, input.span(), message, help);
        // It was peeked at.
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
            diagnostics.error_at(Rule::ColonForEquals, sign, message, help);
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
                    Rule::UnknownProfile,
                    equals,
                    "expected a profile",
                    "write one, as in `= openai(\"gpt-4o\")`",
                ),
                false => self.profile = expression(input, None, diagnostics),
            }
        }
        true
    }

    fn entry(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        if input.peek(LitStr) && input.peek2(Token![:]) {
            let key = input.parse::<Expr>();
            skip(input);
            return key.into_iter().for_each(|key| no_key(&key, diagnostics));
        }
        if !input.peek(Ident::peek_any) {
            return self.turn(input, diagnostics);
        }
        let has_equals =
            input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]);
        let has_walrus = input.peek2(Token![:]) && input.peek3(Token![=]);
        let has_colon = input.peek2(Token![:]) && !input.peek2(Token![::]);
        let is_bare =
            input.peek2(Lit) || input.peek2(Ident::peek_any) || input.peek2(token::Bracket);
        let wrong = [
            (":=", has_walrus),
            (":", has_colon),
            ("=>", is_key(input) && input.peek2(Token![=>])),
            ("==", is_key(input) && input.peek2(Token![==])),
            ("+=", is_key(input) && input.peek2(Token![+=])),
            ("", is_key(input) && is_bare),
        ];
        let found = wrong.iter().find(|(_, is_there)| *is_there);
        if !has_equals && found.is_none() {
            return self.turn(input, diagnostics);
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            return;
        };
        let found = found.map_or("=", |(found, _)| *found);
        if found != "=" {
            let message = match found {
                "" => format!("expected `=` after `{key}`"),
                found => format!("expected `=` after `{key}`, found `{found}`"),
            };
            let help = format!("write `{key} = ..`");
            diagnostics.error(Rule::ColonForEquals, input.span(), message, help);
        }
        // They were peeked at.
        for _ in found.chars() {
            let _ = input.parse::<TokenTree>();
        }
        let value = Value::parse(&key, input, diagnostics);
        self.entries.push(Entry { key, value });
    }

    fn turn(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        match expression(input, None, diagnostics) {
            Some(Expr::Assign(entry)) => no_key(&entry.left, diagnostics),
            turn => self.turns.push(turn),
        }
    }
}

/// What stands for the `=` or the `,` after a name.
fn sign(input: ParseStream<'_>) -> Option<TokenStream> {
    let is_equals = input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]);
    let mut sign = TokenStream::new();
    while !is_equals
        && !input.peek(Token![,])
        && let Ok(punct) = input.parse::<Punct>()
    {
        sign.extend([TokenTree::from(punct)]);
    }
    (!sign.is_empty()).then_some(sign)
}

/// Whether a turn or a key stands there.
fn begins_entry(input: ParseStream<'_>) -> bool {
    let word = input.fork().call(Ident::parse_any);
    let mut words = words::ACTIONS.iter().chain(words::KEYS).chain(&["on"]);
    word.is_ok_and(|word| words.any(|known| word == known))
}

/// Reports what stands where a key should.
fn no_key(expr: &Expr, diagnostics: &Diagnostics) {
    let key = match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(key) => Some(key.value()),
            _ => None,
        },
        _ => None,
    };
    let help = match key.filter(|key| words::KEYS.contains(&key.as_str())) {
        Some(key) => format!("write `{key} = ..`"),
        None => did_you_mean("", "keys", words::KEYS.iter().copied()),
    };
    diagnostics.error_at(
        Rule::UnknownKey,
        expr,
        "a key is one word, without quotes",
        help,
    );
}

/// Passes over generics after the name.
fn no_generics(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    if !input.peek(Token![<]) {
        return;
    }
    let span = input.span();
    while !input.is_empty() && !input.peek(Token![=]) && !input.peek(Token![,]) {
        // It is not at its end.
        let _ = input.parse::<TokenTree>();
    }
    diagnostics.error(
        Rule::MockName,
        span,
        "a mock has no generics",
        "remove them",
    );
}

impl Value {
    fn parse(key: &Ident, input: ParseStream<'_>, diagnostics: &Diagnostics) -> Value {
        if input.is_empty() || input.peek(Token![,]) {
            diagnostics.error(
                Rule::WrongValue,
                key.span(),
                format!("`{key}` has no value"),
                format!("write `{key} = ..`"),
            );
            return Value::Bad;
        }
        let expected = |what: &str, help: &str| {
            diagnostics.error(
                Rule::WrongValue,
                input.span(),
                format!("expected {what}"),
                help,
            );
            skip(input);
            Value::Bad
        };
        if key == "crate" {
            return match input.call(Path::parse_mod_style) {
                Ok(path) => Value::Path(path),
                Err(_) => expected("a path", "write it as in `crate = crate::mocks`"),
            };
        }
        if key == "vis" {
            return match input.parse() {
                Ok(Visibility::Inherited) | Err(_) => expected(
                    "a visibility",
                    "write `pub`, `pub(crate)`, or `pub(self)` for this module only",
                ),
                Ok(visibility) => Value::Visibility(visibility),
            };
        }
        let has_rules =
            input.peek(Token![match]) || input.peek(Ident::peek_any) && input.peek2(token::Brace);
        let value = if key == "rules" && has_rules {
            Rules::parse(input, diagnostics).map(Value::Rules)
        } else if key == "rules" && is_list(input) {
            // All of it stands in the wrong place, whatever else is wrong with it.
            list(input, key, &Diagnostics::default()).map(Value::List)
        } else if is_list(input) {
            list(input, key, diagnostics).map(Value::List)
        } else {
            expression(input, Some(key), diagnostics).map(Value::Expr)
        };
        value.unwrap_or(Value::Bad)
    }
}

/// Whether a key of the grammar stands there.
fn is_key(input: ParseStream<'_>) -> bool {
    let word = input.fork().call(Ident::parse_any);
    word.is_ok_and(|word| words::KEYS.iter().any(|key| word == key))
}

/// The name that was probably meant by `weather = openai(..)`.
fn lower_case_name(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word: Ident = ahead.parse().ok()?;
    let is_profile = |word: &Ident| words::PROFILES.iter().any(|(profile, _)| word == profile);
    let is_name = match ahead.parse::<Token![=]>() {
        Ok(_) => is_profile(&ahead.call(Ident::parse_any).ok()?),
        Err(_) => (ahead.is_empty() || ahead.peek(Token![,])) && !is_profile(&word),
    };
    let is_ours = |words: &[&str]| words.iter().any(|known| word == known);
    let is_key = is_ours(words::KEYS) || words::foreign_key(&word.to_string()).is_some();
    let is_name = is_name && !is_key && !is_ours(words::ACTIONS);
    upper_case(&word).filter(|_| is_name)
}

/// A name that begins with a lower-case letter, as it should be: `weather_service` as `WeatherService`.
fn upper_case(name: &Ident) -> Option<Ident> {
    let word = name.unraw().to_string();
    let capital = |part: &str| {
        let mut letters = part.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    let upper_case: String = word.split('_').map(capital).collect();
    let mut upper_case: Ident = syn::parse_str(&upper_case).ok()?;
    upper_case.set_span(name.span());
    word.starts_with(char::is_lowercase).then_some(upper_case)
}

/// Whether the input begins like an item: `struct Weather`.
fn is_item_keyword(input: ParseStream<'_>) -> bool {
    let keyword = input.peek(Token![struct])
        || input.peek(Token![enum])
        || input.peek(Token![type])
        || input.peek(Token![mod])
        || input.peek(Token![static])
        || input.peek(Token![const])
        || input.peek(Token![let]);
    keyword && input.peek2(Ident::peek_any)
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
            (Delimiter::Parenthesis, Some(TokenTree::Ident(word))) => {
                words::PROFILES.iter().any(|(profile, _)| word == profile)
            }
            _ => false,
        },
        _ => false,
    };
    is_body && (ahead.is_empty() || ahead.peek(Token![,]))
}

/// The name in `"Weather", script = [..]`, and in `"Weather" = openai`.
fn quoted_name(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let literal: LitStr = ahead.parse().ok()?;
    let name: Ident = literal.parse().ok()?;
    let is_entry = ahead.peek(Token![,]) && ahead.peek2(Ident::peek_any) && ahead.peek3(Token![=]);
    let is_name = name.to_string().starts_with(char::is_uppercase);
    (is_name && (is_entry || ahead.peek(Token![=]))).then_some(name)
}

fn is_upper_case(input: ParseStream<'_>) -> bool {
    let name = input.fork().call(Ident::parse_any);
    name.is_ok_and(|name| name.unraw().to_string().starts_with(char::is_uppercase))
}

/// Whether a list in brackets stands there, and nothing that follows from it, as in `[1, 2][0]`.
fn is_list(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_group = ahead.peek(token::Bracket) && ahead.parse::<TokenTree>().is_ok();
    is_group && !ahead.peek(Token![.]) && !ahead.peek(token::Bracket)
}

/// A list in brackets, item by item.
fn list(input: ParseStream<'_>, key: &Ident, diagnostics: &Diagnostics) -> Option<Items> {
    let content = match bracketed_content(input) {
        Ok(content) => content,
        Err(error) => {
            diagnostics.syntax(Rule::InvalidEntry, &error, "write a list, as in `[..]`");
            return None;
        }
    };
    let mut items = Vec::new();
    separated(&content, diagnostics, |input| {
        items.push(expression(input, Some(key), diagnostics));
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
        commas(input, diagnostics);
        attributes(input, diagnostics);
        if !input.is_empty() {
            item(input);
            end_of_entry(input, diagnostics);
        }
    }
}

/// Commas with nothing before them.
fn commas(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    while let Ok(Some(comma)) = input.parse::<Option<Token![,]>>() {
        diagnostics.error(
            Rule::InvalidEntry,
            comma.span,
            "nothing stands before this `,`",
            "remove it",
        );
    }
}

/// Attributes where none may stand.
fn attributes(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    match input.call(Attribute::parse_outer) {
        Ok(attributes) => no_attributes(&attributes, diagnostics),
        Err(error) => diagnostics.syntax(Rule::EntryAttributes, &error, "remove this"),
    }
}

pub(crate) fn no_attributes(attributes: &[Attribute], diagnostics: &Diagnostics) {
    for attribute in attributes {
        diagnostics.error_at(
            Rule::EntryAttributes,
            attribute,
            "an entry has no attributes",
            match attribute.path().is_ident("doc") {
                true => "remove this, or write `//` for a comment",
                false => "remove this",
            },
        );
    }
}

/// A whole expression up to the next comma or the end, or nothing, and then an error has been reported.
///
/// `key` is the one that it belongs to.
fn expression(
    input: ParseStream<'_>,
    key: Option<&Ident>,
    diagnostics: &Diagnostics,
) -> Option<Expr> {
    let ahead = input.fork();
    match ahead.parse::<Expr>() {
        Ok(expr) => match ahead.parse::<Option<Token![=>]>>() {
            Ok(Some(arrow)) => diagnostics.error_at(
                Rule::ArrowOutsideMatch,
                arrow,
                "`=>` stands in `rules` alone",
                "write `on(user(\"hi\")).reply(\"ho\")`, or `rules = match request { user(\"hi\") => reply(\"ho\") }`",
            ),
            // It goes on where it should end.
            _ if !ahead.is_empty()
                && !ahead.peek(Token![,])
                && explain::rest(
                    &expr,
                    entry_tokens(&ahead),
                    entry_tokens(input),
                    key,
                    diagnostics,
                ) => {}
            _ => {
                input.advance_to(&ahead);
                return Some(expr);
            }
        },
        Err(error) => explain::expression(entry_tokens(input), key, &error, diagnostics),
    }
    skip(input);
    None
}

/// The tokens up to the next comma or the end.
fn entry_tokens(input: ParseStream<'_>) -> TokenStream {
    let ahead = input.fork();
    let mut tokens = TokenStream::new();
    while !ahead.is_empty()
        && !ahead.peek(Token![,])
        && let Ok(token) = ahead.parse::<TokenTree>()
    {
        tokens.extend([token]);
    }
    tokens
}

/// The comma after an entry. What stands before it and does not belong there is reported and skipped.
fn end_of_entry(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    if !input.is_empty() && !input.peek(Token![,]) {
        diagnostics.error(
            Rule::MissingComma,
            input.span(),
            "expected `,`",
            "write a comma between entries",
        );
        let is_entry =
            input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(token::Paren));
        if !is_entry {
            skip(input);
        }
    }
    // Where the input is at its end, there is no comma to take.
    let _ = input.parse::<Option<Token![,]>>();
}

fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) && input.parse::<TokenTree>().is_ok() {}
}
