//! Mistakes in the steps of a turn: a missing dot, missing parentheses.

use proc_macro2::{Delimiter, Group, Ident, TokenTree};
use quote::ToTokens as _;
use syn::{Expr, Member};

use super::super::words::{self, SyntaxKind};
use crate::diagnostics::{Mistake, remove_one, written};
use crate::lint::Lint;
use crate::syntax::{bare, is_punct, split_at, stream, token_at};

/// The step that has no dot before it, or no parentheses behind it.
pub(super) fn rest(expr: &Expr, rest: &[TokenTree], kind: SyntaxKind) -> Option<Mistake> {
    if let (Some(word), [TokenTree::Ident(again), ..]) = (word_at_end(expr), rest)
        && word == again
    {
        let message = format!("`{word}` is given twice");
        let help = remove_one(&word.to_string(), word.span(), again.span());
        return Some(Mistake::new(Lint::GivenTwice, again, message, help));
    }
    let (lint, at, message, help) = match (last_word(expr), is_whole(expr), rest) {
        (Some(word), ..) => {
            let braces = match rest {
                [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Brace => {
                    Some(written(&group.stream()))
                }
                _ => None,
            };
            let (at, arguments) = match (argument(word, rest), braces) {
                (Some(argument), _) => {
                    let at = [&[word.clone().into()], argument].concat();
                    (stream(&at), written(&stream(argument)))
                }
                (None, Some(fields)) if fields.contains(':') => {
                    (word.to_token_stream(), "..".to_owned())
                }
                (None, braces) => (word.to_token_stream(), braces?),
            };
            let message = format!("`{word}` has no parentheses");
            (
                Lint::NeedsArgument,
                at,
                message,
                format!("write `{word}({arguments})`"),
            )
        }
        (_, Some(false), [TokenTree::Group(braces), ..]) if begins_with_action(braces) => {
            let help = format!("write `.{}`", written(&braces.stream()));
            let at = token_at(braces.span_open()).into();
            (
                Lint::ExpectedTurn,
                at,
                "expected `.`, found `{`".to_owned(),
                help,
            )
        }
        (_, Some(_), [sign, count @ TokenTree::Literal(_)]) if is_punct(sign, ';') => {
            let help = format!("write `.times({count})` in its place");
            let message = "expected `,`, found `;`".to_owned();
            (Lint::MissingComma, stream(rest), message, help)
        }
        _ => return no_dot(expr, rest, kind),
    };
    Some(Mistake::new(lint, &at, message, help))
}

/// The type of a tool's result behind an arrow, or behind another sign: `find { .. } -> string`.
pub(super) fn result_type(rest: &[TokenTree]) -> Option<Mistake> {
    let ty = match rest {
        [dash, arrow, ty @ ..] if is_punct(dash, '-') && is_punct(arrow, '>') => ty,
        [colon, ty @ ..] if is_punct(colon, ':') => ty,
        [TokenTree::Ident(returns), ty @ ..] if returns == "returns" => ty,
        _ => return None,
    };
    syn::parse2::<Expr>(stream(ty)).ok()?;
    let message = "the type of a result goes in `returns`";
    let help = format!("write `.returns({})`", written(&stream(ty)));
    Some(Mistake::new(
        Lint::UnknownToolWord,
        &stream(rest),
        message,
        help,
    ))
}

/// The arguments of a word that has no parentheses: the tokens up to the next step.
fn argument<'t>(word: &Ident, rest: &'t [TokenTree]) -> Option<&'t [TokenTree]> {
    let is_step = |pair: &[TokenTree]| match pair {
        [dot, TokenTree::Ident(word)] => is_punct(dot, '.') && is_step(word),
        _ => false,
    };
    let end = rest.windows(2).position(is_step);
    let (argument, _) = split_at(rest, end.unwrap_or(rest.len()));
    let word = word.to_string();
    let known = words::ENTRIES
        .find(&word)
        .or_else(|| words::STEPS.find(&word))?;
    let takes_nothing = matches!(known.takes, SyntaxKind::Forever | SyntaxKind::Nothing)
        && !words::PROFILES.has(&word);
    if takes_nothing || matches!(argument, [TokenTree::Group(_), ..] | []) {
        return None;
    }
    let read: Expr = syn::parse2(stream(argument)).ok()?;
    // A complete turn is not an argument.
    is_whole(&read).is_none().then_some(argument)
}

/// The step without parentheses that a turn ends with.
fn last_word(expr: &Expr) -> Option<&Ident> {
    let word = word_at_end(expr)?;
    let is_beginning = matches!(expr, Expr::Path(_)) && words::ENTRIES.has_ident(word);
    (is_beginning || is_step(word)).then_some(word)
}

/// The word that an expression ends with.
fn word_at_end(expr: &Expr) -> Option<&Ident> {
    match bare(expr) {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => match &field.member {
            Member::Named(word) => Some(word),
            Member::Unnamed(_) => None,
        },
        _ => None,
    }
}

fn is_step(word: &Ident) -> bool {
    words::STEPS.has_ident(word)
}

/// `on(..) reply(..)`, `on(..)::reply(..)`
fn no_dot(expr: &Expr, rest: &[TokenTree], kind: SyntaxKind) -> Option<Mistake> {
    let is_sign = |token: &&TokenTree| matches!(token, TokenTree::Punct(_));
    let signs = rest.iter().take_while(is_sign).count();
    let (signs, rest) = rest.split_at_checked(signs)?;
    let [TokenTree::Ident(word), TokenTree::Group(arguments), ..] = rest else {
        return None;
    };
    let links = kind.links().unwrap_or(&words::STEPS);
    let is_step = links.has_ident(word) && arguments.delimiter() == Delimiter::Parenthesis;
    let sign = stream(signs);
    let found = written(&sign);
    let is_sign = ["", "::", "->", ";", ":"].contains(&&*found);
    // After a complete turn, an action may begin the next turn.
    let is_turn = links.has("reply");
    let is_new = is_turn && is_whole(expr)? && words::ACTIONS.has_ident(word);
    if !is_step || !is_sign || is_new {
        return None;
    }
    let message = format!("expected `.` before `{word}`");
    let (at, message) = match found.is_empty() {
        true => (word.to_token_stream(), message),
        false => (sign, format!("{message}, found `{found}`")),
    };
    let help = format!("write `.{word}(..)`");
    Some(Mistake::new(Lint::InvalidEntry, &at, message, help))
}

fn begins_with_action(braces: &Group) -> bool {
    match braces.stream().into_iter().next() {
        Some(TokenTree::Ident(action)) if braces.delimiter() == Delimiter::Brace => {
            words::ACTIONS.has_ident(&action)
        }
        _ => false,
    }
}

/// Whether a chain has an action; `None` if it is not a turn.
fn is_whole(expr: &Expr) -> Option<bool> {
    match bare(expr) {
        Expr::MethodCall(step) => is_whole(&step.receiver).map(|_| true),
        Expr::Call(first) => match bare(&first.func) {
            Expr::Path(path) => {
                let word = path.path.get_ident()?;
                let is_action = words::ACTIONS.has_ident(word);
                (is_action || word == "on").then_some(is_action)
            }
            _ => None,
        },
        _ => None,
    }
}
