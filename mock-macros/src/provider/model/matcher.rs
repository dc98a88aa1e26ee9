//! Matchers and their patterns.

use syn::{Expr, LitStr};

use super::super::text;
use super::super::words;
use super::{Matcher, Reader, literal, path_word};
use crate::diagnostics::did_you_mean;
use crate::syntax::bare;

impl Reader<'_> {
    pub(super) fn matcher(&self, expr: &Expr) -> Matcher {
        let expr = bare(expr);
        let (word, arguments) = match expr {
            Expr::Call(call) => (path_word(&call.func), Some(&call.args)),
            other => (path_word(other), None),
        };
        let mut arguments = arguments.into_iter().flatten();
        let Some(word) = word else {
            let help = match literal(expr) {
                Some(text) => format!("write `user({})`", text.token()),
                None => did_you_mean("", "matchers", words::MATCHERS.iter().copied()),
            };
            self.diagnostics.error_at(expr, "expected a matcher", help);
            return Matcher::Bad;
        };
        let argument = arguments.next().map(bare);
        if let Some(extra) = arguments.next()
            && words::MATCHERS.iter().any(|known| word == known)
        {
            self.diagnostics.error_at(
                extra,
                format!("`{word}` takes only one thing"),
                format!("write another matcher after this one: `on({word}(..), {word}(..))`"),
            );
        }
        match (word.to_string().as_str(), argument) {
            ("user", Some(argument)) => match literal(argument) {
                Some(pattern) => self.pattern(pattern),
                None => {
                    self.diagnostics.error_at(
                        argument,
                        "the pattern of `user` is a string literal",
                        "write the text in quotes, or use `when(|request| ..)`",
                    );
                    Matcher::Bad
                }
            },
            ("tool_result", Some(argument)) => match path_word(argument) {
                Some(tool) => Matcher::ToolResult(tool.clone()),
                None => {
                    self.diagnostics.error_at(
                        argument,
                        "expected the name of a tool",
                        "write it without quotes, as in `tool_result(get_weather)`",
                    );
                    Matcher::Bad
                }
            },
            ("when", Some(Expr::Closure(test))) => Matcher::When(test.clone()),
            ("when", Some(other)) => {
                self.diagnostics.error_at(
                    other,
                    "`when` needs a closure",
                    "write `when(|request| ..)`",
                );
                Matcher::Bad
            }
            (known, None) if words::MATCHERS.contains(&known) => {
                let example = match known {
                    "user" => "user(\"hello\")",
                    "tool_result" => "tool_result(get_weather)",
                    _ => "when(|request| ..)",
                };
                self.diagnostics.error(
                    word.span(),
                    format!("`{known}` says nothing yet"),
                    format!("write `{example}`"),
                );
                Matcher::Bad
            }
            (other, _) => {
                self.diagnostics.error(
                    word.span(),
                    format!("unknown matcher `{other}`"),
                    did_you_mean(other, "matchers", words::MATCHERS.iter().copied()),
                );
                Matcher::Bad
            }
        }
    }

    fn pattern(&self, literal: &LitStr) -> Matcher {
        let (pieces, mistakes) = text::pattern(literal);
        let is_whole = mistakes.is_empty();
        self.mistakes(literal, mistakes);
        match is_whole {
            true => Matcher::User(pieces),
            false => Matcher::Bad,
        }
    }

    pub(super) fn mistakes(&self, literal: &LitStr, mistakes: Vec<text::Mistake>) {
        for mistake in mistakes {
            self.diagnostics
                .error(literal.span(), mistake.message, mistake.help);
        }
    }
}
