//! Reports an entry that is not an expression: what was probably meant, at the smallest wrong token.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use syn::{Expr, Ident};

use super::super::{json_notation, words};
use super::enclosing_group::{Enclosing, is_keyword, is_next, is_punct};
use super::{
    brackets, mistakes_in_names, mistakes_in_numbers, mistakes_in_steps, unexpected_token,
};
use crate::diagnostics::{Diagnostics, written};
use crate::did_you_mean::did_you_mean;
use crate::duration;
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{consists_of, is_named, path_word, split_at, stream};

/// A known mistake in an expression that does not parse.
enum SyntaxMistake {
    /// An object without its word, and whether its names are in quotes.
    Object(Group, bool),
    /// An object in the place of the list of headers.
    Headers(Group),
    /// JSON in the place of the text of `raw`.
    RawJson(Group),
    /// A time in two words.
    Time(Literal, &'static str),
    /// A keyword where a name stands, and the word whose parentheses it stands in.
    Keyword(Ident, Option<Ident>),
    /// A type with its arguments in angle brackets, and what it is called here; a tool where it is that of all its arguments.
    Generic(Ident, Option<String>, Option<Ident>),
    Name(mistakes_in_names::NameMistake),
    Number(mistakes_in_numbers::NumberMistake),
}

/// Reports an entry that does not parse, under the key that it belongs to.
pub(super) fn expression(
    tokens: TokenStream,
    key: Option<&Ident>,
    error: &syn::Error,
    diagnostics: &Diagnostics,
) {
    if brackets::report(tokens.clone(), brackets::kind_of(key), diagnostics) {
        return;
    }
    let are_tools = is_named(key, "tools");
    let enclosing = Enclosing {
        delimiter: None,
        word: key,
    };
    match slip(tokens.clone(), enclosing, are_tools) {
        Some(slip) => slip.report(are_tools, diagnostics),
        None => not_an_expression(error, tokens, key, diagnostics),
    }
}

/// Reports what is wrong with a rule, if that can be told.
pub(super) fn rule(tokens: TokenStream, error: &syn::Error, diagnostics: &Diagnostics) -> bool {
    match slip(tokens.clone(), Enclosing::default(), false) {
        Some(slip) => slip.report(false, diagnostics),
        None => return unexpected_token::report(tokens, None, error, diagnostics),
    }
    true
}

/// Reports what goes on after an expression where it should end, if that can be told. `rest` is what follows it.
pub(super) fn rest(
    expr: &Expr,
    rest: TokenStream,
    tokens: TokenStream,
    key: Option<&Ident>,
    diagnostics: &Diagnostics,
) -> bool {
    if is_named(key, "expect") && no_parentheses(expr, rest.clone(), diagnostics) {
        return true;
    }
    let are_tools = is_named(key, "tools");
    if are_tools && mistakes_in_steps::result_type(rest.clone(), diagnostics) {
        return true;
    }
    if mistakes_in_steps::rest(expr, rest, diagnostics) {
        return true;
    }
    match slip(tokens, Enclosing::default(), are_tools) {
        Some(
            slip @ (SyntaxMistake::Time(..) | SyntaxMistake::Name(_) | SyntaxMistake::Number(_)),
        ) => {
            slip.report(are_tools, diagnostics);
            true
        }
        _ => false,
    }
}

/// Reports an expectation whose argument follows it: `calls: 3`, `calls 3`.
fn no_parentheses(expr: &Expr, rest: TokenStream, diagnostics: &Diagnostics) -> bool {
    let word = words::EXPECTATIONS.if_known(path_word(expr));
    let rest = Vec::from_iter(rest);
    let has_colon = is_next(rest.first(), ':');
    let (_, argument) = split_at(&rest, usize::from(has_colon));
    let argument = stream(argument);
    let is_argument = syn::parse2::<Expr>(argument.clone()).is_ok();
    let (Some(word), true) = (word, is_argument) else {
        return false;
    };
    let message = match has_colon {
        true => format!("`{word}` takes its argument in parentheses"),
        false => format!("`{word}` has no parentheses"),
    };
    let help = format!("write `{word}({})`", written(&argument));
    diagnostics.error(Lint::NeedsArgument, word.span(), message, help);
    true
}

impl SyntaxMistake {
    fn report(self, are_tools: bool, diagnostics: &Diagnostics) {
        match self {
            SyntaxMistake::Object(object, are_quoted) => diagnostics.error(
                Lint::JsonNotation,
                object.span_open(),
                match are_quoted {
                    true => "a JSON object begins with `object`, and its names have no quotes",
                    false => "a JSON object begins with `object`",
                },
                match json_notation::of_object(&object) {
                    Some(object) => format!("write `{object}`"),
                    None if are_tools => "write `object { name: string }`".to_owned(),
                    None => "write `object { name: value }`".to_owned(),
                },
            ),
            SyntaxMistake::Headers(object) => diagnostics.error(
                Lint::FailureField,
                object.span_open(),
                "headers are a list of names and values",
                format_args!("write `{}`", list_of_pairs(&object)),
            ),
            SyntaxMistake::RawJson(object) => diagnostics.error(
                Lint::ExpectedText,
                object.span_open(),
                "the argument of `raw` is a text",
                format_args!("write it in quotes: `r#\"{}\"#`", written(&object)),
            ),
            SyntaxMistake::Time(number, unit) => diagnostics.error(
                Lint::TimeWithoutUnit,
                number.span(),
                format_args!("`{number}` has no unit"),
                format_args!("write `{number}{unit}`, without the space"),
            ),
            SyntaxMistake::Keyword(word, within) => keyword(&word, within.as_ref(), diagnostics),
            SyntaxMistake::Generic(word, ours, tool) => generic(&word, ours, tool, diagnostics),
            SyntaxMistake::Name(slip) => slip.report(diagnostics),
            SyntaxMistake::Number(mistake) => mistake.report(diagnostics),
        }
    }
}

/// The first slip, but for those in a macro call.
fn slip(tokens: TokenStream, enclosing: Enclosing<'_>, are_tools: bool) -> Option<SyntaxMistake> {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let in_parentheses = enclosing.delimiter == Some(Delimiter::Parenthesis);
    let within = enclosing.word.filter(|_| in_parentheses);
    for (index, token) in tokens.iter().enumerate() {
        if let Some(slip) = mistakes_in_names::slip(&tokens, index, enclosing, are_tools) {
            return Some(SyntaxMistake::Name(slip));
        }
        if let Some(mistake) = mistakes_in_numbers::mistake(&tokens, index, enclosing) {
            return Some(SyntaxMistake::Number(mistake));
        }
        let before = index.checked_sub(1).and_then(|index| tokens.get(index));
        let word = match before {
            Some(TokenTree::Ident(word)) => Some(word),
            _ => None,
        };
        match (token, tokens.get(index.saturating_add(1))) {
            (TokenTree::Literal(number), Some(TokenTree::Ident(word)))
                if is_plain_number(number) && duration::unit(&word.to_string()).is_some() =>
            {
                return duration::unit(&word.to_string())
                    .map(|unit| SyntaxMistake::Time(number.clone(), unit));
            }
            (TokenTree::Ident(word), Some(TokenTree::Punct(open)))
                if are_tools && open.as_char() == '<' =>
            {
                let ours = our_type(tokens.get(index..).unwrap_or_default()).map(|(ours, _)| ours);
                let is_type = |word: &Ident| words::TYPES.has_ident(word);
                let tool = within.filter(|word| !is_type(word)).cloned();
                return Some(SyntaxMistake::Generic(word.clone(), ours, tool));
            }
            (TokenTree::Ident(only), None)
                if before.is_none() && within.is_some() && is_keyword(&only.to_string()) =>
            {
                return Some(SyntaxMistake::Keyword(only.clone(), within.cloned()));
            }
            (TokenTree::Group(_), _) if is_next(before, '!') => {}
            (TokenTree::Group(group), _) => {
                if let Some(are_quoted) = object(group) {
                    match word {
                        None if is_named(within, "headers")
                            || is_headers(tokens.get(..index).unwrap_or_default()) =>
                        {
                            return Some(SyntaxMistake::Headers(group.clone()));
                        }
                        None if is_named(within, "raw") => {
                            return Some(SyntaxMistake::RawJson(group.clone()));
                        }
                        None => return Some(SyntaxMistake::Object(group.clone(), are_quoted)),
                        Some(word) if is_keyword(&word.to_string()) => {
                            return Some(SyntaxMistake::Keyword(word.clone(), None));
                        }
                        Some(_) => {}
                    }
                }
                let enclosing = Enclosing {
                    delimiter: Some(group.delimiter()),
                    word,
                };
                if let Some(slip) = slip(group.stream(), enclosing, are_tools) {
                    return Some(slip);
                }
            }
            _ => {}
        }
    }
    None
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
                let value = quoted(
                    value,
                    !written(value).starts_with(|c: char| c.is_ascii_digit()),
                );
                pairs.push(format!("({name}, {value})"));
            }
            _ => return "[(\"name\", \"value\")]".to_owned(),
        }
    }
    format!("[{}]", pairs.join(", "))
}

/// Whether a group is an object, by its first name and the colon behind it, and whether that name is in quotes.
fn object(group: &Group) -> Option<bool> {
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
    let name = match word.to_string().as_str() {
        "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "list" => "list".to_owned(),
        "Option" | "optional" => "optional".to_owned(),
        known if words::TYPES.has(known) => known.to_owned(),
        other => words::foreign_type(other)?.to_owned(),
    };
    if !is_next(tokens.get(1), '<') {
        return Some((name, 1));
    }
    let (inner, length) = our_type(tokens.get(2..)?)?;
    let is_closed = is_next(tokens.get(length.saturating_add(2)), '>');
    let takes_type = name == "list" || name == "optional";
    (is_closed && takes_type).then(|| (format!("{name}({inner})"), length.saturating_add(3)))
}

fn generic(word: &Ident, ours: Option<String>, tool: Option<Ident>, diagnostics: &Diagnostics) {
    let (lint, message, help) = match (tool, ours) {
        (Some(tool), _) => (
            Lint::TypedTool,
            "expected the name of a type of your own".to_owned(),
            format!(
                "write a struct, as in `{tool}(Args)`, or arguments in braces, as in `{tool} {{ city: string }}`"
            ),
        ),
        (None, Some(ours)) => (
            Lint::UnknownType,
            format!("unknown type `{word}`"),
            format!("write `{ours}`"),
        ),
        (None, None) => (
            Lint::UnknownType,
            format!("unknown type `{word}`"),
            words::TYPES.did_you_mean(""),
        ),
    };
    diagnostics.error(lint, word.span(), message, help);
}

fn keyword(word: &Ident, within: Option<&Ident>, diagnostics: &Diagnostics) {
    let takes_matchers = |within: &Ident| ["on", "any_of", "all_of", "not"].any(&|on| within == on);
    let help = match syn::parse_str::<Ident>(&format!("r#{word}")) {
        _ if within.is_some_and(takes_matchers) => words::MATCHERS.did_you_mean(&word.to_string()),
        _ if is_named(within, "named") => {
            "write another name, as in `.named(first_answer)`".to_owned()
        }
        Ok(_) => format!("write `r#{word}`, which is `{word}` on the wire"),
        Err(_) => format!("write `the_{word}`, with the type `string.named(\"{word}\")`"),
    };
    diagnostics.error(
        Lint::KeywordName,
        word.span(),
        format_args!("`{word}` is a keyword of Rust"),
        help,
    );
}

fn not_an_expression(
    error: &syn::Error,
    tokens: TokenStream,
    key: Option<&Ident>,
    diagnostics: &Diagnostics,
) {
    let message = error.to_string();
    let are_tools = is_named(key, "tools");
    let (lint, help) = match message.as_str() {
        "expected identifier or integer" => {
            let word = error.span().source_text().filter(|word| is_keyword(word));
            match word {
                Some(word) if are_tools && is_step(tokens.clone(), &word) => {
                    return diagnostics.error(
                        Lint::UnknownToolWord,
                        error.span(),
                        format_args!("a tool has no `{word}`"),
                        did_you_mean(&word, "methods", &["named", "returns"]),
                    );
                }
                Some(word) => {
                    return keyword(&Ident::new(&word, error.span()), None, diagnostics);
                }
                None => {}
            }
            (Lint::InvalidEntry, ENTRY)
        }
        "expected `,`" => (
            Lint::MissingComma,
            "write `,` before it, or `:` after a name",
        ),
        "expected `,` or `;`" => {
            let lint = Lint::MissingComma;
            let help = "write `,` before it";
            return diagnostics.error(lint, error.span(), "expected `,`", help);
        }
        _ => (Lint::InvalidEntry, ENTRY),
    };
    if unexpected_token::report(tokens, key, error, diagnostics) {
        return;
    }
    diagnostics.error(lint, error.span(), message, help);
}

/// Whether a word follows a dot.
fn is_step(tokens: TokenStream, word: &str) -> bool {
    let mut follows = false;
    tokens.into_iter().any(|token| {
        let followed = std::mem::replace(&mut follows, is_punct(&token, '.'));
        match token {
            TokenTree::Ident(step) => followed && step == word,
            TokenTree::Group(group) => is_step(group.stream(), word),
            _ => false,
        }
    })
}

const ENTRY: &str = "an entry is an expression: `key = value`, or a turn such as `reply(\"Hi.\")`";

/// Whether it is a number without a suffix.
fn is_plain_number(literal: &Literal) -> bool {
    let is_of_number = |c: char| c.is_ascii_digit() || c == '.' || c == '_';
    consists_of(&literal.to_string(), is_of_number)
}
