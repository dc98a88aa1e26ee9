//! The finish reason and the usage of an answer.

use syn::{Expr, Ident, LitStr};

use super::super::words::{self, FinishWord, Word};
use super::method_chain::Link;
use super::number::{is_literal, quoted};
use super::{Reader, path_word};
use crate::did_you_mean::{did_you_mean, edits, is_near};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{bare, ends_with, is_word, literal, whole_number, word_and_arguments};

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
        let (word, arguments) = word_and_arguments(expr);
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
            return self.reject(
                Lint::UnknownFinish,
                expr,
                &"expected a finish reason",
                &match quoted(expr, &words::FINISHES) {
                    Some(word) => format!("remove the quotes: `{word}`"),
                    None => help(&literal(expr).map(LitStr::value).unwrap_or_default()),
                },
            );
        };
        let (message, help) = match (FinishWord::find(word), arguments.as_slice()) {
            (Some(FinishWord::other), [name]) => {
                return self.plain_text(name, "a reason").map(Finish::Other);
            }
            (Some(FinishWord::other), _) => (
                "`other` needs the name of the reason".to_owned(),
                "write it as the provider does, as in `.finish(other(\"pause_turn\"))`".to_owned(),
            ),
            (None, _) => (
                format!("unknown finish reason `{word}`"),
                help(&word.to_string()),
            ),
            (Some(known), arguments) => {
                if let Expr::Call(call) = expr
                    && !arguments.is_empty()
                {
                    self.error_at(
                        Lint::ExtraArgument,
                        &call.args,
                        format_args!("`{word}` takes nothing"),
                        format_args!("write `.finish({word})`"),
                    );
                }
                return match known {
                    FinishWord::none => Some(Finish::None),
                    _ => words::FINISHES.find_ident(word).map(Finish::Known),
                };
            }
        };
        self.reject(Lint::UnknownFinish, word, &message, &help)
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
        let (word, arguments) = word_and_arguments(expr);
        let is_call = matches!(bare(expr), Expr::Call(_));
        let (word, meant) = match word {
            Some(word) if word == "usage" && is_call => return self.tokens(word, &arguments),
            Some(word) if word == "estimate" && !is_call => return None,
            Some(word) if is_call && is_misspelt_usage(word, &arguments) => (word, "usage"),
            Some(word) if !is_call && self.is_misspelt_estimate(word) => (word, "estimate"),
            _ => return self.whole_usage(expr, "usage = usage(11, 7)"),
        };
        self.reject(
            Lint::InvalidUsage,
            word,
            &format_args!("unknown word `{word}`"),
            &format_args!("did you mean `{meant}`?"),
        )
    }

    /// Whether a word can be nothing but `estimate` with a slip in it: a `static` has no variables.
    fn is_misspelt_estimate(&self, word: &Ident) -> bool {
        let word = word.to_string();
        match self.is_declaration {
            true => is_near(&word, "estimate"),
            false => edits(&word, "estimate") == 1 && !word.starts_with("estimate"),
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
            self.error(
                Lint::InvalidUsage,
                estimate.span(),
                "`estimate` is for the whole mock",
                "remove it, or write the key `usage = estimate`",
            );
            return None;
        }
        if is_literal(expr) || matches!(expr, Expr::Tuple(_) | Expr::Array(_)) {
            return self.reject(
                Lint::InvalidUsage,
                expr,
                &"usage is two numbers of tokens, or a value of the type `Usage`",
                &match quoted(expr, &words::USAGES) {
                    Some(word) => format!("remove the quotes: `{word}`"),
                    None => format!("write the request's and the answer's, as in `{example}`"),
                },
            );
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
                    self.error_at(
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
                Some(extra) => self.error_at(
                    Lint::InvalidUsage,
                    extra,
                    "`usage` takes two numbers of tokens",
                    "write a value of the type `Usage` for more",
                ),
                None => self.error(
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
fn is_misspelt_usage(word: &Ident, arguments: &[&Expr]) -> bool {
    let word = word.to_string();
    edits(&word, "usage") == 1
        && !word.starts_with("usage")
        && arguments.len() == 2
        && arguments.all(&|number| is_literal(number))
}
