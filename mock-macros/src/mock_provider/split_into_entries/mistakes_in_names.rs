//! Mistakes in the name of a mock: tokens before, behind or around it.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenTree};
use syn::{Ident, LitStr};

use super::super::words;
use super::enclosing_group::{Enclosing, is_keyword};
use crate::diagnostics::{Mistake, written};
use crate::lint::Lint;
use crate::syntax::{is_named, is_punct, split_at, stream, text_of, token_at};

/// The name of a tool in quotes, before its arguments.
fn quoted_tool(name: &LitStr) -> Mistake {
    let text = name.value();
    let help = in_rust(&text).unwrap_or_else(|| {
        let ours = rust_name(&text);
        format!("write `{ours} {{ .. }}.named({text:?})`")
    });
    let message = "the name of a tool has no quotes";
    Mistake::new(Lint::ExpectedTool, name, message, help)
}

/// A text before a colon: the name of a field in quotes, or an entry of JSON.
fn text_before_colon(text: &LitStr, colon: &Punct, enclosing: Enclosing<'_>) -> Option<Mistake> {
    Some(match enclosing.delimiter? {
        Delimiter::Brace => {
            let help = in_rust(&text.value()).unwrap_or_else(|| renamed(&text.value(), enclosing));
            let message = "a name has no quotes";
            Mistake::new(Lint::FieldNames, text, message, help)
        }
        _ => Mistake::new(
            Lint::MissingComma,
            colon,
            "expected `,`, found `:`",
            "write `,` in its place",
        ),
    })
}

/// The slip that begins at a token, if there is one.
pub(super) fn slip(
    tokens: &[TokenTree],
    index: usize,
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let (before, from) = tokens.split_at_checked(index)?;
    if let (Some(TokenTree::Ident(word)), Some(TokenTree::Group(group))) =
        (before.last(), from.first())
    {
        return in_parentheses(before, word, group, enclosing);
    }
    if let (Some(TokenTree::Group(links)), Some(TokenTree::Group(arguments))) =
        (before.last(), from.first())
        && links.delimiter() == Delimiter::Parenthesis
        && arguments.delimiter() == Delimiter::Brace
    {
        return behind_a_step(before, arguments, enclosing);
    }
    if before.last().is_some_and(|token| !is_punct(token, ',')) {
        return None;
    }
    let is_in = |delimiter| enclosing.delimiter == Some(delimiter);
    match from {
        [TokenTree::Literal(text), TokenTree::Group(group), ..] => {
            let is_tool = enclosing.are_tools || is_named(enclosing.called(), "call");
            let has_fields = group.delimiter() == Delimiter::Brace && is_tool;
            Some(quoted_tool(&text_of(text).filter(|_| has_fields)?))
        }
        [tool, TokenTree::Punct(comma), TokenTree::Group(arguments)]
            if before.is_empty() && comma.as_char() == ',' =>
        {
            let is_object = arguments.delimiter() == Delimiter::Brace;
            apart(
                tool,
                comma,
                is_object.then(|| written(arguments))?,
                enclosing,
            )
        }
        [tool, TokenTree::Punct(comma), arguments @ ..]
            if before.is_empty() && comma.as_char() == ',' && begins_field(arguments) =>
        {
            let arguments = format!("{{ {} }}", written(&stream(arguments)));
            apart(tool, comma, arguments, enclosing)
        }
        [
            TokenTree::Ident(name),
            TokenTree::Punct(colon),
            TokenTree::Group(group),
            ..,
        ] if is_colon(colon)
            && group.delimiter() == Delimiter::Brace
            && !is_in(Delimiter::Brace) =>
        {
            let message = "unexpected `:` before the braces";
            let help = format!("write `{name} {{ .. }}`");
            Some(Mistake::new(Lint::InvalidEntry, colon, message, help))
        }
        [TokenTree::Literal(text), TokenTree::Punct(colon), ..] if is_colon(colon) => {
            text_before_colon(&text_of(text)?, colon, enclosing)
        }
        [
            TokenTree::Ident(_),
            TokenTree::Punct(_),
            TokenTree::Ident(_),
            ..,
        ] if is_in(Delimiter::Brace) => {
            let length = hyphenated(from)?;
            let (name, _) = split_at(from, length);
            let name = stream(name);
            let text = written(&name);
            let message = format!("`{text}` is not a Rust name");
            let help = renamed(&text, enclosing);
            Some(Mistake::new(Lint::FieldNames, &name, message, help))
        }
        _ => None,
    }
}

/// `find(city: string)`
fn in_parentheses(
    before: &[TokenTree],
    word: &Ident,
    group: &Group,
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let is_fn =
        matches!(before, [.., TokenTree::Ident(keyword), _] if is_keyword(&keyword.to_string()));
    let mut inner = group.stream().into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Punct(colon)), value) =
        (inner.next(), inner.next(), inner.next())
    else {
        return None;
    };
    let is_braced =
        matches!(&value, Some(TokenTree::Group(value)) if value.delimiter() == Delimiter::Brace);
    if group.delimiter() != Delimiter::Parenthesis
        || !is_colon(&colon)
        || is_braced
        || is_fn
        || is_keyword(&word.to_string())
    {
        return None;
    }
    let is_called = is_named(enclosing.word, "call");
    let mut fields = Group::new(Delimiter::Brace, group.stream());
    fields.set_span(group.span());
    let fields = written(&fields);
    let is_returned = enclosing.are_tools && word == "returns";
    let (lint, message) = if is_returned || word == "object" {
        let lint = match enclosing.are_tools {
            true => Lint::IncompleteType,
            false => Lint::JsonNotation,
        };
        (lint, "the fields of an `object` go in braces")
    } else if is_called || enclosing.are_tools && !words::TYPES.has_ident(word) {
        (Lint::ExpectedTool, "the arguments of a tool go in braces")
    } else if words::KINDS.has_ident(word) {
        (Lint::UnknownFailure, "the fields of a failure go in braces")
    } else {
        let help = match (words::MATCHERS.has_ident(&name), value) {
            (true, Some(value)) => format!("write `{name}({})`", written(&value)),
            _ => format!("remove `{name}:`"),
        };
        let message = "an argument in parentheses has no name";
        return Some(Mistake::new(Lint::InvalidEntry, &name, message, help));
    };
    let help = match is_returned {
        true => format!("write `returns(object {fields})`"),
        false => format!("write `{word} {fields}`"),
    };
    let at = token_at(group.span_open());
    Some(Mistake::new(lint, &at, message, help))
}

/// `find.named("f") { city: "x" }`
fn behind_a_step(
    before: &[TokenTree],
    arguments: &Group,
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let is_in_call = is_named(enclosing.called(), "call");
    let is_tool = enclosing.are_tools && enclosing.delimiter.is_none();
    let [TokenTree::Ident(tool), dot, ..] = before else {
        return None;
    };
    if !is_punct(dot, '.') || !(is_in_call || is_tool) {
        return None;
    }
    let (_, steps) = split_at(before, 1);
    let steps = written(&stream(steps));
    let help = format!("write `{tool} {}{steps}`", written(arguments));
    let message = "the arguments of a tool come right after its name";
    let at = token_at(arguments.span_open());
    Some(Mistake::new(Lint::ExpectedTool, &at, message, help))
}

/// `city: "x"`
fn begins_field(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Ident(_), TokenTree::Punct(colon), ..] if is_colon(colon))
}

/// `find, { city: "x" }`, `find, city: "x"`
fn apart(
    tool: &TokenTree,
    comma: &proc_macro2::Punct,
    arguments: String,
    enclosing: Enclosing<'_>,
) -> Option<Mistake> {
    let tool = match tool {
        TokenTree::Ident(tool) => tool.to_string(),
        TokenTree::Literal(text) => {
            let text = text_of(text)?;
            syn::parse_str::<Ident>(&text.value()).ok()?.to_string()
        }
        _ => return None,
    };
    is_named(enclosing.word, "call").then(|| {
        Mistake::new(
            Lint::ExpectedTool,
            comma,
            "unexpected `,` between a tool and its arguments",
            format!("write `call({tool} {arguments})`"),
        )
    })
}

/// How many of the tokens are a name with hyphens, before its colon.
fn hyphenated(tokens: &[TokenTree]) -> Option<usize> {
    let mut length = 1;
    while let (Some(hyphen), Some(TokenTree::Ident(_))) =
        (tokens.get(length), tokens.get(length.saturating_add(1)))
        && is_punct(hyphen, '-')
    {
        length = length.saturating_add(2);
    }
    match tokens.get(length) {
        Some(TokenTree::Punct(colon)) if length > 1 && is_colon(colon) => Some(length),
        _ => None,
    }
}

/// The help for a name in quotes that is one in Rust too.
fn in_rust(name: &str) -> Option<String> {
    let name = match is_keyword(name) {
        true => format!("r#{name}"),
        false => name.to_owned(),
    };
    syn::parse_str::<Ident>(&name).ok()?;
    Some(format!("write `{name}`"))
}

/// The help for a name that is none in Rust.
fn renamed(name: &str, enclosing: Enclosing<'_>) -> String {
    let ours = rust_name(name);
    match enclosing.word {
        _ if enclosing.are_tools => {
            format!("write `{ours}`, with the type `string.named({name:?})`")
        }
        Some(object) if object == "object" => {
            let json = format!("{{{name:?}: 1}}");
            format!("write the JSON as a text, as in `reply(verbatim({json:?}))`")
        }
        _ if words::FIELDS.has(&ours) => format!("write `{ours}`"),
        _ => format!("write `{ours}`, and declare it with the type `string.named({name:?})`"),
    }
}

/// The name of Rust that is most like this.
pub(crate) fn rust_name(name: &str) -> String {
    let mut ours = String::new();
    for c in name.chars() {
        ours.push(if c.is_ascii_alphanumeric() { c } else { '_' });
    }
    match syn::parse_str::<Ident>(&ours) {
        Ok(_) => ours,
        Err(_) => format!("the_{ours}"),
    }
}

/// Whether it is one colon, and not the first of two.
fn is_colon(punct: &proc_macro2::Punct) -> bool {
    punct.as_char() == ':' && punct.spacing() == Spacing::Alone
}
