//! Splits the tokens into entries: `key = value`, and turns. Each is parsed on its own as an expression of Rust, so that one bad entry does
//! not take the rest down. `parse` gives it its meaning.

mod attributes;
mod brackets;
mod enclosing_group;
mod match_arms;
mod mistakes_in_names;
mod mistakes_in_numbers;
mod mistakes_in_steps;
mod name_and_profile;
mod name_not_first;
mod not_an_expression;
mod unexpected_token;

use proc_macro2::{Delimiter, Group, Punct, Span, TokenStream, TokenTree};
use quote::{TokenStreamExt as _, quote};
use syn::buffer::Cursor;
use syn::ext::IdentExt as _;
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{
    Attribute, Expr, Ident, Lit, LitStr, Member, Path, Token, Visibility, braced, bracketed, token,
};

pub(crate) use attributes::no_attributes;
pub(crate) use match_arms::{Arm, ArmHead, Arms, Match, all_of};
pub(crate) use mistakes_in_names::rust_name;
pub(crate) use mistakes_in_numbers::report_number_mistake;
pub(crate) use name_not_first::name_first;

use self::attributes::{attributes, no_attributes_within};
use super::parse::two_times;
use super::words::{self, SyntaxKind};
use crate::diagnostics::{Diagnostics, Mistake, written};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{called_word, is_named, literal, push_some, split_at, stream, token_at};

/// The body of `mock_provider!(..)` or `#[mock(..)]`, split into entries.
#[derive(Default)]
pub(crate) struct Body {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Option<Visibility>,
    /// Whether a name is given, even if it is none.
    pub(crate) is_declaration: bool,
    pub(crate) name: Option<Ident>,
    /// Whether the name, which is all there is, may have been meant for something else: nobody can tell an item from an expression.
    pub(crate) may_be_no_name: bool,
    pub(crate) profile: Option<Expr>,
    pub(crate) entries: Vec<Entry>,
    /// Turns that stand in the list itself.
    pub(crate) turns: Items,
}

/// The items of a list; `None` if an item did not parse and was reported.
pub(crate) type Items = Vec<Option<Expr>>;

/// `key = value`
pub(crate) struct Entry {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// The value of a key.
pub(crate) enum Value {
    /// `[item, item]`
    List(Items),
    Expr(Expr),
    /// `match request { pattern => action }`, or `match request { pattern => [turn, turn] }`
    Match(Match),
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
        let errors = diagnostics.count();
        let parser = |input: ParseStream<'_>| {
            no_suffixes(input.cursor(), diagnostics);
            body.head(input, diagnostics);
            separated(input, diagnostics, |input| body.entry(input, diagnostics));
            Ok(())
        };
        // The parser reports each mistake itself, except tokens that are left over in brackets, as in `list[1, 2]`.
        if let Err(error) = parser.parse2(tokens)
            && diagnostics.count() == errors
        {
            let message = "unexpected token in brackets";
            let help = "remove it, and what follows in the brackets";
            diagnostics.error(Lint::InvalidEntry, error.span(), message, help);
            // What is in the brackets was not read.
            (body.profile, body.entries, body.turns) = (None, Vec::new(), Vec::new());
        }
        body
    }

    fn entry(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        if input.peek(LitStr) && input.peek2(Token![:]) {
            let key = input.parse::<Expr>();
            skip(input);
            return key
                .into_iter()
                .for_each(|key| no_key(&key, None, diagnostics));
        }
        let Ok(word) = input.fork().call(Ident::parse_any) else {
            return self.turn(input, diagnostics);
        };
        let has_equals =
            input.peek2(Token![=]) && !input.peek2(Token![==]) && !input.peek2(Token![=>]);
        let has_walrus = input.peek2(Token![:]) && input.peek3(Token![=]);
        let has_colon = input.peek2(Token![:]) && !input.peek2(Token![::]);
        // `allow allow = ..`
        let is_word = input.peek2(Ident::peek_any) && !input.peek3(Token![=]);
        let is_bare = input.peek2(Lit) || is_word || input.peek2(token::Bracket);
        let is_key = words::KEYS.has_ident(&word);
        let has_braces = words::is_list(&word.to_string()) && input.peek2(token::Brace);
        let wrong = [
            (":=", has_walrus),
            (":", has_colon),
            ("=>", is_key && input.peek2(Token![=>])),
            ("<-", is_key && input.peek2(Token![<-])),
            ("==", is_key && input.peek2(Token![==])),
            ("+=", is_key && input.peek2(Token![+=])),
            ("", is_key && is_bare),
            ("", has_braces),
        ];
        let found = wrong.find(&|(_, is_there)| *is_there);
        if !has_equals && found.is_none() {
            return self.turn(input, diagnostics);
        }
        let Ok(key) = input.call(Ident::parse_any) else {
            return;
        };
        let found = found.map_or("=", |(found, _)| *found);
        // Also report that it is not a key at all.
        if found != "=" && (is_key || words::misplaced_key(&word.to_string()).is_none()) {
            let message = match found {
                "" => format!("expected `=` after `{key}`"),
                found => format!("expected `=` after `{key}`, found `{found}`"),
            };
            let help = match has_braces {
                true => format!("write `{key} = [..]`"),
                false => format!("write `{key} = ..`"),
            };
            diagnostics.error(Lint::ColonForEquals, input.span(), message, help);
        }
        // Skip the tokens that were peeked at.
        for _ in found.chars() {
            let _ = input.parse::<TokenTree>();
        }
        let value = match has_braces {
            true => in_braces(input, &key),
            false => Value::parse(&key, input, diagnostics),
        };
        if key == "latency"
            && let Value::Expr(first) = &value
        {
            second_time(first, input, diagnostics);
        }
        self.entries.push(Entry { key, value });
    }

    fn turn(&mut self, input: ParseStream<'_>, diagnostics: &Diagnostics) {
        match expression(input, None, diagnostics) {
            Some(Expr::Assign(entry)) => no_key(&entry.left, Some(&entry.right), diagnostics),
            turn => self.turns.push(turn),
        }
    }
}

/// Takes the second time of `latency = 5ms, 10ms`, where a range is meant.
fn second_time(first: &Expr, input: ParseStream<'_>, diagnostics: &Diagnostics) {
    let ahead = input.fork();
    if let (Ok(comma), Ok(second)) = (ahead.parse::<Token![,]>(), ahead.parse::<Expr>())
        && let Some(range) = two_times(&[first, &second])
    {
        let message = "a range of times has `..` between its ends";
        diagnostics.error_at(
            Lint::LatencyRange,
            &comma,
            message,
            format_args!("write `{range}`"),
        );
        let _ = (input.parse::<Token![,]>(), input.parse::<Expr>());
    }
}

/// Reports texts with a suffix, `"x"s`, which Rust has none of.
fn no_suffixes(mut tokens: Cursor<'_>, diagnostics: &Diagnostics) {
    while !tokens.eof() {
        if let Some((inside, _, _, rest)) = tokens.any_group() {
            no_suffixes(inside, diagnostics);
            tokens = rest;
        } else if let Some((token, rest)) = tokens.token_tree() {
            tokens = rest;
            let TokenTree::Literal(literal) = &token else {
                continue;
            };
            let written = literal.to_string();
            if let Some((_, suffix)) = written.rsplit_once(['"', '\'', '#'])
                && !suffix.is_empty()
            {
                let message = format!("a text has no suffix `{suffix}`");
                let help = format!(
                    "write `{}`",
                    written.strip_suffix(suffix).unwrap_or_default()
                );
                diagnostics.error(Lint::ExpectedText, token.span(), message, help);
            }
        }
    }
}

/// Reports tokens in the place of a key, and before a value if there is one.
fn no_key(expr: &Expr, value: Option<&Expr>, diagnostics: &Diagnostics) {
    if let Expr::Field(field) = expr
        && let Member::Named(word) = &field.member
        && words::STEPS.has_ident(word)
        && let Some(value) = value
    {
        let message = format!("the arguments of `{word}` go in parentheses");
        let help = format!("write `{word}({})`", written(value));
        let at = quote!(#word #value);
        return diagnostics.error_at(Lint::NeedsArgument, &at, message, help);
    }
    let key = literal(expr).map(LitStr::value);
    let help = match key.filter(|key| words::KEYS.has(key)) {
        Some(key) => format!("write `{key} = ..`"),
        None => words::KEYS.did_you_mean(""),
    };
    diagnostics.error_at(
        Lint::UnknownKey,
        expr,
        "a key is one word, without quotes",
        help,
    );
}

impl Value {
    fn parse(key: &Ident, input: ParseStream<'_>, diagnostics: &Diagnostics) -> Value {
        if input.is_empty() || input.peek(Token![,]) {
            diagnostics.error(
                Lint::WrongValue,
                key.span(),
                format_args!("`{key}` has no value"),
                words::KEYS.find_ident(key).map_or_else(
                    || format!("write `{key} = ..`"),
                    |key| format!("write `{}`", key.example),
                ),
            );
            return Value::Bad;
        }
        let expected = |what: &str, help: &str| {
            diagnostics.error(
                Lint::WrongValue,
                input.span(),
                format_args!("expected {what}"),
                help,
            );
            skip(input);
            Value::Bad
        };
        let takes = SyntaxKind::from_key(&key.to_string());
        if takes == SyntaxKind::CratePath {
            return match input.call(Path::parse_mod_style) {
                Ok(path) => Value::Path(path),
                Err(_) => expected("a path", "write it as in `crate = crate::mocks`"),
            };
        }
        if takes == SyntaxKind::Visibility {
            return match input.parse() {
                Ok(Visibility::Inherited) | Err(_) => expected(
                    "a visibility",
                    "write `pub`, `pub(crate)`, or `pub(self)` for this module only",
                ),
                Ok(visibility) => {
                    name_and_profile::no_restriction(input, diagnostics);
                    Value::Visibility(visibility)
                }
            };
        }
        let has_arms = input.peek(Token![match])
            || input.peek(token::Brace)
            || input.peek(Ident::peek_any) && input.peek2(token::Brace);
        let arms = Arms::of_key(takes);
        let value = if let Some(arms) = arms.filter(|_| has_arms) {
            Match::parse(input, arms, diagnostics).map(Value::Match)
        } else if arms.is_some_and(|arms| match_arms::without_braces(input, arms, diagnostics)) {
            None
        } else if arms.is_some() && is_list(input) {
            // The whole list is in the wrong place, so its own mistakes are not reported.
            let within = Diagnostics::default();
            let list = list(input, key, &within).map(Value::List);
            within.discard();
            list
        } else if words::is_list(&key.to_string())
            && let Ok(braces) = input.fork().parse::<Group>()
            && braces.delimiter() == Delimiter::Brace
        {
            let help = format!("write `[{}]`", written(&braces.stream()));
            let message = format!("`{key}` is a list");
            diagnostics.error_at(Lint::WrongValue, &braces, message, help);
            Some(in_braces(input, key))
        } else if is_list(input) {
            list(input, key, diagnostics).map(Value::List)
        } else if let Some(items) = items_without_brackets(input, key) {
            let message = format!("`{key}` is a list");
            let help = format!("write `[{}]`", written(&items));
            diagnostics.reject(Lint::WrongValue, &items, &message, &help)
        } else {
            expression(input, Some(key), diagnostics).map(Value::Expr)
        };
        value.unwrap_or(Value::Bad)
    }
}

/// A list in braces, which have been reported: its items, where there is no other mistake.
fn in_braces(input: ParseStream<'_>, key: &Ident) -> Value {
    let Ok(content) = braced_content(input) else {
        return Value::Bad;
    };
    let diagnostics = Diagnostics::default();
    let items = items(&content, key, &diagnostics);
    diagnostics.discard();
    match diagnostics.count() {
        0 => Value::List(items),
        _ => Value::Bad,
    }
}

/// Takes the entries that are the items of a list, if there are several and no brackets.
fn items_without_brackets(input: ParseStream<'_>, key: &Ident) -> Option<TokenStream> {
    let starts_list = input.peek(token::Bracket) || input.peek(Token![&]);
    if starts_list || !words::is_list(&key.to_string()) {
        return None;
    }
    let ahead = input.fork();
    let mut items = stream(&entry_tokens(&ahead));
    skip(&ahead);
    let mut count = 1_usize;
    while let Some(comma) = ahead.parse::<Option<Token![,]>>().ok()?
        && !ahead.is_empty()
        && !ahead.peek(Token![,])
        && !begins_entry(&ahead, key)
    {
        quote::ToTokens::to_tokens(&comma, &mut items);
        items.extend(entry_tokens(&ahead));
        skip(&ahead);
        input.advance_to(&ahead);
        count = count.saturating_add(1);
    }
    (count > 1).then_some(items)
}

/// Whether an entry of the mock stands there, and no item of a list whose brackets are missing.
fn begins_entry(input: ParseStream<'_>, key: &Ident) -> bool {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any);
    let is_turn = |word: Ident| words::BEGINNINGS.has_ident(&word) && key != "script";
    ahead.peek(Token![=]) && !ahead.peek(Token![==]) || word.is_ok_and(is_turn)
}

/// Whether a list in brackets stands there, and nothing that follows from it, as in `[1, 2].len()`.
fn is_list(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_group = ahead.peek(token::Bracket) && ahead.parse::<TokenTree>().is_ok();
    is_group && !ahead.peek(Token![.]) && !is_index(&ahead)
}

/// Whether one expression stands in brackets, as in `[1, 2][0]`.
fn is_index(input: ParseStream<'_>) -> bool {
    let brackets = input.fork().parse::<Group>();
    brackets.is_ok_and(|brackets| {
        brackets.delimiter() == Delimiter::Bracket && syn::parse2::<Expr>(brackets.stream()).is_ok()
    })
}

/// A list in brackets, item by item.
fn list(input: ParseStream<'_>, key: &Ident, diagnostics: &Diagnostics) -> Option<Items> {
    let content = match bracketed_content(input) {
        Ok(content) => content,
        Err(error) => {
            diagnostics.syntax(Lint::InvalidEntry, &error, "write a list, as in `[..]`");
            return None;
        }
    };
    Some(items(&content, key, diagnostics))
}

fn items(content: ParseStream<'_>, key: &Ident, diagnostics: &Diagnostics) -> Items {
    let mut items = Vec::new();
    let errors = diagnostics.count();
    separated(content, diagnostics, |input| {
        items.push(expression(input, Some(key), diagnostics));
    });
    if diagnostics.count() > errors {
        // An item may be missing.
        items.push(None);
    }
    items
}

fn bracketed_content<'a>(input: ParseStream<'a>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    let content;
    bracketed!(content in input);
    Ok(content)
}

fn braced_content<'a>(input: ParseStream<'a>) -> syn::Result<syn::parse::ParseBuffer<'a>> {
    let content;
    braced!(content in input);
    Ok(content)
}

/// The tokens between two commas.
fn separated(
    input: ParseStream<'_>,
    diagnostics: &Diagnostics,
    mut item: impl FnMut(ParseStream<'_>),
) {
    while !input.is_empty() {
        commas(input, diagnostics);
        attributes(input, diagnostics);
        if !input.is_empty() {
            let entry = input.cursor();
            item(input);
            end_of_entry(entry, input, diagnostics);
        }
    }
}

/// Commas with nothing before them.
fn commas(input: ParseStream<'_>, diagnostics: &Diagnostics) {
    while let Ok(Some(comma)) = input.parse::<Option<Token![,]>>() {
        diagnostics.error(
            Lint::InvalidEntry,
            comma.span,
            "there is nothing before this `,`",
            "remove it",
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
    let kind = brackets::kind_of(key);
    let mistake = match ahead.parse::<Expr>() {
        Err(error) => not_an_expression::expression(entry_tokens(input), key, &error),
        Ok(expr) => {
            let is_end = ahead.is_empty() || ahead.peek(Token![,]);
            let mistake = brackets::in_index(&expr, input, kind).or_else(|| arrow(&expr, &ahead));
            // The entry may continue where it should end.
            let rest = || {
                let (rest, all) = (entry_tokens(&ahead), entry_tokens(input));
                not_an_expression::rest(&expr, &rest, &all, key)
            };
            match mistake.or_else(|| if is_end { None } else { rest() }) {
                Some(mistake) => mistake,
                None => {
                    input.advance_to(&ahead);
                    no_attributes_within(&expr, diagnostics);
                    // The arguments of the tool may be what goes on.
                    return (is_end || !is_named(key, "tools")).then_some(expr);
                }
            }
        }
    };
    mistake.report(diagnostics);
    skip(input);
    None
}

/// `=>`, or `->` behind a matcher.
fn arrow(expr: &Expr, input: ParseStream<'_>) -> Option<Mistake> {
    let is_matcher = words::MATCHERS.if_known(called_word(expr)).is_some();
    let is_arrow = input.peek(Token![=>]) || input.peek(Token![->]) && is_matcher;
    is_arrow.then(|| {
        let arrow = stream(split_at(&entry_tokens(input), 2).0);
        let message = format!("`{}` is only for `rules` and `lanes`", written(&arrow));
        let help = "write `on(user(\"hi\")).reply(\"ho\")`, or `rules = match request { user(\"hi\") => reply(\"ho\") }`";
        Mistake::new(Lint::ArrowOutsideMatch, &arrow, message, help)
    })
}

/// The tokens up to the next comma or the end.
fn entry_tokens(input: ParseStream<'_>) -> Vec<TokenTree> {
    let ahead = input.fork();
    let mut tokens = Vec::new();
    while !ahead.is_empty() && !ahead.peek(Token![,]) {
        push_some(&mut tokens, ahead.parse().ok());
    }
    tokens
}

/// The comma after an entry. What stands before it and does not belong there is reported and skipped.
fn end_of_entry(entry: Cursor<'_>, input: ParseStream<'_>, diagnostics: &Diagnostics) {
    if !input.is_empty() && !input.peek(Token![,]) {
        let (at, entry) = (input.span(), own_tokens(entry, input));
        let lint = Lint::MissingComma;
        let mistake = match sign(input) {
            Some(sign) => {
                let message = format!("expected `,`, found `{}`", written(&sign));
                let help = match input.is_empty() {
                    true => "remove it",
                    false => "write `,` in its place",
                };
                Mistake::new(lint, &sign, message, help)
            }
            None => {
                let help = "write a comma between entries";
                Mistake::new(lint, &token_at(at), "expected `,`", help)
            }
        };
        diagnostics.behind_entry(entry, mistake);
        let word = input.fork().call(Ident::parse_any);
        let is_turn = |word| words::ENTRIES.has_ident(&word) && input.peek2(token::Paren);
        let is_entry = word.is_ok_and(|word| input.peek2(Token![=]) || is_turn(word));
        if !is_entry {
            skip(input);
        }
    }
    // Take the comma, if there is one.
    let _ = input.parse::<Option<Token![,]>>();
}

/// The tokens from `start` on, but for those in delimiters, and the next one.
fn own_tokens(start: Cursor<'_>, input: ParseStream<'_>) -> Vec<Span> {
    let mut tokens = vec![input.span()];
    let mut next = start;
    while next != input.cursor()
        && let Some((token, rest)) = next.token_tree()
    {
        tokens.push(token.span());
        next = rest;
    }
    tokens
}

/// Takes the sign that stands between two entries in the place of a comma, or behind the last.
fn sign(input: ParseStream<'_>) -> Option<TokenStream> {
    let ahead = input.fork();
    let mut sign = TokenStream::new();
    while let Ok(punct) = ahead.parse::<Punct>() {
        sign.append(punct);
    }
    let is_at_end = ahead.is_empty() || ahead.peek(Ident::peek_any);
    if sign.is_empty() || !is_at_end {
        return None;
    }
    input.advance_to(&ahead);
    Some(sign)
}

fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) && input.parse::<TokenTree>().is_ok() {}
}
