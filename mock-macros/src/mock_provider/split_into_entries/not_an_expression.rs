//! Reports an entry that is not an expression: what was probably meant, at the smallest wrong token.

use proc_macro2::{Delimiter, Group, Literal, TokenTree};
use syn::{Expr, Ident};

use super::super::json_notation;
use super::super::words::{self, SyntaxKind};
use super::enclosing_group::{Enclosing, is_keyword, is_next};
use super::{
    brackets, mistakes_in_names, mistakes_in_numbers, mistakes_in_steps, unexpected_token,
};
use crate::diagnostics::{Mistake, written};
use crate::did_you_mean::did_you_mean;
use crate::duration;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{
    begins_with_digit, consists_of, is_comma, is_named, is_punct, path_word, split_at, stream,
    token_at,
};

/// A known mistake.
enum Slip {
    /// In a name, a number or a time. It may stand where an expression goes on, too.
    InTokens(Mistake),
    /// In an expression that does not parse.
    InExpression(Mistake),
}

impl Slip {
    fn mistake(self) -> Mistake {
        let (Slip::InTokens(mistake) | Slip::InExpression(mistake)) = self;
        mistake
    }
}

/// The mistake in an entry that does not parse, under the key that it belongs to.
pub(super) fn expression(
    tokens: Vec<TokenTree>,
    key: Option<&Ident>,
    error: &syn::Error,
) -> Mistake {
    let enclosing = Enclosing {
        delimiter: None,
        word: key,
        are_tools: is_named(key, "tools"),
    };
    let mistake = brackets::mistake(&tokens, brackets::kind_of(key));
    let slip = || slip(&tokens, enclosing).map(Slip::mistake);
    match mistake.or_else(slip) {
        Some(mistake) => mistake,
        None => not_an_expression(error, tokens, key),
    }
}

/// What is wrong with a rule, if that can be told.
pub(super) fn rule(tokens: Vec<TokenTree>, error: &syn::Error) -> Option<Mistake> {
    match slip(&tokens, Enclosing::default()) {
        Some(slip) => Some(slip.mistake()),
        None => unexpected_token::mistake(tokens, None, SyntaxKind::Rules, error),
    }
}

/// What goes on after an expression where it should end, if that can be told. `rest` is what follows it.
pub(super) fn rest(
    expr: &Expr,
    rest: &[TokenTree],
    tokens: &[TokenTree],
    key: Option<&Ident>,
) -> Option<Mistake> {
    let enclosing = Enclosing {
        are_tools: is_named(key, "tools"),
        ..Enclosing::default()
    };
    let mistake = match is_named(key, "expect") {
        true => no_parentheses(expr, rest),
        false if enclosing.are_tools => mistakes_in_steps::result_type(rest),
        false => None,
    };
    let of_steps = || mistakes_in_steps::rest(expr, rest, brackets::kind_of(key));
    let slip = || match slip(tokens, enclosing)? {
        Slip::InTokens(mistake) => Some(mistake),
        Slip::InExpression(_) => None,
    };
    mistake.or_else(of_steps).or_else(slip)
}

/// An expectation whose argument follows it: `calls: 3`, `calls 3`.
fn no_parentheses(expr: &Expr, rest: &[TokenTree]) -> Option<Mistake> {
    let word = words::EXPECTATIONS.if_known(path_word(expr))?;
    let has_colon = is_next(rest.first(), ':');
    let argument = stream(split_at(rest, usize::from(has_colon)).1);
    syn::parse2::<Expr>(argument.clone()).ok()?;
    let message = match has_colon {
        true => format!("`{word}` takes its argument in parentheses"),
        false => format!("`{word}` has no parentheses"),
    };
    let help = format!("write `{word}({})`", written(&argument));
    Some(Mistake::new(Lint::NeedsArgument, word, message, help))
}

/// The first slip, but for those in a macro call.
fn slip(tokens: &[TokenTree], enclosing: Enclosing<'_>) -> Option<Slip> {
    let within = enclosing.called();
    for index in 0..tokens.len() {
        let mistake = mistakes_in_names::slip(tokens, index, enclosing)
            .or_else(|| mistakes_in_numbers::mistake(tokens, index, enclosing))
            .or_else(|| time_in_two_words(tokens.get(index..)?));
        if let Some(mistake) = mistake {
            return Some(Slip::InTokens(mistake));
        }
        let (before, from) = split_at(tokens, index);
        let word = match before.last() {
            Some(TokenTree::Ident(word)) => Some(word),
            _ => None,
        };
        match from {
            [TokenTree::Ident(word), open, ..] if enclosing.are_tools && is_punct(open, '<') => {
                let is_type = |word: &&Ident| words::TYPES.has_ident(word);
                let tool = within.filter(|word| !is_type(word));
                return Some(Slip::InExpression(generic(word, from, tool)));
            }
            [TokenTree::Ident(only)]
                if before.is_empty() && within.is_some() && is_keyword(&only.to_string()) =>
            {
                return Some(Slip::InExpression(keyword(only, within)));
            }
            [TokenTree::Group(group), ..] if !is_next(before.last(), '!') => {
                if let Some(mistake) = object(group, before, enclosing) {
                    return Some(Slip::InExpression(mistake));
                }
                let enclosing = Enclosing {
                    delimiter: Some(group.delimiter()),
                    word,
                    ..enclosing
                };
                let inside = Vec::from_iter(group.stream());
                if let Some(slip) = slip(&inside, enclosing) {
                    return Some(slip);
                }
            }
            _ => {}
        }
    }
    None
}

/// `5 s`
fn time_in_two_words(tokens: &[TokenTree]) -> Option<Mistake> {
    let [TokenTree::Literal(number), TokenTree::Ident(word), ..] = tokens else {
        return None;
    };
    let unit = duration::unit(&word.to_string()).filter(|_| is_plain_number(number))?;
    let message = format!("`{number}` has no unit");
    let help = format!("write `{number}{unit}`, without the space");
    Some(Mistake::new(Lint::TimeWithoutUnit, number, message, help))
}

/// An object without its word, or where the grammar has something else.
fn object(group: &Group, before: &[TokenTree], enclosing: Enclosing<'_>) -> Option<Mistake> {
    let within = enclosing.called();
    let are_quoted = is_object(group)?;
    if let Some(TokenTree::Ident(word)) = before.last() {
        return is_keyword(&word.to_string()).then(|| keyword(word, None));
    }
    let at = token_at(group.span_open());
    Some(if is_named(within, "headers") || is_headers(before) {
        let help = format!("write `{}`", list_of_pairs(group));
        let message = "headers are a list of names and values";
        Mistake::new(Lint::FailureField, &at, message, help)
    } else if is_named(within, "raw") {
        let help = format!("write it in quotes: `r#\"{}\"#`", written(group));
        let message = "the argument of `raw` is a text";
        Mistake::new(Lint::ExpectedText, &at, message, help)
    } else if is_named(enclosing.word, "usage") {
        let help = "write the request's and the answer's, as in `usage(11, 7)`".to_owned();
        let message = "usage is two numbers of tokens, or a value of the type `Usage`";
        Mistake::new(Lint::InvalidUsage, &at, message, help)
    } else if let Some(instead) = no_object(group, before, enclosing) {
        instead
    } else {
        let message = match are_quoted {
            true => "a JSON object begins with `object`, and its names have no quotes",
            false => "a JSON object begins with `object`",
        };
        let help = match json_notation::of_object(group) {
            Some(object) => format!("write `{object}`"),
            None if enclosing.are_tools => "write `object { name: string }`".to_owned(),
            None => "write `object { name: value }`".to_owned(),
        };
        Mistake::new(Lint::JsonNotation, &at, message, help)
    })
}

/// An object that stands for a turn, a tool or a call: `{ "role": "assistant", "content": "Hi." }`.
fn no_object(group: &Group, before: &[TokenTree], enclosing: Enclosing<'_>) -> Option<Mistake> {
    let at = token_at(group.span_open());
    let is_item = before.is_empty() && enclosing.delimiter.is_none();
    let is_of_script = enclosing.word.is_none_or(|key| key == "script");
    if is_item && enclosing.are_tools {
        let help = "write it as in `get_weather { city: string }`";
        return Some(Mistake::new(
            Lint::ExpectedTool,
            &at,
            "expected a tool",
            help,
        ));
    }
    if is_item && is_of_script {
        let help = match text_in(group) {
            Some(text) => format!("write `reply({text})`"),
            None => "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`".to_owned(),
        };
        return Some(Mistake::new(
            Lint::ExpectedTurn,
            &at,
            "expected a turn",
            help,
        ));
    }
    (before.is_empty() && is_named(enclosing.called(), "call")).then(|| {
        let message = "expected a tool and its arguments";
        let help = "write them as in `call(get_weather { city: \"Paris\" })`";
        Mistake::new(Lint::ExpectedTool, &at, message, help)
    })
}

/// The text that an answer in JSON has.
fn text_in(object: &Group) -> Option<String> {
    let tokens = Vec::from_iter(object.stream());
    let mut fields = tokens.split(is_comma);
    fields.find_map(|field| match field {
        [name, colon, text @ TokenTree::Literal(_)] if is_punct(colon, ':') => {
            let name = written(name);
            let is_text = ["content", "reply", "text"].any(&|word| name.trim_matches('"') == *word);
            is_text.then(|| written(text))
        }
        _ => None,
    })
}

/// Whether a value belongs to the field `headers`, by the tokens before it.
fn is_headers(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(field), colon] => {
            is_punct(colon, ':') && is_named(Some(field), "headers")
        }
        _ => false,
    }
}

/// `[("a", "b")]` for `{ a: "b" }`, or an example if it has anything else.
fn list_of_pairs(object: &Group) -> String {
    let tokens: Vec<_> = object.stream().into_iter().collect();
    let mut pairs = Vec::new();
    for field in tokens.split(|token| is_punct(token, ',')) {
        match field {
            [] => {}
            [name, _, value] => {
                let quoted = |token: &TokenTree, is_text: bool| match (written(token), is_text) {
                    (text, true) => text,
                    (text, false) => format!("\"{text}\""),
                };
                let name = quoted(name, written(name).starts_with('"'));
                let value = quoted(value, !begins_with_digit(&written(value)));
                pairs.push(format!("({name}, {value})"));
            }
            _ => return "[(\"name\", \"value\")]".to_owned(),
        }
    }
    format!("[{}]", pairs.join(", "))
}

/// Whether a group is an object, by its first name and the colon behind it, and whether that name is in quotes.
fn is_object(group: &Group) -> Option<bool> {
    let mut inner = group.stream().into_iter();
    let is_quoted = match inner.next() {
        Some(TokenTree::Literal(_)) => true,
        Some(TokenTree::Ident(_)) => false,
        _ => return None,
    };
    let has_colon = is_next(inner.next().as_ref(), ':') && !is_next(inner.next().as_ref(), ':');
    (group.delimiter() == Delimiter::Brace && has_colon).then_some(is_quoted)
}

/// The grammar's name of a Rust type, and the number of its tokens.
fn our_type(tokens: &[TokenTree]) -> Option<(String, usize)> {
    let TokenTree::Ident(word) = tokens.first()? else {
        return None;
    };
    let name = words::type_meant(word)?;
    if !is_next(tokens.get(1), '<') {
        return Some((name.to_owned(), 1));
    }
    let (inner, length) = our_type(tokens.get(2..)?)?;
    let is_closed = is_next(tokens.get(length.saturating_add(2)), '>');
    let takes_type = name == "list(..)" || name == "optional(..)";
    let ours = name.replace("..", &inner);
    (is_closed && takes_type).then(|| (ours, length.saturating_add(3)))
}

/// A type with its arguments in angle brackets; of a tool, where it is that of all its arguments.
fn generic(word: &Ident, tokens: &[TokenTree], tool: Option<&Ident>) -> Mistake {
    if let Some(tool) = tool {
        let help = format!(
            "write a struct, as in `{tool}(Args)`, or arguments in braces, as in `{tool} {{ city: string }}`"
        );
        let message = "expected the name of a type of your own";
        return Mistake::new(Lint::TypedTool, word, message, help);
    }
    let help = match our_type(tokens) {
        Some((ours, _)) => format!("write `{ours}`"),
        None => words::TYPES.did_you_mean(""),
    };
    let message = format!("unknown type `{word}`");
    Mistake::new(Lint::UnknownType, word, message, help)
}

/// A keyword where a name stands, in the parentheses of a word.
fn keyword(word: &Ident, within: Option<&Ident>) -> Mistake {
    let takes_matchers = |within: &Ident| ["on", "any_of", "all_of", "not"].any(&|on| within == on);
    let help = match syn::parse_str::<Ident>(&format!("r#{word}")) {
        _ if within.is_some_and(takes_matchers) => words::MATCHERS.did_you_mean(&word.to_string()),
        _ if is_named(within, "named") => {
            "write another name, as in `.named(first_answer)`".to_owned()
        }
        Ok(_) => format!("write `r#{word}`, which is `{word}` on the wire"),
        Err(_) => format!("write `the_{word}`, with the type `string.named(\"{word}\")`"),
    };
    let message = format!("`{word}` is a keyword of Rust");
    Mistake::new(Lint::KeywordName, word, message, help)
}

fn not_an_expression(error: &syn::Error, tokens: Vec<TokenTree>, key: Option<&Ident>) -> Mistake {
    let (at, message) = (error.span(), error.to_string());
    let keyword_there = || at.source_text().filter(|word| is_keyword(word));
    let (lint, help) = match message.as_str() {
        "expected identifier or integer" if keyword_there().is_some() => {
            let word = keyword_there().unwrap_or_default();
            if !is_named(key, "tools") || !is_step(&tokens, &word) {
                return keyword(&Ident::new(&word, at), None);
            }
            let help = did_you_mean(&word, "methods", &["named", "returns"]);
            let message = format!("a tool has no `{word}`");
            return Mistake::new(Lint::UnknownToolWord, &token_at(at), message, help);
        }
        "expected `,`" => (
            Lint::MissingComma,
            "write `,` before it, or `:` after a name",
        ),
        "expected `,` or `;`" => {
            let help = "write `,` before it";
            return Mistake::new(Lint::MissingComma, &token_at(at), "expected `,`", help);
        }
        _ => (Lint::InvalidEntry, ENTRY),
    };
    let mistake = unexpected_token::mistake(tokens, key, brackets::kind_of(key), error);
    mistake.unwrap_or_else(|| Mistake::new(lint, &token_at(at), message, help))
}

/// Whether a word follows a dot.
fn is_step(tokens: &[TokenTree], word: &str) -> bool {
    let follows = tokens.windows(2).any(|pair| match pair {
        [dot, TokenTree::Ident(step)] => is_punct(dot, '.') && step == word,
        _ => false,
    });
    follows
        || tokens.any(&|token| match token {
            TokenTree::Group(group) => is_step(&Vec::from_iter(group.stream()), word),
            _ => false,
        })
}

const ENTRY: &str = "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`";

/// Whether it is a number without a suffix.
fn is_plain_number(literal: &Literal) -> bool {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    consists_of(&literal.to_string(), is_of_number)
}
