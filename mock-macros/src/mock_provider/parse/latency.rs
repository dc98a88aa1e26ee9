//! Latency.

use syn::{BinOp, Expr, ExprRange, Ident};

use super::method_chain::Link;
use super::number::is_literal;
use super::{Float, Reader};
use crate::diagnostics::written;
use crate::did_you_mean::did_you_mean;
use crate::duration::{self, Time, Unit, range_of_times};
use crate::lint::Lint;
use crate::search::Search as _;
use crate::syntax::{any_literal, bare, elements, ends, is_word, word_and_arguments};

pub(crate) struct Latency {
    pub(crate) delay: Delay,
    pub(crate) timeout_over: Option<Time>,
}

pub(crate) enum Delay {
    Fixed(Time),
    Uniform(Time, Time),
    Growing(Time, Float),
}

impl Reader<'_> {
    /// A length of time. A literal needs its unit.
    pub(super) fn time(&self, expr: &Expr, usual: Unit) -> Time {
        self.own_time(Time::read(expr, usual, self.diagnostics))
    }

    /// The same, of what is not there where it takes no time.
    pub(super) fn some_time(&self, expr: &Expr, word: &str) -> Time {
        let help = format!("write a longer time, as in `300ms`, or remove `{word}`");
        self.own_time(Time::read_some(expr, Unit::Millis, &help, self.diagnostics))
    }

    pub(super) fn latency(&self, expr: &Expr) -> Option<Latency> {
        let (delay, timeout_over) = match bare(expr) {
            Expr::MethodCall(call) if call.method == "timeout_over" => {
                let limit = self.one(&Link::from_method(call), "a time");
                let mut delay = bare(&call.receiver);
                while let Expr::MethodCall(first) = delay
                    && first.method == "timeout_over"
                {
                    let (first_span, second) = (first.method.span(), call.method.span());
                    self.twice("timeout_over", first_span, second);
                    delay = bare(&first.receiver);
                }
                (delay, limit.map(|limit| self.time(limit, Unit::Millis)))
            }
            Expr::MethodCall(call)
                if is_of_the_grammar(&call.receiver) || call.args.any(&is_literal_time) =>
            {
                let word = call.method.to_string();
                self.error(
                    Lint::UnknownLatency,
                    call.method.span(),
                    format_args!("a latency has no `{word}`"),
                    did_you_mean(&word, "methods", &["timeout_over"]),
                );
                (bare(&call.receiver), None)
            }
            other => (other, None),
        };
        Some(Latency {
            delay: self.delay(delay)?,
            timeout_over,
        })
    }

    fn delay(&self, expr: &Expr) -> Option<Delay> {
        let ends = match expr {
            Expr::Tuple(ends) => elements(&ends.elems),
            Expr::Binary(ends) if matches!(ends.op, BinOp::Sub(_)) => {
                vec![&*ends.left, &*ends.right]
            }
            _ => Vec::new(),
        };
        if let Some(range) = two_times(&ends) {
            return self.reject(
                Lint::LatencyRange,
                expr,
                &"a range of times has `..` between its ends",
                &format_args!("write `{range}`"),
            );
        }
        let (word, arguments) = word_and_arguments(expr);
        match (expr, word) {
            (Expr::Range(range), _) => self.uniform(expr, range),
            (Expr::Call(_), Some(word)) if word == "growing" => self.growing(word, &arguments),
            (Expr::Call(_), Some(word)) if arguments.any(&|time| is_of_the_grammar(time)) => {
                let near = did_you_mean(&word.to_string(), "", &["growing"]);
                let help = match range(&arguments) {
                    Some(range) => format!("write `{range}`"),
                    None if near.starts_with("did") => near,
                    None => "write a time, a range of times, or `growing(100ms, 0.10)`".to_owned(),
                };
                let message = format!("unknown latency `{word}`");
                self.reject(Lint::UnknownLatency, word, &message, &help)
            }
            (Expr::Call(_), _) => Some(Delay::Fixed(self.time(expr, Unit::Millis))),
            _ => Some(Delay::Fixed(self.some_time(expr, "latency"))),
        }
    }

    /// `growing(100ms, 0.10)`
    fn growing(&self, word: &Ident, arguments: &[&Expr]) -> Option<Delay> {
        let [first, by] = arguments else {
            return self.reject(
                Lint::UnknownLatency,
                word,
                &"`growing` takes the first time and the growth of each call",
                &"write `growing(100ms, 0.10)`",
            );
        };
        if is_literal(first) && !is_literal_time(first) && is_literal_time(by) {
            return self.reject(
                Lint::UnknownLatency,
                first,
                &"the time comes first",
                &format_args!("write `growing({}, {})`", written(by), written(first)),
            );
        }
        let by = self.float(by, "growing(100ms, 0.10)");
        Some(Delay::Growing(self.some_time(first, "latency"), by))
    }

    fn uniform(&self, expr: &Expr, range: &ExprRange) -> Option<Delay> {
        let (Some(least), Some(most)) = (&range.start, &range.end) else {
            return self.reject(
                Lint::LatencyRange,
                expr,
                &"a range of times has two ends",
                &"write both, as in `80ms..120ms`",
            );
        };
        if let Expr::MethodCall(call) = bare(most)
            && (call.method == "timeout_over" || is_of_the_grammar(&call.receiver))
        {
            let message = match call.method.to_string().as_str() {
                "timeout_over" => "`timeout_over` follows the whole range".to_owned(),
                other => format!("a latency has no `{other}`"),
            };
            return self.reject(
                Lint::LatencyRange,
                &call.method,
                &message,
                &"write the range in parentheses, as in `(80ms..120ms).timeout_over(150ms)`",
            );
        }
        let errors = self.diagnostics.count();
        let (shortest, longest) = (
            self.time(least, Unit::Millis),
            self.time(most, Unit::Millis),
        );
        if let (Time::Literal(a), Time::Literal(b)) = (&shortest, &longest)
            && a >= b
            && errors == self.diagnostics.count()
        {
            let times = range_of_times(least, most).unwrap_or_else(|| "80ms..120ms".to_owned());
            let help = match a == b {
                true => format!("write `{times}`"),
                false => format!("write the shorter time first: `{times}`"),
            };
            let message = "the range of times is empty";
            self.error_at(Lint::LatencyRange, expr, message, help);
        }
        Some(Delay::Uniform(shortest, longest))
    }
}

/// The range of times that arguments are meant as.
fn range(arguments: &[&Expr]) -> Option<String> {
    match arguments {
        [range] if matches!(bare(range), Expr::Range(_)) => Some(written(bare(range))),
        _ => two_times(arguments),
    }
}

/// The range between two times that are written there.
pub(crate) fn two_times(ends: &[&Expr]) -> Option<String> {
    match ends {
        [one, other] => range_of_times(one, other),
        _ => None,
    }
}

/// Whether an expression can be nothing but a latency in our notation.
fn is_of_the_grammar(expr: &Expr) -> bool {
    match bare(expr) {
        Expr::Range(range) => ends(range).any(&|end| is_literal_time(end)),
        Expr::Call(call) => {
            is_word(&call.func, "growing") && call.args.first().is_some_and(is_literal_time)
        }
        other => is_literal_time(other),
    }
}

/// Whether an expression is a literal that can be nothing but a time.
fn is_literal_time(expr: &Expr) -> bool {
    any_literal(expr).is_some_and(|literal| duration::is_unit(literal.suffix()))
}
