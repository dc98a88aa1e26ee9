//! The keys of a mock, and its profile.

use proc_macro2::Ident;
use syn::Expr;
use syn::spanned::Spanned as _;

use super::super::parse::Value;
use super::super::words;
use super::{Mock, Profile, Reader, path_word};
use crate::crate_path::CratePath;
use crate::diagnostics::did_you_mean;
use crate::syntax::bare;

impl Reader<'_> {
    pub(super) fn entry(&self, mock: &mut Mock, key: &Ident, value: Value) {
        match (key.to_string().as_str(), value) {
            (_, Value::Bad) => {}
            ("latency", Value::Expr(expr)) => mock.latency = self.latency(expr),
            ("crate", Value::Path(path)) => mock.crate_path = CratePath(Some(path)),
            ("vis", Value::Visibility(visibility)) => match mock.visibility {
                None => mock.visibility = Some(visibility),
                Some(_) => self.diagnostics.error(key.span(), "the visibility is given twice", "remove `vis` or what stands before the name"),
            },
            ("tools", Value::List(items)) => {
                let tools: Vec<_> = items.iter().flatten().filter_map(|item| self.tool(item)).collect();
                mock.tools_are_whole = tools.len() == items.len();
                mock.tools = Some(tools);
            }
            ("script", Value::List(items)) => {
                if !mock.turns.is_empty() {
                    self.diagnostics.error(
                        key.span(),
                        "turns stand in `script = [..]` or in the list itself, not in both",
                        "move them all into `script = [..]`",
                    );
                }
                mock.turns.extend(self.turns(&items));
            }
            (word @ ("tools" | "script"), Value::Expr(expr)) => self.diagnostics.error_at(
                &expr,
                format!("`{word}` is a list"),
                format!("write `{word} = [..]`"),
            ),
            ("latency", Value::List(items)) => {
                let first = items.iter().flatten().next();
                let span = first.map_or(key.span(), |item| item.span());
                self.diagnostics.error(
                    span,
                    "`latency` is a time or a range of times",
                    "write `latency = 120ms` or `latency = 80ms..120ms`",
                );
            }
            ("delay", _) => self.diagnostics.error(
                key.span(),
                "unknown key `delay`",
                "write `latency = 120ms` for the time before an answer, or `.every(20ms)` after a stream for the time between its chunks",
            ),
            (word, _) => self.diagnostics.error(
                key.span(),
                format!("unknown key `{word}`"),
                did_you_mean(word, "keys", words::KEYS.iter().copied()),
            ),
        }
    }

    pub(super) fn profile(&self, expr: &Expr) -> Profile {
        let expr = bare(expr);
        let (word, model) = match expr {
            Expr::Call(call) => (path_word(&call.func), call.args.first()),
            other => (path_word(other), None),
        };
        let known =
            word.and_then(|word| words::PROFILES.iter().find(|(profile, _)| word == profile));
        if known.is_none() {
            let help = match word {
                Some(word) => did_you_mean(
                    &word.to_string(),
                    "profiles",
                    words::PROFILES.iter().map(|(word, _)| *word),
                ),
                None => "write a profile, as in `openai(\"gpt-4o\")`".to_owned(),
            };
            let name = word.map_or_else(|| "this".to_owned(), |word| format!("`{word}`"));
            match word {
                Some(word) => {
                    self.diagnostics
                        .error(word.span(), format!("{name} is no profile"), help)
                }
                None => self
                    .diagnostics
                    .error_at(expr, format!("{name} is no profile"), help),
            }
        }
        if let Expr::Call(call) = expr
            && let Some(second) = call.args.iter().nth(1)
        {
            self.diagnostics
                .error_at(second, "a profile takes one model", "remove this");
        }
        Profile {
            variant: known.map_or("Plain", |(_, variant)| variant),
            model: model.cloned(),
        }
    }
}

pub(super) fn is_profile(expr: &Expr) -> bool {
    let word = match bare(expr) {
        Expr::Call(call) => path_word(&call.func),
        other => path_word(other),
    };
    word.is_some_and(|word| words::PROFILES.iter().any(|(profile, _)| word == profile))
}
