//! Mistakes in the steps of a turn: a missing dot, missing parentheses.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::{Expr, Member};

use super::super::words;
use crate::diagnostics::{Diagnostics, written};
use crate::lint::Lint;
use crate::syntax::{bare, stream};

/// Reports the step that has no dot before it, or no parentheses behind it.
pub(super) fn rest(expr: &Expr, rest: TokenStream, diagnostics: &Diagnostics) -> bool {
    let rest: Vec<_> = rest.into_iter().collect();
    match (last_word(expr), rest.as_slice()) {
        (Some(word), [TokenTree::Literal(argument)]) => {
            let message = format!("`{word}` has no parentheses");
            let help = format!("write `{word}({argument})`");
            diagnostics.error(Lint::NeedsArgument, word.span(), message, help);
            true
        }
        (Some(word), [TokenTree::Group(braces), ..]) if braces.delimiter() == Delimiter::Brace => {
            let arguments = written(&braces.stream());
            let arguments = match arguments.contains(':') {
                true => "..",
                false => &arguments,
            };
            let message = format!("`{word}` has no parentheses");
            let help = format!("write `{word}({arguments})`");
            diagnostics.error(Lint::NeedsArgument, word.span(), message, help);
            true
        }
        (None, rest) => no_dot(expr, rest, diagnostics).is_some(),
        _ => false,
    }
}

/// The step without parentheses that a turn ends with.
fn last_word(expr: &Expr) -> Option<&Ident> {
    let word = match bare(expr) {
        Expr::Path(path) => path.path.get_ident()?,
        Expr::Field(field) => match &field.member {
            Member::Named(word) => word,
            Member::Unnamed(_) => return None,
        },
        _ => return None,
    };
    is_step(word).then_some(word)
}

fn is_step(word: &Ident) -> bool {
    words::STEPS.has_ident(word)
}

/// `on(..) reply(..)`, `on(..)::reply(..)`
fn no_dot(expr: &Expr, rest: &[TokenTree], diagnostics: &Diagnostics) -> Option<()> {
    let is_punct = |token: &&TokenTree| matches!(token, TokenTree::Punct(_));
    let signs = rest.iter().take_while(is_punct).count();
    let (signs, rest) = rest.split_at_checked(signs)?;
    let [TokenTree::Ident(word), TokenTree::Group(arguments), ..] = rest else {
        return None;
    };
    let is_step = arguments.delimiter() == Delimiter::Parenthesis && is_step(word);
    let sign = stream(signs);
    let found = written(&sign);
    let is_sign = ["", "::", "->", ";", ":"].contains(&&*found);
    // What is a turn already may have another one behind it.
    let is_new = is_whole(expr)? && words::ACTIONS.has_ident(word);
    if !is_step || !is_sign || is_new {
        return None;
    }
    let help = format!("write `.{word}(..)`");
    let lint = Lint::InvalidEntry;
    match found.is_empty() {
        true => {
            let message = format!("expected `.` before `{word}`");
            diagnostics.error(lint, word.span(), message, help);
        }
        false => {
            let message = format!("expected `.` before `{word}`, found `{found}`");
            diagnostics.error_at(lint, &sign, message, help);
        }
    }
    Some(())
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
