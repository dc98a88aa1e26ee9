//! How an answer ends, and what it costs.

use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token};

use super::super::words::{self, FinishWord, Word};
use super::method_chain::Link;
use super::number::is_literal;
use super::{Reader, path_word};
use crate::did_you_mean::{did_you_mean, edits, is_near};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, called_word, elements, ends_with, is_word, literal, whole_number};

/// Why a model stops.
pub(crate) enum Finish {
    /// By its name in `FinishReason`.
    Known(&'static Word),
    Other(Expr),
    /// The provider does not tell it.
    None,
}

/// The usage of an answer.
pub(crate) enum Usage {
    Tokens(Expr, Expr),
    Expr(Expr),
    /// The provider does not tell it.
    None,
}

impl Reader<'_> {
    pub(super) fn finish(&self, link: &Link<'_>) -> Option<Finish> {
        let expr = self.one(link, "a reason")?;
        let word = called_word(expr);
        let help = |word: &str| {
            let mut reasons = words::FINISHES.names();
            for reason in &mut reasons {
                if *reason == "other" {
                    *reason = "other(\"..\")";
                }
            }
            match words::foreign_finish(word) {
                Some(ours) => format!("write `{ours}`"),
                None => did_you_mean(word, "reasons", &reasons),
            }
        };
        let Some(word) = word else {
            self.diagnostics.error_at(
                Lint::UnknownFinish,
                expr,
                "expected a finish reason",
                match literal(expr).map(|word| word.value()) {
                    Some(word) if words::FINISHES.has(&word) => {
                        format!("remove the quotes: `{word}`")
                    }
                    word => help(&word.unwrap_or_default()),
                },
            );
            return None;
        };
        let known = FinishWord::find(word);
        if known == Some(FinishWord::other) {
            let name = match expr {
                Expr::Call(call) if call.args.len() == 1 => call.args.first(),
                _ => None,
            };
            return match name {
                Some(name) => self.plain_text(name, "a reason").map(Finish::Other),
                None => {
                    self.diagnostics.error(
                        Lint::UnknownFinish,
                        word.span(),
                        "`other` needs the name of the reason",
                        "write it as the provider does, as in `.finish(other(\"pause_turn\"))`",
                    );
                    None
                }
            };
        }
        match (known, expr) {
            (Some(_), Expr::Call(call)) if !call.args.is_empty() => {
                self.diagnostics.error_at(
                    Lint::ExtraArgument,
                    &call.args,
                    format_args!("`{word}` takes nothing"),
                    format_args!("write `.finish({word})`"),
                );
            }
            (Some(_), _) => {}
            (None, _) => self.diagnostics.error(
                Lint::UnknownFinish,
                word.span(),
                format_args!("unknown finish reason `{word}`"),
                help(&word.to_string()),
            ),
        }
        match known? {
            FinishWord::none => Some(Finish::None),
            _ => words::FINISHES.find_ident(word).map(Finish::Known),
        }
    }

    /// `.usage(11, 7)`, or a value of the type `Usage`.
    pub(super) fn turn_usage(&self, link: &Link<'_>) -> Option<Usage> {
        match link.arguments.as_slice() {
            [only] => self.whole_usage(only, ".usage(11, 7)"),
            arguments => self.tokens(link.word, arguments),
        }
    }

    /// The value of the key `usage`.
    pub(super) fn usage(&self, expr: &Expr) -> Option<Usage> {
        match bare(expr) {
            Expr::Call(call) => match path_word(&call.func) {
                Some(word) if word == "usage" => self.tokens(word, &elements(&call.args)),
                Some(word) if is_misspelt_usage(word, &call.args) => {
                    self.diagnostics.error(
                        Lint::InvalidUsage,
                        word.span(),
                        format_args!("unknown word `{word}`"),
                        "did you mean `usage`?",
                    );
                    None
                }
                _ => self.whole_usage(expr, "usage = usage(11, 7)"),
            },
            other => match path_word(other) {
                Some(word) if word == "estimate" => None,
                Some(word) if self.is_misspelt_estimate(word) => {
                    self.diagnostics.error(
                        Lint::InvalidUsage,
                        word.span(),
                        format_args!("unknown word `{word}`"),
                        "did you mean `estimate`?",
                    );
                    None
                }
                _ => self.whole_usage(expr, "usage = usage(11, 7)"),
            },
        }
    }

    /// Whether a word can be nothing but `estimate` with a slip in it: a `static` has no variables.
    fn is_misspelt_estimate(&self, word: &Ident) -> bool {
        let word = word.to_string();
        match self.is_declaration {
            true => is_near(&word, "estimate"),
            false => {
                let distance = edits(&word, "estimate");
                distance == 1 && !word.starts_with("estimate")
            }
        }
    }

    fn whole_usage(&self, expr: &Expr, example: &str) -> Option<Usage> {
        let expr = bare(expr);
        if is_word(expr, "none") {
            return Some(Usage::None);
        }
        if is_word(expr, "estimate")
            && let Some(estimate) = path_word(expr)
        {
            self.diagnostics.error(
                Lint::InvalidUsage,
                estimate.span(),
                "`estimate` is for the whole mock",
                "remove it, or write the key `usage = estimate`",
            );
            return None;
        }
        if is_literal(expr) || matches!(expr, Expr::Tuple(_) | Expr::Array(_)) {
            self.diagnostics.error_at(
                Lint::InvalidUsage,
                expr,
                "usage is two numbers of tokens, or a value of the type `Usage`",
                match literal(expr).map(|word| word.value()) {
                    Some(word) if words::USAGES.has(&word) => {
                        format!("remove the quotes: `{word}`")
                    }
                    _ => format!("write the request's and the answer's, as in `{example}`"),
                },
            );
            return None;
        }
        self.parts_of_usage(expr);
        Some(Usage::Expr(self.own(expr)))
    }

    /// `Usage::new(11, 7).cache_read(5).reasoning(2)`: no part is more than what it is a part of.
    fn parts_of_usage(&self, expr: &Expr) {
        let (base, links) = Link::chain(expr);
        let Expr::Call(new) = base else { return };
        let is_new = matches!(bare(&new.func), Expr::Path(path) if ends_with(&path.path, "new"));
        let (Some(prompt), Some(completion), true) = (new.args.first(), new.args.get(1), is_new)
        else {
            return;
        };
        let wholes = [
            (
                prompt,
                ["cache_read", "cache_write"].as_slice(),
                "the request",
            ),
            (completion, ["reasoning"].as_slice(), "the answer"),
        ];
        for (whole, parts, what) in wholes {
            let Some(whole) = whole_number(whole) else {
                continue;
            };
            let mut sum = 0_u64;
            for link in links
                .iter()
                .filter(|link| parts.any(&|part| link.word == part))
            {
                let [part] = link.arguments.as_slice() else {
                    continue;
                };
                sum = sum.saturating_add(whole_number(part).unwrap_or_default());
                if sum > whole {
                    self.diagnostics.error_at(
                        Lint::InvalidUsage,
                        part,
                        format_args!("{sum} tokens are part of {what}, but it has only {whole}"),
                        format_args!("write no more than {whole}"),
                    );
                    break;
                }
            }
        }
    }

    fn tokens(&self, word: &syn::Ident, arguments: &[&Expr]) -> Option<Usage> {
        let [prompt, completion] = arguments else {
            match arguments.get(2) {
                Some(extra) => self.diagnostics.error_at(
                    Lint::InvalidUsage,
                    extra,
                    "`usage` takes two numbers of tokens",
                    "write a value of the type `Usage` for more",
                ),
                None => self.diagnostics.error(
                    Lint::InvalidUsage,
                    word.span(),
                    "`usage` needs two numbers of tokens",
                    "write the request's and the answer's, as in `usage(11, 7)`",
                ),
            }
            return None;
        };
        let number = |expr: &Expr| {
            let other = "write a whole number, as in `11`";
            self.long_number(Lint::InvalidUsage, expr, "tokens", other)
        };
        let (prompt, completion) = (number(prompt), number(completion));
        Some(Usage::Tokens(prompt?, completion?))
    }
}

/// Whether a function can be nothing but `usage(11, 7)` with a slip in it.
fn is_misspelt_usage(word: &Ident, arguments: &Punctuated<Expr, Token![,]>) -> bool {
    let word = word.to_string();
    edits(&word, "usage") == 1
        && !word.starts_with("usage")
        && arguments.len() == 2
        && arguments.all(&is_literal)
}
