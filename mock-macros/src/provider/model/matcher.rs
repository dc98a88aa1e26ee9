//! Matchers and their patterns.

use syn::{Expr, LitStr};

use super::super::text::{self, PatternPiece};
use super::super::words;
use super::{Matcher, Reader, literal, path_word};
use crate::diagnostics::did_you_mean;

impl Reader<'_> {
    pub(super) fn matcher(&self, expr: &Expr) -> Matcher {
        let (word, argument) = match expr {
            Expr::Call(call) => (path_word(&call.func), call.args.first()),
            other => (path_word(other), None),
        };
        let Some(word) = word else {
            self.diagnostics.error_at(
                expr,
                "expected a matcher",
                did_you_mean("", "matchers", words::MATCHERS.iter().copied()),
            );
            return Matcher::Bad;
        };
        match (word.to_string().as_str(), argument) {
            ("user", Some(argument)) => match literal(argument) {
                Some(pattern) => Matcher::User(self.pattern(pattern)),
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

    fn pattern(&self, literal: &LitStr) -> Vec<PatternPiece> {
        let (pieces, mistakes) = text::pattern(literal);
        self.mistakes(literal, mistakes);
        pieces
    }

    pub(super) fn mistakes(&self, literal: &LitStr, mistakes: Vec<text::Mistake>) {
        for mistake in mistakes {
            self.diagnostics
                .error(literal.span(), mistake.message, mistake.help);
        }
    }
}
