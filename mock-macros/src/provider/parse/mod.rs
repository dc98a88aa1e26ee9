//! From tokens to entries: each is parsed on its own, so that one bad entry does not take the rest down.

mod rules;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, Ident, Path, Token, Visibility, bracketed, token};

pub(crate) use rules::{Arm, Rules};

use super::words;
use crate::diagnostics::Diagnostics;
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
        let is_pub = self.read_visibility(input, diagnostics);
        let lower_case = lower_case_name(input);
        self.is_declaration = is_pub
            || lower_case.is_some()
            || is_item_keyword(input)
            || is_upper_case(input) && !begins_expression(input);
        if !self.is_declaration {
            return;
        }
        self.read_name(lower_case.filter(|_| !is_pub), input, diagnostics);
        no_generics(input, diagnostics);
        self.read_profile(input, diagnostics);
        end_of_entry(input, diagnostics);
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
        let span = input.span();
        match input.parse::<Ident>() {
            Ok(name) => self.name = Some(lower_case.unwrap_or(name)),
            Err(_) => {
                // A keyword, after which the name may stand.
                let keyword = input.call(Ident::parse_any).ok();
                self.name = input.parse().ok();
                let help = match (keyword, &self.name) {
                    (Some(keyword), Some(_)) => format!("remove `{keyword}`"),
                    _ => "write it first, as in `Weather = openai(\"gpt-4o\")`".to_owned(),
                };
                diagnostics.error(Rule::MockName, span, "expected the name of the mock", help);
                if self.name.is_none() && !input.peek(Token![=]) {
                    skip(input);
                }
            }
        }
    }

    fn read_profile(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        let colon = input.parse::<Option<Token![:]>>().ok().flatten();
        if let (Some(colon), Some(name)) = (colon, &self.name) {
            diagnostics.error(
                Rule::ColonForEquals,
                colon.span,
                format!("expected `=` after `{name}`, found `:`"),
                format!("write `{name} = ..`"),
            );
            self.profile = expression(input, diagnostics);
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
                false => self.profile = expression(input, diagnostics),
            }
        }
    }

    fn entry(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        let is_word = input.peek(Ident::peek_any);
        let has_arrow = is_word && input.peek2(Token![=>]) && is_key(input);
        let has_equals = is_word
            && input.peek2(Token![=])
            && !input.peek2(Token![==])
            && !input.peek2(Token![=>]);
        let has_colon = is_word && input.peek2(Token![:]) && !input.peek2(Token![::]);
        if !has_equals && !has_colon && !has_arrow {
            self.turns.push(expression(input, diagnostics));
            return;
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            return;
        };
        if has_colon || has_arrow {
            let found = if has_colon { ":" } else { "=>" };
            diagnostics.error(
                Rule::ColonForEquals,
                input.span(),
                format!("expected `=` after `{key}`, found `{found}`"),
                format!("write `{key} = ..`"),
            );
        }
        // It is one of the three that were peeked at.
        let _ = match has_arrow {
            true => input.parse::<Token![=>]>().map(drop),
            false => input.parse::<TokenTree>().map(drop),
        };
        let value = Value::parse(&key, input, diagnostics);
        self.entries.push(Entry { key, value });
    }
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
        let value = if key == "rules" && input.peek(Token![match]) {
            Rules::parse(input, diagnostics).map(Value::Rules)
        } else if is_list(input) {
            list(input, diagnostics).map(Value::List)
        } else {
            expression(input, diagnostics).map(Value::Expr)
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
    let name = word.unraw().to_string();
    let mut letters = name.chars();
    let first = letters.next().filter(|first| first.is_lowercase())?;
    let name: String = first.to_uppercase().chain(letters).collect();
    let is_name = is_name && !words::KEYS.contains(&word.to_string().as_str());
    is_name.then(|| Ident::new(&name, word.span()))
}

/// Whether the input begins like an item: `struct Weather`.
fn is_item_keyword(input: ParseStream<'_>) -> bool {
    let keyword = input.peek(Token![struct])
        || input.peek(Token![enum])
        || input.peek(Token![type])
        || input.peek(Token![mod])
        || input.peek(Token![static])
        || input.peek(Token![const]);
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
fn list(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Items> {
    let content = match bracketed_content(input) {
        Ok(content) => content,
        Err(error) => {
            diagnostics.syntax(Rule::InvalidEntry, &error, "write a list, as in `[..]`");
            return None;
        }
    };
    let mut items = Vec::new();
    separated(&content, diagnostics, |input| {
        items.push(expression(input, diagnostics));
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
        attributes(input, diagnostics);
        item(input);
        end_of_entry(input, diagnostics);
    }
}

/// Attributes where none may stand.
fn attributes(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    match input.call(Attribute::parse_outer) {
        Ok(attributes) => attributes.iter().for_each(|attribute| {
            diagnostics.error_at(
                Rule::EntryAttributes,
                attribute,
                "an entry has no attributes",
                "remove this",
            );
        }),
        Err(error) => diagnostics.syntax(Rule::EntryAttributes, &error, "remove this"),
    }
}

/// A whole expression up to the next comma or the end, or nothing, and then an error has been reported.
fn expression(input: ParseStream<'_>, diagnostics: &Diagnostics) -> Option<Expr> {
    let ahead = input.fork();
    match ahead.parse::<Expr>() {
        Ok(expr) => match ahead.parse::<Token![=>]>() {
            Ok(arrow) => diagnostics.error_at(
                Rule::ArrowOutsideMatch,
                arrow,
                "`=>` stands in `rules` alone",
                "write `on(user(\"hi\")).reply(\"ho\")`, or `rules = match request { user(\"hi\") => reply(\"ho\") }`",
            ),
            Err(_) => {
                input.advance_to(&ahead);
                return Some(expr);
            }
        },
        Err(error) => match bare_object(entry_tokens(input)) {
            Some(object) => diagnostics.error(
                Rule::JsonNotation,
                object.span_open(),
                "a JSON object is called `object`, and its names have no quotes",
                "write `object { name: value }`, or `json!({ .. })` for JSON as it is",
            ),
            None => {
                let (rule, message, help) = not_an_expression(&error);
                diagnostics.error(rule, error.span(), message, help);
            }
        },
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

/// The first object of JSON within braces: what begins with a text and a colon, but for those in a macro call.
fn bare_object(tokens: TokenStream) -> Option<Group> {
    let is_punct = |token: &TokenTree, punct: char| match token {
        TokenTree::Punct(token) => token.as_char() == punct,
        _ => false,
    };
    let mut is_macro = false;
    tokens.into_iter().find_map(|token| {
        let was_macro = std::mem::replace(&mut is_macro, is_punct(&token, '!'));
        let TokenTree::Group(group) = token else {
            return None;
        };
        let mut inner = group.stream().into_iter();
        let is_object = group.delimiter() == Delimiter::Brace
            && matches!(inner.next(), Some(TokenTree::Literal(_)))
            && inner.next().is_some_and(|token| is_punct(&token, ':'));
        match was_macro {
            true => None,
            false if is_object => Some(group),
            false => bare_object(group.stream()),
        }
    })
}

/// What is said of an expression that does not parse.
fn not_an_expression(error: &syn::Error) -> (Rule, String, String) {
    let message = error.to_string();
    let word = error.span().source_text();
    let help = match (message.as_str(), word) {
        ("expected identifier or integer", Some(word)) if is_keyword(&word) => {
            let help = match syn::parse_str::<Ident>(&format!("r#{word}")) {
                Ok(_) => format!("write `r#{word}`, which is `{word}` on the wire"),
                Err(_) => format!("write `the_{word}`, with the type `string.named({word:?})`"),
            };
            return (
                Rule::KeywordName,
                format!("`{word}` is a keyword of Rust"),
                help,
            );
        }
        ("expected `,`", _) => {
            let help = "write `,` before it, or `:` after a name".to_owned();
            return (Rule::MissingComma, message, help);
        }
        _ => "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`",
    };
    (Rule::InvalidEntry, message, help.to_owned())
}

fn is_keyword(word: &str) -> bool {
    let is_word = Ident::parse_any.parse_str(word).is_ok();
    is_word && syn::parse_str::<Ident>(word).is_err()
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
