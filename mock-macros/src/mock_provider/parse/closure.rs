//! The closures of `when` and of `respond_with`.

use proc_macro2::Ident;
use quote::{ToTokens as _, quote};
use syn::{Expr, ExprAsync, ExprClosure};

use super::Reader;
use crate::diagnostics::written;
use crate::lint::Lint;
use crate::syntax::{bare, literal};

impl Reader<'_> {
    /// A closure that is asked while a call is answered.
    pub(super) fn closure(&self, word: &Ident, expr: &Expr) -> Option<ExprClosure> {
        let Expr::Closure(closure) = bare(expr) else {
            return self.reject(
                Lint::ExpectedClosure,
                expr,
                &format_args!("`{word}` needs a closure"),
                &match bare(expr) {
                    Expr::Path(function) => {
                        format!("write `{word}(|request| {}(request))`", written(function))
                    }
                    other if word == "respond_with" && literal(other).is_some() => {
                        format!("write `reply({})`", written(other))
                    }
                    other if names_the_request(other) => {
                        format!("write `{word}(|request| {})`", written(other))
                    }
                    _ => format!("write `{word}(|request| ..)`"),
                },
            );
        };
        if word == "when"
            && let Some(asyncness) = &closure.asyncness
        {
            return self.reject(
                Lint::ExpectedClosure,
                asyncness,
                &format_args!("the closure of `{word}` is not async"),
                &ONLY_ONE_AWAITS,
            );
        }
        if let Expr::Async(future) = bare(&closure.body) {
            let (message, help) = match word == "when" {
                true => (
                    format!("the closure of `{word}` is not async"),
                    ONLY_ONE_AWAITS.to_owned(),
                ),
                false => (
                    format!("the closure of `{word}` returns a future"),
                    async_closure(word, closure, future),
                ),
            };
            let lint = Lint::ExpectedClosure;
            return self.reject(lint, &future.async_token, &message, &help);
        }
        // Without an argument, the error is at the bars.
        let wrong = match closure.inputs.len() {
            1 => {
                self.note_code(false, false);
                return Some(closure.clone());
            }
            0 => {
                let (open, close) = (closure.inputs_begin, closure.inputs_end);
                quote!(#open #close)
            }
            _ => closure.inputs.get(1).to_token_stream(),
        };
        self.reject(
            Lint::ExpectedClosure,
            &wrong,
            &format_args!("the closure of `{word}` takes only the request"),
            &format_args!("write `{word}(|request| ..)`"),
        )
    }
}

/// Whether it is an expression about `request`: `request.messages.len() > 2`.
fn names_the_request(expr: &Expr) -> bool {
    let mut tokens = expr.to_token_stream().into_iter();
    tokens.any(|token| token.to_string() == "request")
}

const ONLY_ONE_AWAITS: &str = "remove `async`; only `respond_with(async |request| ..)` can await";

/// The help for a closure with the body `async { .. }`.
fn async_closure(word: &Ident, closure: &ExprClosure, future: &ExprAsync) -> String {
    let (inputs, body) = (written(&closure.inputs), written(&future.block));
    let takes = match future.capture.or(closure.capture) {
        Some(_) => "async move",
        None => "async",
    };
    format!("write `async` before the closure, and not in it: `{word}({takes} |{inputs}| {body})`")
}
