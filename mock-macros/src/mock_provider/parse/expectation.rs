//! Expectations: the key `expect`.

use proc_macro2::{Ident, Span};
use quote::ToTokens;
use syn::{BinOp, Expr, ExprRange, RangeLimits, UnOp};

use super::super::split_into_entries::Items;
use super::super::words::{self, SyntaxKind, Word};
use super::json::Texts;
use super::number::{range_of_numbers, word_meant};
use super::{JsonValue, Matcher, MatcherKind, Reader, path_word};
use crate::diagnostics::{listed, written};
use crate::duration::{Time, Unit};
use crate::lint::Lint;
use crate::syntax::{bare, elements, push_some, whole_number, word_and_arguments};

/// An expectation, as an item of `expect = [..]`.
pub(crate) struct Expectation {
    /// Of its word.
    pub(crate) span: Span,
    pub(crate) known: &'static Word,
    pub(crate) kind: ExpectationKind,
}

pub(crate) enum ExpectationKind {
    Bounds(Bounds),
    Matcher(Matcher),
    Tool(Ident),
    Order(Ident, Ident),
    Result(Ident, JsonValue),
    Within(Time),
    /// A word that takes nothing.
    Alone,
}

/// A number, or a range of numbers with both of its ends in it.
pub(crate) enum Bounds {
    Exactly(Expr),
    Range(Option<Expr>, Option<Expr>),
}

impl Bounds {
    /// The most, if it is a literal.
    pub(crate) fn highest(&self) -> Option<u64> {
        match self {
            Bounds::Exactly(number) => whole_number(number),
            Bounds::Range(_, max) => whole_number(max.as_ref()?),
        }
    }

    /// The least, if it is a literal.
    pub(crate) fn lowest(&self) -> Option<u64> {
        match self {
            Bounds::Exactly(number) => whole_number(number),
            Bounds::Range(min, _) => whole_number(min.as_ref()?),
        }
    }
}

impl Expectation {
    /// The tools that it names.
    pub(crate) fn tools(&self) -> Vec<&Ident> {
        match &self.kind {
            ExpectationKind::Tool(tool) | ExpectationKind::Result(tool, _) => vec![tool],
            ExpectationKind::Order(first, second) => vec![first, second],
            _ => Vec::new(),
        }
    }

    /// How many calls are expected, if it says so.
    pub(crate) fn calls(&self) -> Option<&Bounds> {
        match &self.kind {
            ExpectationKind::Bounds(bounds) if self.known.word == "calls" => Some(bounds),
            _ => None,
        }
    }

    pub(crate) fn matcher(&self) -> Option<&Matcher> {
        match &self.kind {
            ExpectationKind::Matcher(matcher) => Some(matcher),
            _ => None,
        }
    }
}

impl Reader<'_> {
    /// The items of `expect = [..]` that were understood.
    pub(super) fn expectations(&self, key: &Ident, items: &Items) -> Vec<Expectation> {
        if items.is_empty() {
            self.error(
                Lint::WrongValue,
                key.span(),
                "`expect` is empty",
                "write an expectation, as in `expect = [calls(2..=4)]`, or remove `expect`",
            );
        }
        let mut expectations = Vec::new();
        for item in items.iter().flatten() {
            push_some(&mut expectations, self.expectation(item));
        }
        expectations
    }

    fn expectation(&self, expr: &Expr) -> Option<Expectation> {
        let expr = bare(expr);
        let (word, arguments) = word_and_arguments(expr);
        let name = word.map(Ident::to_string).unwrap_or_default();
        let (Some(word), Some(known)) = (word, words::EXPECTATIONS.find(&name)) else {
            let message = match word {
                Some(word) => format!("unknown expectation `{word}`"),
                None => "expected an expectation".to_owned(),
            };
            let help = match instead(expr, &name) {
                Some(right) => format!("write `{right}`"),
                None if word.is_none() => word_meant(expr, &words::EXPECTATIONS),
                None => match words::foreign_expectation(&name) {
                    Some(right) => format!("write `{right}`"),
                    None => words::EXPECTATIONS.did_you_mean(&name),
                },
            };
            let at: &dyn ToTokens = match word {
                Some(word) => word,
                None => expr,
            };
            return self.reject(Lint::UnknownExpectation, at, &message, &help);
        };
        let most = match known.takes {
            SyntaxKind::Nothing => 0,
            _ if matches!(known.word, "order" | "result") => 2,
            _ => 1,
        };
        if let Some(extra) = arguments.get(most) {
            let message = match most {
                0 => format!("`{word}` takes nothing"),
                1 => format!("`{word}` takes one argument"),
                _ => format!("`{word}` takes two arguments"),
            };
            let help = format!("write `{}`", several(known, &arguments));
            self.error_at(Lint::ExtraArgument, extra, message, help);
        }
        if arguments.len() < most {
            let message = match most {
                1 => format!("`{word}` needs an argument"),
                _ => format!("`{word}` needs two arguments"),
            };
            let help = format!("write it as in `{}`", known.call());
            return self.reject(Lint::NeedsArgument, word, &message, &help);
        }
        Some(Expectation {
            span: word.span(),
            known,
            kind: self.kind_of_expectation(word, known, &arguments)?,
        })
    }

    fn kind_of_expectation(
        &self,
        word: &Ident,
        known: &'static Word,
        arguments: &[&Expr],
    ) -> Option<ExpectationKind> {
        Some(match (known.takes, arguments) {
            (SyntaxKind::Bounds, [range, ..]) => {
                ExpectationKind::Bounds(self.bounds(known, range)?)
            }
            (SyntaxKind::Matcher, [matcher, ..]) => {
                let matcher = self.matcher(matcher);
                if matches!(matcher.kind, MatcherKind::Bad) {
                    return None;
                }
                ExpectationKind::Matcher(matcher)
            }
            (SyntaxKind::Result, [tool, value, ..]) => {
                let tool = self.tool_name(tool, known.call())?;
                ExpectationKind::Result(tool, self.json_value(value, Texts::Verbatim))
            }
            (SyntaxKind::ToolName, [first, second, ..]) => {
                let first = self.tool_name(first, known.call());
                let second = self.tool_name(second, known.call());
                ExpectationKind::Order(first?, second?)
            }
            (SyntaxKind::ToolName, [tool]) => {
                ExpectationKind::Tool(self.tool_name(tool, known.call())?)
            }
            (SyntaxKind::Time, [time, ..]) => {
                let help = format!("write a longer time, as in `30s`, or remove `{word}`");
                let time = Time::read_some(time, Unit::Secs, &help, self.diagnostics);
                ExpectationKind::Within(self.own_time(time))
            }
            _ => ExpectationKind::Alone,
        })
    }

    /// A number, or a range with its end in it.
    fn bounds(&self, known: &Word, expr: &Expr) -> Option<Bounds> {
        let errors = self.diagnostics.count();
        let bounds = match bare(expr) {
            Expr::Range(range) => self.range_of_bounds(known, range),
            other => Bounds::Exactly(self.bound(known, other)?),
        };
        if let (Some(low), Some(high)) = (bounds.lowest(), bounds.highest())
            && low > high
        {
            self.error_at(
                Lint::InvalidRange,
                expr,
                "the range is empty",
                format_args!("write the smaller number first: `{high}..={low}`"),
            );
        }
        (errors == self.diagnostics.count()).then_some(bounds)
    }

    fn range_of_bounds(&self, known: &Word, range: &ExprRange) -> Bounds {
        let word = known.word;
        let bound = |end: &Option<Box<Expr>>| self.bound(known, bare(end.as_deref()?));
        let bounds = Bounds::Range(bound(&range.start), bound(&range.end));
        // Report an empty range once, with or without `=`.
        let is_empty =
            (bounds.lowest().zip(bounds.highest())).is_some_and(|(low, high)| low > high);
        if let (RangeLimits::HalfOpen(_), Some(end), false) = (&range.limits, &range.end, is_empty)
        {
            let start = range.start.as_ref().map(|start| written(start));
            let start = start.unwrap_or_default();
            let last = match bounds.highest() {
                Some(end) => end.saturating_sub(1).to_string(),
                None => format!("{} - 1", written(end)),
            };
            let help = match bounds.lowest() {
                Some(low) if bounds.highest() == Some(low) => format!("write `{low}`"),
                _ if start == last => format!("write `{last}`"),
                _ => format!("write `{start}..={last}`"),
            };
            let message = "a range of numbers includes its end";
            self.error_at(Lint::InvalidRange, range, message, help);
        }
        if range.end.is_none() && (range.start.is_none() || bounds.lowest() == Some(0)) {
            self.error_at(
                Lint::InvalidRange,
                range,
                "any number is in this range",
                format_args!("write an end, as in `{word}(1..)`, or remove `{word}`"),
            );
        }
        bounds
    }

    fn bound(&self, known: &Word, expr: &Expr) -> Option<Expr> {
        let other = format!("write a number or a range, as in `{}`", known.call());
        self.long_number(Lint::InvalidNumber, expr, known.word, &other)
    }
}

/// The help for an expression that is not an expectation.
fn instead(expr: &Expr, word: &str) -> Option<String> {
    if words::MATCHERS.has(word) && word != "not" {
        return Some(format!("sent({})", written(expr)));
    }
    match expr {
        Expr::Call(call) if word == "not" => {
            let negated = call.args.first()?;
            opposite(negated).or_else(|| Some(format!("sent({})", written(expr))))
        }
        Expr::Unary(unary) if matches!(unary.op, UnOp::Not(_)) => opposite(&unary.expr),
        Expr::Assign(assign) => {
            let (word, value) = (bounded(&assign.left)?, written(&assign.right));
            Some(format!("{word}({value})"))
        }
        Expr::Binary(comparison) => {
            let (word, value) = (bounded(&comparison.left)?, bare(&comparison.right));
            let (number, value) = (whole_number(value), written(value));
            Some(match comparison.op {
                BinOp::Eq(_) => format!("{word}({value})"),
                BinOp::Ge(_) => format!("{word}({value}..)"),
                BinOp::Le(_) => format!("{word}(..={value})"),
                BinOp::Gt(_) => format!("{word}({}..)", number?.checked_add(1)?),
                BinOp::Lt(_) => format!("{word}(..={})", number?.checked_sub(1)?),
                _ => return None,
            })
        }
        _ => None,
    }
}

/// The word of an expectation that takes a number.
fn bounded(expr: &Expr) -> Option<String> {
    let word = path_word(bare(expr))?.to_string();
    let known = words::EXPECTATIONS.find(&word)?;
    matches!(known.takes, SyntaxKind::Bounds).then_some(word)
}

/// The expectation that holds where this one does not.
fn opposite(expr: &Expr) -> Option<String> {
    let Expr::Call(call) = bare(expr) else {
        return None;
    };
    let opposite = match &*path_word(&call.func)?.to_string() {
        "sent" => "never_sent",
        "never_sent" => "sent",
        _ => return None,
    };
    Some(format!("{opposite}({})", listed(&elements(&call.args))))
}

/// The help for an expectation with too many arguments: one expectation for each of them, if that makes sense.
fn several(known: &Word, arguments: &[&Expr]) -> String {
    let word = known.word;
    let arguments_of_each = match (known.takes, arguments) {
        (SyntaxKind::ToolName, _) if word == "order" => 2,
        (SyntaxKind::Matcher | SyntaxKind::ToolName, _) => 1,
        (SyntaxKind::Bounds, [low, high]) => {
            return format!("{word}({})", range_of_numbers(low, high));
        }
        _ => return known.call().to_owned(),
    };
    let mut each = Vec::new();
    for arguments in arguments.windows(arguments_of_each) {
        each.push(format!("{word}({})", listed(arguments)));
    }
    each.join(", ")
}
