//! Turns: chains of an `on(..)`, actions and modifiers.

use proc_macro2::Ident;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprMethodCall, Lit, LitInt, RangeLimits};

use super::super::words;
use super::{Action, Count, Reader, Turn, path_word};
use crate::diagnostics::did_you_mean;

impl Reader<'_> {
    /// A turn: a chain that begins with `on(..)` or an action.
    pub(super) fn turn(&self, expr: &Expr) -> Turn {
        let mut turn = Turn {
            span: expr.span(),
            is_whole: true,
            matchers: Vec::new(),
            actions: Vec::new(),
            count: Count::Exactly(1),
            ttft: None,
            every: None,
        };
        let mut links = Vec::new();
        let mut base = expr;
        while let Expr::MethodCall(link) = base {
            links.push(Link::of_method(link));
            base = &link.receiver;
        }
        match base {
            Expr::Call(call) => match path_word(&call.func) {
                Some(word) => {
                    turn.span = word.span();
                    links.push(Link {
                        word,
                        arguments: call.args.iter().collect(),
                    });
                }
                None => self.not_a_turn(base),
            },
            other => self.not_a_turn(other),
        }
        let errors = self.diagnostics.count();
        for (index, link) in links.iter().rev().enumerate() {
            self.link(&mut turn, link, index == 0);
        }
        turn.is_whole = !links.is_empty() && errors == self.diagnostics.count();
        turn
    }

    fn not_a_turn(&self, expr: &Expr) {
        self.diagnostics.error_at(
            expr,
            "expected a turn",
            "begin with `on(..)` or with an action, as in `reply(\"Hi.\")`",
        );
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
            "forever" if !first => {
                if let Some(extra) = link.arguments.first() {
                    self.diagnostics.error_at(
                        extra,
                        "`forever` takes nothing",
                        "write `.forever()`",
                    );
                }
                turn.count = Count::Range(1, None);
            }
            "ttft" if !first => turn.ttft = self.one(link, "a time").map(|time| self.time(time)),
            "every" if !first => turn.every = self.one(link, "a time").map(|time| self.time(time)),
            "on" => self.diagnostics.error(
                word.span(),
                "`on(..)` comes first",
                "move it to the beginning of the turn",
            ),
            modifier if words::MODIFIERS.contains(&modifier) => self.diagnostics.error(
                word.span(),
                format!("`{modifier}` follows an action"),
                format!("write it after the action, as in `reply(\"Hi.\").{modifier}(..)`"),
            ),
            other => {
                let (what, known): (_, Vec<_>) = match first {
                    true => ("turn begins with", [&["on"], words::ACTIONS].concat()),
                    false => (
                        "actions and modifiers",
                        [words::ACTIONS, words::MODIFIERS].concat(),
                    ),
                };
                let message = match first {
                    true => format!("no turn begins with `{other}`"),
                    false => format!("unknown action or modifier `{other}`"),
                };
                let help = match words::MATCHERS.contains(&other) {
                    true => format!("matchers stand in `on(..)`: `on({other}(..))`"),
                    false => did_you_mean(other, what, known),
                };
                self.diagnostics.error(word.span(), message, help);
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
        let only = link.arguments.first().copied();
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
            Expr::Range(range) => {
                let bound = |expr: &Option<Box<Expr>>| match expr.as_deref() {
                    None => Some(None),
                    Some(Expr::Lit(literal)) => match &literal.lit {
                        Lit::Int(int) => Some(Some(self.times(int))),
                        _ => None,
                    },
                    Some(_) => None,
                };
                let (Some(min), Some(max)) = (bound(&range.start), bound(&range.end)) else {
                    return Count::Expr(expr.clone());
                };
                if let (RangeLimits::HalfOpen(dots), Some(max)) = (&range.limits, max) {
                    self.diagnostics.error_at(
                        dots,
                        "a range of times includes its end",
                        format!("write `..={}`", max.saturating_sub(1)),
                    );
                }
                let min = min.unwrap_or_else(|| {
                    self.diagnostics.error_at(
                        expr,
                        "the range has no beginning",
                        "write it, as in `0..=3` or `1..`",
                    );
                    0
                });
                if max.is_some_and(|max| max < min) {
                    self.diagnostics.error_at(
                        expr,
                        "the range of times is empty",
                        "write the smaller number first, as in `1..=3`",
                    );
                }
                Count::Range(min, max)
            }
            other => Count::Expr(other.clone()),
        }
    }

    fn times(&self, int: &LitInt) -> u32 {
        int.base10_parse().unwrap_or_else(|_| {
            self.diagnostics.error(
                int.span(),
                format!("`{int}` is not a number of times"),
                "write a whole number, as in `3`",
            );
            1
        })
    }
}

/// A step of a chain: `word(arguments)`.
struct Link<'e> {
    word: &'e Ident,
    arguments: Vec<&'e Expr>,
}

impl<'e> Link<'e> {
    fn of_method(link: &'e ExprMethodCall) -> Self {
        Link {
            word: &link.method,
            arguments: link.args.iter().collect(),
        }
    }
}
