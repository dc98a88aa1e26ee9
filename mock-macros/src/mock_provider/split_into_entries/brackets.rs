//! Reports a word of the grammar that has brackets in the place of its parentheses: `stream["a", "b"]`.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::Expr;
use syn::parse::ParseStream;

use super::super::suggest_failure::kind_meant;
use super::super::words::{SyntaxKind, Word};
use super::attributes::parts;
use super::enclosing_group::is_next;
use super::entry_tokens;
use crate::diagnostics::{Mistake, written};
use crate::lint::Lint;
use crate::syntax::{is_comma, split_at, stream};

/// A word with brackets behind it.
struct Bracketed {
    word: Ident,
    known: &'static Word,
    brackets: Group,
    /// The syntax at the place of the word.
    kind: SyntaxKind,
}

/// The first word with brackets in an expression, if there is one. The parser leaves all but their first expression unread.
pub(super) fn in_index(expr: &Expr, input: ParseStream<'_>, kind: SyntaxKind) -> Option<Mistake> {
    let mut found = false;
    parts(expr, &mut |part| {
        found |= matches!(part, Expr::Index(_));
    });
    match found {
        true => mistake(&entry_tokens(input), kind),
        false => None,
    }
}

/// The first word with brackets, if there is one.
pub(super) fn mistake(tokens: &[TokenTree], kind: SyntaxKind) -> Option<Mistake> {
    let Bracketed {
        word,
        known,
        brackets,
        kind,
    } = bracketed(tokens, kind)?;
    let object = || "the fields of an `object` go in braces".to_owned();
    let (lint, message) = match (known.takes, kind) {
        (SyntaxKind::Field, _) => (
            Lint::UnknownFailure,
            "the fields of a failure go in braces".to_owned(),
        ),
        // `string[]`
        (SyntaxKind::Scalar | SyntaxKind::Anything, _) => {
            (Lint::UnknownType, "expected a type".to_owned())
        }
        (SyntaxKind::TypeMember, SyntaxKind::Value) => (Lint::JsonNotation, object()),
        (SyntaxKind::TypeMember, _) => (Lint::IncompleteType, object()),
        _ => (
            Lint::NeedsArgument,
            format!("the arguments of `{word}` go in parentheses"),
        ),
    };
    let help = match with_right_brackets(known, brackets.stream()) {
        Some(meant) => format!("write `{meant}`"),
        None => format!("write it as in `{}`", known.example),
    };
    let at = stream(&[word.into(), brackets.into()]);
    Some(Mistake::new(lint, &at, message, help))
}

/// A word with the brackets that it needs, around what it has in others.
fn with_right_brackets(known: &Word, inside: TokenStream) -> Option<String> {
    if known.takes == SyntaxKind::Field {
        let arguments = Group::new(Delimiter::Parenthesis, inside);
        let word = Ident::new(known.word, arguments.span());
        let call = stream(&[word.into(), arguments.into()]);
        return kind_meant(&syn::parse2(call).ok()?);
    }
    let written = written(&inside);
    if matches!(known.takes, SyntaxKind::Scalar | SyntaxKind::Anything) {
        return Some(format!("list({})", known.word));
    }
    if known.takes == SyntaxKind::TypeMember {
        return Some(format!("{} {{ {written} }}", known.word));
    }
    Some(format!(
        "{}({})",
        known.word,
        in_list(known, inside, &written)
    ))
}

/// The items in brackets as what a word takes: a list, where it takes one.
fn in_list(known: &Word, inside: TokenStream, written: &str) -> String {
    let takes_list = match known.takes {
        SyntaxKind::Pieces | SyntaxKind::Frames | SyntaxKind::Vector | SyntaxKind::Headers => true,
        SyntaxKind::TextOrPieces | SyntaxKind::Value => {
            inside.into_iter().any(|token| is_comma(&token))
        }
        _ => false,
    };
    match takes_list {
        true => format!("[{written}]"),
        false => written.to_owned(),
    }
}

fn bracketed(tokens: &[TokenTree], kind: SyntaxKind) -> Option<Bracketed> {
    let mut items = tokens.split(is_comma);
    items.find_map(|item| {
        let (kind, value) = kind.of_value(item);
        in_item(value, kind)
    })
}

fn in_item(item: &[TokenTree], kind: SyntaxKind) -> Option<Bracketed> {
    for (index, token) in item.iter().enumerate() {
        let (before, _) = split_at(item, index);
        let group = match token {
            TokenTree::Group(group) if !is_next(before.last(), '!') => group,
            _ => continue,
        };
        let (word, known, inner) = kind.before_group(before, group.delimiter());
        if let (Some(word), Some(known), Delimiter::Bracket) = (word, known, group.delimiter()) {
            return Some(Bracketed {
                word: word.clone(),
                known,
                brackets: group.clone(),
                kind,
            });
        }
        let inside = Vec::from_iter(group.stream());
        if let Some(found) = bracketed(&inside, inner) {
            return Some(found);
        }
    }
    None
}

/// The kind of what belongs to a key, or stands in the list of entries itself.
pub(super) fn kind_of(key: Option<&Ident>) -> SyntaxKind {
    key.map_or(SyntaxKind::Entry, |key| {
        SyntaxKind::from_key(&key.to_string())
    })
}
