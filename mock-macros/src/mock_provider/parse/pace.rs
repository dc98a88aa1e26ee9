//! The pace of an answer, and its pieces.

use syn::Expr;

use super::super::words::{self, SplitWord};
use super::method_chain::Link;
use super::number::{is_literal, range_of_numbers, word_meant};
use super::{Float, Reader};
use crate::diagnostics::written;
use crate::duration::Time;
use crate::lint::Lint;
use crate::syntax::{whole_number, word_and_arguments};

/// The time between one content delta and the next.
pub(crate) enum Pace {
    Every(Time),
    TokensPerSecond(Float),
}

/// The pieces of a streamed text.
pub(crate) enum Split {
    Words,
    Chars(Expr),
    Random(Expr, Expr),
    Whole,
}

impl Reader<'_> {
    pub(super) fn every(&self, link: &Link<'_>) -> Option<Pace> {
        let time = self.one(link, "a time")?;
        Some(Pace::Every(self.some_time(time, "every")))
    }

    pub(super) fn tokens_per_second(&self, link: &Link<'_>) -> Option<Pace> {
        let tokens = self.one(link, "a number of tokens")?;
        let number = self.float(tokens, "tokens_per_second(50)");
        if matches!(number, Float::Literal(tokens) if tokens <= 0.0) {
            self.error_at(
                Lint::InvalidNumber,
                tokens,
                "at 0 tokens a second the answer never begins",
                "write more, as in `.tokens_per_second(50)`, or `.stall_after(0)` for nothing",
            );
        }
        Some(Pace::TokensPerSecond(number))
    }

    pub(super) fn split(&self, link: &Link<'_>) -> Option<Split> {
        let expr = self.one(link, "a way to split the text")?;
        let (word, arguments) = word_and_arguments(expr);
        let Some(word) = word else {
            return self.reject(
                Lint::UnknownSplit,
                expr,
                &"expected a way to split the text",
                &match is_literal(expr) && whole_number(expr).is_some() {
                    true => format!("write `.split(chars({}))`", written(expr)),
                    false => word_meant(expr, &words::SPLITS),
                },
            );
        };
        let known = SplitWord::find(word);
        // `random(1, 12)`
        if let (Some(SplitWord::random), [least, most]) = (known, &*arguments)
            && is_literal(least)
        {
            let help = format!("write `random({})`", range_of_numbers(least, most));
            return self.reject(Lint::InvalidRange, expr, &"expected a range", &help);
        }
        if let Some(known) = known
            && let Some(extra) = arguments.get(usize::from(takes_number(known)))
        {
            self.error_at(
                Lint::ExtraArgument,
                extra,
                format_args!("`{word}` takes no more"),
                "remove this",
            );
        }
        let (lint, message, help) = match (known, arguments.first()) {
            (Some(SplitWord::words), _) => return Some(Split::Words),
            (Some(SplitWord::whole), _) => return Some(Split::Whole),
            (Some(SplitWord::chars), Some(number)) => {
                return Some(Split::Chars(self.number(number, "characters")));
            }
            (Some(SplitWord::random), Some(range)) => {
                let (least, most) = self.numbers(range, "characters", "random(1..=12)")?;
                return Some(Split::Random(least, most));
            }
            (Some(SplitWord::chars), None) => (
                Lint::NeedsArgument,
                "`chars` needs a number of characters".to_owned(),
                "write `.split(chars(4))`".to_owned(),
            ),
            (Some(SplitWord::random), None) => (
                Lint::NeedsArgument,
                "`random` needs a range of numbers of characters".to_owned(),
                "write `.split(random(1..=12))`".to_owned(),
            ),
            (None, _) => (
                Lint::UnknownSplit,
                format!("unknown split `{word}`"),
                words::SPLITS.did_you_mean(&word.to_string()),
            ),
        };
        self.reject(lint, word, &message, &help)
    }
}

fn takes_number(split: SplitWord) -> bool {
    matches!(split, SplitWord::chars | SplitWord::random)
}
