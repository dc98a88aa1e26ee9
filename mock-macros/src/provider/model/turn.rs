//! Turns: chains of an `on(..)`, actions and modifiers.

use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMethodCall, ExprRange, Lit, LitInt, RangeLimits};

use super::super::parse::Items;
use super::super::words;
use super::{Action, Count, Matcher, Reader, Turn, path_word};
use crate::diagnostics::did_you_mean;
use crate::syntax::bare;

impl Reader<'_> {
    pub(super) fn turns(&self, items: &Items) -> Vec<Turn> {
        let turns = items.iter().map(|item| match item {
            Some(expr) => self.turn(expr),
            None => Turn {
                is_whole: false,
                matchers: vec![Matcher::Bad],
                ..Turn::at(Span::call_site())
            },
        });
        turns.collect()
    }

    /// A turn: a chain that begins with `on(..)` or an action.
    fn turn(&self, expr: &Expr) -> Turn {
        let mut turn = Turn::at(expr.span());
        let mut links = Vec::new();
        let mut base = bare(expr);
        while let Expr::MethodCall(link) = base {
            links.push(Link::of_method(link));
            base = bare(&link.receiver);
        }
        let errors = self.diagnostics.count();
        match base {
            Expr::Call(call) => match path_word(&call.func) {
                Some(word) => {
                    turn.span = word.span();
                    links.push(Link {
                        word,
                        arguments: call.args.iter().collect(),
                    });
                }
                None => self.not_a_turn(base, &mut turn),
            },
            other => self.not_a_turn(other, &mut turn),
        }
        let has_beginning = turn.matchers.is_empty();
        let mut seen: Vec<&Ident> = Vec::new();
        for (index, link) in links.iter().rev().enumerate() {
            if let Some(same) = seen.iter().find(|seen| says_the_same(seen, link.word)) {
                let (message, help) = match *same == link.word {
                    true => (
                        format!("`{same}` is given twice"),
                        format!("remove one of the two `{same}`"),
                    ),
                    false => (
                        format!("`{same}` says how often already"),
                        format!("remove `{same}` or `{}`", link.word),
                    ),
                };
                self.diagnostics.error(link.word.span(), message, help);
                continue;
            }
            seen.push(link.word);
            self.link(&mut turn, link, index == 0 && has_beginning);
        }
        turn.is_whole = errors == self.diagnostics.count();
        turn
    }

    fn not_a_turn(&self, expr: &Expr, turn: &mut Turn) {
        self.diagnostics.error_at(
            expr,
            "expected a turn",
            "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
        );
        turn.matchers.push(Matcher::Bad);
    }

    fn link(&self, turn: &mut Turn, link: &Link<'_>, first: bool) {
        let word = link.word;
        match word.to_string().as_str() {
            "on" if first => {
                turn.matchers = link
                    .arguments
                    .iter()
                    .map(|argument| self.matcher(argument))
                    .collect();
                if link.arguments.is_empty() {
                    self.diagnostics.error(
                        word.span(),
                        "`on()` says nothing",
                        "write a matcher, as in `on(user(\"hello\"))`, or begin with the action",
                    );
                }
            }
            "reply" => turn.actions.extend(
                self.one(link, "a text")
                    .map(|text| Action::Reply(self.text(text))),
            ),
            "reasoning" => turn.actions.extend(
                self.one(link, "a text")
                    .map(|text| Action::Reasoning(self.text(text))),
            ),
            "refusal" => turn.actions.extend(
                self.one(link, "a text")
                    .map(|text| Action::Refusal(self.text(text))),
            ),
            "stream" => turn.actions.extend(
                self.one(link, "a list of texts")
                    .map(|pieces| self.stream(pieces)),
            ),
            "call" => turn.actions.extend(
                self.one(link, "a tool")
                    .and_then(|call| self.call(call))
                    .map(Action::Call),
            ),
            "fail" => turn.actions.extend(
                self.one(link, "a kind of failure")
                    .and_then(|failure| self.failure(failure))
                    .map(Action::Fail),
            ),
            "times" if !first => {
                if let Some(count) = self.one(link, "a number or a range") {
                    turn.count = self.count(count);
                }
            }
            "forever" if !first => match link.arguments.first() {
                None => turn.count = Count::Range(1, None),
                Some(extra) => self.diagnostics.error_at(
                    extra,
                    "`forever` takes nothing",
                    "write `.forever()`, or `.times(..)` with a number",
                ),
            },
            "ttft" if !first => turn.ttft = self.one(link, "a time").map(|time| self.time(time)),
            fault if !first && words::FAULTS.contains(&fault) => match &turn.fault {
                None => turn.fault = self.fault(link),
                Some(earlier) => self.diagnostics.error(
                    word.span(),
                    format!("the answer breaks off already, by `{}`", earlier.word),
                    "remove one of the two",
                ),
            },
            "every" if !first => turn.every = self.one(link, "a time").map(|time| self.time(time)),
            "on" => {
                self.diagnostics.error(
                    word.span(),
                    "`on(..)` comes first",
                    "move it to the beginning of the turn, and all matchers into one `on(..)`",
                );
                let matchers = link.arguments.iter().map(|argument| self.matcher(argument));
                turn.matchers.extend(matchers);
            }
            modifier if words::MODIFIERS.contains(&modifier) => self.diagnostics.error(
                word.span(),
                format!("`{modifier}` follows an action"),
                format!("write it after the action, as in `reply(\"Hi.\").{modifier}(..)`"),
            ),
            other => {
                let (what, known): (_, Vec<_>) = match first {
                    true => ("a turn begins with", [&["on"], words::ACTIONS].concat()),
                    false => (
                        "actions and modifiers",
                        [words::ACTIONS, words::MODIFIERS].concat(),
                    ),
                };
                let message = match first {
                    true => format!("no turn begins with `{other}`"),
                    false => format!("unknown action or modifier `{other}`"),
                };
                let help = if words::MATCHERS.contains(&other) {
                    format!("matchers stand in `on(..)`: `on({other}(..))`")
                } else if words::PROFILES.iter().any(|(profile, _)| *profile == other) {
                    format!(
                        "the profile comes before all else: `{other}(..)`, or `Name = {other}(..)`"
                    )
                } else {
                    did_you_mean(other, what, known)
                };
                self.diagnostics.error(word.span(), message, help);
                if first {
                    turn.matchers.push(Matcher::Bad);
                }
            }
        }
    }

    /// The only argument of a link.
    fn one<'e>(&self, link: &Link<'e>, what: &str) -> Option<&'e Expr> {
        if let Some(extra) = link.arguments.get(1) {
            self.diagnostics.error_at(
                extra,
                format!("`{}` takes only {what}", link.word),
                "remove this",
            );
        }
        let only = link.arguments.first().copied().map(bare);
        if only.is_none() {
            self.diagnostics.error(
                link.word.span(),
                format!("`{}` needs {what}", link.word),
                format!("write it in the parentheses of `{}(..)`", link.word),
            );
        }
        only
    }

    fn count(&self, expr: &Expr) -> Count {
        match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => Count::Exactly(self.times(int)),
                _ => {
                    self.diagnostics.error_at(
                        expr,
                        "expected a number of times",
                        "write a number or a range, as in `.times(3)` or `.times(1..=3)`",
                    );
                    Count::Exactly(1)
                }
            },
            Expr::Range(range) => self.range(expr, range),
            other => Count::Expr(other.clone()),
        }
    }

    fn range(&self, expr: &Expr, range: &ExprRange) -> Count {
        let Some(min) = &range.start else {
            self.diagnostics.error_at(
                expr,
                "the range has no beginning",
                "write it, as in `0..=3` or `1..`",
            );
            return Count::Exactly(1);
        };
        let bound = |expr: &Expr| match bare(expr) {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) => Some(self.times(int)),
                _ => None,
            },
            _ => None,
        };
        let (low, high) = (bound(min), range.end.as_deref().and_then(bound));
        // How far the range goes as it is written.
        let last = match &range.limits {
            RangeLimits::HalfOpen(_) => high.map(|high| i64::from(high) - 1),
            RangeLimits::Closed(_) => high.map(i64::from),
        };
        if let (Some(low), Some(last)) = (low, last)
            && last < i64::from(low)
        {
            self.diagnostics.error_at(
                expr,
                "the range of times is empty",
                "write the smaller number first, and the last one after `..=`, as in `1..=3`",
            );
            return Count::Exactly(1);
        }
        if let (RangeLimits::HalfOpen(dots), Some(end)) = (&range.limits, &range.end) {
            let last = match last {
                Some(last) => last.to_string(),
                None => format!("{} - 1", end.to_token_stream()),
            };
            self.diagnostics.error_at(
                dots,
                "a range of times includes its end",
                format!("write `..={last}`"),
            );
            return Count::Exactly(1);
        }
        match (low, &range.end, high) {
            (Some(low), None, _) => Count::Range(low, None),
            (Some(low), Some(_), Some(high)) => Count::Range(low, Some(high)),
            _ => Count::Between((**min).clone(), range.end.as_deref().cloned()),
        }
    }

    fn times(&self, int: &LitInt) -> u32 {
        let times = int.base10_parse().ok();
        let times = times.filter(|_| matches!(int.suffix(), "" | "u32"));
        times.unwrap_or_else(|| {
            self.diagnostics.error(
                int.span(),
                format!("`{int}` is not a number of times"),
                "write a whole number, as in `3`",
            );
            1
        })
    }
}

/// Whether two words of a turn cannot stand together, because they say the same.
fn says_the_same(a: &Ident, b: &Ident) -> bool {
    let how_often = |word: &Ident| word == "times" || word == "forever";
    how_often(a) && how_often(b) || a == b && (a == "ttft" || a == "every")
}

impl Turn {
    fn at(span: Span) -> Turn {
        Turn {
            span,
            is_whole: true,
            matchers: Vec::new(),
            actions: Vec::new(),
            count: Count::Exactly(1),
            ttft: None,
            every: None,
            fault: None,
        }
    }
}

/// A step of a chain: `word(arguments)`.
pub(super) struct Link<'e> {
    pub(super) word: &'e Ident,
    pub(super) arguments: Vec<&'e Expr>,
}

impl<'e> Link<'e> {
    fn of_method(link: &'e ExprMethodCall) -> Self {
        Link {
            word: &link.method,
            arguments: link.args.iter().collect(),
        }
    }
}
